"""What the readers of both folders share."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from trajectory_engine.domain.people import Goal
from trajectory_engine.errors import InputProblem
from trajectory_engine.io.problems import Problems, quoted
from trajectory_engine.io.provenance import Provenance
from trajectory_engine.io.tables import Table, read_table
from trajectory_engine.validation.doubts import Unread

_TABLE = ".csv"


class FolderReader:
    """A folder whose tables are read; names in messages begin with ``prefix``."""

    def __init__(self, folder: Path, prefix: str, problems: Problems, places: Provenance) -> None:
        self.folder, self.prefix = folder, prefix
        self.problems, self.places = problems, places
        self._asked_for: set[str] = set()

    def table(self, name: str, row_type: type[Any], *, required: bool = False) -> Table[Any]:
        """Return the rows of ``name``."""
        self._asked_for.add(name)
        return read_table(
            self.folder / name, self.prefix + name, row_type, self.problems, required=required
        )

    def misspelt(self) -> Iterator[InputProblem]:
        """Yield the tables in the folder that nothing asked for, and that look like one not there.

        To be called when everything is read.
        """
        there = {path.name for path in self.folder.glob(f"*{_TABLE}")}
        missing = sorted(self._asked_for - there)
        for name in sorted(there - self._asked_for):
            close = get_close_matches(name, missing, n=1, cutoff=0.8)
            if close:
                found, expected = "a table that is not read", f"{close[0]} (maybe)"
                yield InputProblem("unread_table", found, expected, self.prefix + name)

    def unknown(self, table: Table[Any], line: int, column: str, found: str, what: str) -> None:
        """Report a reference to something that does not exist.

        Nothing is said where the tables that would name it could not be read: the reference may
        well be right.
        """
        if unread_tables(self.problems).hides(what):
            return
        self.problems.add(
            "unknown_id", table.file, line, column, f"{what} {quoted(found)}", f"a known {what}"
        )


def unread_tables(problems: Problems) -> Unread:
    """Return what of the tables could not be read, by the faults found so far."""
    tables = [name for name in problems.unreadable if name.endswith(_TABLE)]
    cells = [(name, column) for name, column in problems.cells if name.endswith(_TABLE)]
    return Unread.of(Path(name).stem for name in tables) | Unread(
        cells=frozenset(f"{Path(name).stem}.{column}" for name, column in cells)
    )


def read_goal(reader: FolderReader, table: Table[Any], row: Any, line: int) -> Goal | None:
    """Return the goal of a row, None after reporting that it has not exactly one aim."""
    if (row.node is None) == (row.task is None):
        if not reader.problems.has_row(table.file, line):
            found = "neither node nor task" if row.node is None else "both node and task"
            expected = "exactly one of node and task"
            reader.problems.add("one_goal", table.file, line, "node", found, expected)
        return None
    return Goal(row.node, row.task, row.hard, row.weight)
