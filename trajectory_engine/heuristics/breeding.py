"""A population of schedules and its children, compiled.

After Hartmann (2002) and Valls, Ballestin and Quintanilla (2008): an individual is a list of
activities with a way for each, of which a schedule is made
(:mod:`trajectory_engine.heuristics.offspring`); and while a child is improved, in both directions,
some activities change their way.

What the periods before the end to beat offer of a field is a budget as well: ways that take more in
all cannot end sooner, however they are placed (energetic reasoning: Erschler and Lopez, 1990).
Where the periods are nearly full, a schedule is hard to find for its ways, not for its order.  So
children get less than that, anything down to the least that repairs now and then still reach.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics.compiled import RandomState, compiled, draw, inner
from trajectory_engine.heuristics.generation import forward, improve
from trajectory_engine.heuristics.offspring import child, found
from trajectory_engine.heuristics.population import AGE, ROOM, SIZE, TRIED, Population, enter
from trajectory_engine.heuristics.project_arrays import Integers, ProjectArrays

GROWTH = 4
"""By how much each population is larger than the one before it."""
KEPT = 10
"""One in so many of a population, the best ones, live on in the next."""
STALE = 25
"""Children, as a multiple of the population, without gain after which a new one is founded."""
SWITCH = 0.5
"""Part of the activities that look for a better way whenever a schedule is improved."""
PROBES = 0.5
"""Part of the children that are to take as little as may be."""
SAVED = 0.001
"""By how much of itself that becomes less after a repair that came out."""
REACHED = 0.25
"""Part of these repairs, about, that come out in the long run."""

FOUND, SPENT, STUCK = 1, 0, -1


@compiled
def evolve(
    project: ProjectArrays,
    tails: Integers,
    population: Population,
    tried: int,
    best: int,
    random: RandomState,
) -> int:
    """Go on with a population until somebody ends sooner than the best so far.

    Parameters
    ----------
    tails : ndarray of int64, shape (n,)
        Longest chain from the start of an activity.
    tried : int
        Ways tried on a calendar, counted from the first call, after which to return.
    best : int
        The end to beat.

    Returns
    -------
    int
        FOUND if the first individual is better, SPENT if the effort is, STUCK if no founder is
        found: none keeps the budgets, or fits on the calendar.
    """
    counters, size = population.counters, len(project.order)
    order = np.empty(size, dtype=np.int64)
    picks = np.empty(size, dtype=np.int64)
    starts = np.empty(size, dtype=np.int64)
    while counters[TRIED] < tried:
        founding = counters[SIZE] < counters[ROOM]
        probing = ration(project, population, best, random)
        if founding:
            listed = found(project, tails, counters, order, picks, random)
        else:
            listed = child(project, population, order, picks, random)
        if probing:
            _learn(population.thrift, listed)
        counters[AGE] += 1
        end, total = population.ends[0], population.totals[0]
        if listed and _built(project, order, picks, starts, counters, random):
            enter(project, population, picks, starts)
        if not counters[SIZE]:
            return STUCK
        counters[TRIED] += 1  # A child that is not even scheduled costs something, too.
        if founding or population.ends[0] < end or population.totals[0] < total:
            counters[AGE] = 0
        if counters[AGE] >= STALE * counters[ROOM]:
            counters[SIZE], counters[AGE] = counters[ROOM] // KEPT, 0
            counters[ROOM] = min(GROWTH * counters[ROOM], len(population.ends))
        if population.ends[0] < best:
            return FOUND
    return SPENT


@compiled
def ration(project: ProjectArrays, population: Population, best: int, random: RandomState) -> bool:
    """Set what the next child may take in all of the fields that may be saved.

    Returns
    -------
    bool
        Whether it is as little as any child gets.
    """
    fields = len(project.offered)
    # Who ends before all others is not known to be possible before there is anybody.
    if not fields or not population.counters[SIZE]:
        return False
    last = max(0, min(best, population.ends[0], len(project.free)) - 1)
    part, probing = population.thrift[0], draw(random) < PROBES
    if not probing:
        part += (1 - part) * draw(random)
    base = len(project.budgets) - fields
    for field in range(fields):
        project.budgets[base + field] = int(part * project.offered[field, last])
    return probing


@inner
def _learn(thrift: NDArray[np.float64], listed: bool) -> None:
    """Hold children to less if one could do with the least part so far, else to a little more."""
    if listed:
        thrift[0] *= 1 - SAVED
    else:
        thrift[0] = min(1.0, thrift[0] * (1 + REACHED / (1 - REACHED) * SAVED))


@inner
def _built(
    project: ProjectArrays,
    order: Integers,
    picks: Integers,
    starts: Integers,
    counters: Integers,
    random: RandomState,
) -> bool:
    """Make the improved schedule of a list; return whether it fits on the calendar."""
    cost = forward(project, order, picks, starts, 0.0, random)
    counters[TRIED] += abs(cost)
    if cost < 0:
        return False
    counters[TRIED] += improve(project, picks, starts, SWITCH, random)
    return True
