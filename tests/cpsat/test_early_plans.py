"""Plans that end soon by choices that trade hours for delay."""

from __future__ import annotations

import time

import pytest
from reduce.cases import mode, module, problem
from reduce.test_reduced_and_unreduced import problem_of_number

from trajectory_engine.cpsat.early_plans import EarlyPlans
from trajectory_engine.cpsat.hitting import choose
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import end_of, is_plan
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, going_on


def ends_of(found: TeacherProblem, effort: float, seed: int = 0) -> tuple[list[int], float]:
    """Return the completions of the plans in the order in which they come, and what was spent."""
    session = Session(seed, effort, time.monotonic() + 60.0)
    ends: list[int] = []

    def take(choices: tuple[Choice, ...]) -> None:
        assert is_plan(found, choices)
        ends.append(max((end_of(found, c) for c in choices), default=0))

    cheapest = choose(found, ObjectiveName.STUDY_HOURS, session)
    early = EarlyPlans(found, compute_heads(found), cheapest, session, take)
    early.begin(0, effort / 2)
    early.improve(0, None, effort / 2)
    return ends, session.spent


def test_hours_are_traded_for_an_earlier_end() -> None:
    """Two modules of 3 periods take 6 hours; one of 2 periods takes 8: at first it is dearer.

    The second of the two is done 4 periods late; with 2 tenths of its hours more for each of them
    the two cost 3 x 10 + 3 x 18 = 84.
    """
    found = problem(
        module("first", 0, modes=(mode(hours=3, duration=3),)),
        module("then", 1, modes=(mode(hours=3, duration=3),), needs=(0,)),
        module("at once", 1, modes=(mode(hours=8, duration=2),)),
        goals=(1,),
    )
    ends, _ = ends_of(found, 1.0)
    assert ends == [6, 2]


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_plans_get_better_and_repeat(first: int) -> None:
    plans = 0
    for number in range(first, first + 20):
        found = problem_of_number(number)
        ends, spent = ends_of(found, 0.1)
        assert ends == sorted(set(ends), reverse=True), number
        assert (ends, spent) == ends_of(found, 0.1), number
        plans += len(ends)
    assert plans > 2


def test_only_what_the_deadline_limits_goes_on_behind_it() -> None:
    """Of 6 periods to 8: two starts more, but not for what could not end in 6 before."""
    found = going_on(
        problem(
            module("free", 0, modes=(mode(duration=2),)),
            module("early", 1, modes=(mode(duration=2, starts=(0, 1)),)),
            goals=(0, 1),
        ),
        2,
    )
    free, early = (m.modes[0].starts for m in found.modules)
    assert free == (0, 1, 2, 3, 4, 5, 6)
    assert early == (0, 1)
    assert found.deadline == len(found.capacity) == 8
