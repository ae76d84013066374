"""The prerequisite graph of a model, as index arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cached_property

import networkx as nx
import numpy as np

from trajectory_engine.domain.competence import FormationMode, NodeRef, ProfessionalElement
from trajectory_engine.domain.memory import remembered
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.graph.csr import BoolArray, IntArray, Rows, distinct, offsets


class RequirementKind(IntEnum):
    """Where a requirement comes from."""

    LADDER = 0
    FORMATION = 1
    AUTHORED = 2


class PrerequisiteGraph:
    """Nodes with their requirements; node indices follow the order of elements, then levels.

    A node has any number of requirement groups; each says "at least ``group_least`` of these
    nodes"; all groups of a node must hold.

    Attributes
    ----------
    elements : tuple of str
        Element keys, E of them.
    first_node : ndarray, shape (E + 1,), dtype int64
        Nodes of element e are ``first_node[e] .. first_node[e + 1] - 1``, by rising level.
    node_element, node_level : ndarray, shape (N,), dtype int64
    derived : ndarray, shape (N,), dtype bool
        Nodes of elements of B that f alone forms.
    group_node, group_least, group_kind : ndarray, shape (G,), dtype int64
    members : Rows
        Members of every group, G rows of node indices.
    """

    def __init__(
        self,
        elements: tuple[str, ...],
        levels: Sequence[tuple[int, ...]],
        derived: BoolArray,
        groups: Sequence[tuple[int, int, RequirementKind, Sequence[int]]],
        node_index: Mapping[NodeRef, int],
    ) -> None:
        self.elements = elements
        counts = np.fromiter(map(len, levels), dtype=np.int64, count=len(levels))
        self.first_node = offsets(counts)
        self.node_element = np.repeat(np.arange(len(elements), dtype=np.int64), counts)
        self.node_level = np.fromiter((v for lv in levels for v in lv), dtype=np.int64)
        self.derived = np.repeat(derived, counts)
        self.group_node = np.fromiter((g[0] for g in groups), dtype=np.int64, count=len(groups))
        self.group_least = np.fromiter((g[1] for g in groups), dtype=np.int64, count=len(groups))
        self.group_kind = np.fromiter((g[2] for g in groups), dtype=np.int64, count=len(groups))
        self.members = Rows.from_lists([g[3] for g in groups])
        self._element_index = {key: i for i, key in enumerate(elements)}
        self._node_index = node_index

    @classmethod
    def of(cls, model: CompetenceModel) -> PrerequisiteGraph:
        """Return the graph of ``model``, built once and then remembered with it."""
        return remembered(model, "_prerequisite_graph", lambda: cls.build(model))

    @classmethod
    def build(cls, model: CompetenceModel) -> PrerequisiteGraph:
        """Return the graph of ``model``: ladder, formation and authored requirements.

        Raises
        ------
        KeyError
            If a requirement names an element or a level that the model does not have.
        """
        table = model.elements
        keys = tuple(table.levels)
        levels = tuple(table.levels.values())
        first = offsets(np.fromiter(map(len, levels), dtype=np.int64, count=len(levels))).tolist()
        start = dict(zip(keys, first, strict=False))
        names = (NodeRef(key, lv) for key, own in table.levels.items() for lv in own)
        index = {node: i for i, node in enumerate(names)}

        derived = np.fromiter(
            (
                isinstance(e, ProfessionalElement) and e.formation is FormationMode.DERIVED
                for e in table.elements
            ),
            dtype=np.bool_,
            count=len(keys),
        )
        groups: list[tuple[int, int, RequirementKind, Sequence[int]]] = [
            (node, 1, RequirementKind.LADDER, (node - 1,))
            for begin, lv in zip(first, levels, strict=False)
            for node in range(begin + 1, begin + len(lv))
        ]
        for element in model.professional:
            for position, level in enumerate(element.levels):
                needs = model.f.requirements(element, level)
                if needs:
                    members = tuple(map(index.__getitem__, needs))
                    node = start[element.key] + position
                    groups.append((node, len(members), RequirementKind.FORMATION, members))
        for requirement in model.prerequisites:
            members = tuple(map(index.__getitem__, requirement.needs))
            groups.append(
                (index[requirement.node], requirement.least, RequirementKind.AUTHORED, members)
            )
        return cls(keys, levels, derived, groups, index)

    @property
    def node_count(self) -> int:
        """N, the number of nodes."""
        return len(self.node_element)

    def index(self, node: NodeRef) -> int:
        """Return the index of ``node``.

        Raises
        ------
        KeyError
            If the element or the level does not exist.
        """
        return self._node_index[node]

    def indices(self, nodes: Iterable[NodeRef]) -> IntArray:
        """Return the indices of ``nodes``, shape (n,)."""
        return np.fromiter(map(self._node_index.__getitem__, nodes), dtype=np.int64)

    def node(self, index: int) -> NodeRef:
        """Return the node at ``index``."""
        return NodeRef(self.elements[self.node_element[index]], int(self.node_level[index]))

    def known_mask(self, state: dict[str, int]) -> BoolArray:
        """Return which nodes are formed for levels by element key, shape (N,)."""
        reached = np.zeros(len(self.elements), dtype=np.int64)
        for key, level in state.items():
            reached[self._element_index[key]] = level
        return self.node_level <= reached[self.node_element]

    @cached_property
    def groups_of(self) -> Rows:
        """Requirement groups of every node, N rows of group indices."""
        count = len(self.group_node)
        return Rows.from_pairs(self.group_node, np.arange(count, dtype=np.int64), self.node_count)

    @cached_property
    def prerequisites(self) -> Rows:
        """Direct prerequisites of every node, N rows of node indices, without duplicates."""
        node = np.repeat(self.group_node, self.members.lengths())
        codes = distinct(node * self.node_count + self.members.values)
        return Rows.from_pairs(codes // self.node_count, codes % self.node_count, self.node_count)

    @cached_property
    def dependents(self) -> Rows:
        """Nodes that directly require a node, N rows of node indices."""
        return self.prerequisites.transposed(self.node_count)

    @cached_property
    def layers(self) -> IntArray:
        """Topological layer of every node, shape (N,): longest chain of edges that ends in it.

        Nodes on a cycle, or behind one, have layer -1 (Kahn, 1962).
        """
        waiting = self.prerequisites.lengths().copy()
        layer = np.full(self.node_count, -1, dtype=np.int64)
        frontier = np.flatnonzero(waiting == 0)
        depth = 0
        while len(frontier):
            layer[frontier] = depth
            reached, times = np.unique(self.dependents.gather(frontier), return_counts=True)
            waiting[reached] -= times
            frontier = reached[waiting[reached] == 0]
            depth += 1
        return layer

    def longest_chain(self) -> tuple[NodeRef, ...]:
        """Return one longest chain of nodes, first the one that comes first."""
        if not self.node_count:
            return ()
        node = int(np.argmax(self.layers))
        chain = [node]
        while self.layers[node] > 0:
            before = self.prerequisites[node]
            node = int(before[self.layers[before] == self.layers[node] - 1][0])
            chain.append(node)
        return tuple(self.node(i) for i in reversed(chain))

    def find_cycle(self) -> tuple[NodeRef, ...] | None:
        """Return one cycle, each node a prerequisite of the next and the last of the first."""
        stuck = self.layers < 0
        if not stuck.any():
            return None
        node = int(np.flatnonzero(stuck)[0])
        seen: dict[int, int] = {}
        walk: list[int] = []
        while node not in seen:
            seen[node] = len(walk)
            walk.append(node)
            before = self.prerequisites[node]
            node = int(before[stuck[before]][0])
        return tuple(self.node(i) for i in reversed(walk[seen[node] :]))

    def is_reachable(self, source: NodeRef, target: NodeRef) -> bool:
        """Return whether ``target`` depends on ``source``, directly or not (not on itself)."""
        goal, reached = self.index(target), np.zeros(self.node_count, dtype=np.bool_)
        frontier = np.array([self.index(source)])
        while len(frontier):
            frontier = distinct(self.dependents.gather(frontier))
            frontier = frontier[~reached[frontier]]
            reached[frontier] = True
            if reached[goal]:
                return True
        return False

    def to_networkx(self) -> nx.DiGraph[str]:
        """Return the graph for analysis and drawing, edges from prerequisite to node.

        Node attributes: ``element``, ``level``, ``derived``; edge attributes: ``kinds``, a tuple
        of ``"ladder"``, ``"formation"``, ``"authored"``, and ``alternatives``, True if the edge
        comes from an OR or k-of-n group only.
        """
        graph: nx.DiGraph[str] = nx.DiGraph()
        names = [str(self.node(i)) for i in range(self.node_count)]
        for i, name in enumerate(names):
            graph.add_node(
                name,
                element=self.elements[self.node_element[i]],
                level=int(self.node_level[i]),
                derived=bool(self.derived[i]),
            )
        for group, node in enumerate(self.group_node.tolist()):
            members = self.members[group].tolist()
            kind = RequirementKind(int(self.group_kind[group])).name.lower()
            choice = int(self.group_least[group]) < len(members)
            for member in members:
                edge = graph.get_edge_data(
                    names[member], names[node], {"kinds": (), "alternatives": True}
                )
                kinds = edge["kinds"] if kind in edge["kinds"] else (*edge["kinds"], kind)
                graph.add_edge(
                    names[member],
                    names[node],
                    kinds=kinds,
                    alternatives=edge["alternatives"] and choice,
                )
        return graph

    def fewest_links(self, source: NodeRef, target: NodeRef) -> tuple[NodeRef, ...] | None:
        """Return the path of fewest links from ``source`` to ``target``, None if there is none.

        Both ends are included; of several shortest paths the one whose nodes come first by name
        (compared node by node) is taken.
        """
        begin, goal = self.index(source), self.index(target)
        distance = self._distances_to(goal)
        if distance[begin] < 0:
            return None
        path = [begin]
        while path[-1] != goal:
            after = self.dependents[path[-1]]
            nearer = after[distance[after] == distance[path[-1]] - 1].tolist()
            path.append(min(nearer, key=lambda i: str(self.node(i))))
        return tuple(map(self.node, path))

    def _distances_to(self, goal: int) -> IntArray:
        """Return the number of links from every node to ``goal``, -1 where there is no path."""
        distance = np.full(self.node_count, -1, dtype=np.int64)
        distance[goal] = 0
        frontier, depth = np.array([goal]), 0
        while len(frontier):
            depth += 1
            frontier = distinct(self.prerequisites.gather(frontier))
            frontier = frontier[distance[frontier] < 0]
            distance[frontier] = depth
        return distance
