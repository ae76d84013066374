"""Checks of the competence model: elements, f, prerequisites, tasks, profiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from trajectory_engine.domain.competence import FormationMode, NodeRef
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.levels import LEVEL_COUNT
from trajectory_engine.domain.people import DiagnosisRule, Goal
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.domain.tasks import PedagogicalTask
from trajectory_engine.graph.prerequisites import PrerequisiteGraph
from trajectory_engine.validation.faults import Fault, Where, duplicates, out_of_range
from trajectory_engine.validation.references import References, unknown
from trajectory_engine.validation.vocabulary import IDENTIFIER

MOST = 10**6


def check_model(model: CompetenceModel, references: References) -> Iterator[Fault]:
    """Yield the faults of a competence model."""
    basic = [*_check_elements(model), *_check_formation(model)]
    basic += _check_prerequisites(model, references)
    yield from basic
    graph = None if basic else PrerequisiteGraph.of(model)
    cycle = graph.find_cycle() if graph else None
    if cycle:
        yield _cycle_fault(model, cycle)
    yield from _check_diagnosis(model.diagnosis)
    yield from out_of_range(
        ("model", "balance_tolerance"), "tolerance", model.balance_tolerance, 0, 100
    )
    yield from duplicates(("model", "tasks"), (t.id for t in model.tasks), "task")
    for i, task in enumerate(model.tasks):
        yield from _check_task(("model", "tasks", i), task, references, graph)
    yield from duplicates(("model", "profiles"), (p.id for p in model.profiles), "profile")
    for i, profile in enumerate(model.profiles):
        where: Where = ("model", "profiles", i)
        yield from check_identifier((*where, "id"), profile.id)
        yield from check_goals((*where, "goals"), profile.goals, references)


def check_identifier(where: Where, identifier: str, reserved: str = "") -> Iterator[Fault]:
    """Yield a fault if an id is not written as one, or has a meaning of its own."""
    if not IDENTIFIER.fullmatch(identifier) or identifier == reserved:
        expected = (
            "an identifier: text without comma, @, brackets, |, blanks or characters that do not"
            " show"
        )
        if reserved:
            expected += f", other than {reserved}"
        yield Fault("identifier", where, f"'{identifier}'", expected)


def check_goals(where: Where, goals: Sequence[Goal], references: References) -> Iterator[Fault]:
    """Yield the faults of a list of goals."""
    seen: set[str] = set()
    for i, goal in enumerate(goals):
        here = (*where, i)
        if (goal.node is None) == (goal.task is None):
            yield Fault("one_goal", here, "no aim, or two", "exactly one of node and task")
            continue
        if str(goal) in seen:
            yield Fault("duplicate_goal", (*here, goal.kind), f"goal {goal} twice", "it once")
        seen.add(str(goal))
        if goal.node is not None:
            yield from references.node((*here, "node"), goal.node)
        elif goal.task not in references.model.task_by_id:
            yield unknown((*here, "task"), "task", str(goal.task))
        yield from out_of_range((*here, "weight"), "weight", goal.weight, 1, MOST)


def _check_elements(model: CompetenceModel) -> Iterator[Fault]:
    for name in ("subject", "pedagogical", "social"):
        elements: tuple[Any, ...] = getattr(model, name)
        yield from duplicates(("model", name), (e.id for e in elements), f"{name} competence")
        for i, element in enumerate(elements):
            where: Where = ("model", name, i)
            yield from check_identifier((*where, "id"), element.id)
            yield from _check_levels((*where, "levels"), element.levels)
            yield from out_of_range((*where, "weight"), "weight", element.weight, 1, MOST)
            hours = getattr(element, "hours", 0)
            yield from out_of_range((*where, "hours"), "hours", hours, 0, MOST)
    subjects = {s.id for s in model.subject}
    techniques = {p.id for p in model.pedagogical}
    keys = (e.key for e in model.professional)
    yield from duplicates(("model", "professional"), keys, "element", "pedagogical")
    for i, cell in enumerate(model.professional):
        where = ("model", "professional", i)
        if cell.pedagogical not in techniques:
            what = "pedagogical competence"
            yield unknown((*where, "pedagogical"), what, cell.pedagogical)
        if cell.subject not in subjects:
            yield unknown((*where, "subject"), "subject competence", cell.subject)
        yield from _check_levels((*where, "levels"), cell.levels)


def _check_levels(where: Where, levels: tuple[int, ...]) -> Iterator[Fault]:
    if not levels:
        yield Fault("no_levels", where, "no level", "at least one existing level")
    elif not all(1 <= lv <= LEVEL_COUNT for lv in levels) or any(
        a >= b for a, b in pairwise(levels)
    ):
        found = "|".join(map(str, levels))
        yield Fault("levels", where, found, "levels from 1 to 5, rising, each once")


def _check_formation(model: CompetenceModel) -> Iterator[Fault]:
    rule: FormationRule = model.formation
    where: Where = ("model", "formation", "thresholds")
    if len(rule.thresholds) != LEVEL_COUNT:
        found = f"thresholds for {len(rule.thresholds)} levels"
        yield Fault("formation", where, found, "thresholds for the levels 1 to 5")
        return
    social = {s.id for s in model.social}
    before: dict[str, int] = {}
    reported: set[str] = set()
    for level, asked in enumerate(rule.thresholds, 1):
        now = {"subject": asked.subject, "pedagogical": asked.pedagogical}
        now |= {f"social {identifier}": least for identifier, least in asked.social}
        for identifier, _ in asked.social:
            if identifier not in social and identifier not in reported:
                reported.add(identifier)
                yield unknown(where, "social competence", identifier)
        for name in before | now:
            least = now.get(name, 0)
            yield from out_of_range(where, f"threshold of {name}", least, 0, LEVEL_COUNT)
            if least < before.get(name, 0):
                found = f"{name} at least {least} for level {level}"
                expected = f"at least {before.get(name, 0)} as for level {level - 1}: f never falls"
                yield Fault("formation_not_monotone", where, found, expected)
        before = now


def _check_prerequisites(model: CompetenceModel, references: References) -> Iterator[Fault]:
    derived = {e.key for e in model.professional if e.formation is FormationMode.DERIVED}
    for i, requirement in enumerate(model.prerequisites):
        where: Where = ("model", "prerequisites", i)
        yield from references.node((*where, "node"), requirement.node)
        yield from references.nodes((*where, "needs"), requirement.needs)
        if len(set(requirement.needs)) != len(requirement.needs) or not requirement.needs:
            found = "|".join(map(str, requirement.needs)) or "no node"
            yield Fault("needs", (*where, "needs"), found, "nodes, each once")
        yield from out_of_range(
            (*where, "least"), "least", requirement.least, 1, max(1, len(requirement.needs))
        )
        if requirement.node.element in derived:
            found = f"a prerequisite of the derived node {requirement.node}"
            expected = "a node that is not derived: f alone forms it"
            yield Fault("derived_prerequisite", (*where, "node"), found, expected)


def _cycle_fault(model: CompetenceModel, cycle: tuple[NodeRef, ...]) -> Fault:
    """Return the fault of a cycle, at an authored requirement on it."""
    arrows = " -> ".join(str(node) for node in (*cycle, cycle[0]))
    links = set(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
    where: Where = ("model", "prerequisites")
    for i, requirement in enumerate(model.prerequisites):
        if any((need, requirement.node) in links for need in requirement.needs):
            where = ("model", "prerequisites", i, "needs")
            break
    return Fault("cycle", where, f"the cycle {arrows}", "prerequisites without a cycle")


def _check_diagnosis(rule: DiagnosisRule) -> Iterator[Fault]:
    weights = (rule.content_weight, rule.activity_weight, rule.communicative_weight)
    where: Where = ("model", "diagnosis")
    if any(w < 0 for w in weights) or not any(weights):
        found = "weights " + ", ".join(map(str, weights))
        yield Fault("weights", (*where, "weights"), found, "weights at least 0, not all 0")
    points = rule.cut_points
    rising = all(a < b for a, b in pairwise(points))
    if len(points) != LEVEL_COUNT or not rising or not all(0 <= p <= 100 for p in points):
        found = ", ".join(map(str, points))
        expected = "five scores from 0 to 100, rising"
        yield Fault("cut_points", (*where, "cut_points"), found, expected)


def _check_task(
    where: Where, task: PedagogicalTask, references: References, graph: PrerequisiteGraph | None
) -> Iterator[Fault]:
    yield from check_identifier((*where, "id"), task.id)
    if not task.paths:
        yield Fault("no_path", (*where, "paths"), f"task {task.id} without a path", "a path")
    yield from duplicates((*where, "paths"), (p.id for p in task.paths), "path")
    for k, path in enumerate(task.paths):
        here: Where = (*where, "paths", k, "links")
        yield from check_identifier((*where, "paths", k, "id"), path.id)
        faults = list(references.nodes(here, path.links))
        repeated = sorted({str(n) for n in path.links if path.links.count(n) > 1})
        faults += [Fault("broken_chain", here, f"{n} twice", "every link once") for n in repeated]
        if not path.links:
            faults.append(Fault("broken_chain", here, "no link", "at least one link"))
        yield from faults
        if faults or graph is None or task.free:
            continue
        for before, after in pairwise(path.links):
            if not graph.is_reachable(before, after):
                found = f"{after} does not depend on {before}"
                expected = "links connected by prerequisites, or a task marked free"
                yield Fault("broken_chain", here, found, expected)
