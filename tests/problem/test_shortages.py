"""Structural reasons are said of teachers without a plan, in true figures, and of nobody else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from oracle.brute_force import optimum
from oracle.budgets import money_scenario_of_seed
from oracle.strategies import TEACHER, scenario_of_seed
from oracle.tiny import goal, mode, module, need, node, tiny

import trajectory_engine as te
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.messages import Message, render
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.standard import RequiredRule, Rule, Standard
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.shortages import shortages
from trajectory_engine.problem.teacher_problem import TeacherProblem

ROOT = Path(__file__).parents[2]


def reasons(scenario: Scenario) -> tuple[Message, ...]:
    """Return the reasons that a plan gives for its first teacher."""
    return te.plan(scenario).teachers[0].reasons


@pytest.mark.parametrize(
    ("name", "code", "figures"),
    [
        # LOGIC and BOTH cost 70,000, the cheapest choice; the sources pay 55,000.
        ("budget", "money_short_in_all", ("70,000.00", "55,000.00", "15,000.00")),
        # LOGIC in week 1, ERR in weeks 2 to 4; the deadline is after week 3.
        ("deadline", "goal_too_late", ("LOGIC -> ERR", "4", "3")),
    ],
)
def test_shipped_scenarios(name: str, code: str, figures: tuple[str, ...]) -> None:
    scenario = te.load_scenario(ROOT / "scenarios" / f"infeasible-{name}")
    first, *_ = reasons(scenario)
    assert first.code == code
    sentence = render(first).replace("\u00a0", ",")
    assert all(figure in sentence for figure in figures), sentence


def test_a_rule_whose_quickest_chain_is_too_long_is_called_a_rule() -> None:
    """B must be had by a rule and needs A: two weeks, the deadline is after the first."""
    wanted = Rule("R", "R", RequiredRule(nodes=(node("y1"),)), "citation")
    facts = tiny(
        module("A", "x1"),
        module("B", "y1"),
        goals=(goal("x1"),),
        needs=(need("y1", "x1"),),
        teacher={"deadline": 1},
        standard=Standard("s", "s", (wanted,)),
    )
    assert Message.of("rule_too_late", chain="A -> B", earliest=2, deadline=1, rule="R") in reasons(
        facts
    )


def test_hours_of_what_every_plan_takes() -> None:
    """B alone teaches y1 and needs x1, which A alone teaches: 30 + 35 hours of 6 x 10."""
    modules = (
        module("A", "x1", mode(hours=30, duration=3)),
        module("B", "y1", mode(hours=35, duration=4)),
    )
    facts = tiny(*modules, goals=(goal("y1"),), needs=(need("y1", "x1"),), horizon=6)
    found = [m for m in reasons(facts) if m.code == "hours_short"]
    assert [dict(m.parameters) for m in found] == [
        {"modules": "A, B", "least": "65", "available": "60", "short": "5"}
    ]


def test_price_of_what_every_plan_takes() -> None:
    """A and B alone teach the two goals, at 400 each; the state pays 650."""
    facts = tiny(
        module("A", "x1", mode(price=40_000)),
        module("B", "y1", mode(price=40_000)),
        goals=(goal("x1"), goal("y1")),
        funds=(Fund("state", ceiling=65_000),),
    )
    (found,) = [m for m in reasons(facts) if m.code == "money_short"]
    assert dict(found.parameters)["modules"] == "A, B"
    assert dict(found.parameters)["short"].replace("\u00a0", ",") == "150.00 KZT"


def bound(problem: TeacherProblem, name: ObjectiveName) -> int | None:
    session = Session(0, 5.0, time.monotonic() + 60)
    return SelectionModel(problem, compute_heads(problem)).minimise(name, session, 5.0).bound


@pytest.mark.parametrize("draw", [scenario_of_seed, money_scenario_of_seed])
def test_nothing_is_said_of_a_teacher_who_has_a_plan(draw: Callable[[int], Scenario]) -> None:
    said = 0
    for seed in range(9_000, 9_150):
        scenario = draw(seed)
        index = ScenarioIndex(scenario)
        facts = TeacherFacts(index, scenario.teacher_by_id[TEACHER], alone=True)
        found = shortages(facts, bound)
        if optimum(scenario, TEACHER).status is Status.INFEASIBLE:
            said += bool(found)
        else:
            assert found == (), (seed, found)
    assert said >= 2


def test_modules_longer_than_the_deadline_are_a_matter_of_time() -> None:
    """They are open and cost nothing: what is missing is time, and that is said first."""
    scenario = tiny(
        module("M", "x1", mode(hours=6, duration=3)),
        goals=(goal("x1"),),
        teacher={"deadline": 2},
    )
    first, second = reasons(scenario)
    assert first.code == "goal_too_late"
    assert dict(first.parameters)["earliest"] == "3"
    assert second.code == "goal_unreachable"
    assert "room in the time there is" in render(second)
