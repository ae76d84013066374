"""Checks of what an answer says about itself: reasons of steps, of having no plan, warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.competence import NodeRef, ProfessionalElement, parse_node
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import Decision, DecisionKind
from trajectory_engine.domain.plan import Status, Violation
from trajectory_engine.domain.standard import (
    BalanceRule,
    OrderRule,
    RequiredRule,
    Rule,
    Selector,
)

WITHOUT_TIME = ("time_ran_out", "cancelled")
PROVEN = (
    "goal_unreachable",
    "rule_unreachable",
    "module_not_open",
    "without_partner",
    "goal_too_late",
    "rule_too_late",
    "hours_short",
    "hours_short_in_all",
    "money_short",
    "money_short_in_all",
    "limits_infeasible",
    "selection_infeasible",
    "schedule_infeasible",
)
REASONS: Mapping[Status, tuple[str, ...]] = {
    Status.UNKNOWN: WITHOUT_TIME,
    Status.INFEASIBLE: PROVEN,
}
"""Codes of the reasons that an answer without a plan may give."""


def check_because(case: Case) -> Iterator[Violation]:
    """Check that every reason of a step is true: the step serves what it names."""
    served = _Served(case)
    for position, taken in enumerate(case.taken):
        for reason in taken.step.because:
            if not served.by(position, reason):
                expected = (
                    f"what {taken.module.id} serves: {listing(served.kinds)}, a colon, a name"
                )
                yield case.fault(Code.BECAUSE, taken.module.id, expected, reason)


def check_no_reasons(case: Case) -> Iterator[Violation]:
    """Check that an answer with a plan does not say why there is none."""
    codes = [m.code for m in case.plan.reasons]
    if codes:
        expected = f"no reason for having no plan, with status {case.plan.status}"
        yield case.fault(Code.REASONS, "", expected, listing(codes))


def check_warnings(case: Case) -> Iterator[Violation]:
    """Check that warnings are those of the diagnosis; an answer may leave them out."""
    expected, found = case.diagnosis.warnings, case.plan.warnings
    if found and found != expected:
        yield case.fault(Code.WARNINGS, "", _told(expected), _told(found))


def check_reasons(case: Case) -> Iterator[Violation]:
    """Check that the reasons for having no plan suit the status and name what exists."""
    known = REASONS.get(case.plan.status, ())
    names = _names(case)
    for message in case.plan.reasons:
        if message.code not in known:
            expected = f"with status {case.plan.status} one of {listing(known, len(known))}"
            yield case.fault(Code.REASONS, "", expected, message.code)
            continue
        for name, value in message.parameters:
            if name in names and value not in names[name]:
                yield case.fault(Code.REASONS, "", f"a {name} of the teacher", f"{name} {value}")


def _names(case: Case) -> dict[str, set[str]]:
    goals = {str(g.node) if g.node is not None else str(g.task) for g in case.goals}
    return {
        "goal": goals,
        "rule": {r.id for r in case.rules},
        "module": set(case.facts.modules),
    }


def _told(messages: Iterable[Message]) -> str:
    return listing(f"{m.code} {' '.join(v for _, v in m.parameters)}" for m in messages)


class _Served:
    """What each step of a plan serves."""

    kinds = ("goal", "task", "rule", "prerequisite", "co", "decision", "invariant")

    def __init__(self, case: Case) -> None:
        self.case = case
        self._positions: defaultdict[str, list[int]] = defaultdict(list)
        for position, taken in enumerate(case.taken):
            self._positions[taken.module.id].append(position)
        self._awaited: dict[str, set[NodeRef]] = {}
        attains = case.attainment.attains
        self._attained = [frozenset(attains.get(i, ())) for i in range(len(case.taken))]

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.case.rules}

    def _named(self, module: str) -> Iterator[Taken]:
        """Yield the steps of a module: one, but a plan that is judged may have more."""
        return (self.case.taken[i] for i in self._positions.get(module, ()))

    def by(self, position: int, reason: str) -> bool:
        """Return whether a step serves what a reason names."""
        kind, _, subject = reason.partition(":")
        taken = self.case.taken[position]
        match kind:
            case "goal" | "task":
                return self._goal(position, subject, as_task=kind == "task")
            case "rule":
                rule = self._rules.get(subject)
                return rule is not None and self._rule(position, rule)
            case "prerequisite":
                return self._prerequisite(position, subject)
            case "co":
                return self._beside(position, subject)
            case "decision":
                mine = (d for d in self.case.decisions if d.subject == taken.module.id)
                return any(
                    subject in _decision_names(d) for d in mine if d.kind is not DecisionKind.PATH
                )
            case "invariant":
                module = self.case.facts.modules.get(subject)
                invariant = module is not None and module.invariant
                return invariant and taken.module.id in self.case.stand_ins(subject)
        return False

    def _forms(self, position: int, nodes: Sequence[NodeRef]) -> bool:
        """Return whether a step attains one of some nodes, or what f made one of them from."""
        attained = self._attained[position]
        return not attained.isdisjoint(nodes) or not attained.isdisjoint(self._grounds(nodes))

    def _grounds(self, nodes: Iterable[NodeRef]) -> set[NodeRef]:
        """Return nodes with all that f made them from."""
        attainment, graph = self.case.attainment, self.case.facts.graph
        waiting, seen = list(nodes), set[NodeRef]()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if node not in attainment.by_rule:
                continue
            if isinstance(graph.elements.get(node.element), ProfessionalElement):
                waiting += [need for needs, _ in graph.requirements(node) for need in needs]
        return seen

    @cached_property
    def _goal_nodes(self) -> set[NodeRef | None]:
        return {g.node for g in self.case.goals}

    @cached_property
    def _goal_tasks(self) -> set[str | None]:
        return {g.task for g in self.case.goals}

    def _goal(self, position: int, subject: str, *, as_task: bool) -> bool:
        node = parse_node(subject)
        if node is not None and not as_task:
            return node in self._goal_nodes and self._forms(position, [node])
        task = self.case.scenario.model.task_by_id.get(subject)
        if task is None or task.id not in self._goal_tasks:
            return False
        formed = self.case.attainment.formed
        return any(
            all(map(formed, path.links)) and self._forms(position, path.links)
            for path in task.paths
        )

    def _rule(self, position: int, rule: Rule) -> bool:
        taken, body = self.case.taken[position], rule.body
        if isinstance(body, RequiredRule):
            named = any(taken.module.id in self.case.stand_ins(m) for m in body.modules)
            return named or self._forms(position, body.nodes)
        if isinstance(body, BalanceRule):
            return bool(self.case.attainment.attains.get(position))
        if isinstance(body, OrderRule):
            return False
        selectors = [getattr(body, f.name) for f in fields(body)]
        scopes = [s for s in selectors if isinstance(s, Selector)]
        return not scopes or any(s.covers(taken.module, taken.mode) for s in scopes)

    def _prerequisite(self, position: int, subject: str) -> bool:
        """Return whether a later step, or a node that the plan forms, waits for a step."""
        node = parse_node(subject)
        if node is not None:
            graph = self.case.facts.graph
            known = graph.exists(node) and self.case.attainment.formed(node)
            needs = graph.requirements(node) if known else ()
            return self._forms(position, [n for some, _ in needs for n in some])
        earlier = self.case.taken[position]
        return any(
            earlier.end <= later.start and later is not earlier and self._waits(later, position)
            for later in self._named(subject)
        )

    def _beside(self, position: int, subject: str) -> bool:
        """Return whether a step is the one that another one must have beside it."""
        mine = self.case.taken[position]
        return any(
            (mine.end <= other.end and self._wanted(other.module.co, mine.module.id))
            or (mine.start == other.start and self._wanted(other.module.strict_co, mine.module.id))
            for other in self._named(subject)
            if other is not mine
        )

    def _wanted(self, wanted: Iterable[str], module: str) -> bool:
        """Return whether a module stands for one of some that are not completed yet."""
        accepted = (set(self.case.stand_ins(w)) for w in wanted)
        return any(module in some and not some & self.case.completed for some in accepted)

    def _waits(self, later: Taken, position: int) -> bool:
        """Return whether the entry of a step asks for another one, or for what it forms."""
        module, case = later.module, self.case
        if module.entry is not None:
            earlier = case.taken[position].module.id
            asked = any(earlier in case.stand_ins(m) for m in module.entry.modules)
            return asked or self._forms(position, module.entry.nodes)
        if module.id not in self._awaited:
            unknown = [n for n in module.teaches if not case.diagnosis.knows(n)]
            needs = {
                need
                for node in unknown
                for some, _ in case.facts.graph.requirements(node)
                for need in some
            }
            self._awaited[module.id] = self._grounds(needs.difference(module.teaches))
        return not self._attained[position].isdisjoint(self._awaited[module.id])


def _decision_names(decision: Decision) -> tuple[str, ...]:
    """Return the ways to name a decision: by its subject, by kind and subject, with its value."""
    by_kind = f"{decision.kind}:{decision.subject}"
    value = decision.value or decision.period
    return decision.subject, decision.kind.value, by_kind, f"{by_kind}:{value}"
