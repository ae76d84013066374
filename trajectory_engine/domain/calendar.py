"""The axis of periods and the real calendar behind it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property


class PeriodUnit(StrEnum):
    """Length of one period."""

    WEEK = "week"
    MONTH = "month"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Term:
    """Named span of periods ``[first, last)``, for people to read."""

    id: str
    first: int
    last: int


@dataclass(frozen=True)
class Calendar:
    """Periods ``0 .. H-1``; period p lasts from ``boundaries[p]`` to the day before the next.

    Attributes
    ----------
    boundaries : tuple of date
        H + 1 dates, strictly increasing.
    blocked : tuple of int
        Periods in which nobody studies (breaks); a module with load may not cross them.
    terms : tuple of Term
    """

    unit: PeriodUnit
    boundaries: tuple[date, ...]
    blocked: tuple[int, ...] = ()
    terms: tuple[Term, ...] = ()

    @classmethod
    def weeks(
        cls, start: date, count: int, blocked: Sequence[int] = (), terms: Sequence[Term] = ()
    ) -> Calendar:
        """Return ``count`` periods of seven days from ``start``."""
        boundaries = tuple(start + timedelta(weeks=i) for i in range(count + 1))
        return cls(PeriodUnit.WEEK, boundaries, tuple(blocked), tuple(terms))

    @classmethod
    def months(
        cls, start: date, count: int, blocked: Sequence[int] = (), terms: Sequence[Term] = ()
    ) -> Calendar:
        """Return ``count`` calendar months from ``start``, which must be a first of a month."""
        months = (start.year * 12 + start.month - 1 + i for i in range(count + 1))
        boundaries = tuple(date(m // 12, m % 12 + 1, 1) for m in months)
        return cls(PeriodUnit.MONTH, boundaries, tuple(blocked), tuple(terms))

    @property
    def horizon(self) -> int:
        """H, the number of periods."""
        return len(self.boundaries) - 1

    @cached_property
    def blocked_set(self) -> frozenset[int]:
        """Blocked periods for look-up."""
        return frozenset(self.blocked)

    def period_of(self, day: date) -> int | None:
        """Return the period that contains ``day``, None if it lies off the axis."""
        index = bisect_right(self.boundaries, day) - 1
        return index if 0 <= index < self.horizon else None

    def periods_until(self, day: date) -> int:
        """Return how many whole periods have ended on or before the end of ``day``.

        This is the deadline D that ``day`` stands for: ``end <= D``.
        """
        return max(0, bisect_right(self.boundaries, day + timedelta(days=1)) - 1)

    def start_date(self, period: int) -> date:
        """Return the first day of ``period``; for H, the day after the axis."""
        return self.boundaries[period]

    def first_date(self, start: int, end: int) -> date:
        """Return the first day of a step ``[start, end)``: its last day too if it has no length.

        An instant lies between two days; what happens in it is shown on the day before, on the
        first day of the axis for instant 0.
        """
        return self.start_date(start) if end > start else self.end_date(end)

    def end_date(self, end: int) -> date:
        """Return the last day of a step whose half-open interval ends at ``end``."""
        return self.boundaries[end] - timedelta(days=1) if end else self.boundaries[0]
