"""Checks of time and capacity: calendar, runs, study hours, the teacher's own resources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.catalogue import Resource, ResourceKind, ResourceScope
from trajectory_engine.domain.plan import Violation


def check_starts(case: Case) -> Iterator[Violation]:
    """Check that a mode with runs starts in one of them; any other starts inside its window."""
    for taken in case.taken:
        key = taken.module.id, taken.mode.id
        runs = case.facts.runs.get(key, {})
        run = taken.step.run
        if run is not None and run not in runs:
            offered = f"a run of mode {key[1]} ({listing(runs)})" if runs else "no run"
            yield case.fault(Code.UNKNOWN_RUN, key[0], offered, f"run {run}")
        elif run is not None and runs[run].start != taken.start:
            yield case.fault(
                Code.RUN_START,
                key[0],
                f"start in period {runs[run].start}, as run {run}",
                f"start in period {taken.start}",
            )
        elif run is None and runs:
            yield case.fault(Code.RUN_MISSING, key[0], f"one of the runs {listing(runs)}", "no run")
        elif not runs:
            yield from _check_window(case, taken)


def _check_window(case: Case, taken: Taken) -> Iterator[Violation]:
    windows = case.facts.windows.get((taken.module.id, taken.mode.id), [])
    if windows and not any(w.earliest <= taken.start <= w.latest for w in windows):
        spans = listing(f"{w.earliest} to {w.latest}" for w in windows)
        yield case.fault(
            Code.WINDOW,
            taken.module.id,
            f"start in the window {spans}",
            f"start in period {taken.start}",
        )


def check_span(case: Case) -> Iterator[Violation]:
    """Check that every step lies on the axis and ends by the deadline."""
    horizon, deadline = case.facts.horizon, case.teacher.deadline
    for taken in case.taken:
        span = f"[{taken.start}, {taken.end})"
        if taken.start < 0 or taken.end > horizon:
            yield case.fault(Code.HORIZON, taken.module.id, f"within [0, {horizon})", span)
        if deadline is not None and taken.end > deadline:
            yield case.fault(
                Code.DEADLINE, taken.module.id, f"end by {deadline}", f"end at {taken.end}"
            )


def check_blocked(case: Case) -> Iterator[Violation]:
    """Check that a mode with hours occupies no blocked period."""
    blocked = case.scenario.calendar.blocked_set.union(case.teacher.blocked)
    for taken in case.taken:
        crossed = [p for p in range(taken.start, taken.end) if p in blocked]
        if taken.mode.hours and crossed:
            yield case.fault(
                Code.BLOCKED_PERIOD,
                taken.module.id,
                "no blocked period within the step",
                f"periods {listing(crossed)}",
            )


def check_study_hours(case: Case) -> Iterator[Violation]:
    """Check that in every period that is not blocked the load is at most the teacher's hours."""
    blocked = case.scenario.calendar.blocked_set.union(case.teacher.blocked)
    available = case.teacher.hours
    for period, load in sorted(case.load.items()):
        on_axis = 0 <= period < case.facts.horizon
        most = available[period] if 0 <= period < len(available) else 0
        if on_axis and period not in blocked and load > most:
            busy = listing(t.module.id for t in case.taken if t.start <= period < t.end)
            yield case.fault(
                Code.STUDY_HOURS,
                "",
                f"at most {most} hours in period {period}",
                f"{load} hours ({busy})",
            )


def check_resources(case: Case) -> Iterator[Violation]:
    """Check that the teacher's own resources suffice."""
    for resource in case.scenario.resources:
        if resource.scope is ResourceScope.TEACHER:
            for expected, found in overdrawn(resource, case.taken):
                yield case.fault(Code.RESOURCE, "", expected, found)


def overdrawn(resource: Resource, steps: Iterable[Taken]) -> Iterator[tuple[str, str]]:
    """Yield (expected, found) for every period, or the horizon, in which a resource is short."""
    renewable = resource.kind is ResourceKind.RENEWABLE
    used: dict[int, int] = defaultdict(int)
    for taken in steps:
        amount = sum(u.amount for u in taken.mode.resources if u.resource == resource.id)
        if amount:
            for period in range(taken.start, taken.end) if renewable else (0,):
                used[period] += amount
    for period, amount in sorted(used.items()):
        if amount > resource.capacity:
            where = f" in period {period}" if renewable else " in all"
            yield f"at most {resource.capacity} of {resource.id}{where}", str(amount)
