"""``explain``: conflicts and repairs, or why a module; a schema; what is not settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema

from trajectory_engine.io import schemas

Runner = Callable[..., Any]
SCENARIOS = Path(__file__).parents[2] / "scenarios"
TINY = SCENARIOS / "tiny"
DEADLINE = SCENARIOS / "infeasible-deadline"


def test_json_is_one_document_of_its_schema(run: Runner) -> None:
    result = run("explain", DEADLINE, "--json")
    assert result.code == 3
    jsonschema.Draft202012Validator(schemas.shipped("explanation")).validate(result.document)


def test_a_module_is_explained_as_by_the_command_why(run: Runner) -> None:
    asked = ("--teacher", "A", "--module", "LOGIC")
    assert run("explain", TINY, *asked).out == run("why", TINY, *asked).out
    assert run("explain", TINY, *asked, "--json").document["format"] == "trajectory-engine/why"


def test_a_module_is_explained_for_one_teacher(run: Runner) -> None:
    for teachers in ((), ("--teacher", "A", "--teacher", "B")):
        result = run("explain", TINY, *teachers, "--module", "LOGIC", "--json")
        assert result.code == 2
        assert "one --teacher beside it" in result.document["message"]


def test_what_is_not_settled_is_said(run: Runner) -> None:
    result = run("explain", DEADLINE, "--time-limit", "0.001", "--workers", "1")
    assert result.code in (3, 4)  # the graph alone may refute it
    assert "not settled: " in result.out
    assert "(the time ran out)" in result.out


def test_that_nothing_negotiable_helps_is_said_as_a_fact(run: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "scenarios" / "closed"
    folder.mkdir(parents=True)
    (tmp_path / "models").symlink_to(SCENARIOS.parent / "models")
    for file in DEADLINE.iterdir():
        text = file.read_text("utf-8")
        closed = "repairs: {period: never, task: never}"
        text = text.replace("repairs: {period: 1000000, task: never}", closed)
        (folder / file.name).write_text(text, "utf-8")
    out = run("explain", folder).out
    assert "  no change of the negotiable limits brings a plan about" in out
    assert "not settled" not in out
