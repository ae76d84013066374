"""What one limit alone is short of, against brute force: the least change of it, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product

import pytest
from oracle.infeasible import varied_scenario_of_seed
from oracle.limits import given_way, has_plan, limits_of, without
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from explain.test_against_brute_force import random_prices
from trajectory_engine.explain.conflicts import Conflicts
from trajectory_engine.explain.families import FAMILIES, Knob
from trajectory_engine.explain.families import limits_of as engine_limits_of
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.shortfalls import shortfall
from trajectory_engine.whatif import Effort, WhatIf

SHARE = range(60)
FULL = range(7000, 7400)
PARTS = 4
SIZE = len(FULL) // PARTS
KINDS = {"goal", "hours", "fund", "rule", "several knobs", "no amount helps"}
"""What every part of the full range looks at."""
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


def with_one_conflict(scenario: te.Scenario) -> te.Scenario:
    """Return the scenario without the limits that its first conflict does not need.

    In it each member gives way by itself, if it can at all.
    """
    question = WhatIf(scenario, TEACHER, effort=Effort(seconds=30))
    ground = Ground(question.index, question.teacher, alone=True)
    limits = engine_limits_of(ground)
    found = Conflicts(ground, question, limits).find(limits)
    assert found is not None
    others = limits_of(scenario, TEACHER) - {limit.id for limit in found}
    return without(scenario, TEACHER, others)


@dataclass
class Judged:
    """What brute force objects to in the shortfalls of a problem, and what was looked at."""

    faults: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


@cache
def judged(seed: int) -> Judged:
    """Return what brute force says of all shortfalls of the problem of a seed."""
    found = Judged()
    scenario = drawn(seed)
    if not has_plan(scenario, TEACHER):
        for problem in (scenario, with_one_conflict(scenario)):
            judge(problem, found)
        found.seen["problems"] += 1
    return found


def judge(scenario: te.Scenario, found: Judged) -> None:
    """Compare what every limit of a scenario without a plan is short of."""
    question = WhatIf(scenario, TEACHER, effort=Effort(seconds=30))
    ground = Ground(question.index, question.teacher, alone=True)
    limits = engine_limits_of(ground)
    assert {limit.id for limit in limits} == limits_of(scenario, TEACHER)
    for limit in limits:
        short, turned = shortfall(ground, question, limit)
        amounts = {knob.id: amount for knob, amount in turned}
        helps = has_plan(without(scenario, TEACHER, {limit.id}), TEACHER)
        claims = {
            "not settled": not short.settled,
            "what is said is not what is meant": bool(short.changes) != bool(turned),
            f"{amounts} cannot help": bool(turned) and not helps,
            f"removal: {helps}": short.removal_helps != (helps and not turned),
            f"no plan with {amounts}": bool(turned)
            and not has_plan(given_way(scenario, TEACHER, amounts), TEACHER),
        }
        found.faults += [f"{limit.id}: {claim}" for claim, wrong in claims.items() if wrong]
        knobs = list(FAMILIES[limit.kind].knobs(ground, limit))
        knobs = [knob for knob in knobs if knob.price is not None] or knobs
        found.seen["helps" if helps else "does not help"] += 1
        if not helps or not knobs:
            continue
        most = sum(k.most * unit_price(k, knobs) for k in knobs) + 1
        price = sum(a * unit_price(k, knobs) for k, a in turned) if turned else most
        tried = cheaper(knobs, price)
        if tried is None:
            found.seen["too large"] += 1
            continue
        found.seen[limit.kind.value if turned else "no amount helps"] += 1
        found.seen["several knobs"] += len(knobs) > 1
        better = (a for a in tried if a and has_plan(given_way(scenario, TEACHER, a), TEACHER))
        found.faults += [f"{limit.id}: {a} would do, {amounts} was named" for a in better][:1]


@pytest.mark.parametrize("seed", SHARE)
def test_shortfalls_agree_with_brute_force(seed: int) -> None:
    faults = judged(seed).faults
    assert not faults, "\n".join(faults)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(PARTS))
def test_all_shortfalls_agree_with_brute_force(part: int) -> None:
    """Each part has shortfalls of most kinds of limits."""
    answers = {seed: judged(seed) for seed in FULL[part * SIZE : (part + 1) * SIZE]}
    assert not {seed: answer.faults for seed, answer in answers.items() if answer.faults}
    seen = sum((answer.seen for answer in answers.values()), Counter())
    assert seen["problems"] >= len(answers) // 3
    assert seen["too large"] <= seen["helps"] // 20
    assert {kind for kind in KINDS if seen[kind]} == KINDS, seen
