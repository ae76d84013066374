"""Curricula and degree plans of Curricular Analytics, on a plan argued by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from degree_plan_texts import CURRICULUM, HEADING, PLAN, STARTS

import trajectory_engine as te
from trajectory_engine.domain.calendar import PeriodUnit
from trajectory_engine.domain.catalogue import Entry
from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io.public import import_public, read_public

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT.parent / "shared" / "data" / "us_cs_degree_plans" / "raw"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "Baking plan.csv"
    path.write_text(text, encoding="utf-8")
    return path


def scenario_of(tmp_path: Path, text: str) -> te.Scenario:
    return read_public(written(tmp_path, text))


def problems_of(tmp_path: Path, text: str) -> list[InputProblem]:
    with pytest.raises(InputError) as caught:
        read_public(written(tmp_path, text), format="degree-plan")
    return list(caught.value.problems)


def courses(*rows: str, system: str = "semester") -> str:
    """Return a curriculum with these courses: id, prerequisites, corequisites, strict, credits."""
    lines = [f"{i},Course {i},,,{pre},{co},{strict},{c},,,"
             for i, pre, co, strict, c in (row.split(",") for row in rows)]  # fmt: skip
    head = ["Curriculum,Small", f"System Type,{system}", "Courses", HEADING]
    return "\n".join([*head, *lines, ""])


def test_what_becomes_what(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, PLAN)
    assert (scenario.id, scenario.name) == ("Baking-plan", "Baking / Three terms")
    assert [m.id for m in scenario.modules] == ["1", "2", "3", "4", "5", "6"]
    bread, cakes = scenario.module_by_id["2"], scenario.module_by_id["4"]
    assert (bread.name, bread.group) == ("BA 102 Bread", "BA")
    assert bread.entry == Entry(modules=("1",))
    assert bread.strict_co == ("3",)
    assert cakes.entry == Entry(modules=("2", "1"))
    assert cakes.co == ("5",)
    assert [(str(r.node), list(map(str, r.needs))) for r in scenario.model.prerequisites] == [
        ("Sub[2]@1", ["Sub[1]@1"]),
        ("Sub[4]@1", ["Sub[2]@1", "Sub[1]@1"]),
    ]
    assert [m.modes[0].credits for m in scenario.modules] == [600, 600, 400, 600, 600, 550]
    assert all((m.modes[0].hours, m.modes[0].duration) == (0, 1) for m in scenario.modules)
    student = scenario.teachers[0]
    assert [str(g) for g in student.goals] == [f"Sub[{i}]@1" for i in "123456"]
    assert all(g.hard for g in student.goals)
    assert te.Scenario.from_json(scenario.to_json()) == scenario


def test_the_plan_of_three_terms(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, PLAN)
    result = te.plan(scenario)
    assert result.status is te.Status.OPTIMAL
    assert result.objectives[0].value == 3
    assert {s.module: s.start for s in result.teachers[0].steps} == STARTS
    assert te.verify(scenario, result) == []


def test_the_calendar_holds_every_plan_within_the_credits(tmp_path: Path) -> None:
    """Tests 33.5 credits: more than two full terms of at least 12, and a light last one: three."""
    calendar = scenario_of(tmp_path, CURRICULUM).calendar
    assert (calendar.unit, calendar.horizon) == (PeriodUnit.TERM, 3)
    assert [t.id for t in calendar.terms] == ["term-1", "term-2", "term-3"]
    assert calendar.boundaries == tuple(
        date(y, m, 1) for y, m in ((2027, 9), (2028, 2), (2028, 9), (2029, 2))
    )


def test_quarters_are_three_a_year(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, courses("a,,,,12", "b,,,,12", "c,,,,12", system="quarter"))
    assert scenario.calendar.boundaries == tuple(
        date(y, m, 1) for y, m in ((2027, 9), (2028, 1), (2028, 4), (2028, 9), (2029, 1))
    )


def test_a_long_chain_and_published_terms_lengthen_the_calendar(tmp_path: Path) -> None:
    """Tests that whoever loosens the credits finds room for the chain and the published terms."""
    assert scenario_of(tmp_path, courses("a,,,,1", "b,a,,,1", "c,b,,,1")).calendar.horizon == 3
    published = PLAN.replace("5.5,,,2", "5.5,,,9")
    assert scenario_of(tmp_path, published).calendar.horizon == 9


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(courses("a,,,,19"), id="a course above 18 credits"),
        pytest.param(courses("a,,,,3", "b,a,,,3"), id="a first term that must be too light"),
    ],
)
def test_what_cannot_be_had_is_proven(tmp_path: Path, text: str) -> None:
    result = te.plan(scenario_of(tmp_path, text))
    assert result.status is te.Status.INFEASIBLE


def test_a_course_that_was_completed_elsewhere_counts(tmp_path: Path) -> None:
    """Tests that the second course starts at once, although the topic of the first is unknown."""
    scenario = scenario_of(tmp_path, courses("a,,,,12", "b,a,,,3"))
    [teacher] = scenario.teachers
    done = replace(teacher, completed=("a",), goals=teacher.goals[1:])
    assert te.plan(replace(scenario, teachers=(done,))).objectives[0].value == 1


def test_little_fits_in_one_light_term(tmp_path: Path) -> None:
    result = te.plan(scenario_of(tmp_path, courses("a,,,,3", "b,,a,,0")))
    assert result.objectives[0].value == 1


def test_a_circle_of_corequisites_is_one_term(tmp_path: Path) -> None:
    """Tests two courses no later than each other: together, beside one that fills the term."""
    text = courses("a,,b,,4", "b,,a,,4", "c,,,,10")
    result = te.plan(scenario_of(tmp_path, text))
    starts = {s.module: s.start for s in result.teachers[0].steps}
    assert starts["a"] == starts["b"]


def test_remarks_say_what_is_assumed_and_lost(tmp_path: Path) -> None:
    text = PLAN.replace("Semester", "semster").replace("Canonical Name", "Colour", 1)
    text = text.replace("101,,,,6,,,1", "101,,,,6,,red,1")
    text += "Course Learning Outcomes,,,,,,,,,,\nCourse ID,Learning Outcome\n1,Kneads\n"
    remarks = import_public(written(tmp_path, text)).remarks
    assert [(r.code, r.row, r.column) for r in remarks] == [
        ("system_assumed", 5, "System Type"),
        ("section_not_used", 17, ""),
        ("column_not_used", 8, "Colour"),
        ("credits_assumed", None, ""),
        ("terms_not_kept", None, "Term"),
    ]
    assert "1 rows of 'Course Learning Outcomes'" in remarks[1].found


def test_comments_blank_rows_and_repeated_requisites_are_ordinary(tmp_path: Path) -> None:
    text = PLAN.replace("Courses,,", "\n# seen by hand,,\nCourses,,", 1).replace("2;1", "2; 1;2;")
    assert scenario_of(tmp_path, text) == scenario_of(tmp_path, PLAN)


FAULTS = [
    ("1,Dough", ",Dough", [("identifier", 9, "Course ID"), ("unknown_id", 10, "Prerequisites"),
                           ("unknown_id", 12, "Prerequisites")]),
    ("3,\"Oven", "2,\"Oven", [("duplicate_id", 11, "Course ID"),
                              ("unknown_id", 10, "Strict-Corequisites")]),
    ("2,Bread,BA,102,1", "2,Bread,BA,102,9", [("unknown_id", 10, "Prerequisites")]),
    ("2,Bread,BA,102,1", "2,Bread,BA,102,2", [("cycle", 10, "Prerequisites")]),
    ("2,Bread,BA,102,1", "2,Bread,BA,102,4", [("cycle", 10, "Prerequisites")]),
    ("102,1,,3,", "102,1,,1,", [("cycle", 10, "Prerequisites")]),
    ("6.0", "-6", [("credits", 10, "Credit Hours")]),
    ("6.0", "3-4", [("credits", 10, "Credit Hours")]),
    ("6.0", "", [("credits", 10, "Credit Hours")]),
    ("6.0", "1.125", [("credits", 10, "Credit Hours")]),
    ("6.0", "101", [("credits", 10, "Credit Hours")]),
    ("1,Dough", "1,", [("missing_value", 9, "Course Name")]),
    ("5.5,,,2", "5.5,,,two", [("whole_number", 16, "Term")]),
    ("5.5,,,2", "5.5,,,2,more", [("unnamed_column", 16, "column 12")]),
    ("Curriculum,Baking", "Curriculum,", [("missing_key", 1, "Curriculum")]),
    ("CIP,", "CPI,", [("unknown_key", 6, "")]),
    ("CIP,12.0501", "Institution,Other", [("duplicate_key", 6, "")]),
    ("CIP,12.0501,", "CIP,12.0501,?", [("one_value", 6, "CIP")]),
    ("Courses,,,,,,,,,,\n", "", [("missing_section", 7, "")]),
    ("Additional Courses", "Courses", [("duplicate_section", 13, ""),
                                       ("unknown_id", 12, "Corequisites")]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_faults_name_line_and_column(
    tmp_path: Path, old: str, new: str, expected: list[tuple[str, int, str]]
) -> None:
    assert old in PLAN
    found = problems_of(tmp_path, PLAN.replace(old, new, 1))
    assert sorted((p.code, p.row, p.column) for p in found) == sorted(expected)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = PLAN.replace("6.0", "six").replace("2;1", "2;7").replace("5.5,,,2", "5.5,,,0")
    text = text.replace("Corequisites,", "Co-requisites,", 1)
    assert {(p.code, p.row) for p in problems_of(tmp_path, text)} == {
        ("credits", 10),
        ("unknown_id", 12),
        ("whole_number", 16),
        ("missing_column", 8),
        ("unknown_column", 8),
    }


def test_a_circle_is_named_by_its_courses(tmp_path: Path) -> None:
    """Tests that corequisites carry a circle on, and that it is named once."""
    found = problems_of(tmp_path, courses("a,c,,,3", "b,,a,,3", "c,b,,,3", "d,,,,3"))
    assert [(p.code, p.found) for p in found] == [("cycle", "the cycle a -> b -> c -> a")]


def test_more_terms_than_a_calendar_has(tmp_path: Path) -> None:
    many = courses(*(f"c{i},,,,100" for i in range(241)))
    assert [p.code for p in problems_of(tmp_path, many)] == ["too_long"]


@pytest.mark.parametrize("cut", range(0, len(PLAN), 7))
def test_a_truncated_file_is_read_or_refused(tmp_path: Path, cut: int) -> None:
    try:
        scenario = read_public(written(tmp_path, PLAN[:cut]), format="degree-plan")
    except InputError as error:
        assert error.problems
    else:
        assert 1 <= len(scenario.modules) <= 6


# ---- published plans ----------------------------------------------------------------------------

COURSES = {
    "BSCS_Hawaii_Manoa": 41,
    "California_Berkely_V2": 30,
    "Colostate_CSDegree": 37,
    "Colostate_CSDegree_2017": 37,
    "Colostate_CSDegree_2017_w_MATH": 41,
    "Kennesaw_State_University_CS": 43,
    "Metropolitan_State_University_CS": 34,
    "Michigan_Ann_Arbor_CS": 38,
    "U_of_Colorado_Boulder_CS": 38,
}
"""Courses as counted by whoever gathered the plans (their table of plans)."""


@pytest.mark.parametrize("ending", ["", "_w_metrics"])
@pytest.mark.parametrize("name", COURSES)
def test_published_plans_are_read(name: str, ending: str) -> None:
    path = SAMPLES / f"{name}{ending}.csv"
    if not path.exists():
        pytest.skip(f"the published plans are not beside the repository: {path}")
    conversion = import_public(path)
    assert len(conversion.scenario.modules) == COURSES[name]
    assert {r.code for r in conversion.remarks} <= {"credits_assumed", "system_assumed"}
    document = json.loads(conversion.scenario.to_json())
    assert document["scenario"]["objectives"][0]["name"] == "completion"


def test_published_plans_have_all_their_requisites() -> None:
    """Tests the counts of the three kinds over all plans: 256, 11 and 11."""
    if not SAMPLES.exists():
        pytest.skip(f"the published plans are not beside the repository: {SAMPLES}")
    modules = [m for name in COURSES for m in read_public(SAMPLES / f"{name}.csv").modules]
    entries = sum(len(m.entry.modules) for m in modules if m.entry is not None)
    assert (entries, sum(len(m.co) for m in modules)) == (256, 11)
    assert sum(len(m.strict_co) for m in modules) == 11
