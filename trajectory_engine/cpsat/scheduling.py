"""The shortest schedule of modules that all must be taken: bounds, heuristics and questions.

What is cheap comes first: a few hundred schedules of the genetic search, then easy questions by
which the lower bound climbs.  While a gap is left, longer runs of the genetic search, parts of the
best schedule searched again, and harder questions take turns, each round with more effort, and with
less for better plans the longer none was found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trajectory_engine.cpsat.destructive import DestructiveBound
from trajectory_engine.cpsat.neighbourhoods import Neighbourhoods
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.genetic import GeneticSearch
from trajectory_engine.heuristics.project import Project, project_of
from trajectory_engine.problem.evaluate import end_of, is_plan
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem

Limits = Sequence[tuple[ObjectiveName, int]]
Plan = tuple[Choice, ...]

PLACEMENT = 3e-6
"""Effort of putting one activity on the calendar."""
SLICE = 20_000
"""Activities put on the calendar between two looks at the clock."""
FIRST_BREED = 0.06
"""Effort of the genetic search before any question."""
EASY = 0.1
"""Effort of an easy question."""
FIRST_ROUND = 0.3
"""Effort of the question of the first round."""
GROWTH = 2.0
"""By how much the effort grows from round to round; a question begins anew."""
LEAST_HOPE = 0.25
"""Part of a round's effort that goes into better plans at least, however long none was found."""


class ScheduleSearch:
    """Closes in on the completion of modules that all must be taken.

    Parameters
    ----------
    problem : TeacherProblem
        Every plan takes all of its modules.
    limits : sequence of (ObjectiveName, int)
        The most that objectives may be.
    session : Session
    offer : callable
        Takes a plan; returns the completion of the best plan known, None without one.
    low : int
        A lower bound of completion.
    plan : tuple of Choice or None
        The best plan known.
    """

    def __init__(
        self,
        problem: TeacherProblem,
        limits: Limits,
        session: Session,
        offer: Callable[[Plan], int | None],
        low: int,
        plan: Plan | None,
    ) -> None:
        self._problem = problem
        self._session = session
        self._accept = offer
        self._plan = plan
        ends = [most for name, most in limits if name is ObjectiveName.COMPLETION]
        none = min(problem.deadline, *ends) + 1 if ends else problem.deadline + 1
        high = none if plan is None else _end(problem, plan)
        self.proof = DestructiveBound(problem, list(limits), session, self._offer, low, high)
        self._project: Project | None = project_of(
            problem, range(len(problem.modules)), [x for x in limits if x not in problem.limits]
        )
        self._genetic = None
        if self._project is not None:
            self._genetic = GeneticSearch(self._project, session.seed)
        self._parts = Neighbourhoods(problem, limits, session)

    def run(self, effort: float) -> None:
        """Search until the best plan is proven or the effort is spent."""
        until = self._session.spent + effort
        self._breed(FIRST_BREED)
        if not self.proof.is_closed:
            self.proof.climb(EASY)
        share, hope = FIRST_ROUND, 1.0
        while not self.proof.is_closed and not self._session.stopped:
            left = min(until - self._session.spent, self._session.effort_left)
            if left <= 0:
                return
            share = min(share, left / 2)
            hope = 1.0 if self._improve(hope * share) else max(hope / 2, LEAST_HOPE)
            if not self.proof.is_closed:
                self.proof.rise(share)
            share *= GROWTH

    def _improve(self, share: float) -> bool:
        """Look for better plans in both ways; return whether one was found."""
        before = self.proof.high
        self._breed(share / 2)
        self._vary(share / 2)
        return self.proof.high < before

    def _offer(self, plan: Plan) -> int:
        """Pass a plan on; return the completion of the best plan known."""
        known = self._accept(plan)
        if known is None:
            return self.proof.high
        if known < self.proof.high:
            self._plan = plan
            self.proof.high = known
            located = None if self._project is None else self._project.positions(plan)
            if self._genetic is not None and located is not None:
                self._genetic.add(*located)
        return self.proof.high

    def _breed(self, share: float) -> None:
        """Run the genetic search."""
        if self._genetic is None or self._project is None:
            return
        left = round(share / PLACEMENT)
        while left > 0 and not self.proof.is_closed and not self._session.stopped:
            before = self._genetic.placements
            for found in self._genetic.run(min(left, SLICE), self.proof.low):
                plan = self._project.choices(found.picks, found.starts)
                # The project does not see every limit.
                if found.end < self.proof.high and is_plan(self._problem, plan):
                    self._offer(plan)
            spent = self._genetic.placements - before
            self._session.charge(spent * PLACEMENT)
            left -= spent
            if not spent:
                return

    def _vary(self, share: float) -> None:
        """Search parts of the best schedules again."""
        until = self._session.spent + share
        while self._session.spent < until and not self._session.stopped:
            if self._plan is None or self.proof.is_closed:
                return
            found = self._parts.improve(self._plan, self.proof.high - 1)
            if found is not None:
                self._offer(found)


def _end(problem: TeacherProblem, plan: Plan) -> int:
    return max((end_of(problem, c) for c in plan), default=0)
