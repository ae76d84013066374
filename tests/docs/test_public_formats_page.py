"""The page on public formats: its examples are read, and it speaks of every format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.io.public import FORMATS, read_public

PAGE = (Path(__file__).parents[2] / "docs" / "public-formats.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_take_three_terms_or_weeks(tmp_path: Path, text: str) -> None:
    """Tests that both have a chain of three, and nothing that takes longer."""
    path = tmp_path / "example.csv"
    path.write_text(text, encoding="utf-8")
    result = te.plan(read_public(path), time_limit=20)
    assert (result.status, result.objectives[0].value) == (te.Status.OPTIMAL, 3)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_line_and_a_section(name: str) -> None:
    """Tests that the table gives the endings, and that a heading names the format."""
    [line] = re.findall(rf"^\| `{name}` \| (.*?) \|", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(.*?)`", line)) == set(FORMATS[name].suffixes)
    assert ("folder" in line) == FORMATS[name].folders
    assert re.search(rf"^## .*`{name}`", PAGE, re.MULTILINE)
