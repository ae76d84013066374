"""Search among schedules that overdraw the calendar, for one that does not.

Simulated annealing (Kirkpatrick, Gelatt and Vecchi, 1983) over starts and ways, for one end after
the other, see :mod:`trajectory_engine.heuristics.shifting`.  What is still overdrawn when a cycle
ends weighs more in the next one (Morris, 1993).  A list of activities that are each placed where
they fit leaves no way through where periods are nearly full, or budgets are: there, one has to
overdraw something for a while.

What is reached depends on the seed and on counted effort, never on the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics import shifting
from trajectory_engine.heuristics.compiled import random_state
from trajectory_engine.heuristics.genetic import Schedule
from trajectory_engine.heuristics.project import Project, Way, tails
from trajectory_engine.heuristics.project_arrays import Integers, arrays_of

FIRST, LONGEST = 30_000, 150_000
"""Steps of the first cycle for an end, and of the longest, for each activity."""
GROWTH = 1.5
"""By how much each cycle is longer than the one before it; after the longest comes the first.

Some projects need long cycles, others are better served with many short ones.
"""
HEAVIER = 1.3
"""By how much more weighs what was overdrawn when a cycle ended, relative to what was not."""
HEAVIEST = 9.0
"""By how much more or less it weighs at most than at first, relative to what periods offer."""


class OverloadSearch:
    """Search for schedules of one project that end sooner than one that is known.

    Parameters
    ----------
    project : Project
    seed : int
    """

    def __init__(self, project: Project, seed: int) -> None:
        self.project = project
        self._arrays = arrays_of(project)
        self._random = random_state(seed)
        after = np.array(tails(project)) - [project.shortest(a) for a in range(len(project.ways))]
        ways = [way for own in project.ways for way in own]
        fields = range(len(project.fields))
        loads = [[load for way in ways for load in project.load(way, f)] for f in fields]
        periods = sum(way.duration for way in ways)
        self._bounds = shifting.Bounds(
            demand=_columns(loads, periods),
            offers=_columns([project.offers(f) for f in fields], len(project.free)),
            heads=np.array(_heads(project), dtype=np.int64),
            tails=after.astype(np.int64),
            reach=np.array([_reach(own) for own in project.ways], dtype=np.int64),
        )
        budgets = len(project.budgets)
        uses = self._arrays.uses[:, :budgets]
        self._plain = np.concatenate([_weights(self._bounds.demand), _weights(uses)])
        self._factors = np.ones(len(self._plain))
        size = len(project.ways)
        self._state = shifting.State(
            picks=np.zeros(size, dtype=np.int64),
            starts=np.zeros(size, dtype=np.int64),
            slack=np.zeros_like(self._bounds.offers),
            room=np.zeros(budgets, dtype=np.int64),
            field_weights=np.zeros(len(fields), dtype=np.int64),
            budget_weights=np.zeros(budgets, dtype=np.int64),
            counters=np.zeros(shifting.COUNTERS, dtype=np.int64),
        )
        self._end: int | None = None

    @property
    def effort(self) -> int:
        """Steps so far, those that look at many periods counted as several."""
        return int(self._state.counters[shifting.EFFORT])

    def run(self, effort: int, known: Schedule, least: int) -> Iterator[Schedule]:
        """Yield ever shorter schedules, shorter than the one that is known.

        Parameters
        ----------
        effort : int
            Effort after which the search ends.
        known : Schedule
            Where the search for an end begins; it goes on where it was if it has been looking for
            an end as soon.
        least : int
            End that no schedule can beat: the search ends when it is reached.
        """
        limit = self.effort + effort
        if self._end is None or known.end <= self._end:
            self._aim(known)
        while self._end is not None and self._end >= least and self.effort < limit:
            counters = self._state.counters
            if counters[shifting.DONE] >= counters[shifting.LENGTH]:
                self._cool_again()
            if shifting.walk(
                self._arrays, self._bounds, self._state, self._end, limit, self._random
            ):
                picks, starts = self._state.picks.tolist(), self._state.starts.tolist()
                end = self.project.latest_end(picks, starts)
                found = Schedule(tuple(picks), tuple(starts), end)
                self._aim(found)
                yield found

    def _aim(self, known: Schedule) -> None:
        """Look for a schedule that ends sooner than one that is known, from there on."""
        self._end = known.end - 1
        self._state.picks[:] = known.picks
        self._state.starts[:] = known.starts
        self._begin(FIRST * len(known.picks))

    def _cool_again(self) -> None:
        """Begin another cycle, in which what is overdrawn now weighs more."""
        overdrawn = np.concatenate([(self._state.slack < 0).any(axis=0), self._state.room < 0])
        factors = self._factors * np.where(overdrawn, HEAVIER, 1.0)
        if len(factors):
            # What periods offer weighs the same as ever on average: temperatures fit that.
            fields = factors[: self._state.slack.shape[1]]
            factors /= np.exp(np.log(fields if len(fields) else factors).mean())
        self._factors = np.clip(factors, 1 / HEAVIEST, HEAVIEST)
        length, size = round(GROWTH * self._state.counters[shifting.LENGTH]), len(self._state.picks)
        self._begin(length if length <= LONGEST * size else FIRST * size)

    def _begin(self, length: int) -> None:
        """Begin a cycle where activities are; without an end if none could end in time."""
        weights = np.maximum(1, self._plain * self._factors).astype(np.int64)
        self._state.field_weights[:] = weights[: len(self._state.field_weights)]
        self._state.budget_weights[:] = weights[len(self._state.field_weights) :]
        self._state.counters[shifting.DONE] = 0
        self._state.counters[shifting.LENGTH] = length
        end = self._end
        if end is None or not shifting.settle(self._arrays, self._bounds, self._state, end):
            self._end = None


def prepare() -> None:
    """Compile what a search calls, or load it."""
    ways = (Way(0, 1, 0, 1, None, (0,), True, ()),)
    nothing = Project((0,), (ways,), ((),), ((),), (0,), (0, 0), 0, (), (), False)
    list(OverloadSearch(nothing, 0).run(1, Schedule((0,), (1,), 2), 0))


def _heads(project: Project) -> list[int]:
    """Return, by activity, its earliest start, all before it in their shortest ways."""
    heads = [0] * len(project.ways)
    for activity in project.order:
        first = min(way.first for way in project.ways[activity])
        ends = (heads[a] + project.shortest(a) for a in project.before[activity])
        heads[activity] = max(first, max(ends, default=0))
    return heads


def _reach(ways: Sequence[Way]) -> int:
    """Return half of how long an activity lasts, about."""
    return 1 + sum(way.duration for way in ways) // (2 * len(ways))


def _weights(amounts: Integers) -> NDArray[np.float64]:
    """Return, by column, the cost of a unit: SCALE for what rows take on average, or less."""
    if not len(amounts):
        return np.ones(amounts.shape[1])
    mean: NDArray[np.float64] = np.abs(amounts).mean(axis=0)
    return shifting.SCALE / np.maximum(1.0, mean)


def _columns(columns: Sequence[Sequence[int]], rows: int) -> Integers:
    """Return a table of columns."""
    table = np.array(columns, dtype=np.int64).reshape(len(columns), rows)
    return np.ascontiguousarray(table.T)
