"""Texts that say more than they may, and a table whose fault must not bury itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from scenario_files import Folder

import trajectory_engine as te

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def text() -> str:
    """Return the plan of the tiny scenario as JSON."""
    return te.result_to_json(te.plan(te.load_scenario(ROOT / "scenarios" / "tiny")))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [("gap", 0.5, "0.0, from value and bound"), ("proven", False, "true, from value and bound")],
)
def test_a_proof_that_the_figures_belie_is_refused(
    text: str, key: str, value: object, expected: str
) -> None:
    document = json.loads(text)
    document["objectives"][1][key] = value
    document["teachers"][0]["objectives"][2][key] = value
    with pytest.raises(te.InputError) as caught:
        te.result_from_json(json.dumps(document))
    places = [(p.column, p.expected) for p in caught.value.problems]
    assert places == [
        (f"objectives[1].{key}", expected),
        (f"teachers[0].objectives[2].{key}", expected),
    ]


@pytest.mark.parametrize("credits", ["1" * 5000, "0" * 4400 + ".13"])
def test_credits_of_thousands_of_digits_are_refused(text: str, credits: str) -> None:
    document = json.loads(text)
    document["teachers"][0]["steps"][0]["credits"] = credits
    with pytest.raises(te.InputError) as caught:
        te.result_from_json(json.dumps(document))
    assert [p.column for p in caught.value.problems] == ["teachers[0].steps[0].credits"]


def test_an_unreadable_table_is_the_only_fault(folder: Folder) -> None:
    path = folder.write()
    (path / "teachers.csv").write_bytes(b"id,hours\nT\xc6,5\n")
    with pytest.raises(te.InputError) as caught:
        te.load_scenario(path)
    assert {p.file for p in caught.value.problems} == {"teachers.csv"}


def test_two_runs_give_equal_results() -> None:
    scenario = te.load_scenario(ROOT / "scenarios" / "tiny")
    assert te.plan(scenario) == te.plan(replace(scenario))


@pytest.mark.parametrize(
    "wrong",
    [
        {"teachers": "A"},
        {"teachers": []},
        {"time_limit": 0},
        {"time_limit": float("nan")},
        {"workers": 0},
        {"workers": 1.5},
        {"seed": -1},
        {"seed": 2**31},
        {"seed": None},
    ],
)
def test_arguments_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    scenario = te.load_scenario(ROOT / "scenarios" / "tiny")
    with pytest.raises(ValueError, match=next(iter(wrong))):
        te.plan(scenario, **wrong)  # type: ignore[arg-type]
