"""How time and memory grow with the number of columns of the matrix A.

Examples
--------
``python benchmarks/thousand_columns.py --columns 1000 2000 5000 --overlap 4 --out growth.csv``

``python benchmarks/thousand_columns.py --summary growth.csv``
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import growth_report
from growth_rows import Case, append, read
from machine import describe
from measurement import in_a_process, measure, measure_difficulty, measure_unreduced
from model_files import FROZEN, checksum_of_generator, write
from synthetic_model import generate

OK, WRONG, INVALID = 0, 1, 2
COMPLETION_SECONDS = 30.0
LARGEST_RELAXATION = 5000
"""Columns up to which the linear relaxation is solved: it takes longer than the engine."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark, or print a summary; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.measure is not None:
        print(json.dumps(_measured(options)))
        return OK
    try:
        if options.summary is not None:
            return summary_of(options.summary)
        return run(options)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return INVALID


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add = parser.add_argument
    add("--columns", type=int, nargs="+", default=[1000, 2000, 5000, 10000, 20000])
    add("--overlap", type=float, nargs="+", default=[2.0, 4.0, 8.0], help="providers a node")
    objectives = ["study_hours", "completion"]
    add("--objective", nargs="+", choices=objectives, default=objectives)
    add("--missing", default="whole", help="nodes missing for the hours, or 'whole'")
    add("--missing-completion", type=int, default=300, help="nodes missing for the completion")
    add("--repeat", type=int, default=3, help="processes of the engine per instance")
    add("--unreduced", nargs="*", choices=["linear", "portfolio"], default=["linear", "portfolio"])
    add("--seed", type=int, default=0, help="of the model and of the solver")
    add("--time-limit", type=float, default=60.0, help="seconds for the hours; completion has 30")
    add("--out", type=Path, metavar="FILE.csv", help="resumed where it ended")
    add("--summary", type=Path, metavar="FILE.csv", help="of an earlier run")
    add("--measure", nargs=2, metavar=("SUBJECT", "FOLDER"), help=argparse.SUPPRESS)
    return parser


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    """Measure in this process, which does nothing else."""
    subject, folder = options.measure
    if subject == "engine":
        return measure(folder, options.time_limit, options.seed)
    if subject == "difficulty":
        return measure_difficulty(folder)
    return measure_unreduced(folder, subject.removeprefix("unreduced-"), options.time_limit)


def run(options: argparse.Namespace) -> int:
    """Measure what is asked for and not there yet, then print the summary."""
    if checksum_of_generator() != FROZEN:
        print("!!! the generator is not the one that is frozen: figures cannot be compared")
        return WRONG
    print(f"checksum of the generator: {FROZEN}")
    with tempfile.TemporaryDirectory() as scratch:
        out = options.out or Path(scratch) / "growth.csv"
        out.parent.mkdir(parents=True, exist_ok=True)
        done = read(out)
        _write_facts(out, options)
        for objective in options.objective:
            for overlap in options.overlap:
                for columns in options.columns:
                    _run_instance(options, objective, overlap, columns, out, done)
        return summary_of(out)


def _write_facts(out: Path, options: argparse.Namespace) -> None:
    """Write machine, limits and the checksum of the generator, of a table that begins or goes on.

    Raises
    ------
    ValueError
        If the table was begun with others.
    """
    path = out.with_suffix(".json")
    facts = {
        "time_limit": options.time_limit,
        "completion_seconds": COMPLETION_SECONDS,
        "seed": options.seed,
        "generator_checksum": FROZEN,
        "machine": describe(),
    }
    if path.exists() and out.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        for name in ("time_limit", "completion_seconds", "seed", "generator_checksum"):
            if before[name] != facts[name]:
                raise ValueError(f"{out} was begun with {name} {before[name]}: choose another")
        facts["machine"] = before["machine"]
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _run_instance(
    options: argparse.Namespace,
    objective: str,
    overlap: float,
    columns: int,
    out: Path,
    done: Any,
) -> None:
    """Generate one instance and measure everything on it, each in a process of its own."""
    whole = objective == "study_hours" and options.missing == "whole"
    count = int(options.missing) if options.missing != "whole" else None
    missing = options.missing_completion if objective == "completion" else count
    name = "whole" if whole else str(missing)
    todo = [c for c in _cases(options, objective, overlap, columns, name) if c not in done]
    if not todo:
        return
    with tempfile.TemporaryDirectory() as folder:
        model = generate(columns, options.seed, None if whole else missing, overlap)
        scenario = write(model, Path(folder), objective)
        for case in todo:
            limit = COMPLETION_SECONDS if objective == "completion" else options.time_limit
            found = _in_a_process(case.subject, scenario, limit, options.seed)
            append(out, case, found)
            print(_line(case, found), flush=True)


def _cases(
    options: argparse.Namespace, objective: str, overlap: float, columns: int, missing: str
) -> Iterator[Case]:
    for repeat in range(options.repeat):
        yield Case(objective, overlap, columns, missing, "engine", repeat)
    if objective == "study_hours":
        for parameters in options.unreduced:
            yield Case(objective, overlap, columns, missing, f"unreduced-{parameters}", 0)
        if columns <= LARGEST_RELAXATION:
            yield Case(objective, overlap, columns, missing, "difficulty", 0)


def _in_a_process(subject: str, scenario: Path, limit: float, seed: int) -> dict[str, Any]:
    asked = ("--measure", subject, scenario, "--time-limit", limit, "--seed", seed)
    return in_a_process(__file__, *asked)


def _line(case: Case, found: dict[str, Any]) -> str:
    stages, figures = found["stages"], found["figures"]
    seconds = stages.get("total", stages.get("unreduced", 0.0))
    name = f"{case.objective} overlap {case.overlap:g} columns {case.columns} {case.subject}"
    shown = f"{figures.get('value')} (bound {figures.get('bound')})" if seconds else ""
    return f"{name:<64}{seconds:>10.3f} s{found['memory_mb']:>8.0f} MB  {shown}"


def summary_of(path: Path) -> int:
    """Print tables, exponents and targets of a table of rows; return the exit code."""
    rows = read(path)
    if not rows:
        raise ValueError(f"{path} has no rows")
    print(growth_report.table(rows))
    print("\ntargets")
    for name, met, found in growth_report.targets(rows):
        print(f"  {'met   ' if met else 'MISSED'}  {name}: {found}")
    growth_report.draw(rows, path.with_suffix(".png"))
    wrong = growth_report.disagreements(rows)
    for sentence in wrong:
        print(f"!!! CONTRADICTION between proven values: {sentence}")
    return WRONG if wrong else OK


if __name__ == "__main__":
    raise SystemExit(main())
