"""The table of measurements over the size of the matrix: a row a quantity, appended as made."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured: an instance, and with what.

    Attributes
    ----------
    objective : str
        ``study_hours`` or ``completion``.
    overlap : float
        Modules that teach a node, on average.
    missing : str
        Nodes that are missing, or ``whole``.
    subject : str
        ``engine``, ``unreduced-linear``, ``unreduced-portfolio`` or ``difficulty``.
    """

    objective: str
    overlap: float
    columns: int
    missing: str
    subject: str
    repeat: int


NAMES = tuple(f.name for f in fields(Case))
COLUMNS = (*NAMES, "quantity", "value")
Rows = dict[Case, dict[str, str]]


def append(path: Path, case: Case, run: Mapping[str, Any]) -> None:
    """Write the quantities of one run behind those that are there."""
    new = not path.exists() or not path.stat().st_size
    named = {f"seconds of {s}": f"{v:.6f}" for s, v in run["stages"].items()}
    named |= {"memory in MB": f"{run['memory_mb']:.1f}"}
    named |= {k: "" if v is None else str(v) for k, v in run["figures"].items()}
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        writer.writerows((*astuple(case), name, value) for name, value in named.items())


def read(path: Path) -> Rows:
    """Return the quantities of every run.

    Raises
    ------
    ValueError
        If the columns are others.
    """
    found: Rows = {}
    if not path.exists():
        return found
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path}: the columns are not {','.join(COLUMNS)}")
        for line in reader:
            case = Case(
                line["objective"],
                float(line["overlap"]),
                int(line["columns"]),
                line["missing"],
                line["subject"],
                int(line["repeat"]),
            )
            found.setdefault(case, {})[line["quantity"]] = line["value"]
    return found


def runs_of(rows: Rows, objective: str, overlap: float, subject: str) -> dict[int, list[Any]]:
    """Return the runs of one series, by columns."""
    found: dict[int, list[dict[str, str]]] = {}
    for case, run in rows.items():
        if (case.objective, case.overlap, case.subject) == (objective, overlap, subject):
            found.setdefault(case.columns, []).append(run)
    return dict(sorted(found.items()))


def numbers(runs: Sequence[Mapping[str, str]], quantity: str) -> list[float]:
    """Return the values of a quantity where it is known."""
    return [float(run[quantity]) for run in runs if run.get(quantity)]


def median_of(runs: Sequence[Mapping[str, str]], quantity: str) -> float | None:
    """Return the median of a quantity, None where it did not occur."""
    found = numbers(runs, quantity)
    return median(found) if found else None


def every(runs: Iterable[Mapping[str, str]], quantity: str) -> bool:
    """Return whether a quantity is true in every run, and there is one."""
    found = [run.get(quantity) == "True" for run in runs]
    return bool(found) and all(found)
