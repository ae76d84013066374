"""Weights of loads against all ways to fill a period, and against plans."""

from __future__ import annotations

from itertools import combinations_with_replacement
from random import Random

import pytest
from reduce.cases import mode

from trajectory_engine.landmarks.packing import filled, sharpest


@pytest.mark.parametrize("seed", range(20))
def test_no_period_holds_more_than_is_said(seed: int) -> None:
    """The value of a capacity is the largest weight over all loads that fit side by side."""
    random = Random(seed)
    weight = {load: random.randint(0, 9) for load in random.sample(range(1, 9), 3)}
    best = filled(weight, 12)
    for capacity in range(13):
        beside = [
            sum(weight[load] for load in loads)
            for count in range(13)
            for loads in combinations_with_replacement(sorted(weight), count)
            if sum(loads) <= capacity
        ]
        assert best[capacity] == max(beside), (capacity, weight)


def test_loads_that_only_fit_alone_count_as_whole_periods() -> None:
    """Of 10 hours a load of 6 leaves nothing that another of 6 could use: 4 periods for 4 loads.

    By hours they would fill 24 / 10 periods, so that the bound would be 3.
    """
    modes = [mode(hours=6), mode(hours=6), mode(hours=12, duration=2)]
    packing = sharpest(modes, modes, [10, 10, 10, 10])
    assert sum(map(packing.of_mode, modes)) == packing.room(4)
    assert sum(map(packing.of_mode, modes)) > packing.room(3)


def test_small_loads_between_large_ones_cost_nothing_where_room_is_left() -> None:
    """Two loads of 6 and two of 4 fill two periods of 10, and are weighed so."""
    modes = [mode(hours=6), mode(hours=6), mode(hours=4), mode(hours=4)]
    packing = sharpest(modes, modes, [10, 10])
    assert packing.room(1) < sum(map(packing.of_mode, modes)) <= packing.room(2)
