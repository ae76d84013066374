"""What entries ask for: requirements of what modules teach, without what is inside or known.

All modules are worked out at once, over arrays: once for a catalogue, then for every teacher.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

import numpy as np

from trajectory_engine.graph.csr import BoolArray, IntArray, Rows, distinct, offsets
from trajectory_engine.graph.prerequisites import PrerequisiteGraph

EXPLICIT = -1
"""Stands for the node that asks, where a module names its entry conditions itself."""


class EntryNeed(NamedTuple):
    """At least ``least`` of ``members`` (nodes) before the start."""

    least: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EntryRows:
    """What all modules of a catalogue ask for, whoever the teacher is: need after need.

    Attributes
    ----------
    owner : ndarray, shape (n,), dtype int64
        Module of every need, rising.
    node : ndarray, shape (n,), dtype int64
        Node that the module teaches and whose requirement it is: nothing is asked for the sake of
        a node that is known; ``EXPLICIT`` for conditions that the module names.
    least : ndarray, shape (n,), dtype int64
    members : Rows
        n rows of nodes.
    """

    owner: IntArray
    node: IntArray
    least: IntArray
    members: Rows


def entry_rows(
    graph: PrerequisiteGraph, taught: Rows, explicit: Mapping[int, Sequence[int]]
) -> EntryRows:
    """Return what all modules ask for, the needs of each by rising node.

    Parameters
    ----------
    graph : PrerequisiteGraph
    taught : Rows
        Nodes that every module names as taught.
    explicit : mapping
        Nodes that modules name as their entry conditions; they ask for nothing else.
    """
    named = Rows.from_lists(list(explicit.values()))
    modules = np.fromiter(explicit, np.int64, count=len(explicit))
    default = np.ones(len(taught), np.bool_)
    default[modules] = False
    found = _default_rows(graph, taught, np.flatnonzero(default))
    owner = np.concatenate([found.owner, np.repeat(modules, named.lengths())])
    order = np.argsort(owner, kind="stable")
    count = len(named.values)
    lengths = np.concatenate([found.members.lengths(), np.ones(count, np.int64)])
    both = Rows(offsets(lengths), np.concatenate([found.members.values, named.values]))
    return EntryRows(
        owner[order],
        np.concatenate([found.node, np.full(count, EXPLICIT)])[order],
        np.concatenate([found.least, np.ones(count, np.int64)])[order],
        Rows(offsets(lengths[order]), both.gather(order)),
    )


def _default_rows(graph: PrerequisiteGraph, taught: Rows, modules: IntArray) -> EntryRows:
    """Return what some modules ask for by default: what they teach themselves is not asked for."""
    size = graph.node_count
    own = distinct(np.repeat(modules, taught.lengths()[modules]) * size + taught.gather(modules))
    groups = graph.groups_of.gather(own % size)
    asking = np.repeat(own, graph.groups_of.lengths()[own % size])
    members = graph.members.gather(groups)
    of_group = np.repeat(np.arange(len(groups), dtype=np.int64), graph.members.lengths()[groups])
    outside = ~_among(own, (asking // size)[of_group] * size + members)
    counts = np.bincount(of_group[outside], minlength=len(groups)).astype(np.int64)
    least = graph.group_least[groups] - (graph.members.lengths()[groups] - counts)
    kept = least > 0
    values = members[outside & kept[of_group]]
    owner, node = np.divmod(asking[kept], size)
    return EntryRows(owner, node, least[kept], Rows(offsets(counts[kept]), values))


def _among(rising: IntArray, asked: IntArray) -> BoolArray:
    """Return which of some numbers are in a rising array."""
    if not len(rising):
        return np.zeros(len(asked), np.bool_)
    places = np.minimum(np.searchsorted(rising, asked), len(rising) - 1)
    found: BoolArray = rising[places] == asked
    return found


class RemainingEntries:
    """What of the entry conditions of modules is not known yet, for one teacher.

    Parameters
    ----------
    rows : EntryRows
    known : ndarray, shape (N,), dtype bool
        The nodes that the teacher knows.
    """

    def __init__(self, rows: EntryRows, known: BoolArray) -> None:
        members = rows.members
        heads = members.heads()
        unknown = ~known[members.values]
        counts = np.bincount(heads[unknown], minlength=len(members)).astype(np.int64)
        least = rows.least - (members.lengths() - counts)
        asked = rows.node == EXPLICIT
        asked[~asked] = ~known[rows.node[~asked]]
        kept = asked & (least > 0)
        self._members = tuple(members.values[unknown & kept[heads]].tolist())
        self._bounds: list[int] = offsets(counts[kept]).tolist()
        self._least: list[int] = least[kept].tolist()
        self._first: list[int] = offsets(np.bincount(rows.owner[kept])).tolist()
        self._found: dict[int, tuple[EntryNeed, ...]] = {}

    def of(self, module: int) -> tuple[EntryNeed, ...]:
        """Return what a module (scenario's index) waits for, each need once."""
        found = self._found.get(module)
        if found is None:
            found = self._found[module] = self._look_up(module)
        return found

    def _look_up(self, module: int) -> tuple[EntryNeed, ...]:
        if module >= len(self._first) - 1:
            return ()
        bounds, members = self._bounds, self._members
        needs = range(self._first[module], self._first[module + 1])
        pairs = [(self._least[k], members[bounds[k] : bounds[k + 1]]) for k in needs]
        return tuple(starmap(EntryNeed, dict.fromkeys(pairs)))
