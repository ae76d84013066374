"""Callers get no step that breaks what they need."""

from __future__ import annotations

from reduce.cases import ids, mode, module, problem
from trajectory_engine.problem.teacher_problem import Choice
from trajectory_engine.reduce import ANY_PLAN, COHORT, EVERY_PLAN, PLAN, reduce_problem

DOMINATED = problem(
    module("A", 0, modes=(mode("x", 0), mode("y", 1, hours=6))),
    module("B", 0),
    module("C", 1),
    goals=(0,),
)


def test_every_plan_keeps_dominated_and_useless_modules() -> None:
    assert ids(reduce_problem(DOMINATED, EVERY_PLAN).problem) == ["A", "B", "C"]
    assert ids(reduce_problem(DOMINATED, PLAN).problem) == ["A"]
    assert ids(reduce_problem(DOMINATED, ANY_PLAN).problem) == ["A"]


def test_beside_shared_limits_nothing_is_left_out_because_another_is_as_good() -> None:
    # The others may leave no seat in A, so B stays; that nobody needs C holds all the same.
    assert ids(reduce_problem(DOMINATED, COHORT).problem) == ["A", "B"]


def test_plans_map_back_and_forth() -> None:
    reduced = reduce_problem(DOMINATED, PLAN)
    plan = (Choice(0, 0, 2),)
    assert reduced.back(plan) == plan
    assert reduced.forth((Choice(1, 0, 0),)) is None
    assert reduced.forth((Choice(0, 1, 0),)) is None


def test_the_report_counts_what_goes() -> None:
    report = reduce_problem(DOMINATED, PLAN).report
    assert (report.before.modules, report.after.modules) == (3, 1)
    gone = {r.step: r.before.modules - r.after.modules for r in report.steps if r.bites}
    assert gone["closure"] == 1
    assert gone["module dominance"] == 1
    assert all(r.seconds >= 0 for r in report.steps)
