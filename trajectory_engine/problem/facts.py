"""What holds for one teacher, whichever modules are candidates."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.diagnosis import Diagnosis
from trajectory_engine.domain.people import DecisionKind, Goal, Teacher
from trajectory_engine.domain.standard import BalanceRule, RequiredRule, Rule
from trajectory_engine.problem.balance import NodeRow, balance_rows
from trajectory_engine.problem.candidates import Knowledge
from trajectory_engine.problem.entries import RemainingEntries
from trajectory_engine.problem.money import affordable, sources_of
from trajectory_engine.problem.options import (
    NO_PINS,
    ModeOffer,
    TeacherTime,
    decisions_of,
    pins_by_module,
)
from trajectory_engine.problem.rules import TeacherRules
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.teacher_problem import ModeOption


@dataclass(frozen=True, slots=True)
class Wanted:
    """A goal as alternatives of nodes still unknown; no alternative means it cannot be met.

    ``soft_rule`` names the soft rule that asks for it, if one does.
    """

    goal: str
    hard: bool
    weight: int
    ways: tuple[tuple[int, ...], ...]
    soft_rule: str = ""


@dataclass(frozen=True, slots=True)
class Mandatory:
    """One of ``modules`` (ids) must be taken, or the soft rule that asks for it is broken."""

    reason: str
    modules: tuple[str, ...]
    soft_rule: str = ""


class TeacherFacts:
    """Everything about one teacher that does not depend on which modules are candidates.

    Parameters
    ----------
    index : ScenarioIndex
    teacher : Teacher
    alone : bool
        True when the teacher is planned alone: shared limits are then the teacher's own.
    """

    def __init__(self, index: ScenarioIndex, teacher: Teacher, *, alone: bool) -> None:
        self.index = index
        self.teacher = teacher
        self.alone = alone
        self.decisions = decisions_of(index.scenario, teacher)
        self.pins = pins_by_module(self.decisions)
        self.time = TeacherTime(index.scenario, teacher)
        self.sources = sources_of(index.scenario, teacher, alone=alone)
        self.rules = TeacherRules(index.scenario, teacher)
        self.completed = index.scenario.completed_by(teacher)
        self._offer = ModeOffer(index, teacher, self.time, alone=alone)
        self._options: dict[int, tuple[ModeOption, ...]] = {}

    def with_record(self, teacher: Teacher) -> TeacherFacts:
        """Return the facts of another record of the teacher that differs in measurements only.

        What does not depend on what is known is shared.
        """
        facts = copy.copy(self)
        facts.teacher = teacher
        for name in ("diagnosis", "knowledge", "wanted", "mandatory"):
            vars(facts).pop(name, None)
        return facts

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What the teacher knows at time 0."""
        return self.index.diagnosis_of(self.teacher)

    @cached_property
    def knowledge(self) -> Knowledge:
        """The diagnosis by node index."""
        graph = self.index.graph
        by_rule = graph.derived.copy()
        for node in self.diagnosis.refuted:
            by_rule[graph.index(node)] = False
        known = graph.known_mask(dict(self.diagnosis.levels))
        substitutes = self.index.scenario.substitutes(self.teacher.id)
        entries = RemainingEntries(self.index.entry_rows, known)
        return Knowledge(known.tolist(), by_rule.tolist(), entries, self.completed, substitutes)

    def options(self, module: int) -> tuple[ModeOption, ...]:
        """Return the modes of a module (scenario's index) that the teacher can take and pay."""
        found = self._options.get(module)
        if found is None:
            found = self._options[module] = self._open_options(self.index.scenario.modules[module])
        return found

    def _open_options(self, record: Module) -> tuple[ModeOption, ...]:
        if record.id in self.completed:
            return ()
        modes = self._offer.open_modes(record, self.pins.get(record.id, NO_PINS))
        dear = [
            m
            for m in modes
            if m.price and not affordable(self.sources, record, record.modes[m.rank])
        ]
        return tuple(m for m in modes if m not in dear) if dear else modes

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """Goals of the teacher and nodes that rules require, met ones left out."""
        scenario = self.index.scenario
        paths = {d.subject: d.value for d in self.decisions if d.kind is DecisionKind.PATH}
        found = [self._wanted(goal, paths) for goal in scenario.goals_of(self.teacher)]
        for rule in self.rules.rules:
            if isinstance(rule.body, RequiredRule):
                soft = "" if rule.hard else rule.id
                found += [
                    Wanted(f"rule:{rule.id}", True, 0, (self._unknown((node,)),), soft)
                    for node in rule.body.nodes
                ]
        return tuple(w for w in found if () not in w.ways)

    def _wanted(self, goal: Goal, paths: dict[str, str]) -> Wanted:
        if goal.node is not None:
            return Wanted(
                f"goal:{goal.node}", goal.hard, goal.weight, (self._unknown((goal.node,)),)
            )
        task = self.index.scenario.model.task_by_id[str(goal.task)]
        pinned = paths.get(task.id)
        ways = (self._unknown(p.links) for p in task.paths if pinned in (None, p.id))
        return Wanted(f"task:{task.id}", goal.hard, goal.weight, tuple(dict.fromkeys(ways)))

    def _unknown(self, nodes: Iterable[NodeRef]) -> tuple[int, ...]:
        known = self.knowledge.known
        indices = map(self.index.graph.index, nodes)
        return tuple(sorted({i for i in indices if not known[i]}))

    @cached_property
    def mandatory(self) -> tuple[Mandatory, ...]:
        """Modules that must be taken, by invariant marks, rules and decisions."""
        known = self.knowledge.known
        found: list[Mandatory] = []
        for i, module in enumerate(self.index.scenario.modules):
            if module.invariant:
                exempt = module.exempt_if_formed and all(known[n] for n in self.index.taught[i])
                if not exempt:
                    found.append(Mandatory(f"invariant:{module.id}", self.satisfying(module.id)))
        for rule in self.rules.rules:
            if isinstance(rule.body, RequiredRule):
                soft = "" if rule.hard else rule.id
                found += [
                    Mandatory(f"rule:{rule.id}", self.satisfying(m), soft)
                    for m in rule.body.modules
                ]
        found = [m for m in found if not self.completed.intersection(m.modules)]
        taken = [m for m, pins in self.pins.items() if pins.take]
        return (*found, *(Mandatory(f"decision:{m}", (m,)) for m in taken))

    def satisfying(self, module: str) -> tuple[str, ...]:
        """Return the ids of which any one satisfies a reference to a module."""
        return self.index.satisfying(module, self.knowledge.substitutes)

    @cached_property
    def balances(self) -> tuple[tuple[Rule, tuple[NodeRow, ...]], ...]:
        """Rules on the balance of the pyramid, as rows over nodes."""
        model, graph = self.index.scenario.model, self.index.graph
        found = []
        for rule in self.rules.rules:
            if isinstance(rule.body, BalanceRule):
                asked = rule.body.tolerance
                tolerance = model.balance_tolerance if asked is None else asked
                found.append((rule, tuple(balance_rows(model, graph, tolerance))))
        return tuple(found)
