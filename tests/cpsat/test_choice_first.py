"""The search gives the same answer whether it chooses modules by landmarks first or not."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from reduce.test_reduced_and_unreduced import problem_of_number, signature

from trajectory_engine.cpsat import lexicographic
from trajectory_engine.cpsat.lexicographic import Answer, search
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec
from trajectory_engine.problem.required import takes_all
from trajectory_engine.problem.teacher_problem import TeacherProblem

SUMS = (ObjectiveName.STUDY_HOURS, ObjectiveName.COST)


def led_by(first: ObjectiveName, problem: TeacherProblem) -> TeacherProblem:
    """Return the problem with another first objective, what is soft last."""
    others = [s for s in problem.objectives if s.name is not first]
    soft = (ObjectiveName.UNMET_GOALS, ObjectiveName.SOFT_RULES)
    others.sort(key=lambda s: s.name in soft)
    return replace(problem, objectives=(ObjectiveSpec(first), *others))


def answer_of(problem: TeacherProblem) -> Answer:
    return search(problem, Session(0, 60.0, time.monotonic() + 60.0))


def agreeing(
    first: ObjectiveName, number: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[TeacherProblem, Answer]:
    """Return a problem and its answer, which landmarks may not change."""
    problem = led_by(first, problem_of_number(number))
    monkeypatch.setattr(lexicographic, "MANY", 0)
    with_landmarks = answer_of(problem)
    monkeypatch.setattr(lexicographic, "MANY", 1 << 30)
    without = answer_of(problem)
    assert signature(problem, with_landmarks) == signature(problem, without), number
    return problem, without


@pytest.mark.parametrize("first", range(0, 160, 40))
def test_the_answer_is_the_same(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status, values, bounds, steps and uniqueness agree on random problems of all kinds."""
    planned = 0
    for number in range(first, first + 40):
        _, answer = agreeing(SUMS[number % 2], number, monkeypatch)
        planned += answer.choices is not None
    assert planned > 10


def test_the_answer_is_the_same_where_the_completion_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Landmarks of the least hours hold for the plans that end soonest, too."""
    chosen = 0
    for number in range(200, 240):
        problem, answer = agreeing(ObjectiveName.COMPLETION, number, monkeypatch)
        chosen += answer.choices is not None and not takes_all(problem)
    assert chosen > 10
