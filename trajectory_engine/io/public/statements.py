"""Data files of modelling languages: statements that end in a semicolon, with comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trajectory_engine.errors import InputProblem
from trajectory_engine.io.problems import quoted
from trajectory_engine.io.public.complaints import Complaints

SHOWN = 40


@dataclass(frozen=True)
class Statement:
    """A statement without its semicolon, and the line on which it begins."""

    row: int
    text: str

    @property
    def shown(self) -> str:
        """The beginning of it, as a message shows it."""
        text = " ".join(self.text.split())
        return quoted(text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}...")


class Comments:
    """How a language marks comments: from a sign to the end of the line, and between two signs.

    A comment between ``/*`` and ``*/`` that is never closed ends with its line: published files
    have such ones.
    """

    def __init__(self, *line_signs: str) -> None:
        self._begin = re.compile("|".join(map(re.escape, ("/*", *line_signs))))

    def blanked(self, text: str) -> tuple[str, tuple[int, ...]]:
        """Return a text with the comments as blanks, and the lines of comments never closed.

        Lines keep their numbers.
        """
        parts: list[str] = []
        unclosed: list[int] = []
        last_close = text.rfind("*/")
        at, row = 0, 1
        while match := self._begin.search(text, at):
            begin = match.start()
            row += text.count("\n", at, begin)
            if match[0] == "/*" and begin + 2 <= last_close:
                end = text.index("*/", begin + 2) + 2
            else:
                unclosed += [row] if match[0] == "/*" else []
                end = text.find("\n", begin)
                end = len(text) if end < 0 else end
            lines = text.count("\n", begin, end)
            parts += [text[at:begin], " ", "\n" * lines]
            at, row = end, row + lines
        return "".join([*parts, text[at:]]), tuple(unclosed)


def remarks_on(unclosed: tuple[int, ...], shown: str) -> tuple[InputProblem, ...]:
    """Return a remark on each comment that is never closed."""
    found, expected = "a comment that is never closed; it ends with its line", "*/ at its end"
    return tuple(InputProblem("comment", found, expected, shown, row) for row in unclosed)


def statements(text: str, complaints: Complaints) -> Iterator[Statement]:
    """Yield the statements of a text without comments; report one that does not end."""
    row = 1
    *complete, rest = text.split(";")
    for part in complete:
        content = part.lstrip()
        begins = row + part.count("\n", 0, len(part) - len(content))
        row += part.count("\n")
        if content:
            yield Statement(begins, content.rstrip())
    if rest.strip():
        begins = row + rest.count("\n", 0, len(rest) - len(rest.lstrip()))
        unfinished = Statement(begins, rest.strip())
        complaints.add("unfinished", begins, "", unfinished.shown, "a semicolon at its end")


@dataclass(frozen=True)
class Assignment:
    """``name = value``, with the value as a statement of its own."""

    name: str
    value: Statement


_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\s*=\s*(.*)", re.DOTALL)


def assignment(statement: Statement) -> Assignment | None:
    """Return a statement as an assignment, None if it is none."""
    match = _ASSIGNMENT.fullmatch(statement.text)
    if match is None:
        return None
    row = statement.row + statement.text.count("\n", 0, match.start(2))
    return Assignment(match[1], Statement(row, match[2]))


class Assignments:
    """The assignments of a file by name, each at most once; the names that are known are given."""

    def __init__(self, known: tuple[str, ...], complaints: Complaints) -> None:
        self.known = known
        self._complaints = complaints
        self._found: dict[str, Statement] = {}

    def add(self, statement: Statement) -> None:
        """Take a statement in, or report why it has no place here."""
        found = assignment(statement)
        if found is None or found.name not in self.known:
            expected = f"one of {', '.join(self.known)}"
            row = statement.row
            self._complaints.add("unknown_statement", row, "", statement.shown, expected)
        elif found.name in self._found:
            self._complaints.add(
                "duplicate_line", statement.row, found.name, f"{found.name} again", "it once"
            )
        else:
            self._found[found.name] = found.value

    def value(self, name: str) -> Statement | None:
        """Return what a name stands for, None after reporting that nothing does."""
        found = self._found.get(name)
        if found is None:
            self._complaints.add("missing_value", None, name, f"no {name}", f"'{name} = ...;'")
        return found

    def whole(self, name: str, least: int, most: int) -> tuple[int, int] | None:
        """Return line and value of a whole number, None after reporting why there is none."""
        found = self.value(name)
        if found is None:
            return None
        value = self._complaints.whole(found.text, found.row, name, least, most)
        return None if value is None else (found.row, value)

    def items(
        self, name: str, brackets: tuple[str, str], separator: re.Pattern[str]
    ) -> list[tuple[int, str]] | None:
        """Return line and text of the items of a list, None after reporting that there is none.

        A separator after the last item is allowed; an empty item elsewhere is returned as such.
        """
        found = self.value(name)
        if found is None:
            return None
        text, (opening, closing) = found.text, brackets
        if not (len(text) > 1 and text.startswith(opening) and text.endswith(closing)):
            expected = f"a list in {opening} and {closing}"
            self._complaints.add("not_a_list", found.row, name, found.shown, expected)
            return None
        return list(_items(found, separator))


def _items(listed: Statement, separator: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    begin, end = 1, len(listed.text) - 1
    row, counted = listed.row, 0
    cuts = [m.span() for m in separator.finditer(listed.text, begin, end)] + [(end, end)]
    for at, (cut, following) in enumerate(cuts):
        raw = listed.text[begin:cut]
        item = raw.strip()
        start = begin + len(raw) - len(raw.lstrip())
        row += listed.text.count("\n", counted, start)
        counted = start
        if item or at < len(cuts) - 1:
            yield row, item
        begin = following
