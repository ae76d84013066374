"""What default entries ask for: requirements of what modules teach, without what is inside.

All modules asked for are worked out at once, over arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from trajectory_engine.graph.csr import BoolArray, IntArray, Rows, distinct, offsets
from trajectory_engine.graph.prerequisites import PrerequisiteGraph


class EntryNeed(NamedTuple):
    """At least ``least`` of ``members`` before the start, unless ``node`` is known already.

    ``node`` is -1 for explicit entry conditions, which always hold.
    """

    node: int
    least: int
    members: tuple[int, ...]


def default_entries(
    graph: PrerequisiteGraph, taught: Rows, modules: IntArray
) -> Iterator[tuple[EntryNeed, ...]]:
    """Yield the default entry of every module, by rising node, in the order of its requirements.

    Parameters
    ----------
    graph : PrerequisiteGraph
    taught : Rows
        Nodes that every module names as taught.
    modules : ndarray, shape (n,), dtype int64
    """
    size = graph.node_count
    lengths = taught.lengths()[modules]
    owner = np.repeat(np.arange(len(modules), dtype=np.int64), lengths)
    own = distinct(owner * size + taught.gather(modules))
    groups = graph.groups_of.gather(own % size)
    asking = np.repeat(own, graph.groups_of.lengths()[own % size])
    members = graph.members.gather(groups)
    of_group = np.repeat(np.arange(len(groups), dtype=np.int64), graph.members.lengths()[groups])
    outside = ~_among(own, (asking // size)[of_group] * size + members)
    counts = np.bincount(of_group[outside], minlength=len(groups))
    least = graph.group_least[groups] - (graph.members.lengths()[groups] - counts)
    bounds = offsets(counts)
    kept = np.flatnonzero(least > 0)
    values = tuple(members[outside].tolist())
    needs = [
        EntryNeed(node, amount, values[begin:end])
        for node, amount, begin, end in zip(
            (asking[kept] % size).tolist(),
            least[kept].tolist(),
            bounds[kept].tolist(),
            bounds[kept + 1].tolist(),
            strict=True,
        )
    ]
    ends = offsets(np.bincount(asking[kept] // size, minlength=len(modules))).tolist()
    return (tuple(needs[begin:end]) for begin, end in pairwise(ends))


def _among(rising: IntArray, asked: IntArray) -> BoolArray:
    """Return which of some numbers are in a rising array."""
    if not len(rising):
        return np.zeros(len(asked), np.bool_)
    places = np.minimum(np.searchsorted(rising, asked), len(rising) - 1)
    found: BoolArray = rising[places] == asked
    return found
