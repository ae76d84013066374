"""Least amounts of the stretches that a plan uses, against brute force."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from oracle.brute_force import optimum
from oracle.standards import rule_scenario_of_seed
from oracle.strategies import TEACHER, scenario_of_seed
from oracle.stretches import with_stretches

from properties.test_against_brute_force import compare
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import Over, Rule, TimeScope
from trajectory_engine.validation import validate

SHARE = range(100)
FULL = range(5000, 6000)


def stretched_scenario_of_seed(seed: int) -> Scenario:
    """Return a random scenario, every other with many rules, with rules on used stretches."""
    scenario = rule_scenario_of_seed(seed) if seed % 2 else scenario_of_seed(seed)
    return with_stretches(scenario, Random(seed))


@pytest.mark.parametrize("seed", SHARE)
def test_used_stretches_agree_with_brute_force(seed: int) -> None:
    found, _ = compare(stretched_scenario_of_seed(seed))
    assert not found, "\n".join(found)


@pytest.mark.deep
@pytest.mark.parametrize("seed", FULL)
def test_used_stretches_agree_with_brute_force_on_all(seed: int) -> None:
    found, _ = compare(stretched_scenario_of_seed(seed))
    assert not found, "\n".join(found)


def unconditional(rule: Rule) -> Rule:
    """Return the rule with its least amount in every stretch."""
    time: TimeScope = rule.body.time  # type: ignore[union-attr]
    return replace(
        rule, body=replace(rule.body, time=replace(time, over=Over.ALL, except_last=False))
    )


def test_used_stretches_are_drawn_and_decide(capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    for seed in SHARE:
        scenario = stretched_scenario_of_seed(seed)
        assert validate(scenario) == ()
        others = tuple(r for r in scenario.standard.rules if not r.id.startswith("S"))
        mine = [r for r in scenario.standard.rules if r.id.startswith("S")]
        for rule in mine:
            counts[f"{rule.body.time.over} {rule.body.time.except_last}"] += 1  # type: ignore[union-attr]
        answer = optimum(scenario, TEACHER)
        for title, rules in (
            ("decide", others),
            ("differ from all stretches", (*others, *map(unconditional, mine))),
        ):
            standard = replace(scenario.standard, rules=rules)
            other = optimum(replace(scenario, standard=standard), TEACHER)
            counts[title] += other.plan_signature != answer.plan_signature
    with capsys.disabled():
        shown = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        sys.stdout.write(f"\nstretches: {shown}\n")
    assert counts["decide"] >= 15
    assert counts["differ from all stretches"] >= 15
    assert all(counts[way] >= 15 for way in ("used False", "all True", "used True"))
