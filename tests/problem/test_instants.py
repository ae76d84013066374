"""Steps of duration 0: one day, and the order in which they really happen."""

from __future__ import annotations

from datetime import date

from oracle.tiny import goal, mode, module, need, tiny

import trajectory_engine as te
from trajectory_engine.domain.catalogue import Entry
from trajectory_engine.domain.scenario import Scenario

ZERO = {"hours": 0, "duration": 0}


def chain(**changes: object) -> Scenario:
    """Return C, then B, then A, all without duration, after X, which takes week 0."""
    modules = (
        module("A", "y2", mode(**ZERO)),  # type: ignore[arg-type]
        module("B", "y1", mode(**ZERO)),  # type: ignore[arg-type]
        module("C", "x2", mode(**ZERO)),  # type: ignore[arg-type]
        module("X", "x1", mode(hours=4, duration=1)),
    )
    return tiny(*modules, goals=(goal("y2"),), needs=(need("y1", "x2"),), **changes)  # type: ignore[arg-type]


def test_steps_of_one_instant_stand_in_the_order_in_which_they_happen() -> None:
    result = te.plan(chain())
    steps = result.teachers[0].steps
    assert [(s.module, s.start, s.end) for s in steps] == [
        ("X", 0, 1),
        ("C", 1, 1),
        ("B", 1, 1),
        ("A", 1, 1),
    ]
    assert [s.attains for s in steps] == [
        ("Sub[x]@1",),
        ("Sub[x]@2",),
        ("Sub[y]@1",),
        ("Sub[y]@2",),
    ]
    assert te.verify(chain(), result) == []


def test_dates_do_not_run_backwards() -> None:
    """The first week ends on Sunday 10 January: that is the day of what happens at its end."""
    steps = te.plan(chain()).teachers[0].steps
    assert (steps[0].start_date, steps[0].end_date) == (date(2027, 1, 4), date(2027, 1, 10))
    assert {(s.start_date, s.end_date) for s in steps[1:]} == {
        (date(2027, 1, 10), date(2027, 1, 10))
    }


def test_instant_0_is_the_first_day() -> None:
    facts = tiny(module("A", "x1", mode(**ZERO)), goals=(goal("x1"),))  # type: ignore[arg-type]
    (step,) = te.plan(facts).teachers[0].steps
    assert (step.start, step.start_date, step.end_date) == (0, date(2027, 1, 4), date(2027, 1, 4))


def test_no_step_is_a_prerequisite_of_itself() -> None:
    """B asks for A, and stands for A itself; but not before it has been taken."""
    modules = (
        module("A", "x1"),
        module("B", "y1", mode(**ZERO), entry=Entry(modules=("A",)), replaces=("A",)),  # type: ignore[arg-type]
    )
    facts = tiny(*modules, goals=(goal("y1"),))
    result = te.plan(facts)
    assert [(s.module, s.because) for s in result.teachers[0].steps] == [
        ("A", ("prerequisite:B",)),
        ("B", ("goal:Sub[y]@1",)),
    ]
    assert te.verify(facts, result) == []
