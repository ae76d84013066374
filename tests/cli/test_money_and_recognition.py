"""What ``plan`` shows of money and prior learning, and plans without a recognition."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Return the tiny scenario with a diploma of teacher A."""
    for name in ("models", "scenarios"):
        shutil.copytree(ROOT / name / "tiny", tmp_path / name / "tiny")
    folder = tmp_path / "scenarios" / "tiny"
    text = "teacher,element,level,evidence,id\nA,P[err],3,Diploma of 2024,D-1\n"
    (folder / "recognition.csv").write_text(text, "utf-8")
    return folder


def test_the_plan_shows_the_diploma_and_what_remains(
    scenario: Path, tmp_path: Path, run: Callable[..., Any]
) -> None:
    code, text, _ = run("plan", scenario, "--teacher", "A", "--out", tmp_path / "out")
    assert code == 0
    assert "Diploma of 2024" in text
    assert "sources of money" in text
    written = json.loads((tmp_path / "out" / "plan.json").read_text("utf-8"))
    (teacher,) = written["teachers"]
    assert teacher["recognised"] == [
        {"id": "D-1", "evidence": "Diploma of 2024", "nodes": [f"P[err]@{n}" for n in (1, 2, 3)]}
    ]
    paid = sum(step["paid_by"]["state"] for step in teacher["steps"])
    assert written["funds"][0] == {
        "fund": "state",
        "year": None,
        "granted": 6000000,
        "carried": 0,
        "paid": paid,
        "remains": 6000000 - paid,
    }
    assert teacher["funds"][0]["granted"] == 3000000
    assert run("verify", scenario, tmp_path / "out" / "plan.json").code == 0


@pytest.mark.parametrize("name", ["D-1", "all"])
def test_a_plan_without_a_recognition_is_longer_and_verified_without_it(
    scenario: Path, tmp_path: Path, run: Callable[..., Any], name: str
) -> None:
    out, off = tmp_path / "out", ("--without-recognition", name)
    code, text, _ = run("plan", scenario, "--teacher", "A", "--out", out, *off)
    assert code == 0
    assert "Diploma" not in text
    assert len(json.loads((out / "plan.json").read_text("utf-8"))["teachers"][0]["steps"]) == 3
    assert run("verify", scenario, out / "plan.json", *off).code == 0
    assert run("verify", scenario, out / "plan.json").code != 0


def test_an_unknown_recognition_is_named(scenario: Path, run: Callable[..., Any]) -> None:
    code, _, text = run("plan", scenario, "--without-recognition", "D-2")
    assert code == 2
    assert "'D-2'" in text
    assert "D-1" in text
