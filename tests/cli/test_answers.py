"""The commands that answer questions: tables, one JSON document, files, plain messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from trajectory_engine.io import schemas

Runner = Callable[..., Any]
TINY = Path(__file__).parents[2] / "scenarios" / "tiny"
COMMANDS: dict[str, list[str]] = {
    "pareto": ["--over", "completion,cost,study_hours"],
    "alternatives": ["--tolerance", "100%", "-k", "2"],
    "prices": [],
    "why": [],
    "robust": ["--threshold", "101"],
    "assess": ["--threshold", "101"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_json_is_one_document_of_its_schema(run: Runner, name: str, tmp_path: Path) -> None:
    arguments = [name, TINY, "--teacher", "B", *COMMANDS[name], "--json", "--out", tmp_path / "o"]
    result = run(*arguments)
    assert result.code == 0
    jsonschema.Draft202012Validator(schemas.shipped(name)).validate(result.document)
    assert result.document["format"] == f"trajectory-engine/{name}"
    assert json.loads((tmp_path / "o" / f"{name}.json").read_text("utf-8")) == result.document
    pictures = {"pareto": ["pareto.png"], "prices": ["waterfall.png"]}.get(name, [])
    assert [p.name for p in (tmp_path / "o").glob("*.png")] == pictures


@pytest.mark.parametrize("name", COMMANDS)
def test_no_plan_is_3_and_explained(run: Runner, name: str, folder: Path) -> None:
    calendar = "calendar:\n  start: 2027-01-18\n  periods: 1\n"
    text = (folder / "scenario.yaml").read_text("utf-8").split("calendar:")[0]
    (folder / "scenario.yaml").write_text(text + calendar, "utf-8")
    result = run(name, folder, "--teacher", "T1", *COMMANDS[name])
    assert result.code == 3
    assert "T1: infeasible" in result.out
    assert f"explain {folder} --teacher T1 says why" in result.err
    document = run(name, folder, "--teacher", "T1", *COMMANDS[name], "--json").document
    jsonschema.Draft202012Validator(schemas.shipped(name)).validate(document)


def test_tables_say_what_was_found(run: Runner) -> None:
    front = run("pareto", TINY, "--teacher", "A", "--over", "completion,cost").out
    assert "2 plans that no other beats; no point is missing" in front
    assert "70,000.00" in front
    others = run("alternatives", TINY, "--teacher", "A", "--tolerance", "100%").out
    assert "3 alternatives; there are no others" in others
    prices = run("prices", TINY, "--teacher", "B").out
    assert "1 limit with a price" in prices
    reasons = run("why", TINY, "--teacher", "A", "--module", "LOGIC").out
    assert "needed for ERR for task:lesson" in reasons
    assert "QUIZ instead" in reasons


def test_a_limit_is_kept(run: Runner) -> None:
    arguments = ["pareto", TINY, "--teacher", "A", "--over", "completion,cost"]
    assert "1 plan that" in run(*arguments, "--at-most", "completion=6").out


@pytest.mark.parametrize(
    "arguments",
    [
        ["pareto", "--over", "cost"],
        ["pareto", "--over", "cost,cost"],
        ["pareto", "--over", "cost,beauty"],
        ["pareto", "--over", "cost,completion", "--at-most", "completion"],
        ["pareto", "--over", "cost,completion", "--at-most", "cost=1", "--at-most", "cost=2"],
        ["alternatives", "--differ", "colours:2"],
        ["alternatives", "--differ", "modules:0"],
        ["alternatives", "--tolerance", "much"],
        ["alternatives", "--tolerance", "peak_load=1"],
        ["alternatives", "--tolerance", "1%", "--tolerance", "2"],
        ["alternatives", "-k", "0"],
        ["why", "--module", "QUIZ"],
        ["prices", "--time-limit", "0"],
        ["robust", "--case", "Sub[logic]+Sub[nothing]"],
        ["robust", "--threshold", "102"],
    ],
)
def test_wrong_questions_are_2_and_explained(run: Runner, arguments: list[str]) -> None:
    name, *options = arguments
    result = run(name, TINY, "--teacher", "A", *options, "--json")
    assert result.code == 2
    assert result.document["format"] == "trajectory-engine/error"
    assert "Traceback" not in result.err


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_teacher_is_named(run: Runner, name: str) -> None:
    result = run(name, TINY, "--teacher", "Z", *COMMANDS[name])
    assert result.code == 2
    assert "--teacher" in result.err


def test_a_module_that_does_not_exist_is_no_module_that_is_not_taken(run: Runner) -> None:
    for name, said in (("LOGC", "such as LOGIC"), ("TALK", "does not take module TALK")):
        result = run("why", TINY, "--teacher", "A", "--module", name)
        assert result.code == 2
        assert said in result.err
