"""Domain values as people write them: cells, tables and YAML texts that the readers read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any, NamedTuple, TypeVar

import yaml

from trajectory_engine.domain.catalogue import ResourceUse
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.funding import Share

Row = TypeVar("Row", bound=NamedTuple)

CREDITS = "credits"
"""Column whose numbers are hundredths in the domain and decimals in tables."""
WIDTH = 100
"""Columns of a line of YAML after which a text is broken."""


class _Dumper(yaml.SafeDumper):
    """Writes every value where it stands: the readers take no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return True: nothing is written once and referred to."""
        return True


def cell(value: Any) -> str:
    """Return the cell of a table for a value of the domain; None and an empty list are blank."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case NodeRef():
            return str(value)
        case Share():
            return f"{value.numerator}/{value.denominator}"
        case ResourceUse():
            return f"{value.resource}:{value.amount}"
        case date():
            return value.isoformat()
        case tuple():
            return "|".join(map(cell, value))
        case _:
            return str(value)


def decimals(hundredths: int) -> str:
    """Return hundredths as a decimal with at most two places, such as ``1.2``: credits."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)


def row_of(row_type: type[Row], item: object, **others: object) -> Row:
    """Return the row of something of the domain.

    Parameters
    ----------
    item
        Has the cells of all columns that are not in ``others``, by their names.
    """
    names = row_type._fields
    return row_type._make(others[n] if n in others else getattr(item, n) for n in names)


def table(row_type: type[NamedTuple], rows: Iterable[NamedTuple]) -> str:
    """Return the CSV text of rows, without the optional columns that are blank in all of them.

    Parameters
    ----------
    row_type : type
        The row that the reader makes of a line; names its columns.
    """
    writers = [decimals if name == CREDITS else cell for name in row_type._fields]
    texts = [
        ["" if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        for row in rows
    ]
    required = len(row_type._fields) - len(row_type._field_defaults)
    kept = [
        i for i in range(len(row_type._fields)) if i < required or any(line[i] for line in texts)
    ]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([row_type._fields[i].rstrip("_") for i in kept])
    writer.writerows([[line[i] for i in kept] for line in texts])
    return stream.getvalue()


def document(content: dict[str, Any]) -> str:
    """Return the YAML text of a map of plain values, keys in their order."""
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
    return text
