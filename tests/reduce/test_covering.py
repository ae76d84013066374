"""The bound of a covering is a bound, whatever the costs, and guides the choices."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest
from scipy import sparse

from trajectory_engine.reduce.cover_search import CoverSearch
from trajectory_engine.reduce.covering import Covering, linear_bound


def covering(costs: list[int], rows: list[set[int]]) -> Covering:
    """Return the covering of rows, each given by its columns."""
    matrix = np.zeros((len(rows), len(costs)), np.int64)
    for i, row in enumerate(rows):
        matrix[i, list(row)] = 1
    demand = np.ones(len(rows), np.int64)
    return Covering(np.asarray(costs, np.int64), sparse.csr_array(matrix), demand)


def cheapest(costs: list[int], rows: list[set[int]]) -> int:
    """Return the least cost of columns that cover every row, by trying all."""
    columns = range(len(costs))
    return min(
        sum(costs[c] for c in chosen)
        for size in range(1, len(costs) + 1)
        for chosen in combinations(columns, size)
        if all(row.intersection(chosen) for row in rows)
    )


@pytest.mark.parametrize("scale", [1, 10**6, 10**12])
@pytest.mark.parametrize("seed", range(20))
def test_the_bound_is_below_every_choice_and_choices_cover(seed: int, scale: int) -> None:
    """Tests small random coverings, also with costs for which the grid must be coarser."""
    rng = Random(seed)
    costs = [rng.randint(scale, 9 * scale) for _ in range(8)]
    rows = [set(rng.sample(range(8), rng.randint(1, 3))) for _ in range(6)]
    problem = covering(costs, rows)
    bound, least = linear_bound(problem), cheapest(costs, rows)
    assert bound is not None
    assert 0 < bound.value <= least
    for mask in CoverSearch(problem, bound, seed).choices():
        assert all(mask[list(row)].any() for row in rows)
        assert problem.costs[mask].sum() >= least


def test_reduced_costs_say_what_taking_a_column_costs() -> None:
    """Tests two rows, each with a column of its own at 3 and 5; a third column covers both at 9."""
    bound = linear_bound(covering([3, 5, 9], [{0, 2}, {1, 2}]))
    assert bound is not None
    assert bound.value == 8
    assert bound.reduced.tolist() == [0, 0, 1]


def test_a_relaxation_in_whole_numbers_is_the_first_choice() -> None:
    """Tests that nothing is searched where the linear relaxation is a choice already."""
    problem = covering([3, 5, 9], [{0, 2}, {1, 2}])
    bound = linear_bound(problem)
    assert bound is not None
    assert [mask.tolist() for mask in CoverSearch(problem, bound, 0).choices()] == [
        [True, True, False]
    ]


def test_no_bound_where_sums_would_be_rounded() -> None:
    rows = [{c} for c in range(3)]
    large = covering([10**15 // 3] * 3, rows)
    bound = linear_bound(large)
    assert bound is not None
    assert bound.value == 3 * (10**15 // 3)
    assert linear_bound(covering([10**15] * 3, rows)) is None
