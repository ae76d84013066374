"""The choice of modules for least hours as plain arrays, without a reduction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

import trajectory_engine as te
from trajectory_engine.domain.diagnosis import diagnosis_of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Need = tuple[int, int, list[int]]
"""(owner, least, members)."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Conditions of things: at least ``least[i]`` of the nodes ``members[begin[i]:begin[i + 1]]``.

    Attributes
    ----------
    owner : ndarray
        Whose condition it is; all conditions of an owner must hold.
    """

    owner: Ints
    least: Ints
    begin: Ints
    members: Ints

    def met(self, formed: Bools) -> Bools:
        """Return which conditions hold."""
        sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(formed[self.members])])
        return np.asarray(sums[self.begin[1:]] - sums[self.begin[:-1]] >= self.least)

    def members_of(self, need: int) -> list[int]:
        """Return the nodes of a condition."""
        found: list[int] = self.members[self.begin[need] : self.begin[need + 1]].tolist()
        return found

    def by_owner(self, count: int) -> list[list[int]]:
        """Return the conditions of every owner."""
        rows: list[list[int]] = [[] for _ in range(count)]
        for need, owner in enumerate(self.owner.tolist()):
            rows[owner].append(need)
        return rows


@dataclass(frozen=True, slots=True)
class SelectionArrays:
    """Every node and every module of a scenario with one teacher.

    Attributes
    ----------
    known, derived : ndarray, shape (N,), dtype bool
    element : ndarray, shape (N,), dtype int64
        Whose level a node is; levels of an element rise.
    rules : Needs
        Of derived nodes.
    entry : Needs
        Of modules, without what a module teaches itself.
    attains : list of list of int
        Nodes that are unknown and attained at the end of every module.
    providers : list of list of int
        Modules that attain a node, by node.
    hours : list of int
        Hours of the shortest mode.
    goals : list of list of list of int
        Goals as alternatives of nodes that are unknown.
    """

    known: Bools
    derived: Bools
    element: Ints
    rules: Needs
    entry: Needs
    attains: list[list[int]]
    providers: list[list[int]]
    hours: list[int]
    goals: list[list[list[int]]]

    def formed(self, taken: Bools) -> Bools:
        """Return what is formed when the taken modules are taken as soon as they can be."""
        formed = self.known.copy()
        heads = np.repeat(np.arange(len(self.attains)), [len(a) for a in self.attains])
        nodes = np.fromiter(chain.from_iterable(self.attains), np.int64, count=len(heads))
        before = -1
        while (now := int(formed.sum())) > before:
            before = now
            can = taken.copy()
            can[self.entry.owner[~self.entry.met(formed)]] = False
            formed[nodes[can[heads]]] = True
            by_rule = self.derived.copy()
            by_rule[self.rules.owner[~self.rules.met(formed)]] = False
            formed |= by_rule
        return formed

    def met(self, formed: Bools) -> bool:
        """Return whether every goal is met."""
        return all(any(all(formed[n] for n in way) for way in ways) for ways in self.goals)


def arrays_of(scenario: te.Scenario) -> SelectionArrays:
    """Return the arrays of a scenario with one teacher and no rules but the graph."""
    graph, teacher = te.PrerequisiteGraph.of(scenario.model), scenario.teachers[0]
    known = graph.known_mask(dict(diagnosis_of(scenario, teacher).levels))
    taught = [graph.indices(m.teaches).tolist() for m in scenario.modules]
    attains = [_attained(graph, nodes, known) for nodes in taught]
    providers: list[list[int]] = [[] for _ in range(graph.node_count)]
    for m, nodes in enumerate(attains):
        for n in nodes:
            providers[n].append(m)
    return SelectionArrays(
        known,
        graph.derived.copy(),
        graph.node_element.copy(),
        _needs((n, least, of) for n, least, of in _groups(graph) if graph.derived[n]),
        _needs(_entry(graph, taught, known)),
        attains,
        providers,
        [min(mode.hours for mode in m.modes) for m in scenario.modules],
        _goals(scenario, graph, known),
    )


def _groups(graph: te.PrerequisiteGraph) -> Iterator[Need]:
    owners, least = graph.group_node.tolist(), graph.group_least.tolist()
    for g, owner in enumerate(owners):
        yield owner, least[g], graph.members[g].tolist()


def _attained(graph: te.PrerequisiteGraph, nodes: list[int], known: Bools) -> list[int]:
    found: set[int] = set()
    for n in nodes:
        found.update(range(int(graph.first_node[graph.node_element[n]]), n + 1))
    return sorted(n for n in found if not known[n])


def _entry(graph: te.PrerequisiteGraph, taught: list[list[int]], known: Bools) -> Iterator[Need]:
    groups: list[list[tuple[int, list[int]]]] = [[] for _ in range(graph.node_count)]
    for owner, least, of in _groups(graph):
        groups[owner].append((least, of))
    for m, nodes in enumerate(taught):
        own = set(nodes)
        for n in nodes:
            for least, of in [] if known[n] else groups[n]:
                outside = [x for x in of if x not in own]
                if least > len(of) - len(outside):
                    yield m, least - (len(of) - len(outside)), outside


def _needs(found: Iterable[Need]) -> Needs:
    rows = list(found)
    lengths = np.fromiter((len(of) for _, _, of in rows), np.int64, count=len(rows))
    return Needs(
        np.fromiter((owner for owner, _, _ in rows), np.int64, count=len(rows)),
        np.fromiter((least for _, least, _ in rows), np.int64, count=len(rows)),
        np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        np.fromiter(
            chain.from_iterable(of for _, _, of in rows), np.int64, count=int(lengths.sum())
        ),
    )


def _goals(
    scenario: te.Scenario, graph: te.PrerequisiteGraph, known: Bools
) -> list[list[list[int]]]:
    found = []
    for goal in scenario.goals_of(scenario.teachers[0]):
        if goal.node is not None:
            ways = [[graph.index(goal.node)]]
        else:
            task = scenario.model.task_by_id[str(goal.task)]
            ways = [[graph.index(n) for n in path.links] for path in task.paths]
        found.append([[n for n in way if not known[n]] for way in ways])
    return found
