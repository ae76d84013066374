"""Of a scenario in JSON faults of structure and of content are reported together."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from scenario_files import Folder

from trajectory_engine.errors import InputError
from trajectory_engine.io import load_scenario, read_scenario_json


@pytest.fixture
def document(folder: Folder) -> dict[str, Any]:
    """Return the JSON values of a sound scenario."""
    found: dict[str, Any] = json.loads(load_scenario(folder.write()).to_json())
    return found


def problems_of(document: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read_scenario_json(json.dumps(document))
    return {(p.column, p.code) for p in caught.value.problems}


def test_a_rule_that_does_not_fit_hides_no_fault_of_the_others(document: dict[str, Any]) -> None:
    """Rule R9 does not fit and is waived; R1, R4, another waiver and a fund have faults."""
    scenario = document["scenario"]
    rules = scenario["standard"]["rules"]
    rules[8]["body"]["measure"] = "ours"
    rules[0]["body"]["scope"]["groups"] = ["cor"]
    rules[3]["body"]["modules"] = ["M8"]
    scenario["waivers"].append({**scenario["waivers"][0], "rule": "R77"})
    scenario["funds"][0]["budget"] = -1
    assert problems_of(document) == {
        ("scenario.standard.rules[8].body.measure", "json_value"),
        ("standard.rules[R1].body.scope.groups[0]", "unknown_id"),
        ("standard.rules[R4].body.modules[0]", "unknown_id"),
        ("waivers[2].rule", "unknown_id"),
        ("funds[state].budget", "out_of_range"),
    }


def test_positions_are_those_of_the_text(document: dict[str, Any]) -> None:
    scenario = document["scenario"]
    scenario["waivers"][0]["until"] = "soon"
    scenario["waivers"][1]["teacher"] = "T9"
    assert problems_of(document) == {
        ("scenario.waivers[0].until", "json_value"),
        ("waivers[1].teacher", "unknown_id"),
    }


def test_a_module_that_does_not_fit_is_not_missed_elsewhere(document: dict[str, Any]) -> None:
    """M2 is in rules, decisions, windows, relations of M4; it alone has a resource of that name."""
    scenario = document["scenario"]
    scenario["modules"][1]["invariant"] = "no"
    scenario["teachers"][2]["hours"] = [8]
    assert problems_of(document) == {
        ("scenario.modules[1].invariant", "json_value"),
        ("teachers[T3].hours", "hours"),
    }


def test_keys_of_the_scenario_hide_no_fault_elsewhere(document: dict[str, Any]) -> None:
    scenario = document["scenario"]
    scenario["currency"] = 5
    scenario["calendar"]["unit"] = "day"
    scenario["model"]["name"] = None
    scenario["standard"]["id"] = 1
    scenario["waivers"][0]["rule"] = "R77"
    scenario["funds"][0]["providers"] = ["uno"]
    assert problems_of(document) == {
        ("scenario.currency", "json_value"),
        ("scenario.calendar.unit", "json_value"),
        ("scenario.model.name", "json_value"),
        ("scenario.standard.id", "json_value"),
        ("waivers[0].rule", "unknown_id"),
        ("funds[state].providers[0]", "unknown_id"),
    }


def test_a_misspelt_key_may_be_any_that_is_not_given(document: dict[str, Any]) -> None:
    scenario = document["scenario"]
    scenario["standrad"] = scenario.pop("standard")
    scenario["teachers"][0]["profile"] = "basik"
    assert problems_of(document) == {
        ("scenario.standrad", "unknown_key"),
        ("teachers[T1].profile", "unknown_id"),
    }


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all values inside."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from leaves(inner, (*path, key))


def test_a_value_of_another_type_brings_about_no_other_fault(document: dict[str, Any]) -> None:
    scenario = document["scenario"]
    for path in random.Random(5).sample(list(leaves(scenario)), 150):
        holder = scenario
        for part in path[:-1]:
            holder = holder[part]
        kept = holder[path[-1]]
        holder[path[-1]] = {"odd": [1.5]}
        codes = {code for _, code in problems_of(document)}
        assert codes <= {"json_value", "unknown_key", "missing_key"}, path
        holder[path[-1]] = kept
    read_scenario_json(json.dumps(document))


def test_a_calendar_without_dates_is_a_fault_like_others(document: dict[str, Any]) -> None:
    scenario = document["scenario"]
    scenario["calendar"]["boundaries"] = []
    scenario["modules"][0]["id"] = "M 1"
    found = problems_of(document)
    assert ("calendar", "calendar") in found
    assert {code for _, code in found} > {"calendar"}


@pytest.mark.parametrize(
    ("escape", "half"),
    [
        ("\\ud83d\\ude00", None),
        ("\\ud800", "\\ud800"),
        ("\\uDC00", "\\uDC00"),
        ("\\ude00\\ud83d", "\\ude00"),
        ("\\ud83d \\ude00", "\\ud83d"),
        ("\\ud83d\\ud83d\\ude00", "\\ud83d"),
        ("\\\\ud800", None),
    ],
)
def test_half_a_character_is_no_text(
    document: dict[str, Any], escape: str, half: str | None
) -> None:
    """A pair of escapes stands for one character; a backslash that is escaped for itself."""
    document["scenario"]["name"] = "NAME"
    text = json.dumps(document, indent=1)
    row = text[: text.index("NAME")].count("\n") + 1
    text = text.replace("NAME", f"a{escape}b")
    for given in (text, text.encode()):
        if half is None:
            assert len(read_scenario_json(given).to_json()) > 100
            continue
        with pytest.raises(InputError) as caught:
            read_scenario_json(given)
        (problem,) = caught.value.problems
        assert (problem.code, problem.row) == ("json", row)
        assert problem.found == f"half a character, {half}"


def test_half_a_character_of_a_text_in_memory_is_refused(document: dict[str, Any]) -> None:
    document["scenario"]["name"] = "\ud800"
    with pytest.raises(InputError, match="surrogates not allowed"):
        read_scenario_json(json.dumps(document, ensure_ascii=False))


@pytest.mark.parametrize("day", ["20270104", "2027-W01-1", "2027-1-4"])
def test_dates_are_written_as_messages_say(document: dict[str, Any], day: str) -> None:
    document["scenario"]["calendar"]["boundaries"][0] = day
    assert ("scenario.calendar.boundaries[0]", "json_value") in problems_of(document)


def test_a_version_is_a_whole_number(document: dict[str, Any]) -> None:
    document["version"] = 1.0
    assert problems_of(document) == {("version", "json_value")}


def test_years_that_no_table_may_have_are_refused(document: dict[str, Any]) -> None:
    boundaries = document["scenario"]["calendar"]["boundaries"]
    boundaries[0] = "0001-01-01"
    assert ("calendar", "calendar") in problems_of(document)


def test_hours_out_of_range_are_named(document: dict[str, Any]) -> None:
    document["scenario"]["teachers"][0]["hours"][0] = 2_000_000
    with pytest.raises(InputError, match="2000000 hours; expected whole numbers from 0 to 1000000"):
        read_scenario_json(json.dumps(document))
