"""Curricula and degree plans in the CSV format of Curricular Analytics.

Lines of facts (``Curriculum``, ``Institution``, ``System Type``, ...) stand on top; below the line
``Courses`` a heading and the courses, with requisites as ids separated by ``;``. A degree plan has
a column ``Term`` as well, and may list ``Additional Courses``.

References
----------
Heileman, Abdallah, Slim and Hickman, *Curricular analytics: a framework for quantifying the impact
of curricular reforms and pedagogical innovations* (2018); the documentation of
CurricularAnalytics.jl, "Reading/Writing Curricula & Degree Plans".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from trajectory_engine.io.problems import quoted
from trajectory_engine.io.public.report import Report
from trajectory_engine.io.public.sheets import (
    Columns,
    Row,
    Sheet,
    read_rows,
    read_sheet,
    split_cell,
)
from trajectory_engine.validation.vocabulary import IDENTIFIER

COURSES, ADDITIONAL = "Courses", "Additional Courses"
OUTCOMES = ("Course Learning Outcomes", "Curriculum Learning Outcomes")
SECTIONS = (COURSES, ADDITIONAL, *OUTCOMES)
FACTS = ("Curriculum", "Degree Plan", "Institution", "Degree Type", "System Type", "CIP")
PREREQUISITES, COREQUISITES = "Prerequisites", "Corequisites"
STRICT_COREQUISITES = "Strict-Corequisites"
REQUISITES = (PREREQUISITES, COREQUISITES, STRICT_COREQUISITES)
COLUMNS = Columns(
    required=("Course ID", "Course Name", *REQUISITES, "Credit Hours"),
    optional=("Prefix", "Number", "Term"),
    unused=("Institution", "Canonical Name", "Complexity", "Blocking", "Delay", "Centrality"),
)
SYSTEMS = ("semester", "quarter")
MOST_COURSES = 10_000
"""Most courses of one section."""
MOST_CREDITS = 100
"""Most credits of one course."""
MOST_TERM = 200
"""Largest number of a published term."""
_CREDITS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2}0*)?")


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a curriculum.

    Attributes
    ----------
    credits : int
        Hundredths of a credit hour.
    before, no_later, together : tuple of str
        Ids of its prerequisites, corequisites and strict corequisites.
    term : int or None
        Published term, counted from 1.
    line : int
        Line of the file.
    """

    id: str
    name: str
    prefix: str
    number: str
    credits: int
    before: tuple[str, ...]
    no_later: tuple[str, ...]
    together: tuple[str, ...]
    term: int | None
    line: int


@dataclass(frozen=True, slots=True)
class DegreePlan:
    """A curriculum, or a degree plan if it has terms; ``system`` is ``semester`` or ``quarter``."""

    name: str
    system: str
    courses: tuple[Course, ...]


def parse(text: str, report: Report) -> DegreePlan:
    """Return what stands in a file; every fault goes to ``report``."""
    return _PlanReader(report).read(text)


def looks_like_degree_plan(text: str) -> bool:
    """Return whether a text begins like a curriculum or a degree plan."""
    first = text.lstrip("\r\n").partition("\n")[0].lstrip('"')
    return first.startswith("Curriculum") and any(
        name in text for name in ("Course ID", "Credit Hours")
    )


@dataclass
class _PlanReader:
    report: Report
    seen: dict[str, int] = field(default_factory=dict)

    def _fail(self, code: str, line: int, column: str, found: str, expected: str) -> None:
        self.report.add(code, line, column, found, expected)

    def read(self, text: str) -> DegreePlan:
        """Return the plan of a text."""
        rows = [row for row in read_rows(text, self.report) if not _is_comment(row)]
        titles = [i for i, row in enumerate(rows) if _title(row)]
        heading = next((i for i, row in enumerate(rows) if row.cells[0] == "Course ID"), len(rows))
        first = min([*titles, heading])
        facts = self._facts(rows[:first])
        sections = self._sections(rows, titles, heading)
        courses = [
            course
            for title in (COURSES, ADDITIONAL)
            if title in sections
            for course in self._courses(*sections[title])
        ]
        self._check_requisites(courses)
        if not courses and not self.report.problems:
            self._fail("no_courses", 1, "", "no course", "at least one course")
        name = " / ".join(filter(None, (facts.get("Curriculum"), facts.get("Degree Plan"))))
        return DegreePlan(name, facts["System Type"], tuple(courses))

    # ---- facts ------------------------------------------------------------------------------

    def _facts(self, rows: Sequence[Row]) -> dict[str, str]:
        facts: dict[str, str] = {}
        lines: dict[str, int] = {}
        for line, cells in rows:
            key = cells[0]
            value = cells[1] if len(cells) > 1 else ""
            if key not in FACTS:
                self._fail("unknown_key", line, "", quoted(key), f"one of {', '.join(FACTS)}")
            elif key in facts:
                self._fail("duplicate_key", line, "", f"a second line {quoted(key)}", "one line")
            else:
                facts[key], lines[key] = value, line
            extra = next((cell for cell in cells[2:] if cell), None)
            if extra is not None:
                self._fail("one_value", line, key, quoted(extra), "one value beside its name")
        if not facts.get("Curriculum"):
            found, expected = "no name of the curriculum", "a line 'Curriculum' with a name"
            self._fail("missing_key", lines.get("Curriculum", 1), "Curriculum", found, expected)
        written = facts.get("System Type", "")
        facts["System Type"] = written.lower() if written.lower() in SYSTEMS else SYSTEMS[0]
        if written and written.lower() not in SYSTEMS:
            found = f"the system {quoted(written)}, which counts as {SYSTEMS[0]}"
            expected = f"one of {', '.join(SYSTEMS)}"
            line = lines["System Type"]
            self.report.remark("system_assumed", line, "System Type", found, expected)
        return facts

    # ---- sections ---------------------------------------------------------------------------

    def _sections(
        self, rows: Sequence[Row], titles: Sequence[int], heading: int
    ) -> dict[str, tuple[int, Sequence[Row]]]:
        """Return the line and the rows of the sections with courses."""
        found: dict[str, tuple[int, Sequence[Row]]] = {}
        if COURSES not in (rows[i].cells[0] for i in titles):
            line = rows[heading].line if heading < len(rows) else (rows[-1].line if rows else 1)
            self._fail("missing_section", line, "", "no line 'Courses'", "it above the courses")
            stop = next((i for i in titles if i > heading), len(rows))
            found[COURSES] = (line, rows[heading:stop])
        for begin, end in pairwise([*titles, len(rows)]):
            title, line = rows[begin].cells[0], rows[begin].line
            if title in OUTCOMES:
                found_rows = (
                    f"{max(0, end - begin - 2)} rows of {quoted(title)}, which are not used"
                )
                self.report.remark("section_not_used", line, "", found_rows, "courses only")
            elif title in found:
                self._fail("duplicate_section", line, "", f"a second line {quoted(title)}", "one")
            else:
                found[title] = (line, rows[begin + 1 : end])
        return found

    # ---- courses ----------------------------------------------------------------------------

    def _courses(self, line: int, rows: Sequence[Row]) -> Iterator[Course]:
        sheet = read_sheet(rows, COLUMNS, self.report, line)
        if len(sheet.rows) > MOST_COURSES:
            found, expected = f"{len(sheet.rows)} courses", f"at most {MOST_COURSES}"
            self._fail("too_many", line, "", found, expected)
        elif "Course ID" in sheet.heading:
            yield from (self._course(sheet, row) for row in sheet.rows)

    def _course(self, sheet: Sheet, row: Row) -> Course:
        identifier = self._identifier(sheet, row)
        before, no_later, together = (
            tuple(split_cell(sheet.cell(row, kind), ";")) for kind in REQUISITES
        )
        if "Course Name" in sheet.heading and not sheet.cell(row, "Course Name"):
            self._fail("missing_value", row.line, "Course Name", "a blank cell", "a value")
        return Course(
            identifier,
            sheet.cell(row, "Course Name"),
            sheet.cell(row, "Prefix"),
            sheet.cell(row, "Number"),
            self._credits(sheet, row),
            before,
            no_later,
            together,
            self._term(sheet, row),
            row.line,
        )

    def _identifier(self, sheet: Sheet, row: Row) -> str:
        found = sheet.cell(row, "Course ID")
        if not IDENTIFIER.fullmatch(found) or ";" in found:
            expected = "an identifier: text without comma, semicolon, @, brackets, | or blanks"
            shown = quoted(found) if found else "a blank cell"
            self._fail("identifier", row.line, "Course ID", shown, expected)
        elif found in self.seen:
            expected = f"it once, in line {self.seen[found]}"
            self._fail(
                "duplicate_id", row.line, "Course ID", f"course {quoted(found)} twice", expected
            )
        self.seen.setdefault(found, row.line)
        return found

    def _credits(self, sheet: Sheet, row: Row) -> int:
        if "Credit Hours" not in sheet.heading:
            return 0
        found = sheet.cell(row, "Credit Hours")
        if _CREDITS.fullmatch(found) and Decimal(found) <= MOST_CREDITS:
            return int(Decimal(found) * 100)
        expected = f"a number from 0 to {MOST_CREDITS} with at most two decimals"
        shown = quoted(found) if found else "a blank cell"
        self._fail("credits", row.line, "Credit Hours", shown, expected)
        return 0

    def _term(self, sheet: Sheet, row: Row) -> int | None:
        found = sheet.cell(row, "Term")
        if not found:
            return None
        if re.fullmatch(r"[0-9]{1,3}", found) and 1 <= int(found) <= MOST_TERM:
            return int(found)
        expected = f"a whole number from 1 to {MOST_TERM}"
        self._fail("whole_number", row.line, "Term", quoted(found), expected)
        return None

    def _check_requisites(self, courses: Sequence[Course]) -> None:
        known = {course.id for course in courses}
        for course in courses:
            for kind, needs in requisites(course).items():
                for need in needs:
                    if need == course.id:
                        expected = "other courses"
                        self._fail("cycle", course.line, kind, "the course itself", expected)
                    elif need not in known:
                        found = f"course {quoted(need)}"
                        self._fail("unknown_id", course.line, kind, found, "a known course")


def requisites(course: Course) -> Mapping[str, tuple[str, ...]]:
    """Return the requisites of a course by the column in which they stand."""
    return {
        PREREQUISITES: course.before,
        COREQUISITES: course.no_later,
        STRICT_COREQUISITES: course.together,
    }


def _is_comment(row: Row) -> bool:
    return row.cells[0].startswith("#")


def _title(row: Row) -> bool:
    return row.cells[0] in SECTIONS and not any(row.cells[1:])
