"""Checks of prior learning: what counted, and which nodes it gave, worked out again."""

from __future__ import annotations

from collections.abc import Iterator

from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.diagnosis import measured_level
from trajectory_engine.domain.plan import RecognisedLearning, Violation
from trajectory_engine.domain.scenario import PastModules, RecognitionPolicy


def check_recognised(case: Case) -> Iterator[Violation]:
    """Check that the plan lists exactly the prior learning that counts; it may list none at all."""
    claimed = case.plan.recognised
    expected = list(_expected(case)) if claimed else []
    if list(claimed) != expected:
        yield case.fault(Code.RECOGNISED, "", listing(expected), listing(claimed))


def _evidence(case: Case) -> Iterator[tuple[str, str, list[NodeRef]]]:
    """Yield name, document and nodes of everything that counts, lower levels left out."""
    levels, scenario = case.facts.graph.levels, case.scenario
    for r in case.teacher.recognised:
        in_force = r.expires is None or r.expires >= scenario.calendar.boundaries[0]
        if r.use and in_force:
            reached = [lv for lv in levels[r.element] if lv <= r.level]
            nodes = [NodeRef(r.element, lv) for lv in reached[-1:]]
            yield r.id or f"{r.element}@{r.level}", r.evidence, nodes
    if scenario.past_modules is PastModules.RECOGNISE:
        days = {r.module: r.finished for r in case.teacher.records if r.finished}
        for module in case.teacher.completed:
            evidence = f"completed {days[module]}" if module in days else "completed"
            yield module, evidence, list(case.facts.modules[module].teaches)


def _expected(case: Case) -> Iterator[RecognisedLearning]:
    levels, scenario = case.facts.graph.levels, case.scenario
    state: dict[str, int] = {}
    for m in case.teacher.measurements:
        measured = measured_level(m, scenario.model.diagnosis)
        state[m.element] = max((lv for lv in levels[m.element] if lv <= measured), default=0)
    for name, evidence, nodes in _evidence(case):
        implied = set(nodes)
        if scenario.recognition is RecognitionPolicy.PREREQUISITES:
            implied = {n for node in nodes for n in _unavoidable(case, node)}
        new = []
        for node in sorted(implied):
            before = state.get(node.element, 0)
            new += [
                f"{node.element}@{lv}" for lv in levels[node.element] if before < lv <= node.level
            ]
            state[node.element] = max(before, node.level)
        yield RecognisedLearning(name, evidence, tuple(new))


def _unavoidable(case: Case, node: NodeRef) -> Iterator[NodeRef]:
    """Yield the nodes without which a node cannot be formed: each is taken away in turn."""
    below = _in_order(case, node)
    place = {n: i for i, n in enumerate(below)}
    asked = [
        [([place[n] for n in needs], least) for needs, least in case.facts.graph.requirements(n)]
        for n in below
    ]

    def form(formable: bytearray, first: int) -> None:
        for i in range(first, len(below)):
            formable[i] = all(sum(formable[n] for n in needs) >= k for needs, k in asked[i])

    with_all = bytearray(len(below))
    form(with_all, 0)
    for i, missing in enumerate(below):
        formable = with_all[:]
        formable[i] = False
        form(formable, i + 1)
        if not formable[-1]:
            yield missing


def _in_order(case: Case, node: NodeRef) -> list[NodeRef]:
    """Return the nodes that ways of forming a node go through, none before one that it needs."""
    found: dict[NodeRef, None] = {}
    waiting, entered = [(node, False)], set[NodeRef]()
    while waiting:
        current, is_done = waiting.pop()
        if is_done:
            found[current] = None
        elif current not in entered:
            entered.add(current)
            waiting.append((current, True))
            for needs, _ in case.facts.graph.requirements(current):
                waiting += [(n, False) for n in needs if n not in entered]
    return list(found)
