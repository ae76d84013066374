"""What all teachers of a scenario have in common, indexed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

import numpy as np

from trajectory_engine.domain.catalogue import Module, ResourceKind, Run, Window
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.diagnosis import Diagnosis, diagnosis_of
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.graph.csr import Lists, Rows, distinct, offsets
from trajectory_engine.graph.prerequisites import PrerequisiteGraph
from trajectory_engine.problem.entries import EntryRows, entry_rows

NO_SUBSTITUTES: Mapping[str, tuple[str, ...]] = {}


_OF_CATALOGUE = (
    "taught",
    "attained",
    "providers",
    "attained_rows",
    "provider_rows",
    "entry_rows",
    "_taught_rows",
    "replacers",
    "_node_groups",
    "_group_members",
)
"""Look-ups of a :class:`ScenarioIndex` that follow from the model and the catalogue alone."""


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
        self._diagnoses: dict[object, Diagnosis] = {}

    def over(self, scenario: Scenario) -> ScenarioIndex:
        """Return the index of a changed scenario; look-ups that the change leaves true are shared.

        What follows from the model, and from what modules teach and ask for, is shared if these
        are the same objects; otherwise the new index is built from nothing.
        """
        index = ScenarioIndex(scenario)
        same = self.scenario.model is scenario.model
        if same and _teach_the_same(self.scenario.modules, scenario.modules):
            index._diagnoses = self._diagnoses
            vars(index).update({name: getattr(self, name) for name in _OF_CATALOGUE})
        return index

    def diagnosis_of(self, teacher: Teacher) -> Diagnosis:
        """Return what a teacher knows at time 0; worked out once for the same measurements."""
        scenario = self.scenario
        key = (
            replace(teacher, hours=(), goals=(), blocked=(), deadline=None),
            (scenario.recognition, scenario.past_modules, scenario.calendar.boundaries),
        )
        found = self._diagnoses.get(key)
        if found is None:
            found = self._diagnoses[key] = diagnosis_of(scenario, teacher)
        return found

    @cached_property
    def taught(self) -> Lists:
        """Nodes that every module names as taught, in its own order."""
        return Lists(self._taught_rows)

    @cached_property
    def attained(self) -> Lists:
        """Nodes attained at the end of every module: taught ones and lower levels, rising."""
        return Lists(self.attained_rows)

    @cached_property
    def providers(self) -> Lists:
        """Modules that attain a node, by node, rising."""
        return Lists(self.provider_rows)

    @cached_property
    def provider_rows(self) -> Rows:
        """Modules that attain a node, by node, rising."""
        return self.attained_rows.transposed(self.graph.node_count)

    @cached_property
    def _taught_rows(self) -> Rows:
        modules = self.scenario.modules
        counts = np.fromiter((len(m.teaches) for m in modules), np.int64, count=len(modules))
        nodes = chain.from_iterable(m.teaches for m in modules)
        return Rows(offsets(counts), self.graph.indices(nodes))

    @cached_property
    def attained_rows(self) -> Rows:
        """Nodes attained at the end of every module, rising."""
        graph, rows = self.graph, self._taught_rows
        lowest = graph.first_node[graph.node_element[rows.values]]
        spans = Rows(offsets(rows.values - lowest + 1), np.zeros(0, np.int64))
        nodes = np.arange(spans.indptr[-1]) - np.repeat(spans.indptr[:-1] - lowest, spans.lengths())
        modules = np.repeat(rows.heads(), spans.lengths())
        codes = distinct(modules * graph.node_count + nodes)
        return Rows.from_pairs(codes // graph.node_count, codes % graph.node_count, len(rows))

    @cached_property
    def replacers(self) -> Mapping[str, Sequence[str]]:
        """Ids of the modules that replace a module, by its id."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for module in self.scenario.modules:
            for replaced in module.replaces:
                found[replaced].append(module.id)
        return found

    @cached_property
    def referring(self) -> frozenset[int]:
        """Modules that ask for other modules, before them or beside them."""
        return frozenset(
            i
            for i, m in enumerate(self.scenario.modules)
            if m.co or m.strict_co or (m.entry is not None and m.entry.modules)
        )

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

    @cached_property
    def entry_rows(self) -> EntryRows:
        """Entry conditions of all modules on nodes."""
        explicit = {
            i: [self.graph.index(node) for node in module.entry.nodes]
            for i, module in enumerate(self.scenario.modules)
            if module.entry is not None
        }
        return entry_rows(self.graph, self._taught_rows, explicit)

    @cached_property
    def _node_groups(self) -> Lists:
        return Lists(self.graph.groups_of)

    @cached_property
    def _group_members(self) -> Lists:
        return Lists(self.graph.members)

    def rule_needs(self, node: int) -> tuple[int, ...]:
        """Return the nodes that f, and the ladder, ask for before a derived node is formed."""
        return tuple(
            dict.fromkeys(m for g in self._node_groups[node] for m in self._group_members[g])
        )

    def node_ref(self, node: int) -> NodeRef:
        """Return the name of a node."""
        return self.graph.node(node)


def _teach_the_same(before: tuple[Module, ...], after: tuple[Module, ...]) -> bool:
    """Return whether two catalogues have the same modules, marks and exclusions left aside."""
    return before is after or (
        len(before) == len(after)
        and all(
            a is b
            or (
                a.id == b.id
                and a.teaches is b.teaches
                and a.entry is b.entry
                and a.replaces is b.replaces
            )
            for a, b in zip(before, after, strict=True)
        )
    )
