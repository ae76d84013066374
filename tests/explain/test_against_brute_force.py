"""Conflicts and repairs of random infeasible problems against brute force."""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from functools import cache
from random import Random

import pytest
from oracle.limits import given_way, has_plan, limits_of, without
from oracle.repairs import NEVER, cheaper_repair
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from trajectory_engine.domain.explanation import Conflict, TeacherExplanation
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.repair_prices import RepairPrices

SHARE = range(120)
FULL = range(2000, 2700)
CHEAP = {"money": 3, "new_money": 5, "rule_credit": 1, "rule_hour": 9}
"""Largest random prices of what comes in many units; 60 for everything else."""


def random_prices(seed: int) -> RepairPrices:
    """Return prices near enough to one another that every limit is worth changing somewhere."""
    rng = Random(f"prices {seed}")
    return RepairPrices(
        **{
            f.name: None if rng.random() < 0.05 else rng.randint(1, CHEAP.get(f.name, 60))
            for f in fields(RepairPrices)
        }
    )


@cache
def explained(seed: int) -> tuple[te.Scenario, TeacherExplanation]:
    """Return the scenario of a seed with random prices, and its explanation."""
    scenario = replace(scenario_of_seed(seed), repairs=random_prices(seed))
    found = te.explain(scenario, [TEACHER], time_limit=120, workers=1, repairs=2)
    return scenario, found.of(TEACHER)


def faults(seed: int) -> list[str]:
    """Return what brute force objects to in the explanation of the problem of a seed."""
    return objections(*explained(seed))


def objections(scenario: te.Scenario, found: TeacherExplanation) -> list[str]:
    """Return what brute force objects to in an explanation."""
    if has_plan(scenario, TEACHER):
        return [] if found.status is Status.FEASIBLE else [f"status {found.status}, has a plan"]
    if found.status is not Status.INFEASIBLE or not found.conflicts:
        return [f"status {found.status}, {len(found.conflicts)} conflicts, has no plan"]
    return [*conflict_faults(scenario, found), *repair_faults(scenario, found)]


def conflict_faults(scenario: te.Scenario, found: TeacherExplanation) -> list[str]:
    """Return which conflicts are none, are not minimal, or do not say what remains of them."""
    faulty, seen = [], set()
    for conflict in found.conflicts:
        members = members_of(conflict)
        if seen & members:
            faulty.append(f"limits named twice: {members}")
        seen |= members
    every = (*found.conflicts, *found.further)
    for conflict in every:
        faulty += no_conflict(scenario, conflict)
    faulty += [
        f"{members_of(c)} shares nothing with others"
        for i, c in enumerate(found.further, len(found.conflicts))
        if not any(members_of(c) & members_of(other) for other in every[:i])
    ]
    known = [conflict.ids for conflict in every]
    for short in (short for conflict in found.conflicts for short in conflict.shortfalls):
        helped = bool(short.changes) or short.removal_helps
        if helped == bool(short.remaining) or short.limit in short.remaining:
            faulty.append(f"{short.limit}: {short.remaining} is said to remain")
        if short.remaining and short.remaining not in known:
            faulty.append(f"{short.limit}: {short.remaining} is not shown")
    return faulty


def members_of(conflict: Conflict) -> set[str]:
    """Return the ids of the limits of a conflict."""
    return set(conflict.ids) - {"catalogue"}


def no_conflict(scenario: te.Scenario, conflict: Conflict) -> list[str]:
    """Return why a conflict is none, or is not minimal."""
    limits, members = limits_of(scenario, TEACHER), members_of(conflict)
    faulty = [] if members <= limits else [f"no limits: {members}"]
    if not (conflict.confirmed and conflict.minimal):
        faulty.append(f"not shown: {members}")
    if has_plan(without(scenario, TEACHER, limits - members), TEACHER):
        faulty.append(f"can be kept together: {members}")
    faulty += [
        f"{member} is not needed in {members}"
        for member in members
        if not has_plan(without(scenario, TEACHER, limits - members | {member}), TEACHER)
    ]
    return faulty


def repair_faults(scenario: te.Scenario, found: TeacherExplanation) -> list[str]:
    """Return which repairs bring no plan about, and whether a cheaper one exists."""
    faulty = unsound_repairs(scenario, found)
    price = found.repairs[0].price if found.repairs else NEVER
    cheaper = cheaper_repair(scenario, TEACHER, price)
    if cheaper is not None:
        faulty.append(f"a repair costs {cheaper}, the first one listed {price}")
    return faulty


def unsound_repairs(scenario: te.Scenario, found: TeacherExplanation) -> list[str]:
    """Return which repairs bring no plan about, or are not what they say they are."""
    faulty = []
    for repair in found.repairs:
        amounts = {c.knob: c.amount for c in repair.changes}
        if repair.price != sum(c.price for c in repair.changes):
            faulty.append(f"the prices of {amounts} do not add up to {repair.price}")
        if not has_plan(given_way(scenario, TEACHER, amounts), TEACHER):
            faulty.append(f"no plan with {amounts}")
    if found.repairs and not found.repairs[0].cheapest:
        faulty.append("the first repair is not proven to be the cheapest")
    if [r.price for r in found.repairs] != sorted(r.price for r in found.repairs):
        faulty.append("repairs are not in the order of their prices")
    return faulty


@pytest.mark.parametrize("seed", SHARE)
def test_explanations_agree_with_brute_force(seed: int) -> None:
    found = faults(seed)
    assert not found, "\n".join(found)


def count(seeds: range, capsys: pytest.CaptureFixture[str]) -> int:
    """Show and return how many problems have no plan, with what makes them worth explaining."""
    answers = [explained(seed)[1] for seed in seeds]
    without_plan = [a for a in answers if a.status is Status.INFEASIBLE]
    several = sum(len(a.conflicts) > 1 for a in without_plan)
    large = sum(any(len(c.members) > 2 for c in a.conflicts) for a in without_plan)
    joint = sum(bool(a.repairs) and len(a.repairs[0].changes) > 1 for a in without_plan)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(seeds)} random problems: {len(without_plan)} without a plan, {several} with"
            f" several conflicts, {large} with three limits or more in one, {joint} whose cheapest"
            " repair changes several limits\n"
        )
    assert several and large and joint
    return len(without_plan)


@pytest.mark.deep
def test_all_explanations_agree_with_brute_force(capsys: pytest.CaptureFixture[str]) -> None:
    found = {seed: objections for seed in FULL if (objections := faults(seed))}
    assert not found
    assert count(FULL, capsys) >= 200
