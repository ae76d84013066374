"""The calendar of a teacher: when which module is studied, and the load it makes."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.plan import Step, TeacherPlan
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.plotting import style

BAR_HEIGHT = 0.62
LABEL_WIDTH = 34
MOST_TICKS = 16
FURNITURE = 2.0
"""Inches of height for the title, the terms and the axis."""
ROW_INCHES = 0.28


def calendar_height(plan: TeacherPlan) -> float:
    """Return the height in inches that the bars of a plan need."""
    return FURNITURE + ROW_INCHES * max(3, len(plan.steps))


def plot_calendar(scenario: Scenario, plan: TeacherPlan, ax: Axes | None = None) -> Axes:
    """Draw a bar for every module of a plan over the calendar.

    Parameters
    ----------
    scenario : Scenario
    plan : TeacherPlan
        Of a teacher of the scenario.
    ax : Axes, optional
        Where to draw; by default on a figure of its own.
    """
    ax = style.own_axes(ax, 13.0, calendar_height(plan))
    teacher = scenario.teacher_by_id[plan.teacher]
    calendar = scenario.calendar
    _shade(ax, calendar, teacher, with_names=True)
    for row, step in enumerate(plan.steps):
        module = scenario.module_by_id.get(step.module)
        colour = style.COMPONENT_COLOURS[module.component] if module else style.LIMIT_COLOUR
        if step.end > step.start:
            ax.barh(
                row,
                step.end - step.start,
                BAR_HEIGHT,
                step.start,
                color=colour,
                edgecolor="black",
                linewidth=0.6,
                zorder=3,
            )
        else:
            ax.plot([step.start], [row], marker="D", color=colour, mec="black", zorder=3)
    rows = max(1, len(plan.steps))
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_yticks(range(len(plan.steps)), _labels(plan.steps))
    ax.tick_params(axis="y", labelsize=style.SMALL, length=0)
    ax.set_ylabel("module (form of study)", fontsize=style.NORMAL)
    if not plan.steps:
        ax.text(
            calendar.horizon / 2,
            0.3,
            _nothing(plan),
            ha="center",
            va="center",
            fontsize=style.NORMAL,
            bbox={"facecolor": "white", "edgecolor": style.LIMIT_COLOUR},
        )
    _date_axis(ax, calendar)
    name = f"{teacher.id} {teacher.name}".strip()
    ax.set_title(
        style.plain(f"Calendar of {name}: {_summary(scenario, plan)}"),
        fontsize=style.TITLE,
        pad=20 if calendar.terms else 8,
    )
    _legend(ax, _component_handles(scenario, plan.steps) + _time_handles(calendar, teacher))
    return ax


def plot_load(scenario: Scenario, plan: TeacherPlan, ax: Axes | None = None) -> Axes:
    """Draw the hours of study in every period, by component, against the hours available.

    Parameters
    ----------
    scenario : Scenario
    plan : TeacherPlan
    ax : Axes, optional
        Where to draw; by default on a figure of its own.
    """
    ax = style.own_axes(ax, 13.0, 3.2)
    teacher = scenario.teacher_by_id[plan.teacher]
    calendar = scenario.calendar
    _shade(ax, calendar, teacher, with_names=False)
    periods = np.arange(calendar.horizon)
    below = np.zeros(calendar.horizon, dtype=np.int64)
    for component, load in load_by_component(scenario, plan.steps).items():
        ax.bar(
            periods,
            load,
            1.0,
            bottom=below,
            align="edge",
            edgecolor="black",
            linewidth=0.4,
            color=style.COMPONENT_COLOURS[component],
            zorder=3,
        )
        below = below + load
    available = [0 if p in _blocked(calendar, teacher) else teacher.hours[p] for p in periods]
    ax.stairs(
        available,
        np.arange(calendar.horizon + 1),
        baseline=None,
        color=style.LIMIT_COLOUR,
        linewidth=1.6,
        zorder=4,
    )
    ax.set_ylim(0, max(1, *available, int(below.max(initial=0))) * 1.12)
    ax.set_ylabel(f"academic hours per {calendar.unit.value}", fontsize=style.NORMAL)
    ax.tick_params(axis="y", labelsize=style.SMALL)
    _date_axis(ax, calendar)
    ax.set_title("Load of study against the hours available", fontsize=style.NORMAL)
    limit = _line(style.LIMIT_COLOUR, "-", "hours available")
    _legend(ax, [*_component_handles(scenario, plan.steps), limit])
    return ax


def load_by_component(
    scenario: Scenario, steps: Sequence[Step]
) -> dict[Component, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return hours per period, shape (H,), for the components that the steps belong to."""
    loads: dict[Component, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    horizon = scenario.calendar.horizon
    for step in steps:
        module = scenario.module_by_id.get(step.module)
        mode = next((k for k in module.modes if k.id == step.mode), None) if module else None
        if module is None or mode is None:
            continue
        load = loads.setdefault(module.component, np.zeros(horizon, dtype=np.int64))
        for offset, hours in enumerate(mode.load):
            if 0 <= step.start + offset < horizon:
                load[step.start + offset] += hours
    return {c: loads[c] for c in Component if c in loads}


def _labels(steps: Sequence[Step]) -> list[str]:
    """Return module and mode of every step, those of different modules different."""
    modules = style.tell_apart([step.module for step in steps], LABEL_WIDTH)
    return [
        style.plain(f"{module} ({style.shorten(step.mode, 14)})")
        for module, step in zip(modules, steps, strict=True)
    ]


def _nothing(plan: TeacherPlan) -> str:
    return "nothing to study" if plan.status.has_plan else f"no plan: {plan.status.value}"


def _summary(scenario: Scenario, plan: TeacherPlan) -> str:
    if not plan.steps:
        return _nothing(plan)
    last = max(plan.steps, key=lambda s: s.end)
    hours = sum(s.hours for s in plan.steps)
    count = len(plan.steps)
    return (
        f"{count} module{'s' * (count != 1)}, {hours} academic hours, over on {last.end_date}"
        f" ({plan.status.value})"
    )


def _blocked(calendar: Calendar, teacher: Teacher) -> frozenset[int]:
    return calendar.blocked_set | frozenset(teacher.blocked)


def _shade(ax: Axes, calendar: Calendar, teacher: Teacher, *, with_names: bool) -> None:
    for i, term in enumerate(calendar.terms):
        if i % 2 == 0:
            ax.axvspan(term.first, term.last, color=style.TERM_COLOUR, zorder=0)
        ax.axvline(term.first, color="#999999", linewidth=0.8, zorder=1)
        if with_names and (calendar.horizon <= MOST_TICKS * 6 or len(calendar.terms) <= MOST_TICKS):
            room = int((term.last - term.first) / max(1, calendar.horizon) * 120)
            ax.annotate(
                style.plain(style.shorten(term.id, max(2, room))),
                ((term.first + term.last) / 2, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 4),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=style.SMALL,
                color="#444444",
            )
    for period in sorted(_blocked(calendar, teacher)):
        ax.axvspan(
            period,
            period + 1,
            facecolor="white",
            edgecolor=style.BREAK_COLOUR,
            hatch="////",
            linewidth=0.0,
            zorder=1,
        )
    if teacher.deadline is not None:
        ax.axvline(
            teacher.deadline, color=style.DEADLINE_COLOUR, linewidth=2.0, linestyle="--", zorder=5
        )
    ax.set_xlim(0, calendar.horizon)


def _date_axis(ax: Axes, calendar: Calendar) -> None:
    every = max(1, ceil(calendar.horizon / MOST_TICKS))
    ticks = list(range(0, calendar.horizon + 1, every))
    ax.set_xticks(ticks, [f"{calendar.boundaries[t]:%d %b\n%Y}" for t in ticks])
    ax.tick_params(axis="x", labelsize=style.SMALL)
    unit = calendar.unit.value
    spacing = f"one {unit}" if every == 1 else f"{every} {unit}s"
    ax.set_xlabel(
        f"date (a mark every {spacing}, {calendar.horizon} {unit}s in all)", fontsize=style.NORMAL
    )
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.5, zorder=0)
    ax.set_axisbelow(True)


def _component_handles(scenario: Scenario, steps: Sequence[Step]) -> list[Patch]:
    modules: list[Module] = [
        m for m in map(scenario.module_by_id.get, (s.module for s in steps)) if m is not None
    ]
    present = {m.component for m in modules}
    return [
        Patch(
            facecolor=style.COMPONENT_COLOURS[c],
            edgecolor="black",
            linewidth=0.6,
            label=f"{style.COMPONENT_NAMES[c]} module",
        )
        for c in Component
        if c in present
    ]


def _time_handles(calendar: Calendar, teacher: Teacher) -> list[object]:
    handles: list[object] = []
    if calendar.terms:
        name = "term" if len(calendar.terms) == 1 else "terms 1, 3, ..."
        handles.append(Patch(facecolor=style.TERM_COLOUR, edgecolor="#999999", label=name))
    if len(calendar.terms) > 1:
        handles.append(Patch(facecolor="white", edgecolor="#999999", label="terms 2, 4, ..."))
    if _blocked(calendar, teacher):
        handles.append(
            Patch(
                facecolor="white",
                edgecolor=style.BREAK_COLOUR,
                hatch="////",
                label="break or absence",
            )
        )
    if teacher.deadline is not None:
        handles.append(_line(style.DEADLINE_COLOUR, "--", "deadline"))
    return handles


def _line(colour: str, line: Literal["-", "--"], label: str) -> Line2D:
    return Line2D([], [], color=colour, linestyle=line, linewidth=1.8, label=label)


def _legend(ax: Axes, handles: Sequence[object]) -> None:
    if handles:
        ax.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(1.005, 1.0),
            fontsize=style.SMALL,
            frameon=False,
        )
