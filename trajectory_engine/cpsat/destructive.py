"""Destructive lower bounds: deadlines that no plan can keep.

If no plan ends by T, T + 1 is a lower bound of completion (Klein and Scholl, 1999).  A question
with a deadline and without an objective is much easier than the minimisation: each start is
confined between head and tail, and the cumulative constraints refute what leaves too little room.
So the bound climbs while questions are cheap; then it rises period by period, each question being
much harder than the last, until the last one asks for a plan one period sooner than the best known.

A question is put in two ways, with and without the linear relaxation: which of them answers sooner
is a matter of the problem, so the way that answered last goes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from trajectory_engine.cpsat.session import Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, ending_by

Limits = list[tuple[ObjectiveName, int]]
Offer = Callable[[tuple[Choice, ...]], int]
"""Takes a plan; returns the completion of the best plan known."""
SECOND = 0.35
"""Part of the effort that the second way to put a question has."""


@dataclass
class DestructiveBound:
    """What is proven about completion, and questions that prove more.

    Attributes
    ----------
    low : int
        No plan ends earlier.
    high : int
        Completion of the best plan known; one more than the deadline if none is.
    """

    problem: TeacherProblem
    limits: Limits
    session: Session
    offer: Offer
    low: int
    high: int
    _profiles: list[Profile] = field(
        default_factory=lambda: [Profile.SCHEDULE, Profile.SCHEDULE_RELAXED]
    )

    @property
    def is_closed(self) -> bool:
        """Whether the best plan is proven, or it is proven that there is none."""
        return self.low >= self.high

    def climb(self, effort: float) -> None:
        """Raise the bound by questions that cost at most ``effort`` each, halving the doubt."""
        ceiling = self.high
        while self.low < ceiling and not self._spent:
            deadline = (self.low + ceiling) // 2
            if self.ask(min(deadline, self.high - 1), effort) is None:
                ceiling = deadline
            ceiling = min(ceiling, self.high)

    def rise(self, effort: float) -> None:
        """Ask the lowest question that is open, again and again, until one is not refuted."""
        while not self.is_closed and not self._spent:
            if self.ask(self.low, effort) is not False:
                return

    @property
    def _spent(self) -> bool:
        return self.session.stopped or not self.session.effort_left

    def ask(self, deadline: int, effort: float) -> bool | None:
        """Return whether a plan ends by a deadline, None if the effort does not tell.

        Parameters
        ----------
        effort : float
            Of the way to put the question that answered last; the other has a part of it.
        """
        problem = ending_by(self.problem, deadline)
        heads = compute_heads(problem)
        if None in heads.entry:
            self.low = max(self.low, deadline + 1)
            return False
        table = Timetable(problem, heads, joined=True)
        for name, most in self.limits:
            if name is not ObjectiveName.COMPLETION:
                table.model.add(table.expression(name) <= most)
        for part, profile in zip((1.0, SECOND), list(self._profiles), strict=True):
            outcome = self.session.solve(table.model, profile, effort=part * effort)
            if outcome.infeasible or outcome.solution is not None:
                self._profiles = sorted(self._profiles, key=lambda p: p is not profile)
                break
            if self._spent:
                return None
        if outcome.infeasible:
            self.low = max(self.low, deadline + 1)
            return False
        if outcome.solution is None:
            return None
        before, self.high = self.high, self.offer(table.read(outcome.solution))
        return True if self.high < before else None
