"""From the calendar of a scenario file to the axis of periods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from trajectory_engine.domain.calendar import Calendar, PeriodUnit, Term
from trajectory_engine.io.documents import CalendarDocument, ScenarioDocument, TermDocument
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.yaml_files import Where, YamlFile


class _CalendarReader:
    def __init__(self, document: YamlFile[ScenarioDocument], problems: Problems) -> None:
        self.document, self.problems = document, problems
        self.calendar: CalendarDocument = document.content.calendar

    def fail(self, where: Where, found: str, expected: str, code: str = "calendar") -> None:
        """Report a fault below ``calendar``."""
        line, column = self.document.place(("calendar", *where))
        self.problems.add(code, self.document.file, line, column, found, expected)

    def axis(self, unit: PeriodUnit) -> Calendar | None:
        """Return the periods without breaks and terms."""
        if unit is PeriodUnit.TERM:
            return self._term_axis()
        start, periods = self.calendar.start, self.calendar.periods
        for key, value in (("start", start), ("periods", periods)):
            if value is None:
                self.fail((key,), f"no key '{key}'", f"a value for the unit {unit}", "missing_key")
        if start is None or periods is None:
            return None
        if unit is PeriodUnit.WEEK:
            return Calendar.weeks(start, periods)
        if start.day != 1:
            self.fail(("start",), start.isoformat(), "the first day of a month")
            return None
        return Calendar.months(start, periods)

    def _term_axis(self) -> Calendar | None:
        for key in ("start", "periods"):
            if getattr(self.calendar, key) is not None:
                self.fail((key,), f"the key '{key}'", "terms only, for the unit term")
        terms = self.calendar.terms
        if not terms:
            self.fail(("terms",), "no terms", "at least one term, for the unit term", "missing_key")
            return None
        if not self._terms_rise(terms):
            return None
        boundaries = (*(t.start for t in terms), terms[-1].end + timedelta(days=1))
        return Calendar(PeriodUnit.TERM, boundaries)

    def _terms_rise(self, terms: Iterable[TermDocument]) -> bool:
        sound, before = True, date.min
        for i, term in enumerate(terms):
            if term.end < term.start:
                self.fail(("terms", i, "end"), term.end.isoformat(), "a day not before its start")
                sound = False
            if term.start <= before:
                found, expected = term.start.isoformat(), f"a day after {before}, the end before"
                self.fail(("terms", i, "start"), found, expected)
                sound = False
            before = max(before, term.end)
        return sound

    def spans(self, axis: Calendar) -> tuple[Term, ...]:
        """Return the terms as spans of periods."""
        found = []
        self._terms_rise(self.calendar.terms) if axis.unit is not PeriodUnit.TERM else None
        for i, term in enumerate(self.calendar.terms):
            touched = touched_periods(axis, term.start, term.end)
            if touched:
                found.append(Term(term.id, touched.start, touched.stop))
            elif term.end >= term.start:
                self.fail(("terms", i), *_off_axis(axis, term.start, term.end))
        return tuple(found)

    def blocked(self, axis: Calendar) -> tuple[int, ...]:
        """Return the periods that a break touches."""
        found: set[int] = set()
        for i, gap in enumerate(self.calendar.breaks):
            if gap.end < gap.start:
                found_text = gap.end.isoformat()
                self.fail(("breaks", i, "end"), found_text, "a day not before its start")
                continue
            touched = touched_periods(axis, gap.start, gap.end)
            if not touched:
                self.fail(("breaks", i), *_off_axis(axis, gap.start, gap.end), "off_calendar")
            found.update(touched)
        return tuple(sorted(found))


def _off_axis(axis: Calendar, start: date, end: date) -> tuple[str, str]:
    return f"{start} to {end}", axis_text(axis)


def axis_text(axis: Calendar) -> str:
    """Return what the dates of a scenario must be, in words."""
    return f"dates from {axis.boundaries[0]} to {axis.end_date(axis.horizon)}, the calendar"


def touched_periods(axis: Calendar, start: date, end: date) -> range:
    """Return the periods that the days ``start`` to ``end`` (inclusive) touch; may be empty."""
    first, last = axis.boundaries[0], axis.boundaries[-1] - timedelta(days=1)
    begin = axis.period_of(max(start, first))
    stop = axis.period_of(min(end, last))
    return range(0) if begin is None or stop is None else range(begin, stop + 1)


def read_calendar(
    document: YamlFile[ScenarioDocument], period: PeriodUnit, problems: Problems
) -> Calendar | None:
    """Return the axis of a scenario, None after reporting why there is none.

    Parameters
    ----------
    period : PeriodUnit
        Unit of the durations in the model.
    """
    reader = _CalendarReader(document, problems)
    unit = reader.calendar.unit or period
    if unit is not period:
        reader.fail(("unit",), unit.value, f"{period}, the period of the model")
        return None
    axis = reader.axis(unit)
    if axis is None:
        return None
    return Calendar(unit, axis.boundaries, reader.blocked(axis), reader.spans(axis))
