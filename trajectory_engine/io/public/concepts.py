"""From competences that build on one another to a scenario that can be planned.

Formats of concepts and standards know what comes before what, but no modules and no hours. A plan
needs both, so they are made up here, alike for every competence, and said in a remark: a module of
its own, one hour in one week; and so many hours of study a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.competence import Component, SubjectCompetence
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.graph.circles import layers
from trajectory_engine.io.provenance import Provenance
from trajectory_engine.io.public.base import Conversion, Source
from trajectory_engine.io.public.complaints import MOST_PERIODS
from trajectory_engine.io.public.parts import TEACHER, goals_on, model_of, node_of, weeks
from trajectory_engine.io.public.report import Report

HOURS_OF_A_MODULE = 1
HOURS_OF_A_WEEK = 10
MOST_CONCEPTS = MOST_PERIODS * HOURS_OF_A_WEEK // HOURS_OF_A_MODULE
"""Most competences: more do not fit on any calendar."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A competence to be formed.

    Attributes
    ----------
    needs : tuple of str
        Ids of the competences that must be formed before, each once.
    line : int or None
        Line of the file in which it stands.
    """

    id: str
    name: str
    group: str = ""
    needs: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ConceptMap:
    """Competences with their prerequisites, which are among them and have no circle."""

    name: str
    concepts: tuple[Concept, ...]


def are_too_many(count: int, report: Report) -> bool:
    """Return whether there are more competences than fit on a calendar; report it if so."""
    if count > MOST_CONCEPTS:
        found, expected = f"{count} competences", f"at most {MOST_CONCEPTS}"
        report.add("too_many", None, "", found, expected)
    return count > MOST_CONCEPTS


def arrows(circle: Sequence[str]) -> str:
    """Return a circle as people read it, a long one without its middle."""
    shown = [*circle, circle[0]]
    return " -> ".join(shown if len(shown) <= 12 else [*shown[:6], "...", *shown[-5:]])


def convert(concepts: ConceptMap, source: Source, report: Report) -> Conversion | None:
    """Return the scenario of a learner who is to form every competence, None if it is too long."""
    items = concepts.concepts
    needs = ((need, concept.id) for concept in items for need in concept.needs)
    longest = layers([concept.id for concept in items], needs)
    periods = longest + -(-len(items) * HOURS_OF_A_MODULE // HOURS_OF_A_WEEK)
    if periods > MOST_PERIODS:
        found = f"{len(items)} competences, which may take {periods} weeks"
        report.add("too_long", None, "", found, f"at most {MOST_PERIODS} weeks")
        return None
    found = f"{len(items)} competences without modules, hours and a calendar"
    expected = (
        f"a module of {HOURS_OF_A_MODULE} hour in a week for each,"
        f" and {HOURS_OF_A_WEEK} hours of study a week (assumed)"
    )
    report.remark("modules_assumed", None, "", found, expected)
    places = Provenance()
    lines = [concept.line for concept in items if concept.line is not None]
    if len(lines) == len(items):
        places.add_rows(("modules",), source.shown, lines)
        places.add_rows(("model", "subject"), source.shown, lines)
    scenario = _scenario(concepts, source.identifier, periods)
    return Conversion(scenario, places, tuple(report.remarks))


def _scenario(concepts: ConceptMap, identifier: str, periods: int) -> Scenario:
    items = concepts.concepts
    model = replace(
        model_of(identifier, tuple(SubjectCompetence(c.id, c.name, (1,), c.group) for c in items)),
        name=concepts.name,
        prerequisites=tuple(_requirement(c) for c in items if c.needs),
    )
    goals = goals_on(concept.id for concept in items)
    return Scenario(
        id=identifier,
        name=concepts.name,
        model=model,
        modules=tuple(map(_module, items)),
        calendar=weeks(periods),
        teachers=(Teacher(TEACHER, (HOURS_OF_A_WEEK,) * periods, TEACHER, goals=goals),),
        objectives=(ObjectiveSpec(ObjectiveName.COMPLETION),),
    )


def _requirement(concept: Concept) -> Requirement:
    needs = tuple(map(node_of, concept.needs))
    return Requirement(node_of(concept.id), needs, len(needs))


def _module(concept: Concept) -> Module:
    """Return the module that is made up for a competence; it is entered by its prerequisites."""
    mode = Mode(
        id="self-paced",
        form="self-paced",
        contact_hours=0,
        independent_hours=HOURS_OF_A_MODULE,
        practice_hours=0,
        duration=1,
        credits=0,
        price=0,
    )
    return Module(
        id=concept.id,
        name=concept.name,
        component=Component.SUBJECT,
        teaches=(node_of(concept.id),),
        modes=(mode,),
        group=concept.group,
    )
