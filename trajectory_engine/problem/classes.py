"""Merging of equal nodes.

Two nodes that the same modules attain, and that f does not form, are formed at the same instant
in every plan; so are two nodes that f forms from the same classes and the same modules attain.
Each such set is one class.  The merge keeps every solution.
"""

from __future__ import annotations

from collections.abc import Sequence

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
        self._groups: dict[_GroupKey, Group] = {}
        self._nodes: list[list[int]] = []
        self._keys: list[tuple[tuple[int, ...], tuple[int, ...] | None]] = []
        found: dict[tuple[tuple[int, ...], tuple[int, ...] | None], int] = {}
        layer = index.graph.layers.tolist()
        position = self.position.get
        for node in sorted(candidates.nodes, key=lambda n: (layer[n], n)):
            providers = tuple([m for m in map(position, index.providers[node]) if m is not None])
            needs = candidates.rule_needs.get(node)
            by_rule = None if needs is None else tuple(sorted({self.of[n] for n in needs}))
            key = (providers, by_rule)
            if key not in found:
                found[key] = len(self._keys)
                self._keys.append(key)
                self._nodes.append([])
            self.of[node] = found[key]
            self._nodes[found[key]].append(node)

    def classes(self) -> tuple[NodeClass, ...]:
        """Return the classes; what f needs for one comes before it."""
        return tuple(
            NodeClass(tuple(sorted(nodes)), providers, by_rule)
            for nodes, (providers, by_rule) in zip(self._nodes, self._keys, strict=True)
        )

    def groups(self, needs: Sequence[EntryNeed]) -> tuple[Group, ...]:
        """Return entry conditions over classes, without duplicates."""
        of = self.of
        if not needs:
            return ()
        found: dict[_GroupKey, Group] = {}
        key: _GroupKey
        for need in needs:
            if len(need.members) == 1:
                key = 1, ((of[need.members[0]], 1),)
            else:
                weights: dict[int, int] = {}
                for member in need.members:
                    weights[of[member]] = weights.get(of[member], 0) + 1
                key = (
                    need.least,
                    tuple((c, min(w, need.least)) for c, w in sorted(weights.items())),
                )
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = Group(*key)
            found[key] = group
        return tuple(found.values())

    def attained(self, index: ScenarioIndex, module: int) -> tuple[int, ...]:
        """Return the classes that a module (scenario's index) attains, rising."""
        of = self.of
        nodes = index.attained[module]
        if len(of) < index.graph.node_count:
            nodes = [n for n in nodes if n in of]
        return tuple(sorted(set(map(of.__getitem__, nodes))))
