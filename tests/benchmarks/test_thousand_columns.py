"""The benchmark runs, and its models are what it says they are. No times are asserted."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.competence import SubjectMatrix
from trajectory_engine.graph.prerequisites import PrerequisiteGraph
from trajectory_engine.io import load_scenario

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from model_files import write  # noqa: E402
from synthetic_model import generate  # noqa: E402
from thousand_columns import fit_exponent  # noqa: E402


def test_smoke_prints_every_stage_and_writes_every_run(tmp_path: Path) -> None:
    """Tests that two tiny sizes give tables, exponents and two rows of runs."""
    out = tmp_path / "times.csv"
    script = [sys.executable, str(BENCHMARKS / "thousand_columns.py")]
    options = ["--columns", "20", "40", "--repeat", "2", "--missing", "12", "--time-limit", "10"]
    run = subprocess.run(
        [*script, *options, "--out", str(out)], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    stages = ("read", "diagnose", "graph", "closure", "build", "solve", "verify")
    tables = run.stdout.split("growth:")
    assert all(f"\n  {stage} " in part for part in tables for stage in stages)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(r["columns"], r["repeat"]) for r in rows} == {
        (c, i) for c in ("20", "40") for i in ("0", "1")
    }
    seconds = [float(r["value"]) for r in rows if r["quantity"] == "seconds of solve"]
    assert len(seconds) == 4 and all(s > 0 for s in seconds)


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
