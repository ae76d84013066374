"""Where the search for the cheapest repair finds nothing, a plan at hand still gives a repair."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from oracle.infeasible import varied_scenario_of_seed
from oracle.limits import given_way, has_plan
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from explain.test_against_brute_force import random_prices
from trajectory_engine.domain.explanation import TeacherExplanation
from trajectory_engine.domain.plan import Status
from trajectory_engine.explain.repairs import Found, Repairs

SCENARIOS = [
    *(scenario_of_seed(seed) for seed in range(40)),
    *(varied_scenario_of_seed(seed) for seed in range(40)),
]


@contextmanager
def hard_to_search() -> Iterator[None]:
    """Let every search for a cheapest repair end without one, as if its time had run out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Repairs, "_solve", lambda *_, **__: Found())
        patch.setattr(Repairs, "_by_choice", lambda *_: Found())
        yield


def explained(scenario: te.Scenario) -> TeacherExplanation:
    return te.explain(scenario, [TEACHER], time_limit=60, workers=1, repairs=1).of(TEACHER)


def test_what_is_at_hand_is_sound_and_not_called_the_cheapest() -> None:
    repaired = without = 0
    for i, plain in enumerate(SCENARIOS):
        scenario = replace(plain, repairs=random_prices(i))
        with hard_to_search():
            found = explained(scenario)
        if found.status is not Status.INFEASIBLE:
            continue
        cheapest = explained(scenario).repairs
        for repair in found.repairs:
            amounts = {change.knob: change.amount for change in repair.changes}
            assert has_plan(given_way(scenario, TEACHER, amounts), TEACHER), amounts
            assert not repair.cheapest
            assert repair.price >= cheapest[0].price
        repaired += bool(found.repairs)
        without += bool(cheapest) and not found.repairs
    # Conflicts of which no single limit can give way, or leaves a plan, have none at hand.
    assert repaired > 2 * without
