"""Stretches of plans that are searched again: what is found is a plan, and ends sooner."""

from __future__ import annotations

import time

import pytest
from reduce.cases import mode, module, problem
from reduce.test_reduced_and_unreduced import problem_of_number

from cpsat.test_choice_first import answer_of, led_by
from trajectory_engine.cpsat.session import Session
from trajectory_engine.cpsat.stretches import Stretches
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import end_of, is_plan
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, going_on

Plan = tuple[Choice, ...]


def last_end(found: TeacherProblem, plan: Plan) -> int:
    return max(end_of(found, c) for c in plan)


def shortened(found: TeacherProblem, plan: Plan, questions: int) -> Plan:
    """Return what stretches make of a plan; each that is found is one, and ends sooner."""
    stretches = Stretches(found, compute_heads(found), 0)
    session = Session(0, 100.0, time.monotonic() + 60.0)
    for _ in range(questions):
        sooner = stretches.improve(plan, session)
        if sooner is not None:
            assert is_plan(found, sooner)
            assert last_end(found, sooner) < last_end(found, plan)
            plan = sooner
    return plan


def test_a_module_gives_way_to_a_shorter_one_and_what_follows_moves() -> None:
    """Between "before" and "after" lie 3 periods of "long", for which "short" takes 2."""
    found = problem(
        module("before", 0),
        module("long", 1, modes=(mode(hours=3, duration=3),), needs=(0,)),
        module("short", 1, modes=(mode(hours=8, duration=2),), needs=(0,)),
        module("after", 2, needs=(1,)),
        goals=(2,),
    )
    plan = (Choice(0, 0, 0), Choice(1, 0, 1), Choice(3, 0, 4))
    assert is_plan(found, plan)
    assert shortened(found, plan, 5) == (Choice(0, 0, 0), Choice(2, 0, 1), Choice(3, 0, 3))


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_late_plans_are_shortened_and_optimal_ones_are_left(first: int) -> None:
    """Against the optimum: a plan moved by three periods comes back, never to less than it."""
    sooner = 0
    for number in range(first, first + 40):
        found = led_by(ObjectiveName.COMPLETION, problem_of_number(number))
        if found.obstacles:
            continue
        answer = answer_of(found)
        if not answer.choices:
            continue
        least = answer.values[ObjectiveName.COMPLETION]
        assert answer.bounds[ObjectiveName.COMPLETION] == least, number
        assert last_end(found, shortened(found, answer.choices, 2)) == least, number
        longer = going_on(found, 3)
        late = tuple(Choice(c.module, c.mode, c.start + 3) for c in answer.choices)
        if is_plan(longer, late):
            reached = last_end(longer, shortened(longer, late, 4))
            assert least <= reached, number
            sooner += reached < last_end(longer, late)
    assert sooner > 2
