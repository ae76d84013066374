"""What all teachers of a scenario have in common, indexed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from trajectory_engine.domain.catalogue import ResourceKind, Run, Window
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.graph.prerequisites import PrerequisiteGraph

NO_SUBSTITUTES: Mapping[str, tuple[str, ...]] = {}


class EntryNeed(NamedTuple):
    """At least ``least`` of ``members`` before the start, unless ``node`` is known already.

    ``node`` is -1 for explicit entry conditions, which always hold.
    """

    node: int
    least: int
    members: tuple[int, ...]


class ScenarioIndex:
    """Graph, catalogue and look-ups of a scenario; node and module indices are its own.

    Attributes
    ----------
    scenario : Scenario
    graph : PrerequisiteGraph
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.graph = PrerequisiteGraph.of(scenario.model)
        self.module_index = {m.id: i for i, m in enumerate(scenario.modules)}
        self._entry: dict[int, tuple[EntryNeed, ...]] = {}

    @cached_property
    def taught(self) -> Sequence[frozenset[int]]:
        """Nodes that every module names as taught."""
        index = self.graph.index
        return [frozenset(map(index, m.teaches)) for m in self.scenario.modules]

    @cached_property
    def attained(self) -> Sequence[tuple[int, ...]]:
        """Nodes attained at the end of every module: taught ones and lower levels, rising."""
        first = self.graph.first_node.tolist()
        element = self.graph.node_element.tolist()
        return [
            tuple(sorted({n for node in nodes for n in range(first[element[node]], node + 1)}))
            for nodes in self.taught
        ]

    @cached_property
    def providers(self) -> Mapping[int, Sequence[int]]:
        """Modules that attain a node, by node."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for module, nodes in enumerate(self.attained):
            for node in nodes:
                found[node].append(module)
        return found

    @cached_property
    def replacers(self) -> Mapping[str, Sequence[str]]:
        """Ids of the modules that replace a module, by its id."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for module in self.scenario.modules:
            for replaced in module.replaces:
                found[replaced].append(module.id)
        return found

    @cached_property
    def runs(self) -> Mapping[tuple[str, str], Sequence[Run]]:
        """Runs by (module id, mode id), in listed order."""
        found: defaultdict[tuple[str, str], list[Run]] = defaultdict(list)
        for run in self.scenario.runs:
            found[run.module, run.mode].append(run)
        return found

    @cached_property
    def windows(self) -> Mapping[tuple[str, str], Window]:
        """Windows by (module id, mode id)."""
        return {(w.module, w.mode): w for w in self.scenario.windows}

    @cached_property
    def renewable(self) -> Mapping[str, int]:
        """Position of every renewable resource among the scenario's resources, by id."""
        return {
            r.id: i
            for i, r in enumerate(self.scenario.resources)
            if r.kind is ResourceKind.RENEWABLE
        }

    @cached_property
    def capacity(self) -> Mapping[str, int]:
        """Capacity of every resource, by id."""
        return {r.id: r.capacity for r in self.scenario.resources}

    def satisfying(
        self, module_id: str, substitutes: Mapping[str, tuple[str, ...]] = NO_SUBSTITUTES
    ) -> tuple[str, ...]:
        """Return the module and what stands for it: any of them satisfies a reference.

        Parameters
        ----------
        module_id : str
        substitutes : mapping
            What else stands for a module for one teacher; may name what is no module.
        """
        return (
            module_id,
            *self.replacers.get(module_id, ()),
            *substitutes.get(module_id, ()),
        )

    def entry_needs(self, module: int) -> tuple[EntryNeed, ...]:
        """Return the entry condition of a module on nodes, without what it teaches itself."""
        needs = self._entry.get(module)
        if needs is None:
            needs = self._entry[module] = tuple(self._compute_entry(module))
        return needs

    def _compute_entry(self, module: int) -> list[EntryNeed]:
        entry = self.scenario.modules[module].entry
        if entry is not None:
            return [EntryNeed(-1, 1, (self.graph.index(n),)) for n in entry.nodes]
        own = self.taught[module]
        needs = []
        for node in sorted(own):
            for group in self._node_groups[node]:
                outside = tuple(m for m in self._group_members[group] if m not in own)
                members = self._group_members[group]
                least = self._group_least[group] - (len(members) - len(outside))
                if least > 0:
                    needs.append(EntryNeed(node, least, outside))
        return needs

    @cached_property
    def _node_groups(self) -> Sequence[Sequence[int]]:
        rows = self.graph.groups_of
        values, indptr = rows.values.tolist(), rows.indptr.tolist()
        return [values[a:b] for a, b in pairwise(indptr)]

    @cached_property
    def _group_members(self) -> Sequence[Sequence[int]]:
        rows = self.graph.members
        values, indptr = rows.values.tolist(), rows.indptr.tolist()
        return [values[a:b] for a, b in pairwise(indptr)]

    @cached_property
    def _group_least(self) -> Sequence[int]:
        least: list[int] = self.graph.group_least.tolist()
        return least

    def rule_needs(self, node: int) -> tuple[int, ...]:
        """Return the nodes that f, and the ladder, ask for before a derived node is formed."""
        return tuple(
            dict.fromkeys(m for g in self._node_groups[node] for m in self._group_members[g])
        )

    def node_ref(self, node: int) -> NodeRef:
        """Return the name of a node."""
        return self.graph.node(node)
