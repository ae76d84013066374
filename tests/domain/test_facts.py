"""Tasks, funds, rules, modes and results: the small exact facts of the domain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.competence import Component, NodeRef
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.plan import (
    Objective,
    Result,
    Status,
    Step,
    TeacherPlan,
    total_objectives,
    worst,
)
from trajectory_engine.domain.standard import ExclusionRule, Measure, Rule, Selector
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath

A1, A2, B1 = NodeRef("Sub[a]", 1), NodeRef("Sub[a]", 2), NodeRef("Sub[b]", 1)
TASK = PedagogicalTask("PT", "task", (TaskPath("one", (A2, A1)), TaskPath("two", (B1,))))
DAY = Mode("day", "full-time", 10, 20, 6, 10, 120, 1000, provider="uni")
MODULE = Module("M", "module", Component.SUBJECT, (A1,), (DAY,), group="g")


def test_a_task_is_solved_by_every_link_of_one_path() -> None:
    assert TASK.solved_by({A1, A2, B1}.__contains__) == "one"
    assert TASK.solved_by({A1, B1}.__contains__) == "two"
    assert TASK.solved_by({A1}.__contains__) is None
    assert TASK.missing({A1}.__contains__) == {"one": (A2,), "two": (B1,)}


@given(st.integers(0, 500), st.integers(0, 20))
def test_an_even_load_puts_the_rest_first(hours: int, duration: int) -> None:
    mode = Mode("k", "f", hours, 0, 0, duration, 0, 0)
    assert len(mode.load) == duration
    if duration:
        assert sum(mode.load) == hours
        assert list(mode.load) == sorted(mode.load, reverse=True)
        assert max(mode.load) - min(mode.load) <= 1


def test_a_profile_is_the_load() -> None:
    assert replace(DAY, duration=3, profile=(0, 30, 6)).load == (0, 30, 6)


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 10**12))
def test_shares_round_down_exactly(numerator: int, denominator: int, amount: int) -> None:
    whole = Fraction(numerator * amount, denominator)
    assert Share(numerator, denominator).floor_of(amount) == whole.numerator // whole.denominator


def test_funds_serve_teachers_or_groups_and_cover_what_is_named() -> None:
    assert Fund("f").serves("t", "")
    named = Fund("f", teachers=("t",), groups=("g",))
    assert named.serves("t", "")
    assert named.serves("u", "g")
    assert not named.serves("u", "")
    assert not Fund("f", groups=("",)).serves("u", "")
    assert Fund("f", modules=("M",), components=("subject",), forms=("full-time",)).covers(
        MODULE, DAY
    )
    for other in (
        Fund("f", modules=("N",)),
        Fund("f", components=("social",)),
        Fund("f", forms=("distance",)),
        Fund("f", providers=("school",)),
    ):
        assert not other.covers(MODULE, DAY)


@pytest.mark.parametrize(
    ("selector", "covered"),
    [
        (Selector(), True),
        (Selector(modules=("M", "N"), groups=("g",), providers=("uni",)), True),
        (Selector(modules=("N",)), False),
        (Selector(components=("social",)), False),
        (Selector(groups=("h",)), False),
        (Selector(forms=("distance",)), False),
        (Selector(modules=("M",), providers=("school",)), False),
    ],
)
def test_a_selector_restricts_by_all_that_it_names(selector: Selector, covered: bool) -> None:
    assert selector.covers(MODULE, DAY) is covered


def test_measures_read_the_figures_of_a_mode() -> None:
    figures = {str(m): m.of(DAY) for m in Measure}
    assert figures == {
        "credits": 120,
        "hours": 36,
        "contact_hours": 10,
        "independent_hours": 20,
        "practice_hours": 6,
        "modules": 1,
    }


@pytest.mark.parametrize(
    ("more", "binds"),
    [
        ({}, True),
        ({"enabled": False}, False),
        ({"valid_from": date(2027, 6, 30)}, True),
        ({"valid_from": date(2027, 7, 1)}, False),
        ({"valid_to": date(2027, 1, 1)}, True),
        ({"valid_to": date(2026, 12, 31)}, False),
    ],
)
def test_a_rule_binds_while_it_is_valid(more: dict[str, object], binds: bool) -> None:
    rule = Rule("r", "r", ExclusionRule(Selector()), **more)  # type: ignore[arg-type]
    assert rule.binds(date(2027, 1, 1), date(2027, 6, 30)) is binds


@pytest.mark.parametrize(
    ("value", "bound", "tolerance", "proven", "gap"),
    [
        (10, 10, 0, True, 0.0),
        (10, 8, 0, False, 0.2),
        (10, 8, 2, True, 0.2),
        (0, 0, 0, True, 0.0),
        (10, None, 5, False, None),
        (None, 3, 0, False, None),
    ],
)
def test_an_objective_is_proven_by_its_bound_only(
    value: int | None, bound: int | None, tolerance: int, proven: bool, gap: float | None
) -> None:
    objective = Objective("cost", value, bound, tolerance)
    assert objective.proven is proven
    assert objective.gap == gap


def test_the_status_of_many_is_the_worst() -> None:
    assert worst([]) is Status.OPTIMAL
    assert worst([Status.OPTIMAL, Status.FEASIBLE]) is Status.FEASIBLE
    assert worst([Status.INFEASIBLE, Status.UNKNOWN]) is Status.INFEASIBLE
    assert [s for s in Status if s.has_plan] == [Status.OPTIMAL, Status.FEASIBLE]


def plan(teacher: str, value: int | None, bound: int | None, status: Status) -> TeacherPlan:
    """Return a plan with one objective."""
    return TeacherPlan(teacher, status, (Objective("cost", value, bound, 1),))


def test_totals_leave_out_teachers_without_a_plan() -> None:
    first, second = plan("t", 5, 4, Status.FEASIBLE), plan("u", 7, 7, Status.OPTIMAL)
    none = plan("v", None, 3, Status.INFEASIBLE)
    assert total_objectives([first, none, second]) == (Objective("cost", 12, 11, 2),)
    later = plan("v", None, 3, Status.UNKNOWN)
    assert total_objectives([first, later, second]) == (Objective("cost", 12, None, 2),)
    assert total_objectives([none]) == (Objective("cost", None, None, 1),)
    assert total_objectives([]) == ()
    open_bound = plan("w", 1, None, Status.FEASIBLE)
    assert total_objectives([first, open_bound]) == (Objective("cost", 6, None, 2),)


def test_a_frame_has_a_row_for_every_step() -> None:
    first, last = date(2027, 1, 4), date(2027, 1, 10)
    paid = (("state", 60), ("self", 40))
    step = Step("M", "day", None, 0, 1, first, last, 36, 120, 100, paid, ("Sub[a]@1", "Sub[a]@2"))
    full = TeacherPlan("t", Status.OPTIMAL, (), (step,))
    result = Result("s", "0" * 64, "1", "9", 0, 1, Status.OPTIMAL, (), (full,))
    frame = result.to_frame()
    row = frame.iloc[0]
    assert len(frame) == 1
    assert (row["teacher"], row["paid_by"], row["attains"]) == (
        "t",
        "state:60|self:40",
        "Sub[a]@1|Sub[a]@2",
    )
    assert row["credits"] == 1.2
    assert row["start_date"].date() == first
    assert result.plan_of("t") is full
    with pytest.raises(KeyError):
        result.plan_of("nobody")
    empty = replace(result, teachers=())
    assert list(empty.to_frame().columns) == list(frame.columns)
