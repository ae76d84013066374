"""Both encodings of an elastic problem have the same cheapest amounts, the choice a bound."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from oracle.strategies import TEACHER, scenario_of_seed

from explain.test_against_brute_force import random_prices
from trajectory_engine.cpsat.elastic import ElasticModel
from trajectory_engine.cpsat.elastic_choice import ElasticChoice
from trajectory_engine.cpsat.elastic_search import ElasticSearch, Relaxed
from trajectory_engine.cpsat.periods import supports
from trajectory_engine.cpsat.session import Session
from trajectory_engine.explain.families import limits_of, negotiable_knobs
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.loosen import Loosened
from trajectory_engine.problem.scenario_index import ScenarioIndex


def loosened(seed: int) -> Loosened:
    scenario = replace(scenario_of_seed(seed), repairs=random_prices(seed))
    teacher = scenario.teacher_by_id[TEACHER]
    ground = Ground(ScenarioIndex(scenario), teacher, alone=True)
    return Loosened(ground, negotiable_knobs(ground, limits_of(ground)))


def searched(model: ElasticSearch) -> Relaxed:
    return model.cheapest(Session(0, 60.0, time.monotonic() + 60), 60.0)


@pytest.mark.parametrize("seed", range(60))
def test_encodings_agree(seed: int) -> None:
    problem = loosened(seed)
    if problem.problem.obstacles or not supports(problem.elastic.problem):
        pytest.skip("only one encoding fits")
    first, second = (searched(ElasticModel(problem.elastic, by_period=x)) for x in (False, True))
    assert first.infeasible == second.infeasible
    assert first.proven == second.proven != first.infeasible
    # The ties are broken to the end, so that not only the prices are the same.
    assert (first.price, first.amounts) == (second.price, second.amounts)


def test_the_choice_is_a_relaxation_and_often_the_answer() -> None:
    """Where its price is that of the whole problem, it names no later one of the cheapest."""
    same = 0
    for seed in range(120):
        problem = loosened(seed)
        if problem.problem.obstacles:
            continue
        whole = searched(ElasticModel(problem.elastic, by_period=False))
        choice = searched(ElasticChoice(problem.elastic))
        if choice.infeasible:
            assert whole.infeasible, seed
            continue
        assert choice.proven
        if not whole.infeasible:
            assert choice.bound <= whole.price, seed
            same += choice.amounts == whole.amounts
    assert same > 60
