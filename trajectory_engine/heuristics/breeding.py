"""A population of schedules and its children, compiled.

After Hartmann (2002) and Valls, Ballestin and Quintanilla (2008): an individual is a list of
activities with a way for each; a child takes stretches of the lists of two parents, and the ways
with them; swaps of modes are repaired until the budgets hold; and while a child is improved, in
both directions, some activities change their way.

What the periods before the end to beat offer of a field is a budget as well: ways that take more in
all cannot end sooner, however they are placed (energetic reasoning: Erschler and Lopez, 1990).
Where the periods are nearly full, a schedule is hard to find for its ways, not for its order.  So
children get less than that, anything down to the least that repairs now and then still reach.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics.compiled import RandomState, compiled, draw, draw_below, inner
from trajectory_engine.heuristics.generation import (
    by_start,
    copy_to,
    forward,
    improve,
    keeps,
    latest_end,
    slack_of,
    swap,
)
from trajectory_engine.heuristics.project_arrays import Integers, ProjectArrays

POPULATION, MOST = 40, 2560
"""Individuals of the first population, and of the largest."""
GROWTH = 4
"""By how much each population is larger than the one before it."""
KEPT = 10
"""One in so many of a population, the best ones, live on in the next."""
STALE = 25
"""Children, as a multiple of the population, without gain after which a new one is founded."""
LARGEST = 4_000_000
"""Entries of one table at most, which bounds populations of large projects."""
TRIALS = 2
"""Tries at ways that keep the budgets, for each founder."""
MUTATION = 0.05
SWITCH = 0.5
"""Part of the activities that look for a better way whenever a schedule is improved."""
SWAPS = 20
"""Swaps after which a repair gives up, for each activity."""
SIDESTEP = 0.05
"""Part of the swaps that are random, to leave dead ends."""

STEPS = 2
"""Steps of a repair that cost as much as trying one way on the calendar."""
PROBES = 0.5
"""Part of the children that are to take as little as may be."""
SAVED = 0.001
"""By how much of itself that becomes less after a repair that came out."""
REACHED = 0.25
"""Part of these repairs, about, that come out in the long run."""

LATE = 5
"""Power of the instants between which an activity runs, where its lateness is counted."""

FOUND, SPENT, STUCK = 1, 0, -1
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
    most = max(POPULATION, min(MOST, LARGEST // max(1, activities)))
    orders, picks, starts = (np.zeros((most, activities), dtype=np.int64) for _ in range(3))
    ends, totals = np.zeros(most, dtype=np.int64), np.zeros(most)
    counters = np.zeros(COUNTERS, dtype=np.int64)
    counters[ROOM] = POPULATION
    return Population(orders, picks, starts, ends, totals, counters, np.ones(1))


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
            listed = _found(project, tails, counters, order, picks, random)
        else:
            listed = _child(project, population, order, picks, random)
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


# ---- founders ------------------------------------------------------------------------------------


@inner
def _found(
    project: ProjectArrays,
    tails: Integers,
    counters: Integers,
    order: Integers,
    picks: Integers,
    random: RandomState,
) -> bool:
    """Make the list of a founder: activities with a long tail go first, more or less.

    The first founder is the list of longest tails with the shortest ways.
    """
    size, longest = len(order), 1
    for activity in range(size):
        longest = max(longest, tails[activity] + 1)
    is_first = counters[FOUNDED] == 0
    counters[FOUNDED] += 1
    for trial in range(TRIALS):
        hurry = 1.0 if is_first and not trial else draw(random)
        steps = _greedy(project, picks, hurry, random)
        if counters[SIZE]:  # Else there may be no founder at all, which is to cost nothing.
            counters[TRIED] += abs(steps) // STEPS
        if steps < 0:
            continue
        noise = 0.0 if is_first else draw(random)
        weight = np.empty(size)
        for activity in range(size):
            own = noise * longest * draw(random)
            weight[activity] = (1 - noise) * tails[activity] + own
        _listed(project, weight, order)
        return True
    return False


@inner
def _listed(project: ProjectArrays, weight: NDArray[np.float64], order: Integers) -> None:
    """Make a list that respects precedence, of what may come next the heaviest first."""
    size = len(order)
    left = np.empty(size, dtype=np.int64)
    for activity in range(size):
        left[activity] = project.before_at[activity + 1] - project.before_at[activity]
    for at in range(size):
        chosen = -1
        for activity in range(size):
            if left[activity] == 0 and (chosen < 0 or weight[activity] > weight[chosen]):
                chosen = activity
        order[at] = chosen
        left[chosen] = -1
        for later in range(project.after_at[chosen], project.after_at[chosen + 1]):
            left[project.after[later]] -= 1


@inner
def _greedy(project: ProjectArrays, picks: Integers, hurry: float, random: RandomState) -> int:
    """Take ways that keep the budgets, short ones as far as they do; return what repairs do.

    Parameters
    ----------
    hurry : float
        Share of the activities that begin with their shortest way; the others with a random one.
    """
    for activity in range(len(picks)):
        base = project.way_at[activity]
        count = project.way_at[activity + 1] - base
        if draw(random) < hurry:
            shortest = 0
            for i in range(1, count):
                if project.duration[base + i] < project.duration[base + shortest]:
                    shortest = i
            picks[activity] = shortest
        else:
            picks[activity] = draw_below(random, count)
    return repair(project, picks, random)


@compiled
def repair(project: ProjectArrays, picks: Integers, random: RandomState) -> int:
    """Swap modes in place until every budget holds.

    Each step takes a random activity and its way that overdraws least, relative to the budgets;
    now and then a random one.

    Returns
    -------
    int
        Swaps tried, and one for looking at the budgets; negative if they do not hold.
    """
    slack = slack_of(project, picks)
    if keeps(slack):
        return 1
    movable = np.empty_like(picks)
    moving = 0
    for activity in range(len(picks)):
        if project.way_at[activity + 1] - project.way_at[activity] > 1:
            movable[moving] = activity
            moving += 1
    for swaps in range(SWAPS * moving):
        activity = movable[draw_below(random, moving)]
        base = project.way_at[activity]
        count = project.way_at[activity + 1] - base
        old = base + picks[activity]
        pick = draw_below(random, count)
        if draw(random) >= SIDESTEP:
            # Of ways alike, the first one from a random one on.
            least, begin = np.inf, pick
            for step in range(count):
                i = (begin + step) % count
                over = _overdrawn(project, slack, old, base + i)
                if over < least:
                    pick, least = i, over
        swap(project, slack, old, base + pick)
        picks[activity] = pick
        if keeps(slack):
            return 2 + swaps
    return -1 - SWAPS * moving


@inner
def _overdrawn(project: ProjectArrays, slack: Integers, old: int, new: int) -> float:
    """Return by how much budgets are overdrawn with another way, each relative to its size."""
    total = 0.0
    for r in range(len(slack)):
        short = project.uses[new, r] - project.uses[old, r] - slack[r]
        if short > 0:
            total += short / (abs(project.budgets[r]) + 1)
    return total


# ---- children ------------------------------------------------------------------------------------


@inner
def _child(
    project: ProjectArrays,
    population: Population,
    order: Integers,
    picks: Integers,
    random: RandomState,
) -> bool:
    """Make the list of a child of two parents; return whether its ways keep the budgets."""
    size = len(order)
    one, other = _parent(population, random), _parent(population, random)
    first, last = draw_below(random, size + 1), draw_below(random, size + 1)
    first, last = min(first, last), max(first, last)
    _spliced(population.orders[one], population.orders[other], first, last, order)
    # The stretch brings the ways of the parent that it comes from, or of the other one.
    if draw(random) < 0.5:
        copy_to(picks, population.picks[other])
        for at in range(first, last):
            picks[order[at]] = population.picks[one][order[at]]
    else:
        copy_to(picks, population.picks[one])
        for at in range(first, last):
            picks[order[at]] = population.picks[other][order[at]]
    _mutate(project, order, picks, random)
    steps = repair(project, picks, random)
    population.counters[TRIED] += abs(steps) // STEPS
    return steps > 0


@inner
def _parent(population: Population, random: RandomState) -> int:
    """Return the better of two individuals."""
    size = population.counters[SIZE]
    return min(draw_below(random, size), draw_below(random, size))


@inner
def _spliced(inner: Integers, outer: Integers, first: int, last: int, order: Integers) -> None:
    """Make a list: ``outer`` around the positions from ``first`` on, filled from ``inner``.

    The positions before ``first`` come from ``outer``; those before ``last`` from ``inner``, in
    its order, without what is there; the rest from ``outer``.  Both lists respect precedence, and
    so does the result (Hartmann, 1998).
    """
    there = np.zeros(len(order), dtype=np.bool_)
    for at in range(first):
        order[at] = outer[at]
        there[outer[at]] = True
    at = first
    for activity in inner:
        if at == last:
            break
        if not there[activity]:
            there[activity] = True
            order[at] = activity
            at += 1
    for activity in outer:
        if not there[activity]:
            order[at] = activity
            at += 1


@inner
def _mutate(project: ProjectArrays, order: Integers, picks: Integers, random: RandomState) -> None:
    """Exchange neighbours that do not wait for each other, and ways, here and there."""
    for at in range(len(order) - 1):
        if draw(random) >= MUTATION:
            continue
        one, other = order[at], order[at + 1]
        waits = False
        for before in range(project.before_at[other], project.before_at[other + 1]):
            waits |= project.before[before] == one
        if not waits:
            order[at], order[at + 1] = other, one
    for activity in range(len(picks)):
        count = project.way_at[activity + 1] - project.way_at[activity]
        if count > 1 and draw(random) < MUTATION:
            picks[activity] = draw_below(random, count)
