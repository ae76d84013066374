"""Destructive bounds on small projects: what they prove is the shortest makespan."""

from __future__ import annotations

import time

import pytest

from cpsat.projects import as_problem, random_project, shortest_makespan
from trajectory_engine.cpsat.destructive import DestructiveBound
from trajectory_engine.cpsat.lexicographic import search
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.plan import Status
from trajectory_engine.problem.evaluate import end_of, is_plan
from trajectory_engine.problem.required import takes_all
from trajectory_engine.problem.teacher_problem import Choice


def session() -> Session:
    """Return a session with more than enough effort."""
    return Session(0, 30.0, time.monotonic() + 60)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("climbs", [True, False])
def test_bound_and_plan_meet_at_the_shortest_makespan(seed: int, climbs: bool) -> None:
    project = random_project(seed)
    right = shortest_makespan(project)
    if right is None:
        return
    problem = as_problem(project, hours=bool(seed % 2))
    ends: list[int] = []

    def offer(choices: tuple[Choice, ...]) -> int:
        assert is_plan(problem, choices)
        ends.append(max(end_of(problem, c) for c in choices))
        return min(ends)

    proof = DestructiveBound(problem, [], session(), offer, 0, project.horizon + 1)
    (proof.climb if climbs else proof.rise)(5.0)
    assert proof.is_closed
    assert (proof.low, proof.high) == (right, right)


@pytest.mark.parametrize("seed", range(8))
def test_values_do_not_need_the_ties(seed: int) -> None:
    project = random_project(seed)
    problem = as_problem(project, hours=False)
    assert takes_all(problem)
    answer = search(problem, session(), break_ties=False)
    right = shortest_makespan(project)
    assert (answer.status is Status.INFEASIBLE) == (right is None)
    assert list(answer.values.values()) == ([] if right is None else [right])
    assert not answer.unique
