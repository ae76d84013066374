"""A price is the difference of two plans made independently; the waterfall adds up."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from trajectory_engine.answers.easings import easings_of
from trajectory_engine.domain.answers import Change, LimitKind, Price
from trajectory_engine.domain.funding import Fund, YearBudget
from trajectory_engine.domain.people import Decision, DecisionKind
from trajectory_engine.domain.plan import Status

ROOT = Path(__file__).parents[2]
SHARE, FULL = range(5000, 5050), range(5050, 5400)


def shipped(name: str) -> te.Scenario:
    return te.load_scenario(ROOT / "scenarios" / name)


def with_teacher(scenario: te.Scenario, teacher: str, **changes: object) -> te.Scenario:
    people = (
        replace(t, **changes) if t.id == teacher else t  # type: ignore[arg-type]
        for t in scenario.teachers
    )
    return replace(scenario, teachers=tuple(people))


def edited(scenario: te.Scenario, teacher: str, price: Price) -> te.Scenario | None:
    """Return the scenario as a planner would edit it by hand; None where that is not clear."""
    person = scenario.teacher_by_id[teacher]
    kind, name, change = price.easing.kind, price.easing.name, price.easing.change
    if kind is LimitKind.RULE:
        kept = tuple(r for r in scenario.standard.rules if r.id != name)
        waivers = tuple(w for w in scenario.waivers if w.rule != name)
        standard = replace(scenario.standard, rules=kept)
        return replace(scenario, standard=standard, waivers=waivers)
    if kind is LimitKind.FUND:
        fund = next(f for f in scenario.funds if f.id == name)
        free = replace(fund, budget=None, ceiling=None, module_ceiling=None, yearly=())
        return replace(scenario, funds=tuple(free if f is fund else f for f in scenario.funds))
    if kind is LimitKind.HOURS and change is Change.ONE_MORE:
        return with_teacher(scenario, teacher, hours=tuple(h + 1 for h in person.hours))
    if kind is LimitKind.DEADLINE:
        one = None if change is Change.WITHOUT else (person.deadline or 0) + 1
        return with_teacher(scenario, teacher, deadline=one)
    if kind is LimitKind.ABSENCES:
        return with_teacher(scenario, teacher, blocked=())
    if kind is LimitKind.DECISION:
        word, _, subject = name.partition(" ")
        mine = [d for d in scenario.decisions if d.teacher == teacher]
        gone = [d for d in mine if d.kind.value == word and d.subject == subject]
        return replace(scenario, decisions=tuple(d for d in scenario.decisions if d not in gone))
    return None


def test_budgets_of_years_have_a_price() -> None:
    """7,500,000 in the year pay BOTH and LOGIC (7 weeks, 7,000,000), and not the three courses.

    NUM, ERR and LOGIC would take 4 weeks and 9,000,000.
    """
    scenario = shipped("infeasible-budget")
    fund = Fund("state", yearly=(YearBudget(2027, 7_500_000),))
    found = te.prices(replace(scenario, funds=(fund,)), "A")
    (price,) = (p for p in found.prices if p.easing.kind is LimitKind.FUND)
    saved = {name.value: value for name, value in price.saved}
    assert price.is_binding
    assert (saved["completion"], saved["cost"]) == (3, -2_000_000)


def check_prices(scenario: te.Scenario, teacher: str) -> tuple[int, int]:
    """Hold every price to two plans; return how many there are and how many bind."""
    answer = te.prices(scenario, teacher)
    assert answer.missing == ()
    ground = te.plan(scenario, [teacher]).teachers[0]
    checked = 0
    for price in answer.prices:
        changed = edited(scenario, teacher, price)
        if changed is None:
            continue
        other = te.plan(changed, [teacher]).teachers[0]
        assert price.proven
        assert price.plan.status is other.status
        if ground.status is Status.OPTIMAL and other.status is Status.OPTIMAL:
            pairs = zip(ground.objectives, other.objectives, strict=True)
            assert [v for _, v in price.saved] == [
                (a.value or 0) - (b.value or 0) for a, b in pairs
            ]
        else:
            assert price.saved == ()
        checked += 1
    check_waterfall(answer, ground)
    return checked, len(answer.binding)


def check_waterfall(answer: te.Prices, ground: te.TeacherPlan) -> None:
    """From stage to stage plans get no better; the last stage is the plan."""
    values = [[v for _, v in stage.values] for stage in answer.waterfall]
    assert values[-1] == [o.value for o in ground.objectives if o.value is not None]
    if not any(o.tolerance for o in ground.objectives):
        with_plan = [v for v in values if v]
        assert with_plan == sorted(with_plan)
    assert all(values[i] or not values[i + 1] for i in range(len(values) - 1))


def test_prices_equal_two_independent_plans(capsys: pytest.CaptureFixture[str]) -> None:
    counts = [check_prices(scenario_of_seed(seed), TEACHER) for seed in SHARE]
    checked, binding = (sum(c) for c in zip(*counts, strict=True))
    with capsys.disabled():
        sys.stdout.write(f"\nprices: {checked} equal two plans, {binding} limits bind\n")
    assert checked >= 2 * len(SHARE)
    assert binding >= len(SHARE) // 4


@pytest.mark.deep
def test_prices_equal_two_independent_plans_on_all() -> None:
    for seed in FULL:
        check_prices(scenario_of_seed(seed), TEACHER)


def test_price_of_each_rule_of_a_teacher() -> None:
    scenario = shipped("it-teachers")
    checked, binding = check_prices(scenario, "T016")
    assert checked >= len(scenario.rules_of("T016"))
    assert binding >= 2


def test_a_decision_that_makes_it_impossible_is_priced() -> None:
    scenario = shipped("tiny")
    forbidden = tuple(
        Decision("A", DecisionKind.FORBID, module) for module in ("ERR", "BOTH", "LOGIC")
    )
    answer = te.prices(replace(scenario, decisions=forbidden), "A")
    assert answer.plan.status is Status.INFEASIBLE
    names = {p.easing.name for p in answer.binding}
    assert names == {"forbid ERR", "forbid BOTH"}
    assert all(p.saved == () and p.proven for p in answer.binding)


def test_every_kind_of_limit_is_eased() -> None:
    scenario = shipped("it-teachers")
    kinds = {e.kind for t in scenario.teachers for e in easings_of(scenario, t)}
    assert kinds == set(LimitKind)


def test_without_time_nothing_is_claimed() -> None:
    answer = te.prices(shipped("tiny"), "A", time_limit=1e-6)
    assert answer.prices == ()
    assert len(answer.missing) == 4
    assert answer.waterfall == ()
    assert not answer.reproducible
