"""``convert`` and the other commands on degree plans, learning graphs and CASE packages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]

HEADING = "Course ID,Course Name,Prerequisites,Corequisites,Strict-Corequisites,Credit Hours"
PLAN = f"Curriculum,Small\nCourses\n{HEADING}\n1,First,,,,12\n2,Second,1,,,3\n"
GRAPH = "ConceptID,ConceptLabel,Dependencies\n1,First,\n2,Second,1\n"
PACKAGE = {
    "CFDocument": {"identifier": "d", "title": "Small"},
    "CFItems": [
        {"identifier": "1", "fullStatement": "First"},
        {"identifier": "2", "fullStatement": "Second"},
    ],
    "CFAssociations": [
        {
            "associationType": "precedes",
            "originNodeURI": {"identifier": "1"},
            "destinationNodeURI": {"identifier": "2"},
        }
    ],
}
TABLES = {
    "graph/elements.csv": "id,title\n1,First\n2,Second\n",
    "graph/prerequisites.csv": "source,target\n1,2\n",
}
SOURCES = {"plan.csv": PLAN, "graph.csv": GRAPH, "package.json": json.dumps(PACKAGE), "graph": ""}


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a file or a folder in which the second of two things needs the first."""
    (tmp_path / "graph").mkdir()
    for name, text in (SOURCES | TABLES).items():
        if text:
            (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / str(request.param)


def test_from_a_file_to_a_verified_plan(run: Runner, source: Path, tmp_path: Path) -> None:
    """Tests that two periods are needed, that what is assumed is said, and that both forms do."""
    out = tmp_path / "out.json"
    converted = run("convert", source, out)
    assert (converted.code, converted.out) == (0, "")
    assert "(assumed)" in converted.err
    assert run("plan", out, "--out", tmp_path / "plan").code == 0
    plan = tmp_path / "plan" / "plan.json"
    assert json.loads(plan.read_text(encoding="utf-8"))["objectives"][0]["value"] == 2
    assert run("verify", out, plan).code == 0
    assert run("verify", source, plan).code == 0


def test_a_circle_is_an_input_error(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(PLAN.replace("1,First,,", "1,First,2,"), encoding="utf-8")
    result = run("convert", path, tmp_path / "out.json")
    assert result.code == 2
    assert f"{path}:4:Prerequisites: the cycle 1 -> 2 -> 1" in result.err
    assert not (tmp_path / "out.json").exists()


def test_what_cannot_be_had_is_3(run: Runner, tmp_path: Path) -> None:
    """Tests a first term that has to have 12 credits and can have 11."""
    path = tmp_path / "plan.csv"
    path.write_text(PLAN.replace(",12\n", ",11\n"), encoding="utf-8")
    assert run("plan", path, "--out", tmp_path / "plan").code == 3
