"""Lists of activities, with a way for each, of which schedules are made: founders and children.

After Hartmann (2002) and Valls, Ballestin and Quintanilla (2008): a child takes stretches of the
lists of two parents, and the ways with them; swaps of modes are repaired until the budgets hold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics.compiled import RandomState, compiled, draw, draw_below, inner
from trajectory_engine.heuristics.generation import copy_to, keeps, slack_of, swap
from trajectory_engine.heuristics.population import FOUNDED, SIZE, TRIED, Population
from trajectory_engine.heuristics.project_arrays import Integers, ProjectArrays

TRIALS = 2
"""Tries at ways that keep the budgets, for each founder."""
MUTATION = 0.05
"""Part of the neighbours in a list that are exchanged, and of the ways that change."""
SWAPS = 20
"""Swaps after which a repair gives up, for each activity."""
SIDESTEP = 0.05
"""Part of the swaps that are random, to leave dead ends."""
STEPS = 2
"""Steps of a repair that cost as much as trying one way on the calendar."""

# ---- founders ------------------------------------------------------------------------------------


@inner
def found(
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
def child(
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
