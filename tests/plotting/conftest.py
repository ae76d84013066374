"""Worlds for the pictures, built in memory, with results made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest

from trajectory_engine.domain.calendar import Calendar, Term
from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.competence import (
    Component,
    NodeRef,
    PedagogicalCompetence,
    ProfessionalElement,
    SocialCompetence,
    SubjectCompetence,
)
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.people import Goal, Measurement, Teacher
from trajectory_engine.domain.plan import Objective, Result, Status, Step, TeacherPlan
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import CompetenceModel, Scenario
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath

World = tuple[Scenario, Result]


def build_world(topics: int, techniques: int, modules: int, links: int, weeks: int = 34) -> World:
    """Return a scenario of the given size, and a plan that takes every module one by one."""
    subject = tuple(
        SubjectCompetence(
            f"AL-topic-{j:03}", f"Topic {j}", ((1, 2, 3), (3, 4), (1, 3, 4, 5), (2, 4))[j % 4]
        )
        for j in range(topics)
    )
    pedagogical = tuple(
        PedagogicalCompetence(f"technique-{i:02}", f"Technique {i}") for i in range(techniques)
    )
    social = (SocialCompetence("peers", "Peers"), SocialCompetence("family", "Family"))
    cells = tuple(
        ProfessionalElement(p.id, s.id, s.levels)
        for i, p in enumerate(pedagogical)
        for j, s in enumerate(subject)
        if (i + j) % 3 == 0
    )
    shown = cells[:: max(1, len(cells) // links)][:links]
    chain = tuple(NodeRef(cell.key, cell.levels[-1]) for cell in shown)
    task = PedagogicalTask(
        "PT1",
        "Errors in $binary$ conversion",
        (TaskPath("by-example", chain), TaskPath("short", chain[:2])),
        free=True,
    )
    extra = tuple(Requirement(b, (a,), 1) for a, b in pairwise(chain[:3]))
    model = CompetenceModel(
        "m", "Model", subject, pedagogical, social, cells,
        FormationRule.weakest_link({"peers": 2, "family": 1}), extra, (task,),
    )  # fmt: skip
    parts = tuple(Component)
    targets = [
        *(NodeRef(c.key, c.levels[0]) for c in shown[:-1]),
        *(NodeRef(s.key, s.levels[-1]) for s in subject),
    ][:modules]
    catalogue = tuple(
        Module(
            f"MOD-{i:03}-digital-assessment",
            f"Module {i}",
            parts[i % 3],
            (node,),
            (Mode("distance", "distance", 10, 26, 0, 2, 120, 4500000),),
        )
        for i, node in enumerate(targets)
    )
    calendar = Calendar.weeks(
        date(2027, 1, 18),
        weeks,
        blocked=(10, 11, 22, 23),
        terms=(Term("T1", 0, 10), Term("T2", 12, 22), Term("T3", 24, 34)),
    )
    teacher = Teacher(
        "T001",
        tuple(30 + p % 3 for p in range(weeks)),
        name="Aigerim S.",
        goals=(Goal(task="PT1"), Goal(node=NodeRef(subject[0].key, 3))),
        measurements=tuple(
            Measurement(e.key, level=1 + k % 4)
            for k, e in enumerate((*subject[1::3], *pedagogical[::2], *social))
        ),
        deadline=30,
    )
    scenario = Scenario("w", "World", model, catalogue, calendar, (teacher,))
    free = [p for p in range(30) if not {p, p + 1} & {10, 11, 22, 23}]
    steps = tuple(
        Step(
            m.id, "distance", None, start, start + 2, calendar.start_date(start),
            calendar.end_date(start + 2), 36, 120, 4500000, (("state", 4500000),),
            tuple(map(str, m.teaches)), ("task:PT1",),
        )
        for i, m in enumerate(catalogue)
        for start in [free[i * 2 % len(free)]]
    )  # fmt: skip
    ordered = tuple(sorted(steps, key=lambda s: (s.start, s.end, s.module)))
    objective = Objective("completion", max((s.end for s in ordered), default=0), 4)
    plan = TeacherPlan("T001", Status.FEASIBLE, (objective,), ordered)
    result = Result(
        "w", "0" * 64, "0", "0", 0, 1, Status.FEASIBLE, (objective,), (plan,)
    )  # fmt: skip
    return scenario, result


@pytest.fixture(scope="session")
def make_world() -> Callable[..., World]:
    """Return the builder of worlds."""
    return build_world


@pytest.fixture(scope="session")
def small_world() -> World:
    """Return a world of four topics and two modules."""
    return build_world(4, 3, 2, 2)


@pytest.fixture(scope="session")
def large_world() -> World:
    """Return a world of 170 topics, 40 techniques, 40 modules and a task of 14 links."""
    return build_world(170, 40, 40, 14)
