"""What docs/reasons.md shows is what the program prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")
SHOWN = re.findall(
    r"^```sh\ntrajectory-engine ([^\n]*)\n```\n\n```text\n(.*?)^```$", PAGE, re.M | re.S
)


def test_every_scenario_is_shown() -> None:
    assert len(SHOWN) == 5


@pytest.mark.parametrize(("arguments", "text"), SHOWN)
def test_command_prints_what_is_shown(
    arguments: str,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "400")
    main(arguments.split())
    printed = [line.rstrip() for line in capsys.readouterr().out.strip().splitlines()]
    assert printed == text.strip().splitlines()


def test_example_in_python_prints_what_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    ((code, text),) = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE, re.M | re.S)
    exec(compile(code, "reasons.md", "exec"), {})
    assert capsys.readouterr().out == text


def test_prices_shown_are_those_of_the_scenario() -> None:
    (line,) = re.findall(r"^```yaml\n(.*)\n```$", PAGE, re.M)
    folder = ROOT / "scenarios" / "infeasible-deadline"
    assert line in (folder / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    prices = te.load_scenario(folder).repairs
    assert (prices.period, prices.task) == (1_000_000, None)


def test_default_prices_are_those_of_the_formats() -> None:
    """The table of formats.md lists every price with its default."""
    from dataclasses import fields

    from trajectory_engine.domain.repair_prices import DEFAULT_PRICES

    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([\d,]+) \|$", page, re.M))
    listed = {f.name: int(rows[f.name].replace(",", "")) for f in fields(DEFAULT_PRICES)}
    assert listed == {f.name: getattr(DEFAULT_PRICES, f.name) for f in fields(DEFAULT_PRICES)}
