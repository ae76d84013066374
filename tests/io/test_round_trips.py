"""Every format gives back what was written, and equal input gives equal scenarios."""

from __future__ import annotations

import codecs
import csv
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from scenario_files import Folder

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import dumps, input_hash, loads
from trajectory_engine.domain.standard import Standard
from trajectory_engine.errors import InputError
from trajectory_engine.io import (
    load_model,
    load_scenario,
    load_standard,
    read_scenario_json,
    schemas,
)

REPOSITORY = Path(__file__).parents[2]

WIDE = """\
id,name,low,acceptable,average,high,advanced,group,weight,hours
num,Number systems,0,6,2.5,1,,basics,1,6
chart,Charts,1,,3,0,0,office,2,4
"""


@pytest.fixture
def scenario(folder: Folder) -> Scenario:
    return load_scenario(folder.write())


def test_folder_is_read_as_it_is_written(scenario: Scenario) -> None:
    assert [t.id for t in scenario.teachers] == ["T1", "T2", "T3"]
    first, second, third = scenario.teachers
    assert first.hours == (12,) * 20 and first.blocked == (4,) and first.deadline == 16
    assert second.completed == ("M1",) and second.technologies is None
    assert third.technologies == () and third.goals[0].node == NodeRef("P[err]", 2)
    module = scenario.module_by_id["M1"]
    assert [str(n) for n in module.teaches] == ["Sub[num]@2", "Sub[num]@3", "Sub[num]@4"]
    assert module.modes[0].credits == 120 and module.modes[0].price == 4_500_000
    assert scenario.module_by_id["M4"].entry is not None
    assert scenario.module_by_id["M2"].entry is None
    assert scenario.calendar.blocked == (9,)
    path = scenario.model.task_by_id["PT1"].paths[1]
    assert [str(n) for n in path.links] == ["Sub[num]@2", "Sub[num]@3", "Sub[num]@4"]
    assert [(d.teacher, d.kind) for d in scenario.decisions[2:5]] == [
        (t, "forbid") for t in ("T1", "T2", "T3")
    ]
    assert (scenario.windows[0].earliest, scenario.windows[0].latest) == (2, 17)


def test_scenario_json_gives_back_the_scenario(scenario: Scenario) -> None:
    text = scenario.to_json()
    again = Scenario.from_json(text)
    assert again == scenario and read_scenario_json(text) == scenario
    assert again.to_json() == text and input_hash(again) == input_hash(scenario)
    spaced = json.dumps(json.loads(text), indent=3, sort_keys=False)
    assert Scenario.from_json(spaced) == scenario


@pytest.mark.parametrize("name", ["", '50 % of "it"', "%s %d %% %", "\u20ac\n\\"])
def test_the_text_is_canonical(scenario: Scenario, name: str) -> None:
    """Keys sorted, no blanks, nothing escaped that need not be: whatever all modules share."""
    modules = tuple(replace(module, name=name) for module in scenario.modules)
    for some in (modules, modules[:1], (scenario.modules[0], *modules[1:])):
        text = replace(scenario, modules=some, name=name).to_json()
        plain = json.loads(text)
        assert [m["name"] for m in plain["scenario"]["modules"]] == [m.name for m in some]
        options = {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":")}
        assert json.dumps(plain, **options) == text


def test_every_kind_of_rule_survives_json(scenario: Scenario) -> None:
    assert len({type(rule.body) for rule in scenario.standard.rules}) == 13
    assert loads(Standard, dumps(scenario.standard)) == scenario.standard


def test_fingerprint_follows_the_content(scenario: Scenario) -> None:
    assert input_hash(replace(scenario, name="other")) != input_hash(scenario)
    assert len(input_hash(scenario)) == 64


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d["scenario"]["teachers"][0].update(hours="many"), "scenario.teachers[0].hours"),
        (
            lambda d: d["scenario"]["teachers"][0].update(hours=[1.5]),
            "scenario.teachers[0].hours[0]",
        ),
        (
            lambda d: d["scenario"]["teachers"][0].update(blocked=[True]),
            "scenario.teachers[0].blocked[0]",
        ),
        (
            lambda d: d["scenario"]["modules"][0].update(teaches=["Sub[x"]),
            "scenario.modules[0].teaches[0]",
        ),
        (lambda d: d["scenario"]["modules"][0].update(extra=1), "scenario.modules[0].extra"),
        (lambda d: d["scenario"]["modules"][0].pop("modes"), "scenario.modules[0].modes"),
        (
            lambda d: d["scenario"]["standard"]["rules"][0]["body"].update(kind="x"),
            "scenario.standard.rules[0].body",
        ),
        (
            lambda d: d["scenario"]["calendar"].update(boundaries=["soon"]),
            "scenario.calendar.boundaries[0]",
        ),
        (lambda d: d["scenario"]["calendar"].update(unit="day"), "scenario.calendar.unit"),
        (lambda d: d.update(version=2), "version"),
        (lambda d: d.update(format="x"), "format"),
        (lambda d: d.update(more=1), "more"),
    ],
)
def test_fault_of_scenario_json_is_named_by_its_path(scenario, change, place) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(scenario.to_json())
    change(document)
    with pytest.raises(InputError) as caught:
        Scenario.from_json(json.dumps(document))
    assert [p.column for p in caught.value.problems] == [place]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '{"a": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, b"\xff"]
)
def test_what_is_no_scenario_json_is_an_input_error(text: str | bytes) -> None:
    with pytest.raises(InputError):
        Scenario.from_json(text)


def test_content_of_scenario_json_is_validated_at_the_door(scenario: Scenario) -> None:
    document = json.loads(scenario.to_json())
    document["scenario"]["modules"][2]["excludes"] = ["M77"]
    with pytest.raises(InputError) as caught:
        read_scenario_json(json.dumps(document))
    assert [p.column for p in caught.value.problems] == ["modules[M3].excludes[0]"]


def test_wide_and_long_matrix_are_equal(folder: Folder, scenario: Scenario) -> None:
    folder.model["subject.csv"] = WIDE
    assert load_scenario(folder.write()) == scenario


def test_wide_matrix_names_its_faults(folder: Folder) -> None:
    folder.model["subject.csv"] = WIDE.replace("2.5", "some").replace("1,,3,0,0", ",,,0,0")
    with pytest.raises(InputError) as caught:
        load_scenario(folder.write())
    rows = {(p.row, p.column, p.code) for p in caught.value.problems if "subject" in p.file}
    assert rows == {(2, "average", "matrix_cell"), (3, "low", "no_levels")}


def test_semicolons_bom_and_carriage_returns_change_nothing(
    folder: Folder, scenario: Scenario
) -> None:
    path = folder.write()
    for table in [*path.glob("*.csv"), *(path.parent / "model").glob("*.csv")]:
        records = _cells(table.read_text(encoding="utf-8"))
        lines = [";".join(cell for cell in record) for record in records]
        blank = ";" * (len(records[0]) - 1)
        text = "\r\n".join([*lines, blank, ""])
        table.write_bytes(codecs.BOM_UTF8 + text.encode())
    assert load_scenario(path) == scenario


def _cells(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


def test_order_of_columns_and_notes_change_nothing(folder: Folder, scenario: Scenario) -> None:
    folder.model["pedagogical.csv"] = (
        "note,name,id\nx,Working on errors,err\n,Instructional video,video\n"
    )
    assert load_scenario(folder.write()) == scenario


def test_ids_are_read_in_normal_form_c(folder: Folder) -> None:
    folder.model["pedagogical.csv"] = folder.model["pedagogical.csv"].replace("err", "erre\u0301")
    for name, text in list(folder.model.items()):
        if name != "pedagogical.csv":
            folder.model[name] = text.replace("[err", "[err\u00e9").replace(
                "err,num,", "err\u00e9,num,"
            )
    for name in ("diagnosis.csv", "goals.csv"):
        folder.scenario[name] = folder.scenario[name].replace("[err", "[err\u00e9")
    scenario = load_scenario(folder.write())
    assert scenario.model.pedagogical[0].id == "err\u00e9"


def test_ids_in_yaml_are_the_text_that_is_written(folder: Folder) -> None:
    folder.replace("scenario.yaml", "id: tiny", "id: no")
    folder.replace("scenario.yaml", "name: Tiny scenario", "name: 1.10")
    scenario = load_scenario(folder.write())
    assert (scenario.id, scenario.name) == ("no", "1.10")


@pytest.mark.parametrize(
    ("unit", "calendar", "horizon", "second"),
    [
        ("month", "{start: 2027-11-01, periods: 3}", 3, "2027-12-01"),
        ("term", "{terms: [{id: a, start: 2027-01-04, end: 2027-03-31}, "
         "{id: b, start: 2027-04-05, end: 2027-06-30}]}", 2, "2027-04-05"),
    ],
)  # fmt: skip
def test_other_units_of_time(
    folder: Folder, unit: str, calendar: str, horizon: int, second: str
) -> None:
    folder.replace("model.yaml", "period: week", f"period: {unit}")
    head, _, _ = folder.scenario["scenario.yaml"].partition("calendar:")
    for name in ("runs.csv", "windows.csv", "decisions.csv", "absences.csv"):
        del folder.scenario[name]
    folder.replace("teachers.csv", "2027-05-01", "")
    folder.scenario["scenario.yaml"] = f"{head}calendar: {calendar}\n"
    folder.replace("standard.yaml", ", by: 2027-05-01", "")
    folder.replace("standard.yaml", ", per: term", "")
    scenario = load_scenario(folder.write())
    assert scenario.calendar.horizon == horizon
    assert scenario.calendar.boundaries[1].isoformat() == second


def test_thresholds_of_f_by_level(folder: Folder) -> None:
    levels = "".join(
        f"    {n}: {{subject: {n}, pedagogical: {max(1, n - 1)}}}\n" for n in range(1, 6)
    )
    text = folder.model["model.yaml"]
    head, _, tail = text.partition("  rule: weakest-link\n  social: {team: 1}\n")
    folder.model["model.yaml"] = f"{head}  rule: thresholds\n  levels:\n{levels}{tail}"
    rule = load_scenario(folder.write()).model.formation
    assert [(t.subject, t.pedagogical) for t in rule.thresholds] == [
        (1, 1), (2, 1), (3, 2), (4, 3), (5, 4)
    ]  # fmt: skip
    folder.replace("model.yaml", "    3: {subject: 3", "    3: {subject: 1")
    with pytest.raises(InputError) as caught:
        load_scenario(folder.write())
    assert {p.code for p in caught.value.problems} == {"formation_not_monotone"}


def test_model_and_standard_alone(folder: Folder, scenario: Scenario) -> None:
    path = folder.write()
    loaded = load_model(path.parent / "model")
    assert (loaded.model, loaded.modules) == (scenario.model, scenario.modules)
    assert load_standard(path.parent / "model" / "standard.yaml") == scenario.standard


@pytest.mark.parametrize("name", schemas.NAMES)
def test_shipped_schema_is_up_to_date_and_sound(name: str) -> None:
    file = Path(schemas.__file__).with_name(f"{name}.schema.json")
    assert file.read_text(encoding="utf-8") == schemas.schema_text(name)
    jsonschema.Draft202012Validator.check_schema(schemas.shipped(name))


def _yaml(text: str) -> object:
    """Return YAML as an editor sees it, dates as text."""
    plain = yaml.SafeLoader
    loader = type("Loader", (plain,), {})
    loader.yaml_implicit_resolvers = {
        key: [(tag, pattern) for tag, pattern in pairs if not tag.endswith("timestamp")]
        for key, pairs in plain.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, loader)


def test_schemas_accept_what_is_read_and_refuse_what_is_not(
    folder: Folder, scenario: Scenario
) -> None:
    texts = {
        "model": folder.model["model.yaml"],
        "scenario": folder.scenario["scenario.yaml"],
        "standard": folder.standard,
    }
    for name, text in texts.items():
        validator = jsonschema.Draft202012Validator(schemas.shipped(name))
        validator.validate(_yaml(text))
        assert not validator.is_valid(_yaml(text + "misspelt: 1\n"))
    validator = jsonschema.Draft202012Validator(schemas.shipped("scenario-json"))
    document = json.loads(scenario.to_json())
    validator.validate(document)
    document["scenario"]["standard"]["rules"][0]["body"]["kind"] = "other"
    assert not validator.is_valid(document)


def test_blank_columns_that_a_spreadsheet_leaves_are_ignored(
    folder: Folder, scenario: Scenario
) -> None:
    text = folder.model["pedagogical.csv"]
    folder.model["pedagogical.csv"] = text.replace("\n", ",,\n")
    assert load_scenario(folder.write()) == scenario
    folder.model["pedagogical.csv"] = text.replace("\n", ",,\n") + "x,X,5,\n"
    with pytest.raises(InputError) as caught:
        load_scenario(folder.write())
    assert {p.code for p in caught.value.problems} == {"unnamed_column"}


def test_records_keep_dates_and_figures_and_lapsed_modules_are_offered_again(
    folder: Folder,
) -> None:
    folder.scenario["completed.csv"] = (
        "teacher,module,date,hours,credits,group,expires\n"
        "T2,M1,2026-05-01,,,,\n"
        "T2,M2,2025-02-01,36,,,2027-02-01\n"
        "T2,OLD,2024-09-01,72,2.4,internship,\n"
    )
    teacher = load_scenario(folder.write()).teacher_by_id["T2"]
    assert teacher.completed == ("M1",)
    first, lapsing, foreign = teacher.records
    assert (first.module, str(first.finished), first.hours) == ("M1", "2026-05-01", None)
    assert (lapsing.module, str(lapsing.expires)) == ("M2", "2027-02-01")
    assert (foreign.hours, foreign.credits, foreign.group) == (72, 240, "internship")
