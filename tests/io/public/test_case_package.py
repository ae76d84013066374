"""CASE packages: items, headings and what precedes what, with faults by JSON pointer and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from case_texts import ADD, CODE, COUNT, LOOP, NEEDS, NUMBERS, TEST, association, item, package
from case_texts import text_of as as_text

import trajectory_engine as te
from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io.public import import_public, read_public
from trajectory_engine.io.public.case_hierarchy import MOST_PAIRS

Change = Callable[[dict[str, Any]], object]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "framework.json"
    path.write_text(text, encoding="utf-8")
    return path


def read(tmp_path: Path, value: dict[str, Any]) -> te.Scenario:
    return read_public(written(tmp_path, as_text(value)))


def problems_of(tmp_path: Path, text: str) -> list[InputProblem]:
    with pytest.raises(InputError) as caught:
        read_public(written(tmp_path, text), format="case")
    return list(caught.value.problems)


def needs_of(scenario: te.Scenario) -> dict[str, list[str]]:
    """Return the competences that each one needs, by id."""
    found: dict[str, list[str]] = {s.id: [] for s in scenario.model.subject}
    for requirement in scenario.model.prerequisites:
        assert requirement.least == len(requirement.needs)
        found[requirement.node.element[4:-1]] = [n.element[4:-1] for n in requirement.needs]
    return found


def test_leaves_become_competences_under_their_headings(tmp_path: Path) -> None:
    scenario = read(tmp_path, package())
    assert (scenario.id, scenario.name) == ("framework", "Numbers and code")
    assert [(s.id, s.name, s.group) for s in scenario.model.subject] == [
        (COUNT, "N.1 Counts things", "N Numbers"),
        (ADD, "N.2 Adds", "N Numbers"),
        (LOOP, "Writes loops", "Code"),
        (TEST, "Writes tests", "Code"),
    ]
    assert needs_of(scenario) == NEEDS
    assert te.Scenario.from_json(scenario.to_json()) == scenario


def test_codes_of_all_competences_are_their_ids(tmp_path: Path) -> None:
    """Tests codes of their own for all, then a code twice, and one that cannot be an id."""
    value = package()
    for item_, code in zip(value["CFItems"][4:], ("C.1", "C.2"), strict=True):
        item_["humanCodingScheme"] = code
    scenario = read(tmp_path, value)
    assert [(s.id, s.name) for s in scenario.model.subject] == [
        ("N.1", "Counts things"),
        ("N.2", "Adds"),
        ("C.1", "Writes loops"),
        ("C.2", "Writes tests"),
    ]
    assert needs_of(scenario)["C.2"] == ["N.1", "N.2", "C.1"]
    for code in ("N.2", "C 2"):
        value["CFItems"][5]["humanCodingScheme"] = code
        assert list(needs_of(read(tmp_path, value))) == [COUNT, ADD, LOOP, TEST]


def test_the_chain_of_four_takes_four_weeks(tmp_path: Path) -> None:
    scenario = read(tmp_path, package())
    result = te.plan(scenario)
    assert (result.status, result.objectives[0].value) == (te.Status.OPTIMAL, 4)
    assert [s.module for s in result.teachers[0].steps] == [COUNT, ADD, LOOP, TEST]
    assert te.verify(scenario, result) == []


def test_what_is_not_used_is_counted(tmp_path: Path) -> None:
    value = package()
    value["CFRubrics"] = [{"identifier": "r1"}]
    value["CFItems"].append(item("h3", "Control"))
    value["CFAssociations"].append(association("isChildOf", LOOP, "h3"))
    remarks = import_public(written(tmp_path, as_text(value))).remarks
    assert [(r.code, r.found.partition(",")[0]) for r in remarks] == [
        ("association_not_used", "2 associations 'exactMatchOf'"),
        ("association_not_used", "1 associations 'ext:usedIn'"),
        ("association_not_used", "1 associations 'isRelatedTo'"),
        ("rubrics_not_used", "1 rubrics"),
        ("several_parents", "1 items with several parents: the first names the group"),
        ("modules_assumed", "4 competences without modules"),
    ]


def test_a_wrapped_package_is_the_same(tmp_path: Path) -> None:
    assert read(tmp_path, {"CFPackage": package()}) == read(tmp_path, package())


def test_items_without_associations_are_free(tmp_path: Path) -> None:
    value = {"CFDocument": {"identifier": "d", "title": "T"}, "CFItems": [item("a", "A")]}
    assert needs_of(read(tmp_path, value)) == {"a": []}


def test_a_long_statement_is_cut_and_texts_are_brought_to_one_form(tmp_path: Path) -> None:
    value = package()
    value["CFItems"][1]["fullStatement"] = "a" * 1000
    value["CFItems"][4]["fullStatement"] = "e\u0301"
    names = [s.name for s in read(tmp_path, value).model.subject]
    assert names[0] == "N.1 " + "a" * 197 + "..."
    assert names[2] == "\u00e9"


def change(path: str, value: Any) -> Change:
    """Return a change that puts a value at a path; ``None`` as text deletes what stands there."""

    def apply(root: dict[str, Any]) -> None:
        *parents, last = [int(p) if p.isdigit() else p for p in path.split("/")]
        place: Any = root
        for part in parents:
            place = place[part]
        if value == "(deleted)":
            del place[last]
        else:
            place[last] = value

    return apply


DELETED = "(deleted)"
PAIR = "CFAssociations/6"
"""That counting precedes adding."""
ITEM = "CFItems/1"


def dangling(*ends: str) -> list[tuple[str, str]]:
    """Return the faults of ends of associations that nothing stands behind: ``0>`` or ``>0``."""
    found = []
    for end in ends:
        side = "originNodeURI" if end.endswith(">") else "destinationNodeURI"
        found.append(("unknown_id", f"/CFAssociations/{end.strip('>')}/{side}/identifier"))
    return found


FAULTS: list[tuple[str, Any, list[tuple[str, str]]]] = [
    ("CFDocument", DELETED, [("missing_key", ""), *dangling(">0", ">1")]),
    ("CFDocument", [], [("json_type", "/CFDocument"), *dangling(">0", ">1")]),
    ("CFDocument/title", 7, [("json_type", "/CFDocument/title")]),
    (f"{ITEM}/fullStatement", DELETED, [("missing_key", "/CFItems/1")]),
    (f"{ITEM}/fullStatement", " ", [("missing_value", "/CFItems/1/fullStatement")]),
    (f"{ITEM}/fullStatement", None, [("json_type", "/CFItems/1/fullStatement")]),
    (f"{ITEM}/fullStatement", "half \ud83d", [("encoding", "/CFItems/1/fullStatement")]),
    (f"{ITEM}/humanCodingScheme", ["N.1"], [("json_type", "/CFItems/1/humanCodingScheme")]),
    (f"{ITEM}/identifier", "i 1", [("identifier", "/CFItems/1/identifier"), *dangling("2>", "6>")]),
    ("CFItems/2/CFItemType", {}, [("json_type", "/CFItems/2/CFItemType")]),
    ("CFItems/5", "Writes tests", [("json_type", "/CFItems/5"), *dangling("5>", ">8")]),
    ("CFItems/5/identifier", LOOP, [("duplicate_id", "/CFItems/5/identifier"),
                                    *dangling("5>", ">8")]),
    ("CFAssociations", {"a": 1}, [("json_type", "/CFAssociations")]),
    (f"{PAIR}/associationType", "preceeds", [("one_of", f"/{PAIR}/associationType")]),
    (f"{PAIR}/sequenceNumber", "1", [("json_type", f"/{PAIR}/sequenceNumber")]),
    (f"{PAIR}/sequenceNumber", 1.5, [("json_type", f"/{PAIR}/sequenceNumber")]),
    (f"{PAIR}/originNodeURI", DELETED, [("missing_key", f"/{PAIR}")]),
    (f"{PAIR}/originNodeURI", "i1", [("json_type", f"/{PAIR}/originNodeURI")]),
    (f"{PAIR}/originNodeURI/identifier", DELETED, [("missing_key", f"/{PAIR}/originNodeURI")]),
    (f"{PAIR}/originNodeURI/identifier", "i9", dangling("6>")),
    (f"{PAIR}/destinationNodeURI/identifier", "d0", dangling(">6")),
    (f"{PAIR}/destinationNodeURI/identifier", COUNT, [("cycle", f"/{PAIR}")]),
    ("CFAssociations/8/destinationNodeURI/identifier", ADD, [("cycle", "/CFAssociations/8")]),
    ("CFAssociations/0/destinationNodeURI/identifier", COUNT, [("cycle", "/CFAssociations/0")]),
    ("CFAssociations/7/destinationNodeURI/identifier", ADD, [("cycle", "/CFAssociations/7")]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "expected"), FAULTS)
def test_faults_name_the_pointer(
    tmp_path: Path, path: str, value: Any, expected: list[tuple[str, str]]
) -> None:
    changed = package()
    change(path, value)(changed)
    found = problems_of(tmp_path, as_text(changed))
    assert sorted((p.code, p.column) for p in found) == sorted(expected)


def places(value: Any, here: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of everything below a value."""
    found: list[tuple[str, ...]] = []
    items = dict(enumerate(value)) if isinstance(value, list) else value
    for key, inner in items.items() if isinstance(items, dict) else ():
        path = (*here, str(key))
        found += [path, *places(inner, path)]
    return found


@pytest.mark.parametrize("value", [None, True, 0, -1.5, "", "x", [], [[]], {}, {"a": {}}, DELETED])
def test_anything_in_the_place_of_anything(tmp_path: Path, value: Any) -> None:
    """Tests every place of the package with values of every kind: read, or refused by pointer."""
    pointers = {"/" + "/".join(path) for path in places(package())} | {""}
    refused = 0
    for path in places(package()):
        changed = package()
        change("/".join(path), value)(changed)
        try:
            scenario = read(tmp_path, changed)
        except InputError as error:
            refused += 1
            assert all(p.column in pointers for p in error.problems), error.problems
        else:
            assert 3 <= len(scenario.modules) <= 6
    assert refused > 20


def test_faults_name_the_line(tmp_path: Path) -> None:
    """Tests the line of a value, and the line where an object begins for a key that is missing."""
    text = as_text(package())
    lines = text.splitlines()
    value = 1 + next(i for i, line in enumerate(lines) if '"Counts things"' in line)
    found = problems_of(tmp_path, text.replace('"Counts things"', "[]"))
    assert [(p.code, p.row) for p in found] == [("json_type", value)]
    begin = 1 + max(i for i, line in enumerate(lines[:value]) if line.strip() == "{")
    found = problems_of(tmp_path, text.replace('"fullStatement": "Counts', '"statement": "Counts'))
    assert [(p.code, p.row) for p in found] == [("missing_key", begin)]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    changed = package()
    for path, value in (
        ("CFDocument/title", DELETED),
        ("CFItems/0/fullStatement", 1),
        ("CFItems/3/identifier", ""),
        ("CFAssociations/8/associationType", "follows"),
    ):
        change(path, value)(changed)
    found = problems_of(tmp_path, as_text(changed))
    assert [p.code for p in found if p.code != "unknown_id"] == [
        "missing_key",
        "json_type",
        "missing_value",
        "one_of",
    ]
    rows = [p.row for p in found]
    assert rows == sorted(rows, key=lambda row: row or 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "json_type"),
        ("null", "json_type"),
        ('{"CFItems": ', "json"),
        ('{"CFItems": [NaN]}', "json"),
        ('{"CFItems": [' + "9" * 5000 + "]}", "json"),
        ("[" * 100_000 + "]" * 100_000, "json_depth"),
        ('{"CFDocument": {"identifier": "d", "title": "t"}, "CFItems": []}', "no_items"),
        ('{"CFDocument": {"identifier": "d", "title": "t"}}', "missing_key"),
    ],
)
def test_what_is_no_package(tmp_path: Path, text: str, code: str) -> None:
    assert code in [p.code for p in problems_of(tmp_path, text)]


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    text = as_text(package()).replace('"title": "Numbers and code"', '"title": "A",\n"title": "B"')
    row = 1 + text[: text.index('"B"')].count("\n")
    assert [(p.code, p.row, p.column) for p in problems_of(tmp_path, text)] == [
        ("json_key", row, "/CFDocument/title")
    ]


def test_headings_that_multiply_are_refused(tmp_path: Path) -> None:
    """Tests that a short file cannot ask for a million prerequisites and more."""
    count = int(MOST_PAIRS**0.5) + 1
    value = package()
    for heading in (NUMBERS, CODE):
        for i in range(count):
            value["CFItems"].append(item(f"{heading}-{i}", "x"))
            value["CFAssociations"].append(association("isChildOf", f"{heading}-{i}", heading))
    found = problems_of(tmp_path, json.dumps(value))
    assert [(p.code, p.column) for p in found] == [("too_many", "/CFAssociations/7")]


def test_a_heading_before_one_of_its_own_is_a_circle(tmp_path: Path) -> None:
    value = package()
    value["CFAssociations"].append(association("precedes", CODE, TEST))
    [problem] = problems_of(tmp_path, as_text(value))
    assert (problem.code, problem.found) == ("cycle", f"the cycle {TEST} -> {TEST}")


def test_a_circle_of_headings_is_named(tmp_path: Path) -> None:
    value = package()
    value["CFAssociations"].append(association("isChildOf", NUMBERS, CODE))
    value["CFAssociations"].append(association("isChildOf", CODE, NUMBERS))
    [problem] = problems_of(tmp_path, as_text(value))
    assert (problem.code, problem.column) == ("cycle", "/CFAssociations/13")
    assert problem.found == f"the cycle {NUMBERS} -> {CODE} -> {NUMBERS}"
