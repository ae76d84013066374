"""Metrics of curricula: counted by hand, and against their plain definitions."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest

from trajectory_engine.graph import curricular_metrics as module
from trajectory_engine.graph.curricular_metrics import curricular_metrics

Edges = list[tuple[int, int]]


def _found(count: int, edges: Edges) -> tuple[list[int], list[int], list[int]]:
    before, after = zip(*edges, strict=True) if edges else ((), ())
    found = curricular_metrics(count, before, after)
    return found.blocking.tolist(), found.delay.tolist(), found.centrality.tolist()


@pytest.mark.parametrize(
    ("count", "edges", "blocking", "delay", "centrality"),
    [
        (0, [], [], [], []),
        (1, [], [0], [1], [0]),
        (3, [(0, 1), (1, 2)], [2, 1, 0], [3, 3, 3], [0, 3, 0]),
        # a diamond with a tail: the chains are 0-1-3-4 and 0-2-3-4
        (
            5,
            [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)],
            [4, 2, 2, 1, 0],
            [4, 4, 4, 4, 4],
            [0, 4, 4, 8, 0],
        ),
        # a short cut: the chains are 0-1-2-3, 0-2-3; the course 4 stands alone
        (5, [(0, 1), (1, 2), (0, 2), (2, 3)], [3, 2, 1, 0, 0], [4, 4, 4, 4, 1], [0, 4, 7, 0, 0]),
        # two beginnings and two ends
        (5, [(0, 2), (1, 2), (2, 3), (2, 4)], [3, 3, 2, 0, 0], [3] * 5, [0, 0, 12, 0, 0]),
    ],
)
def test_figures_counted_by_hand(
    count: int, edges: Edges, blocking: list[int], delay: list[int], centrality: list[int]
) -> None:
    """Tests every metric of every course."""
    assert _found(count, edges) == (blocking, delay, centrality)


def test_a_pair_that_occurs_twice_counts_once() -> None:
    """Tests a course that is both a prerequisite and a corequisite."""
    assert _found(3, [(0, 1), (0, 1), (1, 2)]) == _found(3, [(0, 1), (1, 2)])


def test_quarters_are_shorter_than_semesters() -> None:
    """Tests complexity: blocking 1 and delay 2 of the first of two courses make 3, or 2."""
    found = curricular_metrics(2, [0], [1])
    assert found.complexity() == (Fraction(3), Fraction(2))
    assert found.complexity("quarter") == (Fraction(2), Fraction(4, 3))
    with pytest.raises(KeyError):
        found.complexity("year")


@pytest.mark.parametrize("edges", [[(0, 0)], [(0, 1), (1, 2), (2, 1)]])
def test_a_circle_is_refused(edges: Edges) -> None:
    """Tests a course that needs itself, at once and by another."""
    with pytest.raises(ValueError, match="for itself"):
        _found(3, edges)


def test_an_unknown_course_is_refused() -> None:
    """Tests an index beyond the courses."""
    with pytest.raises(ValueError, match=r"outside 0 \.\. 1"):
        _found(2, [(0, 2)])


def test_definitions_are_kept_on_random_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests 60 random graphs against chains listed one by one, with reach counted in blocks."""
    monkeypatch.setattr(module, "BLOCK", 3)
    random = np.random.default_rng(7)
    for _ in range(60):
        count = int(random.integers(1, 10))
        edges = [(a, b) for b in range(count) for a in range(b) if random.random() < 0.35]
        assert _found(count, edges) == _listed(count, edges)


def _listed(count: int, edges: Edges) -> tuple[list[int], list[int], list[int]]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    starts = [v for v in graph if not graph.in_degree(v)]
    ends = [v for v in graph if not graph.out_degree(v)]
    chains = [
        tuple(c) if a != b else (a,)
        for a in starts
        for b in ends
        for c in (nx.all_simple_paths(graph, a, b) if a != b else [(a,)])
    ]
    return (
        [len(nx.descendants(graph, v)) for v in range(count)],
        [max(len(c) for c in chains if v in c) for v in range(count)],
        [sum(len(c) for c in chains if v in c[1:-1]) for v in range(count)],
    )


def test_chains_that_multiply_do_not_overflow() -> None:
    """Tests 70 diamonds one after the other: 2 ** 70 chains of 141 courses."""
    edges = [
        e
        for i in range(70)
        for e in (
            (3 * i, 3 * i + 1),
            (3 * i, 3 * i + 2),
            (3 * i + 1, 3 * i + 3),
            (3 * i + 2, 3 * i + 3),
        )
    ]
    assert _found(211, edges)[2][3] == 2**70 * 141
