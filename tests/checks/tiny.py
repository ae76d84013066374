"""Scenarios of a few lines, and plans for them whose figures are filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from trajectory_engine.checks import score, verify
from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.competence import (
    PedagogicalCompetence,
    ProfessionalElement,
    SubjectCompetence,
)
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.plan import Objective, Status, TeacherPlan
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import CompetenceModel, Scenario
from trajectory_engine.domain.standard import Rule, RuleBody, Standard

from .builders import MONDAY, mode, module, nodes, step
from .world import result_for

HORIZON = 6


def topic(identifier: str, *levels: int) -> SubjectCompetence:
    """Return a topic with these levels."""
    return SubjectCompetence(identifier, identifier, levels)


def scenario_of(
    modules: Iterable[Module],
    *rules: RuleBody,
    cells: tuple[ProfessionalElement, ...] = (),
    needs: tuple[Requirement, ...] = (),
    teacher: Teacher | None = None,
    **fields: Any,
) -> Scenario:
    """Return a scenario with topics x, y, z (levels 1 to 3), a technique t, one teacher."""
    return Scenario(
        id="tiny",
        name="tiny",
        model=CompetenceModel(
            id="tiny",
            name="tiny",
            subject=tuple(topic(i, 1, 2, 3) for i in "xyz"),
            pedagogical=(PedagogicalCompetence("t", "t", (1, 2, 3)),),
            social=(),
            professional=cells,
            formation=FormationRule.weakest_link(),
            prerequisites=needs,
        ),
        modules=tuple(modules),
        calendar=Calendar.weeks(MONDAY, HORIZON),
        teachers=(teacher or Teacher("T", hours=(10,) * HORIZON),),
        standard=Standard(rules=tuple(Rule(f"R{i}", "", body) for i, body in enumerate(rules))),
        **fields,
    )


def simple(
    identifier: str, topic_id: str, hours: int = 2, form: str = "f", **fields: Any
) -> Module:
    """Return a module of one period that teaches the first level of a topic."""
    duration = 1 if hours else 0
    return module(
        identifier,
        nodes(f"Sub[{topic_id}]@1"),
        mode(form, hours, duration, credits=10 * hours),
        **fields,
    )


def planned(
    scenario: Scenario,
    starts: dict[str, int],
    attains: dict[str, tuple[str, ...]] | None = None,
    formed: tuple[tuple[str, int], ...] = (),
) -> TeacherPlan:
    """Return a plan that takes modules in their first modes at these starts.

    ``attains`` is by default what a module teaches; of one instant the steps stand as given.
    """
    steps = []
    for identifier, start in starts.items():
        taken = scenario.module_by_id[identifier]
        first = taken.modes[0]
        own = tuple(map(str, taken.teaches))
        steps.append(
            step(
                identifier,
                first.id,
                (start, start + first.duration),
                (first.hours, first.credits, first.price),
                attains=(attains or {}).get(identifier, own),
            )
        )
    by_id = {s.module: "" if s.start == s.end else s.module for s in steps}
    ordered = tuple(sorted(steps, key=lambda s: (s.start, s.end, by_id[s.module])))
    plan = TeacherPlan("T", Status.OPTIMAL, (), ordered, formed)
    values = score(scenario, plan)
    claims = tuple(
        Objective(o.name.value, values[o.name], values[o.name]) for o in scenario.objectives
    )
    return replace(plan, objectives=claims)


def judged(
    scenario: Scenario,
    starts: dict[str, int],
    attains: dict[str, tuple[str, ...]] | None = None,
    formed: tuple[tuple[str, int], ...] = (),
) -> list[tuple[str, str]]:
    """Return code and module of every violation of such a plan."""
    plan = planned(scenario, starts, attains, formed)
    return [(v.rule, v.module) for v in verify(scenario, result_for(scenario, plan))]
