"""Reasons lead from a step to what is asked for; without a module nothing better is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from oracle.fronts import every_plan
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from trajectory_engine.domain.people import Decision, DecisionKind
from trajectory_engine.domain.plan import Status

ROOT = Path(__file__).parents[2]
SHARE, FULL = range(6000, 6050), range(6050, 6400)


def shipped(name: str) -> te.Scenario:
    return te.load_scenario(ROOT / "scenarios" / name)


def check_chains(answer: te.Reasons) -> None:
    """Each link of a chain is a reason of the step before it; every step serves something."""
    because = {s.module: s.because for s in answer.plan.steps}
    for reason in answer.steps:
        assert reason.chains or not reason.step.because
        for chain in reason.chains:
            assert chain.modules[0] == reason.step.module
            for module, following in zip(chain.modules, chain.modules[1:], strict=False):
                assert f"prerequisite:{following}" in because[module]
            assert chain.purpose in because[chain.modules[-1]]
            assert not chain.purpose.startswith("prerequisite:")


def check_seed(seed: int) -> int:
    """Hold "without the module" to brute force; return how many modules were asked about."""
    scenario = scenario_of_seed(seed)
    if any(spec.tolerance for spec in scenario.objectives):
        return 0
    plans = every_plan(scenario, TEACHER)
    if plans is None:
        return 0
    answer = te.why(scenario, TEACHER)
    check_chains(answer)
    names = [spec.name for spec in scenario.objectives]
    for reason in answer.steps:
        module = reason.step.module
        left = [p for p in plans if module not in {o.module.id for o in p.offers}]
        assert reason.proven
        if not left:
            assert reason.without.status is Status.INFEASIBLE
            assert reason.lost == ()
            continue
        best = min([p.values[n] for n in names] for p in left)
        assert [o.value for o in reason.without.objectives] == best
        mine = [o.value or 0 for o in answer.plan.objectives]
        assert [v for _, v in reason.lost] == [a - b for a, b in zip(best, mine, strict=True)]
    return len(answer.steps)


def test_what_happens_without_a_module_equals_brute_force() -> None:
    assert sum(check_seed(seed) for seed in SHARE) >= len(SHARE) // 2


@pytest.mark.deep
def test_what_happens_without_a_module_equals_brute_force_on_all() -> None:
    assert sum(check_seed(seed) for seed in FULL) >= len(FULL) // 2


def test_why_of_a_teacher_equals_plans_with_the_module_forbidden() -> None:
    scenario = shipped("it-teachers")
    answer = te.why(scenario, "T016")
    check_chains(answer)
    assert [r.step.module for r in answer.steps] == [s.module for s in answer.plan.steps]
    purposes = {c.purpose.split(":")[0] for r in answer.steps for c in r.chains}
    assert purposes >= {"goal", "task", "invariant"}
    for reason in answer.steps:
        forbid = Decision("T016", DecisionKind.FORBID, reason.step.module)
        other = replace(scenario, decisions=(*scenario.decisions, forbid))
        alone = te.plan(other, ["T016"]).teachers[0]
        assert reason.without.status is alone.status
        assert reason.without.steps == alone.steps


def test_one_module_alone() -> None:
    answer = te.why(shipped("tiny"), "A", "LOGIC")
    (reason,) = answer.steps
    assert [(c.modules, c.purpose) for c in reason.chains] == [(("LOGIC", "ERR"), "task:lesson")]
    assert reason.instead == ("QUIZ",)
    with pytest.raises(ValueError, match="QUIZ"):
        te.why(shipped("tiny"), "A", "QUIZ")


def test_without_time_nothing_is_claimed() -> None:
    answer = te.why(shipped("tiny"), "A", time_limit=1e-6)
    assert answer.steps == ()
    assert not answer.reproducible
