"""The five levels at which an element of competence can be formed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import IntEnum

LEVEL_COUNT = 5
"""Number of levels above ``NOT_FORMED``."""


class Level(IntEnum):
    """How well an element is formed; 0 means that it is not formed."""

    NOT_FORMED = 0
    LOW = 1
    ACCEPTABLE = 2
    AVERAGE = 3
    HIGH = 4
    ADVANCED = 5


def resolve_threshold(levels: Sequence[int], threshold: int) -> int:
    """Return the existing level that "at least ``threshold``" means.

    Parameters
    ----------
    levels : sequence of int
        Levels that exist for the element, strictly increasing, each 1 to 5; not empty.
    threshold : int
        Level asked for, 0 to 5; 0 asks for nothing.

    Returns
    -------
    int
        The lowest existing level at or above ``threshold``; if there is none, the highest
        existing one; 0 where ``threshold`` is 0.

    Examples
    --------
    >>> resolve_threshold((3, 4), 1), resolve_threshold((3, 4), 5), resolve_threshold((3, 4), 0)
    (3, 4, 0)
    """
    if threshold <= 0:
        return 0
    index = bisect_left(levels, threshold)
    return levels[index] if index < len(levels) else levels[-1]


def round_down(levels: Sequence[int], level: int) -> int:
    """Return the highest existing level at or below ``level``, 0 if there is none.

    Parameters
    ----------
    levels : sequence of int
        Existing levels, strictly increasing.
    level : int
        A diagnosed level, 0 to 5.

    Examples
    --------
    >>> round_down((3, 4), 2), round_down((3, 4), 5)
    (0, 4)
    """
    index = bisect_right(levels, level)
    return levels[index - 1] if index else 0


def next_lower(levels: Sequence[int], level: int) -> int:
    """Return the next existing level below ``level``, 0 if ``level`` is the lowest."""
    index = bisect_left(levels, level)
    return levels[index - 1] if index else 0
