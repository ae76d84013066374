"""Structural metrics of a curriculum: how much hangs on every course, and how long its chains are.

The definitions are those of Heileman, Abdallah, Slim and Hickman, *Curricular analytics: a
framework for quantifying the impact of curricular reforms and pedagogical innovations* (2018),
which curricula are published with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trajectory_engine.graph.csr import IntArray, Rows

TERMS_PER_SEMESTER = {"semester": Fraction(1), "quarter": Fraction(3, 2)}
"""Terms of a system that make the time of a semester: chains of quarters are shorter in time."""
BLOCK = 4096
"""Courses whose reach is counted at once: bounds the memory."""

Objects = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class CurricularMetrics:
    """Metrics of every course.

    Attributes
    ----------
    blocking : ndarray, shape (n,), dtype int64
        Courses that cannot be taken, directly or not, before this one is passed.
    delay : ndarray, shape (n,), dtype int64
        Courses on the longest chain through this one, itself included.
    centrality : ndarray, shape (n,), dtype object
        Sum of the lengths (in courses) of all chains from a course without prerequisites to one
        that is nobody's prerequisite on which this course lies in between; whole numbers without
        a limit, since chains multiply.
    """

    blocking: IntArray
    delay: IntArray
    centrality: Objects

    def complexity(self, system: str = "semester") -> tuple[Fraction, ...]:
        """Return blocking plus delay of every course, in semesters.

        Parameters
        ----------
        system : str
            ``semester`` or ``quarter``.

        Raises
        ------
        KeyError
            If the system is unknown.
        """
        terms = TERMS_PER_SEMESTER[system]
        return tuple(Fraction(int(c)) / terms for c in self.blocking + self.delay)


def curricular_metrics(count: int, before: ArrayLike, after: ArrayLike) -> CurricularMetrics:
    """Return the metrics of ``count`` courses.

    Corequisites count like prerequisites, and a pair that occurs twice counts once.

    Parameters
    ----------
    count : int
    before, after : array_like of int
        Indices of the courses of every requirement: the first is needed for the second.

    Raises
    ------
    ValueError
        If a course is needed, directly or not, for itself, or an index does not exist.

    Examples
    --------
    >>> found = curricular_metrics(4, [0, 1, 1], [1, 2, 3])
    >>> found.blocking.tolist(), found.delay.tolist(), found.centrality.tolist()
    ([3, 2, 0, 0], [3, 3, 3, 3], [0, 6, 0, 0])
    """
    edges = np.unique(np.array([before, after], dtype=np.int64).reshape(2, -1), axis=1)
    if edges.size and not 0 <= edges.min() <= edges.max() < count:
        raise ValueError(f"a course has an index outside 0 .. {count - 1}")
    forward = _Sweep(count, edges[1], edges[0])
    backward = _Sweep(count, edges[0], edges[1])
    return CurricularMetrics(
        _reach(backward), forward.depth + backward.depth + 1, _centrality(forward, backward)
    )


class _Sweep:
    """Goes through the courses so that a course comes after all on its far side.

    Attributes
    ----------
    depth : ndarray, shape (n,), dtype int64
        Requirements on the longest chain from a course to its far end.
    """

    def __init__(self, count: int, near: IntArray, far: IntArray) -> None:
        self.count = count
        self._far = Rows.from_pairs(near, far, count)
        self._near = Rows.from_pairs(far, near, count)
        self.depth = self._depths()

    def _depths(self) -> IntArray:
        waiting = self._far.lengths().copy()
        depth = np.zeros(self.count, dtype=np.int64)
        layer, done, frontier = 0, 0, np.flatnonzero(waiting == 0)
        while len(frontier):
            depth[frontier] = layer
            done += len(frontier)
            freed, times = np.unique(self._near.gather(frontier), return_counts=True)
            waiting[freed] -= times
            layer, frontier = layer + 1, freed[waiting[freed] == 0]
        if done < self.count:
            raise ValueError("a course is needed for itself")
        return depth

    def layers(self) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
        """Yield courses, the far ends of their requirements, and where each course's begin."""
        order = np.argsort(self.depth, kind="stable")
        bounds = np.searchsorted(self.depth[order], np.arange(1, self.depth.max(initial=0) + 2))
        for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            courses = order[low:high]
            lengths = self._far.lengths()[courses]
            yield courses, self._far.gather(courses), np.cumsum(lengths) - lengths

    def ends(self) -> NDArray[np.bool_]:
        """Return which courses have nothing on their far side, shape (n,)."""
        return np.asarray(self._far.lengths() == 0)


def _reach(sweep: _Sweep) -> IntArray:
    """Count the courses on the far side of every course, by sets of bits."""
    reached = np.zeros(sweep.count, dtype=np.int64)
    for first in range(0, sweep.count, BLOCK):
        targets = np.arange(first, min(first + BLOCK, sweep.count))
        bits = np.zeros((sweep.count, -(-len(targets) // 8)), dtype=np.uint8)
        own = np.zeros_like(bits)
        place = targets - first
        own[targets, place // 8] = np.left_shift(1, place % 8)
        for courses, far, begins in sweep.layers():
            bits[courses] = np.bitwise_or.reduceat(bits[far] | own[far], begins, axis=0)
        reached += np.unpackbits(bits, axis=1).sum(axis=1, dtype=np.int64)
    return reached


def _centrality(forward: _Sweep, backward: _Sweep) -> Objects:
    """Join the chains that lead to a course and those that lead on from it."""
    count_in, length_in = _chains(forward)
    count_out, length_out = _chains(backward)
    through: Any = length_in * count_out + length_out * count_in - count_in * count_out
    through[forward.ends() | backward.ends()] = 0
    return np.asarray(through, dtype=np.object_)


def _chains(sweep: _Sweep) -> tuple[Any, Any]:
    """Count the chains from every course to a far end, and add up their lengths in courses."""
    counts = np.array([1] * sweep.count, dtype=np.object_)
    lengths = counts.copy()
    for courses, far, begins in sweep.layers():
        counts[courses] = np.add.reduceat(counts[far], begins)
        lengths[courses] = np.add.reduceat(lengths[far], begins) + counts[courses]
    return counts, lengths
