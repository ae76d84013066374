"""Destructive lower bounds: deadlines that no plan can keep.

If no plan ends by T, T + 1 is a lower bound of completion (Klein and Scholl, 1999).  A question
with a deadline and without an objective is much easier than the minimisation: each start is
confined between head and tail, and the cumulative constraints refute what leaves too little room.
So the bound climbs while questions are cheap, and what is left goes into the one question that
would settle the matter: is there a plan one period sooner than the best known?
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trajectory_engine.cpsat.session import Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, ending_by

Limits = list[tuple[ObjectiveName, int]]
Offer = Callable[[tuple[Choice, ...]], int]
"""Takes a plan; returns the completion of the best plan known."""


@dataclass
class DestructiveBound:
    """What is proven about completion, and questions that prove more.

    Attributes
    ----------
    low : int
        No plan ends earlier.
    high : int
        Completion of the best plan known.
    """

    problem: TeacherProblem
    limits: Limits
    session: Session
    offer: Offer
    low: int
    high: int

    @property
    def is_closed(self) -> bool:
        """Whether the best plan is proven."""
        return self.low >= self.high

    def climb(self, effort: float) -> None:
        """Raise the bound by questions that cost at most ``effort`` each, halving the doubt."""
        ceiling = self.high
        while self.low < ceiling and not self._spent:
            deadline = (self.low + ceiling) // 2
            if self._ask(min(deadline, self.high - 1), effort) is None:
                ceiling = deadline
            ceiling = min(ceiling, self.high)

    def settle(self, effort: float) -> None:
        """Ask for a plan sooner than the best, again and again, until none is found."""
        while not self.is_closed and not self._spent:
            if self._ask(self.high - 1, effort) is not True:
                return

    @property
    def _spent(self) -> bool:
        return self.session.stopped or not self.session.effort_left

    def _ask(self, deadline: int, effort: float) -> bool | None:
        """Return whether a plan ends by a deadline, None if the effort does not tell."""
        problem = ending_by(self.problem, deadline)
        table = Timetable(problem, compute_heads(problem))
        for name, most in self.limits:
            if name is not ObjectiveName.COMPLETION:
                table.model.add(table.expression(name) <= most)
        outcome = self.session.solve(table.model, Profile.SCHEDULE, effort=effort)
        if outcome.infeasible:
            self.low = max(self.low, deadline + 1)
            return False
        if outcome.solution is None:
            return None
        self.high = self.offer(table.read(outcome.solution))
        return True
