"""Sheets of public formats: rows of cells with their lines, under headings of the format's own."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trajectory_engine.io.problems import quoted
from trajectory_engine.io.public.report import Report

CLOSE = 0.8
"""How much a column must resemble one that is missing to be taken for it, misspelt."""


class Row(NamedTuple):
    """The cells of a row, without blanks around them, and the first line of the row in the file."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Rows below a heading.

    Attributes
    ----------
    heading : mapping of str to int
        Position of every column by name.
    """

    heading: Mapping[str, int]
    rows: tuple[Row, ...]

    def cell(self, row: Row, column: str) -> str:
        """Return a cell; blank where the sheet has no such column or the row is too short."""
        position = self.heading.get(column, len(row.cells))
        return row.cells[position] if position < len(row.cells) else ""


def read_rows(text: str, report: Report) -> list[Row]:
    """Return the rows that are not blank, up to the first that cannot be read (reported)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    line = 0
    try:
        for record in reader:
            cells = tuple(cell.strip() for cell in record)
            if any(cells):
                rows.append(Row(line + 1, cells))
            line = reader.line_num
    except csv.Error as error:
        found = f"a row that cannot be read ({error})"
        expected = "cells with balanced quotes, none longer than 131072 characters"
        report.add("csv", line + 1, "", found, expected)
    return rows


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a format.

    Attributes
    ----------
    required, optional : tuple of str
        What a conversion uses.
    unused : tuple of str
        What belongs to the format and has no place in a scenario.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def read_sheet(rows: Sequence[Row], columns: Columns, report: Report, line: int) -> Sheet:
    """Return a sheet whose first row is the heading; every fault of its form is reported.

    Parameters
    ----------
    line : int
        Line at which a heading that is missing is reported.
    """
    if not rows:
        expected = f"a heading with the columns {', '.join(columns.required)}"
        report.add("missing_heading", line, "", "no heading", expected)
        return Sheet({}, ())
    heading, body = rows[0], tuple(rows[1:])
    positions: dict[str, int] = {}
    for position, name in enumerate(heading.cells):
        if name and name in positions:
            found = f"column {quoted(name)} twice"
            report.add("duplicate_column", heading.line, name, found, "it once")
        elif name:
            positions[name] = position
    sheet = Sheet(positions, body)
    _report_columns(sheet, heading, columns, report)
    _report_width(sheet, heading, report)
    return sheet


def _report_columns(sheet: Sheet, heading: Row, columns: Columns, report: Report) -> None:
    """Report columns that are missing or misspelt, and remark on those whose content is lost."""
    missing = [name for name in columns.required if name not in sheet.heading]
    absent = [n for n in (*columns.required, *columns.optional) if n not in sheet.heading]
    for name in missing:
        found = f"no column {quoted(name)}"
        expected = f"columns {', '.join(columns.required)}"
        report.add("missing_column", heading.line, name, found, expected)
    for name in sheet.heading:
        if name in columns.required or name in columns.optional:
            continue
        close = difflib.get_close_matches(name, absent, n=1, cutoff=CLOSE)
        if close:
            found = f"column {quoted(name)}"
            report.add("unknown_column", heading.line, name, found, f"{close[0]} (maybe)")
        elif name not in columns.unused and any(sheet.cell(row, name) for row in sheet.rows):
            found = f"the column {quoted(name)}, which is not used"
            used = ", ".join((*columns.required, *columns.optional))
            report.remark("column_not_used", heading.line, name, found, f"columns {used}")


def _report_width(sheet: Sheet, heading: Row, report: Report) -> None:
    """Report cells that stand in no column."""
    named = [bool(name) for name in heading.cells]
    for row in sheet.rows:
        for position, cell in enumerate(row.cells):
            if cell and (position >= len(named) or not named[position]):
                place = f"column {position + 1}"
                expected = f"nothing beside the {len(sheet.heading)} columns of the heading"
                report.add("unnamed_column", row.line, place, quoted(cell), expected)
                break


def split_cell(cell: str, separator: str) -> Iterator[str]:
    """Yield the distinct values of a cell in their order, blank ones left out."""
    parts = (part.strip() for part in cell.split(separator))
    return iter(dict.fromkeys(part for part in parts if part))
