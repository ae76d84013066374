"""Serial schedules: whatever comes back is a plan, and good priorities find the best one."""

from __future__ import annotations

from random import Random

from oracle.strategies import TEACHER, scenario_of_seed
from oracle.tiny import goal, mode, module, tiny
from problem.cases import choices_of, problem_of, problem_of_seed

import trajectory_engine as te
from trajectory_engine.heuristics.serial import schedule
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.teacher_problem import Choice

SEEDS = range(40_000, 40_120)


def test_what_comes_back_is_a_plan_of_the_selection() -> None:
    rng, found = Random(3), 0
    for seed in SEEDS:
        problem = problem_of_seed(seed)
        for _ in range(12):
            selection = {
                m: rng.randrange(len(option.modes))
                for m, option in enumerate(problem.modules)
                if rng.random() < 0.7
            }
            priority = {m: rng.randrange(9) for m in selection} if rng.random() < 0.5 else None
            choices = schedule(problem, selection, priority)
            if choices is not None:
                found += 1
                assert is_plan(problem, choices)
                assert {c.module: c.mode for c in choices} == selection
                assert list(choices) == sorted(choices, key=lambda c: (c.start, c.module))
    assert found > 100


def test_the_order_of_a_good_plan_is_mostly_found_again() -> None:
    planned = again = 0
    for seed in SEEDS:
        scenario = scenario_of_seed(seed)
        plan = te.plan(scenario, [TEACHER], workers=1).plan_of(TEACHER)
        if not plan.steps:
            continue
        problem = problem_of(scenario)
        choices = choices_of(problem, plan)
        starts = {c.module: c.start for c in choices}
        planned += 1
        again += schedule(problem, {c.module: c.mode for c in choices}, starts) is not None
    assert planned >= 20
    assert 4 * again >= 3 * planned


def test_longer_modes_go_first_as_early_as_hours_allow() -> None:
    scenario = tiny(
        module("A", "x1", mode(hours=6)),
        module("B", "y1", mode(hours=12, duration=2)),
        goals=(goal("x1"), goal("y1")),
        hours=10,
    )
    assert schedule(problem_of(scenario), {0: 0, 1: 0}) == (Choice(1, 0, 0), Choice(0, 0, 2))
    first = schedule(problem_of(scenario), {0: 0, 1: 0}, {0: 0, 1: 1})
    assert first == (Choice(0, 0, 0), Choice(1, 0, 1))


def test_a_selection_that_lacks_a_prerequisite_has_no_schedule() -> None:
    scenario = tiny(module("A", "x1"), module("B", "x2"), goals=(goal("x2"),))
    problem = problem_of(scenario)
    assert schedule(problem, {1: 0}) is None
    assert schedule(problem, {0: 0, 1: 0}) == (Choice(0, 0, 0), Choice(1, 0, 1))
