"""The shipped scenarios: the generator repeats itself, nobody competes, the tiny one adds up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.domain.diagnosis import diagnose
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.io.scenario_folder import load_scenario

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT / "scenarios" / "generate_it_teachers.py"
GENERATED = ROOT / "scenarios" / "it-teachers"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(GENERATED)


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_generator_writes_the_shipped_tables(tmp_path: Path, hash_seed: str) -> None:
    command = [sys.executable, str(GENERATOR), str(tmp_path)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(command, check=True, timeout=60, env=environment)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    by_hand = {"scenario.yaml", "decisions.csv", "README.md"}
    shipped = {p.name: p.read_bytes() for p in GENERATED.iterdir() if p.name not in by_hand}
    assert written.keys() == shipped.keys()
    assert [name for name in sorted(written) if written[name] != shipped[name]] == []


def test_forty_teachers_plainly_synthetic(scenario: Scenario) -> None:
    assert [t.id for t in scenario.teachers] == [f"T{i:03d}" for i in range(1, 41)]
    assert all(t.name == f"Teacher {t.id[1:]}" for t in scenario.teachers)
    assert {t.profile for t in scenario.teachers} == {p.id for p in scenario.model.profiles}


def test_teachers_differ(scenario: Scenario) -> None:
    teachers = scenario.teachers
    assert len({t.hours for t in teachers}) >= 5
    assert len({t.languages for t in teachers}) >= 3
    assert len({t.deadline for t in teachers}) >= 2
    assert any(t.blocked for t in teachers)
    assert any(t.completed for t in teachers)
    assert any(t.recognised for t in teachers)
    measurements = [m for t in teachers for m in t.measurements]
    assert any(m.level is None for m in measurements)
    assert any(m.level is not None for m in measurements)
    assert len({m.instrument for m in measurements}) >= 3


def test_scores_stand_for_levels_that_exist(scenario: Scenario) -> None:
    for teacher in scenario.teachers:
        assert diagnose(scenario.model, teacher).warnings == (), teacher.id


def test_nobody_starts_at_the_target(scenario: Scenario) -> None:
    for teacher in scenario.teachers:
        known = diagnose(scenario.model, teacher)
        hard = [goal for goal in scenario.goals_of(teacher) if goal.hard]
        nodes = [goal.node for goal in hard if goal.node is not None]
        tasks = [scenario.model.task_by_id[goal.task] for goal in hard if goal.task]
        met = all(map(known.knows, nodes)) and all(t.solved_by(known.knows) for t in tasks)
        assert not met, teacher.id


def test_calendar_has_three_trimesters_of_ten_weeks(scenario: Scenario) -> None:
    calendar = scenario.calendar
    assert [term.last - term.first for term in calendar.terms] == [10, 10, 10]
    free = {p for term in calendar.terms for p in range(term.first, term.last)}
    assert free | calendar.blocked_set == set(range(calendar.horizon))
    assert not free & calendar.blocked_set


def test_no_shared_limit_can_bind(scenario: Scenario) -> None:
    for fund in scenario.funds:
        eligible = [t for t in scenario.teachers if fund.serves(t.id, t.group)]
        assert eligible, fund.id
        assert fund.ceiling is not None, fund.id
        assert fund.budget is None or fund.budget >= fund.ceiling * len(eligible), fund.id
    assert all(run.seats is None or run.seats >= 40 for run in scenario.runs)
    assert all(run.minimum_group <= 1 for run in scenario.runs)
    assert all(resource.scope == "teacher" for resource in scenario.resources)


def test_runs_end_before_the_break(scenario: Scenario) -> None:
    blocked = scenario.calendar.blocked_set
    for run in scenario.runs:
        modes = scenario.module_by_id[run.module].modes
        duration = next(mode.duration for mode in modes if mode.id == run.mode)
        assert not blocked & set(range(run.start, run.start + duration)), run


def test_tiny_scenario_has_the_optimum_found_by_hand() -> None:
    tiny = load_scenario(ROOT / "scenarios" / "tiny")
    result = te.plan(tiny, time_limit=60)
    assert result.status is te.Status.OPTIMAL
    assert [o.value for o in result.objectives] == [0, 10, 52, 17_000_000]
    assert te.verify(tiny, result) == []
    starts = {t: [(s.module, s.start, s.end) for s in result.plan_of(t).steps] for t in "AB"}
    assert starts == {
        "A": [("LOGIC", 0, 1), ("NUM", 0, 3), ("ERR", 1, 4)],
        "B": [("ERR", 0, 3), ("NUM", 3, 6)],
    }
    paid = [dict(s.paid_by) for t in "AB" for s in result.plan_of(t).steps]
    assert sum(p.get("state", 0) for p in paid) == 6_000_000


@pytest.mark.parametrize("teacher", ["T006", "T017", "T036"])
def test_some_teachers_have_plans_that_are_not_trivial(scenario: Scenario, teacher: str) -> None:
    result = te.plan(scenario, teachers=[teacher], time_limit=60)
    assert te.verify(scenario, result) == []
    assert len(result.plan_of(teacher).steps) >= 3
