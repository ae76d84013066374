"""The front equals that of brute force, point by point and whole."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from oracle.fronts import every_plan, front_of
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from trajectory_engine.answers.ask import figures, with_objectives
from trajectory_engine.answers.front import HELD
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.messages import render
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec
from trajectory_engine.problem.demands import Demands
from trajectory_engine.whatif import WhatIf

ROOT = Path(__file__).parents[2]
SHARE, FULL = range(3000, 3080), range(3080, 3500)
ALL = tuple(ObjectiveName(n) for n in ("completion", "study_hours", "cost", "peak_load"))


def shipped(name: str) -> te.Scenario:
    return te.load_scenario(ROOT / "scenarios" / name)


def check_seed(seed: int) -> int:
    """Hold the front of a random problem to brute force; return its number of points."""
    scenario = scenario_of_seed(seed)
    rng = Random(seed)
    names = ALL if rng.random() < 0.75 else tuple(ObjectiveName)
    over = tuple(rng.sample(names, rng.choice((2, 2, 3))))
    listed = [s.name for s in scenario.objectives]
    more = tuple(ObjectiveSpec(name) for name in over if name not in listed)
    plans = every_plan(replace(scenario, objectives=(*scenario.objectives, *more)), TEACHER)
    if plans is None:
        return 0
    for name in listed:
        if name.value in HELD and name not in over:
            fewest = min((p.values[name] for p in plans), default=0)
            plans = [p for p in plans if p.values[name] == fewest]
    front = te.pareto(scenario, TEACHER, over)
    assert [p.values for p in front.points] == front_of(plans, over)
    assert front.complete == bool(plans)
    assert front.status is (Status.OPTIMAL if plans else Status.INFEASIBLE)
    assert all(p.proven for p in front.points)
    known = {p.signature for p in plans}
    for point in front.points:
        assert tuple(sorted((s.module, s.mode, s.start) for s in point.plan.steps)) in known
    return len(front.points)


def test_front_equals_brute_force(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = [check_seed(seed) for seed in SHARE]
    with capsys.disabled():
        sys.stdout.write(f"\nrandom fronts: {len(sizes)}, {sum(n > 1 for n in sizes)} trade\n")
    assert sum(n > 1 for n in sizes) >= len(sizes) // 10


@pytest.mark.deep
def test_front_equals_brute_force_on_all() -> None:
    sizes = [check_seed(seed) for seed in FULL]
    assert sum(n > 1 for n in sizes) >= len(sizes) // 10


@pytest.mark.parametrize("over", [*combinations(ALL, 2), ALL[:3]])
def test_front_of_tiny_is_proven(over: tuple[ObjectiveName, ...]) -> None:
    front = te.pareto(shipped("tiny"), "A", over)
    assert front.complete
    assert front.status is Status.OPTIMAL
    assert front.points


def test_limits_are_kept() -> None:
    scenario = shipped("tiny")
    free = te.pareto(scenario, "A", ["completion", "cost"])
    most = free.points[-1].values[0] - 1
    held = te.pareto(scenario, "A", ["completion", "cost"], limits={ALL[0]: most})
    assert [p.values for p in held.points] == [p.values for p in free.points if p.values[0] <= most]


def test_limits_that_nothing_keeps_are_the_reason() -> None:
    """There is a plan without them, so nothing may be said of the scenario alone."""
    front = te.pareto(shipped("tiny"), "A", ["completion", "cost"], limits={ALL[0]: 1})
    assert front.status is Status.INFEASIBLE
    assert front.without_plan is not None
    (reason,) = front.without_plan.reasons
    assert render(reason).startswith(f"no plan keeps what was asked for, at most {ALL[0]} 1,")


@pytest.mark.parametrize("over", [["cost"], ["cost", "cost"], ALL, ["cost", "beauty"]])
def test_what_is_not_a_front_is_refused(over: list[str]) -> None:
    with pytest.raises(ValueError):
        te.pareto(shipped("tiny"), "A", over)


def test_cancelled_front_claims_nothing() -> None:
    cancel = threading.Event()
    cancel.set()
    front = te.pareto(shipped("tiny"), "A", ["completion", "cost"], cancel=cancel)
    assert not front.complete
    assert not front.reproducible
    assert front.status is not Status.OPTIMAL


def check_week_by_week(front: te.Front) -> None:
    """Hold a front of completion and cost to one independent solve for every week it spans.

    The cheapest plan by each week costs what the last point by that week costs, and there is
    no plan at all before the first point.
    """
    scenario = shipped("it-teachers")
    completion, cost = front.over
    order = [ObjectiveName.UNMET_GOALS, cost, completion]
    cheapest = WhatIf(with_objectives(scenario, order), front.teacher)
    held = tuple((h.objective, h.most) for h in front.held)
    ends = [p.values[0] for p in front.points]
    for end in (*range(ends[0] - 1, ends[-1] + 2), scenario.calendar.horizon):
        plan = cheapest.plan(demands=Demands((*held, (completion, end))))
        if end < ends[0]:
            assert plan.status is Status.INFEASIBLE
            continue
        assert plan.status is Status.OPTIMAL
        best = [p.values[1] for p in front.points if p.values[0] <= end][-1]
        assert figures(scenario, plan)[cost] == best, f"the cheapest plan by week {end}"


@pytest.mark.parametrize(("teacher", "points"), [("T007", 5), ("T016", 4), ("T020", 1)])
def test_front_of_a_teacher_equals_single_solves(teacher: str, points: int) -> None:
    """T020 has nothing to trade: the plan that is over first is also the cheapest."""
    front = te.pareto(shipped("it-teachers"), teacher, ["completion", "cost"])
    assert front.status is Status.OPTIMAL
    assert front.complete
    assert len(front.points) == points
    check_week_by_week(front)


@pytest.mark.deep
def test_no_point_of_three_objectives_is_dominated() -> None:
    """Six points; a plan as good as one of them everywhere and better somewhere is refuted."""
    scenario = shipped("it-teachers")
    front = te.pareto(scenario, "T016", ["completion", "cost", "peak_load"])
    assert front.status is Status.OPTIMAL
    assert len(front.points) >= 5
    question = WhatIf(with_objectives(scenario, front.over), "T016")
    held = tuple((h.objective, h.most) for h in front.held)
    for point in front.points:
        for better in front.over:
            limits = tuple(
                (name, value - (name is better))
                for name, value in zip(front.over, point.values, strict=True)
            )
            plan = question.plan(demands=Demands((*held, *limits)))
            assert plan.status is Status.INFEASIBLE


def test_money_that_the_scenario_does_not_list_may_be_limited_and_traded() -> None:
    """The same points as where the scenario lists it, whoever is first to pay there."""
    tiny = shipped("tiny")
    assert ObjectiveName.OWN_COST not in {spec.name for spec in tiny.objectives}
    names = [spec.name for spec in tiny.objectives]
    listing = with_objectives(tiny, (*names, ObjectiveName.OWN_COST, ObjectiveName.FUNDING_ORDER))
    over = ["cost", "completion"]
    for most in (0, 4_500_000, 10_000_000):
        for name in (ObjectiveName.OWN_COST, ObjectiveName.FUNDING_ORDER):
            fronts = [te.pareto(s, "A", over, limits={name: most}) for s in (tiny, listing)]
            points = [[p.values for p in front.points] for front in fronts]
            assert points[0] == points[1]
            assert fronts[0].status is fronts[1].status
    for traded in (["own_cost", "completion"], ["own_cost", "funding_order"]):
        fronts = [te.pareto(s, "A", traded) for s in (tiny, listing)]
        assert [p.values for p in fronts[0].points] == [p.values for p in fronts[1].points]
        assert fronts[0].points
        assert fronts[0].complete


def test_a_front_counts_who_pays_in_one_order() -> None:
    """The teacher is listed first and pays nothing: the state is then first in what is counted."""
    tiny = shipped("tiny")
    funds = (Fund("self", ceiling=0), Fund("state"))
    scenario = replace(tiny, funds=funds, objectives=(ObjectiveSpec(ObjectiveName.COMPLETION),))
    front = te.pareto(scenario, "A", ["own_cost", "funding_order"], time_limit=60)
    assert [p.values for p in front.points] == [(0, 0)]
    assert front.complete
    assert front.solves < 5
