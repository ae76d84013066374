"""Schedules of a project from a list of activities, and their improvement, compiled.

Serial schedule generation (Kelley, 1963) puts activities where they first fit, in the order of a
list.  Forward-backward improvement (Li and Willis, 1992; Valls, Ballestin and Quintanilla, 2005)
moves them to the right, the latest end first, then to the left, the earliest start first: what was
scattered closes up, and the project rarely gets longer and mostly shorter.

While activities move, some of them may change their ways too (after Lova, Tormos, Cervantes and
Barber, 2009): to the right, the way that lets them start latest is taken, as far as the budgets
let it; to the left, the one that ends soonest; of ways alike in this, the one that takes less.
Where one way is longer but asks for what nobody else wants then, this finds it; moving alone never
does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics.compiled import RandomState, compiled, draw, inner
from trajectory_engine.heuristics.project_arrays import Integers, ProjectArrays

NOWHERE = -1


@inner
def fit_early(project: ProjectArrays, free: Integers, way: int, earliest: int) -> int:
    """Return the first start from ``earliest`` on at which a way fits, NOWHERE if there is none."""
    first, last, duration = project.first[way], project.last[way], project.duration[way]
    row, base, even = project.demand_at[way], project.allowed_at[way], project.even[way]
    start = max(earliest, first)
    while start <= last:
        if base >= 0 and not project.allowed[base + start - first]:
            start += 1
            continue
        blocked = -1
        for offset in range(duration):
            for word in range(len(project.guards)):
                left = free[start + offset, word] - project.demand[row + offset, word]
                if left & project.guards[word] != project.guards[word]:
                    blocked = offset
                    break
            if blocked >= 0:
                break
        if blocked < 0:
            return int(start)
        start += blocked + 1 if even else 1
    return NOWHERE


@inner
def fit_late(project: ProjectArrays, free: Integers, way: int, latest: int) -> int:
    """Return the last start up to ``latest`` at which a way fits, NOWHERE if there is none."""
    first, last, duration = project.first[way], project.last[way], project.duration[way]
    row, base, even = project.demand_at[way], project.allowed_at[way], project.even[way]
    start = min(latest, last)
    while start >= first:
        if base >= 0 and not project.allowed[base + start - first]:
            start -= 1
            continue
        blocked = -1
        for offset in range(duration - 1, -1, -1):
            for word in range(len(project.guards)):
                left = free[start + offset, word] - project.demand[row + offset, word]
                if left & project.guards[word] != project.guards[word]:
                    blocked = offset
                    break
            if blocked >= 0:
                break
        if blocked < 0:
            return int(start)
        start -= duration - blocked if even else 1
    return NOWHERE


@inner
def take(project: ProjectArrays, free: Integers, way: int, start: int) -> None:
    """Take what a way needs from the periods in which it runs."""
    row = project.demand_at[way]
    for offset in range(project.duration[way]):
        for word in range(len(project.guards)):
            free[start + offset, word] -= project.demand[row + offset, word]


@inner
def slack_of(project: ProjectArrays, picks: Integers) -> Integers:
    """Return what is left of every budget; negative where it is overdrawn."""
    slack = project.budgets.copy()
    for activity in range(len(picks)):
        way = project.way_at[activity] + picks[activity]
        for r in range(len(slack)):
            slack[r] -= project.uses[way, r]
    return slack


@inner
def may_swap(project: ProjectArrays, slack: Integers, old: int, new: int) -> bool:
    """Return whether budgets that hold also hold with another way of an activity."""
    for r in range(len(slack)):
        if slack[r] + project.uses[old, r] < project.uses[new, r]:
            return False
    return True


@inner
def swap(project: ProjectArrays, slack: Integers, old: int, new: int) -> None:
    """Move what is left of every budget from one way of an activity to another."""
    for r in range(len(slack)):
        slack[r] += project.uses[old, r] - project.uses[new, r]


@inner
def latest_end(project: ProjectArrays, picks: Integers, starts: Integers) -> int:
    """Return the end of the last activity, 0 without one."""
    end = 0
    for activity in range(len(picks)):
        way = project.way_at[activity] + picks[activity]
        end = max(end, starts[activity] + project.duration[way])
    return end


@inner
def keeps(slack: Integers) -> bool:
    """Return whether no budget is overdrawn."""
    for left in slack:
        if left < 0:
            return False
    return True


@inner
def copy_to(target: NDArray[Any], values: NDArray[Any]) -> None:
    """Copy the values of one array into another of the same length."""
    for i in range(len(values)):
        target[i] = values[i]


@compiled
def by_start(project: ProjectArrays, picks: Integers, starts: Integers, order: Integers) -> None:
    """Fill in the activities by their starts, of those alike the earlier end first."""
    size, span = len(picks), len(project.free) + 1
    keys = np.empty(size, dtype=np.int64)
    for activity in range(size):
        end = starts[activity] + project.duration[project.way_at[activity] + picks[activity]]
        keys[activity] = (starts[activity] * span + end) * size + project.rank[activity]
    sort_by(keys, order)


@compiled
def by_end(project: ProjectArrays, picks: Integers, starts: Integers, order: Integers) -> None:
    """Fill in the activities by their ends, the last one first."""
    size, span = len(picks), len(project.free) + 1
    keys = np.empty(size, dtype=np.int64)
    for activity in range(size):
        end = starts[activity] + project.duration[project.way_at[activity] + picks[activity]]
        keys[activity] = -((end * span + starts[activity]) * size + project.rank[activity])
    sort_by(keys, order)


@inner
def sort_by(keys: Integers, order: Integers) -> None:
    """Fill in the positions of all keys, the smallest first (Shell, 1959)."""
    size = len(keys)
    for i in range(size):
        order[i] = i
    gap = 1
    while gap < size // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, size):
            entry, at = order[i], i
            while at >= gap and keys[order[at - gap]] > keys[entry]:
                order[at] = order[at - gap]
                at -= gap
            order[at] = entry
        gap //= 3


@compiled
def forward(
    project: ProjectArrays,
    order: Integers,
    picks: Integers,
    starts: Integers,
    share: float,
    random: RandomState,
) -> int:
    """Put every activity where it first fits, in the order of a list.

    Parameters
    ----------
    order : ndarray of int64, shape (n,)
        All activities, none before one that it waits for.
    picks : ndarray of int64, shape (n,)
        Way by activity, counted from its first one; they keep the budgets.  Changed in place where
        another way ends sooner.
    starts : ndarray of int64, shape (n,)
        Filled in.
    share : float
        Part of the activities that look at all their ways; 0 if all keep theirs.

    Returns
    -------
    int
        Ways tried on the calendar; negative if some activity fits nowhere.
    """
    free, slack, tried = project.free.copy(), slack_of(project, picks), 0
    for activity in order:
        earliest = 0
        for at in range(project.before_at[activity], project.before_at[activity + 1]):
            other = project.before[at]
            end = starts[other] + project.duration[project.way_at[other] + picks[other]]
            earliest = max(earliest, end)
        base, own = project.way_at[activity], picks[activity]
        count = project.way_at[activity + 1] - base
        start = fit_early(project, free, base + own, earliest)
        tried += 1
        pick, soonest = own, start + project.duration[base + own]
        if share > 0 and count > 1 and draw(random) < share:
            for i in range(count):
                if i == own or not may_swap(project, slack, base + own, base + i):
                    continue
                tried += 1
                at = fit_early(project, free, base + i, earliest)
                end = at + project.duration[base + i]
                less = project.work[base + i] < project.work[base + pick]
                if at >= 0 and (start < 0 or end < soonest or (end == soonest and less)):
                    pick, start, soonest = i, at, end
        if start < 0:
            return -tried
        if pick != own:
            swap(project, slack, base + own, base + pick)
            picks[activity] = pick
        starts[activity] = start
        take(project, free, base + pick, start)
    return tried


@compiled
def backward(
    project: ProjectArrays,
    order: Integers,
    picks: Integers,
    starts: Integers,
    end: int,
    share: float,
    random: RandomState,
) -> int:
    """Put every activity where it fits last before ``end``, like :func:`forward`.

    Parameters
    ----------
    order : ndarray of int64, shape (n,)
        All activities, none before one that waits for it.
    """
    free, slack, tried = project.free.copy(), slack_of(project, picks), 0
    for activity in order:
        latest = end
        for at in range(project.after_at[activity], project.after_at[activity + 1]):
            latest = min(latest, starts[project.after[at]])
        base, own = project.way_at[activity], picks[activity]
        count = project.way_at[activity + 1] - base
        start = fit_late(project, free, base + own, latest - project.duration[base + own])
        tried += 1
        pick = own
        if share > 0 and count > 1 and draw(random) < share:
            for i in range(count):
                if i == own or not may_swap(project, slack, base + own, base + i):
                    continue
                tried += 1
                at = fit_late(project, free, base + i, latest - project.duration[base + i])
                less = project.work[base + i] < project.work[base + pick]
                if at > start or (at >= 0 and at == start and less):
                    pick, start = i, at
        if start < 0:
            return -tried
        if pick != own:
            swap(project, slack, base + own, base + pick)
            picks[activity] = pick
        starts[activity] = start
        take(project, free, base + pick, start)
    return tried


@compiled
def improve(
    project: ProjectArrays, picks: Integers, starts: Integers, share: float, random: RandomState
) -> int:
    """Move a schedule to the right and to the left in place, until that gains nothing.

    It ends no later than before.

    Returns
    -------
    int
        Ways tried on the calendar.
    """
    end, tried = latest_end(project, picks, starts), 0
    moved, places, order = picks.copy(), starts.copy(), np.empty_like(picks)
    while True:
        copy_to(moved, picks)
        by_end(project, picks, starts, order)
        cost = backward(project, order, moved, places, end, share, random)
        tried += abs(cost)
        if cost < 0:
            return tried
        by_start(project, moved, places, order)
        cost = forward(project, order, moved, places, share, random)
        tried += abs(cost)
        reached = latest_end(project, moved, places)
        if cost < 0 or reached > end:
            return tried
        copy_to(picks, moved)
        copy_to(starts, places)
        if reached == end:
            return tried
        end = reached
