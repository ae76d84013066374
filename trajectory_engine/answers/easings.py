"""The limits that hold one teacher's plan back, and the scenario with one of them eased."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trajectory_engine.domain.answers import Change, Easing, LimitKind
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Decision, Teacher
from trajectory_engine.domain.scenario import Scenario

BY_ONE = (LimitKind.DEADLINE, LimitKind.HOURS, LimitKind.RESOURCE)
"""Limits that can be eased by a unit that means something to a planner."""


def easings_of(scenario: Scenario, teacher: Teacher) -> tuple[Easing, ...]:
    """Return every limit of a teacher, eased in every way that it can be."""
    return tuple(
        Easing(kind, name, change)
        for kind, name in _limits(scenario, teacher)
        for change in (Change.WITHOUT, *([Change.ONE_MORE] if kind in BY_ONE else []))
    )


def _limits(scenario: Scenario, teacher: Teacher) -> Iterator[tuple[LimitKind, str]]:
    for rule in scenario.rules_of(teacher.id):
        yield LimitKind.RULE, rule.id
    for fund in scenario.funds:
        if _is_limited(fund) and fund.serves(teacher.id, teacher.group):
            yield LimitKind.FUND, fund.id
    for resource in scenario.resources:
        yield LimitKind.RESOURCE, resource.id
    if teacher.deadline is not None and teacher.deadline < scenario.calendar.horizon:
        yield LimitKind.DEADLINE, ""
    yield LimitKind.HOURS, ""
    if teacher.blocked:
        yield LimitKind.ABSENCES, ""
    for name in dict.fromkeys(map(decision_name, _decisions(scenario, teacher))):
        yield LimitKind.DECISION, name


def _is_limited(fund: Fund) -> bool:
    limits = (fund.budget, fund.ceiling, fund.module_ceiling)
    return bool(fund.yearly) or any(limit is not None for limit in limits)


def _without_limits(fund: Fund) -> Fund:
    return replace(fund, budget=None, ceiling=None, module_ceiling=None, yearly=())


def _decisions(scenario: Scenario, teacher: Teacher) -> Iterator[Decision]:
    return (d for d in scenario.decisions if d.teacher == teacher.id)


def decision_name(decision: Decision) -> str:
    """Return what a decision is called, such as ``forbid INT-2``."""
    return f"{decision.kind.value} {decision.subject}"


def eased(scenario: Scenario, teacher: str, easing: Easing) -> Scenario:
    """Return the scenario with one limit of a teacher eased, all else as it is.

    A rule is switched off; a fund has no budget and no ceiling of any kind any more, its share and
    what it may pay for stay; a resource, and the hours of a period, suffice for everything at once;
    the deadline is the end of the calendar; nobody is absent; a decision was not taken.
    """
    match easing.kind:
        case LimitKind.RULE:
            return _without_rule(scenario, easing.name)
        case LimitKind.FUND:
            funds = (_without_limits(f) if f.id == easing.name else f for f in scenario.funds)
            return replace(scenario, funds=tuple(funds))
        case LimitKind.RESOURCE:
            return _more_of_resource(scenario, easing)
        case LimitKind.DECISION:
            kept = (
                d
                for d in scenario.decisions
                if d.teacher != teacher or decision_name(d) != easing.name
            )
            return replace(scenario, decisions=tuple(kept))
        case LimitKind.DEADLINE | LimitKind.HOURS | LimitKind.ABSENCES:
            people = (
                _more_time(scenario, t, easing) if t.id == teacher else t for t in scenario.teachers
            )
            return replace(scenario, teachers=tuple(people))


def _without_rule(scenario: Scenario, rule: str) -> Scenario:
    rules = (replace(r, enabled=r.enabled and r.id != rule) for r in scenario.standard.rules)
    return replace(scenario, standard=replace(scenario.standard, rules=tuple(rules)))


def _more_of_resource(scenario: Scenario, easing: Easing) -> Scenario:
    used = sum(
        max(
            (u.amount for k in m.modes for u in k.resources if u.resource == easing.name), default=0
        )
        for m in scenario.modules
    )
    resources = []
    for resource in scenario.resources:
        if resource.id == easing.name:
            more = max(used, resource.capacity)
            more = resource.capacity + 1 if easing.change is Change.ONE_MORE else more
            resource = replace(resource, capacity=more)
        resources.append(resource)
    return replace(scenario, resources=tuple(resources))


def _more_time(scenario: Scenario, teacher: Teacher, easing: Easing) -> Teacher:
    by_one = easing.change is Change.ONE_MORE
    if easing.kind is LimitKind.ABSENCES:
        return replace(teacher, blocked=())
    if easing.kind is LimitKind.HOURS:
        everything = sum(max(max(k.load, default=0) for k in m.modes) for m in scenario.modules)
        hours = (h + 1 if by_one else max(h, everything) for h in teacher.hours)
        return replace(teacher, hours=tuple(hours))
    later = None if teacher.deadline is None or not by_one else teacher.deadline + 1
    return replace(teacher, deadline=later)
