"""What needs each step of a plan: goals, tasks, rules, decisions, later steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trajectory_engine.domain.standard import BalanceRule
from trajectory_engine.problem.candidates import remaining_entry_modules, remaining_partners

if TYPE_CHECKING:
    from trajectory_engine.problem.decode import Decoded


def reasons_of(plan: Decoded) -> list[tuple[str, ...]]:
    """Return, for every taking of a plan, what needs it, the most direct reasons first.

    A node counts for the step that formed it first; what f formed is traced to its thresholds.
    A step that no goal, task, rule, decision or later step points at is there for the rules that
    ask for a least amount.
    """
    reasons: list[dict[str, None]] = [{} for _ in plan.takings]
    _goals(plan, reasons)
    _mandatory(plan, reasons)
    _entries(plan, reasons)
    _relations(plan, reasons)
    for i, found in enumerate(reasons):
        if not found:
            found.update(dict.fromkeys(_covering(plan, i)))
    return [tuple(found) for found in reasons]


def _causes(plan: Decoded, nodes: Iterable[int]) -> set[int]:
    """Return the takings behind nodes, through f where f formed them."""
    found: set[int] = set()
    waiting, seen = list(nodes), set[int]()
    while waiting:
        node = waiting.pop()
        if node in seen or node not in plan.formed_at:
            continue
        seen.add(node)
        cause = plan.cause[node]
        if cause is None:
            waiting.extend(plan.index.rule_needs(node))
        else:
            found.add(cause)
    return found


def _goals(plan: Decoded, reasons: list[dict[str, None]]) -> None:
    for wanted in plan.facts.wanted:
        way = next((w for w in wanted.ways if all(map(plan.is_formed, w))), None)
        if way is not None:
            for i in sorted(_causes(plan, way)):
                reasons[i][wanted.goal] = None


def _mandatory(plan: Decoded, reasons: list[dict[str, None]]) -> None:
    position = {taking.module.id: i for i, taking in enumerate(plan.takings)}
    for mandatory in plan.facts.mandatory:
        for i in sorted(position[m] for m in mandatory.modules if m in position):
            reasons[i][mandatory.reason] = None


def _entries(plan: Decoded, reasons: list[dict[str, None]]) -> None:
    position = {taking.index: i for i, taking in enumerate(plan.takings)}
    for own, taking in enumerate(plan.takings):
        knowledge = plan.facts.knowledge
        needed: list[int] = []
        for need in knowledge.entries.of(taking.index):
            formed = [
                m for m in need.members if plan.formed_at.get(m, taking.start + 1) <= taking.start
            ]
            if taking.end == taking.start:  # What it forms at its own instant is no reason for it.
                formed = [m for m in formed if own not in _causes(plan, [m])]
            formed.sort(key=lambda m: (plan.formed_at[m], m))
            needed += formed[: need.least]
        for i in sorted(_causes(plan, needed)):
            reasons[i][f"prerequisite:{taking.module.id}"] = None
        for alternatives in remaining_entry_modules(plan.index, taking.index, knowledge):
            for i in sorted(position[m] for m in alternatives if m in position):
                if i != own and plan.takings[i].end <= taking.start:
                    reasons[i][f"prerequisite:{taking.module.id}"] = None


def _relations(plan: Decoded, reasons: list[dict[str, None]]) -> None:
    for taking in plan.takings:
        co, strict = remaining_partners(plan.index, taking.index, plan.facts.knowledge)
        for i, other in enumerate(plan.takings) if co or strict else ():
            ends = other.end <= taking.end and any(other.index in ms for ms in co)
            starts = other.start == taking.start and any(other.index in ms for ms in strict)
            if ends or starts:
                reasons[i][f"co:{taking.module.id}"] = None


def _covering(plan: Decoded, i: int) -> list[str]:
    """Return the rules that count a taking towards a least amount or a share.

    A rule on balance counts what is formed, so only a taking that forms something.
    """
    taking = plan.takings[i]
    found = [
        f"rule:{rule.id}"
        for rule, scope in plan.facts.rules.covering()
        if scope.covers(taking.module, taking.mode)
        and (plan.attained_by.get(i) or not isinstance(rule.body, BalanceRule))
    ]
    return list(dict.fromkeys(found))
