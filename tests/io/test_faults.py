"""Every planted fault is named with its file, its row and its column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from scenario_files import Folder

from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io import files, load_scenario

MODEL = "../model/"


def problems_of(folder: Folder) -> tuple[InputProblem, ...]:
    with pytest.raises(InputError) as caught:
        load_scenario(folder.write())
    return caught.value.problems


@dataclass(frozen=True)
class Planted:
    """A text to replace in a file, and the place at which the fault must be named."""

    name: str
    file: str
    old: str
    new: str
    row: int
    column: str
    code: str
    shown: str = ""


def planted(
    name: str, file: str, old: str, new: str, row: int, column: str, code: str, shown: str = ""
) -> Planted:
    return Planted(name, file, old, new, row, column, code, shown)


FAULTS = [
    planted("level text", "subject.csv", "2-4", "2-x", 2, "levels", "levels"),
    planted("zero before a level", "profiles.csv", "[num]@3", "[num]@03", 2, "node", "node"),
    planted("Arabic digit", "profiles.csv", "[num]@3", "[num]@\u0663", 2, "node", "node"),
    planted("zero-width id", "pedagogical.csv", "err,W", "e\u200brr,W", 2, "id", "identifier"),
    planted("right-to-left id", "subject.csv", "num,N", "num\u202e,N", 2, "id", "identifier"),
    planted(
        "week of a year",
        "scenario.yaml",
        "currency: KZT",
        "fiscal_year: W01-1",
        7,
        "fiscal_year",
        "fiscal_year",
    ),
    planted(
        "blank currency",
        "scenario.yaml",
        "currency: KZT",
        'currency: ""',
        7,
        "currency",
        "currency",
    ),
    planted("blank name", "scenario.yaml", "name: Tiny scenario", "name: ''", 4, "name", "text"),
    planted("level 6", "subject.csv", "1|3", "1|6", 3, "levels", "levels"),
    planted("level twice", "subject.csv", "1|3", "1|1", 3, "levels", "levels"),
    planted("no level", "subject.csv", "1|3", "", 3, "levels", "missing_value"),
    planted("weight 0", "subject.csv", "basics,1", "basics,0", 2, "weight", "whole_number"),
    planted("NaN", "subject.csv", "basics,1,6", "basics,1,NaN", 2, "hours", "whole_number"),
    planted("duplicate topic", "subject.csv", "chart,C", "num,C", 3, "id", "duplicate_id"),
    planted("bad id", "subject.csv", "num,N", "n[um,N", 2, "id", "identifier"),
    planted("blank id", "pedagogical.csv", "err,W", ",W", 2, "id", "missing_value"),
    planted("unknown P", "professional.csv", "video,", "vdeo,", 3, "pedagogical", "unknown_id"),
    planted("unknown Sub", "professional.csv", "err,num", "err,nm", 2, "subject", "unknown_id"),
    planted("formation", "professional.csv", "derived", "drived", 3, "formation", "one_of"),
    planted("unknown node", "prerequisites.csv", "P[err]@2", "P[er]@2", 3, "needs", "unknown_id"),
    planted(
        "level not there", "prerequisites.csv", "[chart]@3", "[chart]@2", 2, "node", "unknown_level"
    ),
    planted("least", "prerequisites.csv", "@3,1", "@3,3", 3, "least", "out_of_range"),
    planted(
        "cycle",
        "prerequisites.csv",
        "P[video]@3,P[err]@2|Sub[num]@3,1",
        "Sub[num]@2,Sub[chart]@3,",
        2,
        "needs",
        "cycle",
    ),
    planted(
        "derived prerequisite",
        "prerequisites.csv",
        "P[video]@3,",
        '"B[video,chart]@3",',
        3,
        "node",
        "derived_prerequisite",
    ),
    planted("free", "tasks.csv", "conversion,no", "conversion,0", 2, "free", "flag"),
    planted(
        "task without path", "task_paths.csv", "PT2,a", "PT1,c", 3, "id", "no_path", "tasks.csv"
    ),
    planted("path of nothing", "task_paths.csv", "PT1,b", "PT9,b", 3, "task", "unknown_id"),
    planted(
        "broken chain",
        "task_paths.csv",
        "Sub[num]@2|Sub[num]@3|",
        "Sub[num]@2|Sub[chart]@1|",
        2,
        "links",
        "broken_chain",
    ),
    planted(
        "repeated link",
        "task_paths.csv",
        "P[video]@1|Sub[chart]@1",
        "P[video]@1|P[video]@1",
        4,
        "links",
        "broken_chain",
    ),
    planted("no from", "task_paths.csv", ",,Sub[num]@2,", ",,,", 3, "links", "task_path"),
    planted("no way", "task_paths.csv", "Sub[num]@4", "Sub[chart]@1", 3, "from", "task_path"),
    planted(
        "from unknown", "task_paths.csv", "b,,Sub[num]@2", "b,,Sub[nm]@2", 3, "from", "unknown_id"
    ),
    planted(
        "two aims", "profiles.csv", "Sub[num]@3,,yes", "Sub[num]@3,PT1,yes", 2, "node", "one_goal"
    ),
    planted("goal level", "profiles.csv", "Sub[num]@3", "Sub[num]@1", 2, "node", "unknown_level"),
    planted("goal task", "profiles.csv", "PT1,no", "PT8,no", 3, "task", "unknown_id"),
    planted(
        "component", "modules.csv", "Errors,pedagogical", "Errors,art", 3, "component", "one_of"
    ),
    planted("duplicate module", "modules.csv", "M2,E", "M1,E", 3, "id", "duplicate_id"),
    planted("co", "modules.csv", "M3,M1|M2,M2", "M3,M1|M9,M2", 5, "co", "unknown_id"),
    planted("strict co", "modules.csv", "M3,M1|M2,M2", "M3,M1,M4", 5, "strict_co", "itself"),
    planted("excludes", "modules.csv", 'M1",M4', 'M1",M9', 4, "excludes", "unknown_id"),
    planted("replaces", "modules.csv", "none,,M3", "none,,M9", 5, "replaces", "unknown_id"),
    planted(
        "entry node",
        "modules.csv",
        '"Sub[num]@2|M1"',
        '"Sub[num]@5|M1"',
        4,
        "entry",
        "unknown_level",
    ),
    planted("entry text", "modules.csv", '"Sub[num]@2|M1"', '"Sub[num@2|M1"', 4, "entry", "entry"),
    planted(
        "teaches nothing",
        "teaches.csv",
        "M2,P[err],0,3",
        "M1,P[err],0,3",
        3,
        "id",
        "teaches_nothing",
        "modules.csv",
    ),
    planted("taught module", "teaches.csv", "M2,P", "M7,P", 3, "module", "unknown_id"),
    planted("taught element", "teaches.csv", "P[err]", "P[erx]", 3, "element", "unknown_id"),
    planted("taught level", "teaches.csv", "Sub[num],,4", "Sub[num],,5", 2, "to", "unknown_level"),
    planted("no rise", "teaches.csv", "P[err],0,3", "P[err],3,3", 3, "to", "teaches_nothing"),
    planted("micro-goal task", "teaches.csv", "errors,PT1", "errors,PT7", 4, "tasks", "unknown_id"),
    planted("tasks alone", "teaches.csv", "errors,PT1", ",PT1", 4, "micro_goal", "missing_value"),
    planted("negative price", "modes.csv", "4500000", "-4500000", 2, "price", "whole_number"),
    planted("fractional price", "modes.csv", "4500000", "4500000.50", 2, "price", "whole_number"),
    planted("form", "modes.csv", "distance,uni", "remote,uni", 3, "form", "one_of"),
    planted("profile sum", "modes.csv", "10|10|8|8", "10|10|8|7", 2, "profile", "profile"),
    planted("profile length", "modes.csv", "10|10|8|8", "18|18", 2, "profile", "profile"),
    planted("credits", "modes.csv", "0,6,,1.2", "0,6,,1.234", 3, "credits", "credits"),
    planted("duration 0", "modes.csv", "18,0,0,3", "18,0,0,0", 4, "duration", "duration"),
    planted("resource", "modes.csv", "lab:1", "lap:1", 4, "resources", "unknown_id"),
    planted("resource text", "modes.csv", "lab:1", "lab", 4, "resources", "resource_use"),
    planted("no mode", "modes.csv", "M2,full,", "M1,other,", 3, "id", "no_mode", "modules.csv"),
    planted("mode twice", "modes.csv", "M1,dist,", "M1,full,", 3, "mode", "duplicate_id"),
    planted("hours length", "teachers.csv", "g1,12", "g1,12|12", 2, "hours", "hours"),
    planted("hours negative", "teachers.csv", "g1,10", "g1,-10", 3, "hours", "whole_number"),
    planted(
        "deadline off", "teachers.csv", "2027-05-01", "2028-05-01", 2, "deadline", "off_calendar"
    ),
    planted("deadline text", "teachers.csv", "2027-05-01", "01.05.2027", 2, "deadline", "date"),
    planted(
        "profile unknown", "teachers.csv", "10,,basic", "10,,basik", 3, "profile", "unknown_id"
    ),
    planted("teacher twice", "teachers.csv", "T2,D", "T1,D", 3, "id", "duplicate_id"),
    planted("no goal", "teachers.csv", "10,,basic", "10,,", 3, "profile", "no_goal"),
    planted("level and score", "diagnosis.csv", "],2,,,", "],2,50,,", 2, "level", "measurement"),
    planted("score", "diagnosis.csv", "60,70", "60,170", 3, "activity", "whole_number"),
    planted("diagnosed", "diagnosis.csv", "B[err,num]", "B[err,nun]", 4, "element", "unknown_id"),
    planted("diagnosed teacher", "diagnosis.csv", "T2,", "T8,", 4, "teacher", "unknown_id"),
    planted("recognised", "recognition.csv", "S[team]", "S[tem]", 2, "element", "unknown_id"),
    planted("completed", "completed.csv", "M1", "M11", 2, "module", "unknown_id"),
    planted("completed late", "completed.csv", "2026", "2029", 2, "date", "off_calendar"),
    planted(
        "record lapses first",
        "completed.csv",
        "module,date\nT2,M1,2026-05-01",
        "module,date,expires\nT2,M1,2026-05-01,2026-04-01",
        2,
        "expires",
        "span",
    ),
    planted(
        "lapsed, unknown",
        "completed.csv",
        "module,date\nT2,M1,2026-05-01",
        "module,date,expires\nT2,M9,2026-05-01,2026-06-01",
        2,
        "module",
        "unknown_id",
    ),
    planted("goal hard", "goals.csv", '@3",,no', '@3",,maybe', 3, "hard", "flag"),
    planted("absence", "absences.csv", "2027-02-05", "2027-01-05", 2, "end", "span"),
    planted("share", "funds.csv", "2/3", "4/3", 2, "share", "share"),
    planted("fund component", "funds.csv", "subject,", "sport,", 2, "components", "unknown_id"),
    planted("fund provider", "funds.csv", ",uni", ",unx", 2, "providers", "unknown_id"),
    planted("capacity", "resources.csv", "shared,5", "shared,", 2, "capacity", "missing_value"),
    planted("run off", "runs.csv", "2027-01-11", "2026-01-11", 2, "start", "off_calendar"),
    planted("run too late", "runs.csv", "2027-04-05", "2027-05-17", 3, "start", "off_calendar"),
    planted("run mode", "runs.csv", "r2,M1,full", "r2,M1,ful", 3, "mode", "unknown_id"),
    planted("run twice", "runs.csv", "r2,", "r1,", 3, "id", "duplicate_id"),
    planted("no such day", "runs.csv", "2027-04-05", "2027-02-30", 3, "start", "date"),
    planted("window turned", "windows.csv", "18,", "18,2027-01-04", 2, "earliest", "window"),
    planted("window and runs", "windows.csv", "M2,", "M1,", 2, "mode", "window"),
    planted("decision kind", "decisions.csv", "*,forbid", "*,ban", 4, "kind", "one_of"),
    planted("decision run", "decisions.csv", "M1,r1", "M1,r7", 2, "value", "unknown_id"),
    planted("decision path", "decisions.csv", "PT1,a", "PT1,z", 3, "value", "unknown_id"),
    planted("decision value", "decisions.csv", "M4,", "M4,x", 4, "value", "decision_value"),
    planted("decision date", "decisions.csv", "2027-02-15", "soon", 5, "value", "date"),
    planted(
        "contradiction",
        "decisions.csv",
        "*,forbid,M4",
        "*,forbid,M1",
        4,
        "subject",
        "contradiction",
    ),
    planted(
        "yaml key", "scenario.yaml", "currency:", "currencies:", 7, "currencies", "unknown_key"
    ),
    planted("yaml twice", "scenario.yaml", "currency: KZT", "id: tiny", 7, "", "yaml_key"),
    planted(
        "yaml value",
        "scenario.yaml",
        "periods: 20",
        "periods: 20.5",
        11,
        "calendar.periods",
        "whole_number",
    ),
    planted("yaml alias", "scenario.yaml", "currency: KZT", "currency: *x", 7, "", "yaml"),
    planted("yaml form", "scenario.yaml", "currency: KZT", "currency: [KZT", 8, "", "yaml"),
    planted("unit", "scenario.yaml", "unit: week", "unit: month", 9, "calendar.unit", "calendar"),
    planted(
        "break off",
        "scenario.yaml",
        "2027-03-08, end: 2027-03-09",
        "2029-03-08, end: 2029-03-09",
        15,
        "calendar.breaks[1]",
        "off_calendar",
    ),
    planted("objective", "scenario.yaml", "- cost", "- costs", 19, "objectives[3].name", "one_of"),
    planted(
        "objective twice",
        "scenario.yaml",
        "- cost",
        "- unmet_goals",
        19,
        "objectives[3].name",
        "duplicate_id",
    ),
    planted(
        "model folder",
        "scenario.yaml",
        "model: ../model",
        "model: ../modle",
        5,
        "",
        "missing_folder",
    ),
    planted(
        "social in f", "model.yaml", "team: 1", "teem: 1", 6, "formation.thresholds", "unknown_id"
    ),
    planted(
        "rule module",
        "standard.yaml",
        "modules: [M1], nodes",
        "modules: [M8], nodes",
        25,
        "rules[4].modules[1]",
        "unknown_id",
    ),
    planted(
        "rule group",
        "standard.yaml",
        "[core, extra]",
        "[cor, extra]",
        13,
        "rules[1].scope.groups[1]",
        "unknown_id",
    ),
    planted(
        "rule provider",
        "standard.yaml",
        "[uni]",
        "[uno]",
        28,
        "rules[7].scope.providers[1]",
        "unknown_id",
    ),
    planted(
        "rule kind",
        "standard.yaml",
        "kind: exclusion",
        "kind: exclude",
        27,
        "rules[6].kind",
        "one_of",
    ),
    planted("rule id", "standard.yaml", "id: R2", "id: R1", 14, "rules[2].id", "duplicate_id"),
    planted(
        "least above most",
        "standard.yaml",
        "least: 36",
        "least: 36\n    most: 20",
        12,
        "rules[1].least",
        "least_above_most",
    ),
    planted(
        "half an hour",
        "standard.yaml",
        "least: 36",
        "least: 36.5",
        12,
        "rules[1].least",
        "whole_number",
    ),
]


FAULTS += [
    planted(name, "standard.yaml", old, new, row, column, code)
    for name, old, new, row, column, code in (
        ("rule weight 0", "weight: 2", "weight: 0", 37, "rules[14].weight", "whole_number"),
        (
            "month 13",
            "year_starts: 9",
            "year_starts: 13",
            29,
            "rules[8].year_starts",
            "whole_number",
        ),
        ("per week", "per: year", "per: week", 29, "rules[8].per", "one_of"),
        ("no size", "hours, least: 10, each", "hours, each", 30, "rules[9]", "no_limit"),
        ("each form", "each: group", "each: form", 30, "rules[9].each", "one_of"),
        ("no months", "years: 3, by", "by", 31, "rules[10].years", "one_of_two"),
        ("by off", "by: 2027-05-01", "by: 2031-05-01", 31, "rules[10].by", "off_calendar"),
        (
            "recency of contact",
            "recency, measure: hours",
            "recency, measure: contact_hours",
            31,
            "rules[10].measure",
            "one_of",
        ),
        (
            "renewing module",
            "by: {modules: [M2]}",
            "by: {modules: [M9]}",
            32,
            "rules[11].by.modules[1]",
            "unknown_id",
        ),
        (
            "accredited span",
            "valid_to: 2028-01-01",
            "valid_to: 2025-01-01",
            35,
            "rules[12].providers[1].valid_to",
            "span",
        ),
        (
            "no provider",
            "[{provider: uni, valid_from: 2026-01-01, valid_to: 2028-01-01}, {provider: centre}]",
            "[]",
            33,
            "rules[12]",
            "no_limit",
        ),
        ("none in parallel", "most: 3}", "most: 0}", 36, "rules[13].most", "whole_number"),
        ("tolerance", "tolerance: 90", "tolerance: 101", 37, "rules[14].tolerance", "whole_number"),
        (
            "versions",
            "valid_from: 2027-02-02",
            "valid_from: 2027-02-01",
            40,
            "rules[17].id",
            "overlapping_validity",
        ),
        ("blank list", "{groups: [core]}", "{groups: }", 29, "rules[8].scope.groups", "blank_key"),
        ("blank scope", "scope: {groups: [core]}", "scope: ", 29, "rules[8].scope", "blank_key"),
        ("node not quoted", '"Sub[num]@2"', "Sub[num]@2", 25, "", "yaml"),
        ("too many asked for", "k: 1,", "k: 9,", 28, "rules[7].id", "rules_contradict"),
        (
            "amounts apart",
            "measure: modules, most: 4, per: term",
            "measure: hours, most: 35",
            38,
            "rules[15].id",
            "rules_contradict",
        ),
    )
] + [
    planted(name, file, old, new, row, column, code)
    for name, file, old, new, row, column, code in (
        ("waived rule", "waivers.csv", "T3,R9", "T3,R99", 2, "rule", "unknown_id"),
        ("waiver for", "waivers.csv", "T3,R9", "T4,R9", 2, "teacher", "unknown_id"),
        ("waiver why", "waivers.csv", "on leave", "", 2, "why", "missing_value"),
        ("waiver until", "waivers.csv", "2027-12-31", "", 2, "until", "missing_value"),
        ("substitute", "substitutions.csv", "T2,M3", "T2,M9", 2, "module", "unknown_id"),
        ("substituted", "substitutions.csv", "M3,M4", "M3,M9", 2, "instead_of", "unknown_id"),
        ("itself", "substitutions.csv", "M3,M4", "M4,M4", 2, "module", "substitution"),
    )
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_planted_fault_is_named_with_its_place(folder: Folder, fault: Planted) -> None:
    folder.replace(fault.file, fault.old, fault.new)
    name = fault.shown or fault.file
    prefix = MODEL if name in folder.model or name == "standard.yaml" else ""
    found = {(p.file, p.row, p.column, p.code) for p in problems_of(folder)}
    assert (prefix + name, fault.row, fault.column, fault.code) in found


def test_there_are_enough_planted_faults() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 40


FORM_OF_TABLES: list[tuple[str, Callable[[bytes], bytes], str, int | None]] = [
    ("empty", lambda data: b" \n", "empty_file", None),
    ("latin", lambda data: data + b"\xe9,x\n", "encoding", 6),
    ("utf-16", lambda data: data.decode().encode("utf-16"), "encoding", 1),
    ("nul", lambda data: data.replace(b"core", b"c\0re", 1), "nul_byte", 2),
    ("missing column", lambda data: data.replace(b"component", b"note", 1), "missing_column", 1),
    ("unknown column", lambda data: data.replace(b"entry", b"entri", 1), "unknown_column", 1),
    ("column twice", lambda data: data.replace(b"group", b"name", 1), "duplicate_column", 1),
    ("ragged", lambda data: data + b"M5,x\n", "ragged_row", 6),
    ("long row", lambda data: data + b"M5,x,subject,,,,,,,more\n", "ragged_row", 6),
    ("quote in a cell", lambda data: data + b'M5,a "short" name,subject,,,,,,\n', "stray_quote", 6),
    ("open quote", lambda data: data + b'"M5,x\n', "csv", 6),
]


@pytest.mark.parametrize("case", FORM_OF_TABLES, ids=lambda c: c[0])
def test_fault_of_the_form_of_a_table(
    folder: Folder, case: tuple[str, Callable[[bytes], bytes], str, int | None]
) -> None:
    _, change, code, row = case
    path = folder.write()
    table = path.parent / "model" / "modules.csv"
    table.write_bytes(change(table.read_bytes()))
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    places = {(p.file, p.row, p.code) for p in caught.value.problems}
    assert (MODEL + "modules.csv", row, code) in places


def test_missing_file_and_folder(folder: Folder) -> None:
    path = folder.write()
    (path.parent / "model" / "modes.csv").unlink()
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert [(p.file, p.code) for p in caught.value.problems] == [
        (MODEL + "modes.csv", "missing_file")
    ]
    with pytest.raises(InputError, match="no such folder"):
        load_scenario(path / "nowhere")


def test_rows_are_counted_in_lines_also_after_quoted_line_breaks(folder: Folder) -> None:
    folder.replace("pedagogical.csv", "name\nerr,", "name,note why\nerr,")
    folder.model["pedagogical.csv"] = (
        'id,name,weight,note why\nerr,Errors,1,"two\nlines"\n\nvideo,Video,-1,\n'
    )
    problem = next(p for p in problems_of(folder) if p.code == "whole_number")
    assert (problem.row, problem.column) == (5, "weight")


def test_a_doubled_quote_in_a_quoted_cell_is_a_quote(folder: Folder) -> None:
    folder.model["pedagogical.csv"] = 'id,name\nerr,"Errors, ""all""\tof them"\nvideo,"Vi""deo"\n'
    folder.model["pedagogical.csv"] = folder.model["pedagogical.csv"].replace("\t", " ")
    scenario = load_scenario(folder.write())
    assert [p.name for p in scenario.model.pedagogical] == ['Errors, "all" of them', 'Vi"deo']


def test_a_stray_quote_is_told_from_quoted_cells_of_its_row(folder: Folder) -> None:
    folder.model["pedagogical.csv"] = 'id;name;weight\nerr;"a ""b"";\nc";1\nvideo;d "e;1\n'
    problems = [p for p in problems_of(folder) if p.code == "stray_quote"]
    assert [(p.row, p.found) for p in problems] == [
        (4, "a quote in the middle of a cell, after 'video;d '")
    ]


def test_a_record_twice_is_a_fault(folder: Folder) -> None:
    files = folder.files("completed.csv")
    assert "completed.csv" in files
    row = files["completed.csv"].splitlines()[1]
    folder.append("completed.csv", row)
    line = len(files["completed.csv"].splitlines())
    assert [(p.row, p.column, p.code) for p in problems_of(folder)] == [
        (line, "module", "duplicate_record")
    ]


def test_a_task_of_a_micro_goal_is_named_in_its_own_row(folder: Folder) -> None:
    """M3 teaches two elements of one micro-goal; its first row names a task that exists."""
    folder.append("teaches.csv", "M3,Sub[num],0,2,errors,PT1|NOPE")
    line = len(folder.files("teaches.csv")["teaches.csv"].splitlines())
    assert [(p.row, p.column, p.code) for p in problems_of(folder)] == [
        (line, "tasks", "unknown_id")
    ]


def test_one_wrong_cell_for_everybody_is_one_fault(folder: Folder) -> None:
    folder.append("decisions.csv", "*,forbid,NOPE,")
    found = [(p.file, p.column, p.code) for p in problems_of(folder)]
    assert [(column, code) for _, column, code in found] == [("subject", "unknown_id")]


def test_a_name_with_a_line_break_is_a_fault_at_its_first_line(folder: Folder) -> None:
    folder.model["pedagogical.csv"] = 'id,name\nerr,"Err\nors"\nvideo,Video\n'
    problem = next(iter(problems_of(folder)))
    assert (problem.row, problem.column, problem.code) == (2, "name", "text")


def test_all_faults_are_reported_at_once_and_none_twice(folder: Folder) -> None:
    folder.replace("modes.csv", "4500000", "-1")
    folder.replace("teachers.csv", "10,,basic", "10,,basik")
    folder.replace("standard.yaml", "[core, extra]", "[cor, extra]")
    found = problems_of(folder)
    assert {p.file for p in found} == {MODEL + "modes.csv", MODEL + "standard.yaml", "teachers.csv"}
    assert len(found) == 3


def test_a_broken_row_does_not_make_what_refers_to_it_unknown(folder: Folder) -> None:
    folder.replace("modules.csv", "M1,Number systems,subject", "M1,Number systems,sub")
    folder.replace("subject.csv", "2-4", "2-9")
    assert {(p.file, p.row) for p in problems_of(folder)} == {
        (MODEL + "modules.csv", 2),
        (MODEL + "subject.csv", 2),
    }


def test_ten_thousand_faults_stay_readable(folder: Folder) -> None:
    for i in range(10_000):
        folder.append("completed.csv", f"T{i + 100},M1,")
    with pytest.raises(InputError) as caught:
        load_scenario(folder.write())
    assert len(caught.value.problems) == 10_000
    assert len(str(caught.value).splitlines()) < 130
    assert str(caught.value).endswith("10000 problems found")


def test_table_above_the_limit_is_refused_unread(folder: Folder) -> None:
    path = folder.write()
    with (path / "completed.csv").open("ab") as stream:
        stream.truncate(200 * 1024 * 1024)
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.code) == ("completed.csv", "file_too_large")
    assert "200 MB" in problem.found
    assert files.MOST_TABLE_BYTES == 64 * 1024 * 1024


def test_yaml_bomb_and_deep_nesting_are_refused(folder: Folder) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    folder.scenario["scenario.yaml"] = bomb
    assert [(p.row, p.code) for p in problems_of(folder)] == [(1, "yaml")]
    folder.scenario["scenario.yaml"] = "a: " + "[" * 5000 + "]" * 5000
    assert [(p.row, p.code) for p in problems_of(folder)] == [(1, "yaml")]


def test_yaml_anchor_is_refused_even_if_nothing_refers_to_it(folder: Folder) -> None:
    folder.replace("scenario.yaml", "name: Tiny scenario", "name: &n Tiny scenario")
    assert [(p.row, p.found) for p in problems_of(folder)] == [(4, "the anchor &n")]


def test_yaml_tag_is_refused(folder: Folder) -> None:
    folder.replace("scenario.yaml", "name: Tiny scenario", "name: !!python/name:os.system x")
    assert ("scenario.yaml", 4, "yaml") in {(p.file, p.row, p.code) for p in problems_of(folder)}


def test_thirteen_limited_funds_for_one_teacher_are_refused(folder: Folder) -> None:
    for i in range(11):
        folder.append("funds.csv", f"f{i},,,100,,,,,,,")
    found = problems_of(folder)
    assert {(p.file, p.row, p.code) for p in found} == {
        ("teachers.csv", 2, "too_many_funds"),
        ("teachers.csv", 3, "too_many_funds"),
    }


def test_faulty_calendar_is_not_reported_again_by_the_dates_of_other_tables(
    folder: Folder,
) -> None:
    folder.replace("scenario.yaml", "  periods: 20\n", "")
    assert [(p.file, p.row, p.column) for p in problems_of(folder)] == [
        ("scenario.yaml", 8, "calendar.periods")
    ]


def test_an_unknown_key_is_told_what_it_may_be(folder: Folder) -> None:
    folder.replace("standard.yaml", "{groups: [core]}", "{group: [core]}")
    folder.replace("standard.yaml", "{provider: centre}", "centre")
    folder.replace("standard.yaml", "  - {id: R13, kind: parallel, most: 3}\n", "  -\n")
    folder.replace("scenario.yaml", "currency: KZT", "zzz: KZT")
    folder.replace("model.yaml", "  rule: weakest-link", "  ruel: weakest-link")
    told = {p.column: (p.found, p.expected) for p in problems_of(folder)}
    assert told["rules[8].scope.group"] == ("the key 'group'", "groups (maybe)")
    assert told["rules[12].providers[2]"][1] == "a map of keys: provider, valid_from, valid_to"
    assert told["rules[13]"] == ("no value", "a map of keys")
    assert told["zzz"][1].startswith("one of format, version, id, name, model, standard, ")
    assert told["formation.ruel"][1] == "rule (maybe)"
