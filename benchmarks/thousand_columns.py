"""How the time of every stage grows with the number of columns of the matrix A.

Examples
--------
``python benchmarks/thousand_columns.py --columns 1000 2000 5000 --repeat 5 --out times.csv``
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from measurement import measure
from model_files import write
from synthetic_model import MISSING_NODES, generate

STAGES = (
    "read",
    "validate",
    "diagnose",
    "graph",
    "closure",
    "build",
    "solve",
    "verify",
    "hash",
    "other",
    "plan",
    "total",
)
TARGET_COLUMNS = 5000
TARGET_SECONDS = 5.0
TARGET_MEMORY_MB = 1024.0
TARGET_EXPONENT = 1.1

Run = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.measure is not None:
        print(json.dumps(measure(options.measure, options.time_limit, options.seed)))
        return 0
    runs: dict[int, list[Run]] = {}
    for columns in options.columns:
        runs[columns] = run_size(columns, options)
        print_size(columns, runs[columns])
    exponents = {s: fit_exponent(_medians(runs, s)) for s in STAGES}
    print_growth(exponents)
    print_targets(runs, exponents)
    if options.out is not None:
        write_runs(options.out, runs)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--columns", type=int, nargs="+", default=[1000, 2000, 5000])
    parser.add_argument("--repeat", type=int, default=5, help="processes per size")
    parser.add_argument("--seed", type=int, default=0, help="of the model and of the solver")
    parser.add_argument("--missing", type=int, default=MISSING_NODES, help="size of the gap")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for a plan")
    parser.add_argument("--out", type=Path, help="CSV file with every run")
    parser.add_argument("--measure", metavar="FOLDER", help=argparse.SUPPRESS)
    return parser


def run_size(columns: int, options: argparse.Namespace) -> list[Run]:
    """Generate one size and run it, every time in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        model = generate(columns, options.seed, options.missing)
        scenario = write(model, Path(folder))
        command = [sys.executable, __file__, "--measure", str(scenario)]
        command += ["--time-limit", str(options.time_limit), "--seed", str(options.seed)]
        return [
            json.loads(
                subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            )
            for _ in range(options.repeat)
        ]


def seconds(runs: Sequence[Run], stage: str) -> float:
    """Return the median seconds of a stage, 0 where it did not occur."""
    return median(run["stages"].get(stage, 0.0) for run in runs)


def _medians(runs: Mapping[int, Sequence[Run]], stage: str) -> dict[int, float]:
    return {columns: seconds(found, stage) for columns, found in runs.items()}


def fit_exponent(times: Mapping[int, float]) -> float | None:
    """Return the slope of log seconds over log columns by least squares, None without two sizes."""
    points = [(math.log(n), math.log(t)) for n, t in times.items() if t > 0]
    if len({x for x, _ in points}) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def print_size(columns: int, runs: Sequence[Run]) -> None:
    """Print the table of one size."""
    print(f"\n{columns} columns, median of {len(runs)}")
    for stage in STAGES:
        print(f"  {stage:<10}{seconds(runs, stage):>10.3f} s")
    print(f"  {'memory':<10}{max(r['memory_mb'] for r in runs):>10.0f} MB at the peak")
    for name, value in runs[0]["figures"].items():
        seen = {json.dumps(run["figures"][name]) for run in runs}
        shown = value if len(seen) == 1 else f"{value} (differs between runs)"
        print(f"  {name}: {shown}")
    sys.stdout.flush()


def print_growth(exponents: Mapping[str, float | None]) -> None:
    """Print the fitted exponents."""
    print("\ngrowth: seconds ~ columns ^ exponent")
    for stage, exponent in exponents.items():
        print(f"  {stage:<10}{'  n/a' if exponent is None else f'{exponent:>7.2f}'}")


def print_targets(runs: Mapping[int, Sequence[Run]], exponents: Mapping[str, float | None]) -> None:
    """Print which targets are met and which are missed."""
    print("\ntargets")
    at_target = runs.get(TARGET_COLUMNS, ())
    if at_target:
        total = seconds(at_target, "total")
        memory = max(run["memory_mb"] for run in at_target)
        proven = all(run["figures"]["hours proven optimal"] for run in at_target)
        _target(f"hours proven optimal at {TARGET_COLUMNS} columns", proven, str(proven))
        _target(f"files to plan in {TARGET_SECONDS:g} s", total <= TARGET_SECONDS, f"{total:.2f} s")
        _target(f"under {TARGET_MEMORY_MB:g} MB", memory < TARGET_MEMORY_MB, f"{memory:.0f} MB")
    for stage, exponent in exponents.items():
        if exponent is not None:
            met = exponent <= TARGET_EXPONENT
            _target(f"exponent of {stage} at most {TARGET_EXPONENT}", met, f"{exponent:.2f}")


def _target(name: str, met: bool, found: str) -> None:
    print(f"  {'met   ' if met else 'MISSED'}  {name}: {found}")


def write_runs(path: Path, runs: Mapping[int, Sequence[Run]]) -> None:
    """Write every run as rows of a CSV table: columns, repeat, quantity, value."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["columns", "repeat", "quantity", "value"])
        for columns, found in runs.items():
            for i, run in enumerate(found):
                named = {f"seconds of {s}": f"{v:.6f}" for s, v in run["stages"].items()}
                named |= {"memory in MB": f"{run['memory_mb']:.1f}", **run["figures"]}
                writer.writerows((columns, i, name, value) for name, value in named.items())


if __name__ == "__main__":
    raise SystemExit(main())
