"""Interruptions and outputs that fail: plain messages, nothing half-written."""

from __future__ import annotations

import csv
import errno
import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]
Starter = Callable[..., subprocess.Popen[str]]

WAITS = """
import trajectory_engine.solve as solve
original = solve.plan
def waiting(*arguments, cancel, **options):
    print("READY", file=sys.stderr, flush=True)
    assert cancel.wait(60), "never cancelled"
    return original(*arguments, cancel=cancel, **options)
solve.plan = waiting
"""

INTERRUPTED_WHILE_WRITING = """
import os
import trajectory_engine.io.results as results
original = results.result_to_csv
def interrupted(result):
    os.kill(os.getpid(), signal.SIGINT)
    return original(result)
results.result_to_csv = interrupted
"""

INTERRUPTED_WHILE_DRAWING = """
import os
from matplotlib.figure import Figure
original = Figure.savefig
calls = []
def interrupted(self, stream, **options):
    calls.append(stream)
    if len(calls) == 2:
        stream.write(b"half")
        os.kill(os.getpid(), signal.SIGINT)
    return original(self, stream, **options)
Figure.savefig = interrupted
"""


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("READY"):
            return
    pytest.fail("the program ended before it planned")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_search_cancels_and_leaves_nothing(
    start: Starter, folder: Path, tmp_path: Path, number: signal.Signals
) -> None:
    process = start("plan", folder, "--out", tmp_path / "out", prelude=WAITS)
    wait_until_ready(process)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_interrupted_search_with_json_is_one_document(
    start: Starter, folder: Path, interrupt: Callable[[Any], None]
) -> None:
    process = start("plan", folder, "--json", prelude=WAITS)
    wait_until_ready(process)
    interrupt(process)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(out)["code"] == "interrupted"


def test_interruption_while_writing_waits_for_whole_files(
    start: Starter, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = start("plan", folder, "--out", out, prelude=INTERRUPTED_WHILE_WRITING)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert sorted(p.name for p in out.iterdir()) == ["plan.csv", "plan.json", "run.json"]
    document = json.loads((out / "plan.json").read_text("utf-8"))
    steps = sum(len(t["steps"]) for t in document["teachers"])
    with (out / "plan.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == steps > 0


def test_interruption_while_drawing_leaves_whole_pictures(
    start: Starter, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = start("plan", folder, "--out", out, "--pictures", prelude=INTERRUPTED_WHILE_DRAWING)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert [p.name for p in (out / "pictures").iterdir()] == ["T1-calendar.png"]


def test_output_folder_is_a_file(run: Runner, folder: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    for out in (taken, taken / "below"):
        result = run("plan", folder, "--out", out)
        assert result.code == 2
        assert str(out) in result.err
        assert "planning" not in result.err, "found out only after the search"
        assert "Traceback" not in result.err
    assert taken.read_text() == "mine"


def test_full_disk_is_2_and_keeps_what_was_there(
    run: Runner, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert run("plan", folder, "--teacher", "T2", "--out", out).code == 0
    before = {p.name: p.read_bytes() for p in out.iterdir()}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    result = run("plan", folder, "--out", out, "--json")
    assert result.code == 2
    assert result.document["code"] == "output_failed"
    assert "no space left" in result.err.lower()
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


@pytest.mark.parametrize(
    "arguments", [("check",), ("check", "--json"), ("graph",), ("plan", "--json")]
)
def test_full_standard_output_is_plain(
    start: Starter, folder: Path, arguments: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w") as full:
        process = start(arguments[0], folder, *arguments[1:], stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "no space left" in err.lower()
    assert "Traceback" not in err
    assert "Exception ignored" not in err


@pytest.mark.parametrize("arguments", [("check", "--json"), ("graph",), ("--help",)])
def test_broken_pipe_is_quiet(start: Starter, folder: Path, arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    place = [folder] if arguments[0] != "--help" else []
    process = start(arguments[0], *place, *arguments[1:], stdout=writer)
    os.close(writer)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 141
    assert err == ""


def test_output_in_ascii_is_still_json(start: Starter, folder: Path) -> None:
    name = "Айгерім"
    (folder / "teachers.csv").write_text(f"id,name,hours\n{name},A,10\n", encoding="utf-8")
    (folder / "goals.csv").write_text(f"teacher,task\n{name},PT1\n", encoding="utf-8")
    encode = "sys.stdout.reconfigure(encoding='ascii'); sys.stderr.reconfigure(encoding='ascii')"
    process = start("plan", folder, "--json", prelude=encode)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out)["teachers"][0]["id"] == name
    process = start("plan", folder, prelude=encode)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "optimal" in out


def test_a_fault_of_the_program_is_1_and_says_so(
    run: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trajectory_engine import solve

    def broken(*_: object, **__: object) -> None:
        raise AssertionError("wrong turn")

    monkeypatch.setattr(solve, "plan", broken)
    result = run("plan", folder, "--json")
    assert result.code == 1
    assert result.document["code"] == "program_fault"
    assert "fault of the program" in result.err


def test_a_rejected_plan_is_5(run: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trajectory_engine import solve
    from trajectory_engine.errors import PlanRejected

    def rejected(*_: object, **__: object) -> None:
        raise PlanRejected("teacher T1: no")

    monkeypatch.setattr(solve, "plan", rejected)
    result = run("plan", folder)
    assert result.code == 5
    assert "fails verification" in result.err


def test_the_time_ran_out_is_4(run: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from trajectory_engine import solve
    from trajectory_engine.domain.messages import Message
    from trajectory_engine.domain.plan import Result, Status

    original = solve.plan

    def slow(*arguments: Any, **options: Any) -> Result:
        result = original(*arguments, **options)
        first = replace(
            result.teachers[0],
            status=Status.UNKNOWN,
            steps=(),
            reasons=(Message.of("time_ran_out"),),
        )
        return replace(result, status=Status.UNKNOWN, teachers=(first, *result.teachers[1:]))

    monkeypatch.setattr(solve, "plan", slow)
    result = run("plan", folder)
    assert result.code == 4
    assert "the time ran out" in result.out
