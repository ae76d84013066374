"""What a planner edits, the calendar, the teachers and the money, as the texts of its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from trajectory_engine.domain.calendar import Calendar, PeriodUnit
from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.people import DecisionKind, Teacher
from trajectory_engine.domain.repair_prices import DEFAULT_PRICES, RepairPrices
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.io.cells import NEVER
from trajectory_engine.io.documents import SCENARIO_FORMAT
from trajectory_engine.io.rows import (
    AbsenceRow,
    CompletedRow,
    DecisionRow,
    DiagnosisRow,
    FundRow,
    FundYearRow,
    GoalRow,
    RecognitionRow,
    ResourceRow,
    RunRow,
    SubstitutionRow,
    TeacherRow,
    WaiverRow,
    WindowRow,
)
from trajectory_engine.io.written import cell, document, row_of, table
from trajectory_engine.validation.vocabulary import NOTHING


def scenario_texts(scenario: Scenario, model: str, standard: str | None) -> dict[str, str]:
    """Return the files of a scenario folder by name; tables without rows are left out.

    Parameters
    ----------
    model, standard : str
        Paths of the model folder and of the file of the standard, relative to the folder.
    """
    rows: dict[str, tuple[type[Any], Iterable[Any]]] = {
        "teachers.csv": (TeacherRow, _teachers(scenario)),
        "goals.csv": (
            GoalRow,
            (row_of(GoalRow, g, teacher=t.id) for t in scenario.teachers for g in t.goals),
        ),
        "diagnosis.csv": (DiagnosisRow, _diagnosis(scenario.teachers)),
        "recognition.csv": (RecognitionRow, _recognition(scenario.teachers)),
        "completed.csv": (CompletedRow, _completed(scenario.teachers)),
        "absences.csv": (AbsenceRow, _absences(scenario)),
        "funds.csv": (FundRow, (row_of(FundRow, fund) for fund in scenario.funds)),
        "fund_years.csv": (
            FundYearRow,
            (row_of(FundYearRow, y, fund=f.id) for f in scenario.funds for y in f.yearly),
        ),
        "resources.csv": (
            ResourceRow,
            (row_of(ResourceRow, r) for r in scenario.resources),
        ),
        "runs.csv": (RunRow, _runs(scenario)),
        "windows.csv": (WindowRow, _windows(scenario)),
        "waivers.csv": (WaiverRow, (row_of(WaiverRow, w) for w in scenario.waivers)),
        "substitutions.csv": (
            SubstitutionRow,
            (row_of(SubstitutionRow, s) for s in scenario.substitutions),
        ),
        "decisions.csv": (DecisionRow, _decisions(scenario)),
    }
    texts = {"scenario.yaml": document(_document(scenario, model, standard))}
    for name, (row_type, found) in rows.items():
        lines = list(found)
        if lines or name == "teachers.csv":
            texts[name] = table(row_type, lines)
    return texts


# ---- scenario.yaml ------------------------------------------------------------------------------


def _document(scenario: Scenario, model: str, standard: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "format": SCENARIO_FORMAT,
        "version": 1,
        "id": scenario.id,
        "name": scenario.name,
        "model": model,
    }
    if standard is not None:
        found["standard"] = standard
    found |= {
        "currency": scenario.currency,
        "fiscal_year": f"{scenario.fiscal_year.month:02}-{scenario.fiscal_year.day:02}",
        "recognition": scenario.recognition.value,
        "past_modules": scenario.past_modules.value,
        "calendar": _calendar(scenario.calendar),
        "objectives": [
            {"name": o.name.value, "tolerance": o.tolerance} if o.tolerance else o.name.value
            for o in scenario.objectives
        ],
    }
    repairs = _repairs(scenario.repairs)
    return found | ({"repairs": repairs} if repairs else {})


def _calendar(calendar: Calendar) -> dict[str, Any]:
    found: dict[str, Any] = {"unit": calendar.unit.value}
    if calendar.unit is not PeriodUnit.TERM:
        found |= {"start": cell(calendar.boundaries[0]), "periods": calendar.horizon}
    if calendar.terms:
        found["terms"] = [
            {"id": term.id} | _days(calendar, range(term.first, term.last))
            for term in calendar.terms
        ]
    if calendar.blocked:
        found["breaks"] = [_days(calendar, span) for span in _spans(calendar.blocked)]
    return found


def _ends(calendar: Calendar, span: range) -> tuple[date, date]:
    """Return the first and the last day of some periods in a row."""
    return calendar.start_date(span.start), calendar.end_date(span.stop)


def _days(calendar: Calendar, span: range) -> dict[str, str]:
    """Return the same as keys of a file."""
    start, end = _ends(calendar, span)
    return {"start": cell(start), "end": cell(end)}


def _spans(periods: Iterable[int]) -> list[range]:
    """Return rising periods as ranges of neighbours."""
    spans: list[range] = []
    for period in periods:
        if spans and spans[-1].stop == period:
            spans[-1] = range(spans[-1].start, period + 1)
        else:
            spans.append(range(period, period + 1))
    return spans


def _repairs(prices: RepairPrices) -> dict[str, Any]:
    """Return the prices that are not the default."""
    found = {f.name: getattr(prices, f.name) for f in fields(prices)}
    return {
        name: NEVER if price is None else price
        for name, price in found.items()
        if price != getattr(DEFAULT_PRICES, name)
    }


# ---- the tables ---------------------------------------------------------------------------------


def _teachers(scenario: Scenario) -> Iterator[TeacherRow]:
    calendar = scenario.calendar
    for t in scenario.teachers:
        yield TeacherRow(
            t.id,
            t.hours[:1] if len(set(t.hours)) == 1 else t.hours,
            t.name,
            t.group,
            None if t.deadline is None else calendar.end_date(t.deadline),
            t.profile,
            t.languages,
            (NOTHING,) if t.technologies == () else t.technologies or (),
        )


def _diagnosis(teachers: Iterable[Teacher]) -> Iterator[DiagnosisRow]:
    for t in teachers:
        for m in t.measurements:
            yield row_of(DiagnosisRow, m, teacher=t.id)


def _recognition(teachers: Iterable[Teacher]) -> Iterator[RecognitionRow]:
    for t in teachers:
        for r in t.recognised:
            yield row_of(RecognitionRow, r, teacher=t.id)


def _completed(teachers: Iterable[Teacher]) -> Iterator[CompletedRow]:
    for t in teachers:
        for r in t.records:
            component = Component(r.component) if r.component else None
            yield row_of(
                CompletedRow, r, teacher=t.id, date=r.finished, component=component, use=True
            )


def _absences(scenario: Scenario) -> Iterator[AbsenceRow]:
    calendar = scenario.calendar
    for t in scenario.teachers:
        for span in _spans(t.blocked):
            yield AbsenceRow(t.id, *_ends(calendar, span))


def _runs(scenario: Scenario) -> Iterator[RunRow]:
    for r in scenario.runs:
        yield row_of(RunRow, r, start=scenario.calendar.start_date(r.start))


def _windows(scenario: Scenario) -> Iterator[WindowRow]:
    calendar = scenario.calendar
    for w in scenario.windows:
        # The instant after the last period has no day; blank is as late as the mode can start.
        latest = None if w.latest == calendar.horizon else calendar.start_date(w.latest)
        yield WindowRow(w.module, w.mode, calendar.start_date(w.earliest), latest)


def _decisions(scenario: Scenario) -> Iterator[DecisionRow]:
    for d in scenario.decisions:
        value = d.value
        if d.kind is DecisionKind.START and d.period is not None:
            value = cell(scenario.calendar.start_date(d.period))
        yield DecisionRow(d.teacher, d.kind, d.subject, value)
