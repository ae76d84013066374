"""Bounds by deadlines that no choice of modules can keep, against the optimum."""

from __future__ import annotations

import time

import pytest
from reduce.cases import mode, module, problem
from reduce.test_reduced_and_unreduced import problem_of_number

from cpsat.test_choice_first import answer_of, led_by
from trajectory_engine.cpsat import lexicographic
from trajectory_engine.cpsat.early_plans import EarlyPlans
from trajectory_engine.cpsat.hitting import choose
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import TeacherProblem

COMPLETION = ObjectiveName.COMPLETION


def bound_of(found: TeacherProblem) -> int:
    session = Session(0, 2.0, time.monotonic() + 60.0)
    cheapest = choose(found, ObjectiveName.STUDY_HOURS, session)
    early = EarlyPlans(found, compute_heads(found), cheapest, session, lambda _: None)
    return early.improve(0, None, 0.1)


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_the_bound_is_at_most_the_optimum(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicographic, "MANY", 1 << 30)
    tight = 0
    for number in range(first, first + 30):
        found = led_by(COMPLETION, problem_of_number(number))
        answer = answer_of(found)
        if answer.choices is None or found.obstacles:
            continue
        least = answer.values[COMPLETION]
        assert answer.bounds[COMPLETION] == least, number
        bound = bound_of(found)
        assert bound <= least, number
        tight += 0 < bound == least
    assert tight > 2


def test_periods_hold_less_than_their_hours() -> None:
    """Loads of 6 in periods of 10 run one at a time: four of them take four periods.

    The longest chain takes 2 periods, and 24 hours fill 3.
    """
    found = problem(
        module("first", 0, modes=(mode(hours=6, duration=1),)),
        module("then", 1, modes=(mode(hours=6, duration=1),), needs=(0,)),
        module("beside", 2, modes=(mode(hours=12, duration=2),)),
        goals=(1, 2),
        capacity=10,
    )
    assert bound_of(found) == 4
