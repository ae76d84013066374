"""The benchmark runs, and its models are what it says they are. No times are asserted."""

from __future__ import annotations

from pathlib import Path

import growth_report
import growth_rows
import pytest
import thousand_columns
from growth_report import fit_exponent
from measurement import nested_share
from model_files import FROZEN, checksum_of_generator, write
from selection_arrays import arrays_of
from synthetic_model import generate
from unreduced_model import relaxed_hours, solve_unreduced

import trajectory_engine as te
from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.competence import NodeRef, SubjectMatrix
from trajectory_engine.graph.prerequisites import PrerequisiteGraph
from trajectory_engine.io import load_scenario


def test_smoke_measures_resumes_and_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tests two tiny sizes: rows of engine and unreduced model, exponents, targets, a picture."""
    out = tmp_path / "growth.csv"
    options = ["--columns", "20", "40", "--repeat", "1", "--overlap", "2", "--time-limit", "10"]
    options += ["--objective", "study_hours", "--unreduced", "linear", "--out", str(out)]
    assert thousand_columns.main(options) == 0
    shown = capsys.readouterr().out
    stages = ("read", "closure", "build", "solve", "verify", "total")
    assert all(f"\n  {stage} (s) " in shown for stage in stages)
    assert "MISSED" in shown or "met" in shown
    rows = growth_rows.read(out)
    subjects = {"engine", "unreduced-linear", "difficulty"}
    assert {(c.columns, c.subject) for c in rows} == {(n, s) for n in (20, 40) for s in subjects}
    for columns in (20, 40):
        values = {
            run["value"] for case, run in rows.items() if case.columns == columns and "value" in run
        }
        assert len(values) == 1 and values != {""}
    before = out.read_bytes()
    assert thousand_columns.main(options) == 0
    assert out.read_bytes() == before
    assert out.with_suffix(".png").stat().st_size > 1000


def test_the_generator_is_the_frozen_one() -> None:
    """Tests the checksum that figures of different dates are compared under."""
    assert checksum_of_generator() == FROZEN


def test_the_whole_matrix_can_be_missing(tmp_path: Path) -> None:
    """Tests that every topic and cell is wanted at its top, and about so many modules teach it."""
    scenario = load_scenario(write(generate(100, 0, None, 4.0), tmp_path, "completion"))
    wanted = {goal.node for goal in scenario.goals_of(scenario.teachers[0])}
    top = {NodeRef(f"Sub[{t.id}]", t.levels[-1]) for t in scenario.model.subject}
    assert top <= wanted
    assert str(scenario.objectives[0].name.value) == "completion"
    sizes = [len(p) for p in arrays_of(scenario).providers if p]
    assert 3.0 <= sum(sizes) / len(sizes) <= 6.0


def test_the_unreduced_model_sees_through_a_circle(tmp_path: Path) -> None:
    """Tests the least hours of a small model against the engine; the first choice is circular."""
    scenario = load_scenario(write(generate(40, 1, None, 3.0), tmp_path))
    found = solve_unreduced(arrays_of(scenario), "linear", 30.0)
    assert found.first_was_circular and found.cuts > 0
    assert found.hours == te.plan(scenario, time_limit=30).objectives[0].value
    assert relaxed_hours(arrays_of(scenario)) <= found.hours


def test_sets_inside_others_are_counted() -> None:
    """Tests one nested set of three."""
    sets = [frozenset({1}), frozenset({1, 2}), frozenset({3})]
    assert nested_share(sets) == pytest.approx(1 / 3)


def test_proven_values_that_differ_are_said(tmp_path: Path) -> None:
    """Tests an engine and an unreduced model that contradict each other."""
    out = tmp_path / "growth.csv"
    for subject, value in (("engine", 5), ("unreduced-linear", 6)):
        case = growth_rows.Case("study_hours", 2.0, 20, "whole", subject, 0)
        figures = {"value": value, "proven optimal": True}
        run = {"stages": {"total": 1.0}, "memory_mb": 1.0, "figures": figures}
        growth_rows.append(out, case, run)
    assert len(growth_report.disagreements(growth_rows.read(out))) == 1


def test_model_has_the_figures_that_are_promised(tmp_path: Path) -> None:
    """Tests density, nodes, modules and providers of a model of 500 columns."""
    scenario = load_scenario(write(generate(500, seed=3), tmp_path))
    graph = PrerequisiteGraph.build(scenario.model)
    assert SubjectMatrix(scenario.model.subject).density == pytest.approx(0.33, abs=0.005)
    assert graph.node_count >= 4 * 500
    assert 1.1 * 500 <= len(scenario.modules) <= 1.4 * 500
    assert min(_providers(scenario.modules, graph)) >= 3


def _providers(modules: tuple[Module, ...], graph: PrerequisiteGraph) -> list[int]:
    """Return how many modules name each taught subject or pedagogical node."""
    count = dict.fromkeys((e for e in graph.elements if e.startswith("Sub")), 0)
    for module in modules:
        for element in {n.element for n in module.teaches}:
            if element in count:
                count[element] += 1
    return list(count.values())


def test_same_teacher_stands_in_every_matrix() -> None:
    """Tests that neither a second run nor a larger matrix changes the teacher's goals."""
    small, again, large = generate(500, seed=1), generate(500, seed=1), generate(1000, seed=1)
    assert small == again
    assert small.goals == large.goals and small.goals
    assert len(large.topics) == 1000
    assert generate(500, seed=2).goals != small.goals


def test_exponent_is_the_slope_of_the_logarithms() -> None:
    """Tests the fit on powers, on a constant and on a single size."""
    assert fit_exponent({10: 0.3, 20: 1.2, 40: 4.8}) == pytest.approx(2.0)
    assert fit_exponent({10: 5.0, 1000: 5.0}) == pytest.approx(0.0)
    assert fit_exponent({10: 5.0}) is None
