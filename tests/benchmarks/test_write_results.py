"""The results are written from the tables, and say what is missed."""

from __future__ import annotations

import json
from pathlib import Path

import growth_rows
import pytest
import write_results
from result_rows import Row, append

MACHINE = {"date": "2026-01-02", "processor": "a processor"}


def _set(tmp_path: Path, seconds: float) -> Path:
    path = tmp_path / "setcover.csv"
    for solver, own in (("engine", seconds), ("cpsat", 1.0)):
        append(path, [Row("a", solver, "optimal", 7, 7, "7", True, 0.0, 0.1, 0.1, own, True)])
    facts = {"set": "setcover", "time_limit": 60.0, "workers": 2, "seed": 0, "part": "rest"}
    facts |= {"peers_checksum": "0123456789abcdef", "machine": MACHINE}
    known = {"best_known": "7", "is_optimal": True, "lower_bound": 7, "group": "4"}
    path.with_suffix(".json").write_text(json.dumps({**facts, "published": {"a": known}}), "utf-8")
    return path


@pytest.mark.parametrize(("seconds", "verdict"), [(0.1, "met"), (3.0, "**missed**")])
def test_a_public_set_has_its_table_and_its_targets(
    tmp_path: Path, seconds: float, verdict: str
) -> None:
    """Tests a fast and a slow engine."""
    out = tmp_path / "RESULTS.md"
    arguments = ["--sets", str(_set(tmp_path, seconds)), "--out", str(out)]
    assert write_results.main(arguments) == 0
    text = out.read_text(encoding="utf-8")
    assert "0123456789abcdef" in text and "a processor" in text
    (line,) = [x for x in text.splitlines() if "mean time at most" in x]
    assert f"| {verdict} |" in line


def test_growth_and_degree_plans_have_their_sections(tmp_path: Path) -> None:
    """Tests that an exponent over sizes that were not proven is missed."""
    growth = tmp_path / "growth.csv"
    for columns in (1000, 2000):
        case = growth_rows.Case("study_hours", 2.0, columns, "whole", "engine", 0)
        figures = {"value": None, "bound": 5, "proven optimal": False}
        run = {"stages": {"total": 60.0}, "memory_mb": 100.0, "figures": figures}
        growth_rows.append(growth, case, run)
    facts = {"time_limit": 60, "completion_seconds": 30, "seed": 0, "generator_checksum": "abc"}
    growth.with_suffix(".json").write_text(json.dumps({**facts, "machine": MACHINE}), "utf-8")
    plans = tmp_path / "plans.csv"
    plans.write_text("plan,seconds\nSmall,0.123456\n", encoding="utf-8")
    plans.with_suffix(".json").write_text(json.dumps({"machine": MACHINE}), encoding="utf-8")
    out = tmp_path / "RESULTS.md"
    arguments = ["--growth", str(growth), "--degree-plans", str(plans), "--out", str(out)]
    assert write_results.main(arguments) == 0
    text = out.read_text(encoding="utf-8")
    assert "| Small | 0.123 |" in text
    (line,) = [x for x in text.splitlines() if "exponent at most" in x]
    assert "**missed**" in line and "not all is proven" in line


def test_a_table_without_its_facts_is_refused(tmp_path: Path) -> None:
    """Tests a table whose machine is not known."""
    plans = tmp_path / "plans.csv"
    plans.write_text("plan\nSmall\n", encoding="utf-8")
    assert write_results.main(["--degree-plans", str(plans), "--out", str(tmp_path / "r.md")]) == 2
    assert not (tmp_path / "r.md").exists()
