"""The ``repairs`` block of scenario.yaml."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.domain.repair_prices import DEFAULT_PRICES, RepairPrices
from trajectory_engine.validation import validate

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("scenarios", "models"):
        shutil.copytree(ROOT / part / "tiny", tmp_path / part / "tiny")
    return tmp_path / "scenarios" / "tiny"


def with_block(folder: Path, block: str) -> Path:
    file = folder / "scenario.yaml"
    file.write_text(file.read_text(encoding="utf-8") + block, encoding="utf-8")
    return folder


def test_prices_are_read(folder: Path) -> None:
    scenario = te.load_scenario(with_block(folder, "repairs: {hour: 7, dates: never}\n"))
    assert scenario.repairs == replace(DEFAULT_PRICES, hour=7, dates=None)
    assert te.Scenario.from_json(scenario.to_json()) == scenario


def test_every_wrong_price_is_named(folder: Path) -> None:
    block = "repairs: {hour: 0, period: 1.5, task: dear, money: 1000000001, hours: 3}\n"
    with pytest.raises(te.InputError) as caught:
        te.load_scenario(with_block(folder, block))
    named = {p.column for p in caught.value.problems}
    assert named == {f"repairs.{key}" for key in ("hour", "period", "task", "money", "hours")}
    assert all(p.file == "scenario.yaml" and p.row for p in caught.value.problems)


def test_wrong_price_in_memory_is_named() -> None:
    scenario = te.load_scenario(ROOT / "scenarios" / "tiny")
    wrong = replace(scenario, repairs=RepairPrices(level=0))
    (problem,) = validate(wrong)
    assert problem.column == "repairs.level"
