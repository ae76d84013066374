"""What one limit alone is short of, against brute force: the least change of it, or none."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from oracle.infeasible import varied_scenario_of_seed
from oracle.limits import given_way, has_plan, limits_of, without
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from explain.test_against_brute_force import random_prices
from trajectory_engine.explain.families import FAMILIES, Knob
from trajectory_engine.explain.families import limits_of as engine_limits_of
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.shortfalls import shortfall
from trajectory_engine.whatif import Effort, WhatIf

SHARE = range(60)
FULL = range(7000, 7400)
MOST_TRIED = 3000
"""Vectors of amounts that are tried for a limit with several knobs."""

Amounts = dict[str, int]


def drawn(seed: int) -> te.Scenario:
    """Return the problem of a seed: every other one with newer kinds of limits."""
    scenario = varied_scenario_of_seed(seed) if seed % 2 else scenario_of_seed(seed)
    return replace(scenario, repairs=random_prices(seed))


def cheaper(knobs: list[Knob], price: int) -> Iterator[Amounts] | None:
    """Yield the largest amounts that cost less than a price; None if there are too many."""
    *others, last = sorted(knobs, key=lambda k: k.unit == "minor-unit")
    ranges = [range(min(k.most, (price - 1) // unit_price(k, knobs)) + 1) for k in others]
    size = 1
    for amounts in ranges:
        size *= len(amounts)
    return _cheaper(others, last, price, knobs) if size <= MOST_TRIED else None


def unit_price(knob: Knob, knobs: list[Knob]) -> int:
    """Return the price of a unit; 1 if the limit has one knob only, or none has a price."""
    return knob.price if knob.price is not None and len(knobs) > 1 else 1


def _cheaper(others: list[Knob], last: Knob, price: int, knobs: list[Knob]) -> Iterator[Amounts]:
    ranges = [range(min(k.most, (price - 1) // unit_price(k, knobs)) + 1) for k in others]
    for amounts in product(*ranges):
        paid = sum(a * unit_price(k, knobs) for a, k in zip(amounts, others, strict=True))
        if paid < price:
            rest = min(last.most, (price - 1 - paid) // unit_price(last, knobs))
            turned = dict(zip([k.id for k in others], amounts, strict=True))
            yield {name: a for name, a in {**turned, last.id: rest}.items() if a}


@cache
def judged(seed: int) -> tuple[tuple[str, ...], Counter[str]]:
    """Return what brute force objects to in the shortfalls of a problem, and what was looked at."""
    scenario = drawn(seed)
    if has_plan(scenario, TEACHER):
        return (), Counter()
    question = WhatIf(scenario, TEACHER, effort=Effort(seconds=30))
    ground = Ground(question.index, question.teacher, alone=True)
    faults: list[str] = []
    seen: Counter[str] = Counter()
    assert {limit.id for limit in engine_limits_of(ground)} == limits_of(scenario, TEACHER)
    for limit in engine_limits_of(ground):
        short, turned = shortfall(ground, question, limit)
        knobs = list(FAMILIES[limit.kind].knobs(ground, limit))
        knobs = [k for k in knobs if k.price is not None] or knobs
        amounts = {knob.id: amount for knob, amount in turned}
        helps = has_plan(without(scenario, TEACHER, {limit.id}), TEACHER)
        if not short.settled:
            faults.append(f"{limit.id}: not settled")
        if bool(short.changes) != bool(turned):
            faults.append(f"{limit.id}: what is said is not what is meant")
        if short.removal_helps != (helps and not turned):
            faults.append(f"{limit.id}: without it there is {'a' if helps else 'no'} plan")
        if turned and not has_plan(given_way(scenario, TEACHER, amounts), TEACHER):
            faults.append(f"{limit.id}: no plan with {amounts}")
        if not helps or not knobs:
            seen["does not help" if not helps else "no knobs"] += 1
            if turned:
                faults.append(f"{limit.id}: {amounts} cannot help")
            continue
        most = sum(k.most * unit_price(k, knobs) for k in knobs) + 1
        price = sum(a * unit_price(k, knobs) for k, a in turned) if turned else most
        tried = cheaper(knobs, price)
        if tried is None:
            seen["too large"] += 1
            continue
        seen[limit.kind.value if turned else "no amount helps"] += 1
        seen["several knobs"] += len(knobs) > 1
        for less in tried:
            if less and has_plan(given_way(scenario, TEACHER, less), TEACHER):
                faults.append(f"{limit.id}: {less} would do, {amounts} was named")
                break
    return tuple(faults), seen


@pytest.mark.parametrize("seed", SHARE)
def test_shortfalls_agree_with_brute_force(seed: int) -> None:
    faults, _ = judged(seed)
    assert not faults, "\n".join(faults)
