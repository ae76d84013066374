"""Rules of the standard: a number is moved, or the rule is switched off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import AmountRule, AtLeastRule, Measure, Rule
from trajectory_engine.explain.families.base import Family, Knob, LooseView
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.compile import Wanted
from trajectory_engine.problem.elastic import (
    ElasticClause,
    ElasticConstraint,
    ElasticNeed,
    ElasticOrder,
    ElasticRow,
)
from trajectory_engine.problem.rows import build_orderings, covering_rules, rule_rows
from trajectory_engine.problem.teacher_problem import Row

LEAST, MOST = "least", "most"


class Rules(Family):
    """Every binding rule.

    Amounts and counts give way by their numbers; every other kind, and every kind that this file
    does not know, as a whole.
    """

    kind = LimitKind.RULE

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per binding rule."""
        return [Limit(self.kind, rule.id) for rule in ground.scenario.binding_rules]

    def _rule(self, ground: Ground, limit: Limit) -> Rule:
        return next(r for r in ground.scenario.binding_rules if r.id == limit.subject)

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
        prices = ground.prices
        match self._rule(ground, limit).body:
            case AmountRule(measure, least, most):
                credits = measure is Measure.CREDITS
                unit = "credit-hundredth" if credits else "hour"
                price = prices.rule_credit if credits else prices.rule_hour
                total = sum(max(map(measure.of, m.modes)) for m in ground.scenario.modules)
                found = []
                if least:
                    found.append(Knob(limit, unit, least, price, LEAST))
                if most is not None and total > most:
                    found.append(Knob(limit, unit, total - most, price, MOST))
                return found
            case AtLeastRule(k):
                return [Knob(limit, "module", k, prices.rule_module, LEAST)] if k else []
            case _:
                return [Knob(limit, "whole", 1, prices.rule)]

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with a number of the rule moved, or without the rule."""
        if not knob.name:
            return self.removed(scenario, ground, knob.limit)

        def moved(rule: Rule) -> Rule:
            body = rule.body
            if isinstance(body, AtLeastRule):
                return replace(rule, body=replace(body, k=body.k - amount))
            assert isinstance(body, AmountRule)
            if knob.name == LEAST:
                return replace(rule, body=replace(body, least=(body.least or 0) - amount))
            return replace(rule, body=replace(body, most=(body.most or 0) + amount))

        return self._put(scenario, knob.limit, moved)

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the number before and after, or that the rule is switched off."""
        rule = self._rule(ground, knob.limit)
        if not knob.name:
            return Message.of("change_rule_off", rule=rule.id)
        body = rule.body
        if isinstance(body, AtLeastRule):
            before, after = body.k, body.k - amount
        else:
            assert isinstance(body, AmountRule)
            before = (body.least if knob.name == LEAST else body.most) or 0
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
        """Return rows, orders, clauses and needs of the rule."""
        scenario = _only(view.ground.scenario, limit)
        reason = limit.id
        found: list[ElasticConstraint] = []
        for row in rule_rows(scenario, view.offered):
            found.append(ElasticRow(row, _gives(row, knobs)))
        if "" in knobs:
            unless = ((knobs[""], 1),)
            orderings = build_orderings(scenario, view.offered)
            found += [ElasticOrder(ordering, unless) for ordering in orderings]
            for why, ids in view.ground.facts.mandatory:
                if why == reason:
                    offered = tuple(view.position[m] for m in ids if m in view.position)
                    found.append(ElasticClause(offered, unless))
            for wanted in view.ground.facts.wanted:
                if wanted.goal == reason:
                    found.append(ElasticNeed(view.ways(wanted.ways), unless))
        return found

    def seeds(self, ground: Ground, limit: Limit) -> tuple[list[Wanted], set[str]]:
        """Return required nodes and modules, and the modules that a covering rule counts."""
        wanted = [w for w in ground.facts.wanted if w.goal == limit.id]
        modules = {m for why, ids in ground.facts.mandatory if why == limit.id for m in ids}
        return wanted, modules

    def covered(self, ground: Ground, limit: Limit) -> set[str]:
        """Return the modules that a covering rule counts; such rules may ask for more of them."""
        return {
            module.id
            for rule, scope in covering_rules(ground.scenario)
            if rule.id == limit.subject
            for module in ground.scenario.modules
            if any(scope.covers(module, mode) for mode in module.modes)
        }


def _only(scenario: Scenario, limit: Limit) -> Scenario:
    """Return a scenario with one rule alone."""
    rules = tuple(r for r in scenario.binding_rules if r.id == limit.subject)
    return replace(scenario, standard=replace(scenario.standard, rules=rules))


def _gives(row: Row, knobs: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    """Return the knobs of a row: its number, or the whole with what it can be short of at most."""
    name = LEAST if row.least is not None else MOST
    if name in knobs:
        return ((knobs[name], 1),)
    if "" not in knobs:
        return ()
    lowest: dict[int, int] = {}
    highest: dict[int, int] = {}
    for (module, _), coefficient in row.terms:
        lowest[module] = min(lowest.get(module, 0), coefficient)
        highest[module] = max(highest.get(module, 0), coefficient)
    short = 0
    if row.least is not None:
        short = max(short, row.least - sum(lowest.values()))
    if row.most is not None:
        short = max(short, sum(highest.values()) - row.most)
    return ((knobs[""], short),) if short else ()


def _shown(amount: int, unit: str) -> str:
    if unit == "credit-hundredth":
        return f"{amount // 100}.{amount % 100:02} credits"
    return f"{amount} {unit}{'s' * (amount != 1)}"
