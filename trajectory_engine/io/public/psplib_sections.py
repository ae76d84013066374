"""The header and the sections of a file of PSPLIB, as rows of tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from trajectory_engine.io.problems import quoted
from trajectory_engine.io.public.complaints import Complaints

PROJECTS = "PROJECT INFORMATION"
PRECEDENCE = "PRECEDENCE RELATIONS"
REQUESTS = "REQUESTS/DURATIONS"
AVAILABILITIES = "RESOURCE AVAILABILITIES"
NEEDED = (PRECEDENCE, REQUESTS, AVAILABILITIES)

_TITLES = {name.replace(" ", ""): name for name in (PROJECTS, *NEEDED)}
_TITLE = re.compile(r"[A-Z][A-Z /]*:?")
_RULE = re.compile(r"[*\-=]{2,}")
_DESCRIPTIVE = ("file with basedata", "initial value random generator", "horizon")
MOST_RESOURCES = 1_000


@dataclass(frozen=True)
class Header:
    """The counts at the top of a file; None for one that is missing or wrong."""

    jobs: int | None
    renewable: int | None
    nonrenewable: int | None


@dataclass
class Lines:
    """A section: the line of its title, and its rows of tokens with their lines."""

    title_row: int | None = None
    has_heading: bool = False
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def read_sections(text: str, complaints: Complaints) -> tuple[Header, Mapping[str, Lines]]:
    """Return header and sections; the headings of their columns are left out."""
    sections = {name: Lines() for name in (PROJECTS, *NEEDED)}
    facts: dict[str, tuple[int, str]] = {}
    current: Lines | None = None
    for row, line in enumerate(text.splitlines(), 1):
        content = line.strip(" \t\x1a")
        if not content or _RULE.fullmatch(content):
            current = None if content.startswith("*") else current
        elif _TITLE.fullmatch(content) and content != "RESOURCES":
            current = _begin(content, row, sections, complaints)
        elif current is not None:
            _add_row(current, row, content.split())
        elif content != "RESOURCES":
            _note(content, row, facts, complaints)
    for name in NEEDED:
        if sections[name].title_row is None:
            complaints.add("missing_section", None, "", f"no section {name}", f"{name}:")
    _check_release(sections[PROJECTS], complaints)
    return _header(facts, complaints), sections


def _begin(
    title: str, row: int, sections: Mapping[str, Lines], complaints: Complaints
) -> Lines | None:
    name = _TITLES.get(title.rstrip(": ").replace(" ", ""))
    if name is None:
        expected = f"one of {', '.join(sections)}"
        complaints.add("unknown_section", row, "", f"section {quoted(title)}", expected)
        return Lines()
    section = sections[name]
    if section.title_row is not None:
        complaints.add("duplicate_section", row, "", f"section {name} again", "it once")
        return Lines()
    section.title_row = row
    return section


def _add_row(section: Lines, row: int, tokens: list[str]) -> None:
    """Add a row; the first one of a section may be its heading."""
    if not section.rows and not section.has_heading and tokens[0][0].isalpha():
        section.has_heading = True
    else:
        section.rows.append((row, tokens))


def _note(
    content: str, row: int, facts: dict[str, tuple[int, str]], complaints: Complaints
) -> None:
    """Keep a line of the header."""
    name, colon, value = content.partition(":")
    key = " ".join(name.lower().replace("-", " ").split())
    key = "jobs" if key.startswith("jobs") else key
    known = ("jobs", "projects", "renewable", "nonrenewable", "doubly constrained", *_DESCRIPTIVE)
    if not colon or key not in known:
        expected = "a line of the header or the title of a section"
        complaints.add("unknown_line", row, "", quoted(content), expected)
    elif key in facts:
        complaints.add("duplicate_line", row, key, f"{key} again", "it once")
    else:
        facts[key] = (row, value.strip())


def _header(facts: Mapping[str, tuple[int, str]], complaints: Complaints) -> Header:
    def number(key: str, least: int, most: int, needed: bool = True) -> int | None:
        row, value = facts.get(key, (None, ""))
        if row is None:
            if needed:
                found = f"no line for {key}"
                complaints.add("missing_value", None, key, found, f"'{key}' and a number")
            return None
        return complaints.whole((value.split() or [""])[0], row, key, least, most)

    number("projects", 1, 1, needed=False)
    number("doubly constrained", 0, 0, needed=False)
    return Header(
        number("jobs", 1, 10**6),
        number("renewable", 0, MOST_RESOURCES),
        number("nonrenewable", 0, MOST_RESOURCES),
    )


def _check_release(projects: Lines, complaints: Complaints) -> None:
    """Refuse a project that may start later only, which nothing here says to the scenario."""
    for row, tokens in projects.rows:
        if len(tokens) > 2:
            complaints.whole(tokens[2], row, "rel.date", 0, 0)
