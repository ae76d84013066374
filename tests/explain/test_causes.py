"""Causes that are seen without a search, on scenarios written for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import trajectory_engine as te
from trajectory_engine.domain.explanation import TeacherExplanation
from trajectory_engine.domain.explanation_sentences import tell
from trajectory_engine.domain.funding import Fund, YearBudget

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def explained(scenario: te.Scenario) -> TeacherExplanation:
    (found,) = te.explain(scenario).teachers
    return found


def with_hours(scenario: te.Scenario, hours: int) -> te.Scenario:
    (teacher,) = scenario.teachers
    whole = replace(teacher, hours=(hours,) * scenario.calendar.horizon, deadline=None)
    return replace(scenario, teachers=(whole,))


def test_a_module_that_takes_more_than_any_period_has() -> None:
    """ERR takes 4 hours a week in its lightest mode, and nothing else teaches what it does."""
    scenario = with_hours(te.load_scenario(SCENARIOS / "infeasible-deadline"), 3)
    (conflict,) = explained(scenario).conflicts
    assert {m.limit.id for m in conflict.members} == {"goal:task:lesson", "hours"}
    (cause,) = (c for c in conflict.causes if c.code == "too_much_at_once")
    modules = {m.id: m for m in scenario.modules}
    named = dict(cause.parameters)["modules"].split(", ")
    assert named
    assert all(min(max(k.load) for k in modules[name].modes) > 3 for name in named)
    assert dict(cause.parameters)["most"] == "3"
    assert "never has more than 3" in tell(cause)


def test_years_of_a_source_are_named_and_raised() -> None:
    """The source of the year has 10,000 minor units; the modules cost 7,000,000."""
    scenario = te.load_scenario(SCENARIOS / "infeasible-budget")
    fund = Fund("state", yearly=(YearBudget(2027, 10_000),))
    found = explained(replace(scenario, funds=(fund,)))
    (conflict,) = found.conflicts
    sentences = [tell(member.text) for member in conflict.members]
    assert (
        "the source state pays at most what its fiscal years have (2027: 100.00 KZT)" in sentences
    )
    assert [(c.knob, c.amount) for c in found.repairs[0].changes] == [
        ("fund:state/year:2027", 6_990_000)
    ]
    assert "short by 69 900.00 KZT" in " ".join(map(tell, conflict.causes))


def test_a_ceiling_of_a_module_is_lifted() -> None:
    """The source has plenty of money but pays 10,000 minor units for a module at most."""
    scenario = te.load_scenario(SCENARIOS / "infeasible-budget")
    fund = Fund("state", ceiling=10**9, module_ceiling=10_000)
    found = explained(replace(scenario, funds=(fund,)))
    (conflict,) = found.conflicts
    assert [m.limit.id for m in conflict.members] == ["goal:task:lesson", "fund:state"]
    (short,) = (s for s in conflict.shortfalls if s.limit == "fund:state")
    assert [c.code for c in short.changes] == ["change_fund_module"]
    assert [(c.knob, c.amount) for c in found.repairs[0].changes] == [
        ("fund:state/module-ceiling", 1)
    ]
    assert found.repairs[0].price == 10_000_000
