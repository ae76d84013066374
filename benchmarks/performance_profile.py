"""The performance profile of Dolan and Moré (2002) as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from result_rows import Row

Curve = tuple[list[float], list[float]]


def profile(rows: Sequence[Row], solver: str) -> Curve:
    """Return ratios and the share of instances that the solver proves within each of them.

    The ratio of an instance is the solver's seconds over the least of all solvers; an instance
    that nobody proves counts for all.
    """
    best: dict[str, float] = {}
    for row in rows:
        if row.proven:
            least = best.get(row.instance, row.seconds_total)
            best[row.instance] = min(least, row.seconds_total)
    count = len({row.instance for row in rows})
    own = [r for r in rows if r.solver == solver and r.proven]
    ratios = sorted(r.seconds_total / max(best[r.instance], 1e-9) for r in own)
    return ratios, [(i + 1) / count for i in range(len(ratios))]


def draw(rows: Sequence[Row], title: str, path: Path) -> None:
    """Write the profiles of all solvers as a picture."""
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    curves = {s: profile(rows, s) for s in dict.fromkeys(r.solver for r in rows)}
    most = max((x[-1] for x, _ in curves.values() if x), default=1.0)
    for solver, (x, y) in curves.items():
        end = y[-1] if y else 0.0
        width = 2.2 if solver == "engine" else 1.3
        axes.step([1.0, *x, most * 1.1], [0.0, *y, end], where="post", label=solver, lw=width)
    axes.set(xscale="log", xlim=(1.0, most * 1.1), ylim=(0.0, 1.02), title=title)
    axes.set_xlabel("seconds, as a multiple of the fastest solver's")
    axes.set_ylabel("share of the instances proven")
    axes.legend(loc="lower right", fontsize=8)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=150)
