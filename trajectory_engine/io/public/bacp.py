"""Balanced curricula: the ``.dat`` files of CSPLib problem 30."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from trajectory_engine.io.problems import quoted
from trajectory_engine.io.public.base import Importer, Source, identifier_of
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
from trajectory_engine.io.public.statements import Assignments, Comments, statements

_COMMENTS = Comments("//", "%")
_COMMA = re.compile(",")
_BETWEEN_PAIRS = re.compile(r"(?<=>)\s*,|(?<=>)(?=\s*<)")
"""A comma, which published files forget here and there."""
_PAIR = re.compile(r"<\s*([^\s<>,]+)\s*,\s*([^\s<>,]+)\s*>")

Items = list[tuple[int, str]]


def parse(text: str, complaints: Complaints) -> Curriculum | None:
    """Return the curriculum of a text without comments, None after reporting what is wrong."""
    found = Assignments(("p", "a", "b", "c", "d", "courses", "credit", "prereq"), complaints)
    for statement in statements(text, complaints):
        found.add(statement)
    limits = read_limits(found, ("p", "a", "b", "c", "d"), complaints)
    names = found.items("courses", ("{", "}"), _COMMA)
    credit = found.items("credit", ("[", "]"), _COMMA)
    pairs = found.items("prereq", ("{", "}"), _BETWEEN_PAIRS)
    if names is None or credit is None:
        return None
    known = {name for _, name in names}
    before = prerequisites(known, list(_pairs(pairs or [], complaints)), complaints)
    courses = tuple(_courses(names, credit, before, complaints))
    return None if complaints.problems or limits is None else Curriculum(limits, courses)


def _courses(
    names: Items, credit: Items, before: Mapping[str, tuple[str, ...]], complaints: Complaints
) -> Iterator[Course]:
    """Yield the courses with their loads; a name has to be an identifier, and to be there once."""
    complaints.count(credit[0][0] if credit else None, "credit", len(credit), len(names), "credits")
    if not 1 <= len(names) <= MOST_COURSES:
        expected = f"from 1 to {MOST_COURSES} courses"
        complaints.add("out_of_range", None, "courses", f"{len(names)} courses", expected)
    loads = [complaints.whole(text, row, "credit", 0, MOST_LOAD) for row, text in credit]
    seen = set()
    for at, (row, name) in enumerate(names):
        if not name or identifier_of(name) != name:
            complaints.add("identifier", row, "courses", quoted(name), "a name without blanks")
        elif name in seen:
            complaints.add("duplicate_id", row, "courses", f"course {name} again", "it once")
        seen.add(name)
        load = loads[at] if at < len(loads) else None
        yield Course(name, row, load or 0, before.get(name, ()))


def _pairs(items: Items, complaints: Complaints) -> Iterator[Pair]:
    for row, text in items:
        match = _PAIR.fullmatch(text)
        if match is None:
            complaints.add("pair", row, "prereq", quoted(text), "a pair such as <after,before>")
        else:
            yield Pair(row, match[1], match[2])


def _looks_like(source: Source) -> bool:
    text = source.text
    if "courses" not in text or "credit" not in text:
        return False  # found at once, where the patterns would try every word
    return bool(re.search(r"\bcourses\s*=\s*\{", text) and re.search(r"\bcredit\s*=\s*\[", text))


BACP = Importer(
    "bacp",
    "balanced curricula: CSPLib problem 30",
    (".dat",),
    _looks_like,
    reader(_COMMENTS, parse),
    most_characters=MOST_CHARACTERS,
)
