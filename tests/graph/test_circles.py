"""One circle among things that wait for each other."""

from __future__ import annotations

import random
from itertools import pairwise

from trajectory_engine.graph.circles import a_circle, circles


def test_a_circle_is_one_and_is_found_where_there_is_one() -> None:
    """Tests small random graphs against the strongly connected components."""
    numbers = random.Random(7)
    found = 0
    for _ in range(2_000):
        size = numbers.randrange(1, 7)
        drawn = range(numbers.randrange(9))
        pairs = [(numbers.randrange(size), numbers.randrange(size)) for _ in drawn]
        circle = a_circle(pairs)
        assert bool(circle) == bool(circles(pairs))
        assert len(set(circle)) == len(circle)
        assert {*pairwise([*circle, *circle[:1]])} <= set(pairs)
        found += bool(circle)
    assert 500 < found < 1_900


def test_a_long_chain_is_followed_to_its_end() -> None:
    """Tests a circle behind 100,000 things that wait for one another, deeper than any recursion."""
    chain = [(i, i + 1) for i in range(100_000)]
    assert a_circle(chain) == []
    assert a_circle([*chain, (100_000, 99_998)]) == [99_998, 99_999, 100_000]
