"""Answers to questions about a plan as tables for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from trajectory_engine.cli.tables import NO_VALUE, add, new_table
from trajectory_engine.domain.answers import (
    Alternatives,
    Change,
    Easing,
    Front,
    LimitKind,
    Prices,
    Reasons,
    StepReason,
    TableRow,
)
from trajectory_engine.domain.figures import figure_text, objective_title
from trajectory_engine.domain.messages import render
from trajectory_engine.domain.plan import TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName, Scenario

PROVEN = {True: "proven", False: "not proven"}
CLOCK = "the wall clock ended the search: another run may give a different answer"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def front_view(scenario: Scenario, front: Front) -> RenderableType:
    """Return the points of a front, one a row."""
    if front.without_plan is not None:
        return Group(*_no_plan(front.without_plan), *_clock(front.reproducible))
    table = new_table(
        ("", "right"),
        *((objective_title(name, scenario), "right") for name in front.over),
        ("modules", "left"),
        ("", "left"),
    )
    for number, point in enumerate(front.points, 1):
        values = zip(front.over, point.values, strict=True)
        modules = ", ".join(step.module for step in point.plan.steps)
        figures = [figure_text(name, value, scenario) for name, value in values]
        add(table, str(number), *figures, modules, PROVEN[point.proven])
    complete = "no point is missing" if front.complete else "points may be missing"
    parts: list[RenderableType] = [
        Text(
            f"{front.teacher}: {_count(len(front.points), 'plan')} that no other beats; {complete}"
        )
    ]
    if front.held:
        held = (
            f"{h.objective.value} {figure_text(h.objective, h.most, scenario)}" for h in front.held
        )
        parts.append(Text(f"held at the best value: {', '.join(held)}"))
    return Group(*parts, table, *_clock(front.reproducible))


def alternatives_view(scenario: Scenario, found: Alternatives) -> RenderableType:
    """Return the plans' figures, then all plans side by side, a module a row."""
    if not found.optimum.status.has_plan:
        return Group(*_no_plan(found.optimum), *_clock(found.reproducible))
    names = [spec.name for spec in scenario.objectives]
    figures = new_table(
        ("plan", "left"),
        *((objective_title(name, scenario), "right") for name in names),
        ("differs from those before by", "left"),
        ("", "left"),
    )
    counts = [(), *(a.differences for a in found.alternatives)]
    for number, (plan, count) in enumerate(zip(found.plans, counts, strict=True)):
        values = zip(names, plan.objectives, strict=True)
        add(
            figures,
            _plan_title(number),
            *(figure_text(name, o.value or 0, scenario) for name, o in values),
            ", ".join(map(str, count)),
            plan.status.value,
        )
    end = "there are no others" if found.exhausted else "there may be others"
    title = f"{found.teacher}: {_count(len(found.alternatives), 'alternative')}; {end}"
    return Group(Text(title), figures, _side_by_side(found), *_clock(found.reproducible))


def _plan_title(number: int) -> str:
    return f"no. {number}" if number else "optimum"


def _side_by_side(found: Alternatives) -> Table:
    plans = ((_plan_title(n), "left") for n in range(len(found.plans)))
    table = new_table(("module", "left"), *plans)
    for row in found.table():
        add(table, row.module, *_cells(row))
    return table


def _cells(row: TableRow) -> Iterable[str]:
    for step in row.steps:
        yield NO_VALUE if step is None else f"{step.mode} {step.start}-{step.end}"


def prices_view(scenario: Scenario, found: Prices) -> RenderableType:
    """Return what easing each limit would save, those that bind first named."""
    names = [spec.name for spec in scenario.objectives]
    table = new_table(
        ("if there were", "left"),
        *((objective_title(name, scenario), "right") for name in names),
        ("", "left"),
    )
    for price in found.binding:
        if price.saved:
            # What is saved is a fall of the objective.
            cells = [figure_text(n, -v, scenario, signed=True) for n, v in price.saved]
        else:
            cells = [NO_VALUE] * len(names)
        said = PROVEN[price.proven]
        note = said if price.saved else f"there would be a plan; {said}"
        add(table, easing_text(price.easing, scenario), *cells, note)
    free = [easing_text(p.easing, scenario) for p in found.prices if not p.is_binding]
    parts: list[RenderableType] = []
    if not found.plan.status.has_plan:
        parts += _no_plan(found.plan)
    parts.append(Text(f"{found.teacher}: {_count(len(found.binding), 'limit')} with a price"))
    if found.binding:
        parts.append(table)
    if free:
        parts.append(Text(f"of no effect by itself: {'; '.join(free)}"))
    if found.missing:
        left = "; ".join(easing_text(e, scenario) for e in found.missing)
        parts.append(Text(f"not priced, the time ran out: {left}"))
    return Group(*parts, *_clock(found.reproducible))


def easing_text(easing: Easing, scenario: Scenario) -> str:
    """Return an eased limit in words."""
    unit = scenario.calendar.unit.value
    match easing.kind, easing.change:
        case LimitKind.DEADLINE, Change.ONE_MORE:
            return f"one {unit} more until the deadline"
        case LimitKind.HOURS, Change.ONE_MORE:
            return f"one hour more in every {unit}"
        case LimitKind.HOURS, _:
            return "no limit on study hours"
        case LimitKind.RESOURCE, Change.ONE_MORE:
            return f"one unit more of {easing.name}"
        case LimitKind.FUND, _:
            return f"no budget and ceiling of fund {easing.name}"
        case _:
            return f"no {easing.kind.value} {easing.name}".rstrip()


def reasons_view(scenario: Scenario, found: Reasons) -> RenderableType:
    """Return why each step is there and what would happen without it, in words."""
    if not found.plan.status.has_plan:
        return Group(*_no_plan(found.plan), *_clock(found.reproducible))
    lines: list[str] = []
    for reason in found.steps:
        lines += _reason_lines(scenario, reason)
    if found.missing:
        lines.append(f"not looked at, the time ran out: {', '.join(found.missing)}")
    return Group(*map(Text, lines), *_clock(found.reproducible))


def _reason_lines(scenario: Scenario, reason: StepReason) -> Iterable[str]:
    step = reason.step
    yield f"{step.module} ({step.mode}, {step.start_date} to {step.end_date})"
    for chain in reason.chains:
        through = "".join(f" for {module}" for module in chain.modules[1:])
        yield f"  needed{through} for {chain.purpose}"
    if step.attains:
        yield f"  forms {', '.join(step.attains)}"
    yield f"  without it: {_without(scenario, reason)}"


def _without(scenario: Scenario, reason: StepReason) -> str:
    if not reason.without.status.has_plan:
        return "there is no plan" if reason.proven else "no plan was found in the time"
    changes = [f"{_change(name, v, scenario)}" for name, v in reason.lost if v]
    if reason.instead:
        changes.append(f"{', '.join(reason.instead)} instead")
    if reason.dropped:
        changes.append(f"{', '.join(reason.dropped)} not needed either")
    return "; ".join([*changes, PROVEN[reason.proven]])


def _change(name: ObjectiveName, value: int, scenario: Scenario) -> str:
    text = figure_text(name, value, scenario, signed=True)
    return f"{objective_title(name, scenario)} {text}"


def _no_plan(plan: TeacherPlan) -> list[Text]:
    head = Text(f"{plan.teacher}: {plan.status.value}")
    return [head, *(Text(render(reason)) for reason in plan.reasons)]


def _clock(reproducible: bool) -> list[Text]:
    return [] if reproducible else [Text(CLOCK)]
