"""Learning graphs, as one file and as a folder of two tables."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from corruption import corrupted
from learning_graph_texts import EDGES, ELEMENTS, GRAPH

import trajectory_engine as te
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io.public import import_public, read_public

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT.parent / "shared" / "data"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "graph.csv"
    path.write_text(text, encoding="utf-8")
    return path


def folder(tmp_path: Path, elements: str = ELEMENTS, edges: str = EDGES) -> Path:
    path = tmp_path / "graph"
    path.mkdir(exist_ok=True)
    (path / "elements.csv").write_text(elements, encoding="utf-8")
    (path / "prerequisites.csv").write_text(edges, encoding="utf-8")
    return path


def problems_of(path: Path) -> list[InputProblem]:
    with pytest.raises(InputError) as caught:
        read_public(path, format="learning-graph")
    return list(caught.value.problems)


def node(concept: str) -> NodeRef:
    return NodeRef(f"Sub[{concept}]", 1)


def test_what_becomes_what(tmp_path: Path) -> None:
    scenario = read_public(written(tmp_path, GRAPH))
    assert [(s.id, s.name, s.group, s.levels) for s in scenario.model.subject] == [
        ("1", "Number", "FOUND", (1,)),
        ("2", "Variable", "FOUND", (1,)),
        ("3", "Loop, counted", "CTRL", (1,)),
        ("4", "Comment", "", (1,)),
    ]
    assert scenario.model.prerequisites == (
        Requirement(node("2"), (node("1"),), 1),
        Requirement(node("3"), (node("1"), node("2")), 2),
    )
    assert [(m.id, m.teaches, m.entry, m.modes[0].hours) for m in scenario.modules] == [
        (str(i), (node(str(i)),), None, 1) for i in (1, 2, 3, 4)
    ]
    assert [g.node for g in scenario.teachers[0].goals] == [node(str(i)) for i in (1, 2, 3, 4)]
    assert te.Scenario.from_json(scenario.to_json()) == scenario


def test_a_folder_means_the_same_as_a_file(tmp_path: Path) -> None:
    """Tests that the second mention of an edge changes nothing."""
    assert read_public(folder(tmp_path)) == read_public(written(tmp_path, GRAPH))


@pytest.mark.parametrize("table", ["elements.csv", "prerequisites.csv"])
def test_a_table_stands_for_its_folder(tmp_path: Path, table: str) -> None:
    path = folder(tmp_path)
    assert read_public(path / table) == read_public(path)
    (path / "prerequisites.csv").unlink()
    with pytest.raises(InputError):
        read_public(path / table)


def test_the_title_of_a_group_names_it(tmp_path: Path) -> None:
    scenario = read_public(folder(tmp_path, ELEMENTS.replace("CTRL,,", "CTRL,,Control flow")))
    assert [m.group for m in scenario.modules] == ["FOUND", "FOUND", "Control flow", ""]


def test_a_chain_of_three_takes_three_weeks(tmp_path: Path) -> None:
    scenario = read_public(written(tmp_path, GRAPH))
    result = te.plan(scenario)
    assert (result.status, result.objectives[0].value) == (te.Status.OPTIMAL, 3)
    starts = {s.module: s.start for s in result.teachers[0].steps}
    assert (starts["1"], starts["2"], starts["3"]) == (0, 1, 2)
    assert te.verify(scenario, result) == []


def test_ten_hours_a_week_hold_ten_concepts(tmp_path: Path) -> None:
    rows = "".join(f"{i},Concept {i},,\n" for i in range(21))
    scenario = read_public(written(tmp_path, GRAPH.partition("\n")[0] + "\n" + rows))
    result = te.plan(scenario)
    assert result.objectives[0].value == 3


def test_remarks_say_what_is_made_up_and_left_out(tmp_path: Path) -> None:
    text = GRAPH.replace("TaxonomyID", "TaxonomyID,Bloom", 1).replace(",CTRL", ",CTRL,Apply")
    remarks = import_public(written(tmp_path, text)).remarks
    assert [(r.code, r.row) for r in remarks] == [("column_not_used", 1), ("modules_assumed", None)]
    assert "1 hour" in remarks[1].expected
    assert "10 hours of study a week" in remarks[1].expected
    levels = ELEMENTS.replace("CTRL,", "CTRL,3")
    [remark, _] = import_public(folder(tmp_path, levels)).remarks
    assert (remark.code, remark.column) == ("column_not_used", "level")


FAULTS = [
    ("2,Variable,1", "1,Variable,", [("duplicate_id", 3, "ConceptID"),
                                     ("unknown_id", 4, "Dependencies")]),
    ("2,Variable,1", "2,Variable,7", [("unknown_id", 3, "Dependencies")]),
    ("2,Variable,1", "2,Variable,2", [("cycle", 3, "Dependencies")]),
    ("2,Variable,1", "2,Variable,3", [("cycle", 3, "Dependencies")]),
    ("2,Variable,1", "2,,1", [("missing_value", 3, "ConceptLabel")]),
    ("2,Variable,1", ",Variable,1", [("identifier", 3, "ConceptID"),
                                     ("unknown_id", 4, "Dependencies")]),
    ("4,Comment", "Com ment,Comment", [("identifier", 5, "ConceptID")]),
    ("4,Comment,,", "4,Comment,,,,X", [("unnamed_column", 5, "column 6")]),
    ("1|2", "1;2", [("unknown_id", 4, "Dependencies")]),
    ("TaxonomyID", "TaxonomyID,ConceptID", [("duplicate_column", 1, "ConceptID")]),
    ("Dependencies", "Dependency", [("missing_column", 1, "Dependencies"),
                                    ("unknown_column", 1, "Dependency")]),
    ("ConceptID,", ",", [("missing_column", 1, "ConceptID"),
                         ("unnamed_column", 2, "column 1"),
                         ("unnamed_column", 3, "column 1"),
                         ("unnamed_column", 4, "column 1"),
                         ("unnamed_column", 5, "column 1")]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_faults_name_line_and_column(
    tmp_path: Path, old: str, new: str, expected: list[tuple[str, int, str]]
) -> None:
    assert old in GRAPH
    found = problems_of(written(tmp_path, GRAPH.replace(old, new, 1)))
    assert sorted((p.code, p.row, p.column) for p in found) == sorted(expected)


def test_no_concept_is_no_graph(tmp_path: Path) -> None:
    assert [p.code for p in problems_of(written(tmp_path, GRAPH[: GRAPH.index("1,")]))] == [
        "no_concepts"
    ]


def test_a_circle_is_named_once(tmp_path: Path) -> None:
    """Tests a circle of three, entered from outside: 4 needs it and is not part of it."""
    text = GRAPH.replace("1,Number,", "1,Number,3").replace("4,Comment,", "4,Comment,2")
    [problem] = problems_of(written(tmp_path, text))
    assert (problem.row, problem.found) == (2, "the cycle 1 -> 3 -> 1")


def test_faults_of_a_folder_name_the_table(tmp_path: Path) -> None:
    elements = ELEMENTS.replace("2,Variable", "1,Variable")
    edges = EDGES.replace("source,target", "source,target,kind").replace("1,3\n", "1,3,co\n", 1)
    edges = edges.replace("2,3\n", "9,3,pre\n")
    found = problems_of(folder(tmp_path, elements, edges))
    assert [(Path(p.file).name, p.code, p.row, p.column) for p in found] == [
        ("elements.csv", "duplicate_id", 3, "id"),
        ("prerequisites.csv", "unknown_id", 2, "target"),
        ("prerequisites.csv", "one_of", 3, "kind"),
        ("prerequisites.csv", "unknown_id", 4, "source"),
    ]


def test_a_circle_in_a_folder_stands_in_its_edges(tmp_path: Path) -> None:
    [problem] = problems_of(folder(tmp_path, edges=EDGES + "3,1\n"))
    assert (Path(problem.file).name, problem.row) == ("prerequisites.csv", 6)


def test_a_folder_without_one_of_its_tables(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "elements.csv").unlink()
    assert [(Path(p.file).name, p.code) for p in problems_of(path)] == [
        ("elements.csv", "missing_file")
    ]
    with pytest.raises(InputError) as caught:
        read_public(path)
    assert caught.value.problems[0].code == "unknown_format"


@pytest.mark.parametrize("table", ["elements.csv", "prerequisites.csv"])
def test_corrupt_tables_are_refused_or_read(tmp_path: Path, table: str) -> None:
    """Tests a folder one of whose tables has bytes, words and lines changed, lost or moved."""
    path = folder(tmp_path)
    sound = (path / table).read_bytes()
    numbers = random.Random(table)
    refused = 0
    for _ in range(300):
        (path / table).write_bytes(corrupted(sound, numbers))
        try:
            scenario = read_public(path, format="learning-graph")
        except InputError as error:
            refused += 1
            assert all(p.found and p.expected and p.file for p in error.problems)
        else:
            assert 1 <= len(scenario.modules) <= 5
    assert refused > 100


SHARED = [
    ("learning_graph_cs", 400, 616, 16),
    ("learning_graph_is", 580, 946, 19),
    ("learning_graph_learning_sciences", 230, 351, 10),
]
"""Concepts, edges and the longest chain, as counted by whoever gathered the graphs."""


@pytest.mark.parametrize(("name", "concepts", "edges", "chain"), SHARED)
def test_published_graphs_are_read(name: str, concepts: int, edges: int, chain: int) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the published graphs are not beside the repository: {path}")
    scenario = read_public(path)
    assert len(scenario.modules) == concepts
    assert sum(len(r.needs) for r in scenario.model.prerequisites) == edges
    assert scenario.calendar.horizon == chain + -(-concepts // 10)


def test_a_scenario_that_was_read_can_be_changed(tmp_path: Path) -> None:
    """Tests that what is made up is ordinary data: two hours a week, so two weeks for four."""
    scenario = read_public(written(tmp_path, GRAPH.replace("1|2", "").replace(",1,", ",,")))
    busy = replace(scenario.teachers[0], hours=(2,) * scenario.calendar.horizon)
    assert te.plan(replace(scenario, teachers=(busy,))).objectives[0].value == 2
