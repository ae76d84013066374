"""Gaps: what goals and paths of tasks lack, before a plan and after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.competence import NodeRef, PedagogicalCompetence, SubjectCompetence
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.gaps import (
    NodeGap,
    attainment,
    levels_after,
    missing_nodes,
    teacher_gaps,
)
from trajectory_engine.domain.people import Decision, DecisionKind, Goal, Measurement, Teacher
from trajectory_engine.domain.plan import Status, Step, TeacherPlan
from trajectory_engine.domain.scenario import CompetenceModel, Scenario
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath

A2, A3, P4 = NodeRef("Sub[a]", 2), NodeRef("Sub[a]", 3), NodeRef("P[p]", 4)
TASK = PedagogicalTask("T", "t", (TaskPath("long", (A2, A3, P4)), TaskPath("short", (A3,))))
MODEL = CompetenceModel(
    "m",
    "m",
    (SubjectCompetence("a", "a", (1, 2, 3)),),
    (PedagogicalCompetence("p", "p"),),
    (),
    (),
    FormationRule.weakest_link(),
    tasks=(TASK,),
)
TEACHER = Teacher(
    "t1",
    (10, 10),
    goals=(Goal(task="T"), Goal(node=A2)),
    measurements=(Measurement("Sub[a]", level=2),),
)
SCENARIO = Scenario("s", "s", MODEL, (), Calendar.weeks(date(2027, 1, 4), 2), (TEACHER,))


def test_every_path_names_its_missing_links_in_order() -> None:
    task, node = teacher_gaps(SCENARIO, TEACHER)
    assert not task.met
    assert [p.missing for p in task.paths] == [
        (NodeGap(A3, 2), NodeGap(P4, 0)),
        (NodeGap(A3, 2),),
    ]
    assert task.nearest.path == "short"
    assert node.met
    assert node.nearest.missing == ()


def test_a_decision_narrows_the_task_to_one_path() -> None:
    pin = Decision("*", DecisionKind.PATH, "T", "long")
    task, _ = teacher_gaps(replace(SCENARIO, decisions=(pin,)), TEACHER)
    assert [p.path for p in task.paths] == ["long"]
    other = Decision("somebody", DecisionKind.PATH, "T", "long")
    task, _ = teacher_gaps(replace(SCENARIO, decisions=(other,)), TEACHER)
    assert [p.path for p in task.paths] == ["long", "short"]


def test_missing_nodes_are_distinct_and_leave_met_goals_out() -> None:
    assert missing_nodes(teacher_gaps(SCENARIO, TEACHER)) == (A3, P4)
    assert missing_nodes(teacher_gaps(SCENARIO, TEACHER, {"Sub[a]": 3})) == ()


def test_levels_after_a_plan_are_the_highest_of_known_taught_and_by_rule() -> None:
    day = date(2027, 1, 4)
    step = Step("m", "k", None, 0, 2, day, day, 4, 0, 0, (), ("Sub[a]@3", "Sub[a]@1"))
    early = replace(step, module="n", end=1)
    plan = TeacherPlan("t1", Status.OPTIMAL, (), (early, step), (("P[p]@4", 2),))
    assert attainment(plan) == {A3: 1, NodeRef("Sub[a]", 1): 1, P4: 2}
    assert levels_after({"Sub[a]": 2, "S[x]": 1}, plan) == {"Sub[a]": 3, "S[x]": 1, "P[p]": 4}
