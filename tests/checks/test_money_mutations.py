"""Every option of a fund, and prior learning: a plan that breaks it is rejected by its code.

A and B cost 60 and 40; A is taken in fiscal year 2026, B in 2027, each in the run that it has.
The state pays at most half, 25 for one module, 25 in a year; the rest is the teacher's: 35 + 20.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import Any

import pytest
from oracle.tiny import goal, mode, module, tiny

import trajectory_engine as te
from trajectory_engine.checks import Code, verify
from trajectory_engine.domain.catalogue import Run
from trajectory_engine.domain.funding import FiscalYear, Fund, Share, YearBudget
from trajectory_engine.domain.people import Recognition
from trajectory_engine.domain.plan import FundBalance, RecognisedLearning, Result
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.domain.serial import input_hash

STATE = Fund(
    "state",
    share=Share(1, 2),
    module_ceiling=25,
    yearly=(YearBudget(2026, 25), YearBudget(2027, 25)),
)
SCENARIO = tiny(
    module("A", "x1", mode(price=60), group="core"),
    module("B", "y1", mode(price=40), group="more"),
    goals=(goal("x1"), goal("y1"), goal("z1")),
    funds=(STATE, Fund("self")),
    runs=(Run("first", "A", "day", 0), Run("second", "B", "day", 4)),
    fiscal_year=FiscalYear(2, 1),
    teacher={"recognised": (Recognition("Sub[z]", 1, "diploma", "D1"),)},
    objectives=tuple(
        ObjectiveSpec(ObjectiveName(n)) for n in ("unmet_goals", "own_cost", "funding_order")
    ),
)


@cache
def planned() -> Result:
    """Return the plan of the engine, whose figures the first test works out by hand."""
    return te.plan(SCENARIO)


def judged(scenario: Scenario, result: Result) -> set[str]:
    """Return the codes of the violations; the scenario's fingerprint is put right."""
    return {v.rule for v in verify(scenario, replace(result, input_hash=input_hash(scenario)))}


def with_funds(*funds: Fund) -> Scenario:
    """Return the scenario with other sources."""
    return replace(SCENARIO, funds=funds)


def paying(*amounts: int, balances: bool = False, **values: int) -> Result:
    """Return the plan with other payments of A (state, self), and values of objectives."""
    result = planned()
    plan = result.teachers[0]
    paid = tuple((s, a) for s, a in zip(("state", "self"), amounts, strict=True) if a)
    steps = (replace(plan.steps[0], paid_by=paid), *plan.steps[1:])
    objectives = tuple(
        replace(o, value=values.get(o.name, o.value), bound=values.get(o.name, o.bound))
        for o in plan.objectives
    )
    kept = {"funds": plan.funds} if balances else {"funds": ()}
    plan = replace(plan, steps=steps, objectives=objectives, **kept)
    funds = result.funds if balances else ()
    return replace(result, teachers=(plan,), objectives=objectives, funds=funds)


def without_balances() -> Result:
    """Return the plan, silent on what remains."""
    return paying(25, 35)


def restated(index: int, **changes: Any) -> Result:
    """Return the plan with one line of what remains changed."""
    funds = list(planned().funds)
    funds[index] = replace(funds[index], **changes)
    return replace(planned(), funds=tuple(funds))


def teacher_says(**changes: Any) -> Result:
    """Return the plan with a field of the teacher's part changed."""
    return replace(planned(), teachers=(replace(planned().teachers[0], **changes),))


def test_the_plan_is_right_by_hand() -> None:
    result = planned()
    (plan,) = result.teachers
    assert [(s.module, dict(s.paid_by)) for s in plan.steps] == [
        ("A", {"state": 25, "self": 35}),
        ("B", {"state": 20, "self": 20}),
    ]
    assert [(o.name, o.value, o.bound) for o in plan.objectives] == [
        ("unmet_goals", 0, 0),
        ("own_cost", 55, 55),
        ("funding_order", 55, 55),
    ]
    assert result.funds == (
        FundBalance("state", 2026, 25, 0, 25, 0),
        FundBalance("state", 2027, 25, 0, 20, 5),
        FundBalance("self", None, None, 0, 55, None),
    )
    assert plan.recognised == (RecognisedLearning("D1", "diploma", ("Sub[z]@1",)),)
    assert judged(SCENARIO, result) == set()
    assert judged(SCENARIO, without_balances()) == set()


POOR = (YearBudget(2026, 24), YearBudget(2027, 30))
MUTATIONS: dict[str, tuple[Callable[[], tuple[Scenario, Result]], set[Code]]] = {
    "over the ceiling of a module": (
        lambda: (SCENARIO, paying(26, 34)),
        {Code.PAYMENT_MODULE_CEILING, Code.PAYMENT_SPLIT, Code.FUND_YEAR},
    ),
    "over the share": (
        lambda: (
            with_funds(Fund("state", share=Share(1, 3)), Fund("self")),
            paying(25, 35, own_cost=67, funding_order=67),
        ),
        {Code.PAYMENT_SHARE, Code.PAYMENT_SPLIT},
    ),
    "over the budget of a year": (
        lambda: (
            with_funds(replace(STATE, yearly=POOR), Fund("self")),
            paying(25, 35, own_cost=56, funding_order=56),
        ),
        {Code.FUND_YEAR, Code.PAYMENT_SPLIT},
    ),
    "paying this year from what the next one gets": (
        lambda: (
            with_funds(replace(STATE, yearly=POOR, carry_over=True), Fund("self")),
            paying(25, 35, own_cost=56, funding_order=56),
        ),
        {Code.FUND_YEAR, Code.PAYMENT_SPLIT},
    ),
    "paying next year from what this one lost": (
        lambda: (
            with_funds(
                replace(STATE, yearly=(YearBudget(2026, 40), YearBudget(2027, 10))), Fund("self")
            ),
            paying(25, 35, own_cost=65, funding_order=65),
        ),
        {Code.FUND_YEAR, Code.PAYMENT_SPLIT},
    ),
    "over the ceiling of a teacher": (
        lambda: (
            with_funds(replace(STATE, ceiling=44), Fund("self")),
            paying(25, 35, own_cost=56, funding_order=56),
        ),
        {Code.PAYMENT_CEILING, Code.PAYMENT_SPLIT},
    ),
    "over the budget": (
        lambda: (
            with_funds(replace(STATE, budget=44), Fund("self")),
            paying(25, 35, own_cost=56, funding_order=56),
        ),
        {Code.FUND_BUDGET, Code.PAYMENT_SPLIT},
    ),
    "the teacher pays more than needed": (
        lambda: (SCENARIO, paying(20, 40)),
        {Code.PAYMENT_SPLIT},
    ),
    "own cost and order claimed too high": (
        lambda: (SCENARIO, paying(20, 40, own_cost=60, funding_order=60)),
        {Code.PAYMENT_SPLIT, Code.OBJECTIVE_VALUE, Code.OBJECTIVE_BOUND},
    ),
    "a year remains richer than it is": (
        lambda: (SCENARIO, restated(1, remains=6)),
        {Code.FUND_BALANCE},
    ),
    "a year claims what was carried over": (
        lambda: (SCENARIO, restated(1, carried=5, remains=10)),
        {Code.FUND_BALANCE},
    ),
    "a source left out of what remains": (
        lambda: (SCENARIO, replace(planned(), funds=planned().funds[1:])),
        {Code.FUND_BALANCE},
    ),
    "what the teacher draws is wrong": (
        lambda: (SCENARIO, teacher_says(funds=planned().teachers[0].funds[:1])),
        {Code.FUND_BALANCE},
    ),
    "recognised by nothing": (
        lambda: (
            SCENARIO,
            teacher_says(recognised=(RecognisedLearning("D1", "diploma", ("Sub[z]@2",)),)),
        ),
        {Code.RECOGNISED},
    ),
}
NARROWED = {
    "modules": ("B",),
    "module_groups": ("more",),
    "components": ("social",),
    "forms": ("distance",),
    "teachers": ("other",),
    "groups": ("staff",),
    "providers": ("u1",),
}
"""Eligibility that A does not have, by field; by the first two B still has it."""


def narrowed(field: str) -> tuple[Scenario, Result]:
    """Return a scenario in which the state may not pay for A, with a plan where it does."""
    own = 60 + (20 if field in ("modules", "module_groups") else 40)
    changes: dict[str, Any] = {field: NARROWED[field]}
    scenario = with_funds(replace(STATE, **changes), Fund("self"))
    return scenario, paying(25, 35, own_cost=own, funding_order=own)


MUTATIONS |= {
    f"not eligible by {field}": (
        partial(narrowed, field),
        {Code.PAYMENT_ELIGIBILITY, Code.PAYMENT_SPLIT},
    )
    for field in NARROWED
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_spoilt_money_is_rejected(name: str) -> None:
    make, expected = MUTATIONS[name]
    assert judged(*make()) == {str(c) for c in expected}


def test_carried_money_is_accepted_and_what_remains_of_it_is_stated() -> None:
    yearly = (YearBudget(2026, 40), YearBudget(2027, 10))
    scenario = with_funds(replace(STATE, yearly=yearly, carry_over=True), Fund("self"))
    result = te.plan(scenario)
    assert [o.value for o in result.objectives] == [0, 55, 55]
    assert result.funds[:2] == (
        FundBalance("state", 2026, 40, 0, 25, 15),
        FundBalance("state", 2027, 10, 15, 20, 5),
    )
    assert judged(scenario, result) == set()


def test_years_follow_the_fiscal_year() -> None:
    assert SCENARIO.years == (2026,) * 4 + (2027,) * 2
    assert SCENARIO.calendar.boundaries[4] == date(2027, 2, 1)
