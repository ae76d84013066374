"""A population of schedules, the shortest first, compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics.compiled import compiled, inner
from trajectory_engine.heuristics.generation import by_start, copy_to, latest_end
from trajectory_engine.heuristics.project_arrays import Integers, ProjectArrays

FIRST, MOST = 40, 2560
"""Individuals of the first population, and of the largest."""
LARGEST = 4_000_000
"""Entries of one table at most, which bounds populations of large projects."""
LATE = 5
"""Power of the instants between which an activity runs, where its lateness is counted."""

SIZE, ROOM, AGE, FOUNDED, TRIED, COUNTERS = 0, 1, 2, 3, 4, 5


class Population(NamedTuple):
    """Schedules that keep the budgets, the shortest first.

    Attributes
    ----------
    orders, picks, starts : ndarray of int64, shape (individuals, n)
        Activities by start; way and start by activity.
    ends : ndarray of int64, shape (individuals,)
        When the last activity ends.
    totals : ndarray of float64, shape (individuals,)
        How late activities run, see :func:`_lateness`: of schedules that end alike, the smaller is
        the more promising.
    counters : ndarray of int64, shape (5,)
        How many individuals there are, and may be; children since the last gain; founders tried
        so far; ways tried on a calendar so far, which is the effort.
    thrift : ndarray of float64, shape (1,)
        The least part of what fields offer before the end to beat that children are held to.
    """

    orders: Integers
    picks: Integers
    starts: Integers
    ends: Integers
    totals: NDArray[np.float64]
    counters: Integers
    thrift: NDArray[np.float64]


def nobody(activities: int) -> Population:
    """Return a population of nobody."""
    most = max(FIRST, min(MOST, LARGEST // max(1, activities)))
    orders, picks, starts = (np.zeros((most, activities), dtype=np.int64) for _ in range(3))
    ends, totals = np.zeros(most, dtype=np.int64), np.zeros(most)
    counters = np.zeros(COUNTERS, dtype=np.int64)
    counters[ROOM] = FIRST
    return Population(orders, picks, starts, ends, totals, counters, np.ones(1))


@compiled
def enter(
    project: ProjectArrays, population: Population, picks: Integers, starts: Integers
) -> bool:
    """Take a schedule into the population unless it is there or the worst of a full one."""
    end, total = latest_end(project, picks, starts), _lateness(project, picks, starts)
    size = population.counters[SIZE]
    at = size
    while at > 0 and (end, total) < (population.ends[at - 1], population.totals[at - 1]):
        at -= 1
    same = at - 1
    while same >= 0 and (end, total) == (population.ends[same], population.totals[same]):
        if _alike(population.starts[same], starts):
            return False
        same -= 1
    if at == population.counters[ROOM]:
        return False
    if size < population.counters[ROOM]:
        size += 1
        population.counters[SIZE] = size
    for row in range(size - 1, at, -1):
        copy_to(population.orders[row], population.orders[row - 1])
        copy_to(population.picks[row], population.picks[row - 1])
        copy_to(population.starts[row], population.starts[row - 1])
        population.ends[row] = population.ends[row - 1]
        population.totals[row] = population.totals[row - 1]
    by_start(project, picks, starts, population.orders[at])
    copy_to(population.picks[at], picks)
    copy_to(population.starts[at], starts)
    population.ends[at], population.totals[at] = end, total
    return True


@inner
def _lateness(project: ProjectArrays, picks: Integers, starts: Integers) -> float:
    """Return how much runs how late: the sum over activities of ``end**LATE - start**LATE``.

    Every period in which an activity runs counts, the last ones far more than those before, for
    what runs there must become less before the end can be sooner.
    """
    total = 0.0
    for activity in range(len(picks)):
        start = float(starts[activity])
        total += (start + project.duration[project.way_at[activity] + picks[activity]]) ** LATE
        total -= start**LATE
    return total


@inner
def _alike(one: Integers, other: Integers) -> bool:
    """Return whether two arrays of the same length hold the same."""
    for i in range(len(one)):
        if one[i] != other[i]:
            return False
    return True
