"""What people would use instead of the engine. Written before the engine was tuned, then frozen.

The checksum of the sources stands beside every table of results: a peer that was weakened later
would show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from peers import cpsat, highs, with_pyjobshop
from peers.outcome import Clock, Outcome
from peers.problems import Problem, ProjectProblem

Solver = Callable[[Problem, Clock, int, int], Outcome]
"""Takes the problem, the clock, the number of workers and a seed."""

CPSAT_RUNS: dict[str, Solver] = {
    "cpsat-portfolio": cpsat.portfolio,
    "cpsat-linear": cpsat.linear,
    "cpsat-one-interval": cpsat.one_interval,
}
SOLVERS: dict[str, Solver] = {
    **CPSAT_RUNS,
    "pyjobshop": with_pyjobshop.solve,
    "highs": highs.solve,
}
PEERS = ("cpsat", "pyjobshop", "highs")


def runs_of(peer: str, problem_set: str) -> tuple[str, ...]:
    """Return the runs of a peer: ``cpsat`` is the best of several, the others are one each."""
    if peer != "cpsat":
        return (peer,)
    several_modes = problem_set == "mrcpsp"
    return tuple(r for r in CPSAT_RUNS if several_modes or r != "cpsat-one-interval")


def checksum() -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the sources of the peers."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


__all__ = [
    "CPSAT_RUNS",
    "PEERS",
    "SOLVERS",
    "Clock",
    "Outcome",
    "Problem",
    "ProjectProblem",
    "Solver",
    "checksum",
    "runs_of",
]
