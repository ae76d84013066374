"""Draws of rules whose least amount holds in used stretches only, or not in the last one."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from oracle.clashes import without_contradictions
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    Measure,
    Over,
    Rule,
    Selector,
    Stretch,
    TimeScope,
)

WAYS = ((Over.USED, False), (Over.ALL, True), (Over.USED, True))


def with_stretches(scenario: Scenario, rng: Random) -> Scenario:
    """Return the scenario with one or two more rules on the stretches that a plan uses."""
    rules = [_rule(f"S{i}", scenario, rng) for i in range(rng.choice([1, 1, 2]))]
    standard = replace(scenario.standard, rules=(*scenario.standard.rules, *rules))
    return without_contradictions(replace(scenario, standard=standard))


def _rule(name: str, scenario: Scenario, rng: Random) -> Rule:
    terms = [Stretch.TERM] * bool(scenario.calendar.terms)
    per = rng.choice([Stretch.PERIOD, Stretch.PERIOD, Stretch.YEAR, *terms])
    over, except_last = rng.choice(WAYS)
    time = TimeScope(per, rng.choice([1, 2]) if per is Stretch.YEAR else 1, over, except_last)
    groups = sorted({m.group for m in scenario.modules} - {""})
    scope = Selector(groups=tuple(groups[:1])) if rng.random() < 0.3 else Selector()
    hard = rng.random() < 0.7
    if rng.random() < 0.4:
        body = AtLeastRule(rng.choice([1, 2, 2]), scope, time)
        return Rule(name, name, body, hard=hard, weight=2)
    measure = rng.choice([Measure.HOURS, Measure.CREDITS, Measure.CONTACT_HOURS])
    unit = 50 if measure is Measure.CREDITS else 5
    most = rng.choice([None, None, 3 * unit])
    total = AmountRule(measure, rng.choice([unit, 2 * unit]), most, scope, time)
    return Rule(name, name, total, hard=hard, weight=2)
