"""Circles of things that wait for each other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

import networkx as nx

Item = TypeVar("Item", bound=Hashable)


def circles(waits: Iterable[tuple[Item, Item]]) -> list[set[Item]]:
    """Return the sets in which everything waits for everything else, directly or not.

    Parameters
    ----------
    waits : iterable of pairs
        (what waits, for what).

    Returns
    -------
    list of set
        The strongly connected components with an edge inside (Tarjan, 1972).

    Examples
    --------
    >>> [sorted(c) for c in circles([(1, 2), (2, 1), (3, 1), (4, 4)])]
    [[1, 2], [4]]
    """
    graph: nx.DiGraph[Item] = nx.DiGraph()
    graph.add_edges_from(waits)
    return [
        component
        for component in nx.strongly_connected_components(graph)
        if len(component) > 1 or any(graph.has_edge(item, item) for item in component)
    ]


def a_circle(waits: Iterable[tuple[Item, Item]]) -> list[Item]:
    """Return one circle, each item before the one that it waits for; empty if there is none.

    The one found depends on the order of the pairs alone.

    Examples
    --------
    >>> a_circle([("a", "b"), ("b", "c"), ("c", "b")])
    ['b', 'c']
    """
    for_what: dict[Item, list[Item]] = {}
    for item, waited_for in waits:
        for_what.setdefault(item, []).append(waited_for)
    done: set[Item] = set()
    for first in for_what:
        path, ahead = {first: None}, [iter(for_what[first])]
        while ahead and first not in done:
            other = next(ahead[-1], None)
            if other is None:
                ahead.pop()
                done.add(path.popitem()[0])
            elif other in path:
                items = list(path)
                return items[items.index(other) :]
            elif other not in done:
                path[other] = None
                ahead.append(iter(for_what.get(other, ())))
    return []


def find_circles(needs: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Yield one circle from every set of items that need each other.

    Parameters
    ----------
    needs : mapping
        What each one needs.

    Yields
    ------
    tuple of str
        Each is needed for the next, the last for the first; a circle starts with the one that
        comes first in ``needs``.
    """
    pairs = [(concept, need) for concept, of_it in needs.items() for need in of_it]
    number = {item: k for k, members in enumerate(circles(pairs)) for item in members}
    inside: dict[int, nx.DiGraph[str]] = {}
    for concept, need in pairs:
        if concept in number and number[concept] == number.get(need):
            inside.setdefault(number[concept], nx.DiGraph()).add_edge(need, concept)
    for concept in needs:
        graph = inside.pop(number.get(concept, -1), None)
        if graph is not None:
            back = min(graph.predecessors(concept))
            yield tuple(nx.shortest_path(graph, concept, back))


def way(edges: Iterable[tuple[Item, Item]], first: Item, last: Item) -> list[Item]:
    """Return the fewest items that lead from one to another along edges, both included.

    Raises
    ------
    networkx.NetworkXNoPath
        If none do.
    """
    graph: nx.DiGraph[Item] = nx.DiGraph()
    graph.add_edges_from(edges)
    return list(nx.shortest_path(graph, first, last))


def layers(items: Iterable[Item], edges: Iterable[tuple[Item, Item]]) -> int:
    """Return the number of items on a longest chain of edges; a circle counts as one.

    Examples
    --------
    >>> layers("abcd", [("a", "b"), ("b", "a"), ("b", "c")])
    2
    """
    graph: nx.DiGraph[Item] = nx.DiGraph()
    graph.add_nodes_from(items)
    graph.add_edges_from(edges)
    return sum(1 for _ in nx.topological_generations(nx.condensation(graph)))
