"""Degree plans: read, measured, and placed in the fewest terms, on a plan argued by hand."""

from __future__ import annotations

import csv
import random
from collections import Counter
from pathlib import Path

import degree_plans
import pytest

import trajectory_engine as te

HEADING = (
    "Course ID,Course Name,Prerequisites,Corequisites,Strict-Corequisites,Credit Hours,"
    "Complexity,Blocking,Delay,Centrality"
)
PLAN = f"""\
Curriculum,Small,,,,,,,,,,,
System Type,semester,,,,,,,,,,,
Courses,,,,,,,,,,,,
{HEADING}
1,First,,,,12,6.0,3,3.0,0
2,Second,1,,,6,4.0,1,3.0,3
3,Laboratory,2,,,6,3.0,0,3.0,0
4,Beside,,1,,3,2.0,0,2.0,0
"""


def _folder(tmp_path: Path, text: str = PLAN) -> Path:
    (tmp_path / "Small_w_metrics.csv").write_text(text, encoding="utf-8")
    (tmp_path / "Small.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_metrics_and_terms_of_a_small_plan(tmp_path: Path) -> None:
    """Tests that the chain of three courses needs three terms, the second of which is too empty.

    Course 2 alone has 6 credits, 9 with course 4: the term in the middle never has 12.
    """
    plan = degree_plans.read_plan(_folder(tmp_path) / "Small_w_metrics.csv")
    assert not degree_plans.differing(plan, degree_plans.metrics_of(plan))
    assert degree_plans.fewest_terms(plan, 10.0) is None
    fuller = PLAN.replace("3,Laboratory,2,,", "3,Laboratory,,,2")
    again = degree_plans.read_plan(_folder(tmp_path, fuller) / "Small.csv")
    assert degree_plans.fewest_terms(again, 10.0) == 2
    assert degree_plans.broken(again, [0, 1, 1, 0]) == []


def test_what_a_choice_of_terms_breaks(tmp_path: Path) -> None:
    """Tests order, corequisites, credits, and a course without a term."""
    plan = degree_plans.read_plan(_folder(tmp_path) / "Small.csv")
    assert "2 is too early" in degree_plans.broken(plan, [0, 0, 1, 1])
    assert "4 is too early" in degree_plans.broken(plan, [1, 2, 3, 0])
    assert "term 1 has 0 credits" in degree_plans.broken(plan, [1, 2, 3, 1])
    assert "3 has no term" in degree_plans.broken(plan, [0, 1, -1, 0])
    apart = degree_plans.read_plan(
        _folder(tmp_path, PLAN.replace("2,Second,1,,", "2,Second,1,,3")) / "Small.csv"
    )
    assert "2 is apart" in degree_plans.broken(apart, [0, 1, 2, 0])


def test_published_metrics_that_differ_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tests the rows that are written, and the exit code of a wrong figure."""
    out = tmp_path / "rows" / "plans.csv"
    arguments = ["--plans", str(_folder(tmp_path)), "--without-engine", "--out", str(out)]
    assert degree_plans.main(arguments) == 0
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["plan"], r["metrics_equal"], r["complexity"]) for r in rows] == [
        ("Small", "1", "15.0")
    ]
    _folder(tmp_path, PLAN.replace("6.0,3,3.0,0", "6.0,2,3.0,0"))
    assert degree_plans.main(arguments) == 1
    assert "Small 1: blocking 3, published 2" in capsys.readouterr().out


def test_the_engine_has_as_few_terms_or_proves_that_there_is_no_plan(tmp_path: Path) -> None:
    """Tests two terms where the laboratory goes beside its course, and none where it cannot."""
    path = _folder(tmp_path, PLAN.replace("3,Laboratory,2,,", "3,Laboratory,,,2")) / "Small.csv"
    answer = degree_plans.engine_terms(degree_plans.read_plan(path), path, 20.0)
    assert answer == degree_plans.Answer("optimal", 2, proven=True, holds=True)
    assert degree_plans.contradictions("Small", answer, 2) == []
    assert degree_plans.contradictions("Small", answer, 3)
    path = _folder(tmp_path) / "Small.csv"
    answer = degree_plans.engine_terms(degree_plans.read_plan(path), path, 20.0)
    assert answer == degree_plans.Answer("infeasible", proven=True)
    assert degree_plans.contradictions("Small", answer, None) == []
    assert degree_plans.contradictions("Small", answer, 2)


def test_a_run_with_the_engine_writes_its_rows(tmp_path: Path) -> None:
    """Tests that a plan that cannot be had is a proven answer, with no terms, and no failure."""
    out = tmp_path / "plans.csv"
    arguments = ["--plans", str(_folder(tmp_path)), "--time-limit", "20", "--out", str(out)]
    assert degree_plans.main(arguments) == 0
    with out.open(newline="", encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert (row["status_engine"], row["terms_engine"], row["proven_engine"]) == (
        "infeasible",
        "",
        "1",
    )
    assert row["verified_engine"] == ""


def _random_plan(numbers: random.Random) -> str:
    """Return a plan of up to 12 courses with requisites of all kinds, some contradictory."""
    rows = []
    for course in range(numbers.randint(1, 12)):
        needs: list[list[str]] = [[], [], []]
        for other in range(course):
            if numbers.random() < 0.25:
                needs[numbers.choice((0, 0, 1, 2))].append(str(other))
        credits = numbers.choice(("2", "3", "4", "4.5", "5", "6", "6", "8", "9", "12", "19"))
        rows.append(f"{course},C{course},{','.join(map(';'.join, needs))},{credits}")
    heading = HEADING.partition(",Complexity")[0]
    return "\n".join(["Curriculum,Random", "Courses", heading, *rows, ""])


@pytest.mark.parametrize("count", [25, pytest.param(400, marks=pytest.mark.deep)])
def test_engine_and_plain_model_agree_on_random_plans(tmp_path: Path, count: int) -> None:
    """Tests the fewest terms, and that what the importer refuses as a circle has no plan either."""
    path = tmp_path / "plan.csv"
    statuses = Counter[str]()
    for seed in range(count):
        path.write_text(_random_plan(random.Random(seed)), encoding="utf-8")
        plan = degree_plans.read_plan(path)
        expected = degree_plans.fewest_terms(plan, 30.0)
        try:
            answer = degree_plans.engine_terms(plan, path, 30.0)
        except te.InputError as error:
            assert {p.code for p in error.problems} == {"cycle"}
            answer = degree_plans.Answer("cycle", proven=True)
        assert answer.proven
        assert (answer.terms, answer.holds is False) == (expected, False), seed
        statuses[answer.status] += 1
    assert min(statuses[s] for s in ("optimal", "infeasible", "cycle")) > count // 25


def test_a_folder_without_plans_has_its_own_exit_code(tmp_path: Path) -> None:
    """Tests a folder that is missing, and a file that is no plan."""
    assert degree_plans.main(["--plans", str(tmp_path / "none")]) == 6
    (tmp_path / "other.csv").write_text("a,b\n", encoding="utf-8")
    assert degree_plans.main(["--plans", str(tmp_path), "--without-engine"]) == 2
