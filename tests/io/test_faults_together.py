"""Faults of form and faults of meaning are reported together, and nothing that only follows."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from scenario_files import Folder
from test_faults import FAULTS, MODEL, Planted, problems_of

from trajectory_engine.errors import InputError
from trajectory_engine.io import load_model, load_scenario, load_standard

STANDARD = MODEL + "standard.yaml"
APART = ("measure: modules, most: 4, per: term", "measure: hours, most: 35")
"""R15 made to allow less hours than R1 asks for."""
Places = set[tuple[str, int | None, str, str]]


def places_of(folder: Folder) -> Places:
    return {(p.file, p.row, p.column, p.code) for p in problems_of(folder)}


@pytest.mark.parametrize(
    ("spoilt", "column", "code"),
    [
        ("kind: amont", "rules[2].kind", "one_of"),
        ("kind: amount, kind: amount", "", "yaml_key"),
        ("kind: amount, mesure: hours", "rules[2].mesure", "unknown_key"),
        ("kind: amount, scope: [core]", "rules[2].scope", "yaml_map"),
        ("kind: amount, most: many", "rules[2].most", "amount"),
    ],
)
def test_a_rule_that_cannot_be_read_hides_no_fault_of_the_others(
    folder: Folder, spoilt: str, column: str, code: str
) -> None:
    """Rule R2 is spoilt; R3 is waived, R1 and R4 have faults of meaning, as has a waiver."""
    old = "  - id: R2\n    title: credits\n    kind: amount\n    measure: credits\n    most: 4.5\n"
    most = "" if "most" in spoilt else ", most: 4.5"
    folder.replace("standard.yaml", old, f"  - {{id: R2, {spoilt}, measure: credits{most}}}\n")
    folder.replace("standard.yaml", "[core, extra]", "[cor, extra]")
    folder.replace("standard.yaml", "modules: [M1], nodes", "modules: [M8], nodes")
    folder.replace("standard.yaml", "most: 1/2", "least: 3/4\n    most: 1/2")
    folder.append("waivers.csv", "T1,R2,of the spoilt rule,dean,2027-12-31")
    folder.append("waivers.csv", "T1,R77,of none,dean,2027-12-31")
    assert {(row, column, code) for _, row, column, code in places_of(folder)} == {
        (13, "rules[1].scope.groups[1]", "unknown_id"),
        (14, column, code),
        (20, "rules[3].least", "least_above_most"),
        (22, "rules[4].modules[1]", "unknown_id"),
        (5, "rule", "unknown_id"),
    }


def test_rules_contradict_beside_one_that_cannot_be_read(folder: Folder) -> None:
    folder.replace("standard.yaml", "kind: parallel", "kind: paralel")
    folder.replace(
        "standard.yaml", "measure: modules, most: 4, per: term", "measure: hours, most: 35"
    )
    assert {(row, code) for _, row, _, code in places_of(folder)} == {
        (36, "one_of"),
        (38, "rules_contradict"),
    }


def test_no_contradiction_with_a_version_that_may_not_bind(folder: Folder) -> None:
    """Of R15 the version that cannot be read may be the one that binds."""
    folder.replace(
        "standard.yaml",
        "  - {id: R15, kind: amount, measure: modules, most: 4, per: term}\n",
        "  - {id: R15, kind: amount, measure: modules, most: x, valid_to: 2027-02-01}\n"
        "  - {id: R15, kind: amount, measure: hours, most: 35, valid_from: 2027-02-02}\n",
    )
    assert {(row, code) for _, row, _, code in places_of(folder)} == {(38, "amount")}


def test_no_contradiction_with_a_rule_that_may_be_waived_for_all(folder: Folder) -> None:
    folder.replace(
        "standard.yaml", "measure: modules, most: 4, per: term", "measure: hours, most: 35"
    )
    folder.append("waivers.csv", "*,R15,all of them,dean,2027-12-32")
    assert {(file, row, code) for file, row, _, code in places_of(folder)} == {
        ("waivers.csv", 4, "date")
    }


def test_no_contradiction_with_hours_that_cannot_be_read(folder: Folder) -> None:
    """Without the 18 hours of M2 the catalogue has less than R1 asks for."""
    folder.replace("standard.yaml", "least: 36", "least: 126")
    load_scenario(folder.write())
    folder.replace("modes.csv", "uni,,18,0,0,3", "uni,,1B,0,0,3")
    assert {(file, code) for file, _, _, code in places_of(folder)} == {
        (MODEL + "modes.csv", "whole_number")
    }


def test_a_rule_over_an_unknown_provider_asks_for_nothing_that_is_not_there(folder: Folder) -> None:
    folder.replace("standard.yaml", "[uni]", "[uno]")
    assert {code for _, _, _, code in places_of(folder)} == {"unknown_id"}


def test_two_faults_in_one_line_of_a_standard(folder: Folder) -> None:
    old = "  - {id: R13, kind: parallel, most: 3}\n"
    new = "  - {id: R13, kind: amount, measure: hours, least: 3.5, scope: {groups: [no]}}\n"
    folder.replace("standard.yaml", old, new)
    assert {(column, code) for _, _, column, code in places_of(folder)} == {
        ("rules[13].least", "whole_number"),
        ("rules[13].scope.groups[1]", "unknown_id"),
    }


def test_a_rule_without_a_readable_id_may_be_the_one_that_is_waived(folder: Folder) -> None:
    folder.replace("standard.yaml", "{id: R9, ", "{id: [R9], ")
    assert {code for _, _, _, code in places_of(folder)} == {"one_value"}


def test_keys_of_the_scenario_hide_no_fault_elsewhere(folder: Folder) -> None:
    folder.replace("scenario.yaml", "currency: KZT", "currency: tenge")
    folder.replace("scenario.yaml", "- cost", "- costs\n  - unmet_goals")
    folder.replace(
        "scenario.yaml", "  breaks:\n", "  breaks:\n    - {start: soon, end: 2027-02-01}\n"
    )
    folder.replace("scenario.yaml", "2027-03-08, end: 2027-03-09", "2029-03-08, end: 2029-03-09")
    folder.replace("standard.yaml", "[core, extra]", "[cor, extra]")
    folder.replace("waivers.csv", "T3,R9", "T4,R9")
    assert places_of(folder) == {
        ("scenario.yaml", 7, "currency", "currency"),
        ("scenario.yaml", 15, "calendar.breaks[1].start", "date"),
        ("scenario.yaml", 16, "calendar.breaks[2]", "off_calendar"),
        ("scenario.yaml", 20, "objectives[3].name", "one_of"),
        ("scenario.yaml", 21, "objectives[4].name", "duplicate_id"),
        (STANDARD, 13, "rules[1].scope.groups[1]", "unknown_id"),
        ("waivers.csv", 2, "teacher", "unknown_id"),
    }


def test_a_misspelt_key_may_be_any_that_is_not_given(folder: Folder) -> None:
    """There is no standard, so nothing is said of the rules that waivers name."""
    folder.replace("scenario.yaml", "standard: ", "standrad: ")
    folder.replace("teachers.csv", "10,,basic", "10,,basik")
    assert {(file, code) for file, _, _, code in places_of(folder)} == {
        ("scenario.yaml", "unknown_key"),
        ("teachers.csv", "unknown_id"),
    }


def test_an_unknown_calendar_hides_only_what_depends_on_it(folder: Folder) -> None:
    folder.replace("scenario.yaml", "start: 2027-01-04\n  periods", "start: 4.1.2027\n  periods")
    folder.replace("standard.yaml", "measure: hours, least: 10, each", "measure: hours, each")
    folder.replace("funds.csv", "subject,,uni", "subject,,uno")
    assert {(file, code) for file, _, _, code in places_of(folder)} == {
        ("scenario.yaml", "date"),
        (STANDARD, "no_limit"),
        ("funds.csv", "unknown_id"),
    }


def test_a_table_without_a_column_hides_only_what_depends_on_it(folder: Folder) -> None:
    folder.replace("modes.csv", "duration", "duratoin")
    folder.replace("standard.yaml", "[core, extra]", "[cor, extra]")
    folder.replace("waivers.csv", "T3,R9", "T3,R99")
    assert {(file, row, code) for file, row, _, code in places_of(folder)} == {
        (MODEL + "modes.csv", 1, "unknown_column"),
        (MODEL + "modes.csv", 1, "missing_column"),
        (STANDARD, 13, "unknown_id"),
        ("waivers.csv", 2, "unknown_id"),
    }


def test_what_a_row_refers_to_is_looked_at_in_spite_of_its_other_cells(folder: Folder) -> None:
    folder.append("waivers.csv", "T9,R99,,dean,soon")
    folder.append("substitutions.csv", "T1,M9,M8,,dean,2027-12-31")
    folder.append("recognition.csv", "T1,S[none],9,certificate")
    folder.append("funds.csv", "grant,,-5,,,T9,,,,,none")
    assert {(file, column, code) for file, _, column, code in places_of(folder)} == {
        ("waivers.csv", "teacher", "unknown_id"),
        ("waivers.csv", "rule", "unknown_id"),
        ("waivers.csv", "why", "missing_value"),
        ("waivers.csv", "until", "date"),
        ("substitutions.csv", "module", "unknown_id"),
        ("substitutions.csv", "instead_of", "unknown_id"),
        ("substitutions.csv", "why", "missing_value"),
        ("recognition.csv", "element", "unknown_id"),
        ("recognition.csv", "level", "whole_number"),
        ("funds.csv", "budget", "whole_number"),
        ("funds.csv", "teachers", "unknown_id"),
        ("funds.csv", "providers", "unknown_id"),
    }


def test_a_missing_model_hides_no_fault_of_rules_and_waivers(folder: Folder) -> None:
    folder.replace("scenario.yaml", "model: ../model", "model: ../modle")
    folder.replace("standard.yaml", "most: 1/2", "least: 3/4\n    most: 1/2")
    folder.replace("waivers.csv", "T3,R9", "T3,R99")
    assert {(file, code) for file, _, _, code in places_of(folder)} == {
        ("scenario.yaml", "missing_folder"),
        (STANDARD, "least_above_most"),
        ("waivers.csv", "unknown_id"),
    }


def test_model_and_standard_alone_report_both_kinds_too(folder: Folder) -> None:
    folder.replace("model.yaml", "period: week", "period: weak")
    folder.replace("modules.csv", "core,yes,no,,,,,", "core,yes,no,,M9,,,")
    folder.replace("standard.yaml", "kind: parallel", "kind: paralel")
    folder.replace("standard.yaml", "hours, least: 10, years: 3", "hours, least: 10.5")
    folder.write()
    with pytest.raises(InputError) as caught:
        load_model(folder.root / "model")
    assert {p.code for p in caught.value.problems} == {"one_of", "unknown_id"}
    with pytest.raises(InputError) as caught:
        load_standard(folder.root / "model" / "standard.yaml")
    assert [p.code for p in caught.value.problems] == ["whole_number", "one_of_two", "one_of"]


MEAN_SOMETHING_ELSE = {
    *("duplicate topic", "duplicate module", "teacher twice", "unit", "unknown P", "unknown Sub"),
}
"""Faults by which something has another meaning: what is wrong then depends on the rest."""


def found_in(folder: Folder, *faults: Planted) -> Places | None:
    """Return the places of what is found with faults planted, None if they do not go together."""
    try:
        for fault in faults:
            folder.replace(fault.file, fault.old, fault.new)
    except AssertionError:
        return None
    return places_of(folder)


def shares_lines(one: Planted, other: Planted) -> bool:
    """Return whether one fault moves the lines of the other."""
    return one.file == other.file and "\n" in one.old + one.new + other.old + other.new


def check_pairs(folder: Folder, count: int) -> None:
    draw = random.Random(11)
    alone: dict[str, Places | None] = {}
    compared = 0
    for pair in draw.sample(list(combinations(FAULTS, 2)), count):
        if any(f.name in MEAN_SOMETHING_ELSE for f in pair) or shares_lines(*pair):
            continue
        for fault in pair:
            if fault.name not in alone:
                alone[fault.name] = found_in(Folder(folder.root), fault)
        together = found_in(Folder(folder.root), *pair)
        if together is not None:
            known = {p for f in pair for p in alone[f.name] or ()}
            assert together <= known, [f.name for f in pair]
            compared += 1
    assert compared > count // 2


def test_two_faults_bring_about_no_third(folder: Folder) -> None:
    check_pairs(folder, 150)


@pytest.mark.deep
def test_two_faults_bring_about_no_third_deep(folder: Folder) -> None:
    check_pairs(folder, 1_500)


def test_the_sound_folder_has_no_fault(folder: Folder) -> None:
    load_scenario(folder.write())
