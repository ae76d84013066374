"""What takes time once, before the first plan."""

from __future__ import annotations

from trajectory_engine.heuristics import genetic, overload
from trajectory_engine.landmarks import annealing


def prepare() -> None:
    """Compile what is compiled at its first use, or load it if that was done before.

    The first plan after an installation otherwise waits for that, about 20 seconds on a small
    machine, whatever its time limit; later ones do for a fraction of a second.  A program that
    answers requests may call this when it starts.
    """
    genetic.prepare()
    overload.prepare()
    annealing.prepare()
