"""A scenario that is written as a folder is the same when it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from oracle.strategies import random_scenario
from scenario_files import Folder

from trajectory_engine.domain.formation import FormationRule, LevelThresholds
from trajectory_engine.domain.funding import FiscalYear, YearBudget
from trajectory_engine.domain.people import CompletionRecord
from trajectory_engine.domain.repair_prices import RepairPrices
from trajectory_engine.domain.scenario import (
    ObjectiveName,
    ObjectiveSpec,
    PastModules,
    RecognitionPolicy,
    Scenario,
)
from trajectory_engine.errors import OutputError
from trajectory_engine.io import load_scenario, write_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(path.parent.name for path in SCENARIOS.glob("*/scenario.yaml"))


@pytest.fixture
def scenario(folder: Folder) -> Scenario:
    """Return a scenario with every table and a rule of every kind."""
    return load_scenario(folder.write())


def test_there_are_shipped_scenarios() -> None:
    assert len(SHIPPED) >= 6


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_comes_back(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(SCENARIOS / name)
    out = write_scenario(scenario, tmp_path / "new" / name)
    assert load_scenario(out) == scenario
    assert [p.name for p in out.parent.iterdir()] == [name]


def test_every_table_and_rule_comes_back(scenario: Scenario, tmp_path: Path) -> None:
    """Tests all tables, all kinds of rules, and that equal input gives equal bytes."""
    first, second = (write_scenario(scenario, tmp_path / name) for name in ("a", "b"))
    assert load_scenario(first) == scenario
    assert len({type(rule.body) for rule in scenario.standard.rules}) == 13
    files = sorted(p.relative_to(first) for p in first.rglob("*") if p.is_file())
    assert len(files) == 12 + 15  # of the model, and of the scenario with its standard
    assert all((first / p).read_bytes() == (second / p).read_bytes() for p in files)


def test_what_is_not_the_default_comes_back(scenario: Scenario, tmp_path: Path) -> None:
    """Tests thresholds, prices of repairs, years of money, records and the switches."""
    thresholds = tuple(LevelThresholds(lv, max(1, lv - 1), (("team", 1),)) for lv in range(1, 6))
    teacher, *others = scenario.teachers
    record = CompletionRecord(
        "course-7", date(2026, 3, 1), 30, 125, "uni", "distance", "social", "it", date(2028, 1, 1)
    )
    changed = replace(
        scenario,
        model=replace(scenario.model, formation=FormationRule(thresholds), balance_tolerance=7),
        teachers=(replace(teacher, records=(record,), hours=(*range(20),)), *others),
        funds=(replace(scenario.funds[0], yearly=(YearBudget(2026, 5),), carry_over=True),),
        objectives=(ObjectiveSpec(ObjectiveName.COST, 7), ObjectiveSpec(ObjectiveName.COMPLETION)),
        currency="EUR",
        fiscal_year=FiscalYear(9, 1),
        recognition=RecognitionPolicy.PREREQUISITES,
        past_modules=PastModules.RECOGNISE,
        repairs=RepairPrices(hour=None, money=3),
    )
    assert load_scenario(write_scenario(changed, tmp_path / "out")) == changed


@pytest.mark.parametrize("seed", range(40))
def test_a_random_scenario_comes_back(seed: int, tmp_path: Path) -> None:
    """Tests scenarios that no person wrote; what is completed has its record, as in files."""
    scenario = random_scenario(Random(seed))
    teachers = tuple(
        replace(t, name=t.id, records=tuple(map(CompletionRecord, t.completed)))
        for t in scenario.teachers
    )
    scenario = replace(scenario, teachers=teachers)
    found = load_scenario(write_scenario(scenario, tmp_path / "out"))
    assert found.teachers == scenario.teachers
    assert found.model == scenario.model
    assert found.modules == scenario.modules
    assert found.calendar == scenario.calendar
    assert found.decisions == scenario.decisions


def test_texts_that_yaml_and_csv_would_take_otherwise_come_back(
    scenario: Scenario, tmp_path: Path
) -> None:
    names = ("no", "1.10", "2027-01-18", 'a "b", c', "a: b # c", "Қазақ; тіл")
    for i, name in enumerate(names):
        modules = (replace(scenario.modules[0], name=name), *scenario.modules[1:])
        changed = replace(scenario, name=name, modules=modules)
        assert load_scenario(write_scenario(changed, tmp_path / str(i))) == changed


def test_a_blank_name_is_the_id(scenario: Scenario, tmp_path: Path) -> None:
    nameless = replace(scenario, teachers=tuple(replace(t, name="") for t in scenario.teachers))
    found = load_scenario(write_scenario(nameless, tmp_path / "out"))
    assert [t.name for t in found.teachers] == [t.id for t in scenario.teachers]


def test_an_empty_folder_is_taken_and_another_one_left_alone(
    scenario: Scenario, tmp_path: Path
) -> None:
    empty, full, file = tmp_path / "empty", tmp_path / "full", tmp_path / "file"
    empty.mkdir()
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    file.write_text("mine")
    assert load_scenario(write_scenario(scenario, empty)) == scenario
    for target, said in ((full, "is not empty"), (file, "a file of that name")):
        with pytest.raises(OutputError, match=said):
            write_scenario(scenario, target)
    with pytest.raises(OutputError, match=r"could not be written to .*below: "):
        write_scenario(scenario, file / "below")
    assert [p.name for p in full.iterdir()] == ["mine.txt"]
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "empty",
        "file",
        "full",
        "model",
        "scenario",
    ]


def test_what_files_cannot_say_is_refused_and_leaves_nothing(
    scenario: Scenario, tmp_path: Path
) -> None:
    """Tests weeks of unequal length, which files number from the first day, and a fault."""
    calendar = scenario.calendar
    uneven = (*calendar.boundaries[:-1], date(2030, 1, 1))
    longer = replace(scenario, calendar=replace(calendar, boundaries=uneven))
    with pytest.raises(OutputError, match="calendar would be read as another"):
        write_scenario(longer, tmp_path / "out")
    unknown = replace(scenario, currency="tenge")
    with pytest.raises(OutputError, match="currency"):
        write_scenario(unknown, tmp_path / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model", "scenario"]
