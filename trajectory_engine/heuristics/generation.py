"""Schedules of a project from a list of activities: forwards, backwards, and both in turn.

Serial schedule generation (Kelley, 1963) puts activities where they first fit, in the order of a
list.  Forward-backward improvement (Li and Willis, 1992; Valls, Ballestin and Quintanilla, 2005)
moves them to the right, the latest end first, then to the left, the earliest start first: what was
scattered closes up, and the project rarely gets longer and mostly shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from trajectory_engine.heuristics.project import Project, Way

Picks = Sequence[int]
"""Way by activity, an index into ``Project.ways``."""
Starts = list[int]
"""Start by activity."""


@dataclass
class Effort:
    """Counts what schedules cost, the same in every run.

    Attributes
    ----------
    placements : int
        Activities put on a calendar.
    """

    placements: int = field(default=0)


def latest_end(project: Project, picks: Picks, starts: Sequence[int]) -> int:
    """Return the end of the last activity, 0 without one."""
    ways = project.ways
    return max((s + ways[a][picks[a]].duration for a, s in enumerate(starts)), default=0)


def fit_early(free: list[int], guards: int, way: Way, earliest: int) -> int | None:
    """Return the first start from ``earliest`` on at which a way fits, None if there is none."""
    start, last = max(earliest, way.first), way.last
    demand, allowed = way.demand, way.allowed
    while start <= last:
        if allowed is not None and start not in allowed:
            start += 1
            continue
        for offset, amount in enumerate(demand):
            if (free[start + offset] - amount) & guards != guards:
                break
        else:
            return start
        start += offset + 1 if way.is_even else 1
    return None


def fit_late(free: list[int], guards: int, way: Way, latest: int) -> int | None:
    """Return the last start up to ``latest`` at which a way fits, None if there is none."""
    start, first = min(latest, way.last), way.first
    demand, allowed = way.demand, way.allowed
    backwards = range(way.duration - 1, -1, -1)
    while start >= first:
        if allowed is not None and start not in allowed:
            start -= 1
            continue
        for offset in backwards:
            if (free[start + offset] - demand[offset]) & guards != guards:
                break
        else:
            return start
        start -= way.duration - offset if way.is_even else 1
    return None


def forward(project: Project, order: Sequence[int], picks: Picks, effort: Effort) -> Starts | None:
    """Return starts, each as early as it fits in the order of a list; None if one fits nowhere.

    Parameters
    ----------
    order : sequence of int
        All activities, none before one that it waits for.
    """
    free, guards, ways, before = list(project.free), project.guards, project.ways, project.before
    starts = [0] * len(ways)
    ends = [0] * len(ways)
    effort.placements += len(ways)
    for activity in order:
        way = ways[activity][picks[activity]]
        earliest = 0
        for earlier in before[activity]:
            if ends[earlier] > earliest:
                earliest = ends[earlier]
        start = fit_early(free, guards, way, earliest)
        if start is None:
            return None
        for period, amount in enumerate(way.demand, start):
            free[period] -= amount
        starts[activity] = start
        ends[activity] = start + way.duration
    return starts


def backward(
    project: Project, order: Sequence[int], picks: Picks, end: int, effort: Effort
) -> Starts | None:
    """Return starts, each as late as it fits before ``end``; None if one fits nowhere.

    Parameters
    ----------
    order : sequence of int
        All activities, none before one that waits for it.
    """
    free, guards, ways, after = list(project.free), project.guards, project.ways, project.after
    starts = [0] * len(ways)
    effort.placements += len(ways)
    for activity in order:
        way = ways[activity][picks[activity]]
        latest = end
        for later in after[activity]:
            if starts[later] < latest:
                latest = starts[later]
        start = fit_late(free, guards, way, latest - way.duration)
        if start is None:
            return None
        for period, amount in enumerate(way.demand, start):
            free[period] -= amount
        starts[activity] = start
    return starts


def by_start(project: Project, picks: Picks, starts: Sequence[int]) -> list[int]:
    """Return the activities in the order of their starts, of those alike the earlier end first."""
    ways = project.ways
    return sorted(project.order, key=lambda a: (starts[a], starts[a] + ways[a][picks[a]].duration))


def by_end(project: Project, picks: Picks, starts: Sequence[int]) -> list[int]:
    """Return the activities in the order of their ends, the last one first."""
    ways = project.ways
    rank = {a: i for i, a in enumerate(project.order)}
    return sorted(
        project.order,
        key=lambda a: (-(starts[a] + ways[a][picks[a]].duration), -starts[a], -rank[a]),
    )


def justify(project: Project, picks: Picks, starts: Starts, effort: Effort) -> Starts:
    """Return a schedule that ends no later: to the right, to the left, until that gains nothing."""
    return to_and_fro(
        project,
        picks,
        starts,
        lambda order, ways, end: backward(project, order, ways, end, effort),
        lambda order, ways: forward(project, order, ways, effort),
    )[1]


def to_and_fro(
    project: Project,
    picks: Picks,
    starts: Starts,
    to_right: Callable[[list[int], list[int], int], Starts | None],
    to_left: Callable[[list[int], list[int]], Starts | None],
) -> tuple[list[int], Starts]:
    """Return ways and starts that end no later: to the right, to the left, until no gain is left.

    Parameters
    ----------
    to_right : callable
        Gets a list of activities, ways that it may change, and the end; returns late starts, or
        None.
    to_left : callable
        Gets a list and ways that it may change; returns early starts, or None.
    """
    end, best = latest_end(project, picks, starts), list(picks)
    while True:
        moved = list(best)
        late = to_right(by_end(project, best, starts), moved, end)
        if late is None:
            return best, starts
        early = to_left(by_start(project, moved, late), moved)
        if early is None:
            return best, starts
        reached = latest_end(project, moved, early)
        if reached > end:
            return best, starts
        best, starts = moved, early
        if reached == end:
            return best, starts
        end = reached
