"""A project as arrays, for what is compiled.

What a period offers is packed into words of 64 bits, as in
:mod:`trajectory_engine.heuristics.project`, but as many fields to a word as it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trajectory_engine.heuristics.project import Project, Way

WORD = 62
"""Bits of a word that are used: the sign is not."""

Integers = NDArray[np.int64]


class ProjectArrays(NamedTuple):
    """A project of n activities with w ways in all, r budgets, and e fields that may be saved.

    A field may be saved if some activity takes more of it in all in one way than in another.

    Attributes
    ----------
    order : ndarray of int64, shape (n,)
        The activities, none before one that it waits for.
    rank : ndarray of int64, shape (n,)
        Position in that order.
    way_at : ndarray of int64, shape (n + 1,)
        Where the ways of an activity begin.
    before_at, after_at : ndarray of int64, shape (n + 1,)
        Where the rows of ``before`` and ``after`` begin.
    before, after : ndarray of int64
        Activities that end by the start of another; that start after its end.
    duration, first, last : ndarray of int64, shape (w,)
        Periods; earliest and latest start.
    even : ndarray of bool, shape (w,)
        Whether a way takes the same in all its periods.
    allowed_at : ndarray of int64, shape (w,)
        Where the starts of a way from the earliest on begin in ``allowed``, -1 if all are.
    allowed : ndarray of bool
    demand_at : ndarray of int64, shape (w,)
        Where the periods of a way begin in ``demand``.
    demand : ndarray of int64, shape (total of durations, words)
        What a way takes, packed.
    work : ndarray of float64, shape (w,)
        What a way takes in all its periods, relative to the most that any period offers, summed
        over the fields.
    uses : ndarray of int64, shape (w, r + e)
        What a way takes of every budget, then, of every field that may be saved, in all periods.
    budgets : ndarray of int64, shape (r + e,)
        The most that the uses of all ways taken may sum to.  What the fields offer on the whole
        calendar comes last; a search may set less.
    free : ndarray of int64, shape (periods, words)
        What every period offers, packed, with all guard bits set.
    guards : ndarray of int64, shape (words,)
    offered : ndarray of int64, shape (e, periods + 1)
        What the periods before an instant offer of a field that may be saved.
    """

    order: Integers
    rank: Integers
    way_at: Integers
    before_at: Integers
    before: Integers
    after_at: Integers
    after: Integers
    duration: Integers
    first: Integers
    last: Integers
    even: NDArray[np.bool_]
    allowed_at: Integers
    allowed: NDArray[np.bool_]
    demand_at: Integers
    demand: Integers
    work: NDArray[np.float64]
    uses: Integers
    budgets: Integers
    free: Integers
    guards: Integers
    offered: Integers


def arrays_of(project: Project) -> ProjectArrays:
    """Return a project as arrays."""
    ways = [way for own in project.ways for way in own]
    words = _words(project)
    order = integers(project.order)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    before_at, before = rows_of(project.before)
    after_at, after = rows_of(project.after)
    allowed_at, allowed = [], list[bool]()
    for way in ways:
        allowed_at.append(-1 if way.allowed is None else len(allowed))
        if way.allowed is not None:
            allowed += [start in way.allowed for start in range(way.first, way.last + 1)]
    most = [max(project.offers(field), default=0) for field in range(len(project.fields))]
    saved = [field for field in range(len(project.fields)) if _may_be_saved(project, field)]
    offered = [list(accumulate(project.offers(field), initial=0)) for field in saved]
    uses = [[*way.uses, *(_total(project, way, field) for field in saved)] for way in ways]
    demand = [amount for way in ways for amount in way.demand]
    return ProjectArrays(
        order=order,
        rank=rank,
        way_at=_offsets(map(len, project.ways)),
        before_at=before_at,
        before=before,
        after_at=after_at,
        after=after,
        duration=integers(way.duration for way in ways),
        first=integers(way.first for way in ways),
        last=integers(way.last for way in ways),
        even=np.array([way.is_even for way in ways], dtype=np.bool_),
        allowed_at=integers(allowed_at),
        allowed=np.array(allowed, dtype=np.bool_),
        demand_at=_offsets(len(way.demand) for way in ways)[:-1],
        demand=_packed(demand, words),
        work=np.array([_work(project, way, most) for way in ways], dtype=np.float64),
        uses=_table(uses, len(project.budgets) + len(saved)),
        budgets=integers([*project.budgets, *(totals[-1] for totals in offered)]),
        free=_packed(project.free, words),
        guards=_packed([project.guards], words)[0],
        offered=_table(offered, len(project.free) + 1),
    )


def _total(project: Project, way: Way, field: int) -> int:
    """Return what a way takes of a field in all its periods."""
    return sum(project.load(way, field))


def _may_be_saved(project: Project, field: int) -> bool:
    """Return whether what some activity takes of a field in all depends on its way."""
    return any(len({_total(project, way, field) for way in ways}) > 1 for ways in project.ways)


def _work(project: Project, way: Way, most: Sequence[int]) -> float:
    """Return what a way takes of all fields, relative to the most that a period offers of each."""
    return sum(
        _total(project, way, field) / offered for field, offered in enumerate(most) if offered
    )


def _words(project: Project) -> list[tuple[int, int]]:
    """Return how the packed integers are cut into words: by how many bits shifted, and a mask."""
    words: list[tuple[int, int]] = []
    begin = end = 0
    for shift, mask in project.fields:
        after = shift + mask.bit_length() + 1
        if after - begin > WORD and end > begin:
            words.append((begin, (1 << (end - begin)) - 1))
            begin = shift
        end = after
    return [*words, (begin, (1 << (end - begin)) - 1)]


def _packed(amounts: Sequence[int], words: Sequence[tuple[int, int]]) -> Integers:
    return _table(
        [[amount >> shift & mask for shift, mask in words] for amount in amounts], len(words)
    )


def integers(values: Iterable[int]) -> Integers:
    """Return an array of integers, shape (n,)."""
    return np.fromiter(values, dtype=np.int64)


def _table(rows: Sequence[Sequence[int]], columns: int) -> Integers:
    return integers(value for row in rows for value in row).reshape(len(rows), columns)


def _offsets(lengths: Iterable[int]) -> Integers:
    return integers(accumulate(lengths, initial=0))


def rows_of(rows: Sequence[Sequence[int]]) -> tuple[Integers, Integers]:
    """Return where rows begin, shape (rows + 1,), and their entries one after the other."""
    return _offsets(map(len, rows)), integers(entry for row in rows for entry in row)
