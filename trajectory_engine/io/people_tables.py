"""Reading the tables about teachers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.people import (
    CompletionRecord,
    Decision,
    DecisionKind,
    Goal,
    Measurement,
    Recognition,
)
from trajectory_engine.domain.people import Teacher as DomainTeacher
from trajectory_engine.io.axis import axis_text, touched_periods
from trajectory_engine.io.cells import read_day
from trajectory_engine.io.folder_reader import FolderReader, read_goal
from trajectory_engine.io.problems import quoted
from trajectory_engine.io.rows import (
    AbsenceRow,
    CompletedRow,
    DecisionRow,
    DiagnosisRow,
    GoalRow,
    RecognitionRow,
    TeacherRow,
)
from trajectory_engine.io.tables import Table
from trajectory_engine.validation.records import states_its_size
from trajectory_engine.validation.vocabulary import EVERYBODY, NOTHING

_RECORD_COLUMNS = {"": "module", "finished": "date"}
_TEACHER_COLUMNS = {"completed": "id", "goals": "id", "measurements": "id", "blocked": "id"}


@dataclass
class _Records:
    """What the other tables say of one teacher, each with its line."""

    goals: list[tuple[Goal, int]] = field(default_factory=list)
    measurements: list[tuple[Measurement, int]] = field(default_factory=list)
    recognised: list[tuple[Recognition, int]] = field(default_factory=list)
    completed: dict[str, int] = field(default_factory=dict)
    finished: list[tuple[CompletionRecord, int]] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)


def read_teachers(
    reader: FolderReader, axis: Calendar, catalogue: Container[str]
) -> tuple[DomainTeacher, ...]:
    """Return the teachers with everything that the tables say of them.

    Parameters
    ----------
    catalogue : container of str
        Ids of the modules.
    """
    table = reader.table("teachers.csv", TeacherRow, required=True)
    records: defaultdict[str, _Records] = defaultdict(_Records)
    people = _PeopleReader(reader, axis, {row.id for row in table.rows}, records, catalogue)
    files = people.read_all()
    places = reader.places
    places.add_rows(("teachers",), table.file, table.lines, _TEACHER_COLUMNS)
    teachers = []
    for i, (row, line) in enumerate(table):
        mine = records[row.id]
        for name, lines in (
            ("goals", [line for _, line in mine.goals]),
            ("measurements", [line for _, line in mine.measurements]),
            ("recognised", [line for _, line in mine.recognised]),
            ("completed", list(mine.completed.values())),
            ("records", [line for _, line in mine.finished]),
        ):
            columns = _RECORD_COLUMNS if name in ("completed", "records") else {}
            places.add_rows(("teachers", i, name), files[name], lines, columns)
        teachers.append(_teacher(people, table, row, line, mine))
    return tuple(teachers)


def _teacher(
    people: _PeopleReader, table: Table[Any], row: TeacherRow, line: int, records: _Records
) -> DomainTeacher:
    hours = row.hours * people.axis.horizon if len(row.hours) == 1 else row.hours
    deadline = None
    if row.deadline is not None and people.on_axis(table, line, "deadline", row.deadline):
        deadline = people.axis.periods_until(row.deadline)
    technologies: tuple[str, ...] | None = row.technologies or None
    return DomainTeacher(
        id=row.id,
        hours=hours,
        name=row.name or row.id,
        group=row.group,
        profile=row.profile,
        goals=tuple(goal for goal, _ in records.goals),
        measurements=tuple(m for m, _ in records.measurements),
        recognised=tuple(r for r, _ in records.recognised),
        completed=tuple(records.completed),
        blocked=tuple(sorted(records.blocked)),
        deadline=deadline,
        languages=row.languages,
        technologies=() if technologies == (NOTHING,) else technologies,
        records=tuple(record for record, _ in records.finished),
    )


class _PeopleReader:
    """Reads the tables whose rows belong to a teacher."""

    def __init__(
        self,
        reader: FolderReader,
        axis: Calendar,
        known: set[str],
        records: defaultdict[str, _Records],
        catalogue: Container[str],
    ) -> None:
        self.reader, self.axis, self.known, self.records = reader, axis, known, records
        self.catalogue = catalogue

    def on_axis(self, table: Table[Any], line: int, column: str, day: Any) -> bool:
        """Return whether a day lies on the axis, after reporting if it does not."""
        if self.axis.period_of(day) is not None:
            return True
        self.reader.problems.add(
            "off_calendar", table.file, line, column, day.isoformat(), axis_text(self.axis)
        )
        return False

    def rows(self, table: Table[Any]) -> list[tuple[Any, int, _Records]]:
        """Return the rows of known teachers, after reporting the others."""
        found = []
        for row, line in table:
            if row.teacher in self.known:
                found.append((row, line, self.records[row.teacher]))
            else:
                self.reader.unknown(table, line, "teacher", row.teacher, "teacher")
        return found

    def read_all(self) -> dict[str, str]:
        """Read all tables; return the file of every field of a teacher."""
        return {
            "goals": self._goals(),
            "measurements": self._diagnosis(),
            "recognised": self._recognition(),
            "completed": self._completed(),
            "records": "completed.csv",
            "blocked": self._absences(),
        }

    def _goals(self) -> str:
        table = self.reader.table("goals.csv", GoalRow)
        for row, line, mine in self.rows(table):
            goal = read_goal(self.reader, table, row, line)
            if goal is not None:
                mine.goals.append((goal, line))
        return table.file

    def _diagnosis(self) -> str:
        table = self.reader.table("diagnosis.csv", DiagnosisRow)
        problems = self.reader.problems
        for row, line, mine in self.rows(table):
            scores = (row.content, row.activity, row.communicative)
            scored = any(score is not None for score in scores)
            if (row.level is not None) == scored and not problems.has_row(table.file, line):
                found = "a level and scores" if scored else "neither a level nor scores"
                expected = "a level, or at least one of content, activity, communicative"
                problems.add("measurement", table.file, line, "level", found, expected)
                continue
            measurement = Measurement(
                row.element, row.level, *scores, row.instrument, row.confidence
            )
            mine.measurements.append((measurement, line))
        return table.file

    def _recognition(self) -> str:
        table = self.reader.table("recognition.csv", RecognitionRow)
        for row, line, mine in self.rows(table):
            recognition = Recognition(
                row.element, row.level, row.evidence, row.id, row.issued, row.expires, row.use
            )
            mine.recognised.append((recognition, line))
        return table.file

    def _completed(self) -> str:
        table = self.reader.table("completed.csv", CompletedRow)
        last = self.axis.end_date(self.axis.horizon)
        for row, line, mine in self.rows(table):
            if row.date is not None and row.date > last:
                found, expected = row.date.isoformat(), f"a date not after {last}, the last day"
                self.reader.problems.add("off_calendar", table.file, line, "date", found, expected)
            if not row.use:
                continue
            record = CompletionRecord(
                row.module,
                row.date,
                row.hours,
                row.credits,
                row.provider,
                row.form or "",
                row.component or "",
                row.group,
                row.expires,
            )
            mine.finished.append((record, line))
            foreign = row.module not in self.catalogue and states_its_size(record)
            if not foreign and not record.lapses_by(last):
                mine.completed.setdefault(row.module, line)
        return table.file

    def _absences(self) -> str:
        table = self.reader.table("absences.csv", AbsenceRow)
        for row, line, mine in self.rows(table):
            if row.start is None or row.end is None:
                continue
            if row.end < row.start:
                found, expected = row.end.isoformat(), f"a date not before {row.start}"
                self.reader.problems.add("span", table.file, line, "end", found, expected)
                continue
            touched = touched_periods(self.axis, row.start, row.end)
            if not touched:
                found = f"{row.start} to {row.end}"
                self.reader.problems.add(
                    "off_calendar", table.file, line, "start", found, axis_text(self.axis)
                )
            mine.blocked.update(touched)
        return table.file


def read_decisions(
    reader: FolderReader, axis: Calendar, teachers: tuple[DomainTeacher, ...]
) -> tuple[Decision, ...]:
    """Return the pins of ``decisions.csv``; those of everybody once for every teacher."""
    table = reader.table("decisions.csv", DecisionRow)
    known = {teacher.id for teacher in teachers}
    found: list[Decision] = []
    lines: list[int] = []
    for row, line in table:
        if row.teacher != EVERYBODY and row.teacher not in known:
            reader.unknown(table, line, "teacher", row.teacher, "teacher")
            continue
        if reader.problems.has_row(table.file, line) or not _value_fits(reader, table, row, line):
            continue
        period = None
        if row.kind is DecisionKind.START:
            period = _start_period(reader, table, row, line, axis)
            if period is None:
                continue
        value = "" if row.kind is DecisionKind.START else row.value
        for teacher in [t.id for t in teachers] if row.teacher == EVERYBODY else [row.teacher]:
            found.append(Decision(teacher, row.kind, row.subject, value, period))
            lines.append(line)
    reader.places.add_rows(("decisions",), table.file, lines, {"period": "value"})
    return tuple(found)


def _value_fits(reader: FolderReader, table: Table[Any], row: DecisionRow, line: int) -> bool:
    needed = row.kind not in (DecisionKind.TAKE, DecisionKind.FORBID)
    if needed == bool(row.value):
        return True
    found = quoted(row.value) if row.value else "a blank cell"
    expected = f"a value for {row.kind}" if needed else f"no value for {row.kind}"
    reader.problems.add("decision_value", table.file, line, "value", found, expected)
    return False


def _start_period(
    reader: FolderReader, table: Table[Any], row: DecisionRow, line: int, axis: Calendar
) -> int | None:
    try:
        day = read_day(row.value)
    except ValueError:
        expected = "a date such as 2027-01-18"
        reader.problems.add("date", table.file, line, "value", quoted(row.value), expected)
        return None
    period = axis.period_of(day)
    if period is None:
        reader.problems.add("off_calendar", table.file, line, "value", row.value, axis_text(axis))
    return period
