"""What a solver of the comparison hands back, and the clock that all of them share."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

OPTIMAL, FEASIBLE, INFEASIBLE, UNKNOWN = "optimal", "feasible", "infeasible", "unknown"
NOT_APPLICABLE = "not applicable"


@dataclass
class Clock:
    """Wall seconds since the solver's turn began, which is before the file is read."""

    limit: float
    began: float = field(default_factory=time.perf_counter)

    def now(self) -> float:
        """Return the seconds since the turn began."""
        return time.perf_counter() - self.began

    def left(self) -> float:
        """Return the seconds that are left, a little above 0 at least."""
        return max(0.01, self.limit - self.now())


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, with the seconds of its clock.

    Attributes
    ----------
    status : str
        ``optimal``, ``feasible``, ``infeasible`` (both proven), ``unknown``, ``not applicable``.
    value, bound : int or None
        Of the objective, which is minimised; the bound is a claim that no value is below.
    seconds_first, seconds_best : float or None
        When the first and the last solution was found; None if the solver does not tell.
    solution : object
        As the kind of problem says; None without one.
    """

    status: str
    value: int | None = None
    bound: int | None = None
    seconds_first: float | None = None
    seconds_best: float | None = None
    solution: Any = None
