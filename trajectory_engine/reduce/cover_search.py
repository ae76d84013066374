"""Cheap choices of modules for a covering: ruin and recreate around the linear relaxation."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from trajectory_engine.reduce.arrays import Bools
from trajectory_engine.reduce.covering import Bound, Covering, Floats

CORE = 400
"""Modules of least reduced cost among which the search chooses."""
ROUNDS = 30
SURE = 0.9
"""Share in the linear relaxation from which the first choice takes a module."""
PATIENCE = 8
"""Rounds without a better choice after which the search ends."""


class CoverSearch:
    """Local search over choices that cover.

    Parameters
    ----------
    covering : Covering
    bound : Bound
        Of the linear relaxation; guides the search and ends it.
    seed : int
    """

    def __init__(self, covering: Covering, bound: Bound, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        order = np.argsort(bound.reduced, kind="stable")
        core = np.sort(order[: max(CORE, np.count_nonzero(bound.share > 0))])
        self._core = core
        self._size = len(bound.reduced)
        matrix = covering.matrix[:, core].toarray()
        # As floats, in which whole numbers are exact and products fast.
        self._serves = (matrix > 0).astype(np.float32)
        self._asks = (matrix < 0).astype(np.float32)
        self._always = covering.demand > 0
        self._costs = covering.costs[core].astype(float)
        self._reduced = np.maximum(bound.reduced[core], 0.0)
        self._share = bound.share[core]
        self._goal = math.ceil(bound.value)

    def choices(self) -> Iterator[Bools]:
        """Yield ever cheaper choices as masks over modules."""
        best: Bools | None = None
        least, idle = math.inf, 0
        taken = self._share > SURE
        for _ in range(ROUNDS):
            found = self._recreated(taken)
            if found is None:
                return
            cost = float(self._costs[found].sum())
            if cost < least:
                yield self._whole(found)
                if cost <= self._goal:
                    return
                idle = 0
            idle += 1
            if idle > PATIENCE:
                return
            if best is None or cost <= least:
                best, least = found, min(cost, least)
            taken = self._ruined(best)

    def _whole(self, taken: Bools) -> Bools:
        mask = np.zeros(self._size, np.bool_)
        mask[self._core[taken]] = True
        return mask

    def _ruined(self, taken: Bools) -> Bools:
        part = self._random.choice((0.1, 0.2, 0.35))
        kept: Bools = self._random.random(len(taken)) >= part
        return taken & kept

    def _recreated(self, taken: Bools) -> Bools | None:
        """Return the choice completed greedily, without what is not needed; None if stuck."""
        taken = taken.copy()
        noise = 0.7 + 0.6 * self._random.random(len(taken))
        price = (self._costs + self._reduced) * noise + 1e-6
        supply = self._serves @ taken
        asked = self._always | (self._asks @ taken > 0)
        while True:
            open_rows = asked & (supply == 0)
            if not open_rows.any():
                break
            gain = open_rows.astype(np.float32) @ self._serves
            chosen = int(np.argmin(np.where(gain > 0, price / np.maximum(gain, 1), np.inf)))
            if not gain[chosen]:
                return None
            taken[chosen] = True
            supply += self._serves[:, chosen]
            asked |= self._asks[:, chosen] > 0
        return self._trimmed(taken, price)

    def _trimmed(self, taken: Bools, price: Floats) -> Bools:
        """Leave out what others serve as well, the dearest first."""
        supply = self._serves @ taken
        asking = self._asks @ taken
        members = np.flatnonzero(taken)
        # What alone serves a row that is always asked for stays at any rate: supply only falls.
        alone = (self._always & (supply < 2)) @ self._serves
        members = members[alone[members] == 0]
        for m in members[np.argsort(-price[members], kind="stable")].tolist():
            asked = self._always | (asking > self._asks[:, m])
            if (supply[asked & (self._serves[:, m] > 0)] > 1).all():
                taken[m] = False
                supply -= self._serves[:, m]
                asking -= self._asks[:, m]
        return taken
