"""``plan --explain-reduction``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trajectory_engine as te
from trajectory_engine.cli.reduction_views import WHY
from trajectory_engine.reduce import STEPS, ReductionReport

Runner = Callable[..., Any]
IT_TEACHERS = Path(__file__).parents[2] / "scenarios" / "it-teachers"


def test_every_reason_has_a_sentence() -> None:
    assert {step.why for step in STEPS} == set(WHY)


def test_steps_are_shown_with_what_they_left_out(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "150")
    arguments = ("plan", IT_TEACHERS, "--teacher", "T007")
    shown = run(*arguments, "--explain-reduction")
    assert shown.code == 0
    assert "reduction for T007" in shown.out
    assert WHY["another_is_as_good"] in shown.out
    assert "reduction for" not in run(*arguments).out


def test_it_is_not_for_machines(run: Runner) -> None:
    result = run("plan", IT_TEACHERS, "--explain-reduction", "--json")
    assert result.code == 2
    assert "--json" in result.document["message"]


def test_the_library_hands_out_the_reports() -> None:
    found: list[ReductionReport] = []
    scenario = te.load_scenario(IT_TEACHERS)
    te.plan(scenario, teachers=["T007"], on_reduction=found.append)
    assert [r.teacher for r in found] == ["T007"]
    assert found[0].after.modules < found[0].before.modules
