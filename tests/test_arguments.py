"""Every function of the library names a wrong argument before it reads or solves anything."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trajectory_engine as te

ROOT = Path(__file__).parents[1]
SCENARIO = te.load_scenario(ROOT / "scenarios" / "tiny")

Ask = Callable[..., Any]
QUESTIONS: dict[str, Ask] = {
    "plan": lambda scenario, teacher, **more: te.plan(scenario, [teacher], **more),
    "explain": lambda scenario, teacher, **more: te.explain(scenario, [teacher], **more),
    "pareto": lambda scenario, teacher, **more: te.pareto(
        scenario, teacher, ["completion", "cost"], **more
    ),
    "alternatives": te.alternatives,
    "prices": te.prices,
    "why": te.why,
    "robust": te.robust,
    "assess_first": te.assess_first,
}
WRONG: dict[str, tuple[Any, ...]] = {
    "time_limit": (0, -1, math.nan, "30", None, True, 10**400),
    "seed": (-1, 2**31, 1.5, "0", None, True),
    "cancel": (True, "now"),
}
OWN: list[tuple[str, dict[str, Any]]] = [
    ("plan", {"workers": 0}),
    ("plan", {"workers": 1.0}),
    ("plan", {"on_progress": "print"}),
    ("explain", {"workers": 0}),
    ("explain", {"repairs": -1}),
    ("pareto", {"limits": {"completion": -1}}),
    ("pareto", {"limits": {"completion": 1.5}}),
    ("pareto", {"limits": {"price": 3}}),
    ("pareto", {"limits": 3}),
    ("alternatives", {"count": 0}),
    ("alternatives", {"least": "2"}),
    ("alternatives", {"difference": "colour"}),
    ("alternatives", {"within": [te.Tolerance(None, -1)]}),
    ("alternatives", {"within": [te.Tolerance(None, 10**18)]}),
    ("why", {"module": 7}),
    ("robust", {"threshold": -1}),
    ("robust", {"threshold": 102}),
    ("robust", {"cases": ["Sub[num]"]}),
    ("assess_first", {"threshold": 70.5}),
]


@pytest.mark.parametrize("name", QUESTIONS)
def test_scenario_and_teacher(name: str) -> None:
    ask = QUESTIONS[name]
    with pytest.raises(TypeError, match="scenario must be a Scenario, not a str"):
        ask("scenarios/tiny", "A")
    with pytest.raises(TypeError, match="not None"):
        ask(None, "A")
    with pytest.raises(KeyError, match="nobody"):
        ask(SCENARIO, "nobody")
    with pytest.raises(ValueError, match="teacher"):
        ask(SCENARIO, 3)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("argument", WRONG)
def test_arguments_that_all_share(name: str, argument: str) -> None:
    for value in WRONG[argument]:
        with pytest.raises((TypeError, ValueError), match=argument):
            QUESTIONS[name](SCENARIO, "A", **{argument: value})


@pytest.mark.parametrize(("name", "arguments"), OWN)
def test_arguments_of_one_question(name: str, arguments: dict[str, Any]) -> None:
    (argument,) = arguments
    pattern = {"within": "tolerance"}.get(argument, argument)
    with pytest.raises((TypeError, ValueError), match=pattern):
        QUESTIONS[name](SCENARIO, "A", **arguments)


@pytest.mark.parametrize("teachers", ["A", [], 3, [3], None])
def test_teachers(teachers: Any) -> None:
    if teachers is None:
        assert len(te.plan(SCENARIO, None).teachers) == len(SCENARIO.teachers)
        return
    with pytest.raises(ValueError, match="teacher"):
        te.plan(SCENARIO, teachers)
    with pytest.raises(ValueError, match="teacher"):
        te.explain(SCENARIO, teachers)


def test_front_needs_objectives() -> None:
    for over in ("completion", ["completion", "price"], [1, 2], ["cost"], None):
        with pytest.raises(ValueError):
            te.pareto(SCENARIO, "A", over)  # type: ignore[arg-type]


def test_a_tolerance_beyond_every_plan_is_held_by_the_solver() -> None:
    wide = [te.Tolerance(None, 10**17, per_cent=True)]
    assert len(te.alternatives(SCENARIO, "A", count=1, within=wide).alternatives) == 1


def test_results_are_asked_for_by_name() -> None:
    with pytest.raises(TypeError, match="previous must be a Result"):
        te.plan(SCENARIO, previous="x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="result must be a Result"):
        te.verify(SCENARIO, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="scenario must be a Scenario"):
        te.verify(None, te.plan(SCENARIO))  # type: ignore[arg-type]


def test_collections_of_questions_are_checked() -> None:
    with pytest.raises(ValueError, match="within"):
        te.alternatives(SCENARIO, "A", within=["x"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="cases"):
        te.robust(SCENARIO, "B", cases=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="on_reduction"):
        te.plan(SCENARIO, on_reduction=3)  # type: ignore[arg-type]
