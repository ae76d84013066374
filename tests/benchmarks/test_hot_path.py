"""The shares of the hot path add up, and what contains a stage does not count it again."""

from __future__ import annotations

import pytest
from hot_path import OK, STAGES, main, table
from stage_clock import StageClock


def test_a_small_matrix_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--columns", "40", "--repeat", "1"]) == OK
    shown = capsys.readouterr().out
    assert "| all |" in shown
    assert all(f"| {what} |" in shown for what in STAGES.values())


def test_shares_add_up_to_the_whole() -> None:
    """One second reads, the solvers take two and a half, half a second is spent elsewhere."""
    run = {"read": 1.0, "linear": 2.0, "integer": 0.5, "unknown stage": 0.5}
    shown = table([run], [0.25]).splitlines()
    assert "| reading: files to a validated scenario, with the graph | 1.00 | 25 % |" in shown
    assert "| all else | 0.50 | 12 % |" in shown
    assert "| all | 4.00 | 100 % |" in shown
    assert "| for comparison: both solvers | 2.50 | 62 % |" in shown
    assert "| for comparison: pandas, the same tables | 0.25 | 6 % |" in shown


def test_time_inside_another_stage_is_counted_there_only() -> None:
    """Ticks of a clock that moves by one whenever it is looked at."""
    ticks = iter(range(100))
    clock = StageClock(now=lambda: float(next(ticks)))
    with clock.stage("outer"), clock.stage("inner"):
        pass
    assert clock.seconds == {"outer": 2.0, "inner": 1.0}
