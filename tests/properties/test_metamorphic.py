"""What must hold between the answers to related problems, whatever the answers are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle.strategies import TEACHER, scenarios

import trajectory_engine as te
from properties.variants import (
    elective,
    renamed,
    renaming,
    speaks_of,
    with_larger_limits,
    with_nothing_shared,
    with_teacher,
)
from trajectory_engine.domain.people import Goal
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.domain.standard import Standard

COMMON = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SHARE = settings(COMMON, max_examples=30)
FULL = settings(COMMON, max_examples=400)
SEEDS = st.randoms(use_true_random=False)


def best(scenario: Scenario) -> list[int] | None:
    """Return the proven best value of every objective at its stage, None if there is no plan."""
    plan = te.plan(scenario, teachers=[TEACHER], time_limit=60, workers=1).plan_of(TEACHER)
    if plan.status is te.Status.INFEASIBLE:
        return None
    assert plan.status is te.Status.OPTIMAL
    bounds = [o.bound for o in plan.objectives]
    assert None not in bounds
    return [bound for bound in bounds if bound is not None]


def assert_no_worse(after: list[int] | None, before: list[int] | None) -> None:
    """Compare best values in the order of the objectives; a plan is better than none."""
    if before is not None:
        assert after is not None
        assert after <= before


def check_elective(scenario: Scenario, rng: Random) -> None:
    like = rng.choice(scenario.modules)
    new = elective(like, rng.choice(rng.choice(scenario.modules).modes))
    silent = tuple(r for r in scenario.standard.rules if not speaks_of(r, new))
    base = replace(scenario, standard=Standard("s", "s", silent))
    assert_no_worse(best(replace(base, modules=(*base.modules, new))), best(base))


def check_larger_limits(scenario: Scenario, rng: Random) -> None:
    larger = with_larger_limits(scenario, rng.randint(1, 10))
    assert_no_worse(best(larger), best(scenario))


def check_later_deadline(scenario: Scenario, rng: Random) -> None:
    deadline = rng.randint(1, scenario.calendar.horizon - 1)
    early = with_teacher(scenario, deadline=deadline)
    assert_no_worse(best(with_teacher(scenario, deadline=deadline + 1)), best(early))


def check_relabelling(scenario: Scenario, rng: Random) -> None:
    other = renamed(scenario, renaming(scenario))
    assert other != scenario
    assert best(other) == best(scenario)


def check_company(scenario: Scenario, rng: Random) -> None:
    teacher = scenario.teacher_by_id[TEACHER]
    hours = tuple(h + rng.randint(-2, 4) for h in teacher.hours)
    companion = replace(teacher, id="friend", hours=hours, measurements=teacher.measurements[1:])
    together = with_nothing_shared(scenario, companion)
    of_both = te.plan(together, teachers=["friend", TEACHER], time_limit=60, workers=2)
    for name in ("friend", TEACHER):
        alone = te.plan(together, teachers=[name], time_limit=60, workers=1)
        assert of_both.plan_of(name) == alone.plan_of(name)


def check_fewer_soft_goals(scenario: Scenario, rng: Random) -> None:
    """Give the teacher a soft goal of a new target, then take it away again."""
    others = [s for s in scenario.objectives if s.name is not ObjectiveName.UNMET_GOALS]
    unmet_first = (ObjectiveSpec(ObjectiveName.UNMET_GOALS), *others)
    base = replace(scenario, objectives=unmet_first)
    goals = scenario.teacher_by_id[TEACHER].goals
    taken = {str(g) for p in scenario.model.profiles for g in p.goals} | set(map(str, goals))
    taught = sorted({n for m in scenario.modules for n in m.teaches if str(n) not in taken})
    assume(taught)
    soft = Goal(rng.choice(taught), hard=False, weight=rng.randint(1, 3))
    with_goal, without_goal = best(with_teacher(base, goals=(*goals, soft))), best(base)
    assert (with_goal is None) == (without_goal is None)
    if with_goal is not None and without_goal is not None:
        assert without_goal[0] <= with_goal[0] <= without_goal[0] + soft.weight


CHECKS = (
    check_elective,
    check_larger_limits,
    check_later_deadline,
    check_relabelling,
    check_company,
    check_fewer_soft_goals,
)
named = pytest.mark.parametrize("check", CHECKS, ids=[c.__name__ for c in CHECKS])


@named
@SHARE
@given(scenario=scenarios(), rng=SEEDS)
def test_related_problems(
    check: Callable[[Scenario, Random], None], scenario: Scenario, rng: Random
) -> None:
    check(scenario, rng)


@pytest.mark.deep
@named
@FULL
@given(scenario=scenarios(), rng=SEEDS)
def test_many_related_problems(
    check: Callable[[Scenario, Random], None], scenario: Scenario, rng: Random
) -> None:
    check(scenario, rng)
