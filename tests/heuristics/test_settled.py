"""Choices of modules as projects in which everything waits for what forms it first."""

from __future__ import annotations

import time

import pytest
from reduce.cases import mode, module, problem
from reduce.test_reduced_and_unreduced import problem_of_number

from trajectory_engine.cpsat.hitting import choose
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.genetic import GeneticSearch
from trajectory_engine.heuristics.project import project_of
from trajectory_engine.heuristics.settled import settled_project
from trajectory_engine.problem.evaluate import attain, calendar_holds


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_entries_hold_in_every_schedule(first: int) -> None:
    """Whatever order and modes the search takes, nothing starts before its entry holds."""
    schedules = 0
    for number in range(first, first + 100):
        found = problem_of_number(number)
        session = Session(0, 5.0, time.monotonic() + 60.0)
        modes = choose(found, ObjectiveName.STUDY_HOURS, session).modes
        project = None if modes is None else settled_project(found, modes)
        if project is None:
            continue
        for schedule in GeneticSearch(project, number).run(500, 0):
            choices = project.choices(schedule.picks, schedule.starts)
            assert {c.module for c in choices} == set(modes or ()), number
            assert attain(found, choices) is not None, number
            assert calendar_holds(found, choices), number
            schedules += 1
    assert schedules > 10


def test_a_module_waits_for_the_provider_that_ends_first() -> None:
    """Two modules of 4 and 2 periods form what a third one of 1 period asks for: 2 + 1 = 3."""
    found = problem(
        module("slow", 0, modes=(mode(duration=4),)),
        module("quick", 0, modes=(mode(duration=2),)),
        module("last", 1, needs=(0,)),
        goals=(1,),
    )
    assert project_of(found, range(3)) is None
    project = settled_project(found, range(3))
    assert project is not None
    assert project.before == ((), (), (1,))


def test_modules_that_wait_for_each_other_are_no_project() -> None:
    found = problem(module("one", 0, needs=(1,)), module("other", 1, needs=(0,)), goals=(1,))
    assert settled_project(found, range(2)) is None
