"""What the documents show is true: commands, exit codes, the example, the links."""

from __future__ import annotations

import re
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest

from trajectory_engine.cli.exits import ExitCode

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    *sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("*.md")),
    *sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").glob("*.md")),
]


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the README in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_two_commands_set_up() -> None:
    first, second = (block.splitlines() for block in blocks("sh"))
    assert len(first) == len(second) == 1
    assert first[0].startswith("python3 -m venv .venv && ")
    assert "trajectory-engine plan scenarios/it-teachers" in first[0]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    command = blocks("sh")[1].strip()
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_exit_codes() -> None:
    rows = re.findall(r"^\| (\d+) \| .+ \|$", README, re.MULTILINE)
    assert [int(code) for code in rows] == sorted(ExitCode)


def test_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = blocks("python")
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "optimal"
    # The plan that the README works out by hand for teacher A.
    assert [[line.split()[0], *line.split()[2:4]] for line in printed[5:]] == [
        ["LOGIC", "0", "1"],
        ["NUM", "0", "3"],
        ["ERR", "1", "4"],
    ]
    assert len(names["table"]) == 5  # type: ignore[arg-type]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    targets = re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8"))
    local = [t for t in targets if not t.startswith("https://")]
    assert [t for t in local if not (path.parent / t).exists()] == []


def test_every_requirement_is_pinned() -> None:
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    name = metadata("trajectory-engine")["Name"]
    needed = {re.split(r"[^\w.-]", r, maxsplit=1)[0].lower() for r in requires(name) or []}
    assert needed
    assert needed <= pinned
