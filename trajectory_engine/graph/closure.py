"""Backward closure: what could be needed on the way from the known to the goals."""

from __future__ import annotations

import numpy as np

from trajectory_engine.graph.csr import BoolArray, IntArray, distinct
from trajectory_engine.graph.prerequisites import PrerequisiteGraph


def backward_closure(graph: PrerequisiteGraph, targets: IntArray, known: BoolArray) -> BoolArray:
    """Return which unknown nodes ``targets`` may need, targets included, shape (N,), dtype bool.

    Every requirement group is followed through all its members, so no alternative is lost.
    Known nodes end the search: what lies behind them is not needed any more.  A group that
    known members satisfy already is not followed.

    Parameters
    ----------
    graph : PrerequisiteGraph
    targets : ndarray of int64
        Node indices.
    known : ndarray, shape (N,), dtype bool
    """
    open_group = open_groups(graph, known)
    closed = np.zeros(graph.node_count, dtype=np.bool_)
    frontier = distinct(targets[~known[targets]])
    while len(frontier):
        closed[frontier] = True
        groups = graph.groups_of.gather(frontier)
        before = distinct(graph.members.gather(groups[open_group[groups]]))
        frontier = before[~closed[before] & ~known[before]]
    return closed


def open_groups(graph: PrerequisiteGraph, known: BoolArray) -> BoolArray:
    """Return which requirement groups known nodes do not satisfy, shape (G,), dtype bool."""
    hits = np.concatenate([np.zeros(1, np.int64), np.cumsum(known[graph.members.values])])
    satisfied = hits[graph.members.indptr[1:]] - hits[graph.members.indptr[:-1]]
    return np.asarray(satisfied < graph.group_least)
