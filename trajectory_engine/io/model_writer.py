"""A competence model and its catalogue as the texts of a model folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trajectory_engine.domain.calendar import PeriodUnit
from trajectory_engine.domain.catalogue import MicroGoal, Module
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.levels import next_lower
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.io.documents import MODEL_FORMAT
from trajectory_engine.io.rows import (
    CompetenceRow,
    ModeRow,
    ModuleRow,
    PrerequisiteRow,
    ProfessionalRow,
    ProfileRow,
    SubjectRow,
    TaskPathRow,
    TaskRow,
    TeachesRow,
)
from trajectory_engine.io.written import document, row_of, table
from trajectory_engine.validation.vocabulary import NOTHING


def model_texts(
    model: CompetenceModel, modules: tuple[Module, ...], period: PeriodUnit
) -> dict[str, str]:
    """Return the files of a model folder by name; optional tables without rows are left out.

    Parameters
    ----------
    period : PeriodUnit
        Unit of the durations of modes.
    """
    texts = {
        "model.yaml": document(_model_document(model, period)),
        "subject.csv": table(
            SubjectRow,
            [row_of(SubjectRow, s) for s in model.subject],
        ),
        "pedagogical.csv": table(
            CompetenceRow,
            [row_of(CompetenceRow, p) for p in model.pedagogical],
        ),
        "modules.csv": table(ModuleRow, [_module_row(m) for m in modules]),
        "teaches.csv": table(TeachesRow, list(_teaches_rows(model, modules))),
        "modes.csv": table(ModeRow, list(_mode_rows(modules))),
    }
    optional: dict[str, tuple[type[Any], list[Any]]] = {
        "social.csv": (
            CompetenceRow,
            [row_of(CompetenceRow, s) for s in model.social],
        ),
        "professional.csv": (
            ProfessionalRow,
            [row_of(ProfessionalRow, e) for e in model.professional],
        ),
        "prerequisites.csv": (
            PrerequisiteRow,
            [row_of(PrerequisiteRow, r) for r in model.prerequisites],
        ),
        "tasks.csv": (TaskRow, [row_of(TaskRow, t) for t in model.tasks]),
        "task_paths.csv": (
            TaskPathRow,
            [TaskPathRow(t.id, p.id, p.links) for t in model.tasks for p in t.paths],
        ),
        "profiles.csv": (
            ProfileRow,
            [
                row_of(ProfileRow, g, profile=p.id, name=p.name)
                for p in model.profiles
                for g in p.goals
            ],
        ),
    }
    return texts | {name: table(row, rows) for name, (row, rows) in optional.items() if rows}


def _model_document(model: CompetenceModel, period: PeriodUnit) -> dict[str, Any]:
    rule = model.diagnosis
    return {
        "format": MODEL_FORMAT,
        "version": 1,
        "id": model.id,
        "name": model.name,
        "period": period.value,
        "formation": _formation(model.formation),
        "diagnosis": {
            "weights": {
                "content": rule.content_weight,
                "activity": rule.activity_weight,
                "communicative": rule.communicative_weight,
            },
            "cut_points": list(rule.cut_points),
        },
        "pyramid": {"tolerance": model.balance_tolerance},
    }


def _formation(formation: FormationRule) -> dict[str, Any]:
    social = dict(formation.thresholds[0].social)
    if formation == FormationRule.weakest_link(social):
        return {"rule": "weakest-link"} | ({"social": social} if social else {})
    levels: dict[int, dict[str, Any]] = {}
    for level, asked in enumerate(formation.thresholds, 1):
        levels[level] = {"subject": asked.subject, "pedagogical": asked.pedagogical}
        if asked.social:
            levels[level]["social"] = dict(asked.social)
    return {"rule": "thresholds", "levels": levels}


def _module_row(module: Module) -> ModuleRow:
    entry: tuple[NodeRef | str, ...] = ()
    if module.entry is not None:
        entry = (*module.entry.nodes, *module.entry.modules) or (NOTHING,)
    return row_of(ModuleRow, module, entry=entry)


def _teaches_rows(model: CompetenceModel, modules: tuple[Module, ...]) -> Iterator[TeachesRow]:
    """Yield a row for every rise of an element by a module, tasks with the first of their goal."""
    for module in modules:
        goal_of = {node: goal for goal in module.micro_goals for node in goal.nodes}
        told: set[str] = set()
        for first, last in _rises(model, module, goal_of):
            goal = goal_of.get(last)
            tasks = goal.tasks if goal is not None and goal.id not in told else ()
            told.update(() if goal is None else (goal.id,))
            levels = model.elements.levels[last.element]
            below = next_lower(levels, first.level)
            name = "" if goal is None else goal.id
            yield TeachesRow(module.id, last.element, last.level, below, name, tasks)


def _rises(
    model: CompetenceModel, module: Module, goal_of: dict[NodeRef, MicroGoal]
) -> list[tuple[NodeRef, NodeRef]]:
    """Return first and last node of every run of existing levels that one row can name."""
    rises: list[tuple[NodeRef, NodeRef]] = []
    for node in module.teaches:
        if rises:
            first, last = rises[-1]
            follows = next_lower(model.elements.levels[node.element], node.level) == last.level
            if last.element == node.element and follows and goal_of.get(node) is goal_of.get(last):
                rises[-1] = (first, node)
                continue
        rises.append((node, node))
    return rises


def _mode_rows(modules: tuple[Module, ...]) -> Iterator[ModeRow]:
    for module in modules:
        for mode in module.modes:
            yield row_of(ModeRow, mode, module=module.id, mode=mode.id)
