"""The rows of a comparison survive a killed run, and their summary is computed as it says."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from performance_profile import draw, profile
from published import Published, least_value, read_published
from result_rows import COLUMNS, Row, append, better_of, cut_torn_line, own_gap, read
from summary import (
    contradictions,
    shifted_geometric_mean,
    summarise,
    table,
    targets,
)


def _row(instance: str, solver: str, seconds: float, **others: object) -> Row:
    plain = Row(instance, solver, "optimal", 10, 10, "10", True, 0.0, 0.1, 0.2, seconds, True)
    return replace(plain, **others)  # type: ignore[arg-type]


def test_columns_are_those_that_are_documented() -> None:
    """Tests the heading, on which others rely."""
    assert ",".join(COLUMNS) == (
        "instance,solver,status,value,bound,best_known,is_optimal,gap,"
        "seconds_first,seconds_best,seconds_total,verified"
    )


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    """Tests full and empty cells, and appending to what is there."""
    path = tmp_path / "rows.csv"
    empty = Row("b", "highs", "unknown", None, None, "", None, None, None, None, 60.0, None)
    append(path, [_row("a", "engine", 0.5)])
    append(path, [empty])
    assert read(path) == [_row("a", "engine", 0.5), empty]
    assert read(tmp_path / "none.csv") == []


def test_a_torn_last_line_is_dropped(tmp_path: Path) -> None:
    """Tests the table of a run that was killed while it wrote."""
    path = tmp_path / "rows.csv"
    append(path, [_row("a", "engine", 0.5)])
    with path.open("a", encoding="utf-8") as file:
        file.write("b,engine,opt")
    assert [r.instance for r in read(path)] == ["a"]
    cut_torn_line(path)
    append(path, [_row("c", "engine", 0.5)])
    assert [r.instance for r in read(path)] == ["a", "c"]


def test_another_table_is_refused(tmp_path: Path) -> None:
    """Tests columns that are not ours."""
    path = tmp_path / "rows.csv"
    path.write_text("instance,value\na,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="columns"):
        read(path)


def test_the_shifted_geometric_mean() -> None:
    """Tests 0 and 3 seconds: sqrt(1 * 4) - 1 = 1."""
    assert shifted_geometric_mean([0.0, 3.0]) == pytest.approx(1.0)
    assert math.isnan(shifted_geometric_mean([]))


def test_own_gap() -> None:
    """Tests a half, nothing, and what is not known."""
    assert own_gap(10, 5) == 0.5
    assert own_gap(0, 0) == 0.0
    assert own_gap(None, 5) is None
    assert own_gap(5, None) is None


def test_the_better_run_is_proven_then_fast_then_low() -> None:
    """Tests what stands under the name of a solver with several runs."""
    slow, fast = _row("a", "x-1", 3.0), _row("a", "x-2", 2.0)
    open_low = _row("a", "x-3", 60.0, status="feasible", value=11, bound=1)
    open_high = _row("a", "x-4", 60.0, status="feasible", value=12, bound=9)
    wrong = _row("a", "x-5", 1.0, verified=False)
    assert better_of("x", [slow, open_low, wrong, fast]) == replace(fast, solver="x")
    assert better_of("x", [open_high, open_low]).value == 11
    assert better_of("x", [wrong, open_high]).value == 12


KNOWN = {"a": Published("10", True, 10, "small"), "b": Published("20", False, 15, "large")}


def test_a_line_counts_only_instances_that_everybody_has() -> None:
    """Tests instance c, which one solver lacks, and a solver that is not applicable."""
    rows = [
        _row("a", "engine", 1.0),
        _row("a", "cpsat", 3.0),
        _row("a", "highs", 0.0, status="not applicable", value=None),
        _row("b", "engine", 60.0, status="feasible", value=25, bound=20, gap=0.2, best_known="20"),
        _row("b", "cpsat", 60.0, status="unknown", value=None, gap=None, best_known="20"),
        _row("c", "engine", 9.0),
    ]
    lines = summarise(rows, KNOWN)
    assert [(x.group, x.solver, x.instances, x.proven) for x in lines] == [
        ("large", "engine", 1, 0),
        ("large", "cpsat", 1, 0),
        ("small", "engine", 1, 1),
        ("small", "cpsat", 1, 1),
        ("all", "engine", 2, 1),
        ("all", "cpsat", 2, 1),
    ]
    engine, cpsat = lines[-2:]
    assert engine.gap == pytest.approx(0.1)
    assert engine.excess == pytest.approx(0.125)
    assert cpsat.gap == pytest.approx(0.5)
    assert engine.seconds == pytest.approx(math.sqrt(2 * 61) - 1)
    assert "engine" in table(lines)


def test_parts_that_go_together_have_lines_of_their_own() -> None:
    """Tests the three sizes of projects with modes: together, without the fourth part."""
    parts = {"a": "j10", "b": "j20", "c": "j30", "d": "mmlib50"}
    known = {name: Published("10", True, 10, part) for name, part in parts.items()}
    rows = [_row(name, "engine", 1.0) for name in parts]
    counted = {x.group: x.instances for x in summarise(rows, known)}
    assert counted == {"j10": 1, "j20": 1, "j30": 1, "mmlib50": 1, "j10-j30": 3, "all": 4}
    assert "j10-j30" not in {x.group for x in summarise(rows[1:], known)}


def test_targets_are_met_or_missed_by_ratios() -> None:
    """Tests twice and half the time of the better peer on set covering."""
    rows = [_row("a", "engine", 2.0), _row("a", "cpsat", 1.0), _row("a", "highs", 5.0)]
    time = [t for t in targets("setcover", summarise(rows, KNOWN)) if "mean time" in t.name]
    assert [t.met for t in time] == [False]
    rows[0] = _row("a", "engine", 0.5)
    assert all(t.met for t in targets("setcover", summarise(rows, KNOWN)))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"value": 11, "bound": 11}, "11 is optimal, but 10 is published"),
        ({"value": 9, "bound": 9}, "9, below the published lower bound 10"),
        ({"status": "feasible", "value": 12, "bound": 11}, "no value is below 11"),
        ({"status": "infeasible", "value": None, "bound": None}, "says infeasible"),
        ({"verified": False}, "rejected"),
        ({"status": "error", "value": None, "bound": None}, "error"),
    ],
)
def test_what_cannot_be_true_is_said(changes: dict[str, object], complaint: str) -> None:
    """Tests every kind of contradiction with what is published."""
    found = contradictions([_row("a", "cpsat", 1.0, **changes)], KNOWN)
    assert any(complaint in sentence for sentence in found)


def test_no_contradiction_where_there_is_none() -> None:
    """Tests a proven optimum, an open value above the best known, and a proven 'infeasible'."""
    rows = [
        _row("a", "cpsat", 1.0),
        _row("b", "cpsat", 60.0, status="feasible", value=25, bound=18),
        _row("c", "cpsat", 1.0, status="infeasible", value=None, bound=None),
    ]
    assert not contradictions(rows, {**KNOWN, "c": Published("infeasible", True)})
    plan = _row("c", "cpsat", 1.0)
    assert contradictions([plan], {"c": Published("infeasible", True)})


def test_published_values_are_read(tmp_path: Path) -> None:
    """Tests numbers, 'infeasible', bounds, and a cell that is neither."""
    path = tmp_path / "best_known.csv"
    heading = "instance,best_known,is_optimal,source,lower_bound,set\n"
    path.write_text(heading + "a,10,1,x,,s\nb,20,0,x,15,s\nc,infeasible,1,x,,s\n", "utf-8")
    known = read_published(path)
    assert [least_value(known[i]) for i in "abc"] == [10, 15, None]
    assert known["c"].best_known == "infeasible"
    path.write_text(heading + "a,ten,1,x,,s\n", "utf-8")
    with pytest.raises(ValueError, match="2: best_known is 'ten'"):
        read_published(path)
    path.write_text("instance,value\n", "utf-8")
    with pytest.raises(ValueError, match="best_known"):
        read_published(path)


def test_a_profile_rises_to_the_share_that_is_proven(tmp_path: Path) -> None:
    """Tests ratios 1 and 2 of a solver that leaves one instance of three open."""
    rows = [
        _row("a", "engine", 1.0),
        _row("b", "engine", 4.0),
        _row("c", "engine", 60.0, status="feasible", bound=1),
        _row("a", "cpsat", 5.0),
        _row("b", "cpsat", 2.0),
        _row("c", "cpsat", 7.0),
    ]
    assert profile(rows, "engine") == ([1.0, 2.0], [pytest.approx(1 / 3), pytest.approx(2 / 3)])
    draw(rows, "three instances", tmp_path / "profile.png")
    assert (tmp_path / "profile.png").stat().st_size > 1000
