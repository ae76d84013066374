"""``graph``: statistics of the prerequisites, the gaps of a teacher, the paths of a task."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from trajectory_engine.cli import inputs, options
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.graph_statistics import (
    Demand,
    GraphStatistics,
    closure_size,
    statistics,
)
from trajectory_engine.cli.guard import guarded
from trajectory_engine.cli.output import emit, say, show
from trajectory_engine.cli.tables import add, new_table
from trajectory_engine.domain.diagnosis import Diagnosis, diagnosis_of
from trajectory_engine.domain.gaps import GoalGap, PathGap, missing_nodes, path_gap, teacher_gaps
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.tasks import PedagogicalTask
from trajectory_engine.errors import OutputError
from trajectory_engine.graph.prerequisites import PrerequisiteGraph


@guarded
def graph(
    scenario: options.Folder,
    teacher: Annotated[
        str | None, typer.Option(help="Show the gaps of this teacher.", show_default=False)
    ] = None,
    task: Annotated[
        str | None, typer.Option(help="Show the paths of this task.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the picture of the task.",
            metavar="DIR",
            parser=options.named_path,
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as one JSON document.")
    ] = False,
) -> int:
    """Show the prerequisite graph: statistics, bottlenecks, gaps, the paths of a task."""
    if out is not None and task is None:
        raise OutputError("--out is for the picture of a task: give --task as well")
    facts = inputs.read_scenario(scenario)
    inputs.require_known("--teacher", [teacher] if teacher else [], facts.teacher_by_id)
    inputs.require_known("--task", [task] if task else [], facts.model.task_by_id)
    prerequisites = PrerequisiteGraph.of(facts.model)
    person = facts.teacher_by_id[teacher] if teacher else None
    diagnosis = diagnosis_of(facts, person) if person else None
    chosen = facts.model.task_by_id[task] if task else None
    document: dict[str, object] = {
        "format": "trajectory-engine/graph",
        "version": 1,
        "scenario": facts.id,
    }
    if person is None and chosen is None:
        figures = statistics(facts, prerequisites)
        document["statistics"] = _statistics_document(figures)
        if not as_json:
            _show_statistics(facts, figures)
    if person is not None and diagnosis is not None:
        document["teacher"] = _teacher(facts, prerequisites, person, diagnosis, quiet=as_json)
    if chosen is not None:
        document["task"] = _task(chosen, diagnosis, quiet=as_json)
        if out is not None:
            document["picture"] = _draw(prerequisites, chosen, person, diagnosis, out)
    if as_json:
        emit(document)
    return ExitCode.OK


def _statistics_document(figures: GraphStatistics) -> dict[str, object]:
    return {
        "nodes": figures.nodes,
        "elements": figures.elements,
        "edges": figures.edges,
        "alternatives": figures.alternatives,
        "layers": figures.layers,
        "longest_chain": [str(n) for n in figures.longest_chain],
        "most_demanded": [_demand_document(d) for d in figures.demanded],
        "bottlenecks": [_demand_document(d) for d in figures.bottlenecks],
        "nodes_by_providers": {str(k): v for k, v in figures.providers.items()},
    }


def _demand_document(demand: Demand) -> dict[str, object]:
    return {
        "node": str(demand.node),
        "direct_dependents": demand.direct,
        "dependents": demand.dependents,
        "providers": demand.providers,
    }


def _show_statistics(facts: Scenario, figures: GraphStatistics) -> None:
    show(f"{facts.name or facts.id}: prerequisite graph")
    table = new_table(("what", "left"), ("count", "right"))
    add(table, "elements", f"{figures.elements:,}")
    add(table, "nodes (elements at a level)", f"{figures.nodes:,}")
    for kind, count in figures.edges.items():
        add(table, f"edges, {kind}", f"{count:,}")
    add(table, "requirements with alternatives", f"{figures.alternatives:,}")
    add(table, "layers", f"{figures.layers:,}")
    for providers, count in figures.providers.items():
        add(table, f"nodes taught by {providers} module{'s' * (providers != 1)}", f"{count:,}")
    show(table)
    show(f"a longest chain: {' -> '.join(map(str, figures.longest_chain))}")
    _show_demands("most demanded nodes", figures.demanded)
    _show_demands("bottlenecks: needed by many, taught by at most one module", figures.bottlenecks)


def _show_demands(title: str, demands: Sequence[Demand]) -> None:
    show(title)
    table = new_table(
        ("node", "left"),
        ("needed directly by", "right"),
        ("needed in all by", "right"),
        ("taught by", "right"),
    )
    for demand in demands:
        add(
            table,
            str(demand.node),
            f"{demand.direct:,}",
            f"{demand.dependents:,}",
            f"{demand.providers:,}",
        )
    show(table)


def _teacher(
    facts: Scenario,
    prerequisites: PrerequisiteGraph,
    person: Teacher,
    diagnosis: Diagnosis,
    *,
    quiet: bool,
) -> dict[str, object]:
    """Return the gaps of a teacher as a document; show them unless ``quiet``."""
    gaps = teacher_gaps(facts, person, diagnosis.levels)
    missing = missing_nodes(gaps)
    known = int(prerequisites.known_mask(dict(diagnosis.levels)).sum())
    closure = closure_size(prerequisites, missing, dict(diagnosis.levels))
    if not quiet:
        show(
            f"goals of {person.id}: {known:,} of {prerequisites.node_count:,} nodes known,"
            f" {len(missing):,} missing in goals, {closure:,} in their closure"
        )
        table = new_table(
            ("goal", "left"),
            ("state", "left"),
            ("path", "left"),
            ("missing: level known -> needed", "left"),
        )
        for gap in gaps:
            for path in gap.paths:
                state = "met" if gap.met else "open" if gap.goal.hard else "open (soft)"
                add(table, str(gap.goal), state, path.path, _missing_text(path))
        show(table)
    return {
        "id": person.id,
        "known_nodes": known,
        "missing_nodes": len(missing),
        "closure_nodes": closure,
        "goals": [_goal_document(gap) for gap in gaps],
    }


def _goal_document(gap: GoalGap) -> dict[str, object]:
    return {
        "goal": str(gap.goal),
        "hard": gap.goal.hard,
        "met": gap.met,
        "paths": [
            {
                "path": path.path,
                "missing": [
                    {"node": str(m.node), "known": m.known, "needed": m.node.level}
                    for m in path.missing
                ],
            }
            for path in gap.paths
        ],
    }


def _missing_text(path: PathGap) -> str:
    return ", ".join(f"{m.node.element} {m.known} -> {m.node.level}" for m in path.missing)


def _task(task: PedagogicalTask, diagnosis: Diagnosis | None, *, quiet: bool) -> dict[str, object]:
    """Return the paths of a task as a document; show them unless ``quiet``."""
    gaps = [path_gap(path, diagnosis.levels if diagnosis else {}) for path in task.paths]
    solvable = any(gap.formed for gap in gaps) if diagnosis else None
    if not quiet:
        verdict = "" if solvable is None else ": solvable" if solvable else ": not solvable yet"
        _show_paths(f"task {task.id} {task.name}{verdict}", gaps, diagnosis)
    paths = []
    for gap in gaps:
        entry: dict[str, object] = {"path": gap.path, "links": [str(n) for n in gap.links]}
        if diagnosis:
            missing = [m.node for m in gap.missing]
            entry["formed"] = [str(n) for n in gap.links if n not in missing]
            entry["missing"] = [str(n) for n in missing]
        paths.append(entry)
    return {"id": task.id, "name": task.name, "solvable": solvable, "paths": paths}


def _show_paths(title: str, gaps: Sequence[PathGap], diagnosis: Diagnosis | None) -> None:
    show(title)
    table = new_table(("path", "left"), ("link", "left"), ("state", "left"))
    for gap in gaps:
        missing = {m.node for m in gap.missing}
        for number, node in enumerate(gap.links):
            state = "" if diagnosis is None else "missing" if node in missing else "formed"
            add(table, "" if number else gap.path, str(node), state)
        table.add_section()
    show(table)


def _draw(
    prerequisites: PrerequisiteGraph,
    task: PedagogicalTask,
    person: Teacher | None,
    diagnosis: Diagnosis | None,
    out: Path,
) -> str:
    """Write the picture of a task; return its path."""
    from trajectory_engine.plotting import style, task_picture
    from trajectory_engine.plotting.pictures import file_stem
    from trajectory_engine.plotting.task_path import NodeStates

    states = NodeStates(diagnosis.levels if diagnosis else None)
    prefix = f"{file_stem(person.id)}-" if person else ""
    title = f"{person.id} {person.name}".strip() if person else ""
    with inputs.output_folder(out) as folder:
        path = folder / f"{prefix}task-{file_stem(task.id)}.png"
        try:
            style.save(task_picture(task, prerequisites, states, title), path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(f"the picture {path} cannot be written: {reason}") from error
    say(f"written to {path}")
    return str(path)
