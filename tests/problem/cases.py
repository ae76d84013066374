"""Teachers' problems to test with: compiled from random scenarios, or built by hand."""

from __future__ import annotations

from oracle.strategies import TEACHER, scenario_of_seed

from trajectory_engine.domain.plan import TeacherPlan
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.problem.compile import compile_problem
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem


def facts_of(scenario: Scenario, teacher: str = TEACHER) -> TeacherFacts:
    """Return the facts of a teacher who is planned alone."""
    return TeacherFacts(ScenarioIndex(scenario), scenario.teacher_by_id[teacher], alone=True)


def problem_of(scenario: Scenario, teacher: str = TEACHER) -> TeacherProblem:
    """Return the whole problem of a teacher who is planned alone."""
    return compile_problem(facts_of(scenario, teacher), covers_all=True)


def problem_of_seed(seed: int) -> TeacherProblem:
    """Return the problem of the random scenario of a seed."""
    return problem_of(scenario_of_seed(seed))


def choices_of(problem: TeacherProblem, plan: TeacherPlan) -> tuple[Choice, ...]:
    """Return the steps of a plan in the indices of the problem."""
    position = {m.id: i for i, m in enumerate(problem.modules)}
    return tuple(
        Choice(
            position[step.module],
            [k.id for k in problem.modules[position[step.module]].modes].index(step.mode),
            step.start,
        )
        for step in plan.steps
    )
