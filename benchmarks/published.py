"""Published values of instances, read from ``best_known.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Published:
    """What is known of an instance.

    Attributes
    ----------
    best_known : str
        A number, or ``infeasible``.
    group : str
        The part of the set that the instance belongs to, such as ``j30``.
    """

    best_known: str = ""
    is_optimal: bool | None = None
    lower_bound: int | None = None
    group: str = ""


def read_published(path: Path) -> dict[str, Published]:
    """Return what is published, by instance.

    Raises
    ------
    ValueError
        If a column is missing or a cell is not what it should be, with the row.
    """
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = {"instance", "best_known", "is_optimal"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path}: no column {', '.join(sorted(missing))}")
        return {line["instance"]: _published(path, i, line) for i, line in enumerate(reader, 2)}


def _published(path: Path, row: int, line: dict[str, str]) -> Published:
    best, bound = line["best_known"].strip(), (line.get("lower_bound") or "").strip()
    if best and best != "infeasible" and not best.isdigit():
        raise ValueError(f"{path}:{row}: best_known is {best!r}, not a number or 'infeasible'")
    return Published(
        best,
        line["is_optimal"].strip() == "1",
        int(bound) if bound.isdigit() else None,
        line.get("set") or "",
    )


def least_value(known: Published) -> int | None:
    """Return a value that no solution can be below: the published bound, or a proven optimum."""
    proven = int(known.best_known) if known.is_optimal and known.best_known.isdigit() else None
    bounds = [b for b in (known.lower_bound, proven) if b is not None]
    return max(bounds, default=None)
