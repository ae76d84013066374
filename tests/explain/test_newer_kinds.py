"""Conflicts and repairs over every kind of rule, fund and relation, against brute force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import pytest
from oracle.infeasible import features_of, varied_scenario_of_seed
from oracle.limits import has_plan
from oracle.repairs import NEVER, TooLarge, cheaper_repair
from oracle.strategies import TEACHER

import trajectory_engine as te
from explain.test_against_brute_force import conflict_faults, random_prices, unsound_repairs
from trajectory_engine.domain.explanation import TeacherExplanation
from trajectory_engine.domain.plan import Status

SHARE = (*range(60), 4557)
"""At 4557 a source is closed for some years only, and its ceiling for a module lifted."""
FULL = range(4000, 4600)
PARTS = 12
EVERY_KIND = (4555, 4458, 4137, 4578, 4567, 4123, 4372, 4047, 4244)
"""Problems that between them show every kind."""
MOST_LOOKED_AT = 60_000
"""Parts of calendars by which brute force may look for a cheaper repair."""

CONFLICTING = {
    *("RequiredRule", "AmountRule", "ShareRule", "AtLeastRule", "AtMostRule", "ExclusionRule"),
    *("SizeRule", "RecencyRule", "RenewalRule", "AccreditedRule", "BalanceRule", "OrderRule"),
    *("ParallelRule", "per year", "per term", "per period", "over used", "except last"),
    *("module ceiling", "yearly", "yearly, carried over", "co", "strict co"),
}
"""What must occur in conflicts."""

TURNED = {"whole rule", "least", "most", "year", "module-ceiling", "relations"}
"""What must be changed by repairs."""


@dataclass(frozen=True)
class Judged:
    """An explanation with what brute force says of it; ``compared``: cheaper ones looked for."""

    scenario: te.Scenario
    found: TeacherExplanation
    faults: tuple[str, ...]
    compared: bool = False


@cache
def explained(seed: int) -> tuple[te.Scenario, TeacherExplanation]:
    """Return the problem of a seed, and its explanation."""
    scenario = replace(varied_scenario_of_seed(seed), repairs=random_prices(seed))
    found = te.explain(scenario, [TEACHER], time_limit=120, workers=1, repairs=2)
    return scenario, found.of(TEACHER)


@cache
def judged(seed: int) -> Judged:
    """Return the explanation of the problem of a seed, judged."""
    scenario, found = explained(seed)
    if has_plan(scenario, TEACHER):
        right = found.status is Status.FEASIBLE
        return Judged(scenario, found, () if right else (f"{found.status}, has a plan",))
    if found.status is not Status.INFEASIBLE or not found.conflicts:
        return Judged(scenario, found, (f"{found.status}, has no plan",))
    faults = [*conflict_faults(scenario, found), *unsound_repairs(scenario, found)]
    price = found.repairs[0].price if found.repairs else NEVER
    try:
        cheaper = cheaper_repair(scenario, TEACHER, price, MOST_LOOKED_AT)
    except TooLarge:
        return Judged(scenario, found, tuple(faults))
    if cheaper is not None:
        faults.append(f"a repair costs {cheaper}, the first one listed {price}")
    return Judged(scenario, found, tuple(faults), compared=True)


@pytest.mark.parametrize("seed", SHARE)
def test_newer_kinds_agree_with_brute_force(seed: int) -> None:
    faults = judged(seed).faults
    assert not faults, "\n".join(faults)


def in_conflicts(scenario: te.Scenario, found: TeacherExplanation) -> set[str]:
    """Return the kinds of limits in the conflicts of one answer."""
    members = (name for c in found.conflicts for name in c.ids if name != "catalogue")
    return {feature for name in members for feature in features_of(scenario, name)}


def in_repairs(answer: TeacherExplanation) -> set[str]:
    """Return what the repairs of one answer change."""
    found: set[str] = set()
    for change in (c for r in answer.repairs for c in r.changes):
        kind, _, name = change.limit.partition(":")
        part = change.knob.removeprefix(change.limit).removeprefix("/").partition(":")[0]
        if kind in ("rule", "relations"):
            part = part or ("whole rule" if kind == "rule" else kind)
        found.add(part or name)
    return found


@pytest.mark.deep
@pytest.mark.parametrize("part", range(PARTS))
def test_all_newer_kinds_agree_with_brute_force(part: int) -> None:
    answers = {seed: judged(seed) for seed in FULL[part::PARTS]}
    assert not {seed: a.faults for seed, a in answers.items() if a.faults}
    without_plan = [a for a in answers.values() if a.found.status is Status.INFEASIBLE]
    assert 3 * len(without_plan) >= len(answers)
    assert 10 * sum(a.compared for a in without_plan) >= 8 * len(without_plan)


def test_every_kind_occurs_in_conflicts_and_repairs() -> None:
    """Of the range that is compared with brute force; some kinds are in one problem of fifty."""
    found = [explained(seed) for seed in EVERY_KIND]
    assert set().union(*(in_conflicts(*one) for one in found)) >= CONFLICTING
    assert set().union(*(in_repairs(answer) for _, answer in found)) >= TURNED
