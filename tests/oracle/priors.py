"""Prior learning worked out from the semantics alone, as plain recognised levels; and at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random

from oracle.knowledge import requirements
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.people import CompletionRecord, Recognition, Teacher
from trajectory_engine.domain.scenario import PastModules, RecognitionPolicy, Scenario

LEVELS = (1, 1, 2, 3)


def settled(scenario: Scenario, teacher: Teacher) -> Teacher:
    """Return the teacher with plain recognitions: no dates, no switches, no policy left."""
    first = scenario.calendar.boundaries[0]
    levels = scenario.model.elements.levels
    nodes: list[NodeRef] = []
    for r in teacher.recognised:
        existing = [lv for lv in levels[r.element] if lv <= r.level]
        if r.use and existing and not (r.expires and r.expires < first):
            nodes.append(NodeRef(r.element, existing[-1]))
    if scenario.past_modules is PastModules.RECOGNISE:
        nodes += [n for m in scenario.modules if m.id in teacher.completed for n in m.teaches]
    if scenario.recognition is RecognitionPolicy.PREREQUISITES:
        nodes = [n for node in nodes for n in in_every_way(scenario, node)]
    plain = tuple(Recognition(n.element, n.level) for n in nodes)
    return replace(teacher, recognised=plain)


def in_every_way(scenario: Scenario, node: NodeRef) -> set[NodeRef]:
    """Return the nodes that no way of forming a node can do without."""
    needs = requirements(scenario.model)

    @cache
    def avoidable(target: NodeRef, missing: NodeRef) -> bool:
        return target != missing and all(
            sum(avoidable(n, missing) for n in set(group)) >= least
            for group, least in needs[target]
        )

    return {n for n in needs if not avoidable(node, n)}


def with_prior_learning(rng: Random, scenario: Scenario, teacher: str) -> Scenario:
    """Return the scenario with certificates, past modules and policies of every kind."""
    first = scenario.calendar.boundaries[0]
    elements = list(scenario.model.elements.levels)
    recognised = []
    for i in range(rng.randint(0, 3)):
        expires = rng.choice([None, None, first, first + timedelta(90), first - timedelta(1)])
        issued = rng.choice([None, first - timedelta(400), first]) if expires != first else None
        if expires is not None and issued is not None and expires < issued:
            issued = None
        level, use = rng.choice(LEVELS), rng.random() < 0.85
        identifier = rng.choice(["", f"C{i}", "C"])
        recognised.append(
            Recognition(rng.choice(elements), level, "paper", identifier, issued, expires, use)
        )
    teachers = tuple(
        replace(t, recognised=(*t.recognised, *recognised), **_past(rng, scenario, t))
        if t.id == teacher
        else t
        for t in scenario.teachers
    )
    return replace(
        scenario,
        teachers=teachers,
        recognition=rng.choice(list(RecognitionPolicy)),
        past_modules=rng.choice(list(PastModules)),
    )


def _past(rng: Random, scenario: Scenario, teacher: Teacher) -> dict[str, tuple[object, ...]]:
    completed = teacher.completed
    if not completed and rng.random() < 0.3:
        completed = (rng.choice(scenario.modules).id,)
    day = scenario.calendar.boundaries[0] - timedelta(days=100)
    return {"completed": completed, "records": tuple(CompletionRecord(m, day) for m in completed)}
