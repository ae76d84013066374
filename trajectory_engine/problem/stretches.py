"""Stretches of time in which rules count, as half-open spans of the instants at which steps end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.standard import Stretch, TimeScope

Span = tuple[int, int]
"""Ends e with first <= e < second."""


def last_period(end: int) -> int:
    """Return the last period of a step that ends in an instant."""
    return max(end - 1, 0)


def stretches(calendar: Calendar, time: TimeScope) -> Iterator[Span]:
    """Yield the spans of ends of all stretches of a scope in time, in their order."""
    match time.per:
        case Stretch.PLAN:
            yield 0, calendar.horizon + 1
        case Stretch.PERIOD:
            yield from runs(calendar.horizon + 1, last_period)
        case Stretch.TERM:
            for term in calendar.terms:
                yield term.first + (term.first > 0), term.last + 1
        case Stretch.YEAR:
            yield from runs(
                calendar.horizon + 1, lambda e: year_of(calendar.end_date(e), time.year_starts)
            )


def year_of(day: date, year_starts: int) -> int:
    """Return the calendar year in which the year of a day began."""
    return day.year - (day.month < year_starts)


def runs(count: int, key: Callable[[int], object]) -> Iterator[Span]:
    """Yield the spans of 0 .. count - 1 over which a key stays the same."""
    first = 0
    for i in range(1, count + 1):
        if i == count or key(i) != key(first):
            yield first, i
            first = i
