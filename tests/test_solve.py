"""The facade: reproducible, re-entrant, cancellable, honest about status, careful with input."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from oracle.tiny import goal, mode, module, tiny

import trajectory_engine as te
from trajectory_engine.domain.catalogue import (
    Resource,
    ResourceKind,
    ResourceScope,
    ResourceUse,
    Run,
)
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.plan import worst

ROOT = Path(__file__).parents[1]
FOUR = ("T004", "T005", "T006", "T007")


@cache
def scenario_of(name: str) -> te.Scenario:
    """Return a scenario that is shipped."""
    return te.load_scenario(ROOT / "scenarios" / name)


def text(name: str, teachers: tuple[str, ...] | None, **settings: object) -> bytes:
    """Return the plan file of a run."""
    result = te.plan(scenario_of(name), teachers, **settings)  # type: ignore[arg-type]
    assert result.reproducible
    written = te.result_to_json(result)
    return written.encode()


def is_honest(plan: te.TeacherPlan) -> bool:
    """Return whether the status claims no more than the objectives and steps show."""
    if plan.status is te.Status.OPTIMAL:
        return all(o.proven for o in plan.objectives)
    if plan.status is te.Status.FEASIBLE:
        return not all(o.proven for o in plan.objectives)
    return not plan.steps and bool(plan.reasons) and all(o.value is None for o in plan.objectives)


def key(plan: te.TeacherPlan) -> list[int]:
    """Return the objective values in their order."""
    return [o.value for o in plan.objectives if o.value is not None]


@pytest.mark.parametrize(("name", "teachers"), [("tiny", None), ("it-teachers", FOUR)])
def test_same_seed_same_bytes_with_one_worker_and_with_two(
    name: str, teachers: tuple[str, ...] | None
) -> None:
    one = text(name, teachers, seed=5, workers=1, time_limit=20)
    assert one == text(name, teachers, seed=5, workers=2, time_limit=20)
    if name == "tiny":
        assert one == text(name, teachers, seed=5, workers=1, time_limit=20)


def test_an_earlier_result_never_makes_the_answer_worse() -> None:
    scenario = scenario_of("it-teachers")
    first = te.plan(scenario, FOUR[:2], time_limit=4)
    again = te.plan(scenario, FOUR[:2], previous=first, time_limit=2)
    for before, after in zip(first.teachers, again.teachers, strict=True):
        assert before.teacher == after.teacher
        if before.status.has_plan:
            assert after.status.has_plan
            assert key(after) <= key(before)
    assert te.verify(scenario, again) == []


def test_cancelled_from_the_start_still_gives_a_result() -> None:
    cancel = threading.Event()
    cancel.set()
    result = te.plan(scenario_of("it-teachers"), FOUR, cancel=cancel)
    assert not result.reproducible
    assert [p.teacher for p in result.teachers] == list(FOUR)
    assert all(is_honest(p) for p in result.teachers)
    assert te.verify(scenario_of("it-teachers"), result) == []


def test_cancelled_on_the_way_returns_soon() -> None:
    scenario, cancel = scenario_of("it-teachers"), threading.Event()
    cancelled_at: list[float] = []

    def on_progress(event: te.Progress) -> None:
        if not cancelled_at:
            cancelled_at.append(time.monotonic())
            cancel.set()

    result = te.plan(scenario, time_limit=60, on_progress=on_progress, cancel=cancel)
    assert time.monotonic() - cancelled_at[0] < 10
    assert not result.reproducible
    assert len(result.teachers) == len(scenario.teachers)
    assert all(is_honest(p) for p in result.teachers)


@pytest.mark.parametrize("seconds", [0.01, 0.3])
def test_hardly_any_time_gives_an_honest_result(seconds: float) -> None:
    scenario = scenario_of("it-teachers")
    began = time.monotonic()
    result = te.plan(scenario, FOUR, time_limit=seconds)
    assert time.monotonic() - began < 10
    assert [p.teacher for p in result.teachers] == list(FOUR)
    assert all(is_honest(p) for p in result.teachers)
    assert result.status is worst(p.status for p in result.teachers)
    assert te.verify(scenario, result) == []


def test_an_unknown_teacher_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nobody"):
        te.plan(scenario_of("tiny"), ["nobody"])


def test_a_teacher_named_twice_is_planned_once() -> None:
    scenario = scenario_of("tiny")
    teacher = scenario.teachers[0].id
    assert [p.teacher for p in te.plan(scenario, [teacher, teacher]).teachers] == [teacher]


def two_teachers(**more: object) -> te.Scenario:
    """Return a scenario with two equal teachers and one module that both need."""
    use = (ResourceUse("lab", 1),) if "resources" in more else ()
    scenario = tiny(
        module("A", "x1", mode(price=100, resources=use)),
        goals=(goal("x1"),),
        **more,  # type: ignore[arg-type]
    )
    return replace(scenario, teachers=(*scenario.teachers, replace(scenario.teachers[0], id="U")))


LAB = Resource("lab", ResourceKind.RENEWABLE, ResourceScope.SHARED, 1)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"funds": (Fund("state", budget=150),)}, "fund state"),
        ({"runs": (Run("r1", "A", "day", 1, seats=1),)}, "run r1 of module A"),
        ({"runs": (Run("r1", "A", "day", 1, minimum_group=2),)}, "group of at least 2"),
        ({"resources": (LAB,)}, "resource lab"),
    ],
    ids=["budget", "seats", "group", "resource"],
)
def test_a_shared_limit_that_could_bind_is_refused_by_name(
    more: dict[str, object], named: str
) -> None:
    scenario = two_teachers(**more)
    with pytest.raises(te.SharedLimitError, match=named) as refused:
        te.plan(scenario)
    assert len(refused.value.limits) == 1
    alone = te.plan(scenario, ["U"])
    expected = te.Status.INFEASIBLE if "group" in named else te.Status.OPTIMAL
    assert alone.status is expected


def test_shared_limits_that_cannot_bind_are_no_obstacle() -> None:
    scenario = two_teachers(
        funds=(Fund("state", budget=200),),
        runs=(Run("r1", "A", "day", 1, seats=2),),
        resources=(replace(LAB, capacity=2),),
    )
    assert te.plan(scenario).status is te.Status.OPTIMAL


def test_all_shared_limits_are_named_at_once() -> None:
    scenario = two_teachers(funds=(Fund("state", budget=150),), resources=(LAB,))
    with pytest.raises(te.SharedLimitError) as refused:
        te.plan(scenario)
    assert len(refused.value.limits) == 2


def test_two_threads_at_once_get_the_same_answers() -> None:
    scenarios = [scenario_of("tiny"), two_teachers()] * 2
    alone = [te.plan(s, workers=1) for s in scenarios]
    with ThreadPoolExecutor(max_workers=2) as pool:
        together = list(pool.map(lambda s: te.plan(s, workers=1), scenarios))
    for one, other in zip(alone, together, strict=True):
        assert te.result_to_json(one) == te.result_to_json(other)


def test_progress_tells_of_every_teacher_and_time_rises() -> None:
    events: list[te.Progress] = []
    scenario = scenario_of("tiny")
    te.plan(scenario, on_progress=events.append)
    assert events
    assert all(isinstance(e, te.Progress) for e in events)
    assert {e.teacher for e in events} == {t.id for t in scenario.teachers}
    for teacher in scenario.teachers:
        elapsed = [e.elapsed for e in events if e.teacher == teacher.id]
        assert elapsed == sorted(elapsed)
        assert elapsed[0] >= 0
    assert {"unmet_goals", "completion", "study_hours", "cost"} <= {e.stage for e in events}
    for event in events:
        if event.incumbent is not None and event.bound is not None:
            assert event.bound <= event.incumbent


def test_invalid_scenarios_are_refused_with_every_problem() -> None:
    scenario = scenario_of("tiny")
    bad = replace(scenario.modules[0], teaches=())
    doubled = (bad, *scenario.modules[1:], scenario.modules[1])
    with pytest.raises(te.InputError) as refused:
        te.plan(replace(scenario, modules=doubled))
    assert len(refused.value.problems) >= 2
