"""Numbers that are each in range, and too large together, are refused before any solve."""

from __future__ import annotations

from dataclasses import replace

import pytest
from oracle.tiny import goal, mode, module, tiny

import trajectory_engine as te
from trajectory_engine.domain.competence import SubjectCompetence
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.repair_prices import RepairPrices
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    BalanceRule,
    Measure,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
    Standard,
)
from trajectory_engine.validation import validate
from trajectory_engine.validation.sizes import LARGEST_SUM

DEAR = 10**15


def costly(count: int, price: int = DEAR, **changes: object) -> Scenario:
    """Return a scenario whose catalogue has so many modules of one price, all paid by one fund."""
    first = module("A", "x1", mode(hours=0, price=price))
    others = [module(f"M{i}", "y1", mode(hours=0, price=price)) for i in range(count - 1)]
    facts = tiny(first, *others, goals=(goal("x1"),))
    return replace(facts, funds=(Fund("state"),), **changes)


def ruled(body: RuleBody, facts: Scenario) -> Scenario:
    """Return a scenario with one rule."""
    return replace(facts, standard=Standard("s", "s", (Rule("R", "", body, "act"),)))


def columns(facts: Scenario) -> list[str]:
    """Return the places of the sums that are too large; nothing else is wrong."""
    problems = validate(facts)
    assert {p.code for p in problems} <= {"sum_too_large"}
    return [p.column for p in problems]


def test_prices_of_a_catalogue() -> None:
    """100 x 10^15 is the largest sum, one minor unit more is too much."""
    assert columns(costly(LARGEST_SUM // DEAR)) == []
    assert columns(costly(LARGEST_SUM // DEAR + 1)) == ["modules[A].modes[day].price"]
    with pytest.raises(te.InputError, match="prices that sum to"):
        te.plan(costly(LARGEST_SUM // DEAR + 1))


def test_the_largest_sum_can_be_planned_with() -> None:
    """All 50 modules are taken; the state pays its ceiling of 10^15, the teacher 49 x 10^15."""
    names = (ObjectiveName.COST, ObjectiveName.OWN_COST, ObjectiveName.FUNDING_ORDER)
    funds = (Fund("state", ceiling=DEAR), Fund("self"))
    facts = replace(costly(50, objectives=tuple(map(ObjectiveSpec, names))), funds=funds)
    result = te.plan(ruled(AtLeastRule(50, Selector()), facts))
    assert [o.value for o in result.objectives] == [50 * DEAR, 49 * DEAR, 49 * DEAR]
    assert result.status == "optimal"


def test_the_order_of_sources_multiplies() -> None:
    facts = costly(60, objectives=(ObjectiveSpec(ObjectiveName.FUNDING_ORDER),))
    assert columns(facts) == []
    twice = replace(facts, funds=(Fund("state"), Fund("self")))
    assert columns(twice) == ["modules[A].modes[day].price"]


def test_shares_in_large_numbers() -> None:
    facts = tiny(module("A", "x1", mode(hours=10**6)), goals=(goal("x1"),))
    fits = ShareRule(Measure.HOURS, least=Share(1, 10**9), part=AmountRule(Measure.HOURS).scope)
    assert columns(ruled(fits, facts)) == []
    huge = replace(fits, least=Share(1, 10**12))
    assert columns(ruled(huge, facts)) == ["standard.rules[R].body.least"]


def test_weights_of_a_pyramid() -> None:
    facts = tiny(module("A", "x1"), goals=(goal("x1"),))
    heavy = tuple(SubjectCompetence(f"h{i}", "h", (1, 5), weight=10**6) for i in range(10**4))
    model = facts.model
    pedagogical = tuple(replace(p, weight=10**6) for p in model.pedagogical)
    assert pedagogical
    model = replace(model, subject=(*model.subject, *heavy), pedagogical=pedagogical)
    assert columns(ruled(BalanceRule(), facts)) == []
    assert columns(ruled(BalanceRule(), replace(facts, model=model))) == [
        "standard.rules[R].body.tolerance"
    ]


def test_prices_of_changes() -> None:
    dear = RepairPrices(money=10**9)
    assert columns(costly(1, price=10**8, repairs=dear)) == []
    assert columns(costly(1, price=10**9, repairs=dear)) == ["repairs.money"]
