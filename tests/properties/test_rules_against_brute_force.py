"""Every kind of rule, hard and soft, in every stretch of time, against brute force."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import pytest
from oracle.brute_force import optimum
from oracle.standards import KINDS, rule_scenario_of_seed
from oracle.strategies import TEACHER

from properties.test_against_brute_force import compare
from trajectory_engine.domain.json_reader import kind_of
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation import validate

SHARE = range(120)
FULL = range(1000, 2000)


@pytest.mark.parametrize("seed", SHARE)
def test_rules_agree_with_brute_force(seed: int) -> None:
    found, _ = compare(rule_scenario_of_seed(seed))
    assert not found, "\n".join(found)


@pytest.mark.deep
@pytest.mark.parametrize("seed", FULL)
def test_rules_agree_with_brute_force_on_all(seed: int) -> None:
    found, _ = compare(rule_scenario_of_seed(seed))
    assert not found, "\n".join(found)


def without(scenario: Scenario, rule: str) -> Scenario:
    """Return the scenario with a rule switched off."""
    rules = tuple(replace(r, enabled=False) if r.id == rule else r for r in scenario.standard.rules)
    return replace(scenario, standard=replace(scenario.standard, rules=rules))


def count_kinds(seeds: range, enough: int) -> tuple[Counter[str], Counter[str]]:
    """Return how often each kind was drawn, and how often (up to enough) it decided the answer."""
    drawn: Counter[str] = Counter()
    deciding: Counter[str] = Counter()
    for seed in seeds:
        scenario = rule_scenario_of_seed(seed)
        assert validate(scenario) == ()
        answer = optimum(scenario, TEACHER)
        drawn["problems"] += 1
        drawn[str(answer.status)] += 1
        drawn["waivers"] += bool(scenario.waivers)
        drawn["substitutions"] += bool(scenario.substitutions)
        drawn["records"] += bool(scenario.teacher_by_id[TEACHER].records)
        for rule in scenario.rules_of(TEACHER):
            kind = kind_of(type(rule.body))
            drawn[kind] += 1
            drawn["soft"] += not rule.hard
            time = getattr(rule.body, "time", None)
            if time is not None:
                drawn[f"per {time.per}"] += 1
            if deciding[kind] >= enough:
                continue
            if optimum(without(scenario, rule.id), TEACHER).best != answer.best:
                deciding[kind] += 1
                deciding["soft"] += not rule.hard
    return drawn, deciding


def judge_the_kinds(seeds: range, enough: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Show the counts; hold every kind to being drawn and to deciding some answers."""
    drawn, deciding = count_kinds(seeds, enough)
    with capsys.disabled():
        for title, counts in (("drawn", drawn), ("deciding", deciding)):
            shown = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
            sys.stdout.write(f"\nrules {title}: {shown}\n")
    problems = drawn["problems"]
    assert all(40 * drawn[kind] >= problems for kind in KINDS), drawn
    assert all(deciding[kind] for kind in KINDS), deciding
    assert 3 * drawn["optimal"] >= problems


def test_every_kind_is_drawn_and_decides(capsys: pytest.CaptureFixture[str]) -> None:
    judge_the_kinds(SHARE, 1, capsys)


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_every_kind_is_drawn_and_decides_in_all(capsys: pytest.CaptureFixture[str]) -> None:
    judge_the_kinds(FULL, 20, capsys)
