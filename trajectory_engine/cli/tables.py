"""Results as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from trajectory_engine.domain.currency import money
from trajectory_engine.domain.messages import render
from trajectory_engine.domain.plan import (
    FundBalance,
    Objective,
    RecognisedLearning,
    Result,
    Status,
    TeacherPlan,
)

if TYPE_CHECKING:
    from trajectory_engine.domain.scenario import Scenario

STATUS_STYLES: Mapping[Status, str] = {
    Status.OPTIMAL: "green",
    Status.FEASIBLE: "yellow",
    Status.UNKNOWN: "magenta",
    Status.INFEASIBLE: "red",
}
NO_VALUE = "-"


def new_table(*columns: tuple[str, str]) -> Table:
    """Return a table with columns given as (heading, "left" or "right")."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, side in columns:
        table.add_column(
            Text(heading), justify="right" if side == "right" else "left", overflow="fold"
        )
    return table


def add(table: Table, *cells: str | Text) -> None:
    """Add a row of cells, none of which is read as markup."""
    table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in cells))


def result_view(scenario: Scenario, result: Result) -> RenderableType:
    """Return the table of teachers, the steps of a single teacher, and the reasons."""
    title = f"{scenario.name or scenario.id}: {result.status.value}"
    parts: list[RenderableType] = [Text(title), _teachers(scenario, result)]
    if len(result.teachers) == 1:
        plan = result.teachers[0]
        if plan.steps:
            parts += [Text(f"steps of {plan.teacher}"), _steps(scenario, plan)]
        parts += [Text(_recognised(item)) for item in plan.recognised]
        parts += [Text(f"warning: {render(w)}") for w in plan.warnings]
    if any(balance.paid for balance in result.funds):
        parts += [Text("sources of money"), _balances(scenario, result.funds)]
    parts += [Text(line) for line in _reasons(result)]
    return Group(*parts)


def worst_gap(objectives: tuple[Objective, ...]) -> str:
    """Return the largest gap, with the objective it belongs to if it is not proven."""
    if all(o.value is None for o in objectives):
        return NO_VALUE
    unproven = [o for o in objectives if not o.proven]
    if not unproven:
        return "0 %"
    unknown = next((o for o in unproven if o.gap is None), None)
    if unknown is not None:
        return f"unknown ({unknown.name})"
    largest = max(unproven, key=lambda o: o.gap or 0.0)
    return f"{100 * (largest.gap or 0.0):.1f} % ({largest.name})"


def _teachers(scenario: Scenario, result: Result) -> Table:
    table = new_table(
        ("teacher", "left"),
        ("status", "left"),
        ("over on", "left"),
        ("hours", "right"),
        (f"cost {scenario.currency}", "right"),
        ("modules", "right"),
        ("gap", "left"),
    )
    for plan in result.teachers:
        status = Text(plan.status.value, style=STATUS_STYLES[plan.status])
        if not plan.status.has_plan:
            add(table, plan.teacher, status, *[NO_VALUE] * 5)
            continue
        last = max(plan.steps, key=lambda s: s.end, default=None)
        add(
            table,
            plan.teacher,
            status,
            f"{last.end_date} ({scenario.calendar.unit.value} {last.end})" if last else "nothing",
            f"{sum(s.hours for s in plan.steps):,}",
            money(sum(s.cost for s in plan.steps), scenario.currency),
            str(len(plan.steps)),
            worst_gap(plan.objectives),
        )
    if len(result.teachers) > 1:
        table.add_section()
        steps = [s for plan in result.teachers for s in plan.steps]
        add(
            table,
            f"all {len(result.teachers)}",
            Text(result.status.value, style=STATUS_STYLES[result.status]),
            "",
            f"{sum(s.hours for s in steps):,}",
            money(sum(s.cost for s in steps), scenario.currency),
            str(len(steps)),
            worst_gap(result.objectives),
        )
    return table


def _steps(scenario: Scenario, plan: TeacherPlan) -> Table:
    table = new_table(
        ("module", "left"),
        ("mode", "left"),
        ("from", "left"),
        ("to", "left"),
        ("hours", "right"),
        (f"cost {scenario.currency}", "right"),
        ("paid by", "left"),
        ("because", "left"),
    )
    for step in plan.steps:
        payers = ", ".join(f"{who} {money(n, scenario.currency)}" for who, n in step.paid_by)
        add(
            table,
            step.module,
            step.mode if step.run is None else f"{step.mode}, run {step.run}",
            str(step.start_date),
            str(step.end_date),
            str(step.hours),
            money(step.cost, scenario.currency),
            payers or NO_VALUE,
            ", ".join(step.because),
        )
    return table


def _balances(scenario: Scenario, balances: tuple[FundBalance, ...]) -> Table:
    """Return what every source had, paid and has left."""

    def shown(amount: int | None) -> str:
        return "no limit" if amount is None else money(amount, scenario.currency)

    table = new_table(
        ("source", "left"),
        ("fiscal year", "left"),
        (f"granted {scenario.currency}", "right"),
        ("carried over", "right"),
        ("paid", "right"),
        ("remains", "right"),
    )
    for b in balances:
        year = "" if b.year is None else str(b.year)
        amounts = map(shown, (b.granted, b.carried, b.paid, b.remains))
        add(table, b.fund, year, *amounts)
    return table


def _recognised(learning: RecognisedLearning) -> str:
    """Return a sentence on prior learning that counted."""
    evidence = f" ({learning.evidence})" if learning.evidence else ""
    nodes = ", ".join(learning.nodes) or "nothing that is not known anyway"
    return f"recognised: {learning.id}{evidence} gives {nodes}"


def _reasons(result: Result) -> Iterator[str]:
    for plan in result.teachers:
        ask = f"trajectory-engine explain SCENARIO --teacher {plan.teacher}"
        for reason in plan.reasons:
            yield f"{plan.teacher}: {render(reason)}"
        if plan.status is Status.INFEASIBLE:
            yield f"{plan.teacher}: what stands in the way, by how much, and what would help: {ask}"
        if plan.unmet:
            yield f"{plan.teacher}: soft goals not met: {', '.join(plan.unmet)}"
        if plan.broken_rules:
            yield f"{plan.teacher}: soft rules broken: {', '.join(plan.broken_rules)}"
    if not result.reproducible:
        yield "the wall clock ended a search: another run may give a different answer"
