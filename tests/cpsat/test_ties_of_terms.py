"""Ties where every mode lasts one period: a search in their order, and sums with weights, agree."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

from oracle.standards import rule_scenario_of_seed
from oracle.strategies import TEACHER, scenario_of_seed
from problem.cases import problem_of

import trajectory_engine as te
from trajectory_engine.cpsat.periods import PeriodTimetable, has_terms
from trajectory_engine.cpsat.ties import TieBreaker
from trajectory_engine.domain.catalogue import Mode
from trajectory_engine.domain.plan import Step
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation import validate

SEEDS = range(40)
FEWEST = 15


def one_period(mode: Mode) -> Mode:
    """Return the mode squeezed into one period."""
    return replace(mode, duration=1, profile=())


def of_terms(seed: int) -> Scenario | None:
    """Return a random scenario whose modes last one period, None if that makes it invalid."""
    scenario = rule_scenario_of_seed(seed) if seed % 2 else scenario_of_seed(seed)
    modules = tuple(replace(m, modes=tuple(map(one_period, m.modes))) for m in scenario.modules)
    changed = replace(scenario, modules=modules)
    return None if validate(changed) or not has_terms(problem_of(changed)) else changed


def steps(scenario: Scenario) -> tuple[Step, ...]:
    return te.plan(scenario, [TEACHER], workers=1).plan_of(TEACHER).steps


def test_both_ways_lead_to_the_same_plan() -> None:
    """Tests the answer of each way with the other one switched off."""
    finds_first = TieBreaker._finds_first
    came_through = []

    def noted(self: TieBreaker, table: PeriodTimetable, order: list[int]) -> bool:
        came_through.append(finds_first(self, table, order))
        return came_through[-1]

    for scenario in filter(None, map(of_terms, SEEDS)):
        with patch.object(TieBreaker, "_finds_first", noted):
            in_order = steps(scenario)
        with patch.object(TieBreaker, "_finds_first", lambda *_: False):
            assert steps(scenario) == in_order
    assert sum(came_through) >= FEWEST
