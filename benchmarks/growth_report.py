"""What the measurements over the size of the matrix say: tables, exponents, targets, a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from growth_rows import Rows, every, median_of, numbers, runs_of
from matplotlib.figure import Figure

STAGES = (
    "read",
    "validate",
    "diagnose",
    "closure",
    "build",
    "solve",
    "verify",
    "hash",
    "other",
    "plan",
    "total",
)
BEFORE_THE_ARRAYS = ("read", "validate", "diagnose", "hash")
"""Stages of the engine that the unreduced model, which begins with arrays, has no part in."""
UNREDUCED = ("unreduced-linear", "unreduced-portfolio")
SECONDS_AT = {5000: 3.0, 20000: 15.0}
SPEED_UP = 4.0
MEMORY_MB = 2048.0
EXPONENT = 1.1
COMPLETION_GAP = 0.02

Target = tuple[str, bool, str]


def fit_exponent(times: Mapping[int, float]) -> float | None:
    """Return the slope of log seconds over log columns by least squares, None without two sizes."""
    points = [(math.log(n), math.log(t)) for n, t in times.items() if t > 0]
    if len({x for x, _ in points}) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def series_of(rows: Rows) -> list[tuple[str, float]]:
    """Return objectives and overlaps that were measured."""
    return sorted({(case.objective, case.overlap) for case in rows}, reverse=True)


def medians(runs: Mapping[int, Sequence[Any]], quantity: str) -> dict[int, float]:
    """Return the median of a quantity by columns, where it is known."""
    found = {columns: median_of(own, quantity) for columns, own in runs.items()}
    return {columns: value for columns, value in found.items() if value is not None}


def table(rows: Rows) -> str:
    """Return the stages, the memory and the figures of every series, with fitted exponents."""
    return "\n".join(
        line for objective, overlap in series_of(rows) for line in _part(rows, objective, overlap)
    )


def _part(rows: Rows, objective: str, overlap: float) -> Iterator[str]:
    engine = runs_of(rows, objective, overlap, "engine")
    missing = sorted({c.missing for c in rows if (c.objective, c.overlap) == (objective, overlap)})
    yield f"\n{objective}, {overlap:g} providers a node, missing: {', '.join(missing)}"
    sizes = sorted({c.columns for c in rows if (c.objective, c.overlap) == (objective, overlap)})
    yield f"  {'columns':<34}" + "".join(f"{n:>12}" for n in sizes) + f"{'exponent':>12}"
    for stage in STAGES:
        yield _line(f"{stage} (s)", medians(engine, f"seconds of {stage}"), sizes, ".3f")
    yield _line("memory (MB, at most)", _most(engine, "memory in MB"), sizes, ".0f")
    for subject in UNREDUCED:
        runs = runs_of(rows, objective, overlap, subject)
        if runs:
            yield _line(f"{subject} (s)", medians(runs, "seconds of unreduced"), sizes, ".3f")
            yield _text(f"{subject} proven", runs, "proven optimal", sizes)
    for name in ("value", "bound", "gap", "proven optimal", "share of the largest component"):
        yield _text(name, engine, name, sizes)
    difficulty = runs_of(rows, objective, overlap, "difficulty")
    measured = next(iter(difficulty.values()))[0] if difficulty else {}
    for name in measured:
        if not name.startswith("memory"):
            yield _text(name, difficulty, name, sizes)


def _most(runs: Mapping[int, Sequence[Any]], quantity: str) -> dict[int, float]:
    return {n: max(numbers(own, quantity)) for n, own in runs.items() if numbers(own, quantity)}


def _line(name: str, values: Mapping[int, float], sizes: Sequence[int], form: str) -> str:
    cells = "".join(f"{format(values[n], form) if n in values else '':>12}" for n in sizes)
    exponent = fit_exponent(values)
    return f"  {name:<34}{cells}{'' if exponent is None else f'{exponent:12.2f}'}"


def _text(name: str, runs: Mapping[int, Sequence[Any]], quantity: str, sizes: Sequence[int]) -> str:
    def cell(columns: int) -> str:
        seen = sorted({run.get(quantity, "") for run in runs.get(columns, ())})
        return seen[0] if len(seen) == 1 else "differs" if seen else ""

    return f"  {name:<34}" + "".join(f"{cell(n):>12}" for n in sizes)


# ---- targets ------------------------------------------------------------------------------------


def targets(rows: Rows) -> list[Target]:
    """Return what is to be reached, whether it is, and what was found."""
    found: list[Target] = []
    for objective, overlap in series_of(rows):
        engine = runs_of(rows, objective, overlap, "engine")
        label = f"{objective}, overlap {overlap:g}"
        if objective == "study_hours":
            found += _hours_targets(label, engine)
            found += _speed_targets(label, rows, overlap, engine)
        else:
            found += [_gap_target(f"{label}, {n} columns", own) for n, own in engine.items()]
        found += _memory_targets(label, engine)
    return [*found, *_difficulty(rows)]


def _hours_targets(label: str, engine: Mapping[int, Sequence[Any]]) -> Iterator[Target]:
    for columns, most in SECONDS_AT.items():
        if columns in engine:
            total = median_of(engine[columns], "seconds of total") or math.inf
            proven = every(engine[columns], "proven optimal")
            name = f"{label}: {columns} columns proven from files to plan in {most:g} s"
            yield name, proven and total <= most, f"{total:.2f} s, proven: {proven}"
    exponent = fit_exponent(medians(engine, "seconds of total"))
    if exponent is not None:
        proven = all(every(own, "proven optimal") for own in engine.values())
        found = f"{exponent:.2f}" if proven else f"{exponent:.2f}, but not all is proven"
        yield f"{label}: exponent at most {EXPONENT}", proven and exponent <= EXPONENT, found


def _speed_targets(
    label: str, rows: Rows, overlap: float, engine: Mapping[int, Sequence[Any]]
) -> Iterator[Target]:
    for columns, own in engine.items():
        plain = [
            (seconds, every(runs, "proven optimal"))
            for subject in UNREDUCED
            if (runs := runs_of(rows, "study_hours", overlap, subject).get(columns))
            and (seconds := median_of(runs, "seconds of unreduced")) is not None
        ]
        total = median_of(own, "seconds of total")
        if not plain or total is None:
            continue
        before = sum(median_of(own, f"seconds of {s}") or 0.0 for s in BEFORE_THE_ARRAYS)
        seconds, is_whole = min(plain)
        ratio, strict = seconds / (total - before), seconds / total
        name = f"{label}, {columns} columns: {SPEED_UP:g} times faster than unreduced"
        proven = every(own, "proven optimal")
        shown = f"{ratio:.1f} times from the arrays on, {strict:.1f} from the files on"
        if not is_whole:
            shown = f"at least {shown}: the unreduced model ended at its limit"
        shown += "" if proven else ", but the engine has not proven it"
        yield name, proven and ratio >= SPEED_UP, shown


def _gap_target(label: str, runs: Sequence[Any]) -> Target:
    value, bound = median_of(runs, "value"), median_of(runs, "bound")
    name = f"{label}: gap at most {100 * COMPLETION_GAP:g} % or one period"
    if value is None or bound is None:
        return name, False, "no plan"
    return name, value - bound <= max(1.0, COMPLETION_GAP * value), f"{value:g} to {bound:g}"


def _memory_targets(label: str, engine: Mapping[int, Sequence[Any]]) -> Iterator[Target]:
    for columns, memory in _most(engine, "memory in MB").items():
        if columns >= max(SECONDS_AT):
            name = f"{label}: {columns} columns under {MEMORY_MB:g} MB"
            yield name, memory < MEMORY_MB, f"{memory:.0f} MB"


def _difficulty(rows: Rows) -> Iterator[Target]:
    """Say whether the instances are not easy by accident."""
    for case, run in rows.items():
        label = f"not easy: {case.objective}, overlap {case.overlap:g}, {case.columns} columns"
        if case.subject == "engine" and case.repeat == 0:
            share = float(run.get("share of the largest component") or 0.0)
            yield f"{label}: largest component at least half", share >= 0.5, f"{share:.2f}"
        elif case.subject == "difficulty":
            nested = float(run["share of nested sets"])
            yield f"{label}: provider sets are not nested", nested < 0.5, f"{nested:.2f}"
            yield from _relaxation(label, rows, case.columns, case.overlap, run)
        elif case.subject in UNREDUCED and run["proven optimal"] == "True":
            circular = run["first choice circular"]
            yield f"{label}: least-hours choice circular", circular == "True", circular


def _relaxation(
    label: str, rows: Rows, columns: int, overlap: float, run: Mapping[str, str]
) -> Iterator[Target]:
    engine = runs_of(rows, "study_hours", overlap, "engine").get(columns, [])
    value = median_of(engine, "value")
    if value:
        gap = (value - float(run["linear relaxation"])) / value
        yield f"{label}: a gap of the linear relaxation", gap > 0.0, f"{100 * gap:.1f} %"


def disagreements(rows: Rows) -> list[str]:
    """Return a sentence wherever two proven values of the same instance differ."""
    proven: dict[tuple[str, float, int, str], dict[str, str]] = {}
    for case, run in rows.items():
        if run.get("proven optimal") == "True":
            key = (case.objective, case.overlap, case.columns, case.missing)
            proven.setdefault(key, {})[case.subject] = run["value"]
    return [
        f"{objective}, overlap {overlap:g}, {columns} columns, missing {missing}: {found}"
        for (objective, overlap, columns, missing), found in proven.items()
        if len(set(found.values())) > 1
    ]


def draw(rows: Rows, path: Path) -> None:
    """Write seconds over columns as a picture, one panel an objective."""
    objectives = sorted({objective for objective, _ in series_of(rows)}, reverse=True)
    figure = Figure(figsize=(5.2 * len(objectives), 4.2), layout="constrained")
    panels = figure.subplots(1, len(objectives), squeeze=False)[0]
    for axes, objective in zip(panels, objectives, strict=True):
        for _, overlap in (s for s in series_of(rows) if s[0] == objective):
            for subject, quantity in (("engine", "total"), ("unreduced-linear", "unreduced")):
                runs = runs_of(rows, objective, overlap, subject)
                times = medians(runs, f"seconds of {quantity}")
                style = "-o" if subject == "engine" else "--s"
                if times:
                    label = f"{subject}, {overlap:g} providers"
                    axes.plot(list(times), list(times.values()), style, label=label, ms=4)
        axes.set(xscale="log", yscale="log", title=objective.replace("_", " "))
        axes.set_xlabel("columns of the matrix A")
        axes.set_ylabel("seconds")
        axes.grid(alpha=0.3, which="both")
        axes.legend(fontsize=7)
    figure.savefig(path, dpi=150)
