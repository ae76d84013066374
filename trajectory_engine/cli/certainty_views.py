"""Answers about an uncertain diagnosis as tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from trajectory_engine.cli.answer_views import CLOCK, PROVEN
from trajectory_engine.cli.tables import NO_VALUE, add, new_table
from trajectory_engine.domain.figures import figure_text, objective_title
from trajectory_engine.domain.messages import render
from trajectory_engine.domain.plan import Status, TeacherPlan
from trajectory_engine.domain.robustness import Advice, Assessment, Robust, UncertainLevel
from trajectory_engine.domain.scenario import ObjectiveName, Scenario


def robust_view(scenario: Scenario, found: Robust) -> RenderableType:
    """Return both plans in figures, the steps of the robust one, and what is uncertain."""
    parts: list[RenderableType] = [Text(_headline(found))]
    parts += [Text(render(reason)) for reason in found.robust.reasons]
    if found.robust.status.has_plan:
        parts += [_comparison(scenario, found), _steps(found.robust)]
    if found.uncertain:
        parts.append(_levels(found.uncertain))
    return Group(*parts, *_clock(found.reproducible))


def _headline(found: Robust) -> str:
    count = f"{len(found.cases)} case{'s' * (len(found.cases) != 1)}"
    if found.robust.status.has_plan:
        return f"{found.teacher}: a plan that stays valid in {count}"
    return f"{found.teacher}: {found.robust.status.value}; to stay valid in {count}"


def _comparison(scenario: Scenario, found: Robust) -> Table:
    table = new_table(
        ("plan", "left"),
        *((objective_title(name, scenario), "right") for name in found.over),
        ("", "left"),
    )
    for title, plan in (("if the diagnosis is right", found.plan), ("robust", found.robust)):
        values = [o.value for o in plan.objectives if o.value is not None]
        cells = _cells(scenario, found.over, values)
        add(table, title, *cells, PROVEN[plan.status is Status.OPTIMAL])
    added = _cells(scenario, found.over, found.extra, signed=True)
    add(table, "to stay valid costs", *added, "")
    return table


def _figures(
    scenario: Scenario,
    names: Sequence[ObjectiveName],
    values: Sequence[int],
    *,
    signed: bool = False,
) -> list[str]:
    pairs = zip(names, values, strict=True) if values else ()
    return [figure_text(name, value, scenario, signed=signed) for name, value in pairs]


def _cells(
    scenario: Scenario,
    names: Sequence[ObjectiveName],
    values: Sequence[int],
    *,
    signed: bool = False,
) -> list[str]:
    """Return a cell for every objective, dashes without values."""
    return _figures(scenario, names, values, signed=signed) or [NO_VALUE] * len(names)


def _steps(plan: TeacherPlan) -> Table:
    table = new_table(("module", "left"), ("mode", "left"), ("from", "left"), ("to", "left"))
    for step in plan.steps:
        add(table, step.module, step.mode, str(step.start_date), str(step.end_date))
    return table


def _levels(levels: Sequence[UncertainLevel]) -> Table:
    table = new_table(("uncertain", "left"), ("level", "left"), ("confidence", "right"))
    for level in levels:
        add(table, level.element, _either(level), f"{level.confidence} %")
    return table


def _either(level: UncertainLevel) -> str:
    return f"{level.level}, or {level.lower}"


def assessment_view(scenario: Scenario, found: Assessment) -> RenderableType:
    """Return what each assessment could save, the most worth first, and what it leads to."""
    titles = "; ".join(objective_title(name, scenario) for name in found.over)
    figures = "; ".join(_figures(scenario, found.over, found.values))
    now = f"valid as things are: {figures}" if figures else found.status.value
    parts: list[RenderableType] = [
        Text(f"{found.teacher}: {now}"),
        Text(f"figures are {titles}"),
    ]
    table = new_table(
        ("assess", "left"),
        ("level", "left"),
        ("confidence", "right"),
        ("could save, hours", "right"),
        ("if it is right", "left"),
        ("if it is lower", "left"),
    )
    for advice in found.advice:
        _add_advice(table, scenario, found.over, advice)
    if found.advice:
        parts.append(table)
    elif not found.left_out:
        parts.append(Text("nothing is uncertain"))
    if found.left_out:
        parts.append(Text(f"not looked at, the time ran out: {', '.join(found.left_out)}"))
    return Group(*parts, *_clock(found.reproducible))


def _add_advice(
    table: Table, scenario: Scenario, names: Sequence[ObjectiveName], advice: Advice
) -> None:
    outcomes = [
        "; ".join(_figures(scenario, names, values)) if values else status.value
        for values, status in (
            (advice.confirmed, advice.confirmed_status),
            (advice.lowered, advice.lowered_status),
        )
    ]
    level = advice.element
    hours = NO_VALUE if advice.hours is None else f"{advice.hours:,}"
    add(table, level.element, _either(level), f"{level.confidence} %", hours, *outcomes)


def _clock(reproducible: bool) -> list[Text]:
    return [] if reproducible else [Text(CLOCK)]
