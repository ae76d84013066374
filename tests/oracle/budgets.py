"""Random problems of money: every option of a fund laid over a random scenario."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

from oracle.clashes import without_contradictions
from oracle.generator import FORMS
from oracle.priors import with_prior_learning
from oracle.purses import MONEY
from oracle.strategies import TEACHER, scenario_of_seed
from trajectory_engine.domain.calendar import Calendar, PeriodUnit
from trajectory_engine.domain.catalogue import Mode
from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.funding import SELF, FiscalYear, Fund, Share, YearBudget
from trajectory_engine.domain.scenario import (
    ObjectiveName,
    ObjectiveSpec,
    PastModules,
    RecognitionPolicy,
    Scenario,
)
from trajectory_engine.validation.funds import ways_of_running_dry

AMOUNTS = (5, 8, 10, 13, 15, 20, 25, 30, 40)
FUNDS = ("state", "employer", SELF, "grant")
MOST_WAYS = 700
"""Ways of running dry that keep a problem small."""
SHARES = (Share(1, 1), Share(1, 1), Share(1, 2), Share(1, 3), Share(2, 3))


def money_scenario_of_seed(seed: int) -> Scenario:
    """Return a scenario where funds have all their options; the same one every time."""
    rng = Random(f"money {seed}")
    scenario = scenario_of_seed(seed)
    scenario = replace(
        scenario, fiscal_year=FiscalYear(rng.choice([1, 1, 2, 9]), rng.choice([1, 18]))
    )
    scenario = _dated(rng, _priced(rng, scenario))
    names = rng.sample(FUNDS, rng.randint(1, 4))
    funds = tuple(_fund(rng, scenario, name) for name in names)
    funds = _within_the_limit(funds, len(set(scenario.years)))
    if rng.random() < 0.5:
        scenario = with_prior_learning(rng, scenario, TEACHER)
    scenario = replace(scenario, funds=funds, objectives=_objectives(rng, scenario))
    return without_contradictions(scenario)


def _within_the_limit(funds: tuple[Fund, ...], years: int) -> tuple[Fund, ...]:
    """Return the funds with fewer yearly budgets where there would be too many for a model.

    First what a year leaves is carried over, then years are given up, the last fund first.
    """
    simpler = (
        lambda f: replace(f, carry_over=bool(f.yearly)),
        lambda f: replace(f, yearly=(), carry_over=False),
    )
    for simplify in simpler:
        for i in reversed(range(len(funds))):
            if ways_of_running_dry(funds, years) <= MOST_WAYS:
                return funds
            funds = (*funds[:i], simplify(funds[i]), *funds[i + 1 :])
    return funds


def _dated(rng: Random, scenario: Scenario) -> Scenario:
    """Put the periods on a longer calendar, so that they lie in up to four fiscal years."""
    horizon, blocked = scenario.calendar.horizon, scenario.calendar.blocked
    months = rng.choice([1, 2, 4, 6])
    first = 2026 * 12 + rng.randint(6, 11)
    dates = [divmod(first + months * p, 12) for p in range(horizon + 1)]
    boundaries = tuple(date(year, month + 1, 4) for year, month in dates)
    return replace(scenario, calendar=Calendar(PeriodUnit.TERM, boundaries, blocked))


def _priced(rng: Random, scenario: Scenario) -> Scenario:
    def priced(mode: Mode) -> Mode:
        return replace(mode, price=rng.choice(AMOUNTS)) if rng.random() < 0.7 else mode

    return replace(
        scenario,
        modules=tuple(replace(m, modes=tuple(map(priced, m.modes))) for m in scenario.modules),
    )


def _fund(rng: Random, scenario: Scenario, name: str) -> Fund:
    """Return a fund with a few options; what would leave it nothing to pay for is left out."""

    def limit(chance: float, factor: int) -> int | None:
        return factor * rng.choice(AMOUNTS) if rng.random() < chance else None

    def some(chance: float, values: list[str], count: int = 1) -> tuple[str, ...]:
        drawn = rng.random() < chance and values
        return tuple(rng.sample(values, min(count, len(values)))) if drawn else ()

    modules = scenario.modules
    fund = Fund(
        name,
        budget=limit(0.25, 2),
        ceiling=limit(0.3, 2),
        share=rng.choice(SHARES) if name != SELF or rng.random() < 0.3 else Share(1, 1),
        teachers=rng.choice([(), (), (), (), (TEACHER,), ("other",)]),
        groups=some(0.08, ["staff"]),
        module_ceiling=limit(0.25, 1),
    )
    years = dict.fromkeys(scenario.years)
    if rng.random() < 0.6:
        budgets = [
            YearBudget(y, 2 * rng.choice((0, *AMOUNTS))) for y in years if rng.random() < 0.9
        ]
        if budgets:
            fund = replace(fund, yearly=tuple(budgets), carry_over=rng.random() < 0.5)
    narrowed = replace(
        fund,
        modules=some(0.1, [m.id for m in modules], 2),
        components=some(0.1, [c.value for c in Component], 2),
        forms=some(0.1, list(FORMS), 3),
        providers=some(0.1, sorted({k.provider for m in modules for k in m.modes} - {""})),
        module_groups=some(0.15, sorted({m.group for m in modules} - {""})),
    )
    useful = any(narrowed.covers(m, k) for m in modules for k in m.modes)
    return narrowed if useful else fund


def _objectives(rng: Random, scenario: Scenario) -> tuple[ObjectiveSpec, ...]:
    """Return the objectives with one or both of those of money at any place."""
    found = list(scenario.objectives)
    for name in rng.sample(MONEY, rng.choice([0, 1, 1, 2, 2])):
        tolerance = rng.randint(1, 15) if rng.random() < 0.12 else 0
        found.insert(rng.randint(0, len(found)), ObjectiveSpec(name, tolerance))
    return tuple(found)


def options_drawn(scenario: Scenario) -> Counter[str]:
    """Return which options of funds a scenario has, each counted once."""
    asked = {o.name for o in scenario.objectives}
    years = len(set(scenario.years))
    order_matters = ObjectiveName.FUNDING_ORDER in asked and len(scenario.funds) > 1
    found = {
        "several sources": len(scenario.funds) > 1,
        "own_cost": ObjectiveName.OWN_COST in asked and any(f.id == SELF for f in scenario.funds),
        "funding_order": order_matters,
        "two fiscal years": years == 2,
        "more fiscal years": years > 2,
    }
    teacher = scenario.teacher_by_id[TEACHER]
    first = scenario.calendar.boundaries[0]
    policy = scenario.recognition is RecognitionPolicy.PREREQUISITES
    found |= {
        "certificates": any(r.use for r in teacher.recognised),
        "certificates expired": any(r.expires and r.expires < first for r in teacher.recognised),
        "certificates switched off": any(not r.use for r in teacher.recognised),
        "prerequisites recognised": policy and bool(teacher.recognised),
        "past modules recognised": scenario.past_modules is PastModules.RECOGNISE
        and bool(teacher.completed),
    }
    for fund in scenario.funds:
        for name, is_set in {
            "budget": fund.budget is not None,
            "ceiling": fund.ceiling is not None,
            "module_ceiling": fund.module_ceiling is not None,
            "share": fund.share.numerator < fund.share.denominator,
            "yearly, no carry-over": bool(fund.yearly) and not fund.carry_over,
            "yearly, carry-over": bool(fund.yearly) and fund.carry_over,
            "yearly and ceiling": bool(fund.yearly) and fund.ceiling is not None,
            "teachers": bool(fund.teachers),
            "groups": bool(fund.groups),
            "modules": bool(fund.modules),
            "components": bool(fund.components),
            "forms": bool(fund.forms),
            "providers": bool(fund.providers),
            "module_groups": bool(fund.module_groups),
        }.items():
            found[name] = found.get(name, False) or is_set
    return Counter(name for name, is_set in found.items() if is_set)
