"""What the rows of a comparison say: times, proofs, gaps, and what contradicts the literature."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from peers.outcome import INFEASIBLE, NOT_APPLICABLE, OPTIMAL
from published import Published, least_value
from result_rows import ENGINE, Row

SHIFT = 1.0
"""Seconds added before, and taken off after, the geometric mean: tiny times weigh little."""


def shifted_geometric_mean(seconds: Iterable[float], shift: float = SHIFT) -> float:
    """Return the geometric mean of ``seconds + shift``, minus ``shift``; NaN of nothing."""
    logs = [math.log(s + shift) for s in seconds]
    return math.exp(fmean(logs)) - shift if logs else math.nan


def mean(values: Iterable[float]) -> float:
    """Return the mean, NaN of nothing."""
    found = list(values)
    return fmean(found) if found else math.nan


@dataclass(frozen=True, slots=True)
class Line:
    """One solver on one part of a set, over the instances that every solver has a row for.

    Attributes
    ----------
    gap : float
        Mean share of the value that is not proven; 1 where there is no plan, 0 where it is proven
        that there is none.
    excess : float
        Mean distance to the best known value, as a share of it.
    """

    group: str
    solver: str
    instances: int
    proven: int
    rejected: int
    gap: float
    excess: float
    seconds: float
    seconds_median: float


TOGETHER = {"j10-j30": ("j10", "j20", "j30")}
"""Parts that are also looked at as one: the smaller projects with modes, beside MMLIB's."""


def summarise(rows: Sequence[Row], known: Mapping[str, Published]) -> list[Line]:
    """Return a line for every part of a set, for parts that go together, and for the whole.

    Each for every solver; the whole only if it has several parts.
    """
    shared = _shared(rows)
    by_group: dict[str, list[Row]] = {}
    for row in shared:
        by_group.setdefault(known.get(row.instance, Published()).group, []).append(row)
    lines = [line for group in sorted(by_group) for line in _lines(group, by_group[group])]
    for name, groups in TOGETHER.items():
        if by_group.keys() >= set(groups):
            lines += _lines(name, [row for group in groups for row in by_group[group]])
    return lines + (_lines("all", shared) if len(by_group) > 1 else [])


def _shared(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of instances that all applicable solvers have: others are not comparable."""
    used = [r for r in rows if r.status != NOT_APPLICABLE]
    solvers = {r.solver for r in used}
    by_instance: dict[str, set[str]] = {}
    for row in used:
        by_instance.setdefault(row.instance, set()).add(row.solver)
    return [r for r in used if by_instance[r.instance] == solvers]


def _lines(group: str, rows: Sequence[Row]) -> list[Line]:
    return [
        _line(group, solver, [r for r in rows if r.solver == solver])
        for solver in dict.fromkeys(r.solver for r in rows)
    ]


def _line(group: str, solver: str, rows: Sequence[Row]) -> Line:
    seconds = [r.seconds_total for r in rows]
    return Line(
        group,
        solver,
        len(rows),
        sum(r.proven for r in rows),
        sum(r.verified is False for r in rows),
        mean(_gap(r) for r in rows),
        mean(r.excess for r in rows if r.excess is not None),
        shifted_geometric_mean(seconds),
        median(seconds),
    )


def _gap(row: Row) -> float:
    if row.status == INFEASIBLE:
        return 0.0
    return 1.0 if row.gap is None else row.gap


def contradictions(rows: Iterable[Row], known: Mapping[str, Published]) -> list[str]:
    """Return a sentence for everything that cannot be true beside what is published."""
    return [
        f"{row.solver} on {row.instance}: {complaint}"
        for row in rows
        for complaint in _complaints(row, known.get(row.instance, Published(row.best_known)))
    ]


def _complaints(row: Row, known: Published) -> Iterable[str]:
    best, least = known.best_known, least_value(known)
    if row.status == "error":
        yield "ended with an error"
    if row.verified is False:
        yield f"its solution of value {row.value} was rejected"
    if row.value is not None and best == INFEASIBLE:
        yield f"found {row.value}, but the instance is published as infeasible"
    if row.value is not None and least is not None and row.value < least:
        yield f"found {row.value}, below the published lower bound {least}"
    if row.status == INFEASIBLE and best.isdigit():
        yield f"says infeasible, but {best} is published"
    if row.status == OPTIMAL and best.isdigit() and (row.value or 0) > int(best):
        yield f"says that {row.value} is optimal, but {best} is published"
    if row.bound is not None and best.isdigit() and row.bound > int(best):
        yield f"says that no value is below {row.bound}, but {best} is published"


def table(lines: Sequence[Line]) -> str:
    """Return the lines as a table for the eye."""
    heading = (
        f"{'part':<10}{'solver':<20}{'instances':>10}{'proven':>8}{'rejected':>10}"
        f"{'gap %':>8}{'to best %':>11}{'mean s':>9}{'median s':>10}"
    )
    rows = [
        f"{x.group:<10}{x.solver:<20}{x.instances:>10}{x.proven:>8}{x.rejected:>10}"
        f"{100 * x.gap:>8.2f}{100 * x.excess:>11.2f}{x.seconds:>9.3f}{x.seconds_median:>10.3f}"
        for x in lines
    ]
    note = (
        f"mean s: geometric mean of seconds, shifted by {SHIFT:g} s; a timeout counts as the limit"
    )
    return "\n".join([heading, *rows, note])


@dataclass(frozen=True, slots=True)
class Target:
    """What the engine is to reach beside its peers, and whether it does."""

    name: str
    met: bool
    found: str


TIME_RATIOS = {"rcpsp": 0.7, "mrcpsp": 0.7, "setcover": 0.5}
MEDIAN_SECONDS = {"bacp": 0.5}
EXCESS_RATIOS = {"mmlib50": 0.5}


def targets(problem_set: str, lines: Sequence[Line]) -> list[Target]:
    """Return the targets of a set, part by part, as met or missed."""
    found: list[Target] = []
    for group in dict.fromkeys(line.group for line in lines):
        part = {line.solver: line for line in lines if line.group == group}
        engine = part.pop(ENGINE, None)
        peers = [line for name, line in part.items() if "-" not in name]
        if engine is not None and peers:
            found += _targets_of(problem_set, group, engine, peers)
    return found


def _targets_of(
    problem_set: str, group: str, engine: Line, peers: Sequence[Line]
) -> Iterable[Target]:
    label = f"{problem_set} {group}".strip()
    proven = max(p.proven for p in peers)
    if problem_set in ("setcover", "bacp"):
        proven = engine.instances
    met = engine.proven >= proven
    yield Target(f"{label}: proven at least {proven}", met, str(engine.proven))
    gap = min(p.gap for p in peers)
    yield Target(
        f"{label}: mean gap at most {100 * gap:.2f} %",
        engine.gap <= gap + 1e-9,
        f"{100 * engine.gap:.2f} %",
    )
    if group in EXCESS_RATIOS:
        most = EXCESS_RATIOS[group] * min(p.excess for p in peers)
        yield Target(
            f"{label}: distance to the best known at most {100 * most:.2f} %",
            engine.excess <= most + 1e-9,
            f"{100 * engine.excess:.2f} %",
        )
    elif problem_set in TIME_RATIOS:
        best = min(p.seconds for p in peers)
        ratio = engine.seconds / best if best else math.inf
        most = TIME_RATIOS[problem_set]
        yield Target(
            f"{label}: mean time at most {most:g} of the better peer's",
            ratio <= most,
            f"{ratio:.2f} ({engine.seconds:.3f} s to {best:.3f} s)",
        )
    if problem_set in MEDIAN_SECONDS:
        most = MEDIAN_SECONDS[problem_set]
        yield Target(
            f"{label}: median under {most:g} s",
            engine.seconds_median < most,
            f"{engine.seconds_median:.3f} s",
        )
