"""What lies in the repository: the top level, and nothing of one person's machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "benchmarks",
    "constraints.txt",
    "docs",
    "models",
    "pyproject.toml",
    "scenarios",
    "tests",
    "trajectory_engine",
}

# Put together from parts, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        (
            r"py" + r"pi\.(org|python)",
            r"python" + r"hosted\.org",
            r"(?<![\w.])/wo" + r"rk/",
            r"(?<![\w.])/ro" + r"ot/",
            r"(?<![\w.])/ho" + r"me/\w",
        )
    )
)


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    run = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in run.stdout.split("\0") if name and (ROOT / name).exists()]


def test_top_level(tracked: list[str]) -> None:
    assert {name.split("/")[0] for name in tracked} == TOP_LEVEL


def test_no_registry_and_no_path_of_one_machine(tracked: list[str]) -> None:
    found = [
        f"{name}:{number}"
        for name in tracked
        for number, line in enumerate(
            (ROOT / name).read_text(encoding="utf-8", errors="replace").splitlines(), 1
        )
        if FOREIGN.search(line)
    ]
    assert found == []
