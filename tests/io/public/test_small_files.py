"""What the importers make of small files, and the plans that reasoning expects of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_files import (
    COVER,
    CURRICULUM,
    CURRICULUM_MINIZINC,
    MULTI_MODE,
    SINGLE_MODE,
    SMALL_FILES,
)

import trajectory_engine as te
from trajectory_engine.domain.catalogue import ResourceKind
from trajectory_engine.domain.standard import Measure
from trajectory_engine.io import load_scenario, read_scenario_json, write_scenario
from trajectory_engine.io.public import FORMATS, import_public, read_public

Write = Callable[[str, str], Path]

BEST = {
    "psplib": ("completion", 6),
    "mmlib": ("completion", 5),
    "set-cover": ("study_hours", 4),
    "bacp": ("peak_load", 5),
    "bacp-minizinc": ("peak_load", 5),
    "degree-plan": ("completion", 3),
    "learning-graph": ("completion", 3),
    "case": ("completion", 4),
}


@pytest.mark.parametrize("sample", BEST)
def test_the_plan_is_the_one_that_reasoning_finds(write: Write, sample: str) -> None:
    """Tests value, proof and the judge, and that the JSON of the scenario gives it back."""
    scenario = read_public(write(*SMALL_FILES[sample]))
    result = te.plan(scenario, time_limit=20)
    name, value = BEST[sample]
    assert result.status == "optimal"
    assert [(o.name, o.value, o.bound) for o in result.objectives] == [(name, value, value)]
    assert te.verify(scenario, result) == []
    assert read_scenario_json(scenario.to_json()) == scenario
    assert scenario.id == "small"


def test_a_project_of_one_mode(write: Write) -> None:
    """Tests that jobs without work at both ends are left out, and all the figures of the rest."""
    scenario = read_public(write("p.sm", SINGLE_MODE))
    assert [m.id for m in scenario.modules] == ["job-2", "job-3", "job-4", "job-5"]
    assert [m.entry.modules for m in scenario.modules if m.entry] == [
        (),
        (),
        (),
        ("job-2", "job-3"),
    ]
    modes = [mode for m in scenario.modules for mode in m.modes]
    assert [mode.duration for mode in modes] == [3, 2, 2, 1]
    assert [(u.resource, u.amount) for mode in modes for u in mode.resources] == [
        ("R1", 1),
        ("R1", 2),
        ("R1", 1),
        ("R1", 2),
    ]
    assert [(r.id, r.kind, r.capacity) for r in scenario.resources] == [
        ("R1", ResourceKind.RENEWABLE, 2)
    ]
    assert scenario.calendar.horizon == 8
    assert [str(g.node) for g in scenario.teachers[0].goals] == [
        f"Sub[job-{n}]@1" for n in (2, 3, 4, 5)
    ]


def test_a_project_of_several_modes(write: Write) -> None:
    """Tests the modes with their budgets, and a milestone, which orders others and stays."""
    scenario = read_public(write("p.mm", MULTI_MODE))
    assert [(m.id, len(m.modes)) for m in scenario.modules] == [
        ("job-2", 2),
        ("job-3", 2),
        ("job-4", 1),
        ("job-5", 1),
    ]
    first = scenario.module_by_id["job-2"].modes
    assert [(m.id, m.duration, [(u.resource, u.amount) for u in m.resources]) for m in first] == [
        ("mode-1", 1, [("R1", 2), ("N1", 4)]),
        ("mode-2", 4, [("R1", 1)]),
    ]
    milestone = scenario.module_by_id["job-4"]
    assert milestone.modes[0].duration == 0
    assert milestone.entry is not None and milestone.entry.modules == ("job-2", "job-3")
    assert scenario.calendar.horizon == 4 + 3 + 0 + 1
    assert [(r.id, r.kind, r.capacity) for r in scenario.resources] == [
        ("R1", ResourceKind.RENEWABLE, 2),
        ("N1", ResourceKind.NON_RENEWABLE, 5),
    ]


def test_a_project_whose_budget_is_too_small_is_proven_infeasible(write: Write) -> None:
    """Tests that job 3 takes at least 1 of a budget of 0."""
    scenario = read_public(write("p.mm", MULTI_MODE.replace("\t2\t5\n", "\t2\t0\n")))
    assert te.plan(scenario, time_limit=20).status == "infeasible"


def test_a_cover(write: Write) -> None:
    """Tests columns as modules, rows as hard goals, and the remark on the idle column."""
    conversion = import_public(write("c.txt", COVER))
    scenario = conversion.scenario
    assert [(m.id, m.modes[0].hours, [str(n) for n in m.teaches]) for m in scenario.modules] == [
        ("column-1", 2, ["Sub[row-1]@1"]),
        ("column-2", 3, ["Sub[row-2]@1", "Sub[row-3]@1"]),
        ("column-3", 4, ["Sub[row-1]@1", "Sub[row-2]@1", "Sub[row-3]@1"]),
        ("column-4", 1, ["Sub[row-3]@1"]),
    ]
    assert [str(g.node) for g in scenario.teachers[0].goals] == [
        f"Sub[row-{n}]@1" for n in (1, 2, 3)
    ]
    assert [r.code for r in conversion.remarks] == ["idle_column"]
    assert "the first is 5" in str(conversion.remarks[0])


def test_a_cover_of_large_costs(write: Write) -> None:
    """Tests that costs beyond the hours of a week are prices, and the least is found exactly.

    Rows 1 and 2 need column 3, or columns 1 and 2, which cost one more.
    """
    costs = " 200000000000001 200000000000000 400000000000000 1 9\n"
    text = COVER.replace(" 2 3 4 1 9\n", costs)
    scenario = read_public(write("c.txt", text))
    assert {(m.modes[0].hours, m.modes[0].price) for m in scenario.modules[:1]} == {
        (0, 200_000_000_000_001)
    }
    result = te.plan(scenario, time_limit=20)
    assert [(o.name, o.value, o.bound) for o in result.objectives] == [
        ("cost", 400_000_000_000_000, 400_000_000_000_000)
    ]
    assert [s.module for s in result.teachers[0].steps] == ["column-3"]
    assert te.verify(scenario, result) == []


@pytest.mark.parametrize(
    ("text", "name", "ids"),
    [
        (CURRICULUM, "c.dat", ["x", "y", "z", "w"]),
        (CURRICULUM_MINIZINC, "c.mzn", [f"course-{n}" for n in (1, 2, 3, 4)]),
    ],
)
def test_a_curriculum(write: Write, text: str, name: str, ids: list[str]) -> None:
    """Tests courses, loads, prerequisites that are there once, and the limits of a term."""
    conversion = import_public(write(name, text))
    scenario = conversion.scenario
    assert [m.id for m in scenario.modules] == ids
    assert [m.modes[0].hours for m in scenario.modules] == [3, 2, 2, 1]
    assert [m.modes[0].credits for m in scenario.modules] == [300, 200, 200, 100]
    entries = [m.entry.modules if m.entry else None for m in scenario.modules]
    assert entries == [(), (ids[0],), (), (ids[0],)]
    found = [(r.body.measure, r.body.least, r.body.most) for r in scenario.standard.rules]  # type: ignore[union-attr]
    assert found == [(Measure.CREDITS, 100, 600), (Measure.MODULES, 1, 3)]
    assert scenario.calendar.horizon == 2
    rows = [r.row for r in conversion.remarks]
    assert rows == ([7] if name == "c.dat" else [])


def test_least_limits_of_0_ask_for_nothing(write: Write) -> None:
    """Tests that a = c = 0 leaves the least open: three terms for one course are fine."""
    text = "p=3;a=0;b=9;c=0;d=9;courses={x};credit=[4];prereq={};"
    scenario = read_public(write("c.dat", text))
    assert te.plan(scenario, time_limit=20).objectives[0].value == 4


@pytest.mark.parametrize(("sample", "format"), [("mmlib", "psplib"), ("bacp", "bacp")])
def test_content_tells_where_the_ending_does_not(write: Write, sample: str, format: str) -> None:
    """Tests a file without ending, and the format by name."""
    path = write("instance", SMALL_FILES[sample][1])
    assert read_public(path) == read_public(path, format=format)
    assert format in FORMATS


@pytest.mark.parametrize("sample", SMALL_FILES)
def test_a_sample_comes_back_from_a_scenario_folder(
    write: Write, tmp_path: Path, sample: str
) -> None:
    scenario = read_public(write(*SMALL_FILES[sample]))
    assert load_scenario(write_scenario(scenario, tmp_path / "as-folder")) == scenario
