"""Random problems in which newer kinds of rules, money and relations leave no plan.

Each is one of the other random problems with one or two more things that are hard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

from oracle.budgets import money_scenario_of_seed
from oracle.clashes import without_contradictions
from oracle.relations import with_relations
from oracle.standards import rule_scenario_of_seed
from oracle.strategies import TEACHER, scenario_of_seed
from oracle.stretches import with_stretches
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import Over, Rule, Stretch


def _with_rules(seed: int) -> Scenario:
    return hardened(rule_scenario_of_seed(seed))


def _with_money(seed: int) -> Scenario:
    scenario = money_scenario_of_seed(seed)
    match seed % 3:
        case 0:
            return tightened(scenario, Random(f"tight {seed}"))
        case 1:
            return lean(scenario)
    return scenario


def _with_relations(seed: int) -> Scenario:
    base = scenario_of_seed(seed) if seed % 2 else rule_scenario_of_seed(seed)
    return with_relations(base, Random(f"relations {seed}"))


def _with_stretches(seed: int) -> Scenario:
    scenario = with_stretches(rule_scenario_of_seed(seed), Random(f"stretches {seed}"))
    return hardened(scenario)


DRAWS: tuple[Callable[[int], Scenario], ...] = (
    _with_rules,
    _with_money,
    _with_relations,
    _with_stretches,
)


def hardened(scenario: Scenario) -> Scenario:
    """Return the scenario with all its rules hard."""
    rules = tuple(replace(rule, hard=True) for rule in scenario.standard.rules)
    harder = replace(scenario, standard=replace(scenario.standard, rules=rules))
    return without_contradictions(harder)


def tightened(scenario: Scenario, rng: Random) -> Scenario:
    """Return the scenario with sources that pay little for a module."""
    funds = tuple(replace(f, module_ceiling=rng.choice([3, 5, 8])) for f in scenario.funds)
    return replace(scenario, funds=funds)


def lean(scenario: Scenario) -> Scenario:
    """Return the scenario where sources with yearly budgets have little, and no other limit."""
    funds = (
        replace(
            f,
            budget=None,
            ceiling=None,
            module_ceiling=None,
            yearly=tuple(replace(y, budget=y.budget // 4) for y in f.yearly),
        )
        if f.yearly
        else f
        for f in scenario.funds
    )
    return replace(scenario, funds=tuple(funds))


def varied_scenario_of_seed(seed: int) -> Scenario:
    """Return the scenario of a seed; the same one every time."""
    return DRAWS[seed % len(DRAWS)](seed)


def _features(rule: Rule) -> set[str]:
    time = getattr(rule.body, "time", None)
    found = {type(rule.body).__name__}
    if time is not None:
        found |= {f"per {time.per.value}"} if time.per is not Stretch.PLAN else set()
        found |= {"over used"} if time.over is Over.USED else set()
        found |= {"except last"} if time.except_last else set()
    return found


def features_of(scenario: Scenario, limit: str) -> Counter[str]:
    """Return what is new about a limit that a conflict or a repair names, each counted once."""
    kind, _, subject = limit.partition(":")
    found: set[str] = set()
    if kind == "rule":
        rules = scenario.rules_of(TEACHER)
        found = _features(next(r for r in rules if r.id == subject))
    if kind == "fund":
        fund = next(f for f in scenario.funds if f.id == subject)
        found |= {"module ceiling"} if fund.module_ceiling is not None else set()
        if fund.yearly:
            found.add("yearly, carried over" if fund.carry_over else "yearly")
    if kind == "relations":
        module = scenario.module_by_id[subject]
        found |= {"co"} if module.co else set()
        found |= {"strict co"} if module.strict_co else set()
    return Counter(found)
