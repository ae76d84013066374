"""Problems on which the engine was once wrong, kept as they were found."""

from __future__ import annotations

from pathlib import Path

import pytest
from oracle.brute_force import optimum
from oracle.strategies import TEACHER

import trajectory_engine as te

PROBLEMS = sorted((Path(__file__).parent / "problems").glob("*.json"))


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda p: p.stem)
def test_problem_that_was_once_wrong(path: Path) -> None:
    """Tests that status, objectives and steps are those of brute force."""
    scenario = te.read_scenario_json(path.read_text(encoding="utf-8"))
    expected = optimum(scenario, TEACHER)
    plan = te.plan(scenario, teachers=[TEACHER], workers=1).plan_of(TEACHER)
    steps = sorted((s.module, s.mode, s.run, s.start) for s in plan.steps)
    assert plan.status == expected.status
    assert {o.name: o.value for o in plan.objectives} == expected.objectives
    assert steps == sorted(expected.plan_signature or ())
