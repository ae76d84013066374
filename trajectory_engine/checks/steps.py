"""Checks of every step by itself: it exists, is open to the teacher, and says what is true."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.catalogue import Mode
from trajectory_engine.domain.plan import Violation


def check_known(case: Case) -> Iterator[Violation]:
    """Check that every module and mode of the plan is in the catalogue."""
    for step in case.unknown:
        module = case.facts.modules.get(step.module)
        if module is None:
            yield case.fault(
                Code.UNKNOWN_MODULE, step.module, "a module of the catalogue", step.module
            )
        else:
            modes = listing(m.id for m in module.modes)
            yield case.fault(
                Code.UNKNOWN_MODE, step.module, f"a mode of the module ({modes})", step.mode
            )


def check_once(case: Case) -> Iterator[Violation]:
    """Check that a module is taken at most once, and not if there is a completion record."""
    seen: set[str] = set()
    for taken in case.taken:
        module = taken.module.id
        if module in seen:
            yield case.fault(Code.MODULE_TWICE, module, "taken once", "taken again")
        elif module in case.completed:
            yield case.fault(
                Code.MODULE_COMPLETED, module, "not taken: it is completed", "a step that takes it"
            )
        seen.add(module)


def check_open(case: Case) -> Iterator[Violation]:
    """Check that the mode is open to the teacher: language and technologies."""
    teacher = case.teacher
    for taken in case.taken:
        mode = taken.mode
        if mode.language and teacher.languages and mode.language not in teacher.languages:
            yield case.fault(
                Code.MODE_NOT_OPEN,
                taken.module.id,
                f"a mode in {listing(teacher.languages)}",
                f"mode {mode.id} in {mode.language}",
            )
        lacking = _lacking_technologies(mode, teacher.technologies)
        if lacking:
            yield case.fault(
                Code.MODE_NOT_OPEN,
                taken.module.id,
                "technologies that the teacher has",
                f"mode {mode.id} needs {listing(lacking)}",
            )


def _lacking_technologies(mode: Mode, available: tuple[str, ...] | None) -> list[str]:
    return [] if available is None else [t for t in mode.technologies if t not in available]


def check_order(case: Case) -> Iterator[Violation]:
    """Check that steps stand in the order of start, end and module id.

    Those of duration 0 in one instant stand in an order in which each one's entry holds.
    """
    steps = case.plan.steps
    for earlier, later in pairwise(steps):
        instant = earlier.start == earlier.end == later.start == later.end
        before = (earlier.start, earlier.end, "" if instant else earlier.module)
        if (later.start, later.end, "" if instant else later.module) < before:
            yield case.fault(
                Code.STEP_ORDER,
                later.module,
                "steps in the order of start, end, module",
                f"{later.module} [{later.start}, {later.end}) after "
                f"{earlier.module} [{earlier.start}, {earlier.end})",
            )


def check_instants(case: Case) -> Iterator[Violation]:
    """Check that steps of duration 0 come after those of the same instant that they need."""
    for position in case.attainment.out_of_order:
        taken = case.taken[position]
        yield case.fault(
            Code.STEP_ORDER,
            taken.module.id,
            f"after the steps of instant {taken.start} that it needs",
            "before one of them",
        )


def check_figures(case: Case) -> Iterator[Violation]:
    """Check that end, dates, hours, credits and price are those of catalogue and calendar."""
    for taken in case.taken:
        step, mode = taken.step, taken.mode
        for code, expected, found in (
            (Code.STEP_END, taken.end, step.end),
            (Code.STEP_HOURS, mode.hours, step.hours),
            (Code.STEP_CREDITS, mode.credits, step.credits),
            (Code.STEP_COST, mode.price, step.cost),
        ):
            if expected != found:
                yield case.fault(code, taken.module.id, expected, found)
        yield from _check_dates(case, taken)


def _check_dates(case: Case, taken: Taken) -> Iterator[Violation]:
    if not 0 <= taken.start <= taken.end <= case.facts.horizon:
        return  # off the axis there are no dates; the horizon check speaks of it
    calendar = case.scenario.calendar
    first = calendar.boundaries[taken.start]
    last = calendar.end_date(taken.end)
    expected = (first if taken.mode.duration else last), last
    found = taken.step.start_date, taken.step.end_date
    if expected != found:
        yield case.fault(
            Code.STEP_DATES,
            taken.module.id,
            f"{expected[0]} to {expected[1]}",
            f"{found[0]} to {found[1]}",
        )
