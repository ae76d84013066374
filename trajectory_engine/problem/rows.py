"""Rules, money, exclusions and resources as rows over taken modes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trajectory_engine.domain.catalogue import Mode, Module, ResourceKind, ResourceScope
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    ExclusionRule,
    OrderRule,
    RequiredRule,
    Rule,
    Selector,
    ShareRule,
)
from trajectory_engine.problem.money import Source, YearAxis, fund_rows
from trajectory_engine.problem.teacher_problem import Literal, Ordering, Row


@dataclass(frozen=True, slots=True)
class Taken:
    """A mode that may be taken, with its domain objects."""

    literal: Literal
    module: Module
    mode: Mode


def build_rows(
    scenario: Scenario, offered: Sequence[Taken], sources: Sequence[Source], *, alone: bool
) -> list[Row]:
    """Return every row that can be violated."""
    rows = [
        *rule_rows(scenario, offered),
        *fund_rows(offered, sources, YearAxis.of(scenario)),
        *exclusion_rows(offered),
        *resource_rows(scenario, offered, alone=alone),
    ]
    return [row for row in rows if not _is_idle(row)]


def build_orderings(scenario: Scenario, offered: Sequence[Taken]) -> list[Ordering]:
    """Return the order rules that concern offered modes."""
    found = []
    for rule in scenario.binding_rules:
        if isinstance(rule.body, OrderRule):
            before = tuple(t.literal for t in _covered(rule.body.before, offered))
            after = tuple(t.literal for t in _covered(rule.body.after, offered))
            if before and after:
                found.append(Ordering(f"rule:{rule.id}", before, after))
    return found


def covering_rules(scenario: Scenario) -> list[tuple[Rule, Selector]]:
    """Return the binding rules that leaving modules out can violate, with their scopes."""
    found = []
    for rule in scenario.binding_rules:
        match rule.body:
            case AmountRule(least=least, scope=scope) if least:
                found.append((rule, scope))
            case ShareRule(scope=scope) | AtLeastRule(scope=scope):
                found.append((rule, scope))
    return found


def _covered(selector: Selector, offered: Sequence[Taken]) -> list[Taken]:
    return [t for t in offered if selector.covers(t.module, t.mode)]


def _is_idle(row: Row) -> bool:
    """Return whether no choice, whatever its starts, can violate the row."""
    low: dict[Literal, int] = {}
    high: dict[Literal, int] = {}
    for literal, coefficient in row.terms:
        low[literal] = low.get(literal, 0) + coefficient
        high[literal] = high.get(literal, 0) + coefficient
    for window, coefficient in row.timed:
        low[window.literal] = low.get(window.literal, 0) + min(0, coefficient)
        high[window.literal] = high.get(window.literal, 0) + max(0, coefficient)
    lowest: dict[int, int] = {}
    highest: dict[int, int] = {}
    for (module, mode), coefficient in low.items():
        lowest[module] = min(lowest.get(module, 0), coefficient)
        highest[module] = max(highest.get(module, 0), high[module, mode])
    return (row.least is None or sum(lowest.values()) >= row.least) and (
        row.most is None or sum(highest.values()) <= row.most
    )


def rule_rows(scenario: Scenario, offered: Sequence[Taken]) -> Iterator[Row]:
    """Yield the rows of the standard's binding rules; order and required rules have none."""
    for rule in scenario.binding_rules:
        reason = f"rule:{rule.id}"
        match rule.body:
            case AmountRule(measure, least, most, scope):
                terms = tuple((t.literal, measure.of(t.mode)) for t in _covered(scope, offered))
                if least is not None:
                    yield Row(reason, terms, least, None, covering=True)
                if most is not None:
                    yield Row(reason, terms, None, most, covering=False)
            case ShareRule() as body:
                yield from _share_rows(reason, body, offered)
            case ExclusionRule(scope):
                terms = tuple((t.literal, 1) for t in _covered(scope, offered))
                yield Row(reason, terms, None, 1, covering=False)
            case AtLeastRule(k, scope):
                terms = tuple((t.literal, 1) for t in _covered(scope, offered))
                yield Row(reason, terms, k, None, covering=True)
            case OrderRule() | RequiredRule():
                pass


def _share_rows(reason: str, rule: ShareRule, offered: Sequence[Taken]) -> Iterator[Row]:
    whole = _covered(rule.scope, offered)
    for share, sign in ((rule.least, 1), (rule.most, -1)):
        if share is not None:
            terms = []
            for t in whole:
                part = share.denominator if rule.part.covers(t.module, t.mode) else 0
                amount = rule.measure.of(t.mode)
                terms.append((t.literal, sign * amount * (part - share.numerator)))
            yield Row(reason, tuple(terms), 0, None, covering=True)


def exclusion_rows(offered: Sequence[Taken]) -> Iterator[Row]:
    """Yield one row per pair of offered modules that exclude each other."""
    modes: dict[str, list[Literal]] = {}
    modules: dict[str, Module] = {}
    for t in offered:
        modes.setdefault(t.module.id, []).append(t.literal)
        modules[t.module.id] = t.module
    pairs = {
        tuple(sorted((module.id, other)))
        for module in modules.values()
        for other in module.excludes
        if other in modules and other != module.id
    }
    for first, second in sorted(pairs):
        terms = tuple((literal, 1) for literal in modes[first] + modes[second])
        yield Row(f"excludes:{first}+{second}", terms, None, 1, covering=False)


def resource_rows(scenario: Scenario, offered: Sequence[Taken], *, alone: bool) -> Iterator[Row]:
    """Yield one row per non-renewable resource that limits a teacher."""
    for resource in scenario.resources:
        mine = alone or resource.scope is ResourceScope.TEACHER
        if resource.kind is ResourceKind.NON_RENEWABLE and mine:
            terms = tuple(
                (t.literal, use.amount)
                for t in offered
                for use in t.mode.resources
                if use.resource == resource.id and use.amount
            )
            yield Row(f"resource:{resource.id}", terms, None, resource.capacity, covering=False)
