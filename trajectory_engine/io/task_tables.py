"""Reading the tables of tasks and their paths."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath
from trajectory_engine.graph.prerequisites import PrerequisiteGraph
from trajectory_engine.io.folder_reader import FolderReader
from trajectory_engine.io.rows import TaskPathRow, TaskRow
from trajectory_engine.io.tables import Table
from trajectory_engine.validation.doubts import ELEMENTS


class _PathFinder:
    """Finds the paths given by their ends; builds the graph only if one is asked for."""

    def __init__(self, model: CompetenceModel, *, usable: bool) -> None:
        self._model = model
        self._graph: PrerequisiteGraph | None = None
        self.usable = usable

    def find(self, source: NodeRef, target: NodeRef) -> tuple[NodeRef, ...] | None:
        """Return the path of fewest links, None if there is none or the graph is unsound."""
        if self._graph is None and self.usable:
            try:
                self._graph = PrerequisiteGraph.build(self._model)
            except (KeyError, IndexError):
                self.usable = False
        if self._graph is None:
            return None
        return self._graph.fewest_links(source, target)


def read_tasks(
    reader: FolderReader, model: CompetenceModel, *, is_graph_known: bool
) -> CompetenceModel:
    """Return ``model`` with the tasks of ``tasks.csv`` and ``task_paths.csv``.

    Parameters
    ----------
    is_graph_known : bool
        Whether f was read: otherwise nothing is said of paths that the graph does not have.
    """
    table = reader.table("tasks.csv", TaskRow)
    path_table = reader.table("task_paths.csv", TaskPathRow)
    known = {row.id for row in table.rows}
    files = {f"{reader.prefix}{part}.csv" for part in (*ELEMENTS, "prerequisites")}
    is_whole = is_graph_known and files.isdisjoint(file for file, _ in reader.problems.cells)
    finder = _PathFinder(model, usable=is_whole)
    paths: defaultdict[str, list[tuple[TaskPath, int]]] = defaultdict(list)
    for row, line in path_table:
        if row.task not in known:
            reader.unknown(path_table, line, "task", row.task, "task")
        links = _links(reader, path_table, row, line, finder, model)
        paths[row.task].append((TaskPath(row.path, links), line))
    reader.places.add_rows(("model", "tasks"), table.file, table.lines, {"paths": "id"})
    for i, row in enumerate(table.rows):
        lines = [line for _, line in paths[row.id]]
        where = ("model", "tasks", i, "paths")
        reader.places.add_rows(where, path_table.file, lines, {"id": "path"})
    tasks = tuple(
        PedagogicalTask(r.id, r.name or r.id, tuple(p for p, _ in paths[r.id]), r.free)
        for r in table.rows
    )
    return replace(model, tasks=tasks)


def _links(
    reader: FolderReader,
    table: Table[Any],
    row: TaskPathRow,
    line: int,
    finder: _PathFinder,
    model: CompetenceModel,
) -> tuple[NodeRef, ...]:
    """Return the links of a path; an unsound one is reported and has none.

    Of a path in a graph that is not known there are the two ends.
    """
    problems = reader.problems
    ends = (row.from_, row.to)
    if problems.has_row(table.file, line):
        return ()
    if bool(row.links) == any(ends) or (None in ends and any(ends)):
        found = "both links and from, to" if row.links else "neither links nor both from and to"
        problems.add("task_path", table.file, line, "links", found, "links, or from and to")
        return ()
    if row.from_ is None or row.to is None:
        return row.links
    levels = model.elements.levels
    unknown = [
        (column, node)
        for column, node in (("from", row.from_), ("to", row.to))
        if node.level not in levels.get(node.element, ())
    ]
    for column, node in unknown:
        reader.unknown(table, line, column, str(node), "node")
    if unknown:
        return ()
    links = finder.find(row.from_, row.to)
    if links is None and finder.usable:
        found = f"no path in the graph from {row.from_} to {row.to}"
        problems.add("task_path", table.file, line, "from", found, "two connected nodes")
    return links or (() if finder.usable else (row.from_, row.to))
