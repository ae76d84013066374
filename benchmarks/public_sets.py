"""The engine beside what people would use instead, on public instance sets.

Examples
--------
``python benchmarks/public_sets.py --set setcover --instances DIR --best-known DIR/best_known.csv
--time-limit 60 --against cpsat highs --out setcover.csv``

``python benchmarks/public_sets.py --summary setcover.csv``
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path

import performance_profile
from engine_run import run_engine
from instances import SUFFIXES, find_instances, has_importers, read_for_peers
from machine import describe
from peers import PEERS, SOLVERS, Clock, Outcome, checksum, runs_of, with_pyjobshop
from peers.outcome import NOT_APPLICABLE
from peers.problems import Problem
from published import Published, read_published
from result_rows import ENGINE, PROVEN, Row, append, better_of, cut_torn_line, own_gap, read
from solution_check import Rejected, value_of
from summary import contradictions, summarise, table, targets

OK, CONTRADICTED, INVALID, NO_INSTANCES = 0, 1, 2, 6
WORKERS = 2
TRAINING_SHARE = 4
"""One instance of so many, chosen by a checksum of its name, is for tuning."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison or print a summary; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.summary:
            return max(summary_of(path) for path in options.summary)
        if options.set is None or options.instances is None or options.out is None:
            parser.error("--set, --instances and --out are needed, or --summary")
        return compare(options)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return INVALID


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set", choices=sorted(SUFFIXES), help="kind of problem")
    parser.add_argument("--instances", type=Path, metavar="DIR", help="searched with its folders")
    parser.add_argument("--best-known", type=Path, metavar="CSV", help="published values")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S")
    parser.add_argument("--against", nargs="*", choices=PEERS, default=["cpsat"], metavar="PEER")
    parser.add_argument("--without-engine", action="store_true", help="only the peers")
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help="resumed where it ended")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pick", type=int, metavar="N", help="so many, evenly spread")
    parser.add_argument("--instances-like", default="*", metavar="GLOB", help="by name")
    parser.add_argument("--part", choices=("all", "training", "rest"), default="all")
    parser.add_argument("--summary", type=Path, nargs="+", metavar="FILE.csv", help="of such files")
    return parser


# ---- the instances ------------------------------------------------------------------------------


def chosen(paths: Sequence[Path], like: str, part: str, pick: int | None) -> list[Path]:
    """Return the instances that the options ask for."""
    found = [p for p in paths if fnmatch(p.stem, like)]
    if part != "all":
        found = [p for p in found if is_training(p.stem) == (part == "training")]
    if pick is None or pick >= len(found):
        return found
    if pick < 1:
        raise ValueError(f"--pick ({pick}) must be at least 1")
    return [found[i * len(found) // pick] for i in range(pick)]


def is_training(instance: str) -> bool:
    """Return whether an instance may be looked at while parameters are tuned."""
    return zlib.crc32(instance.encode()) % TRAINING_SHARE == 0


# ---- the comparison -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """What every solver is given alike."""

    problem_set: str
    path: Path
    known: Published
    limit: float
    seed: int


def compare(options: argparse.Namespace) -> int:
    """Let every solver have its turn on every instance; return the exit code."""
    if not options.instances.is_dir():
        print(f"no folder {options.instances}: get the instances first", file=sys.stderr)
        return NO_INSTANCES
    found = find_instances(options.instances, options.set)
    paths = chosen(found, options.instances_like, options.part, options.pick)
    if not paths:
        kinds = ", ".join(f"*{s}" for s in SUFFIXES[options.set])
        print(f"no instance ({kinds}) that is asked for in {options.instances}", file=sys.stderr)
        return NO_INSTANCES
    if "pyjobshop" in options.against and not with_pyjobshop.installed():
        print(with_pyjobshop.MISSING, file=sys.stderr)
        return INVALID
    if not options.without_engine and not has_importers():
        print("this version has no importers of public formats: --without-engine", file=sys.stderr)
        return INVALID
    published = read_published(options.best_known) if options.best_known else {}
    write_facts(options, {p.stem: published.get(p.stem, Published()) for p in paths})
    cut_torn_line(options.out)
    done = {(r.instance, r.solver): r for r in read(options.out)}
    print(f"checksum of the peers: {checksum()}")
    for path in paths:
        known = published.get(path.stem, Published())
        turn = Turn(options.set, path, known, options.time_limit, options.seed)
        for row in missing_rows(turn, options, done):
            append(options.out, [row])
            done[row.instance, row.solver] = row
            print(_line(row), flush=True)
    return summary_of(options.out)


def missing_rows(
    turn: Turn, options: argparse.Namespace, done: dict[tuple[str, str], Row]
) -> Iterator[Row]:
    """Yield the rows of one instance that are not there yet, solver by solver."""
    instance = turn.path.stem
    if not options.without_engine and (instance, ENGINE) not in done:
        yield engine_row(turn)
    for peer in options.against:
        runs = runs_of(peer, turn.problem_set)
        for run in runs:
            if (instance, run) not in done:
                yield peer_row(turn, run)
        if runs != (peer,) and (instance, peer) not in done:
            yield better_of(peer, [done[instance, run] for run in runs])


def engine_row(turn: Turn) -> Row:
    """Return what the engine does with an instance."""
    clock = Clock(turn.limit)
    try:
        problem, outcome, apart = run_engine(turn.problem_set, turn.path, clock, WORKERS, turn.seed)
    except Exception as problem_found:
        return _failed(turn, ENGINE, clock, problem_found)
    return _judged(turn, ENGINE, clock, problem, outcome, apart)


def peer_row(turn: Turn, run: str) -> Row:
    """Return what one run of a peer does with an instance."""
    clock = Clock(turn.limit)
    try:
        problem = read_for_peers(turn.problem_set, turn.path)
        outcome = SOLVERS[run](problem, clock, WORKERS, turn.seed)
    except Exception as problem_found:
        return _failed(turn, run, clock, problem_found)
    return _judged(turn, run, clock, problem, outcome)


def _failed(turn: Turn, solver: str, clock: Clock, problem: Exception) -> Row:
    print(f"{solver} on {turn.path.stem}: {type(problem).__name__}: {problem}", file=sys.stderr)
    return _row(turn, solver, Outcome("error"), max(clock.limit, clock.now()), None)


def _judged(
    turn: Turn, solver: str, clock: Clock, problem: Problem, outcome: Outcome, apart: float = 0.0
) -> Row:
    """Return the row of a turn; ``apart`` are seconds that are not the solver's."""
    verified = _verified(problem, outcome)
    ended = clock.now() - apart
    proven = outcome.status in PROVEN and verified is not False
    if outcome.status == NOT_APPLICABLE:
        ended = 0.0
    elif not proven:
        ended = clock.limit
    return _row(turn, solver, outcome, ended, verified)


def _verified(problem: Problem, outcome: Outcome) -> bool | None:
    if outcome.value is None:
        return None
    try:
        return value_of(problem, outcome.solution) == outcome.value
    except Rejected as complaint:
        print(f"rejected: {complaint}", file=sys.stderr)
        return False


def _row(turn: Turn, solver: str, outcome: Outcome, seconds: float, verified: bool | None) -> Row:
    return Row(
        turn.path.stem,
        solver,
        outcome.status,
        outcome.value,
        outcome.bound,
        turn.known.best_known,
        turn.known.is_optimal,
        own_gap(outcome.value, outcome.bound),
        outcome.seconds_first,
        outcome.seconds_best,
        seconds,
        verified,
    )


def _line(row: Row) -> str:
    value = "" if row.value is None else f"{row.value} (bound {row.bound})"
    return (
        f"{row.instance:<12}{row.solver:<20}{row.status:<16}{value:<22}{row.seconds_total:9.3f} s"
    )


# ---- what stands beside the table, and the summary ----------------------------------------------


def facts_beside(table_of_rows: Path) -> Path:
    """Return the file with the facts of the run that a table of rows belongs to."""
    return table_of_rows.with_suffix(".json")


def write_facts(options: argparse.Namespace, published: dict[str, Published]) -> None:
    """Write machine, versions, limits, the checksum of the peers and the published values."""
    path = facts_beside(options.out)
    facts = {
        "set": options.set,
        "time_limit": options.time_limit,
        "workers": WORKERS,
        "seed": options.seed,
        "part": options.part,
        "peers_checksum": checksum(),
        "machine": describe(),
    }
    if path.exists() and options.out.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        for name in ("set", "time_limit", "seed", "peers_checksum"):
            if before[name] != facts[name]:
                raise ValueError(
                    f"{options.out} was begun with {name} {before[name]}: choose another"
                )
        facts["machine"] = before["machine"]
        published = {i: Published(**v) for i, v in before["published"].items()} | published
    facts["published"] = {i: asdict(v) for i, v in published.items()}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def summary_of(path: Path) -> int:
    """Print the summary of a table and draw its profile; return the exit code."""
    rows = read(path)
    if not rows:
        raise ValueError(f"{path} has no rows")
    facts = json.loads(facts_beside(path).read_text(encoding="utf-8"))
    known = {i: Published(**v) for i, v in facts["published"].items()}
    lines = summarise(rows, known)
    print(f"\n{facts['set']}, {facts['time_limit']:g} s, peers {facts['peers_checksum']}")
    print(table(lines))
    for target in targets(facts["set"], lines):
        print(f"  {'met   ' if target.met else 'MISSED'}  {target.name}: {target.found}")
    shown = [r for r in rows if r.status != NOT_APPLICABLE]
    title = (
        f"{facts['set']}: {len({r.instance for r in shown})} instances, {facts['time_limit']:g} s"
    )
    performance_profile.draw(shown, title, path.with_suffix(".png"))
    wrong = contradictions(rows, known)
    for sentence in wrong:
        print(f"!!! CONTRADICTION: {sentence}")
    return CONTRADICTED if wrong else OK


if __name__ == "__main__":
    raise SystemExit(main())
