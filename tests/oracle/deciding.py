"""Scenarios with one feature taken out, to see whether the feature decides the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from oracle.knowledge import knowledge_of
from trajectory_engine.domain.competence import FormationMode
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import CompetenceModel, Scenario


def without_alternatives(scenario: Scenario) -> Scenario:
    """Return the scenario where requirements name no alternatives, only the first of them."""
    model = scenario.model
    if all(r.least == len(r.needs) for r in model.prerequisites):
        return scenario
    firsts = tuple(replace(r, needs=r.needs[: r.least]) for r in model.prerequisites)
    return replace(scenario, model=replace(model, prerequisites=firsts))


def with_everything_taught(scenario: Scenario) -> Scenario:
    """Return the scenario where f forms nothing by itself."""
    model = scenario.model
    if all(e.formation is FormationMode.TAUGHT for e in model.professional):
        return scenario
    taught = tuple(replace(e, formation=FormationMode.TAUGHT) for e in model.professional)
    return replace(scenario, model=replace(model, professional=taught))


def without_refutation(scenario: Scenario) -> Scenario:
    """Return the scenario without the measurements that refute f."""
    teachers = tuple(_without_refutation(scenario.model, t) for t in scenario.teachers)
    return scenario if teachers == scenario.teachers else replace(scenario, teachers=teachers)


def _without_refutation(model: CompetenceModel, teacher: Teacher) -> Teacher:
    refuted = {node.element for node in knowledge_of(model, teacher).refuted}
    kept = tuple(m for m in teacher.measurements if m.element not in refuted)
    return replace(teacher, measurements=kept)


VARIANTS: tuple[tuple[str, Callable[[Scenario], Scenario]], ...] = (
    ("or", without_alternatives),
    ("derived", with_everything_taught),
    ("derived", without_refutation),
)
