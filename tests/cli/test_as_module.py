"""The program started as a module, also where it starts processes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m trajectory_engine`` in the folder of the scenarios."""
    command = [sys.executable, "-m", "trajectory_engine", *arguments]
    return subprocess.run(
        command, cwd=ROOT / "scenarios", capture_output=True, text=True, check=False
    )


def test_it_does_the_same_as_the_program() -> None:
    done = run("plan", "tiny", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "optimal"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_processes_of_its_own_start_nothing_anew(workers: str) -> None:
    done = run("explain", "infeasible-twice", "--workers", workers, "--time-limit", "30")
    assert done.returncode == 3, done.stderr
    assert done.stdout.count("these cannot all be kept:") == 1
