"""Conflicts that are minimal over limits, with the evidence.

A prefix of the list of limits that cannot be kept is found by bisection; its last limit belongs
to the conflict, and the search goes on before it (the dichotomic method of Hemery, Lecoutre, Sais
and Boussemart, 2006).  It needs about (members x log of the number of limits) questions, and
prefers limits that come early in the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trajectory_engine.domain.catalogue import Entry, Mode, Module
from trajectory_engine.domain.competence import Component, NodeRef
from trajectory_engine.domain.explanation import Conflict, Limit, LimitKind, Member
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families import FAMILIES, without
from trajectory_engine.explain.ground import Ground
from trajectory_engine.whatif import WhatIf

CATALOGUE = Limit(LimitKind.CATALOGUE)


class Conflicts:
    """Asks whether limits can be kept together, and finds sets that cannot.

    Parameters
    ----------
    ground : Ground
    question : WhatIf
        Solves changed scenarios.
    limits : sequence of Limit
        All limits of the teacher, those to be preferred in a conflict first; all of them cannot
        be kept.
    """

    def __init__(self, ground: Ground, question: WhatIf, limits: Sequence[Limit]) -> None:
        self.ground = ground
        self.question = question
        self.limits = tuple(limits)
        # Conflicts are asked for where all limits together cannot be kept.
        self._answers: dict[frozenset[Limit], Status] = {frozenset(self.limits): Status.INFEASIBLE}

    def keeping(self, kept: Iterable[Limit]) -> Scenario:
        """Return the scenario with every limit removed but some."""
        those = set(kept)
        removed = [limit for limit in self.limits if limit not in those]
        return without(self.ground.scenario, self.ground, removed)

    def ask(self, kept: Iterable[Limit]) -> Status:
        """Return whether some limits can be kept together: a quick answer."""
        those = frozenset(kept)
        answer = self._answers.get(those)
        if answer is None and self.question.effort.is_spent:
            return Status.UNKNOWN
        if answer is None:
            answer = self.question.feasibility(self.keeping(those))
            self._answers[those] = answer
        return answer

    def _cannot(self, kept: Iterable[Limit]) -> bool:
        return self.ask(kept) is Status.INFEASIBLE

    def find(self, among: Sequence[Limit]) -> tuple[Limit, ...] | None:
        """Return a conflict among some limits, in their order; None if none was proven."""
        if not self._cannot(among):
            return None
        fixed: list[Limit] = []
        rest = list(among)
        while rest and not self._cannot(fixed):
            if self.question.effort.is_spent:
                fixed += rest  # All of them cannot be kept; which of them, nobody will say.
                break
            size = self._shortest_prefix(fixed, rest)
            fixed.append(rest[size - 1])
            rest = rest[: size - 1]
        members = set(fixed)
        return tuple(limit for limit in among if limit in members)

    def _shortest_prefix(self, fixed: Sequence[Limit], rest: Sequence[Limit]) -> int:
        """Return the least n for which ``fixed`` and the first n of ``rest`` cannot be kept.

        All of ``rest`` cannot.  Prefixes are tried in doubling length first: the shorter one is,
        the smaller is its problem.
        """
        low, high = 0, 1
        while high < len(rest) and not self._cannot([*fixed, *rest[:high]]):
            low, high = high, 2 * high
        high = min(high, len(rest))
        while high - low > 1:
            middle = (low + high) // 2
            if self._cannot([*fixed, *rest[:middle]]):
                high = middle
            else:
                low = middle
        return high

    def shown(self, found: Sequence[Limit]) -> Conflict:
        """Return a conflict with the evidence that it is one, and that it is minimal."""
        confirmed = self.question.any_plan(self.keeping(found)).status is Status.INFEASIBLE
        members = [
            Member(
                limit,
                FAMILIES[limit.kind].text(self.ground, limit),
                self._has_plan_without(found, limit),
            )
            for limit in found
        ]
        if len(found) == 1 and self._catalogue_is_short(found[0]):
            text = Message.of("limit_catalogue", modules=len(self.ground.scenario.modules))
            members.append(Member(CATALOGUE, text, True))
        return Conflict(tuple(members), confirmed)

    def _has_plan_without(self, found: Sequence[Limit], limit: Limit) -> bool:
        """Return whether a plan that keeps all limits but one has been found and judged."""
        if self.question.effort.is_spent:
            return False
        kept = [other for other in found if other != limit]
        return self.question.any_plan(self.keeping(kept)).status.has_plan

    def _catalogue_is_short(self, limit: Limit) -> bool:
        """Return whether one limit alone could be kept if anything were taught for nothing."""
        scenario = with_any_module(self.keeping([limit]))
        return self.question.any_plan(scenario).status.has_plan

    def all_disjoint(self) -> list[tuple[Limit, ...]]:
        """Return conflicts of which no two share a limit, until no further one is proven."""
        found: list[tuple[Limit, ...]] = []
        rest = list(self.limits)
        while (conflict := self.find(rest)) is not None:
            found.append(conflict)
            members = set(conflict)
            rest = [limit for limit in rest if limit not in members]
        return found


def with_any_module(scenario: Scenario) -> Scenario:
    """Return the scenario with one more module that teaches everything, free and at once."""
    ids = {m.id for m in scenario.modules}
    name = "any"
    while name in ids:
        name += "-"
    nodes = tuple(
        NodeRef(key, level)
        for key, levels in scenario.model.elements.levels.items()
        for level in levels
    )
    mode = Mode("any", "self-paced", 0, 0, 0, 0, 0, 0)
    module = Module(name, name, Component.SUBJECT, nodes, (mode,), entry=Entry())
    return replace(scenario, modules=(*scenario.modules, module))
