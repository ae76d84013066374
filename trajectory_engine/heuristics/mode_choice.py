"""Modes of a project's activities that keep its budgets, and the way to them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from trajectory_engine.heuristics.project import Project, Way

SWAPS = 20
"""Swaps after which a repair gives up, for each activity."""


def slack_of(project: Project, picks: Sequence[int]) -> list[int]:
    """Return what is left of every budget; negative where it is overdrawn."""
    left = list(project.budgets)
    for ways, pick in zip(project.ways, picks, strict=True):
        for r, use in enumerate(ways[pick].uses):
            left[r] -= use
    return left


def keeps(slack: Sequence[int]) -> bool:
    """Return whether no budget is overdrawn."""
    return all(left >= 0 for left in slack)


def may_swap(slack: Sequence[int], old: Way, new: Way) -> bool:
    """Return whether budgets that hold also hold with another way of an activity."""
    for left, before, after in zip(slack, old.uses, new.uses, strict=True):
        if left + before < after:
            return False
    return True


def swap(slack: list[int], old: Way, new: Way) -> None:
    """Move what is left of every budget from one way of an activity to another."""
    for r, (before, after) in enumerate(zip(old.uses, new.uses, strict=True)):
        slack[r] += before - after


def repair(project: Project, picks: list[int], random: Random) -> bool:
    """Swap modes in place until every budget holds; return whether that was reached.

    Each step takes a random activity and its way that overdraws least, relative to the budgets;
    now and then a random one, to leave dead ends.
    """
    slack = slack_of(project, picks)
    movable = [a for a, ways in enumerate(project.ways) if len(ways) > 1]
    for _ in range(SWAPS * len(movable)):
        if keeps(slack):
            return True
        activity = random.choice(movable)
        ways = project.ways[activity]
        old = ways[picks[activity]]
        if random.random() < 0.05:
            pick = random.randrange(len(ways))
        else:
            pick = min(
                range(len(ways)),
                key=lambda i: (_overdrawn(project, slack, old, ways[i]), random.random()),
            )
        swap(slack, old, ways[pick])
        picks[activity] = pick
    return keeps(slack)


def _overdrawn(project: Project, slack: Sequence[int], old: Way, new: Way) -> float:
    """Return by how much budgets are overdrawn with another way, each relative to its size."""
    total = 0.0
    for left, before, after, budget in zip(slack, old.uses, new.uses, project.budgets, strict=True):
        short = after - before - left
        if short > 0:
            total += short / (abs(budget) + 1)
    return total


def greedy(project: Project, random: Random, hurry: float) -> list[int] | None:
    """Return ways that keep the budgets: short ones as far as they do, None if none are found.

    Parameters
    ----------
    hurry : float
        Share of the activities that begin with their shortest way; the others with a random one.
    """
    picks = [
        min(range(len(ways)), key=lambda i: ways[i].duration)
        if random.random() < hurry
        else random.randrange(len(ways))
        for ways in project.ways
    ]
    return picks if repair(project, picks, random) else None
