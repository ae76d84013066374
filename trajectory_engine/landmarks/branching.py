"""Branch and bound over which modules to take, with linear relaxations that go on from each other.

The hitting set of all landmarks known is split by taking or leaving out one module at a time.  The
open part of least bound is split next, and then what it was split into, for a few steps: the next
relaxation is the sooner solved, the less it differs from the last.  Each part has its own, whose
reduced costs fix what no cheaper choice takes or leaves out, and whose shares are rounded to a
choice.  The module to split by is the one in doubt, dear, and in many landmarks that nothing hits
yet: both to take it and to do without it is felt then.

Bounds are exact: multipliers are rounded down to a grid, so that every sum below is one of whole
numbers that a double holds (weak duality, as in :mod:`trajectory_engine.landmarks.relaxation`).

Parts are worked on in two lanes, each with a relaxation of its own.  They exchange what they
found after a fixed number of parts, so the outcome does not depend on the number of threads.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt

from trajectory_engine.landmarks.relaxation import GRID, Relaxation
from trajectory_engine.landmarks.rounding import Landmark
from trajectory_engine.reduce.arrays import Bools, Ints

Floats = npt.NDArray[np.float64]

EXACT = 1 << 52
"""Below this, sums of whole numbers in double precision are exact."""
DOUBT = 1e-6
"""Least distance of a share in doubt from 0 and from 1."""
BATCH = 3
"""Parts that a lane splits before the lanes exchange what they found."""
HANDED = 2
"""Parts that it begins with."""
ALONE = 6
"""Open parts up to which one lane works alone: small trees end before a second one is ready."""
EFFORT_OF_PART = 4e-4
"""Effort, about seconds, of one part beside its relaxation."""


@dataclass(frozen=True, slots=True)
class _Part:
    """An open part: what is taken, what may be taken, and the module that it is split by.

    ``value`` is a lower bound of its cost, as multiples of one over ``GRID``.
    """

    value: float
    taken: Bools
    allowed: Bools
    split: int


@dataclass(frozen=True, slots=True)
class _Cover:
    """Landmarks that nothing sure hits as rows, modules in doubt as columns.

    ``landmarks`` and ``modules`` are their positions in the relaxation; ``rows`` and ``serves``
    the same matrix in double and in single precision.
    """

    rows: Floats
    serves: npt.NDArray[np.float32]
    costs: Floats
    landmarks: Ints
    modules: Ints


class _Lane:
    """Parts that are worked on one after the other, the relaxation of each begun at the last."""

    def __init__(self, relaxation: Relaxation, cover: _Cover) -> None:
        self._relaxation = relaxation
        self._cover = cover
        self._taken = np.zeros(len(cover.modules), np.bool_)
        self._allowed = np.ones(len(cover.modules), np.bool_)
        self.best: Bools | None = None
        self.cost = 0
        self.splits = 0
        self.has_failed = False

    def split(self, parts: Iterable[_Part], cost: int) -> list[_Part]:
        """Return what is left open of parts in which a choice cheaper than ``cost`` is looked for.

        What a part was split into comes before the other parts.  Parts are handed back as they are
        once a relaxation has failed.
        """
        self.best, self.cost, self.splits = None, cost, 0
        left = [*parts][::-1]
        while left and self.splits < BATCH and not self.has_failed:
            part = left.pop()
            if part.value > (self.cost - 1) * GRID:
                continue
            allowed, taken = part.allowed.copy(), part.taken.copy()
            allowed[part.split], taken[part.split] = False, True
            halves = [self.bounded(part.taken, allowed), self.bounded(taken, part.allowed)]
            self.splits += 1
            left += [part] if self.has_failed else [half for half in halves if half is not None]
        return left

    def bounded(self, taken: Bools, allowed: Bools) -> _Part | None:
        """Return a part with its bound, None if there is no cheaper choice in it."""
        cover = self._cover
        if (cover.serves @ allowed < 1).any():
            return None
        changed = np.flatnonzero((taken != self._taken) | (allowed != self._allowed))
        self._relaxation.restrict(cover.modules[changed], taken[changed], allowed[changed])
        self._taken, self._allowed = taken, allowed
        if not self._relaxation.is_solved():
            self.has_failed = True
            return None
        multipliers = np.asarray(self._relaxation.multipliers())[cover.landmarks]
        dearest = cover.costs.max(initial=0.0)
        multipliers = np.floor(np.clip(multipliers, 0.0, dearest) * GRID)
        reduced = cover.costs * GRID - multipliers @ cover.rows
        value = float(multipliers.sum() + np.where(reduced < 0, allowed, taken) @ reduced)
        if value > (self.cost - 1) * GRID:
            return None
        share = np.asarray(self._relaxation.shares())[cover.modules]
        self._round(share, taken, allowed)
        most = (self.cost - 1) * GRID
        if value > most:
            return None
        free = allowed & ~taken
        taken = taken | (free & (value - reduced > most))
        allowed = allowed & ~(free & (value + reduced > most))
        free = allowed & ~taken
        if not free.any():
            self._adopt(allowed)
            return None
        waiting = cover.serves @ taken < 1
        felt = np.maximum(cover.costs, 1.0) * (1 + waiting @ cover.serves)
        doubt = np.maximum(np.minimum(share, 1 - share), DOUBT)
        return _Part(value, taken, allowed, int(np.argmax(np.where(free, doubt * felt, -1.0))))

    def _round(self, share: Floats, taken: Bools, allowed: Bools) -> None:
        """Complete what has a large share to a choice, without what is not needed."""
        serves, costs = self._cover.serves, self._cover.costs
        chosen = taken | (allowed & (share >= 0.5))
        supply = serves @ chosen
        price = np.where(allowed, costs * (1 + DOUBT - share), np.inf)
        while (waiting := supply < 1).any():
            gain = waiting @ serves
            best = int(np.argmin(np.where(gain > 0, price / np.maximum(gain, 1), np.inf)))
            chosen[best] = True
            supply += serves[:, best]
        members = np.flatnonzero(chosen)
        # What alone serves a row is needed at any rate.
        needed = (supply < 2) @ serves[:, members] > 0
        spare = members[~needed]
        for module in spare[np.argsort(-costs[spare], kind="stable")].tolist():
            own = serves[:, module]
            if (supply[own > 0] > 1).all():
                chosen[module] = False
                supply -= own
        self._adopt(chosen)

    def _adopt(self, chosen: Bools) -> None:
        """Keep a choice if it is cheaper and hits every landmark."""
        cost = int(self._cover.costs[chosen].sum())
        if cost < self.cost and (self._cover.serves @ chosen >= 1).all():
            self.best, self.cost = chosen, cost


class Branching:
    """The cheapest hitting set of the landmarks of a relaxation.

    Parameters
    ----------
    relaxation : Relaxation
        Solved; its landmarks are those to hit.
    costs : sequence of int
        Of all modules, at least 0.
    never, always : sequence of bool
        What no hitting set cheaper than ``cost`` takes, and what each takes; there is none if
        some module is both.
    cost : int
        Cheaper ones are looked for.
    threads : int
        How many lanes may run side by side, 1 or 2.

    Attributes
    ----------
    best : list of int or None
        Modules of the cheapest hitting set found, None without one cheaper than ``cost``.
    bound : int
        Proven lower bound of every hitting set that is cheaper than ``cost``; at least the cost
        of the best one (or ``cost``) once the search is done.
    is_done : bool
        Whether nothing is open.
    effort : float
        Spent, about seconds, besides that of the relaxation that was handed in.
    """

    def __init__(
        self,
        relaxation: Relaxation,
        costs: Sequence[int],
        never: Sequence[bool],
        always: Sequence[bool],
        cost: int,
        *,
        threads: int = 1,
    ) -> None:
        self._given = relaxation
        self._all_costs = costs
        self._threads = threads
        self._never = np.asarray(never, np.bool_)
        self._always = np.asarray(always, np.bool_)
        self._sure = np.flatnonzero(self._always).tolist()
        self._sure_cost = sum(costs[m] for m in self._sure)
        self._cover = _cover_of(relaxation.landmarks, costs, self._never, self._always)
        self._most = cost - self._sure_cost
        self._order = count()
        self._open: list[tuple[float, int, _Part]] = []
        self._lanes: list[_Lane] = []
        self._relaxations = [relaxation]
        self._bounded = 0
        self.best: list[int] | None = None
        self.bound = min(cost, self._sure_cost)
        self.is_done = False
        self.effort = 0.0

    def run(self, effort: float, most_parts: int, stopped: Callable[[], bool]) -> None:
        """Search until nothing is open, or a limit is reached.

        Parameters
        ----------
        effort : float
            About seconds.
        most_parts : int
            Parts bounded, at most, but for those that the lanes are at.
        stopped : callable
            Whether to end now.
        """
        if (self._never & self._always).any():
            self.bound, self.is_done = self._most + self._sure_cost, True
            return
        began = self._given.effort
        self._begin()
        with ThreadPoolExecutor(max_workers=1) as pool:
            while self._open and not self._has_failed:
                if self._bounded >= most_parts or stopped():
                    break
                if self.effort + self._given.effort - began > effort:
                    break
                self._work(self._batches(), pool)
        if self._bounded:
            self.is_done = not self._open and not self._has_failed
            least = min((value for value, _, _ in self._open), default=self._most * GRID)
            self.bound = self._sure_cost + min(self._most, int(-(-least // GRID)))
        self._relaxations[0].restrict(*_everything(len(self._all_costs)))

    @property
    def _has_failed(self) -> bool:
        return any(lane.has_failed for lane in self._lanes)

    def _begin(self) -> None:
        """Bound the whole; nothing is known of it if its relaxation fails."""
        lane = self._lane(self._given)
        lane.cost = self._most
        nothing = np.zeros(len(self._cover.modules), np.bool_)
        root = lane.bounded(nothing, ~nothing)
        if not lane.has_failed:
            self._bounded = 1
            self._take_over(lane, [] if root is None else [root])

    def _lane(self, relaxation: Relaxation) -> _Lane:
        """Add a lane whose relaxation takes what is sure, and nothing that is ruled out."""
        relaxation.restrict(range(len(self._all_costs)), self._always, ~self._never)
        self._lanes.append(_Lane(relaxation, self._cover))
        return self._lanes[-1]

    def _batches(self) -> list[list[_Part]]:
        """Return the parts that every lane works on next, those of least bound."""
        if len(self._lanes) == 1 and len(self._open) > ALONE:
            self._relaxations.append(Relaxation(self._all_costs, self._given.landmarks))
            self._lane(self._relaxations[1])
        lanes = len(self._lanes)
        size = min(HANDED * lanes, len(self._open))
        parts = [heapq.heappop(self._open)[2] for _ in range(size)]
        return [parts[i::lanes] for i in range(lanes)]

    def _work(self, batches: Sequence[Sequence[_Part]], pool: ThreadPoolExecutor) -> None:
        """Have every lane split its parts, and take over what it finds."""
        cost = self._most
        if self._threads > 1 and len(batches) > 1:
            beside = pool.submit(self._lanes[1].split, batches[1], cost)
            left = [self._lanes[0].split(batches[0], cost), beside.result()]
        else:
            left = [
                lane.split(parts, cost) for lane, parts in zip(self._lanes, batches, strict=True)
            ]
        for lane, parts in zip(self._lanes, left, strict=True):
            self._take_over(lane, parts)
        self._bounded += 2 * sum(lane.splits for lane in self._lanes)
        self.effort = EFFORT_OF_PART * self._bounded
        self.effort += sum(relaxation.effort for relaxation in self._relaxations[1:])

    def _take_over(self, lane: _Lane, parts: Iterable[_Part]) -> None:
        """Keep what a lane has found, and forget open parts in which nothing is cheaper."""
        if lane.best is not None and lane.cost < self._most:
            self._most = lane.cost
            self.best = sorted(self._sure + self._cover.modules[lane.best].tolist())
            self._open = [entry for entry in self._open if entry[0] <= (lane.cost - 1) * GRID]
            heapq.heapify(self._open)
        for part in parts:
            if part.value <= (self._most - 1) * GRID:
                heapq.heappush(self._open, (part.value, next(self._order), part))


def fits(landmarks: Sequence[Landmark], costs: Sequence[int]) -> bool:
    """Return whether costs are small enough for exact bounds of a hitting set."""
    largest = max(len(landmarks) * max(costs, default=0), sum(costs))
    return largest * GRID < EXACT


def _cover_of(
    landmarks: Sequence[Landmark], costs: Sequence[int], never: Bools, always: Bools
) -> _Cover:
    modules = np.flatnonzero(~never & ~always)
    column = {m: i for i, m in enumerate(modules.tolist())}
    asked = [i for i, landmark in enumerate(landmarks) if not always[list(landmark)].any()]
    serves = np.zeros((len(asked), len(modules)), np.float32)
    for row, i in enumerate(asked):
        serves[row, [column[m] for m in landmarks[i] if m in column]] = 1
    own = np.asarray(costs, np.float64)[modules]
    return _Cover(serves.astype(np.float64), serves, own, np.asarray(asked, np.int64), modules)


def _everything(size: int) -> tuple[range, Bools, Bools]:
    """Return all modules, free to be taken or not."""
    return range(size), np.zeros(size, np.bool_), np.ones(size, np.bool_)
