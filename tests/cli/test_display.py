"""Progress and tables: what people see."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from trajectory_engine.cli import progress, tables
from trajectory_engine.cli.exits import ExitCode, exit_code_of
from trajectory_engine.domain.plan import Objective, Progress, Result, Status, TeacherPlan


def display(*, terminal: bool, monkeypatch: pytest.MonkeyPatch) -> tuple[io.StringIO, int]:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=80)
    monkeypatch.setattr(progress, "message_console", lambda: console)
    with progress.ProgressDisplay(3) as shown:
        for i in range(200):
            shown(Progress("completion", f"T{i % 3}", 14 - i % 5, 12, i / 10))
        if terminal and shown._live is not None:
            shown._live.refresh()
    return stream, len(stream.getvalue().splitlines())


def test_no_terminal_means_few_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, lines = display(terminal=False, monkeypatch=monkeypatch)
    assert lines == 2
    assert stream.getvalue().startswith("planning 3 teachers\nplanned 3 teachers in ")
    assert "\x1b" not in stream.getvalue()


def test_long_runs_report_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    stream, _ = display(terminal=False, monkeypatch=monkeypatch)
    assert "3 of 3 teachers begun" in stream.getvalue()
    assert "T1: completion 13 (bound 12)" in stream.getvalue()


def test_a_terminal_shows_incumbent_and_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, _ = display(terminal=True, monkeypatch=monkeypatch)
    text = stream.getvalue()
    assert "best so far" in text
    assert "bound" in text
    assert "3 of 3 teachers begun" in text


def test_events_in_words() -> None:
    assert progress.describe(Progress("ties", "T1", None, None, 1.0)) == "T1: ties"
    event = Progress("cost", "T1", 1000, None, 1.0)
    assert progress.describe(event) == "T1: cost 1,000 (bound -)"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (4500000, "KZT", "45,000.00"),
        (5, "EUR", "0.05"),
        (4500, "JPY", "4,500"),
        (4500, "KWD", "4.500"),
        (0, "KZT", "0.00"),
    ],
)
def test_money(amount: int, currency: str, text: str) -> None:
    assert tables.money(amount, currency) == text


def test_worst_gap() -> None:
    proven, wide = Objective("a", 10, 10), Objective("b", 10, 5)
    narrow, open_ended = Objective("c", 10, 9), Objective("d", 10, None)
    assert tables.worst_gap((proven,)) == "0 %"
    assert tables.worst_gap((proven, narrow, wide)) == "50.0 % (b)"
    assert tables.worst_gap((wide, open_ended)) == "unknown (d)"
    assert tables.worst_gap((Objective("a", None, 3),)) == "-"


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((), ExitCode.OK),
        ((Status.OPTIMAL, Status.FEASIBLE), ExitCode.OK),
        ((Status.OPTIMAL, Status.UNKNOWN), ExitCode.NO_PLAN),
        ((Status.UNKNOWN, Status.INFEASIBLE, Status.OPTIMAL), ExitCode.INFEASIBLE),
    ],
)
def test_exit_code_of_a_result(statuses: tuple[Status, ...], code: ExitCode) -> None:
    plans = tuple(TeacherPlan(f"T{i}", s, ()) for i, s in enumerate(statuses))
    result = Result("s", "", "", "", 0, 1, Status.OPTIMAL, (), plans)
    assert exit_code_of(result) is code


def test_cells_are_not_read_as_markup() -> None:
    table = tables.new_table(("node", "left"))
    tables.add(table, "[bold]B[err,num]@2[/bold]")
    stream = io.StringIO()
    Console(file=stream, width=60).print(table)
    assert "[bold]B[err,num]@2[/bold]" in stream.getvalue()


def test_no_file_of_the_room_prints() -> None:
    room = Path(tables.__file__).parent
    assert not [
        p.name for p in room.glob("*.py") if "print(" in p.read_text().replace(".print(", "")
    ]
