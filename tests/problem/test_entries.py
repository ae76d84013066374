"""Entries over arrays agree with their definition, requirement by requirement."""

from __future__ import annotations

from random import Random

import numpy as np

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.graph.csr import Rows
from trajectory_engine.graph.prerequisites import PrerequisiteGraph, RequirementKind
from trajectory_engine.problem.entries import EntryNeed, RemainingEntries, entry_rows


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


def _as_defined(
    graph: PrerequisiteGraph, taught: list[int], known: set[int]
) -> tuple[EntryNeed, ...]:
    """Every requirement of every node taught and not known, without what is known or taught."""
    found = []
    for node in sorted(set(taught) - known):
        for group in graph.groups_of[node].tolist():
            members = graph.members[group].tolist()
            missing = tuple(m for m in members if m not in taught and m not in known)
            least = int(graph.group_least[group]) - (len(members) - len(missing))
            if least > 0:
                found.append(EntryNeed(least, missing))
    return tuple(dict.fromkeys(found))


def test_entries_agree_with_their_definition() -> None:
    random = Random(5)
    explicit_seen = 0
    for _ in range(500):
        graph = _random_graph(random)
        nodes = range(graph.node_count)
        taught = [
            random.choices(nodes, k=random.randint(0, 3)) for _ in range(random.randint(1, 5))
        ]
        explicit = {
            m: random.sample(nodes, random.randint(0, min(2, len(nodes))))
            for m in random.sample(range(len(taught)), random.randint(0, len(taught)))
        }
        known = set(random.sample(nodes, random.randint(0, len(nodes))))
        mask = np.zeros(len(nodes), np.bool_)
        mask[list(known)] = True
        entries = RemainingEntries(entry_rows(graph, Rows.from_lists(taught), explicit), mask)
        for m, own in enumerate(taught):
            if m in explicit:
                asked = tuple(EntryNeed(1, (n,)) for n in explicit[m] if n not in known)
                explicit_seen += len(asked)
            else:
                asked = _as_defined(graph, own, known)
            assert entries.of(m) == asked
    assert explicit_seen > 100
