"""Follows a plan through time: what is formed when, and which steps start too early.

Attainment is well-founded by construction: time runs forward, and steps of duration 0 that share
an instant are admitted one by one, each only when what came before satisfies its entry.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.competence import (
    NodeRef,
    ProfessionalElement,
    pedagogical_key,
    social_key,
    subject_key,
)
from trajectory_engine.domain.diagnosis import Diagnosis, is_derived
from trajectory_engine.domain.levels import next_lower
from trajectory_engine.domain.memory import remembered
from trajectory_engine.domain.plan import Step
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import CompetenceModel


@dataclass(frozen=True)
class Taken:
    """A step with its module and mode; times follow from its start and the catalogue."""

    step: Step
    module: Module
    mode: Mode

    @property
    def start(self) -> int:
        """Period in which the step starts."""
        return self.step.start

    @property
    def end(self) -> int:
        """End of the step, by the duration in the catalogue and not by what the plan says."""
        return self.step.start + self.mode.duration


class Graph:
    """Requirements of the nodes of a model, looked up node by node.

    Parameters
    ----------
    model : CompetenceModel
    """

    def __init__(self, model: CompetenceModel) -> None:
        self._f = model.f
        self.elements = model.elements.by_key
        self.levels = model.elements.levels
        self.rank = {element.key: i for i, element in enumerate(model.elements.elements)}
        self._requirements: dict[NodeRef, tuple[tuple[tuple[NodeRef, ...], int], ...]] = {}
        self._authored: dict[NodeRef, list[Requirement]] = defaultdict(list)
        for requirement in model.prerequisites:
            self._authored[requirement.node].append(requirement)
        self._derived_by_part: dict[str, list[ProfessionalElement]] = defaultdict(list)
        social = {k for thresholds in model.formation.thresholds for k, _ in thresholds.social}
        for cell in model.professional:
            if is_derived(cell):
                parts = [cell.key, subject_key(cell.subject), pedagogical_key(cell.pedagogical)]
                for part in (*parts, *map(social_key, sorted(social))):
                    self._derived_by_part[part].append(cell)

    @classmethod
    def of(cls, model: CompetenceModel) -> Graph:
        """Return the graph of a model, built once and then remembered with it."""
        return remembered(model, "_requirements_of_nodes", lambda: cls(model))

    def exists(self, node: NodeRef) -> bool:
        """Return whether the model has the node."""
        return node.level in self.levels.get(node.element, ())

    def order(self, node: NodeRef) -> tuple[int, int]:
        """Return the key that sorts nodes in the order of the model."""
        return self.rank[node.element], node.level

    def derived_from(self, element: str) -> Sequence[ProfessionalElement]:
        """Return the derived cells of B whose next level may depend on the element."""
        return self._derived_by_part.get(element, ())

    def requirements(self, node: NodeRef) -> tuple[tuple[tuple[NodeRef, ...], int], ...]:
        """Return what the node requires, as pairs (nodes, how many of them)."""
        found = self._requirements.get(node)
        if found is None:
            found = self._requirements[node] = tuple(self._look_up(node))
        return found

    def formed_from(self, cell: ProfessionalElement, node: NodeRef) -> tuple[NodeRef, ...]:
        """Return what f asks for before a node of a cell of B."""
        return self._f.requirements(cell, node.level)

    def _look_up(self, node: NodeRef) -> list[tuple[tuple[NodeRef, ...], int]]:
        found: list[tuple[tuple[NodeRef, ...], int]] = []
        lower = next_lower(self.levels[node.element], node.level)
        if lower:
            found.append(((NodeRef(node.element, lower),), 1))
        element = self.elements[node.element]
        if isinstance(element, ProfessionalElement):
            found += [((part,), 1) for part in self.formed_from(element, node)]
        if node in self._authored:
            found += [(r.needs, r.least) for r in self._authored[node]]
        return found


class State:
    """The level of every element at an instant, closed under f.

    Parameters
    ----------
    graph : Graph
    diagnosis : Diagnosis
        What is known at time 0 and which nodes f never forms.
    """

    def __init__(self, graph: Graph, diagnosis: Diagnosis) -> None:
        self._graph = graph
        self._refuted = diagnosis.refuted
        self.levels = dict(diagnosis.levels)
        self.before_instant: dict[str, int] = {}

    def formed(self, node: NodeRef) -> bool:
        """Return whether the node is formed."""
        return self.levels.get(node.element, 0) >= node.level

    def teach(self, module: Module) -> None:
        """Form what the module teaches, the levels below, and what f makes of it."""
        raised = []
        for node in module.teaches:
            if not self.formed(node):
                self._raise(node.element, node.level)
                raised.append(node.element)
        for element in dict.fromkeys(raised):
            for cell in self._graph.derived_from(element):
                self._derive(cell)

    def _raise(self, element: str, level: int) -> None:
        self.before_instant.setdefault(element, self.levels.get(element, 0))
        self.levels[element] = level

    def _derive(self, cell: ProfessionalElement) -> None:
        """Raise a derived cell as far as f carries it, one existing level at a time."""
        key, levels = cell.key, cell.levels
        for level in levels[bisect_right(levels, self.levels.get(key, 0)) :]:
            node = NodeRef(key, level)
            wanted = self._graph.formed_from(cell, node)
            if node in self._refuted or not all(map(self.formed, wanted)):
                return
            self._raise(key, level)


@dataclass
class Attainment:
    """What a plan forms, as recomputed.

    Attributes
    ----------
    levels : mapping
        Level by element at the end of the plan.
    attains : dict
        Nodes newly formed at the end of a step and attributed to it, by position in the plan;
        in the order of the model.
    by_rule : dict
        Derived nodes that f newly forms, with the period.
    entry_gaps : dict
        What a step lacks at its start, in words, by position in the plan; only steps that lack
        something.
    out_of_order : list of int
        Positions of steps of duration 0 that need one that stands after them.
    """

    levels: Mapping[str, int] = field(default_factory=dict)
    attains: dict[int, list[NodeRef]] = field(default_factory=dict)
    by_rule: dict[NodeRef, int] = field(default_factory=dict)
    entry_gaps: dict[int, list[str]] = field(default_factory=dict)
    out_of_order: list[int] = field(default_factory=list)

    def formed(self, node: NodeRef) -> bool:
        """Return whether the node is formed by the end of the plan."""
        return self.levels.get(node.element, 0) >= node.level


class _Walk:
    """One pass over the instants of a plan."""

    def __init__(
        self,
        graph: Graph,
        diagnosis: Diagnosis,
        taken: Sequence[Taken],
        completed: Collection[str],
        stand_ins: Callable[[str], Sequence[str]],
    ) -> None:
        self.graph, self.diagnosis, self.taken = graph, diagnosis, taken
        self.stand_ins = stand_ins
        self.state = State(graph, diagnosis)
        self.over = set(completed)
        self.result = Attainment()

    def run(self) -> Attainment:
        starting, ending, instant = defaultdict(list), defaultdict(list), defaultdict(list)
        for position, step in enumerate(self.taken):
            if step.mode.duration:
                starting[step.start].append(position)
                ending[step.end].append(position)
            else:
                instant[step.start].append(position)
        for period in sorted({*starting, *ending, *instant}):
            self.state.before_instant = {}
            for position in ending[period]:
                self._finish(position)
            self._admit_instant(instant[period])
            self._attribute(period, sorted(ending[period] + instant[period]))
            for position in starting[period]:
                self._note_gaps(position)
        self.result.levels = self.state.levels
        return self.result

    def _finish(self, position: int) -> None:
        module = self.taken[position].module
        self.state.teach(module)
        self.over.add(module.id)

    def _note_gaps(self, position: int) -> None:
        gaps = self._gaps(self.taken[position].module)
        if gaps:
            self.result.entry_gaps[position] = gaps

    def _admit_instant(self, positions: Iterable[int]) -> None:
        """Admit steps of duration 0 in an order in which each one's entry is satisfied.

        That should be the order of the plan.  Those that no order admits lack their entry; they
        still end, so that one fault is not reported again at every later step.
        """
        waiting, late = list(positions), False
        while waiting:
            left = []
            for position in waiting:
                if self._gaps(self.taken[position].module):
                    left.append(position)
                    continue
                self._finish(position)
                if late:
                    self.result.out_of_order.append(position)
            if len(left) == len(waiting):
                break
            waiting, late = left, True
        for position in waiting:
            self._note_gaps(position)
        for position in waiting:
            self._finish(position)

    def _gaps(self, module: Module) -> list[str]:
        """Return in words what the entry of the module lacks now."""
        if module.entry is not None:
            gaps = [str(n) for n in module.entry.nodes if not self.state.formed(n)]
            return gaps + [
                f"module {m}"
                for m in module.entry.modules
                if self.over.isdisjoint(self.stand_ins(m))
            ]
        own, levels = set(module.teaches), self.state.levels
        gaps = []
        for node in module.teaches:
            if self.diagnosis.knows(node):
                continue
            for needs, least in self.graph.requirements(node):
                formed = [n for n in needs if levels.get(n.element, 0) >= n.level or n in own]
                if len(formed) < least:
                    names = ", ".join(map(str, needs))
                    gaps.append(names if len(needs) == 1 else f"at least {least} of {names}")
        return list(dict.fromkeys(gaps))

    def _attribute(self, period: int, ended: Iterable[int]) -> None:
        """Share the nodes formed in this instant among the steps that ended, then f.

        A node that a step teaches is the step's, even if f gives it in the same instant.
        """
        shared_out = dict(self.state.before_instant)
        for position in ended:
            nodes = []
            for element, level in self.taken[position].module.teaches:
                nodes += self._levels_between(element, shared_out, level)
            self.result.attains[position] = sorted(nodes, key=self.graph.order)
        for element in list(shared_out):
            for node in self._levels_between(element, shared_out, self.state.levels[element]):
                self.result.by_rule[node] = period

    def _levels_between(self, element: str, reached: dict[str, int], top: int) -> list[NodeRef]:
        """Return the nodes above ``reached`` up to ``top`` and raise ``reached`` to them."""
        low = reached.get(element, self.state.levels.get(element, 0))
        if top <= low:
            return []
        reached[element] = top
        return [NodeRef(element, lv) for lv in self.graph.levels[element] if low < lv <= top]


def follow(
    graph: Graph,
    diagnosis: Diagnosis,
    taken: Sequence[Taken],
    completed: Collection[str],
    stand_ins: Callable[[str], Sequence[str]],
) -> Attainment:
    """Return what the steps form, following them through time.

    Parameters
    ----------
    taken : sequence of Taken
        In the order of the plan; of two steps that end in one period and teach the same node,
        the earlier one is credited with it.
    completed : collection of str
        Modules with a completion record.
    stand_ins : callable
        The module itself and those that replace it, by its id.
    """
    return _Walk(graph, diagnosis, taken, completed, stand_ins).run()
