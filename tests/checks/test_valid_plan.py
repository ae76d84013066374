"""The hand-made plan is valid, and its values are those reckoned by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trajectory_engine.checks import score, verify, verify_teacher
from trajectory_engine.domain.plan import Status, TeacherPlan

from .world import PLAN_T1, PLAN_T2, RESULT, SCENARIO, objectives, result_for


def test_hand_made_plan_has_no_violations() -> None:
    assert verify(SCENARIO, RESULT) == []


@pytest.mark.parametrize("plan", [PLAN_T1, PLAN_T2])
def test_each_teacher_alone_has_no_violations(plan: TeacherPlan) -> None:
    assert verify_teacher(SCENARIO, plan) == []
    assert verify(SCENARIO, result_for(SCENARIO, plan)) == []


def test_score_by_hand() -> None:
    assert score(SCENARIO, PLAN_T1) == {
        "unmet_goals": 3,
        "completion": 8,
        "study_hours": 31,
        "cost": 2500,
        "peak_load": 7,
        "own_cost": 100,
        "funding_order": 2 * 900 + 3 * 100,
        "soft_rules": 0,
    }


def test_score_ignores_what_the_plan_claims() -> None:
    lying = replace(PLAN_T1, objectives=objectives(0, 0, 0, 0, 0), unmet=())
    assert score(SCENARIO, lying) == score(SCENARIO, PLAN_T1)


def test_score_of_an_empty_plan() -> None:
    empty = TeacherPlan("T1", Status.OPTIMAL, ())
    assert score(SCENARIO, empty) == {
        "unmet_goals": 5,
        "completion": 0,
        "study_hours": 0,
        "cost": 0,
        "peak_load": 0,
        "own_cost": 0,
        "funding_order": 0,
        "soft_rules": 0,
    }


def test_score_of_an_unknown_teacher() -> None:
    with pytest.raises(KeyError):
        score(SCENARIO, replace(PLAN_T1, teacher="nobody"))


def test_feasible_plan_with_open_bounds() -> None:
    proven = PLAN_T1.objectives
    open_ended = (*proven[:2], replace(proven[2], bound=30), replace(proven[3], bound=None))
    plan = replace(PLAN_T1, status=Status.FEASIBLE, objectives=(*open_ended, proven[4]))
    assert verify(SCENARIO, result_for(SCENARIO, plan, PLAN_T2)) == []


def test_value_within_the_tolerance_of_its_bound_is_proven() -> None:
    specs = tuple(
        replace(s, tolerance=2) if s.name == "completion" else s for s in SCENARIO.objectives
    )
    scenario = replace(SCENARIO, objectives=specs)
    plans = [
        replace(
            p,
            objectives=tuple(
                replace(o, tolerance=2, bound=o.value - 2) if o.name == "completion" else o
                for o in p.objectives
            ),
        )
        for p in (PLAN_T1, PLAN_T2)
    ]
    assert verify(scenario, result_for(scenario, *plans)) == []
    too_far = replace(
        plans[0],
        objectives=tuple(
            replace(o, bound=o.bound - 1) if o.name == "completion" else o
            for o in plans[0].objectives
        ),
    )
    assert {v.rule for v in verify_teacher(scenario, too_far)} == {"status"}


@pytest.mark.parametrize("status", [Status.INFEASIBLE, Status.UNKNOWN])
@pytest.mark.parametrize("named", [True, False])
def test_teacher_without_a_plan(status: Status, named: bool) -> None:
    values = objectives(*[None] * 5) if named else ()
    nothing = TeacherPlan("T1", status, values)
    assert verify(SCENARIO, result_for(SCENARIO, nothing, PLAN_T2)) == []
    assert verify(SCENARIO, result_for(SCENARIO, nothing)) == []
