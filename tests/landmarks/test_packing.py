"""Weights of loads against all ways to fill a period, and against plans."""

from __future__ import annotations

import time
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


def test_loads_of_long_periods_are_counted_in_common_units() -> None:
    """In thousands of hours the weights are those of the same loads in hours."""
    loads = [6, 6, 4, 4, 3, 3]
    small = [mode(hours=load) for load in loads]
    large = [mode(hours=1000 * load) for load in loads]
    hours, thousands = sharpest(small, small, [10, 8]), sharpest(large, large, [10_000, 8_999])
    assert thousands.weight == hours.weight
    assert list(map(thousands.of_mode, large)) == list(map(hours.of_mode, small))
    assert [thousands.room(d) for d in range(3)] == [hours.room(d) for d in range(3)]


@pytest.mark.parametrize("seed", range(20))
def test_what_fits_into_a_long_period_weighs_no_more_than_it_holds(seed: int) -> None:
    """Units are so large that loads are rounded; sets are packed greedily, in random order."""
    random = Random(seed)
    size = random.randint(5_000, 1_000_000)
    modes = [mode(hours=random.randint(1, size)) for _ in range(60)]
    packing = sharpest(modes, modes, [size])
    assert packing.unit > 1
    assert any(packing.weight.values())
    for _ in range(200):
        left, weight = size, 0
        for one in random.sample(modes, len(modes)):
            if one.hours <= left:
                left, weight = left - one.hours, weight + packing.of_mode(one)
        assert weight <= packing.room(1)


def test_periods_of_any_length_are_filled_in_a_moment() -> None:
    """Sixty capacities of a million hours, and a thousand loads: a knapsack of hours takes days."""
    random = Random(0)
    modes = [mode(hours=random.randint(1, 1_000_000)) for _ in range(1000)]
    began = time.process_time()
    packing = sharpest(modes, modes, [1_000_000] * 60)
    assert packing.room(60) > 0
    assert time.process_time() - began < 10
