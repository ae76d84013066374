"""Proofs on multi-mode projects, where shared optional intervals are known to prove wrongly."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cpsat.projects import as_problem, random_project, read_project, shortest_makespan
from trajectory_engine.cpsat.lexicographic import search
from trajectory_engine.cpsat.periods import PeriodTimetable
from trajectory_engine.cpsat.session import Outcome, Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.heads import Heads, compute_heads
from trajectory_engine.problem.teacher_problem import TeacherProblem

PUBLIC = Path(__file__).parents[3] / "shared" / "benchmarks" / "mrcpsp" / "j10"
PROJECT = "j104_1"
PUBLISHED = 27

Encoding = Callable[[TeacherProblem, Heads], Timetable | PeriodTimetable]


def joined_timetable(problem: TeacherProblem, heads: Heads) -> Timetable:
    """Return the intervals of a problem, one for each module."""
    return Timetable(problem, heads, joined=True)


def shortest(encoding: Encoding, problem: TeacherProblem, effort: float) -> Outcome:
    """Return what the solver says of the completion over one encoding; check its plan."""
    table = encoding(problem, compute_heads(problem))
    table.model.minimize(table.expression(ObjectiveName.COMPLETION))
    profile = Profile.PERIODS if encoding is PeriodTimetable else Profile.INTERVALS
    session = Session(0, effort, time.monotonic() + 60)
    outcome = session.solve(table.model, profile, effort=effort)
    if outcome.solution is not None:
        choices = table.read(outcome.solution)
        assert len(choices) == len(problem.modules)
        assert is_plan(problem, choices)
    return outcome


@pytest.mark.parametrize(
    ("encoding", "hours"),
    [
        (Timetable, False),
        (Timetable, True),
        (joined_timetable, False),
        (joined_timetable, True),
        (PeriodTimetable, False),
    ],
)
def test_public_project_that_the_solver_once_proved_wrongly(
    encoding: Encoding, hours: bool
) -> None:
    path = PUBLIC / f"{PROJECT}.mm"
    if not path.is_file():
        pytest.skip(f"the public project {PROJECT} of PSPLIB is not beside the repository")
    project = read_project(path)
    assert len(project.modes) == 10
    assert (*project.renewable, *project.non_renewable) == (9, 7, 59, 52)
    outcome = shortest(encoding, as_problem(project, hours=hours), effort=60)
    assert (outcome.value, outcome.bound) == (PUBLISHED, PUBLISHED)


@pytest.mark.parametrize("seed", range(12))
def test_small_projects_agree_with_all_serial_schedules(seed: int) -> None:
    project = random_project(seed)
    right = shortest_makespan(project)
    for hours in (False, True):
        problem = as_problem(project, hours=hours)
        for encoding in (Timetable, joined_timetable, PeriodTimetable):
            outcome = shortest(encoding, problem, effort=20)
            if right is None:
                assert outcome.infeasible
            else:
                assert (outcome.value, outcome.bound) == (right, right)
        answer = search(problem, Session(0, 30, time.monotonic() + 60))
        if right is None:
            assert answer.status is Status.INFEASIBLE
        else:
            assert answer.status is Status.OPTIMAL
            assert answer.values[ObjectiveName.COMPLETION] == right
