"""Figures about a prerequisite graph: sizes, layers, what is demanded and who teaches it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.graph.csr import IntArray
from trajectory_engine.graph.prerequisites import PrerequisiteGraph, RequirementKind

SHOWN = 10
CANDIDATES = 200
"""Nodes with the most direct dependents, among which bottlenecks are looked for."""


@dataclass(frozen=True, slots=True)
class Demand:
    """How much depends on a node.

    Attributes
    ----------
    node : NodeRef
    direct, dependents : int
        Nodes that need it directly; nodes that need it directly or over others.
    providers : int
        Modules after which it is formed.
    """

    node: NodeRef
    direct: int
    dependents: int
    providers: int


@dataclass(frozen=True)
class GraphStatistics:
    """Figures about a graph.

    Attributes
    ----------
    nodes, elements : int
    edges : dict
        Distinct pairs (prerequisite, node) by kind of requirement.
    alternatives : int
        Requirements that ask for some of their members only.
    layers : int
    longest_chain : tuple of NodeRef
    demanded : tuple of Demand
        The nodes that most others need directly.
    bottlenecks : tuple of Demand
        Of the nodes that at most one module teaches and f does not form, those that most others
        need, directly or not.
    providers : dict
        How many nodes have a given number of providers.
    """

    nodes: int
    elements: int
    edges: dict[str, int]
    alternatives: int
    layers: int
    longest_chain: tuple[NodeRef, ...]
    demanded: tuple[Demand, ...]
    bottlenecks: tuple[Demand, ...]
    providers: dict[int, int]


def provider_counts(scenario: Scenario, graph: PrerequisiteGraph) -> IntArray:
    """Return after how many modules each node is formed, shape (N,).

    A module that teaches a level forms the lower levels of the element too.
    """
    counts = np.zeros(graph.node_count, dtype=np.int64)
    for module in scenario.modules:
        attained: set[int] = set()
        for index in graph.indices(module.teaches).tolist():
            first = int(graph.first_node[graph.node_element[index]])
            attained.update(range(first, index + 1))
        counts[list(attained)] += 1
    return counts


def statistics(scenario: Scenario, graph: PrerequisiteGraph) -> GraphStatistics:
    """Return the figures of a scenario's graph."""
    direct = graph.dependents.lengths()
    providers = provider_counts(scenario, graph)
    order = np.argsort(-direct, kind="stable")
    scarce = order[(providers[order] <= 1) & ~graph.derived[order] & (direct[order] > 0)]
    candidates = [_demand(graph, int(i), direct, providers) for i in scarce[:CANDIDATES]]
    candidates.sort(key=lambda d: -d.dependents)
    members = graph.members.lengths()
    return GraphStatistics(
        nodes=graph.node_count,
        elements=len(graph.elements),
        edges=_edges_by_kind(graph),
        alternatives=int((graph.group_least < members).sum()),
        layers=int(graph.layers.max(initial=-1)) + 1,
        longest_chain=graph.longest_chain(),
        demanded=tuple(
            _demand(graph, int(i), direct, providers) for i in order[:SHOWN] if direct[i]
        ),
        bottlenecks=tuple(candidates[:SHOWN]),
        providers=dict(sorted(Counter(providers.tolist()).items())),
    )


def dependents_of(graph: PrerequisiteGraph, node: int) -> int:
    """Return how many nodes need ``node``, directly or not."""
    reached = np.zeros(graph.node_count, dtype=np.bool_)
    frontier: IntArray = np.array([node], dtype=np.int64)
    while len(frontier):
        frontier = np.unique(graph.dependents.gather(frontier))
        frontier = frontier[~reached[frontier]]
        reached[frontier] = True
    return int(reached.sum())


def closure_size(graph: PrerequisiteGraph, nodes: Sequence[NodeRef], levels: dict[str, int]) -> int:
    """Return how many unknown nodes the ``nodes`` may need, themselves included."""
    from trajectory_engine.graph.closure import backward_closure

    known = graph.known_mask(levels)
    return int(backward_closure(graph, graph.indices(nodes), known).sum())


def _demand(graph: PrerequisiteGraph, node: int, direct: IntArray, providers: IntArray) -> Demand:
    return Demand(
        graph.node(node), int(direct[node]), dependents_of(graph, node), int(providers[node])
    )


def _edges_by_kind(graph: PrerequisiteGraph) -> dict[str, int]:
    lengths = graph.members.lengths()
    pair = np.repeat(graph.group_node, lengths) * graph.node_count + graph.members.values
    kind = np.repeat(graph.group_kind, lengths)
    return {k.name.lower(): len(np.unique(pair[kind == k])) for k in RequirementKind}
