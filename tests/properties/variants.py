"""Scenarios made from scenarios: larger limits, other names, company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar

from oracle.strategies import TEACHER

from trajectory_engine.domain.catalogue import Mode, Module, ResourceScope
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import Rule, Selector

T = TypeVar("T")


def with_teacher(scenario: Scenario, **changes: object) -> Scenario:
    """Return the scenario with the planned teacher changed."""
    teachers = tuple(replace(t, **changes) if t.id == TEACHER else t for t in scenario.teachers)
    return replace(scenario, teachers=teachers)


def speaks_of(rule: Rule, module: Module) -> bool:
    """Return whether any selector of a rule covers a module in any of its modes."""
    selectors = [
        value
        for field in fields(rule.body)
        if isinstance(value := getattr(rule.body, field.name), Selector)
    ]
    return any(s.covers(module, mode) for s in selectors for mode in module.modes)


def with_larger_limits(scenario: Scenario, by: int) -> Scenario:
    """Return the scenario with larger budgets, ceilings, capacities and study hours."""
    funds = tuple(
        replace(
            f,
            budget=None if f.budget is None else f.budget + by,
            ceiling=None if f.ceiling is None else f.ceiling + by,
        )
        for f in scenario.funds
    )
    resources = tuple(replace(r, capacity=r.capacity + by) for r in scenario.resources)
    hours = tuple(h + by for h in scenario.teacher_by_id[TEACHER].hours)
    return with_teacher(replace(scenario, funds=funds, resources=resources), hours=hours)


def with_nothing_shared(scenario: Scenario, companion: Teacher) -> Scenario:
    """Return the scenario with one more teacher and without limits that teachers share."""
    return replace(
        scenario,
        teachers=(*scenario.teachers, companion),
        funds=tuple(replace(f, budget=None) for f in scenario.funds),
        resources=tuple(replace(r, scope=ResourceScope.TEACHER) for r in scenario.resources),
        runs=tuple(replace(r, seats=None, minimum_group=0) for r in scenario.runs),
    )


def renaming(scenario: Scenario) -> dict[str, str]:
    """Return new names for modules, elements, tasks and resources; their order is reversed."""
    model = scenario.model
    ids = sorted(
        {m.id for m in scenario.modules}
        | {r.id for r in scenario.resources}
        | {t.id for t in model.tasks}
        | {e.id for e in (*model.subject, *model.pedagogical, *model.social)}
    )
    new = {old: f"n{len(ids) - i:02}" for i, old in enumerate(ids)}
    for element in (*model.subject, *model.pedagogical, *model.social):
        new[element.key] = replace(element, id=new[element.id]).key
    for cell in model.professional:
        renamed = replace(cell, pedagogical=new[cell.pedagogical], subject=new[cell.subject])
        new[cell.key] = renamed.key
    return new


def renamed(thing: T, new: Mapping[str, str]) -> T:
    """Return a copy of a domain object in which every text that is a name is a new one."""
    if isinstance(thing, Enum):
        return thing
    if isinstance(thing, str):
        return new.get(thing, thing)  # type: ignore[return-value]
    if isinstance(thing, tuple):
        parts = [renamed(part, new) for part in thing]
        return type(thing)(*parts) if hasattr(thing, "_fields") else tuple(parts)  # type: ignore[return-value]
    if is_dataclass(thing):
        values = {f.name: renamed(getattr(thing, f.name), new) for f in fields(thing)}
        return replace(thing, **values)  # type: ignore[type-var]
    return thing


def elective(like: Module, mode: Mode) -> Module:
    """Return a module that teaches what another does, related to nothing else."""
    return Module("new", "new", like.component, like.teaches, (mode,), entry=like.entry)
