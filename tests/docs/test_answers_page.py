"""Every command of docs/answers.md prints what the page shows; its Python runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trajectory_engine.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n([^`]*?)\n```\n\n```text\n(.*?)\n```", PAGE, re.DOTALL)


def test_the_page_shows_every_command() -> None:
    assert {command.split()[1] for command, _ in EXAMPLES} == {
        "pareto",
        "alternatives",
        "prices",
        "why",
        "robust",
        "assess",
    }


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_example(
    command: str,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    program, *arguments = command.split()
    assert program == "trajectory-engine"
    assert main(arguments) == 0
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if line] == shown.splitlines()


def test_python_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    run: Callable[[str, dict[str, Any]], None] = exec
    run(code, {})
