"""Balanced curricula: data for the MiniZinc Challenge's model ``curriculum.mzn.model``."""

from __future__ import annotations

import re

from trajectory_engine.io.public.base import Importer, Source
from trajectory_engine.io.public.complaints import Complaints
from trajectory_engine.io.public.curriculum import (
    MOST_CHARACTERS,
    MOST_COURSES,
    MOST_LOAD,
    Course,
    Curriculum,
    Pair,
    prerequisites,
    read_limits,
    reader,
)
from trajectory_engine.io.public.statements import (
    Assignments,
    Comments,
    Statement,
    statements,
)

_COMMENTS = Comments("%")
_COMMA = re.compile(",")
_INCLUDE = re.compile(r'include\s*"[^"\n]*"')
_CONSTRAINT = re.compile(r"constraint\b.*", re.DOTALL)
_PREREQUISITE = re.compile(r"constraint\s+prerequisite\s*\(\s*([^\s,()]+)\s*,\s*([^\s,()]+)\s*\)")
_LIMITS = (
    "n_periods",
    "load_per_period_lb",
    "load_per_period_ub",
    "courses_per_period_lb",
    "courses_per_period_ub",
)


def parse(text: str, complaints: Complaints) -> Curriculum | None:
    """Return the curriculum of a text without comments, None after reporting what is wrong."""
    found = Assignments(("n_courses", "course_load", *_LIMITS), complaints)
    pairs: list[Pair] = []
    for statement in statements(text, complaints):
        if _CONSTRAINT.fullmatch(statement.text):
            _add_pair(statement, pairs, complaints)
        elif not _INCLUDE.fullmatch(statement.text):
            found.add(statement)
    count = found.whole("n_courses", 1, MOST_COURSES)
    limits = read_limits(found, _LIMITS, complaints)
    listed = found.items("course_load", ("[", "]"), _COMMA)
    if listed is None:
        return None
    if count is not None:
        complaints.count(
            listed[0][0] if listed else None, "course_load", len(listed), count[1], "loads"
        )
    names = [f"course-{i}" for i in range(1, len(listed) + 1)]
    before = prerequisites(set(names), pairs, complaints)
    courses = []
    for name, (row, text) in zip(names, listed, strict=True):
        load = complaints.whole(text, row, "course_load", 0, MOST_LOAD)
        courses.append(Course(name, row, load or 0, before.get(name, ())))
    return None if complaints.problems or limits is None else Curriculum(limits, tuple(courses))


def _add_pair(statement: Statement, pairs: list[Pair], complaints: Complaints) -> None:
    match = _PREREQUISITE.fullmatch(statement.text)
    if match is None:
        expected = "constraint prerequisite(course, course before it)"
        complaints.add("unknown_statement", statement.row, "", statement.shown, expected)
        return
    after, before = (
        complaints.whole(text, statement.row, "prerequisite", 1, MOST_COURSES)
        for text in match.groups()
    )
    if after is not None and before is not None:
        pairs.append(Pair(statement.row, f"course-{after}", f"course-{before}"))


def _looks_like(source: Source) -> bool:
    text = source.text
    return "course_load" in text and re.search(r"\bcourse_load\s*=\s*\[", text) is not None


BACP_MINIZINC = Importer(
    "bacp-minizinc",
    "balanced curricula: data of the MiniZinc Challenge",
    (".mzn", ".dzn"),
    _looks_like,
    reader(_COMMENTS, parse),
    most_characters=MOST_CHARACTERS,
)
