"""The table of a comparison: a row an instance and solver, appended as they are made."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from peers.outcome import FEASIBLE, INFEASIBLE, OPTIMAL

PROVEN = (OPTIMAL, INFEASIBLE)
ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Row:
    """One solver on one instance.

    Attributes
    ----------
    best_known : str
        Published value, or ``infeasible``; empty if none is known.
    is_optimal : bool or None
        Whether the published value is proven to be the optimum.
    gap : float or None
        What the solver leaves unproven: (value - bound) / value.
    seconds_total : float
        From before the file is read until the solution is checked; the limit if nothing is proven.
    verified : bool or None
        Whether the solution passes the judge with the value that was claimed; None without one.
    """

    instance: str
    solver: str
    status: str
    value: int | None
    bound: int | None
    best_known: str
    is_optimal: bool | None
    gap: float | None
    seconds_first: float | None
    seconds_best: float | None
    seconds_total: float
    verified: bool | None

    @property
    def proven(self) -> bool:
        """Whether the solver proved its answer, and the answer was not rejected."""
        return self.status in PROVEN and self.verified is not False

    @property
    def published(self) -> int | None:
        """The published value, None if there is none or none can be."""
        return int(self.best_known) if self.best_known.isdigit() else None

    @property
    def excess(self) -> float | None:
        """How far the value lies above the best known, as a share of it; 1 without a value."""
        if self.published is None:
            return None
        if self.status not in (OPTIMAL, FEASIBLE) or self.value is None:
            return 1.0
        return (self.value - self.published) / self.published if self.published else 0.0


COLUMNS = tuple(f.name for f in fields(Row))


def own_gap(value: int | None, bound: int | None) -> float | None:
    """Return the share of the value that is not proven, None without a value or a bound."""
    if value is None or bound is None:
        return None
    return (value - bound) / value if value else 0.0


def append(path: Path, rows: Iterable[Row]) -> None:
    """Write rows behind those that are there, with the heading first in a new file."""
    new = not path.exists() or not path.stat().st_size
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        writer.writerows([_text(v) for v in asdict(row).values()] for row in rows)


def _text(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    return f"{value:.6f}" if isinstance(value, float) else value


def read(path: Path) -> list[Row]:
    """Return the rows of a table; a last line that a killed run left half written is dropped.

    Raises
    ------
    ValueError
        If the columns are others.
    """
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines() if text.endswith("\n") else text.splitlines()[:-1]
    found = list(csv.DictReader(lines))
    if lines and tuple(next(csv.reader(lines[:1]))) != COLUMNS:
        raise ValueError(f"{path}: the columns are not {','.join(COLUMNS)}")
    return [_row(line) for line in found]


def cut_torn_line(path: Path) -> None:
    """Remove a last line without an end, which a killed run leaves."""
    if path.exists():
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")


def _row(line: Mapping[str, str]) -> Row:
    return Row(
        line["instance"],
        line["solver"],
        line["status"],
        _whole(line["value"]),
        _whole(line["bound"]),
        line["best_known"],
        _flag(line["is_optimal"]),
        _number(line["gap"]),
        _number(line["seconds_first"]),
        _number(line["seconds_best"]),
        float(line["seconds_total"]),
        _flag(line["verified"]),
    )


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _flag(text: str) -> bool | None:
    return text == "1" if text else None


def better_of(name: str, rows: Sequence[Row]) -> Row:
    """Return the best of several runs of one solver on one instance, under the solver's name.

    What is not rejected goes before what is; then the proven, the faster, the lower value, the
    higher bound. The choice is made on every instance anew, which favours the solver.
    """
    best = min(
        rows,
        key=lambda r: (
            r.verified is False or r.status == "error",
            not r.proven,
            r.seconds_total if r.proven else 0.0,
            r.value is None,
            r.value or 0,
            -(r.bound or 0),
        ),
    )
    values = {**asdict(best), "solver": name}
    return Row(**values)
