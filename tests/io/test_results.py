"""Results in files: lossless, the same bytes twice, complete or absent."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.plan import (
    Objective,
    Result,
    StageTiming,
    Status,
    Step,
    TeacherPlan,
    total_objectives,
)
from trajectory_engine.errors import InputError, OutputError
from trajectory_engine.io import (
    result_from_json,
    result_to_csv,
    result_to_json,
    schemas,
    write_result,
)
from trajectory_engine.io.results import credits_text

STEP = Step(
    module="M12",
    mode="distance",
    run=None,
    start=3,
    end=7,
    start_date=date(2027, 2, 1),
    end_date=date(2027, 2, 28),
    hours=36,
    credits=125,
    cost=4_500_000,
    paid_by=(("zeta", 4_000_000), ("alpha", 500_000)),
    attains=("B[err-work,num-conv]@4", "Sub[ä]@1"),
    because=("task:PT4", "rule:KZ-PD-HOURS"),
)
RESULT = Result(
    scenario="s",
    input_hash="ab12",
    engine_version="0.1.0",
    solver_version="9.15",
    seed=7,
    workers=1,
    status=Status.INFEASIBLE,
    objectives=(Objective("completion", 7, 5), Objective("cost", None, None)),
    teachers=(
        TeacherPlan(
            "T1",
            Status.FEASIBLE,
            (Objective("completion", 7, 5),),
            (STEP, replace(STEP, module="=cmd()", run="r1", credits=300, paid_by=())),
            formed_by_rule=(("B[a,b]@1", 4),),
            unmet=("Sub[x]@3",),
            tasks_solvable=("PT4",),
            warnings=(Message.of("level_rounded", element="P[a]", level=5, rounded=4),),
        ),
        TeacherPlan(
            "T2",
            Status.INFEASIBLE,
            (Objective("completion", None, None),),
            reasons=(
                Message.of("goal_too_late", goal="Sub[x]@3", chain="A", earliest=9, deadline=4),
            ),
        ),
    ),
    reproducible=False,
    timings=(StageTiming("solve", 1.25),),
)


def test_plan_json_gives_back_everything_but_timings() -> None:
    text = result_to_json(RESULT)
    assert result_from_json(text) == replace(RESULT, timings=())
    assert result_to_json(result_from_json(text)) == text


def test_plan_json_follows_the_contract() -> None:
    document = json.loads(result_to_json(RESULT))
    jsonschema.Draft202012Validator(schemas.shipped("plan")).validate(document)
    assert "timings" not in document and document["reproducible"] is False
    step = document["teachers"][0]["steps"][0]
    assert step["credits"] == "1.25" and step["start_date"] == "2027-02-01"
    assert list(step["paid_by"].items()) == [("zeta", 4_000_000), ("alpha", 500_000)]
    assert document["objectives"][0]["gap"] == pytest.approx(2 / 7)
    reason = document["teachers"][1]["reasons"][0]
    assert reason["parameters"]["deadline"] == "4"
    assert "the deadline is after 4" in reason["text"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d["teachers"][0]["steps"][0].update(start=-1), "teachers[0].steps[0].start"),
        (lambda d: d["teachers"][0]["steps"][0].update(hours=1.5), "teachers[0].steps[0].hours"),
        (
            lambda d: d["teachers"][0]["steps"][0].update(credits="1.234"),
            "teachers[0].steps[0].credits",
        ),
        (
            lambda d: d["teachers"][0]["steps"][0].update(credits=1.2),
            "teachers[0].steps[0].credits",
        ),
        (
            lambda d: d["teachers"][0]["steps"][0].update(end_date="soon"),
            "teachers[0].steps[0].end_date",
        ),
        (
            lambda d: d["teachers"][0]["steps"][0]["paid_by"].update(x="1"),
            "teachers[0].steps[0].paid_by.x",
        ),
        (lambda d: d["teachers"][1].pop("steps"), "teachers[1].steps"),
        (lambda d: d.update(status="good"), "status"),
        (
            lambda d: d["teachers"][0]["steps"][0].update(end_date="2027-01-18T00:00:00"),
            "teachers[0].steps[0].end_date",
        ),
        (
            lambda d: d["teachers"][0]["steps"][0].update(start_date=20270118),
            "teachers[0].steps[0].start_date",
        ),
        (lambda d: d.update(version=2), "version"),
        (lambda d: d.update(version=True), "version"),
        (lambda d: d.update(version=1.0), "version"),
        (lambda d: d.update(seed=-1), "seed"),
        (lambda d: d.update(seed="0"), "seed"),
        (lambda d: d.update(workers=True), "workers"),
        (lambda d: d.update(workers=0), "workers"),
        (lambda d: d.update(engine_version=""), "engine_version"),
        (lambda d: d.update(solver_version=9), "solver_version"),
        (lambda d: d["objectives"][0].update(gap="0.0"), "objectives[0].gap"),
        (lambda d: d.update(more=2), "more"),
    ],
)
def test_fault_of_a_plan_is_named_by_its_path(change, place) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(result_to_json(RESULT))
    change(document)
    with pytest.raises(InputError) as caught:
        result_from_json(json.dumps(document))
    assert [p.column for p in caught.value.problems] == [place]


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"gap": Infinity}', b"\xff\xfe"])
def test_what_is_no_plan_is_an_input_error(text: str | bytes) -> None:
    with pytest.raises(InputError):
        result_from_json(text)


def test_plan_csv_has_a_row_a_step_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(result_to_csv(RESULT))))
    assert [row["module"] for row in rows] == ["M12", "'=cmd()"]
    assert rows[0]["paid_by"] == "zeta:4000000|alpha:500000"
    assert rows[0]["attains"] == "B[err-work,num-conv]@4|Sub[ä]@1"
    assert (rows[0]["run"], rows[1]["run"]) == ("", "r1")


def test_frame_has_a_row_a_step() -> None:
    frame = RESULT.to_frame()
    assert list(frame["teacher"]) == ["T1", "T1"]
    assert list(frame["credits"]) == [1.25, 3.0]
    assert frame["end_date"].max().date() == date(2027, 2, 28)
    empty = replace(RESULT, teachers=()).to_frame()
    assert len(empty) == 0 and list(empty.columns) == list(frame.columns)


@pytest.mark.parametrize(
    ("hundredths", "text"), [(0, "0"), (5, "0.05"), (120, "1.2"), (300, "3"), (1000, "10")]
)
def test_credits_are_decimal_text(hundredths: int, text: str) -> None:
    assert credits_text(hundredths) == text


def test_files_are_written_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out"
    paths = write_result(RESULT, target)
    first = paths[0].read_bytes()
    write_result(RESULT, target)
    assert sorted(p.name for p in target.iterdir()) == ["plan.csv", "plan.json", "run.json"]
    assert paths[0].read_bytes() == first
    run = json.loads((target / "run.json").read_text(encoding="utf-8"))
    assert run["timings"] == [{"stage": "solve", "seconds": 1.25}]
    assert run["versions"]["engine"] == "0.1.0" and run["reproducible"] is False


def test_folder_that_is_a_file_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="could not be written"):
        write_result(RESULT, tmp_path / "out")


def test_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_result(RESULT, tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_result(replace(RESULT, seed=8), tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_killed_run_leaves_no_half_written_file(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from trajectory_engine.io.atomic import write_files\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_files(sys.argv[1], {'plan.json': 'x' * 10_000})\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode != 0
    assert not (tmp_path / "plan.json").exists()


def test_the_gap_of_a_value_of_zero_is_counted_from_one() -> None:
    assert Objective("cost", 0, -3).gap == 3.0
    assert Objective("cost", 0, 0).gap == 0.0
    assert Objective("cost", -4, -6).gap == 0.5
    assert Objective("cost", 4, 3).gap == 0.25


def test_frames_have_the_same_types_with_and_without_steps() -> None:
    plan = TeacherPlan("T1", Status.OPTIMAL, (), steps=(STEP,))
    filled, empty = (result_of(plans).to_frame() for plans in ((plan,), ()))
    assert len(filled) == 1
    assert len(empty) == 0
    assert filled.dtypes.to_dict() == empty.dtypes.to_dict()
    assert filled.dtypes["cost"] == "int64"


def result_of(plans: tuple[TeacherPlan, ...]) -> Result:
    """Return a result with some plans and nothing else."""
    return Result("s", "0" * 64, "1", "1", 0, 1, Status.OPTIMAL, (), plans, True)


def test_sums_are_not_proven_where_a_plan_is_not_found_yet() -> None:
    planned = TeacherPlan("A", Status.OPTIMAL, (Objective("completion", 4, 4),))
    for status, proven in ((Status.UNKNOWN, False), (Status.INFEASIBLE, True)):
        without = TeacherPlan("B", status, (Objective("completion", None, None),))
        (total,) = total_objectives([planned, without])
        assert total.value == 4
        assert total.proven == proven
        assert total.bound == (4 if proven else None)
