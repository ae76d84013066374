"""Writes ``RESULTS.md`` from the tables that the benchmarks left; nothing in it is typed by hand.

Examples
--------
``python benchmarks/write_results.py --sets rcpsp.csv setcover.csv --growth growth.csv
--degree-plans degree_plans.csv``
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import growth_report
import growth_rows
import result_rows
from published import Published
from summary import contradictions, summarise, table, targets

OK, WRONG, INVALID = 0, 1, 2
PARTS = {"all": "all instances", "training": "training part", "rest": "not the training part"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the results; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=Path, nargs="*", default=[], metavar="FILE.csv")
    parser.add_argument("--growth", type=Path, nargs="*", default=[], metavar="FILE.csv")
    parser.add_argument("--degree-plans", type=Path, nargs="*", default=[], metavar="FILE.csv")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    options = parser.parse_args(arguments)
    if not (options.sets or options.growth or options.degree_plans):
        parser.error("no tables: --sets, --growth or --degree-plans")
    try:
        sections = [
            *(public_set(path) for path in options.sets),
            *(growth(path) for path in options.growth),
            *(degree_plans(path) for path in options.degree_plans),
        ]
    except (KeyError, OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return INVALID
    heading = "# Results\n\nWritten by `write_results.py` from the tables of the benchmarks."
    options.out.write_text("\n\n".join([heading, *sections]) + "\n", encoding="utf-8")
    return OK


def _facts(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return found


def _machine(facts: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in facts["machine"].items()) + "."


def _block(text: str) -> str:
    return f"```\n{text.strip(chr(10))}\n```"


def _verdicts(found: Sequence[tuple[str, bool, str]]) -> str:
    lines = ["| target | | found |", "|---|---|---|"]
    lines += [
        f"| {name} | {'met' if met else '**missed**'} | {text} |" for name, met, text in found
    ]
    return "\n".join(lines)


def public_set(path: Path) -> str:
    """Return the section of a comparison on a public set."""
    rows, facts = result_rows.read(path), _facts(path)
    if not rows:
        raise ValueError(f"{path} has no rows")
    known = {i: Published(**v) for i, v in facts["published"].items()}
    lines = summarise(rows, known)
    wrong = contradictions(rows, known)
    said = [f"- **contradiction**: {sentence}" for sentence in wrong]
    return "\n\n".join(
        [
            f"## Public set {facts['set']}",
            f"{len({r.instance for r in rows})} instances ({PARTS[facts['part']]}), "
            f"{facts['time_limit']:g} s, {facts['workers']} workers, seed {facts['seed']}; "
            f"checksum of the peers {facts['peers_checksum']}.",
            _machine(facts),
            _block(table(lines)),
            _verdicts([(t.name, t.met, t.found) for t in targets(facts["set"], lines)]),
            "\n".join(said) or "No value contradicts what is published.",
        ]
    )


def growth(path: Path) -> str:
    """Return the section on the size of the matrix."""
    rows, facts = growth_rows.read(path), _facts(path)
    if not rows:
        raise ValueError(f"{path} has no rows")
    said = [f"- **contradiction**: {sentence}" for sentence in growth_report.disagreements(rows)]
    return "\n\n".join(
        [
            "## Size of the matrix",
            f"{facts['time_limit']:g} s for the hours, {facts['completion_seconds']:g} s for the "
            f"completion, seed {facts['seed']}; checksum of the generator "
            f"{facts['generator_checksum']}.",
            _machine(facts),
            _block(growth_report.table(rows)),
            _verdicts(growth_report.targets(rows)),
            "\n".join(said) or "No two proven values differ.",
        ]
    )


def degree_plans(path: Path) -> str:
    """Return the section on degree plans."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    return "\n\n".join(
        ["## Degree plans", _machine(_facts(path)), "\n".join(_markdown(lines))],
    )


def _markdown(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    for i, line in enumerate(lines):
        yield "| " + " | ".join(_short(cell) for cell in line) + " |"
        if i == 0:
            yield "|" + "---|" * len(line)


def _short(cell: str) -> str:
    try:
        return f"{float(cell):.3f}" if "." in cell else cell
    except ValueError:
        return cell


if __name__ == "__main__":
    raise SystemExit(main())
