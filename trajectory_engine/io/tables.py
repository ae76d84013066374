"""Reading a table: a CSV file checked whole against the row type that describes it."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from trajectory_engine.io.files import MOST_TABLE_BYTES, read_text
from trajectory_engine.io.problems import Problems, quoted

Row = TypeVar("Row", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The rows of a table with their places, held as columns.

    Attributes
    ----------
    file : str
        Name of the file in messages.
    row_type : type
    columns : list of list
        Values of every field of the row type.
    lines : list of int
        First line of every row in the file; the heading is line 1.
    """

    file: str
    row_type: type[Row]
    columns: list[list[Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def rows(self) -> Iterator[Row]:
        """The rows; made anew at each use, since a hundred thousand kept slow the collector."""
        make = self.row_type._make  # type: ignore[attr-defined]
        return map(make, zip(*self.columns, strict=True))

    def __iter__(self) -> Iterator[tuple[Row, int]]:
        return zip(self.rows, self.lines, strict=True)


class Column(NamedTuple):
    """A column of a row type; ``required`` means that no cell may be blank."""

    name: str
    adapter: TypeAdapter[Any]
    required: bool
    default: Any
    placeholder: Any


@cache
def columns_of(row_type: type[tuple[Any, ...]]) -> tuple[Column, ...]:
    """Return the columns that a row type describes, in the order of its fields."""
    hints = get_type_hints(row_type, include_extras=True)
    plain = get_type_hints(row_type)
    defaults: dict[str, Any] = getattr(row_type, "_field_defaults", {})
    return tuple(
        Column(
            name.rstrip("_"),
            TypeAdapter(list[hint]),  # type: ignore[valid-type]
            name not in defaults,
            defaults.get(name),
            defaults.get(name, _PLACEHOLDERS.get(plain[name])),
        )
        for name, hint in hints.items()
    )


_PLACEHOLDERS: dict[Any, Any] = {str: "", int: 0, tuple[int, ...]: ()}


def read_heading(path: Path) -> frozenset[str]:
    """Return the column names of a table, empty if it cannot be read."""
    problems = Problems()
    text = read_text(path, "", MOST_TABLE_BYTES, problems)
    sheet = _read_sheet(text, "", problems) if text is not None else _Sheet()
    return frozenset(sheet.heading)


def read_table(
    path: Path, shown: str, row_type: type[Row], problems: Problems, *, required: bool
) -> Table[Row]:
    """Return the rows of a table; every fault is added to ``problems``.

    A row with a fault is kept, with the default (or a neutral value) in the cell that could not
    be read, so that what refers to it is not reported as unknown.  A table that lacks a required
    column has no rows.

    Parameters
    ----------
    required : bool
        Whether a missing file is a fault.
    """
    table: Table[Row] = Table(shown, row_type)
    if not required and not path.exists():
        return table
    text = read_text(path, shown, MOST_TABLE_BYTES, problems)
    if text is None:
        return table
    sheet = _read_sheet(text, shown, problems)
    if not sheet.heading:
        return table
    columns = columns_of(row_type)
    _check_heading(sheet, columns, shown, problems)
    table.lines.extend(sheet.lines)
    position = {name: i for i, name in reversed(list(enumerate(sheet.heading)))}
    table.columns.extend(
        _read_column(column, sheet.column(position[column.name]), table, problems)
        if column.name in position
        else [column.placeholder] * len(sheet.lines)
        for column in columns
    )
    if any(column.required and column.name not in position for column in columns):
        return Table(shown, row_type)
    return table


@dataclass
class _Sheet:
    """The cells of a table row by row in one list, every row as wide as the heading."""

    heading: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def column(self, index: int) -> list[str]:
        """Return the cells of a column."""
        return self.cells[index :: len(self.heading)]


class _Lines:
    """The lines of a text, and those of the record that is being read."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.has_quotes = '"' in text
        self.record = ""

    def __iter__(self) -> Iterator[str]:
        if not self.has_quotes:
            return iter(self._lines)
        return self._remembered()

    def _remembered(self) -> Iterator[str]:
        for line in self._lines:
            self.record += line
            yield line


def _stray_quote(delimiter: str) -> re.Pattern[str]:
    """Return the pattern of a record up to a quote inside a cell that is not quoted."""
    plain = rf'[^"{delimiter}\r\n]'
    cell = rf'(?:"(?:[^"]|"")*"|{plain}*)'
    return re.compile(rf'(?:{cell}{delimiter})*{plain}+"')


def _report_stray_quote(
    stray: re.Pattern[str], record: str, shown: str, line: int, problems: Problems
) -> None:
    """Report a quote in the middle of a cell: elsewhere a quote opens and closes the cell."""
    match = stray.match(record)
    if match:
        found = f"a quote in the middle of a cell, after {quoted(match[0][-20:-1])}"
        expected = 'the whole cell in quotes, each quote inside it doubled: "15"" screen"'
        problems.add("stray_quote", shown, line, "", found, expected)


def _plain_sheet(text: str, delimiter: str) -> _Sheet | None:
    """Return the cells of a table with a record on every line, all as wide as the heading.

    None if a cell has a quote in it, a first cell is blank or anything else needs a closer look.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = list(reader)
    except csv.Error:
        return None
    if reader.line_num != len(records) or len(set(map(len, records))) != 1:
        return None
    if not records[0] or not all(record[0].strip() for record in records):
        return None
    cells = list(chain.from_iterable(records))
    if '"' in text and '"' in "".join(cells):
        return None
    width = len(records[0])
    heading = [name.strip() for name in cells[:width]]
    return _Sheet(heading, cells[width:], list(range(2, len(records) + 1)))


def _read_sheet(text: str, shown: str, problems: Problems) -> _Sheet:
    """Return the cells; blank rows are left out, rows of another width are reported."""
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    plain = _plain_sheet(text, delimiter)
    if plain is not None:
        return plain
    source = _Lines(text)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    stray = _stray_quote(delimiter)
    sheet = _Sheet()
    line, width = 0, 0
    try:
        for record in reader:
            joined = "".join(record)
            if joined.strip():
                if not width:
                    sheet.heading = [name.strip() for name in record]
                    width = len(record)
                    line = reader.line_num
                    continue
                if len(record) != width:
                    found, expected = f"{len(record)} cells", f"{width} cells as in the heading"
                    problems.add("ragged_row", shown, line + 1, "", found, expected)
                    record = [*record[:width], *[""] * (width - len(record))]
                    joined = "".join(record)
                if '"' in joined:
                    _report_stray_quote(stray, source.record, shown, line + 1, problems)
                sheet.cells.extend(record)
                sheet.lines.append(line + 1)
            line = reader.line_num
            source.record = ""
    except csv.Error as error:
        found = f"a row that cannot be read ({error})"
        expected = "cells with balanced quotes, none longer than 131072 characters"
        problems.refuse_file("csv", shown, line + 1, found, expected)
    return sheet


def _check_heading(
    sheet: _Sheet, columns: Sequence[Column], shown: str, problems: Problems
) -> None:
    known = [column.name for column in columns]
    seen: set[str] = set()
    for i, name in enumerate(sheet.heading):
        if name in seen and name:
            problems.add("duplicate_column", shown, 1, name, f"column {quoted(name)} twice", "once")
        elif name and name not in known and not name.startswith("note"):
            close = difflib.get_close_matches(name, known, n=1)
            expected = f"{close[0]} (maybe)" if close else f"one of {', '.join(known)}"
            problems.add("unknown_column", shown, 1, name, f"column {quoted(name)}", expected)
            problems.unreadable.add(shown)
        elif not name and any(sheet.column(i)):
            place = f"column {i + 1}"
            problems.add("unnamed_column", shown, 1, place, "a column without a name", "a name")
        seen.add(name)
    for column in columns:
        if column.required and column.name not in seen:
            found = f"no column {quoted(column.name)}"
            expected = f"columns {', '.join(c.name for c in columns if c.required)}"
            problems.add("missing_column", shown, 1, column.name, found, expected)
            problems.unreadable.add(shown)


def _read_column(
    column: Column, cells: list[str], table: Table[Any], problems: Problems
) -> list[Any]:
    """Return the values of a column; every distinct text is read once."""
    stripped = {cell: cell.strip() for cell in dict.fromkeys(cells)}
    filled = list(dict.fromkeys(filter(None, stripped.values())))
    values: dict[str, Any] = {"": column.placeholder}
    faults: dict[str, tuple[str, str]] = {}
    if column.required:
        faults[""] = ("missing_value", "a value")
    try:
        values.update(zip(filled, column.adapter.validate_python(filled), strict=True))
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False):
            faults[filled[int(fault["loc"][0])]] = (fault["type"], fault["msg"])
        good = [text for text in filled if text not in faults]
        values.update(zip(good, column.adapter.validate_python(good), strict=True))
        keep_text = column.placeholder == "" and column.required
        values.update({t: t if keep_text else column.placeholder for t in faults if t})
    wrong = {cell: faults[text] for cell, text in stripped.items() if text in faults}
    if wrong:
        for cell, line in zip(cells, table.lines, strict=True):
            if cell in wrong:
                code, expected = wrong[cell]
                found = quoted(stripped[cell]) if stripped[cell] else "a blank cell"
                problems.add(code, table.file, line, column.name, found, expected)
    by_cell = {cell: values[text] for cell, text in stripped.items()}
    return list(map(by_cell.__getitem__, cells))
