"""Reading the catalogue: modules, what they teach, and their modes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trajectory_engine.domain.catalogue import Entry, MicroGoal, Mode, Module
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.io.folder_reader import FolderReader
from trajectory_engine.io.rows import ModeRow, ModuleRow, TeachesRow
from trajectory_engine.io.tables import Table
from trajectory_engine.validation.vocabulary import NOTHING

_MODULE_COLUMNS = {"teaches": "id", "modes": "id", "micro_goals": "id"}
_MODE_COLUMNS = {"id": "mode", "hours": "contact_hours", "": "mode"}
_TEACHES_COLUMNS = {"": "element", "element": "element"}


@dataclass
class _Taught:
    """What one module teaches, with the line of every node."""

    nodes: list[NodeRef] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    goal_nodes: dict[str, list[NodeRef]] = field(default_factory=dict)
    goal_tasks: dict[str, list[str]] = field(default_factory=dict)
    goal_lines: dict[str, int] = field(default_factory=dict)
    task_lines: dict[str, dict[str, int]] = field(default_factory=dict)


def read_modules(reader: FolderReader, model: CompetenceModel) -> tuple[Module, ...]:
    """Return the modules of ``modules.csv``, ``teaches.csv`` and ``modes.csv``."""
    table = reader.table("modules.csv", ModuleRow, required=True)
    teaches = reader.table("teaches.csv", TeachesRow, required=True)
    modes = reader.table("modes.csv", ModeRow, required=True)
    known = {row.id for row in table.rows}
    taught = _read_taught(reader, teaches, known, model.elements.levels)
    offered = _read_modes(reader, modes, known)
    places = reader.places
    places.add_rows(("modules",), table.file, table.lines, _MODULE_COLUMNS)
    modules = []
    for i, row in enumerate(table.rows):
        mine, its_modes = taught[row.id], offered[row.id]
        places.add_rows(("modules", i, "teaches"), teaches.file, mine.lines, _TEACHES_COLUMNS)
        goal_lines = list(mine.goal_lines.values())
        columns = {"id": "micro_goal", "nodes": "element"}
        places.add_rows(("modules", i, "micro_goals"), teaches.file, goal_lines, columns)
        for k, lines_of_tasks in enumerate(mine.task_lines.values()):
            where = ("modules", i, "micro_goals", k, "tasks")
            places.add_rows(where, teaches.file, list(lines_of_tasks.values()), {"": "tasks"})
        lines = [line for _, line in its_modes]
        places.add_rows(("modules", i, "modes"), modes.file, lines, _MODE_COLUMNS)
        modules.append(_module(row, mine, tuple(mode for mode, _ in its_modes)))
    return tuple(modules)


def _module(row: ModuleRow, taught: _Taught, modes: tuple[Mode, ...]) -> Module:
    return Module(
        id=row.id,
        name=row.name or row.id,
        component=row.component,
        teaches=tuple(taught.nodes),
        modes=modes,
        group=row.group,
        invariant=row.invariant,
        exempt_if_formed=row.exempt_if_formed,
        entry=_entry(row.entry),
        excludes=row.excludes,
        replaces=row.replaces,
        co=row.co,
        strict_co=row.strict_co,
        micro_goals=tuple(
            MicroGoal(name, tuple(nodes), tuple(dict.fromkeys(taught.goal_tasks[name])))
            for name, nodes in taught.goal_nodes.items()
        ),
    )


def _entry(items: tuple[NodeRef | str, ...]) -> Entry | None:
    if not items:
        return None
    if items == (NOTHING,):
        return Entry()
    return Entry(
        tuple(item for item in items if isinstance(item, NodeRef)),
        tuple(item for item in items if isinstance(item, str)),
    )


def _read_taught(
    reader: FolderReader,
    table: Table[TeachesRow],
    known: set[str],
    levels: Mapping[str, tuple[int, ...]],
) -> defaultdict[str, _Taught]:
    taught: defaultdict[str, _Taught] = defaultdict(_Taught)
    spans: dict[tuple[str, int, int], tuple[NodeRef, ...]] = {}
    for row, line in table:
        if row.module not in known:
            reader.unknown(table, line, "module", row.module, "module")
            continue
        if row.tasks and not row.micro_goal and not reader.problems.has_row(table.file, line):
            expected = "a micro-goal that the tasks belong to"
            reader.problems.add(
                "missing_value", table.file, line, "micro_goal", "a blank cell", expected
            )
        span = (row.element, row.from_, row.to)
        if span not in spans:
            spans[span] = _span(*span, levels)
        nodes = spans[span]
        if not nodes:
            _report_span(reader, table, row, line, levels)
            continue
        mine = taught[row.module]
        mine.nodes += nodes
        mine.lines += [line] * len(nodes)
        if row.micro_goal:
            mine.goal_nodes.setdefault(row.micro_goal, []).extend(nodes)
            mine.goal_tasks.setdefault(row.micro_goal, []).extend(row.tasks)
            mine.goal_lines.setdefault(row.micro_goal, line)
            lines_of_tasks = mine.task_lines.setdefault(row.micro_goal, {})
            for task in row.tasks:
                lines_of_tasks.setdefault(task, line)
    return taught


def _span(
    element: str, low: int, high: int, levels: Mapping[str, tuple[int, ...]]
) -> tuple[NodeRef, ...]:
    """Return the existing levels above ``low`` up to ``high``, none if ``high`` does not exist."""
    existing = levels.get(element, ())
    if high not in existing:
        return ()
    return tuple(NodeRef(element, level) for level in existing if low < level <= high)


def _report_span(
    reader: FolderReader,
    table: Table[Any],
    row: TeachesRow,
    line: int,
    levels: Mapping[str, tuple[int, ...]],
) -> None:
    existing = levels.get(row.element)
    if reader.problems.has_row(table.file, line):
        return
    if existing is None:
        reader.unknown(table, line, "element", row.element, "element")
        return
    found = f"{row.element}@{row.to}"
    expected = f"an existing level of it: {', '.join(map(str, existing))}"
    code = "unknown_level"
    if row.to in existing:
        code, found, expected = "teaches_nothing", f"from {row.from_} to {row.to}", "a rise"
    reader.problems.add(code, table.file, line, "to", found, expected)


def _read_modes(
    reader: FolderReader, table: Table[ModeRow], known: set[str]
) -> defaultdict[str, list[tuple[Mode, int]]]:
    modes: defaultdict[str, list[tuple[Mode, int]]] = defaultdict(list)
    for row, line in table:
        if row.module not in known:
            reader.unknown(table, line, "module", row.module, "module")
            continue
        mode = Mode(
            id=row.mode,
            form=row.form,
            contact_hours=row.contact_hours,
            independent_hours=row.independent_hours,
            practice_hours=row.practice_hours,
            duration=row.duration,
            credits=row.credits,
            price=row.price,
            provider=row.provider,
            language=row.language,
            profile=row.profile,
            technologies=row.technologies,
            resources=row.resources,
        )
        modes[row.module].append((mode, line))
    return modes
