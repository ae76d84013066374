"""Relations between modules (`co`, `strict_co`) against brute force."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from oracle.brute_force import optimum
from oracle.relations import with_relations
from oracle.standards import rule_scenario_of_seed
from oracle.strategies import TEACHER, scenario_of_seed

from properties.test_against_brute_force import compare
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation import validate

SHARE = range(100)
FULL = range(3000, 4000)


def related_scenario_of_seed(seed: int) -> Scenario:
    """Return a random scenario, every third with many rules, with relations between modules."""
    scenario = rule_scenario_of_seed(seed) if seed % 3 == 0 else scenario_of_seed(seed)
    return with_relations(scenario, Random(seed))


@pytest.mark.parametrize("seed", SHARE)
def test_relations_agree_with_brute_force(seed: int) -> None:
    found, _ = compare(related_scenario_of_seed(seed))
    assert not found, "\n".join(found)


@pytest.mark.deep
@pytest.mark.parametrize("seed", FULL)
def test_relations_agree_with_brute_force_on_all(seed: int) -> None:
    found, _ = compare(related_scenario_of_seed(seed))
    assert not found, "\n".join(found)


def without_relations(scenario: Scenario) -> Scenario:
    """Return the scenario without any relation."""
    modules = tuple(replace(m, co=(), strict_co=()) for m in scenario.modules)
    return replace(scenario, modules=modules)


def test_relations_are_drawn_and_decide(capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    for seed in SHARE:
        scenario = related_scenario_of_seed(seed)
        assert validate(scenario) == ()
        counts["co"] += any(m.co for m in scenario.modules)
        counts["strict"] += any(m.strict_co for m in scenario.modules)
        answer = optimum(scenario, TEACHER)
        free = optimum(without_relations(scenario), TEACHER)
        counts["decide the values"] += answer.best != free.best
        counts["decide the plan"] += answer.plan_signature != free.plan_signature
        counts["make it infeasible"] += answer.status is not free.status
    with capsys.disabled():
        shown = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        sys.stdout.write(f"\nrelations: {shown}\n")
    assert min(counts["co"], counts["strict"]) >= 25
    assert counts["decide the plan"] >= 10
    assert counts["make it infeasible"] >= 1
