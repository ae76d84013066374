"""Forward-backward improvement of a schedule whose activities also change their modes.

After Lova, Tormos, Cervantes and Barber (2009): while activities move to the right, the latest end
first, some of them take the mode that lets them start latest, as far as the budgets let them; while
they move back to the left, the one that ends soonest.  Where one mode is longer but asks for what
nobody else wants then, this finds it; moving alone never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from trajectory_engine.heuristics.generation import (
    Effort,
    Starts,
    fit_early,
    fit_late,
    to_and_fro,
)
from trajectory_engine.heuristics.mode_choice import may_swap, slack_of, swap
from trajectory_engine.heuristics.project import Project


def justify_modes(
    project: Project, picks: list[int], starts: Starts, share: float, random: Random, effort: Effort
) -> tuple[list[int], Starts]:
    """Return ways and starts of a schedule that ends no later than a given one.

    It is moved to the right and to the left until that gains nothing.

    Parameters
    ----------
    picks : list of int
        Way by activity; they keep the budgets, and so do those returned.
    share : float
        Part of the activities that look at all their ways, drawn anew in each direction.
    """
    return to_and_fro(
        project,
        picks,
        starts,
        lambda order, ways, end: _backward(project, order, ways, end, share, random, effort),
        lambda order, ways: _forward(project, order, ways, share, random, effort),
    )


def _forward(
    project: Project,
    order: Sequence[int],
    picks: list[int],
    share: float,
    random: Random,
    effort: Effort,
) -> Starts | None:
    """Return starts, each as early as it fits in the order of a list; None if one fits nowhere.

    Parameters
    ----------
    order : sequence of int
        All activities, none before one that it waits for.
    picks : list of int
        Way by activity; changed where another way ends sooner.
    share : float
        Part of the activities that look at all their ways.
    """
    free, guards, before = list(project.free), project.guards, project.before
    slack = slack_of(project, picks)
    starts, ends = [0] * len(picks), [0] * len(picks)
    for activity in order:
        ways, own = project.ways[activity], picks[activity]
        earliest = 0
        for earlier in before[activity]:
            if ends[earlier] > earliest:
                earliest = ends[earlier]
        best: tuple[int, bool, int] | None = None
        for i in _options(project, slack, activity, own, share, random):
            effort.placements += 1
            start = fit_early(free, guards, ways[i], earliest)
            if start is not None:
                reached = (start + ways[i].duration, i != own, i)
                if best is None or reached < best:
                    best = reached
        if best is None:
            return None
        end, changed, pick = best
        if changed:
            swap(slack, ways[own], ways[pick])
            picks[activity] = pick
        ends[activity] = end
        starts[activity] = end - ways[pick].duration
        for period, amount in enumerate(ways[pick].demand, starts[activity]):
            free[period] -= amount
    return starts


def _backward(
    project: Project,
    order: Sequence[int],
    picks: list[int],
    end: int,
    share: float,
    random: Random,
    effort: Effort,
) -> Starts | None:
    """Return starts, each as late as it fits before ``end``, like :func:`_forward`."""
    free, guards, after = list(project.free), project.guards, project.after
    slack = slack_of(project, picks)
    starts = [0] * len(picks)
    for activity in order:
        ways, own = project.ways[activity], picks[activity]
        latest = end
        for later in after[activity]:
            if starts[later] < latest:
                latest = starts[later]
        best: tuple[int, bool, int] | None = None
        for i in _options(project, slack, activity, own, share, random):
            effort.placements += 1
            start = fit_late(free, guards, ways[i], latest - ways[i].duration)
            if start is not None:
                reached = (-start, i != own, i)
                if best is None or reached < best:
                    best = reached
        if best is None:
            return None
        start, changed, pick = -best[0], best[1], best[2]
        if changed:
            swap(slack, ways[own], ways[pick])
            picks[activity] = pick
        starts[activity] = start
        for period, amount in enumerate(ways[pick].demand, start):
            free[period] -= amount
    return starts


def _options(
    project: Project, slack: Sequence[int], activity: int, own: int, share: float, random: Random
) -> Sequence[int]:
    """Return the ways to look at: now and then all that the budgets leave, else the one taken."""
    ways = project.ways[activity]
    if len(ways) == 1 or random.random() >= share:
        return (own,)
    old = ways[own]
    return [i for i, way in enumerate(ways) if i == own or may_swap(slack, old, way)]
