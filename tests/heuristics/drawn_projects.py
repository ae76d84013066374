"""Projects for tests of what schedules them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from cpsat.projects import Project as Drawn
from cpsat.projects import as_problem, random_project

from trajectory_engine.heuristics.project import Project, project_of
from trajectory_engine.heuristics.project_arrays import Integers
from trajectory_engine.problem.evaluate import attain, calendar_holds, violated
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem


def project_from(problem: TeacherProblem) -> Project:
    """Return all modules of a problem as a project."""
    project = project_of(problem, range(len(problem.modules)))
    assert project is not None
    return project


def drawn(seed: int, *, hours: bool) -> tuple[TeacherProblem, Project]:
    """Return a random project as a problem and as a project."""
    problem = as_problem(random_project(seed), hours=hours)
    return problem, project_from(problem)


def ints(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)


def thrifty_project(activities: int) -> Project:
    """Return a project of four units a period that is shortest with all ways that end late.

    The short way takes 4 units for one period, the long one 1 unit for three.
    """
    ways = ((1, (4,), ()), (3, (1,), ()))
    return project_from(
        as_problem(Drawn(((),) * activities, (ways,) * activities, (4,), ()), hours=True)
    )


def assert_keeps_what_is_hard(problem: TeacherProblem, choices: Sequence[Choice]) -> None:
    """Assert that choices keep the calendar and all hard rules, whatever they attain."""
    state = attain(problem, choices)
    assert state is not None
    assert calendar_holds(problem, choices)
    timeless = replace(problem, clauses=(), hard_goals=(), state_rows=(), limits=(), soft_rules=())
    assert None not in violated(timeless, choices, state)
