"""Collecting the faults of all files before anything is raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from trajectory_engine.errors import InputError, InputProblem

MOST_OF_ONE_KIND = 10_000
"""Faults of one kind that are kept of a file; more of them are counted."""
SHOWN_CHARACTERS = 80
"""Longest piece of the input that a problem quotes."""


def quoted(value: str) -> str:
    """Return a piece of the input as a message shows it: quoted, printable, not too long."""
    text = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 3] + "..."
    return "'" + "".join(c if c.isprintable() else repr(c)[1:-1] for c in text) + "'"


class Problems:
    """The faults found so far, with the files in the order in which they were read.

    Attributes
    ----------
    unreadable : set of str
        Files of which some part could not be read at all, so that what refers to them cannot be
        judged.
    """

    def __init__(self) -> None:
        self._items: list[InputProblem] = []
        self._known: set[InputProblem] = set()
        self._rows: set[tuple[str, int | None]] = set()
        self._places: set[tuple[str, int | None, str]] = set()
        self._cells: dict[tuple[str, str], None] = {}
        self._files: dict[str, int] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._full: set[str] = set()
        self.unreadable: set[str] = set()

    def open(self, file: str) -> None:
        """Note that ``file`` is read next."""
        self._files.setdefault(file, len(self._files))

    def add(
        self,
        code: str,
        file: str,
        row: int | None,
        column: str,
        found: str,
        expected: str,
    ) -> None:
        """Report a fault."""
        self.extend([InputProblem(code, found, expected, file, row, column)])

    def extend(self, problems: list[InputProblem]) -> None:
        """Report several faults."""
        for problem in problems:
            if problem in self._known:
                continue
            self._known.add(problem)
            kind = (problem.file, problem.code)
            self._counts[kind] += 1
            self._cells[problem.file, problem.column] = None
            if self._counts[kind] > MOST_OF_ONE_KIND:
                self._full.add(problem.file)
                continue
            self._items.append(problem)
            self._rows.add((problem.file, problem.row))
            self._places.add((problem.file, problem.row, problem.column))

    def refuse_file(self, code: str, file: str, row: int | None, found: str, expected: str) -> None:
        """Report a fault that leaves a file, or the rest of it, unread."""
        self.add(code, file, row, "", found, expected)
        self.unreadable.add(file)

    def has_row(self, file: str, row: int | None) -> bool:
        """Return whether a fault of that row has been reported already, or just counted.

        Of a file that could not be read as a whole, no row is sure to be what was meant.
        """
        return file in self._full or file in self.unreadable or (file, row) in self._rows

    def has_place(self, file: str, row: int | None, column: str) -> bool:
        """Return whether a fault of that row and column has been reported already."""
        return (file, row, column) in self._places

    @property
    def cells(self) -> Iterable[tuple[str, str]]:
        """Files and columns in which there are faults."""
        return self._cells

    @property
    def count(self) -> int:
        """How many faults were found so far."""
        return len(self._items)

    def __bool__(self) -> bool:
        return bool(self._items)

    def sorted(self) -> tuple[InputProblem, ...]:
        """Return the faults in the order of files and rows."""
        last = len(self._files)
        return tuple(sorted(self._items, key=lambda p: (self._files.get(p.file, last), p.row or 0)))

    def raise_if_any(self) -> None:
        """Raise everything that was found.

        Raises
        ------
        InputError
            If there is a fault.
        """
        if self._items:
            omitted = {
                kind: count - MOST_OF_ONE_KIND
                for kind, count in self._counts.items()
                if count > MOST_OF_ONE_KIND
            }
            raise InputError(self.sorted(), omitted)
