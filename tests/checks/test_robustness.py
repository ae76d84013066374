"""Whatever a result says, the judge answers; and no single figure can be changed unnoticed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trajectory_engine.checks import verify, verify_teacher
from trajectory_engine.checks.attainment import Graph
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.plan import Objective, Result, Status, Step, TeacherPlan

from .tiny import planned, scenario_of, simple
from .world import MODULES, PLAN_T1, PLAN_T2, RESULT, SCENARIO, T1, result_for

NUMBERS = st.one_of(st.integers(-2, 14), st.sampled_from([-(10**18), 10**18, 500, 1000, 2500]))
MODULE_IDS = st.sampled_from([*(m.id for m in MODULES), "", "M-none", "num"])
MODE_IDS = st.sampled_from(["full-time", "distance", "blended", "self-paced", "", "none"])
NODE_TEXTS = st.sampled_from(
    ["Sub[num]@2", "P[err]@3", "B[err,num]@2", "Sub[num]@9", "B[err,charts]@2", "nonsense", ""]
)
SOURCES = st.sampled_from(["state", "grant", "employer", "self", "nobody", ""])
DATES = st.dates(date(2026, 12, 1), date(2027, 6, 1))
REASONS = st.sampled_from(["goal:", "task:PT-err", "rule:R-HOURS", "decision", ":", "", "x:y:z"])
NAMES = st.sampled_from([*(o.name for o in PLAN_T1.objectives), "beauty", ""])


def tuples(items: st.SearchStrategy[Any], most: int = 4) -> st.SearchStrategy[Any]:
    """Return tuples of the items."""
    return st.lists(items, max_size=most).map(tuple)


STEPS = st.builds(
    Step,
    module=MODULE_IDS,
    mode=MODE_IDS,
    run=st.sampled_from([None, "spring", "summer", "winter", ""]),
    start=NUMBERS,
    end=NUMBERS,
    start_date=DATES,
    end_date=DATES,
    hours=NUMBERS,
    credits=NUMBERS,
    cost=NUMBERS,
    paid_by=tuples(st.tuples(SOURCES, NUMBERS)),
    attains=tuples(NODE_TEXTS),
    because=tuples(REASONS),
)
OBJECTIVES = tuples(
    st.builds(
        Objective,
        name=NAMES,
        value=st.none() | NUMBERS,
        bound=st.none() | NUMBERS,
        tolerance=st.integers(-1, 2),
    ),
    6,
)
PLANS = st.builds(
    TeacherPlan,
    teacher=st.sampled_from(["T1", "T2", "T9", ""]),
    status=st.sampled_from(Status),
    objectives=OBJECTIVES,
    steps=tuples(STEPS | st.sampled_from([*PLAN_T1.steps, *PLAN_T2.steps]), 8),
    formed_by_rule=tuples(st.tuples(NODE_TEXTS, NUMBERS)),
    unmet=tuples(NODE_TEXTS),
    tasks_solvable=tuples(st.sampled_from(["PT-err", "PT-vid", "none"])),
)
RESULTS = st.builds(
    Result,
    scenario=st.sampled_from(["judge", "other"]),
    input_hash=st.sampled_from([RESULT.input_hash, ""]),
    engine_version=st.just("0"),
    solver_version=st.just("0"),
    seed=st.just(0),
    workers=st.just(1),
    status=st.sampled_from(Status),
    objectives=OBJECTIVES,
    teachers=tuples(PLANS | st.sampled_from([PLAN_T1, PLAN_T2]), 3),
)


@settings(max_examples=150, deadline=None)
@given(RESULTS)
def test_any_result_is_answered(result: Result) -> None:
    """Every violation can be shown, and names a teacher of the result or none."""
    violations = verify(SCENARIO, result)
    teachers = {p.teacher for p in result.teachers}
    for violation in violations:
        assert str(violation)
        assert violation.teacher in teachers | {""}
    right = all(p in (PLAN_T1, PLAN_T2) for p in result.teachers) and result.teachers
    if not violations:
        assert right or not any(p.status.has_plan for p in result.teachers)


@settings(max_examples=100, deadline=None)
@given(PLANS)
def test_any_plan_is_answered(plan: TeacherPlan) -> None:
    if plan.steps and plan.teacher != "T2":
        assert plan == PLAN_T1 or verify_teacher(SCENARIO, plan)


DIFFERENT: dict[str, Any] = {
    "run": "winter",
    "start_date": date(2030, 1, 1),
    "end_date": date(2030, 1, 1),
    "paid_by": (("self", 1),),
    "attains": ("P[err]@5",),
    "because": ("whim",),
    "module": "M-none",
    "mode": "by-post",
}


@pytest.mark.parametrize("position", range(len(PLAN_T1.steps)))
@pytest.mark.parametrize("name", [f.name for f in fields(Step)])
def test_no_field_of_a_step_changes_unnoticed(name: str, position: int) -> None:
    old = PLAN_T1.steps[position]
    other = DIFFERENT[name] if name in DIFFERENT else getattr(old, name) + 1
    steps = list(PLAN_T1.steps)
    steps[position] = replace(old, **{name: other})
    assert verify(SCENARIO, result_for(SCENARIO, replace(PLAN_T1, steps=tuple(steps)), PLAN_T2))


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize("name", ["name", "value", "bound", "tolerance"])
def test_no_field_of_an_objective_changes_unnoticed(name: str, index: int) -> None:
    """A lower bound may be true, so the bound is raised."""
    changed = list(PLAN_T1.objectives)
    old = changed[index]
    other = "beauty" if name == "name" else getattr(old, name) + 1
    changed[index] = replace(old, **{name: other})
    plan = replace(PLAN_T1, objectives=tuple(changed))
    assert verify(SCENARIO, result_for(SCENARIO, plan, PLAN_T2))


@pytest.mark.parametrize("position", range(len(PLAN_T1.steps)))
def test_no_step_is_dropped_unnoticed(position: int) -> None:
    steps = PLAN_T1.steps[:position] + PLAN_T1.steps[position + 1 :]
    assert verify(SCENARIO, result_for(SCENARIO, replace(PLAN_T1, steps=steps), PLAN_T2))


def test_scenario_with_teachers_in_another_order_is_another_input() -> None:
    """The figures are still right, the fingerprint is not."""
    reordered = replace(SCENARIO, teachers=SCENARIO.teachers[::-1])
    assert [v.rule for v in verify(reordered, RESULT)] == ["input_hash"]


def test_teacher_with_hours_for_fewer_periods() -> None:
    """A period for which no hours are given has none."""
    short = replace(SCENARIO, teachers=(replace(T1, hours=(7, 7)), SCENARIO.teachers[1]))
    assert "study_hours" in {v.rule for v in verify(short, result_for(short, PLAN_T1, PLAN_T2))}


def test_requirements_are_looked_up_for_the_modules_taken_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A large catalogue costs nothing per step."""
    asked: list[NodeRef] = []
    original = Graph.requirements

    def recording(self: Graph, node: NodeRef) -> Any:
        asked.append(node)
        return original(self, node)

    monkeypatch.setattr(Graph, "requirements", recording)
    modules = [simple(f"m{i}", "xyz"[i % 3]) for i in range(300)]
    scenario = scenario_of(modules)
    plan = planned(scenario, {"m0": 0})
    asked.clear()
    assert verify_teacher(scenario, plan) == []
    assert asked == [NodeRef("Sub[x]", 1)]
