"""Streams that are closed or full, and an interruption while the solver runs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from trajectory_engine.cli.main import main; sys.exit(main(sys.argv[1:]))",
]

BEGINS = """
import sys
from trajectory_engine.cpsat.session import Session
solve = Session.solve
def noted(*arguments, **named):
    print("the solver begins", file=sys.stderr, flush=True)
    return solve(*arguments, **named)
Session.solve = noted
"""


def in_shell(redirection: str) -> subprocess.CompletedProcess[str]:
    """Plan the tiny scenario with streams redirected by a shell."""
    command = ["sh", "-c", f'"$@" {redirection}', "sh", *PROGRAM, "plan", "scenarios/tiny"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_messages_that_cannot_be_written_cost_no_plan(redirection: str) -> None:
    run = in_shell(redirection)
    assert run.returncode == 0
    assert "optimal" in run.stdout


def test_a_closed_output_gives_no_traceback() -> None:
    run = in_shell(">&-")
    assert run.returncode == 0
    assert "Traceback" not in run.stderr


def test_an_interruption_inside_the_solver_ends_as_promised(tmp_path: Path) -> None:
    """The solver would otherwise put a signal handler of its own in the place of Python's."""
    out = tmp_path / "out"
    command = [*PROGRAM[:-1], BEGINS + PROGRAM[-1], "plan", "scenarios/it-teachers"]
    command += ["--json", "--out", str(out)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell starts in the background ignores interruptions, and so does what that starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        while "the solver begins" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        output, messages = process.communicate(timeout=60)
    assert process.returncode == 130, messages
    assert json.loads(output)["code"] == "interrupted"
    assert not out.exists()
