"""Every option of a fund, both objectives of money: the engine against brute force."""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from oracle.brute_force import optimum
from oracle.budgets import money_scenario_of_seed, options_drawn
from oracle.strategies import TEACHER

from properties.test_against_brute_force import compare

SHARE = range(100)
FULL = range(5000, 6000)
REGRESSIONS = (5034, 5696)
"""A module that teaches nodes in no order; a tolerance on completion before other objectives."""


@pytest.mark.parametrize("seed", [*SHARE, *REGRESSIONS])
def test_money_agrees_with_brute_force(seed: int) -> None:
    found, _ = compare(money_scenario_of_seed(seed))
    assert not found, "\n".join(found)


@pytest.mark.deep
@pytest.mark.parametrize("seed", FULL)
def test_money_agrees_with_brute_force_on_all(seed: int) -> None:
    found, _ = compare(money_scenario_of_seed(seed))
    assert not found, "\n".join(found)


def judge_the_mix(seeds: range, least: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Show how often every option of a fund was drawn; every one must have been, often."""
    counts: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    for seed in seeds:
        scenario = money_scenario_of_seed(seed)
        counts += options_drawn(scenario)
        statuses[str(optimum(scenario, TEACHER).status)] += 1
    with capsys.disabled():
        shown = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        sys.stdout.write(f"\n{len(seeds)} problems of money ({dict(statuses)}): {shown}\n")
    assert len(counts) == 24
    assert min(counts.values()) >= least
    assert 3 * statuses["optimal"] >= len(seeds)


def test_every_option_of_a_fund_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    judge_the_mix(SHARE, 4, capsys)


@pytest.mark.deep
def test_every_option_of_a_fund_is_drawn_often(capsys: pytest.CaptureFixture[str]) -> None:
    judge_the_mix(FULL, 40, capsys)
