"""Where the processor's time goes from the files of a large matrix to a verified optimum.

Examples
--------
``python benchmarks/hot_path.py --columns 5000 --overlap 4``
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from machine import describe
from measurement import CLOSED, in_a_process, wrap_stages
from model_files import FROZEN, checksum_of_generator, write
from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model
from stage_clock import StageClock
from synthetic_model import generate

import trajectory_engine as te
from trajectory_engine import planner
from trajectory_engine.cpsat import lexicographic
from trajectory_engine.io import load_scenario

OK, WRONG = 0, 1
TIME_LIMIT = 120.0
STAGES = {
    "read": "reading: files to a validated scenario, with the graph",
    "hash": "hash of the input",
    "closure": "compiling: what can matter",
    "build": "compiling: the arrays",
    "reduce": "reducing",
    "landmarks": "choosing: landmarks, and choices that hit them",
    "linear": "choosing: the linear solver alone",
    "integer": "choosing: the integer solver alone",
    "solve": "scheduling the choice",
    "decode": "decoding",
    "verify": "the judge",
    "other": "all else",
}
"""What is printed of every stage, in this order; time inside another is counted there only."""
SOLVERS = ("linear", "integer")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure in processes of their own, print medians; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.measure is not None:
        print(json.dumps(measure(options.measure, options.seed)))
        return OK
    if checksum_of_generator() != FROZEN:
        print("!!! the generator is not the one that is frozen: figures cannot be compared")
        return WRONG
    with tempfile.TemporaryDirectory() as folder:
        model = generate(options.columns, options.seed, None, options.overlap)
        scenario = write(model, Path(folder))
        asked = ("--measure", scenario, "--seed", options.seed)
        runs = [in_a_process(__file__, *asked) for _ in range(options.repeat)]
        tables = [_read_with_pandas(scenario) for _ in range(options.repeat)]
    print(f"{options.columns} columns, {options.overlap:g} providers a node, hours, all missing;")
    print(f"processor time, one worker, medians of {options.repeat} runs")
    print(", ".join(f"{name}: {value}" for name, value in describe().items()) + "\n")
    print(table(runs, tables))
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--columns", type=int, default=5000)
    parser.add_argument("--overlap", type=float, default=4.0, help="providers a node")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0, help="of the model and of the solver")
    parser.add_argument("--measure", metavar="FOLDER", help=argparse.SUPPRESS)
    return parser


def measure(folder: str, seed: int) -> dict[str, float]:
    """Read and plan the scenario of a folder once, return processor seconds by stage.

    One worker, since the clock can follow one thread only.
    """
    clock = StageClock(CLOSED, time.process_time)
    wrap_stages(clock)
    clock.wrap(planner, "reduce_problem", "reduce")
    clock.wrap(planner, "_shown", "decode")
    clock.wrap(lexicographic, "choose", "landmarks")
    clock.wrap(pywraplp.Solver, "Solve", "linear")
    clock.wrap(cp_model.CpSolver, "solve", "integer")
    with clock.stage("read"):
        scenario = load_scenario(folder)
    with clock.stage("other"):
        result = te.plan(scenario, time_limit=TIME_LIMIT, workers=1, seed=seed)
    if result.status is not te.Status.OPTIMAL:
        raise RuntimeError(f"the answer is {result.status}, not proven")
    return clock.seconds


def _read_with_pandas(scenario: Path) -> float:
    """Return the processor seconds that pandas takes for the tables, without a look at them."""
    began = time.process_time()
    for path in sorted(scenario.parent.rglob("*.csv")):
        pd.read_csv(path, dtype=str, keep_default_na=False)
    return time.process_time() - began


def table(runs: Sequence[dict[str, float]], tables: Sequence[float]) -> str:
    """Return seconds and shares of the stages as lines of a table in Markdown."""
    median = {s: statistics.median(run.get(s, 0.0) for run in runs) for s in STAGES}
    left = [sum(v for s, v in run.items() if s not in STAGES) for run in runs]
    median["other"] += statistics.median(left)
    total = sum(median.values())
    lines = ["| stage | seconds | share |", "|---|---|---|"]
    lines += [_row(what, median[s], total) for s, what in STAGES.items()]
    lines.append(_row("all", total, total))
    lines.append(_row("for comparison: both solvers", sum(median[s] for s in SOLVERS), total))
    lines.append(_row("for comparison: pandas, the same tables", statistics.median(tables), total))
    return "\n".join(lines)


def _row(what: str, seconds: float, total: float) -> str:
    return f"| {what} | {seconds:.2f} | {100 * seconds / total:.0f} % |"


if __name__ == "__main__":
    raise SystemExit(main())
