"""The engine against brute force: status, every objective with its proof, and the one plan."""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from oracle.brute_force import OracleAnswer, deciding_features, optimum
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from trajectory_engine.domain.scenario import Scenario

SHARE = range(120)
FULL = range(1000, 1700)


def disagreements(seed: int) -> tuple[list[str], OracleAnswer]:
    """Return in what the engine and brute force differ on the problem of a seed."""
    return compare(scenario_of_seed(seed))


def compare(scenario: Scenario) -> tuple[list[str], OracleAnswer]:
    """Return in what the engine and brute force differ on a scenario."""
    right = optimum(scenario, TEACHER)
    result = te.plan(scenario, teachers=[TEACHER], time_limit=60, workers=1)
    plan = result.plan_of(TEACHER)
    found = [f"the verifier objects: {v}" for v in te.verify(scenario, result)]
    if plan.status is not right.status:
        found.append(f"status {plan.status}, right is {right.status}")
    if right.objectives is None or right.best is None:
        return found, right
    values = {o.name: o.value for o in plan.objectives}
    if values != right.objectives:
        found.append(f"objectives {values}, right are {right.objectives}")
    bounds = {o.name: o.bound for o in plan.objectives}
    if bounds != right.best:
        found.append(f"bounds {bounds}, the best values are {right.best}")
    tolerant = {str(s.name) for s in scenario.objectives if s.tolerance}
    unproven = [o.name for o in plan.objectives if not o.proven and o.name not in tolerant]
    if unproven:
        found.append(f"not proven: {unproven}")
    signature = tuple(sorted((s.module, s.mode, s.run, s.start) for s in plan.steps))
    if signature != right.plan_signature:
        found.append(f"plan {signature}, the one answer is {right.plan_signature}")
    return found, right


@pytest.mark.parametrize("seed", SHARE)
def test_engine_agrees_with_brute_force(seed: int) -> None:
    found, _ = disagreements(seed)
    assert not found, "\n".join(found)


@pytest.mark.deep
@pytest.mark.parametrize("seed", FULL)
def test_engine_agrees_with_brute_force_on_all(seed: int) -> None:
    found, _ = disagreements(seed)
    assert not found, "\n".join(found)


def count_what_decides(seeds: range) -> Counter[str]:
    """Return how many problems each feature decides, and of which status they are."""
    counts: Counter[str] = Counter(problems=len(seeds))
    for seed in seeds:
        scenario = scenario_of_seed(seed)
        answer = optimum(scenario, TEACHER)
        deciding = deciding_features(scenario, TEACHER, answer)
        counts.update(deciding)
        counts[str(answer.status)] += 1
        counts["decided"] += bool(deciding)
        counts["without steps"] += answer.plan_signature == ()
    return counts


def judge_the_mix(seeds: range, capsys: pytest.CaptureFixture[str]) -> None:
    """Show the counts and hold the problems to being hard where it matters."""
    counts = count_what_decides(seeds)
    with capsys.disabled():
        shown = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        sys.stdout.write(f"\nrandom problems: {shown}\n")
    assert 3 * counts["decided"] >= counts["problems"]
    assert all(20 * counts[name] >= counts["problems"] for name in ("circular", "or", "derived"))
    assert 3 * counts["optimal"] >= counts["problems"]
    assert 4 * counts["infeasible"] >= counts["problems"]
    assert 4 * counts["without steps"] <= counts["problems"]


def test_a_third_of_the_problems_turns_on_circles_alternatives_or_derived_elements(
    capsys: pytest.CaptureFixture[str],
) -> None:
    judge_the_mix(SHARE, capsys)


@pytest.mark.deep
def test_a_third_of_all_problems_turns_on_circles_alternatives_or_derived_elements(
    capsys: pytest.CaptureFixture[str],
) -> None:
    judge_the_mix(FULL, capsys)
