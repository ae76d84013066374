"""The set of pictures of one teacher, as PNG files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from trajectory_engine.domain.diagnosis import diagnosis_of
from trajectory_engine.domain.gaps import (
    attainment,
    levels_after,
    missing_nodes,
    teacher_gaps,
)
from trajectory_engine.domain.plan import Result, TeacherPlan
from trajectory_engine.domain.pyramid import CompetencePyramid
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.tasks import PedagogicalTask
from trajectory_engine.graph.prerequisites import PrerequisiteGraph
from trajectory_engine.plotting import style
from trajectory_engine.plotting.calendar import calendar_height, plot_calendar, plot_load
from trajectory_engine.plotting.matrix import MatrixView, plot_matrix
from trajectory_engine.plotting.pyramid import plot_pyramid
from trajectory_engine.plotting.task_path import NodeStates, plot_task_paths, task_size

SIDE_BY_SIDE = 20
"""Most columns of a matrix for the pictures before and after to stand side by side."""
LOAD_INCHES = 2.9
LONGEST_STEM = 80
"""Bytes: a file name has two, of a teacher and of a task, and 255 in all."""


def save_teacher_pictures(
    scenario: Scenario,
    result: Result,
    teacher_id: str,
    directory: Path,
    graph: PrerequisiteGraph | None = None,
) -> list[Path]:
    """Write the pictures of a teacher: calendar, matrix, pyramid, and every task of the goals.

    Parameters
    ----------
    scenario : Scenario
    result : Result
        Has an answer for the teacher.
    teacher_id : str
    directory : Path
        An existing folder.
    graph : PrerequisiteGraph, optional
        Of the scenario's model; built if not given.

    Returns
    -------
    list of Path
        The files, in the order in which they were written.

    Raises
    ------
    KeyError
        If the teacher is not in the scenario or was not planned.
    OSError
        If a file cannot be written; a file appears whole or not at all.
    """
    plan = result.plan_of(teacher_id)
    prerequisites = graph or PrerequisiteGraph.of(scenario.model)
    return [
        style.save(figure, directory / f"{file_stem(teacher_id)}-{name}.png")
        for name, figure in _figures(scenario, plan, prerequisites)
    ]


def task_picture(
    task: PedagogicalTask, graph: PrerequisiteGraph, states: NodeStates, title: str = ""
) -> Figure:
    """Return a figure of the paths of a task."""
    figure = style.new_figure(*task_size(task, graph, states))
    plot_task_paths(task, graph, states, figure.add_subplot(), title)
    return figure


def file_stem(identifier: str) -> str:
    """Return a part of a file name for any id; ids that differ stay different.

    Letters, digits, ``.``, ``_`` and ``-`` stay (except a leading dot); others become their
    code points.  What would be too long for a file system ends in a digest of the id.
    """
    stem = re.sub(r"[^\w.-]|^\.", lambda m: f"~{ord(m[0]):x}", identifier)
    if len(stem.encode()) <= LONGEST_STEM:
        return stem
    digest = hashlib.sha256(identifier.encode()).hexdigest()[:16]
    return f"{stem.encode()[: LONGEST_STEM - 17].decode(errors='ignore')}~{digest}"


def _figures(
    scenario: Scenario, plan: TeacherPlan, graph: PrerequisiteGraph
) -> Iterator[tuple[str, Figure]]:
    teacher = scenario.teacher_by_id[plan.teacher]
    before = diagnosis_of(scenario, teacher).levels
    after = levels_after(before, plan)
    yield "calendar", calendar_picture(scenario, plan)
    yield "matrix", matrix_picture(scenario, plan, before, after)
    yield "pyramid", pyramid_picture(scenario, plan, before, after)
    states = NodeStates(before, attainment(plan), scenario.calendar)
    for gap in teacher_gaps(scenario, teacher, before):
        if gap.goal.task is not None:
            task = scenario.model.task_by_id[gap.goal.task]
            solved = "solvable" if task.id in plan.tasks_solvable else "not solvable"
            title = f"{_name(scenario, plan)}: {solved} at the end of the plan"
            yield f"task-{file_stem(task.id)}", task_picture(task, graph, states, title)


def calendar_picture(scenario: Scenario, plan: TeacherPlan) -> Figure:
    """Return a figure of the calendar, with the load below."""
    height = calendar_height(plan)
    figure = style.new_figure(13.0, height + LOAD_INCHES)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[height, LOAD_INCHES])
    plot_calendar(scenario, plan, upper)
    plot_load(scenario, plan, lower)
    upper.set_xlabel("")
    upper.tick_params(axis="x", labelbottom=False)
    return figure


def matrix_picture(
    scenario: Scenario,
    plan: TeacherPlan,
    before: Mapping[str, int],
    after: Mapping[str, int],
) -> Figure:
    """Return a figure of the matrices before and after a plan."""
    model = scenario.model
    teacher = scenario.teacher_by_id[plan.teacher]
    needed = missing_nodes(teacher_gaps(scenario, teacher, before))
    view = MatrixView.concerned(model, before, after, needed)
    width, height = view.size
    beside = len(view.columns) <= SIDE_BY_SIDE
    rows, columns = (1, 2) if beside else (2, 1)
    figure = style.new_figure(width * columns - 1.5 * (columns - 1), height * rows)
    first, second = figure.subplots(rows, columns)
    name = _name(scenario, plan)
    plot_matrix(model, before, view, first, f"{name} before the plan", legend=False)
    plot_matrix(model, after, view, second, f"{name} after the plan", before=before)
    return figure


def pyramid_picture(
    scenario: Scenario,
    plan: TeacherPlan,
    before: Mapping[str, int],
    after: Mapping[str, int],
) -> Figure:
    """Return a figure of the pyramids before and after a plan."""
    figure = style.new_figure(12.0, 5.8)
    first, second = figure.subplots(1, 2, sharey=True)
    name = _name(scenario, plan)
    plot_pyramid(CompetencePyramid.of(scenario.model, before), first, f"{name} before the plan")
    plot_pyramid(CompetencePyramid.of(scenario.model, after), second, f"{name} after the plan")
    second.label_outer()
    return figure


def _name(scenario: Scenario, plan: TeacherPlan) -> str:
    teacher = scenario.teacher_by_id[plan.teacher]
    return style.shorten(f"{teacher.id} {teacher.name}".strip(), 40)
