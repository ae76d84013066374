"""Every example of docs/money.md and docs/recognition.md does what the page says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.domain.messages import render
from trajectory_engine.io import load_scenario

ROOT = Path(__file__).parents[2]
PART = re.compile(r"^```(yaml|csv)(?: (\S+))?\n(.*?)^```$|^> ([^\n]*)$", re.MULTILINE | re.DOTALL)
Example = tuple[str, dict[str, str], list[str]]


def examples(page: str) -> list[Example]:
    """Return the keys, tables and claims of every example; blocks after claims begin a new one."""
    found: list[Example] = [("", {}, [])]
    for language, name, text, claim in PART.findall((ROOT / "docs" / page).read_text("utf-8")):
        if claim:
            found[-1][2].append(claim)
            continue
        if found[-1][2]:
            found.append(("", {}, []))
        keys, tables, claims = found[-1]
        if language == "yaml":
            found[-1] = (keys + text, tables, claims)
        else:
            tables[name] = text
    return found


def write(example: Example, folder: Path) -> Path:
    """Write the tiny scenario with the keys and tables of an example."""
    keys, tables, _ = example
    shutil.copytree(ROOT / "models" / "tiny", folder / "models" / "tiny")
    path = folder / "scenarios" / "tiny"
    shutil.copytree(ROOT / "scenarios" / "tiny", path)
    lines = (path / "scenario.yaml").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.split(":")[0] not in keys]
    (path / "scenario.yaml").write_text("\n".join([*kept, keys]), "utf-8")
    for name, text in tables.items():
        (path / name).write_text(text, "utf-8")
    return path


def answered(path: Path, claims: list[str]) -> te.Result:
    """Plan the teachers that an example speaks of, and judge the plans."""
    scenario = load_scenario(path)
    teachers = [t.id for t in scenario.teachers if any(c[0] == t.id for c in claims)]
    result = te.plan(scenario, teachers=teachers)
    assert result.status is te.Status.OPTIMAL
    assert te.verify(scenario, result) == []
    return result


@pytest.mark.parametrize("example", examples("money.md"))
def test_money(example: Example, tmp_path: Path) -> None:
    claims = example[2]
    result = answered(write(example, tmp_path), claims)
    told = [
        f"{plan.teacher}: " + ", ".join(f"{b.fund} pays {b.paid}" for b in plan.funds if b.paid)
        for plan in result.teachers
    ]
    told += [
        f"{b.fund} {b.year}: granted {b.granted}, carried {b.carried},"
        f" paid {b.paid}, remains {b.remains}"
        for b in result.funds
        if b.year is not None
    ]
    assert told == claims


@pytest.mark.parametrize("example", examples("recognition.md"))
def test_recognition(example: Example, tmp_path: Path) -> None:
    path, claims = write(example, tmp_path), example[2]
    if claims[0].startswith("refused: "):
        with pytest.raises(te.InputError, match=claims[0].removeprefix("refused: ")):
            load_scenario(path)
        return
    result = answered(path, claims)
    told = []
    for plan in result.teachers:
        modules = ", ".join(s.module for s in plan.steps) or "nothing"
        gives = [f"{r.id} gives {' '.join(r.nodes)}" for r in plan.recognised] or ["nothing"]
        told.append(f"{plan.teacher} takes {modules}; recognised: {', '.join(gives)}")
        told += [f"warning: {render(w)}" for w in plan.warnings]
    assert told == claims
