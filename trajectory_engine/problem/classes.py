"""Merging of equal nodes.

Two nodes that the same modules attain, and that f does not form, are formed at the same instant
in every plan; so are two nodes that f forms from the same classes and the same modules attain.
Each such set is one class.  The merge keeps every solution.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from trajectory_engine.graph.csr import IntArray, Lists, Rows, distinct
from trajectory_engine.problem.candidates import Candidates
from trajectory_engine.problem.entries import EntryNeed
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.teacher_problem import Group, NodeClass

_GroupKey = tuple[int, tuple[tuple[int, int], ...]]
"""What makes two conditions the same one: least, and classes with weights."""


class ClassTable:
    """Classes of the candidate nodes.

    Attributes
    ----------
    position : dict
        Local module index by the scenario's module index.
    of : dict
        Class by node.
    """

    def __init__(self, index: ScenarioIndex, candidates: Candidates) -> None:
        self.position = {module: i for i, module in enumerate(sorted(candidates.modules))}
        self.of: dict[int, int] = {}
        self._index = index
        self._single: dict[int, Group] = {}
        self._groups: dict[_GroupKey, Group] = {}
        self._nodes: list[list[int]] = []
        self._keys: list[tuple[tuple[int, ...], tuple[int, ...] | None]] = []
        found: dict[tuple[tuple[int, ...], tuple[int, ...] | None], int] = {}
        nodes = np.fromiter(candidates.nodes, np.int64, count=len(candidates.nodes))
        nodes = nodes[np.lexsort((nodes, index.graph.layers[nodes]))]
        for node, providers in zip(nodes.tolist(), self._providers(nodes), strict=True):
            needs = candidates.rule_needs.get(node)
            by_rule = None if needs is None else tuple(sorted({self.of[n] for n in needs}))
            key = (providers, by_rule)
            if key not in found:
                found[key] = len(self._keys)
                self._keys.append(key)
                self._nodes.append([])
            self.of[node] = found[key]
            self._nodes[found[key]].append(node)

    def _providers(self, nodes: IntArray) -> Iterator[tuple[int, ...]]:
        """Yield the positions of the modules that attain each of some nodes, rising."""
        rows = self._index.provider_rows
        position = np.full(len(self._index.scenario.modules), -1)
        position[list(self.position)] = np.arange(len(self.position))
        found = position[rows.gather(nodes)]
        heads = np.repeat(np.arange(len(nodes)), rows.lengths()[nodes])[found >= 0]
        return _tuples(heads, found[found >= 0], len(nodes))

    def classes(self) -> tuple[NodeClass, ...]:
        """Return the classes; what f needs for one comes before it."""
        return tuple(
            NodeClass(tuple(sorted(nodes)), providers, by_rule)
            for nodes, (providers, by_rule) in zip(self._nodes, self._keys, strict=True)
        )

    def groups(self, needs: Sequence[EntryNeed]) -> tuple[Group, ...]:
        """Return entry conditions over classes, without duplicates."""
        if not needs:
            return ()
        of, single = self.of, self._single
        found: dict[int, Group] = {}
        for least, members in needs:
            if len(members) == 1:
                own = of[members[0]]
                group = single.get(own)
                if group is None:
                    group = single[own] = self._group(1, ((own, 1),))
            else:
                weights = Counter(of[member] for member in members)
                shares = tuple((c, min(w, least)) for c, w in sorted(weights.items()))
                group = self._group(least, shares)
            found[id(group)] = group  # equal conditions are one object
        return tuple(found.values())

    def _group(self, least: int, shares: tuple[tuple[int, int], ...]) -> Group:
        """Return the one group of these figures."""
        key = (least, shares)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(least, shares)
        return group

    def attained_by(self, modules: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Yield the classes that each of some modules (scenario's index) attains, rising."""
        index, rows = self._index, self._index.attained_rows
        class_of = np.full(index.graph.node_count, -1)
        class_of[list(self.of)] = list(self.of.values())
        asked = np.asarray(modules, np.int64)
        found = class_of[rows.gather(asked)]
        heads = np.repeat(np.arange(len(asked)), rows.lengths()[asked])
        size = max(1, len(self._keys))
        codes = distinct((heads * size + found)[found >= 0])
        return _tuples(codes // size, codes % size, len(asked))


def _tuples(heads: IntArray, values: IntArray, count: int) -> Iterator[tuple[int, ...]]:
    """Yield ``count`` rows of pairs (row, value), which are given row after row."""
    rows = Lists(Rows.from_pairs(heads, values, count))
    return (tuple(rows[i]) for i in range(count))
