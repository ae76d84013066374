"""What was left out before the search, as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from trajectory_engine.cli.tables import add, new_table

if TYPE_CHECKING:
    from trajectory_engine.reduce.report import ReductionReport, Size, StepReport

WHY = {
    "cannot_be_entered": "in no order can its entry hold",
    "nothing_needs_it": "no goal, rule or decision can need it",
    "no_room": "no plan has room for it",
    "outside_the_window": "too early or too late for any plan",
    "only_way": "there is no other way, so every plan takes it",
    "always_together": "formed at the same instant in every plan",
    "follows_from_others": "follows from what is asked for anyway",
    "another_is_as_good": "another one is at least as good in everything",
    "only_in_worse_plans": "only plans worse than a known one take it",
}
"""Sentences by code."""


def reduction_view(reports: Sequence[ReductionReport]) -> RenderableType:
    """Return for every teacher what every step left out, and why."""
    parts: list[RenderableType] = []
    for report in reports:
        parts += [Text(_title(report)), _steps(report)]
    return Group(*parts)


def _title(report: ReductionReport) -> str:
    parts = "one part" if report.components == 1 else f"{report.components} independent parts"
    title = f"reduction for {report.teacher}: {report.seconds * 1000:.0f} ms, {parts}"
    if report.bound is not None and report.bounded is not None:
        title += f", {report.bounded.value} at least {report.bound}"
    return title


def _steps(report: ReductionReport) -> RenderableType:
    numbers = ("nodes", "classes", "modules", "modes", "rows", "starts")
    table = new_table(
        ("step", "left"), *((n, "right") for n in numbers), ("ms", "right"), ("why", "left")
    )
    add(table, "before", *_figures(report.before), "", "")
    for step in report.steps:
        if step.bites:
            milliseconds = f"{step.seconds * 1000:.1f}"
            add(table, step.step, *_changes(step), milliseconds, WHY[step.why])
    add(table, "after", *_figures(report.after), "", "")
    return table


def _figures(size: Size) -> list[str]:
    return [str(n) for n in _numbers(size)]


def _changes(step: StepReport) -> list[str]:
    pairs = zip(_numbers(step.before), _numbers(step.after), strict=True)
    return [f"{after - before:+d}" if after != before else "" for before, after in pairs]


def _numbers(size: Size) -> tuple[int, ...]:
    return (size.nodes, size.classes, size.modules, size.modes, size.rows, size.starts)
