"""The explanation of one teacher, in steps that can be stopped between."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass, replace

from trajectory_engine.domain.explanation import (
    Conflict,
    LimitKind,
    Shortfall,
    TeacherExplanation,
)
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.plan import Status
from trajectory_engine.explain.conflicts import Conflicts
from trajectory_engine.explain.families import limits_of
from trajectory_engine.explain.ground import Ground
from trajectory_engine.explain.loosen import Turned
from trajectory_engine.explain.remaining import Remaining
from trajectory_engine.explain.repairs import Found, Repairs, shown_repair
from trajectory_engine.explain.shortfalls import shortfall
from trajectory_engine.explain.structural import Causes
from trajectory_engine.whatif import Steps, WhatIf

FURTHER = "whether there are further repairs"
REMAINING = "what else stands in the way"
MANY = 50
"""Members of a conflict that nobody could shrink in time, from which on nothing more is said."""


@dataclass(frozen=True)
class Findings:
    """What has been found out about one teacher; it travels between processes.

    Attributes
    ----------
    known : tuple of Turned
        Repairs that changes of single limits are.
    ended : bool
        Whether there are no further repairs to look for.
    guesses : tuple of steps, as (module, mode, start)
        Plans to try first.
    further : tuple of Conflict
        Conflicts that share limits with others.
    """

    status: Status = Status.UNKNOWN
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Found, ...] = ()
    known: tuple[Turned, ...] = ()
    ended: bool = False
    open: tuple[Message, ...] = ()
    guesses: tuple[Steps, ...] = ()
    further: tuple[Conflict, ...] = ()


class Case:
    """Explains one teacher: conflicts first, repairs when asked for.

    What a step finds depends on the findings that it begins with, and on nothing else, so that
    steps of one teacher can be taken in different processes.

    Parameters
    ----------
    question : WhatIf
        The teacher in the scenario, with the effort that one question may take.
    """

    def __init__(self, question: WhatIf) -> None:
        self.question = question
        self.ground = Ground(question.index, question.teacher, alone=question.alone)
        self.limits = limits_of(self.ground)
        self._findings = Findings()

    @property
    def findings(self) -> Findings:
        """What has been found so far."""
        return replace(self._findings, guesses=tuple(self.question.guesses))

    @findings.setter
    def findings(self, findings: Findings) -> None:
        self._findings = findings
        self.question.guesses.clear()
        self.question.guesses.extend(findings.guesses)

    def explain_conflicts(self) -> None:
        """Find out whether there is a plan, and if not, the conflicts with their causes."""
        if not self._has_time("whether there is a plan"):
            return
        status = self.question.any_plan(confirm=False).status
        shown: list[Conflict] = []
        if status is Status.INFEASIBLE:
            search = Conflicts(self.ground, self.question, self.limits)
            causes = Causes(search)
            sets = search.all_disjoint()
            shown = [
                replace(
                    search.shown(found), causes=() if self._is_late(found) else causes.of(found)
                )
                for found in sets
            ]
            if not any(conflict.confirmed for conflict in shown):
                # What cannot keep some of its limits cannot keep all; else it is asked itself.
                status = self.question.any_plan().status
        self._findings = replace(self._findings, status=status)
        if status is Status.UNKNOWN:
            self._note("whether there is a plan")
        if status is not Status.INFEASIBLE:
            return
        if not shown:
            self._note("which limits conflict")
        if not all(conflict.confirmed for conflict in shown):
            self._note("a conflict by a second configuration of the solver")
        if not all(conflict.minimal for conflict in shown):
            self._note("whether every limit of a conflict is needed")
        self._findings = replace(self._findings, conflicts=tuple(shown))

    def explain_shortfalls(self) -> None:
        """Add what each member alone is short of; with several conflicts no single one helps."""
        conflicts = self._findings.conflicts
        known: list[Turned] = []
        shown = []
        for conflict in conflicts:
            found = []
            for member in conflict.members:
                limit = member.limit
                if self._is_late(conflict.members):
                    self._note("what every limit alone is short of")
                    break
                if limit.kind is LimitKind.CATALOGUE:
                    continue
                if len(conflicts) > 1:
                    found.append(Shortfall(limit.id, (), conflict.confirmed))
                elif self._has_time(f"what {limit.id} alone is short of"):
                    one, turned = shortfall(self.ground, self.question, limit)
                    found.append(one)
                    known += [turned] if turned else []
            if not all(one.settled for one in found):
                self._note("what every limit alone is short of")
            shown.append(replace(conflict, shortfalls=tuple(found)))
        self._findings = replace(self._findings, conflicts=tuple(shown), known=tuple(known))

    def explain_remaining(self) -> None:
        """Add what else stands in the way where it does not help to change one limit.

        That is, to change one member of a conflict, or all but one of the limits that the first
        repair changes: no change of it is then without a reason.
        """
        before = self._findings.conflicts
        remaining = Remaining(Conflicts(self.ground, self.question, self.limits), before)
        conflicts = tuple(map(remaining.shown, before))
        for repair in self._findings.repairs[:1]:
            remaining.look_at(repair.turned)
        self._findings = replace(
            self._findings, conflicts=conflicts, further=tuple(remaining.further)
        )
        if remaining.ran_out:
            self._note(REMAINING)

    def explain_repairs(self, count: int) -> None:
        """Find so many repairs more, if it is proven that there is no plan."""
        found = self._findings
        if found.status is not Status.INFEASIBLE or count < 1 or found.ended:
            return
        if not self._has_time("further repairs" if found.repairs else "repairs"):
            return
        self._settle(FURTHER)
        outlook = self._search(found.repairs).ranked(count)
        if outlook.none_exists:
            self._say(Message.of("no_repair"))
        if not outlook.complete:
            self._note(FURTHER)
        self._findings = replace(
            self._findings,
            repairs=(*found.repairs, *outlook.repairs),
            ended=len(outlook.repairs) < count,
        )

    def _search(self, before: tuple[Found, ...]) -> Repairs:
        found = self._findings
        conflicts = [[m.limit for m in c.members] for c in found.conflicts]
        return Repairs(self.ground, self.question, self.limits, conflicts, found.known, before)

    def plan_repairs(self) -> None:
        """Plan the repaired scenarios that have only a first plan yet."""
        self._prove_first()
        planned = []
        for repair in self._findings.repairs:
            first_only = repair.plan is not None and repair.plan.status is Status.FEASIBLE
            if first_only and self._has_time("how good the plans of the repairs can be"):
                repair = self._search(()).planned(repair)
            planned.append(repair)
        self._findings = replace(self._findings, repairs=tuple(planned))

    def _prove_first(self) -> None:
        """Look once more for the cheapest repair, if the only one known is not proven to be it."""
        match self._findings.repairs:
            case (Found(proven=False) as first,) if not self.question.effort.is_spent:
                known = (*self._findings.known, first.turned)
                self._findings = replace(self._findings, known=known)
                better = self._search(()).ranked(1).repairs
                if better:
                    self._findings = replace(self._findings, repairs=better)
            case _:
                pass

    def _is_late(self, members: Sized) -> bool:
        """Return whether the time is over, and a conflict so large that it could not be shrunk."""
        return len(members) > MANY and self.question.effort.is_spent

    def _has_time(self, what: str) -> bool:
        if self.question.effort.is_spent:
            self._note(what)
            return False
        return True

    def _note(self, what: str) -> None:
        cancel = self.question.effort.cancel
        cancelled = cancel is not None and cancel.is_set()
        self._say(Message.of("open_cancelled" if cancelled else "open_time", what=what))

    def _settle(self, what: str) -> None:
        """Take back that something is not settled, before it is looked at again."""
        kept = tuple(m for m in self._findings.open if ("what", what) not in m.parameters)
        self._findings = replace(self._findings, open=kept)

    def _say(self, message: Message) -> None:
        if message not in self._findings.open:
            self._findings = replace(self._findings, open=(*self._findings.open, message))

    def explanation(self) -> TeacherExplanation:
        """Return what has been found so far."""
        if not all(repair.proven for repair in self._findings.repairs):
            self._note("whether a repair is the cheapest")
        found = self._findings
        repairs = sorted(found.repairs, key=lambda repair: repair.price)
        return TeacherExplanation(
            self.question.teacher.id,
            found.status,
            found.conflicts,
            tuple(shown_repair(self.ground, repair) for repair in repairs),
            found.open,
            found.further,
        )
