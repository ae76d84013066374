"""Every example of docs/rules.md is planned, and does what the page says."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import pytest

import trajectory_engine as te
from trajectory_engine.domain.json_reader import kind_of
from trajectory_engine.domain.standard import RuleBody
from trajectory_engine.io import load_scenario
from trajectory_engine.validation import warn

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
HEAD_ON_PAGE = re.search(r"^```yaml standard\.yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
HEAD = HEAD_ON_PAGE[1] if HEAD_ON_PAGE else ""


@dataclass
class Example:
    """Rules and tables of the page, and what it says of them."""

    rules: str = ""
    tables: dict[str, str] = field(default_factory=dict)
    claims: list[str] = field(default_factory=list)


def examples() -> list[Example]:
    """Return the examples: claims belong to the last rules; a table after claims adds to them."""
    found = [Example()]
    parts = re.findall(
        r"^```(yaml|csv)(?: (\S+))?\n(.*?)^```$|^> ([^\n]*)$", PAGE, re.MULTILINE | re.DOTALL
    )
    for language, name, text, claim in parts:
        if name == "standard.yaml":
            continue
        if language == "yaml":
            found.append(Example(text))
        elif language == "csv":
            if found[-1].claims:
                found.append(Example(found[-1].rules))
            found[-1].tables[name] = text
        else:
            found[-1].claims.append(claim)
    return found


EXAMPLES = examples()


def write(example: Example, folder: Path) -> Path:
    """Write the tiny scenario with the rules and tables of an example."""
    shutil.copytree(ROOT / "models" / "tiny", folder / "models" / "tiny")
    path = folder / "scenarios" / "tiny"
    shutil.copytree(ROOT / "scenarios" / "tiny", path)
    (path / "standard.yaml").write_text(HEAD + example.rules, "utf-8")
    lines = (path / "scenario.yaml").read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("objectives:")]
    if example.rules:
        kept.append("standard: standard.yaml")
    order = [c.split(": ")[1] for c in example.claims if c.startswith("objectives: ")]
    kept += [f"objectives: [{names}]" for names in order]
    (path / "scenario.yaml").write_text("\n".join(kept) + "\n", "utf-8")
    for name, text in example.tables.items():
        (path / name).write_text(text, "utf-8")
    return path


def told(plan: te.TeacherPlan) -> str:
    """Return a plan as the page tells it."""
    modules = ", ".join(step.module for step in plan.steps)
    over = max(step.end for step in plan.steps)
    broken = f", breaking {', '.join(plan.broken_rules)}" if plan.broken_rules else ""
    return f"{plan.teacher} takes {modules} and is done in week {over}{broken}"


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_example(example: Example, tmp_path: Path) -> None:
    path = write(example, tmp_path)
    plans = [c for c in example.claims if not c.startswith(("objectives: ", "refused: "))]
    refused = [c.split(": ", 1)[1] for c in example.claims if c.startswith("refused: ")]
    assert bool(plans) is not bool(refused)
    if refused:
        with pytest.raises(te.InputError, match=refused[0]):
            load_scenario(path)
        return
    result = te.plan(load_scenario(path))
    assert result.status is te.Status.OPTIMAL
    assert [told(plan) for plan in result.teachers] == plans


def test_the_page_shows_every_kind() -> None:
    shown = set(re.findall(r"kind: (\w+)", PAGE))
    assert shown == {kind_of(body) for body in get_args(RuleBody)}


def standard_of_tiny(name: str, tmp_path: Path, tables: dict[str, str] | None = None) -> Path:
    """Return the tiny scenario with a shipped standard, objectives by default."""
    shutil.copytree(ROOT / "models", tmp_path / "models")
    path = write_tiny(tmp_path, name)
    for table, text in (tables or {}).items():
        (path / table).write_text(text, "utf-8")
    return path


def write_tiny(tmp_path: Path, standard: str) -> Path:
    """Copy the tiny scenario and let it name a standard."""
    path = tmp_path / "scenarios" / "tiny"
    shutil.copytree(ROOT / "scenarios" / "tiny", path)
    lines = (path / "scenario.yaml").read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("objectives:")]
    text = "\n".join([*kept, f"standard: ../../models/{standard}", ""])
    (path / "scenario.yaml").write_text(text, "utf-8")
    return path


def test_the_invented_pack_has_every_kind_and_can_be_kept(tmp_path: Path) -> None:
    records = "teacher,module,date,hours,expires\nB,LICENCE,2025-01-10,2,2027-02-21\n"
    name = "tiny/standard-every-kind.yaml"
    scenario = load_scenario(standard_of_tiny(name, tmp_path, {"completed.csv": records}))
    assert {type(r.body) for r in scenario.binding_rules} == set(get_args(RuleBody))
    assert warn(scenario) == ()
    result = te.plan(scenario)
    assert result.status is te.Status.OPTIMAL
    assert te.verify(scenario, result) == []
    # Subject has 3 + 2 levels, pedagogical 3 + 3.  A (logic at 1) ends with 4/5 against 5/6 by way
    # of QUIZ, with 5/5 against 3/6 by way of LOGIC.  B (quizzes at 2) ends with 3/5 against 5/6, or
    # with LOGIC as well with 5/5 against 5/6: both differ by more than a tenth.
    assert result.plan_of("A").broken_rules == ()
    assert [s.module for s in result.plan_of("A").steps] == ["QUIZ", "NUM", "ERR"]
    assert result.plan_of("B").broken_rules == ("BALANCED",)


def test_the_european_profile_fits_any_catalogue(tmp_path: Path) -> None:
    scenario = load_scenario(standard_of_tiny("standards/eu-microcredential.yaml", tmp_path))
    assert [r.id for r in scenario.binding_rules] == ["EU-MC-SIZE", "EU-YEAR"]
    result = te.plan(scenario)
    assert result.status is te.Status.OPTIMAL
    assert te.verify(scenario, result) == []
    # only BOTH has a credit; A cannot form all that is asked for with it alone, B can
    assert result.plan_of("A").broken_rules == ("EU-MC-SIZE",)
    assert [s.module for s in result.plan_of("B").steps] == ["BOTH"]
