"""``convert``, and the other commands on what it writes and reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trajectory_engine as te
from trajectory_engine.io import read_scenario_json

Runner = Callable[..., Any]

CURRICULUM = "p=2; a=1; b=6; c=1; d=3; courses={x,y}; credit=[3,2]; prereq={<y,x>}; /* open\n"
"""Two courses, one after the other: the largest load of a term is 3."""


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "two.dat"
    path.write_text(CURRICULUM, encoding="utf-8")
    return path


def test_from_a_public_file_to_a_verified_plan(run: Runner, instance: Path, tmp_path: Path) -> None:
    """Tests that the JSON and the file itself are the same scenario to every command."""
    out = tmp_path / "new" / "two.json"
    converted = run("convert", instance, out)
    assert (converted.code, converted.out) == (0, "")
    assert "warning" in converted.err and "two.dat:1" in converted.err
    assert run("plan", out, "-o", tmp_path / "plan").code == 0
    plan = tmp_path / "plan" / "plan.json"
    assert json.loads(plan.read_text())["objectives"][0]["value"] == 3
    assert run("verify", out, plan).code == 0
    assert run("verify", instance, plan).code == 0
    assert run("check", instance, "--json").document["counts"]["modules"] == 2
    assert run("graph", out).code == 0


def test_the_same_input_gives_the_same_bytes(run: Runner, instance: Path, tmp_path: Path) -> None:
    """Tests two runs, over a file that is there, and JSON from JSON."""
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    second.write_text("something else")
    for source, out in ((instance, first), (instance, second), (first, second)):
        assert run("convert", source, out).code == 0
        assert out.read_bytes() == first.read_bytes()


def test_a_scenario_folder_becomes_json(run: Runner, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "scenario.json"
    assert run("convert", folder, out).code == 0
    assert read_scenario_json(out.read_text(encoding="utf-8")) == te.load_scenario(folder)


def test_a_public_file_becomes_a_folder(run: Runner, instance: Path, tmp_path: Path) -> None:
    """Tests that a planner can go on with the folder, and that it is not written over."""
    out = tmp_path / "plans" / "two"
    assert run("convert", instance, out).code == 0
    assert (out / "model" / "modules.csv").is_file()
    assert te.load_scenario(out) == te.io.public.read_public(instance)
    assert run("check", out).code == 0
    again = run("convert", instance, out)
    assert again.code == 2
    assert "the folder is not empty" in again.err


def test_what_cannot_be_converted_is_2_and_leaves_nothing(
    run: Runner, instance: Path, tmp_path: Path
) -> None:
    """Tests a missing and a corrupt file, a wrong format, and where nothing can be written."""
    out = tmp_path / "out.json"
    corrupt = tmp_path / "corrupt.dat"
    corrupt.write_text(CURRICULUM.replace("p=2", "p=0").replace("<y,x>", "<y,z>"))
    for arguments, said in (
        ((tmp_path / "none.dat", out), "no such folder"),
        ((corrupt, out), "2 problems found"),
        ((instance, out, "--format", "psplib"), "no section"),
        ((instance, out, "--format", "psp"), "psplib"),
        ((instance, tmp_path / "out.yaml"), ".json"),
        ((instance, corrupt / "out.json"), "could not be written"),
    ):
        result = run("convert", *arguments)
        assert result.code == 2, arguments
        assert said in result.err
        assert "Traceback" not in result.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corrupt.dat", "two.dat"]


def test_faults_of_scenario_json_name_the_file(run: Runner, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "scenario.json"
    run("convert", folder, out)
    out.write_text(out.read_text().replace('"currency":"KZT"', '"currency":"tenge"'))
    result = run("check", out)
    assert result.code == 2
    assert result.err.startswith(f"{out}:currency")
