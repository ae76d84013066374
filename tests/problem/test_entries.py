"""Default entries over arrays agree with their definition, requirement by requirement."""

from __future__ import annotations

from random import Random

import numpy as np

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.graph.csr import Rows
from trajectory_engine.graph.prerequisites import PrerequisiteGraph, RequirementKind
from trajectory_engine.problem.entries import EntryNeed, default_entries


def _random_graph(random: Random) -> PrerequisiteGraph:
    """Return up to eight nodes, with requirements of any number of alternatives."""
    size = random.randint(1, 8)
    groups = []
    for node in range(size):
        for _ in range(random.randint(0, 2)):
            members = sorted(random.sample(range(size), random.randint(1, min(3, size))))
            least = random.randint(1, len(members))
            groups.append((node, least, RequirementKind.AUTHORED, members))
    levels = [(1,)] * size
    keys = tuple(map(str, range(size)))
    index = {NodeRef(key, 1): i for i, key in enumerate(keys)}
    return PrerequisiteGraph(keys, levels, np.zeros(size, bool), groups, index)


def _as_defined(graph: PrerequisiteGraph, taught: list[int]) -> tuple[EntryNeed, ...]:
    """Every requirement of every node taught, nodes of the same module counting as formed."""
    found = []
    for node in sorted(set(taught)):
        for group in graph.groups_of[node].tolist():
            members = graph.members[group].tolist()
            outside = tuple(m for m in members if m not in taught)
            least = int(graph.group_least[group]) - (len(members) - len(outside))
            if least > 0:
                found.append(EntryNeed(node, least, outside))
    return tuple(found)


def test_entries_agree_with_their_definition() -> None:
    random = Random(5)
    for _ in range(300):
        graph = _random_graph(random)
        nodes = range(graph.node_count)
        taught = [
            random.choices(nodes, k=random.randint(0, 3)) for _ in range(random.randint(1, 5))
        ]
        asked = random.sample(range(len(taught)), random.randint(0, len(taught)))
        found = default_entries(graph, Rows.from_lists(taught), np.asarray(asked, np.int64))
        assert list(found) == [_as_defined(graph, taught[m]) for m in asked]
