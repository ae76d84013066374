"""Builders for scenarios that are small enough to be solved by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.competence import (
    Component,
    FormationMode,
    NodeRef,
    PedagogicalCompetence,
    ProfessionalElement,
    SubjectCompetence,
    parse_node,
)
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Goal, Teacher
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import CompetenceModel, Scenario


def node(text: str) -> NodeRef:
    """Return the node that ``text`` names; ``x2`` is short for ``Sub[x]@2``."""
    found = parse_node(text) or parse_node(f"Sub[{text[:-1]}]@{text[-1]}")
    assert found is not None, text
    return found


def need(target: str, *needs: str, least: int | None = None) -> Requirement:
    """Return a prerequisite, of all ``needs`` unless ``least`` says how many."""
    return Requirement(node(target), tuple(map(node, needs)), least or len(needs))


def mode(name: str = "day", hours: int = 4, duration: int = 1, price: int = 0, **more: Any) -> Mode:
    """Return a full-time mode."""
    more = {"form": "full-time", "credits": 0, **more}
    form, credits = more.pop("form"), more.pop("credits")
    return Mode(name, form, hours, 0, 0, duration, credits, price, **more)


def module(
    name: str, teaches: str, *modes: Mode, component: Component = Component.SUBJECT, **more: Any
) -> Module:
    """Return a module; ``teaches`` names nodes with blanks between."""
    nodes = tuple(map(node, teaches.split()))
    return Module(name, name, component, nodes, modes or (mode(),), **more)


def goal(text: str, weight: int = 0) -> Goal:
    """Return a goal on a node, soft if it has a weight."""
    return Goal(node(text), hard=not weight, weight=weight or 1)


def tiny(
    *modules: Module,
    goals: tuple[Goal, ...],
    needs: tuple[Requirement, ...] = (),
    levels: tuple[int, ...] = (1, 2, 3),
    formation: FormationMode = FormationMode.TAUGHT,
    horizon: int = 6,
    hours: int = 10,
    teacher: dict[str, Any] | None = None,
    model: dict[str, Any] | None = None,
    **more: Any,
) -> Scenario:
    """Return a scenario over topics x, y, z, technique p and the cell ``B[p,x]``."""
    competences = CompetenceModel(
        "tiny",
        "tiny",
        tuple(SubjectCompetence(i, i, levels) for i in ("x", "y", "z")),
        (PedagogicalCompetence("p", "p", (1, 2, 3)),),
        (),
        (ProfessionalElement("p", "x", levels, formation),),
        FormationRule.weakest_link(),
        needs,
        **(model or {}),
    )
    person = Teacher("T", (hours,) * horizon, goals=goals, **(teacher or {}))
    more = {"funds": (Fund("state"),), **more}
    calendar = more.pop("calendar", None) or Calendar.weeks(date(2027, 1, 4), horizon)
    return Scenario("tiny", "tiny", competences, modules, calendar, (person,), **more)
