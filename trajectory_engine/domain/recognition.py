"""Prior learning: which certificates and past modules count, and which nodes they stand for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trajectory_engine.domain.competence import NodeRef, ProfessionalElement
from trajectory_engine.domain.levels import next_lower, round_down
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import Recognition, Teacher
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import (
    CompetenceModel,
    PastModules,
    RecognitionPolicy,
    Scenario,
)

EVERYTHING = "all"
"""Stands for all prior learning where recognitions are switched off by name."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one piece of prior learning stands for: nodes, their lower levels left out."""

    id: str
    evidence: str
    nodes: tuple[NodeRef, ...]


def claims_of(scenario: Scenario, teacher: Teacher) -> tuple[tuple[Claim, ...], list[Message]]:
    """Return the prior learning that counts for a teacher, and warnings of what has expired.

    First the recognised levels in their order, then past modules, where those are recognised.
    """
    claims, warnings = [], []
    first_day = scenario.calendar.boundaries[0]
    for recognition in teacher.recognised:
        if not recognition.use:
            continue
        if recognition.expires is not None and recognition.expires < first_day:
            warnings.append(
                Message.of(
                    "recognition_expired",
                    recognition=name_of(recognition),
                    element=recognition.element,
                    expires=recognition.expires,
                )
            )
            continue
        claims.append(_claim(scenario.model, recognition))
    if scenario.past_modules is PastModules.RECOGNISE:
        claims += _past_modules(scenario, teacher)
        warnings += _lapsed_modules(scenario, teacher)
    if scenario.recognition is RecognitionPolicy.PREREQUISITES:
        needed = _NeededNodes(scenario.model)
        claims = [replace(c, nodes=needed.of(c.nodes)) for c in claims]
    return tuple(claims), warnings


def plain_claims(model: CompetenceModel, teacher: Teacher) -> tuple[Claim, ...]:
    """Return the recognised levels of a teacher, dates and policies left aside."""
    return tuple(_claim(model, r) for r in teacher.recognised if r.use)


def name_of(recognition: Recognition) -> str:
    """Return what a recognition is called: its id, or the level that it gives."""
    return recognition.id or f"{recognition.element}@{recognition.level}"


def _claim(model: CompetenceModel, recognition: Recognition) -> Claim:
    level = round_down(model.elements.levels[recognition.element], recognition.level)
    nodes = (NodeRef(recognition.element, level),) if level else ()
    return Claim(name_of(recognition), recognition.evidence, nodes)


def _past_modules(scenario: Scenario, teacher: Teacher) -> Iterator[Claim]:
    finished = {r.module: r.finished for r in teacher.records}
    for module in teacher.completed:
        day = finished.get(module)
        evidence = "completed" if day is None else f"completed {day}"
        yield Claim(module, evidence, scenario.module_by_id[module].teaches)


def _lapsed_modules(scenario: Scenario, teacher: Teacher) -> Iterator[Message]:
    for record in teacher.records:
        gone = record.expires is not None and record.expires < scenario.calendar.boundaries[0]
        if gone and record.module not in teacher.completed:
            yield Message.of(
                "recognition_expired",
                recognition="of prior learning",
                element=record.module,
                expires=record.expires,
            )


class _NeededNodes:
    """The nodes that every way of forming a node goes through, itself included.

    A node is in every way of a requirement "at least k of n" if it is in every way of at least
    n - k + 1 of the n: any k of them then have one of those among them.
    """

    def __init__(self, model: CompetenceModel) -> None:
        self._model = model
        self._levels: Mapping[str, tuple[int, ...]] = model.elements.levels
        self._authored: defaultdict[NodeRef, list[Requirement]] = defaultdict(list)
        for requirement in model.prerequisites:
            self._authored[requirement.node].append(requirement)
        self._found: dict[NodeRef, frozenset[NodeRef]] = {}

    def of(self, nodes: Iterable[NodeRef]) -> tuple[NodeRef, ...]:
        """Return the nodes that all ways of forming all of some nodes go through, sorted."""
        found: set[NodeRef] = set()
        for node in nodes:
            found |= self._of(node)
        return tuple(sorted(found))

    def _of(self, node: NodeRef) -> frozenset[NodeRef]:
        waiting = [node]
        while waiting:
            current = waiting[-1]
            groups = self._groups(current)
            open_ones = {n for needs, _ in groups for n in needs} - self._found.keys()
            if open_ones and current not in self._found:
                waiting += open_ones
                continue
            waiting.pop()
            self._found[current] = frozenset((current, *self._shared(groups)))
        return self._found[node]

    def _shared(self, groups: Iterable[tuple[Sequence[NodeRef], int]]) -> Iterator[NodeRef]:
        for needs, least in groups:
            times = Counter(n for need in needs for n in self._found[need])
            yield from (n for n, count in times.items() if count > len(needs) - least)

    def _groups(self, node: NodeRef) -> list[tuple[Sequence[NodeRef], int]]:
        lower = next_lower(self._levels[node.element], node.level)
        groups: list[tuple[Sequence[NodeRef], int]] = []
        if lower:
            groups.append(((NodeRef(node.element, lower),), 1))
        element = self._model.elements.by_key[node.element]
        if isinstance(element, ProfessionalElement):
            asked = self._model.f.requirements(element, node.level)
            groups += [((n,), 1) for n in asked]
        groups += [(r.needs, r.least) for r in self._authored.get(node, ())]
        return groups


def without_recognition(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """Return the scenario with prior learning switched off.

    Parameters
    ----------
    names : iterable of str
        Ids of certificates (or the levels they give, where they have no id) and of past modules;
        ``all`` is everything.  A past module that is switched off is offered again.
    """
    chosen = set(names)
    off = chosen if EVERYTHING not in chosen else set(recognition_names(scenario))
    return replace(scenario, teachers=tuple(_without(t, off) for t in scenario.teachers))


def recognition_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of all prior learning that can be switched off, each once."""
    names = [name_of(r) for t in scenario.teachers for r in t.recognised if r.use]
    if scenario.past_modules is PastModules.RECOGNISE:
        names += [m for t in scenario.teachers for m in t.completed]
    return tuple(dict.fromkeys(names))


def _without(teacher: Teacher, off: set[str]) -> Teacher:
    return replace(
        teacher,
        recognised=tuple(
            replace(r, use=False) if name_of(r) in off else r for r in teacher.recognised
        ),
        completed=tuple(m for m in teacher.completed if m not in off),
        records=tuple(r for r in teacher.records if r.module not in off),
    )
