"""The commands: exit codes, one JSON document, plain messages for bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]


def test_version_and_help(run: Runner) -> None:
    version = run("--version")
    assert version.code == 0
    assert version.out.startswith("trajectory-engine ")
    shown = run("--help")
    assert shown.code == 0
    assert all(name in shown.out for name in ("plan", "check", "verify", "graph"))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["plan"],
        ["plan", "x", "--time-limit", "nan"],
        ["plan", "x", "--time-limit", "0"],
        ["plan", "x", "--time-limit", "soon"],
        ["plan", "x", "--workers", "0"],
        ["plan", "x", "--workers", "99999999999999999999"],
        ["explain", "x", "--repairs", "99999999999999999999"],
        ["plan", "x", "--seed", "-1"],
        ["plan", "x", "--seed", "1.5"],
        ["plan", "x", "--unknown"],
        ["verify", "x"],
        ["check", ""],
        ["plan", "x", "--out", ""],
        ["graph", "x", "--task", "t", "--out", " "],
    ],
)
def test_wrong_usage_is_2_and_explained(run: Runner, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert result.err.strip() or "Usage" in result.out
    assert "Traceback" not in result.err


def test_wrong_usage_with_json_is_one_document(run: Runner) -> None:
    result = run("plan", "x", "--json", "--workers", "0")
    assert result.code == 2
    assert result.document["code"] == "usage"


def test_check_of_a_valid_scenario(run: Runner, folder: Path) -> None:
    result = run("check", folder)
    assert (result.code, result.err) == (0, "")
    assert "no problems found" in result.out
    document = run("check", folder, "--json").document
    assert document["valid"] is True
    assert document["counts"]["teachers"] == 2
    assert document["counts"]["modules"] == 3


def test_check_warns_of_rules_and_waivers_and_stops_nothing(run: Runner, folder: Path) -> None:
    standard = folder.parent / "standard.yaml"
    standard.write_text(
        "format: trajectory-engine/standard\nversion: 1\nid: s\nname: S\n"
        "rules:\n  - {id: R1, kind: parallel, most: 1}\n"
    )
    with (folder / "scenario.yaml").open("a") as stream:
        stream.write("standard: ../standard.yaml\n")
    (folder / "waivers.csv").write_text("teacher,rule,why,by,until\nT1,R1,leave,dean,2026-12-31\n")
    result = run("check", folder)
    assert (result.code, result.err) == (0, "")
    warnings = run("check", folder, "--json").document["warnings"]
    assert [w.split(": ")[0] for w in warnings] == [
        "../standard.yaml:6:rules[1].citation",
        "waivers.csv:2:until",
    ]
    assert all("R1" in w for w in warnings)
    planned = run("plan", folder)
    assert planned.code == 0
    assert [line for line in planned.err.splitlines() if line.startswith("warning: ")] == [
        f"warning: {w}" for w in warnings
    ]


def test_a_standard_that_no_line_names_is_warned_of(run: Runner, folder: Path) -> None:
    (folder / "standard.yaml").write_text(
        "format: trajectory-engine/standard\nversion: 1\nid: s\nname: S\n"
    )
    warning = (
        "warning: standard.yaml: a standard that is not read; "
        "expected the line 'standard: standard.yaml' in scenario.yaml"
    )
    assert warning in run("check", folder).err.splitlines()
    with (folder / "scenario.yaml").open("a") as scenario:
        scenario.write("standard: standard.yaml\n")
    assert "not read" not in run("check", folder).err


def test_a_table_with_a_misspelt_name_is_warned_of(run: Runner, folder: Path) -> None:
    (folder / "waiver.csv").write_text("teacher,rule,why,by,until\n")
    (folder / "budget of last year.csv").write_text("a\n")
    for command in ("check", "plan"):
        said = [line for line in run(command, folder).err.splitlines() if "warning" in line]
        assert said == [
            "warning: waiver.csv: a table that is not read; expected waivers.csv (maybe)"
        ]


def break_goal(folder: Path) -> None:
    (folder / "goals.csv").write_text("teacher,node,task\nT1,,PT9\nT9,Sub[num]@2,\n")


@pytest.mark.parametrize("command", ["check", "plan", "graph"])
def test_bad_input_is_2_with_every_problem(run: Runner, folder: Path, command: str) -> None:
    break_goal(folder)
    result = run(command, folder)
    assert (result.code, result.out) == (2, "")
    assert "goals.csv:2" in result.err
    assert "goals.csv:3" in result.err
    assert "PT9" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", ["check", "plan", "graph"])
def test_bad_input_as_json(run: Runner, folder: Path, command: str) -> None:
    break_goal(folder)
    result = run(command, folder, "--json")
    assert result.code == 2
    places = [(p["file"].split("/")[-1], p["row"]) for p in result.document["problems"]]
    assert ("goals.csv", 2) in places
    assert ("goals.csv", 3) in places


@pytest.mark.parametrize("command", ["check", "plan", "graph"])
def test_folder_that_does_not_exist(run: Runner, tmp_path: Path, command: str) -> None:
    result = run(command, tmp_path / "nowhere")
    assert result.code == 2
    assert "nowhere" in result.err
    assert "Traceback" not in result.err


def test_plan_writes_its_files_and_shows_a_table(run: Runner, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    result = run("plan", folder, "--out", out, "--time-limit", 20)
    assert result.code == 0, result.err
    assert sorted(p.name for p in out.iterdir()) == ["plan.csv", "plan.json", "run.json"]
    # T1 needs M1 and M2, then M3: 40 hours at 10 a week; T2 needs M1 alone.
    assert "optimal" in result.out
    row = next(line.split() for line in result.out.splitlines() if line.startswith(" T1"))
    assert "40" in row
    assert "22.00" in row
    assert "2027-02-14" in row
    assert result.err.splitlines()[0] == "planning 2 teachers"


def test_plan_of_one_teacher_shows_the_steps(run: Runner, folder: Path) -> None:
    result = run("plan", folder, "--teacher", "T1")
    assert result.code == 0, result.err
    assert "steps of T1" in result.out
    assert all(module in result.out for module in ("M1", "M2", "M3"))
    assert " T2" not in result.out


def test_plan_as_json_is_one_document_the_same_as_the_file(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    result = run("plan", folder, "--json", "--out", tmp_path / "out")
    assert result.code == 0
    assert result.document == json.loads((tmp_path / "out" / "plan.json").read_text("utf-8"))
    assert result.document["format"] == "trajectory-engine/plan"


def test_pictures(run: Runner, folder: Path, tmp_path: Path) -> None:
    result = run("plan", folder, "--out", tmp_path / "o", "--teacher", "T1", "--pictures")
    assert result.code == 0, result.err
    names = sorted(p.name for p in (tmp_path / "o" / "pictures").iterdir())
    assert names == [
        "T1-calendar.png",
        "T1-matrix.png",
        "T1-pyramid.png",
        "T1-task-PT1.png",
    ]


def test_pictures_need_a_folder(run: Runner, folder: Path) -> None:
    result = run("plan", folder, "--pictures")
    assert result.code == 2
    assert "--out" in result.err


def test_unknown_teacher_is_2_with_similar_ids(run: Runner, folder: Path) -> None:
    result = run("plan", folder, "--teacher", "T11", "--teacher", "T1", "--teacher", "X")
    assert result.code == 2
    assert "'T11'" in result.err
    assert "such as T1" in result.err
    assert "'X'" in result.err


def test_infeasible_is_3_and_the_others_are_written(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    (folder / "teachers.csv").write_text(
        "id,name,hours,deadline\nT1,Aigerim,10,2027-01-31\nT2,Bolat,20,\n"
    )
    result = run("plan", folder, "--out", tmp_path / "out")
    assert result.code == 3, result.err
    written = json.loads((tmp_path / "out" / "plan.json").read_text("utf-8"))
    statuses = {t["id"]: t["status"] for t in written["teachers"]}
    assert statuses == {"T1": "infeasible", "T2": "optimal"}
    assert any(line.startswith("T1: ") for line in result.out.splitlines())


def test_shared_limit_is_2_and_named(run: Runner, folder: Path) -> None:
    (folder / "funds.csv").write_text("id,name,budget\nstate,State,2500\n")
    result = run("plan", folder, "--json")
    assert result.code == 2
    assert result.document["code"] == "shared_limit"
    assert any("state" in limit for limit in result.document["limits"])
    assert run("plan", folder, "--teacher", "T1").code == 0
    assert "state" in run("check", folder).out


def test_verify_accepts_then_rejects(run: Runner, folder: Path, tmp_path: Path) -> None:
    plan = tmp_path / "out" / "plan.json"
    assert run("plan", folder, "--out", plan.parent).code == 0
    accepted = run("verify", folder, plan)
    assert (accepted.code, accepted.err) == (0, "")
    assert run("verify", folder, plan, "--json").document["violations"] == []

    document = json.loads(plan.read_text("utf-8"))
    document["teachers"][0]["steps"][0]["cost"] += 1
    plan.write_text(json.dumps(document), "utf-8")
    rejected = run("verify", folder, plan)
    assert (rejected.code, rejected.out) == (5, "")
    assert "T1" in rejected.err
    found = run("verify", folder, plan, "--json")
    assert found.code == 5
    assert found.document["accepted"] is False
    assert {"rule", "teacher", "module", "expected", "found"} == set(
        found.document["violations"][0]
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"format": "other"}', b"\xff\xfe", b"[" * 100_000, b"NaN"],
)
def test_verify_of_something_that_is_no_plan(
    run: Runner, folder: Path, tmp_path: Path, content: bytes
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_bytes(content)
    result = run("verify", folder, plan)
    assert result.code == 2
    assert "Traceback" not in result.err
    assert run("verify", folder, plan, "--json").document["code"]


def test_verify_of_a_plan_that_is_missing_or_a_folder(run: Runner, folder: Path) -> None:
    for plan in (folder / "no.json", folder):
        result = run("verify", folder, plan)
        assert result.code == 2
        assert str(plan) in result.err


def test_graph_statistics(run: Runner, folder: Path) -> None:
    figures = run("graph", folder, "--json").document["statistics"]
    # Sub[num] 1-3, Sub[web] 2, 3, P[err] 1-5, S[peers] 1-5, B[err,num] 2
    assert figures["nodes"] == 16
    assert figures["elements"] == 5
    assert figures["edges"] == {"ladder": 11, "formation": 2, "authored": 1}
    # The ladders of P[err] and S[peers] have five rungs.
    assert figures["layers"] == 5
    assert len(figures["longest_chain"]) == 5
    assert figures["nodes_by_providers"] == {"0": 11, "1": 5}
    demanded = {d["node"]: d for d in figures["most_demanded"]}
    # Sub[num]@2 is needed by Sub[num]@3, Sub[web]@2 and B[err,num]@2; by Sub[web]@3 beyond.
    assert demanded["Sub[num]@2"]["direct_dependents"] == 3
    assert demanded["Sub[num]@2"]["dependents"] == 4
    assert "bottlenecks" in run("graph", folder).out


def test_graph_of_a_teacher_and_a_task(run: Runner, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    result = run("graph", folder, "--teacher", "T1", "--task", "PT1", "--out", out, "--json")
    assert result.code == 0, result.err
    document = result.document
    assert document["teacher"]["goals"][0]["met"] is False
    assert document["teacher"]["missing_nodes"] == 2
    # Sub[num]@1, @2, P[err]@1, @2, B[err,num]@2
    assert document["teacher"]["closure_nodes"] == 5
    assert document["task"]["paths"][0]["missing"] == ["Sub[num]@2", "B[err,num]@2"]
    assert document["task"]["solvable"] is False
    assert Path(document["picture"]).read_bytes().startswith(b"\x89PNG")
    shown = run("graph", folder, "--teacher", "T1", "--task", "PT1")
    assert "B[err,num]@2" in shown.out
    assert "not solvable yet" in shown.out


def test_graph_of_unknown_ids(run: Runner, folder: Path) -> None:
    assert "'PT2'" in run("graph", folder, "--task", "PT2").err
    assert run("graph", folder, "--teacher", "T3").code == 2
    assert run("graph", folder, "--out", "x").code == 2


def test_narrow_terminals_lose_nothing(
    run: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    result = run("plan", folder)
    assert result.code == 0
    assert max(map(len, result.out.splitlines())) <= 40
    letters = "".join(result.out.split())
    assert "optimal" in letters


def test_same_seed_same_output(run: Runner, folder: Path) -> None:
    assert run("plan", folder, "--json").out == run("plan", folder, "--json", "--workers", 1).out


def test_verify_does_not_say_that_no_plan_holds(run: Runner, tmp_path: Path) -> None:
    """That there is no plan is a claim which only a search can test."""
    folder = Path(__file__).parents[2] / "scenarios" / "infeasible-budget"
    assert run("plan", folder, "--out", tmp_path).code == 3
    result = run("verify", folder, tmp_path / "plan.json")
    assert result.code == 0
    assert "nothing to hold" in result.out
    assert "not checked: that A can have no plan" in " ".join(result.out.split())
    assert "accepted" not in result.out
    document = run("verify", folder, tmp_path / "plan.json", "--json").document
    assert (document["holds_for"], document["without_plan"]) == ([], ["A"])


def test_a_plan_without_end_is_not_read_to_its_end(
    run: Runner, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trajectory_engine.cli import inputs

    monkeypatch.setattr(inputs, "MOST_PLAN_BYTES", 1024 * 1024)
    plan = tmp_path / "plan.json"
    plan.write_bytes(b" " * (1024 * 1024 + 1))
    found = run("verify", folder, plan)
    assert found.code == 2
    assert "plan.json: more than 1 MB; expected at most 1 MB" in found.err
