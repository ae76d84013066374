"""The explanation of one teacher, in steps that can be stopped between."""

from __future__ import annotations

from dataclasses import replace

from trajectory_engine.domain.explanation import (
    Conflict,
    LimitKind,
    Repair,
    Shortfall,
    TeacherExplanation,
)
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.plan import Status
from trajectory_engine.explain.conflicts import Conflicts
from trajectory_engine.explain.families import limits_of
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.repairs import Repairs
from trajectory_engine.explain.shortfalls import Turned, shortfall
from trajectory_engine.explain.structural import Causes
from trajectory_engine.whatif import WhatIf


class Case:
    """Explains one teacher: conflicts first, repairs when asked for.

    Parameters
    ----------
    question : WhatIf
        The teacher in the scenario, with the effort that one question may take.
    """

    def __init__(self, question: WhatIf) -> None:
        self.question = question
        self.ground = Ground(question.index, question.teacher, alone=question.alone)
        self.limits = limits_of(self.ground)
        self._status = Status.UNKNOWN
        self._conflicts: list[Conflict] = []
        self._repairs: tuple[Repair, ...] = ()
        self._search: Repairs | None = None
        self._repairs_ended = False
        self._open: list[Message] = []
        self._known: list[Turned] = []

    def explain_conflicts(self) -> None:
        """Find out whether there is a plan, and if not, the conflicts with their figures."""
        if not self._has_time("whether there is a plan"):
            return
        self._status = self.question.any_plan().status
        if self._status is Status.UNKNOWN:
            self._note("whether there is a plan is not settled")
        if self._status is not Status.INFEASIBLE:
            return
        search = Conflicts(self.ground, self.question, self.limits)
        sets = search.all_disjoint()
        if not sets:
            self._note("no conflict is proven")
        causes = Causes(search)
        for found in sets:
            conflict = replace(search.shown(found), causes=causes.of(found))
            if not conflict.confirmed:
                self._note("a conflict is not confirmed by a second configuration of the solver")
            if not conflict.minimal:
                self._note("not every member of a conflict is shown to be needed")
            self._conflicts.append(conflict)

    def explain_shortfalls(self) -> None:
        """Add what each member alone is short of; with several conflicts no single one helps."""
        for i, conflict in enumerate(self._conflicts):
            found = []
            for member in conflict.members:
                if member.limit.kind is LimitKind.CATALOGUE:
                    continue
                if len(self._conflicts) > 1:
                    found.append(Shortfall(member.limit.id, (), conflict.confirmed))
                elif self._has_time(f"what {member.limit.id} alone is short of"):
                    one, turned = shortfall(self.ground, self.question, member.limit)
                    found.append(one)
                    if turned:
                        self._known.append(turned)
            if not all(one.settled for one in found):
                self._note("what single limits are short of is not settled for all of them")
            self._conflicts[i] = replace(conflict, shortfalls=tuple(found))

    def explain_repairs(self, count: int) -> None:
        """Find so many repairs more, if it is proven that there is no plan."""
        if self._status is not Status.INFEASIBLE or count < 1 or self._repairs_ended:
            return
        if not self._has_time("further repairs" if self._repairs else "repairs"):
            return
        if self._search is None:
            suspects = {member.limit for c in self._conflicts for member in c.members}
            self._search = Repairs(self.ground, self.question, self.limits, suspects, self._known)
        outlook = self._search.ranked(count)
        self._repairs += outlook.repairs
        self._repairs_ended = len(outlook.repairs) < count
        if outlook.none_exists:
            self._open.append(Message.of("no_repair"))
        if not outlook.complete:
            self._note("there may be further repairs")
        if not all(repair.cheapest for repair in self._repairs):
            self._note("a repair is not proven to be the cheapest")

    def _has_time(self, what: str) -> bool:
        if self.question.effort.is_spent:
            self._note(f"{what} was not looked at")
            return False
        return True

    def _note(self, what: str) -> None:
        cancel = self.question.effort.cancel
        cancelled = cancel is not None and cancel.is_set()
        message = Message.of("open_cancelled" if cancelled else "open_time", what=what)
        if message not in self._open:
            self._open.append(message)

    def explanation(self) -> TeacherExplanation:
        """Return what has been found so far."""
        return TeacherExplanation(
            self.question.teacher.id,
            self._status,
            tuple(self._conflicts),
            tuple(sorted(self._repairs, key=lambda repair: repair.price)),
            tuple(self._open),
        )
