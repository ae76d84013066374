"""The prerequisite graph against networkx on random models, and small ones by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.strategies import scenarios

from trajectory_engine.domain.competence import (
    FormationMode,
    NodeRef,
    PedagogicalCompetence,
    ProfessionalElement,
    SubjectCompetence,
)
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import CompetenceModel, Scenario
from trajectory_engine.graph.closure import backward_closure, open_groups
from trajectory_engine.graph.csr import Rows
from trajectory_engine.graph.prerequisites import PrerequisiteGraph

Edge = tuple[int, int]


def sub(name: str, level: int = 1) -> NodeRef:
    """Return a node of a topic."""
    return NodeRef(f"Sub[{name}]", level)


def model_of(names: Sequence[str], requirements: Sequence[Requirement]) -> CompetenceModel:
    """Return a model whose topics have level 1 only, so that authored edges are all there are."""
    topics = tuple(SubjectCompetence(n, n, (1,)) for n in names)
    rule = FormationRule.weakest_link()
    return CompetenceModel("m", "m", topics, (), (), (), rule, tuple(requirements))


def graph_of(edges: Sequence[Edge], count: int) -> PrerequisiteGraph:
    """Return a graph over ``count`` nodes with an authored requirement for every edge."""
    names = [f"n{i:02}" for i in range(count)]
    needs = [Requirement(sub(names[b]), (sub(names[a]),), 1) for a, b in edges]
    return PrerequisiteGraph.build(model_of(names, needs))


@st.composite
def digraphs(draw: st.DrawFn, *, acyclic: bool) -> tuple[list[Edge], int]:
    """Return random edges without loops and the number of nodes."""
    count = draw(st.integers(2, 12))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    edges = [(a, b) for a, b in draw(st.lists(pairs, max_size=30, unique=True)) if a != b]
    if acyclic:
        order = draw(st.permutations(range(count)))
        edges = list({(order[min(e)], order[max(e)]) for e in edges})
    return edges, count


def plain(edges: Sequence[Edge], count: int) -> nx.DiGraph[int]:
    """Return the edges as a graph of networkx."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    return graph


@given(digraphs(acyclic=True))
def test_layers_and_the_longest_chain_are_those_of_networkx(case: tuple[list[Edge], int]) -> None:
    graph, reference = graph_of(*case), plain(*case)
    layers = graph.layers.tolist()
    for i, generation in enumerate(nx.topological_generations(reference)):
        assert {n for n, layer in enumerate(layers) if layer == i} == set(generation)
    assert max(layers) == nx.dag_longest_path_length(reference)
    chain = [graph.index(n) for n in graph.longest_chain()]
    assert len(chain) == nx.dag_longest_path_length(reference) + 1
    assert all(reference.has_edge(a, b) for a, b in pairwise(chain))
    assert graph.find_cycle() is None


@given(digraphs(acyclic=False))
def test_a_cycle_is_named_iff_there_is_one(case: tuple[list[Edge], int]) -> None:
    graph, reference = graph_of(*case), plain(*case)
    cycle = graph.find_cycle()
    assert (cycle is None) == nx.is_directed_acyclic_graph(reference)
    if cycle is not None:
        nodes = [graph.index(n) for n in cycle]
        assert len(set(nodes)) == len(nodes) > 1
        assert all(reference.has_edge(a, b) for a, b in pairwise([*nodes, nodes[0]]))


@given(digraphs(acyclic=False))
def test_reachability_is_that_of_networkx(case: tuple[list[Edge], int]) -> None:
    graph, reference = graph_of(*case), plain(*case)
    for a in reference:
        behind = {n for _, n in nx.bfs_edges(reference, a)}
        behind |= {a} if any(reference.has_edge(n, a) for n in behind) else set()
        for b in reference:
            assert graph.is_reachable(graph.node(a), graph.node(b)) == (b in behind)


@given(digraphs(acyclic=False))
def test_fewest_links_is_the_first_by_name_of_all_shortest_paths(
    case: tuple[list[Edge], int],
) -> None:
    graph, reference = graph_of(*case), plain(*case)
    for a in reference:
        for b in reference:
            found = graph.fewest_links(graph.node(a), graph.node(b))
            if not nx.has_path(reference, a, b):
                assert found is None
                continue
            paths = nx.all_shortest_paths(reference, a, b)
            named = [tuple(map(graph.node, path)) for path in paths]
            assert found == min(named, key=lambda path: list(map(str, path)))


@given(digraphs(acyclic=True), st.data())
def test_the_closure_of_conjunctions_is_the_ancestors_up_to_the_known(
    case: tuple[list[Edge], int], data: st.DataObject
) -> None:
    graph, reference = graph_of(*case), plain(*case)
    nodes = st.sampled_from(sorted(reference))
    targets, known = data.draw(st.sets(nodes)), data.draw(st.sets(nodes))
    mask = np.isin(np.arange(len(reference)), list(known))
    closed = backward_closure(graph, np.array(sorted(targets), dtype=np.int64), mask)
    rest = reference.subgraph(set(reference) - known)
    wanted = targets - known
    right = wanted.union(*(nx.ancestors(rest, t) for t in wanted))
    assert set(np.flatnonzero(closed).tolist()) == right


@given(scenarios())
def test_the_graph_of_a_random_model_survives_networkx(scenario: Scenario) -> None:
    graph = PrerequisiteGraph.build(scenario.model)
    exported = graph.to_networkx()
    names = [str(graph.node(i)) for i in range(graph.node_count)]
    assert list(exported) == names
    edges = {(names[p], names[n]) for n in range(len(names)) for p in graph.prerequisites[n]}
    assert set(exported.edges) == edges
    assert nx.is_directed_acyclic_graph(exported)
    assert len(graph.longest_chain()) == nx.dag_longest_path_length(exported) + 1
    for i, name in enumerate(names):
        node = graph.node(i)
        assert graph.index(node) == i
        facts = exported.nodes[name]
        assert (facts["element"], facts["level"]) == node
        assert facts["derived"] == bool(graph.derived[i])
        everything = np.zeros(graph.node_count, dtype=np.bool_)
        closed = np.flatnonzero(backward_closure(graph, np.array([i]), everything))
        assert {names[j] for j in closed} == nx.ancestors(exported, name) | {name}


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=8), st.data())
def test_rows_gather_and_transpose_as_lists_do(rows: list[list[int]], data: st.DataObject) -> None:
    compressed = Rows.from_lists(rows)
    assert [compressed[i].tolist() for i in range(len(compressed))] == rows
    if rows:
        indices = data.draw(st.lists(st.integers(0, len(rows) - 1)))
        gathered = compressed.gather(np.array(indices, dtype=np.int64))
        assert gathered.tolist() == [v for i in indices for v in rows[i]]
    transposed = compressed.transposed(10)
    for value in range(10):
        assert transposed[value].tolist() == [
            i for i, row in enumerate(rows) for v in row if v == value
        ]


def test_alternatives_are_all_followed_unless_known_ones_suffice() -> None:
    requirement = Requirement(sub("goal"), (sub("a"), sub("b"), sub("c")), 2)
    behind = Requirement(sub("a"), (sub("z"),), 1)
    graph = PrerequisiteGraph.build(model_of(["goal", "a", "b", "c", "z"], [requirement, behind]))
    target = graph.indices([sub("goal")])

    def closure(*known: str) -> set[str]:
        mask = graph.known_mask({f"Sub[{k}]": 1 for k in known})
        return {str(graph.node(i)) for i in np.flatnonzero(backward_closure(graph, target, mask))}

    assert closure() == {f"Sub[{n}]@1" for n in ("goal", "a", "b", "c", "z")}
    assert closure("b") == {f"Sub[{n}]@1" for n in ("goal", "a", "c", "z")}
    assert closure("b", "c") == {"Sub[goal]@1"}
    assert closure("goal") == set()
    assert open_groups(graph, graph.known_mask({"Sub[b]": 1})).tolist() == [True, True]
    assert open_groups(graph, graph.known_mask({"Sub[b]": 1, "Sub[c]": 1})).tolist() == [
        False,
        True,
    ]


def test_arrays_of_a_model_with_zero_cells() -> None:
    cell = ProfessionalElement("p", "x", (2, 4), FormationMode.DERIVED)
    model = CompetenceModel(
        "m",
        "m",
        (SubjectCompetence("x", "x", (3, 5)),),
        (PedagogicalCompetence("p", "p", (1, 2)),),
        (),
        (cell,),
        FormationRule.weakest_link(),
        (Requirement(sub("x", 5), (NodeRef("P[p]", 1), NodeRef("P[p]", 2)), 1),),
    )
    graph = PrerequisiteGraph.build(model)
    assert graph.elements == ("Sub[x]", "P[p]", "B[p,x]")
    assert graph.first_node.tolist() == [0, 2, 4, 6]
    assert graph.node_level.tolist() == [3, 5, 1, 2, 2, 4]
    assert graph.derived.tolist() == [False] * 4 + [True, True]
    before = [set(graph.prerequisites[i].tolist()) for i in range(6)]
    # B@2 asks for Sub@3 and P@2, B@4 for Sub@5 and P@2 (the highest there is) and B@2.
    assert before == [set(), {0, 2, 3}, set(), {2}, {0, 3}, {1, 3, 4}]
    assert graph.layers.tolist() == [0, 2, 0, 1, 2, 3]
    assert [str(n) for n in graph.longest_chain()] == ["P[p]@1", "P[p]@2", "Sub[x]@5", "B[p,x]@4"]
    assert graph.known_mask({"Sub[x]": 4, "P[p]": 2}).tolist() == [
        True,
        False,
        True,
        True,
        False,
        False,
    ]
    edges = graph.to_networkx().edges
    assert edges["P[p]@1", "Sub[x]@5"] == {"kinds": ("authored",), "alternatives": True}
    assert edges["Sub[x]@3", "Sub[x]@5"] == {"kinds": ("ladder",), "alternatives": False}
    assert edges["P[p]@2", "B[p,x]@4"]["kinds"] == ("formation",)


def test_a_node_that_does_not_exist_is_a_key_error() -> None:
    graph = graph_of([], 1)
    for node in (sub("n00", 2), sub("other")):
        with pytest.raises(KeyError):
            graph.index(node)
    with pytest.raises(KeyError):
        PrerequisiteGraph.build(model_of(["a"], [Requirement(sub("a"), (sub("a", 2),), 1)]))


def test_an_empty_model_has_an_empty_graph() -> None:
    graph = graph_of([], 0)
    assert graph.node_count == 0
    assert graph.longest_chain() == ()
    assert graph.find_cycle() is None
    assert len(graph.to_networkx()) == 0
