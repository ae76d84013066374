"""Rules of the standard: a number is moved, or the rule is switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.repair_prices import RepairPrices
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    AtMostRule,
    Measure,
    RecencyRule,
    Rule,
    RuleBody,
    Standard,
)
from trajectory_engine.explain.families.base import Family, Knob, LooseView
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.elastic import ElasticConstraint, ElasticRow, ElasticRule
from trajectory_engine.problem.rules import TeacherRules
from trajectory_engine.problem.teacher_problem import Row

LEAST, MOST = "least", "most"


class Rules(Family):
    """Every hard rule that binds the teacher.

    Amounts and counts, and the amounts of the last years, give way by their numbers, alike in
    every stretch of time; every other kind, and every kind that this file does not know, as a
    whole.
    """

    kind = LimitKind.RULE

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per binding rule."""
        return [Limit(self.kind, rule.id) for rule in _hard_rules(ground)]

    def _rule(self, ground: Ground, limit: Limit) -> Rule:
        return next(r for r in _hard_rules(ground) if r.id == limit.subject)

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the rule with its citation."""
        rule = self._rule(ground, limit)
        cited = f" [{rule.citation}]" if rule.citation else ""
        return Message.of("limit_rule", rule=rule.id, title=rule.title or rule.id, cited=cited)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario with the rule switched off."""
        return self._put(scenario, limit, lambda rule: replace(rule, enabled=False))

    def _put(self, scenario: Scenario, limit: Limit, change: Callable[[Rule], Rule]) -> Scenario:
        rules = tuple(change(r) if r.id == limit.subject else r for r in scenario.standard.rules)
        return replace(scenario, standard=replace(scenario.standard, rules=rules))

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return units of the numbers of a rule, or the whole rule."""
        body = self._rule(ground, limit).body
        numbers = _numbers(body)
        if not numbers:
            return [Knob(limit, "whole", 1, ground.prices.rule)]
        measure = getattr(body, "measure", Measure.MODULES)
        unit, price = _unit(measure, ground.prices)
        total = sum(max(map(measure.of, m.modes)) for m in ground.scenario.modules)
        rooms = {name: v if name == LEAST else total - v for name, v in numbers.items()}
        return [Knob(limit, unit, room, price, name) for name, room in rooms.items() if room > 0]

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with a number of the rule moved, or without the rule."""
        if not knob.name:
            return self.removed(scenario, ground, knob.limit)

        def moved(rule: Rule) -> Rule:
            before = _numbers(rule.body).get(knob.name)
            if before is None:
                return rule
            after = before - amount if knob.name == LEAST else before + amount
            return replace(rule, body=_with_number(rule.body, knob.name, after))

        return self._put(scenario, knob.limit, moved)

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the number before and after, or that the rule is switched off."""
        rule = self._rule(ground, knob.limit)
        if not knob.name:
            return Message.of("change_rule_off", rule=rule.id)
        before = _numbers(rule.body)[knob.name]
        after = before - amount if knob.name == LEAST else before + amount
        return Message.of(
            f"change_rule_{knob.name}",
            rule=rule.id,
            before=_shown(before, knob.unit),
            after=_shown(after, knob.unit),
            amount=_shown(amount, knob.unit),
        )

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return the rows of a rule with numbers; of others that it is kept, as a soft rule is."""
        if "" in knobs:
            guards = {rule.id: i for i, rule in enumerate(view.problem.soft_rules)}
            return [ElasticRule(guards.get(limit.subject), ((knobs[""], 1),))]
        ground = view.ground
        rule = self._rule(ground, limit)
        alone = replace(ground.scenario, standard=Standard(rules=(rule,)), waivers=())
        rows = TeacherRules(alone, ground.teacher).rows(view.offered)
        return [ElasticRow(row, _gives(row, knobs)) for row in rows]

    def covered(self, ground: Ground, limit: Limit) -> set[str]:
        """Return the modules that a covering rule counts; such rules may ask for more of them."""
        return {
            module.id
            for rule, scope in ground.facts.rules.covering()
            if rule.id == limit.subject
            for module in ground.scenario.modules
            if any(scope.covers(module, mode) for mode in module.modes)
        }


def softened(scenario: Scenario, ground: Ground, knobs: Iterable[Knob]) -> Scenario:
    """Return a loosened scenario in which the rules that give way as a whole are soft.

    The production models then state them with a literal "this rule is kept", whatever their kind.
    """
    whole = {k.limit.subject for k in knobs if k.limit.kind is LimitKind.RULE and not k.name}
    rules = tuple(
        replace(own, hard=False) if own.id in whole else rule
        for own, rule in zip(ground.scenario.standard.rules, scenario.standard.rules, strict=True)
    )
    return replace(scenario, standard=replace(scenario.standard, rules=rules))


def _hard_rules(ground: Ground) -> list[Rule]:
    return [r for r in ground.scenario.rules_of(ground.teacher.id) if r.hard]


def _numbers(body: RuleBody) -> dict[str, int]:
    """Return the numbers that can be moved, by name; none if the rule gives way as a whole."""
    match body:
        case AmountRule(least=least, most=most):
            found = {LEAST: least or None, MOST: most}
        case AtLeastRule(k=k):
            found = {LEAST: k or None}
        case AtMostRule(k=k):
            found = {MOST: k}
        case RecencyRule(least=least):
            found = {LEAST: least or None}
        case _:
            found = {}
    return {name: number for name, number in found.items() if number is not None}


def _with_number(body: RuleBody, name: str, number: int) -> RuleBody:
    match body:
        case AtLeastRule() | AtMostRule():
            return replace(body, k=number)
        case AmountRule() if name == MOST:
            return replace(body, most=number)
        case AmountRule() | RecencyRule():
            return replace(body, least=number)
    raise AssertionError(body)


def _unit(measure: Measure, prices: RepairPrices) -> tuple[str, int | None]:
    """Return the unit of a number, and its price."""
    if measure is Measure.CREDITS:
        return "credit-hundredth", prices.rule_credit
    if measure is Measure.MODULES:
        return "module", prices.rule_module
    return "hour", prices.rule_hour


def _gives(row: Row, knobs: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    """Return the knob that moves the number of a row, if that is negotiable."""
    name = LEAST if row.least is not None else MOST
    return ((knobs[name], 1),) if name in knobs else ()


def _shown(amount: int, unit: str) -> str:
    if unit == "credit-hundredth":
        return f"{amount // 100}.{amount % 100:02} credits"
    return f"{amount} {unit}{'s' * (amount != 1)}"
