"""Serial schedules of modules that must be taken beside one another."""

from __future__ import annotations

from random import Random

from oracle.relations import with_relations
from oracle.strategies import TEACHER, scenario_of_seed
from oracle.tiny import goal, mode, module, tiny
from problem.cases import choices_of, problem_of

import trajectory_engine as te
from trajectory_engine.heuristics.serial import schedule
from trajectory_engine.problem.evaluate import is_plan

SEEDS = range(41_000, 41_160)
GOALS = (goal("x1"), goal("y1"))


def test_modules_that_start_together_are_placed_as_one() -> None:
    # 6 + 6 hours do not fit into 10 a week, so the two only start together once B is spread
    first = module("A", "x1", mode(hours=6), strict_co=("B",))
    second = module("B", "y1", mode("week", 6, 1), mode("slow", 6, 2))
    problem = problem_of(tiny(first, second, goals=GOALS))
    assert schedule(problem, {0: 0, 1: 0}) is None
    found = schedule(problem, {0: 0, 1: 1})
    assert found is not None
    assert [c.start for c in found] == [0, 0]


def test_a_module_ends_no_earlier_than_its_co() -> None:
    # by itself A would take week 0 and B end after week 2; A has to wait until week 2
    long = module("B", "y1", mode(hours=9, duration=3))
    problem = problem_of(tiny(module("A", "x1", co=("B",)), long, goals=GOALS))
    found = schedule(problem, {0: 0, 1: 0})
    assert found is not None
    assert {c.module: c.start for c in found} == {0: 2, 1: 0}


def test_plans_with_relations_are_mostly_found_again() -> None:
    planned = again = 0
    for seed in SEEDS:
        scenario = with_relations(scenario_of_seed(seed), Random(seed))
        plan = te.plan(scenario, [TEACHER], workers=1).plan_of(TEACHER)
        if not plan.steps:
            continue
        problem = problem_of(scenario)
        choices = choices_of(problem, plan)
        chosen = [problem.modules[c.module] for c in choices]
        if not any(m.co or m.strict_co for m in chosen):
            continue
        planned += 1
        starts = {c.module: c.start for c in choices}
        found = schedule(problem, {c.module: c.mode for c in choices}, starts)
        assert found is None or is_plan(problem, found)
        again += found is not None
    assert planned >= 8
    assert 2 * again > planned
