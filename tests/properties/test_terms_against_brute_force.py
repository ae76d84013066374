"""Problems in which every mode lasts one period, searched over period literals alone."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from oracle.standards import rule_scenario_of_seed
from oracle.strategies import TEACHER, scenario_of_seed
from problem.cases import problem_of

import trajectory_engine as te
from properties.test_against_brute_force import compare
from trajectory_engine.cpsat.periods import has_terms
from trajectory_engine.domain.catalogue import Mode
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation import validate

SHARE = range(60)


def one_period(mode: Mode) -> Mode:
    """Return the mode squeezed into one period."""
    return replace(mode, duration=1, profile=())


def term_scenario_of_seed(seed: int) -> Scenario:
    """Return a random scenario, every other with many rules, whose modes last one period."""
    scenario = rule_scenario_of_seed(seed) if seed % 2 else scenario_of_seed(seed)
    modules = tuple(replace(m, modes=tuple(map(one_period, m.modes))) for m in scenario.modules)
    changed = replace(scenario, modules=modules)
    return scenario if validate(changed) else changed


@pytest.mark.parametrize("seed", SHARE)
def test_terms_agree_with_brute_force(seed: int) -> None:
    found, _ = compare(term_scenario_of_seed(seed))
    assert not found, "\n".join(found)


def test_most_draws_are_problems_of_terms_with_a_plan(capsys: pytest.CaptureFixture[str]) -> None:
    of_terms = planned = 0
    for seed in SHARE:
        scenario = term_scenario_of_seed(seed)
        if has_terms(problem_of(scenario)):
            of_terms += 1
            planned += te.plan(scenario, [TEACHER], workers=1).plan_of(TEACHER).status.has_plan
    with capsys.disabled():
        sys.stdout.write(f"\nproblems of terms: {of_terms}, with a plan {planned}\n")
    assert of_terms >= 40
    assert planned >= 20
