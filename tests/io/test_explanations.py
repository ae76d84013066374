"""Explanations written and read: nothing is lost, nothing false is taken over."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import trajectory_engine as te
from trajectory_engine.io import schemas

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = ("budget", "deadline", "rules", "catalogue", "twice")
Document = dict[str, Any]


@pytest.fixture(scope="module", params=NAMES)
def explanation(request: pytest.FixtureRequest) -> te.Explanation:
    return te.explain(te.load_scenario(SCENARIOS / f"infeasible-{request.param}"))


def test_what_is_read_is_what_was_written(explanation: te.Explanation) -> None:
    text = te.explanation_to_json(explanation)
    assert te.explanation_from_json(text) == replace(explanation, timings=())


def test_document_is_one_of_the_schema(explanation: te.Explanation) -> None:
    document = json.loads(te.explanation_to_json(explanation))
    validator = jsonschema.Draft202012Validator(schemas.shipped("explanation"))
    validator.validate(document)
    document["teachers"][0]["repairs"][0]["changes"][0]["amount"] = 0
    assert not validator.is_valid(document)


@pytest.fixture(scope="module")
def document() -> Document:
    found = te.explain(te.load_scenario(SCENARIOS / "infeasible-twice"))
    parsed: Document = json.loads(te.explanation_to_json(found))
    return parsed


def wrong_price(teacher: Document) -> None:
    teacher["repairs"][0]["price"] += 1


def wrong_minimal(teacher: Document) -> None:
    teacher["conflicts"][0]["minimal"] = False


def wrong_remainder(teacher: Document) -> None:
    teacher["conflicts"][0]["shortfalls"][0]["remaining"].pop()


def wrong_minimal_of_further(teacher: Document) -> None:
    teacher["further"][0]["minimal"] = False


def wrong_kind(teacher: Document) -> None:
    teacher["conflicts"][0]["members"][0]["kind"] = "rule"


def wrong_proof(teacher: Document) -> None:
    teacher["repairs"][0]["objectives"][0]["proven"] = False


def unknown_unit(teacher: Document) -> None:
    teacher["repairs"][0]["changes"][0]["unit"] = "furlong"


def missing_member(teacher: Document) -> None:
    del teacher["conflicts"][0]["members"]


@pytest.mark.parametrize(
    ("spoil", "column"),
    [
        (wrong_price, "teachers[0].repairs[0].price"),
        (wrong_minimal, "teachers[0].conflicts[0].minimal"),
        (wrong_minimal_of_further, "teachers[0].further[0].minimal"),
        (wrong_remainder, "teachers[0].conflicts[0].shortfalls[0].remaining"),
        (wrong_kind, "teachers[0].conflicts[0].members[0].limit"),
        (wrong_proof, "teachers[0].repairs[0].objectives[0].proven"),
        (unknown_unit, "teachers[0].repairs[0].changes[0].unit"),
        (missing_member, "teachers[0].conflicts[0].members"),
    ],
)
def test_false_claims_are_named_with_their_place(
    document: Document, spoil: Callable[[Document], None], column: str
) -> None:
    spoilt = json.loads(json.dumps(document))
    spoil(spoilt["teachers"][0])
    with pytest.raises(te.InputError) as caught:
        te.explanation_from_json(json.dumps(spoilt))
    assert [problem.column for problem in caught.value.problems] == [column]


def test_every_fault_is_named_at_once(document: Document) -> None:
    spoilt = json.loads(json.dumps(document))
    wrong_price(spoilt["teachers"][0])
    wrong_minimal(spoilt["teachers"][0])
    with pytest.raises(te.InputError) as caught:
        te.explanation_from_json(json.dumps(spoilt))
    assert len(caught.value.problems) == 2
