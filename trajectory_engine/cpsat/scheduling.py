"""The shortest schedule of modules that all must be taken: bounds, heuristics and questions.

What is cheap comes first: some schedules of the genetic search, and a short call of the solver that
climbs from below and settles most projects; then the bound of the linear relaxation, where there
are modes to choose, and some more schedules, side by side with a second thread.  While a gap is
left, two things go side by side in rounds, each with more effort than the last: on one side calls
that minimise, then questions by which the lower bound climbs and rises; on the other longer runs of
the genetic search, where there are modes also of the search among schedules that overdraw the
calendar, and parts of the best schedule searched again.  With one thread they take turns, and
better plans get less the longer none came.  Where there are modes to choose there are two ways to
minimise, either of which can be many times quicker: each has a side of its own, and the one whose
first bound was the better may end the round with a plan.  What a first round leaves open is seldom
proven soon after: from the second on, that side as well looks for plans in the end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from trajectory_engine.cpsat.destructive import DestructiveBound
from trajectory_engine.cpsat.neighbourhoods import Limits, Plan
from trajectory_engine.cpsat.project_model import least_for_work, longest_chain
from trajectory_engine.cpsat.session import Session
from trajectory_engine.cpsat.shorter_schedules import MOST_BREED, ShorterSchedules
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.project import project_of
from trajectory_engine.problem.evaluate import completion_of
from trajectory_engine.problem.teacher_problem import TeacherProblem

EASY = 0.07
"""Effort of an easy question, and of the first call."""
VERY_EASY = 0.05
"""Effort of a question before the longer call, which may end without any bound to speak of."""
FIRST_ROUND = 2.0
"""Effort of the calls in the first round."""
FIRST_OF_TWO = 8.0
"""The same, where two ways to minimise go side by side: either may answer, so they go on longer."""
RISE = 0.25
"""Effort of the questions by which the bound then rises, as a multiple of that."""
SPAN = 1.0 + RISE
"""Effort of a round, as a multiple of that."""
GROWTH = 8.0
"""By how much the effort grows from round to round; a call begins anew."""
IDLE = 0.1
"""A round with less of its effort spent and nothing changed met only plans that are refused."""
OTHER_WAY, MOST_OTHER_WAY = 0.5, 8.0
"""Effort of the second way to minimise that has a side of its own, as a multiple of the same, and
at most: what it has not answered by then, better plans are worth more."""
LATER_PROOFS = 0.5
"""Part of the effort of the side with the better bound that goes into proofs from the second round
on, where there are two ways: the rest of it goes into better plans, too."""
ASIDE = 1
"""The search of overdrawn schedules that goes on after the proofs, beside the other one."""
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
        high = min([problem.deadline, *ends]) + 1 if plan is None else completion_of(problem, plan)
        project = project_of(
            problem, range(len(problem.modules)), [x for x in limits if x not in problem.limits]
        )
        if project is not None and not project.is_strict:
            low = max(low, longest_chain(project), least_for_work(project))
        self.proof = DestructiveBound(
            problem, list(limits), session, self._take, low, high, project
        )
        self._shorter = ShorterSchedules(problem, limits, project, session.seed)

    def begin(self) -> None:
        """Do what settles easy projects; nothing more if it is hard to find any plan."""
        for plan in self._shorter.begin(self._session, self.proof.low, self.proof.high)[-1:]:
            self._take(plan)
        if self._plan is not None:
            self.proof.glance(EASY)

    @property
    def _has_two_sides(self) -> bool:
        """Whether two ways to minimise go side by side."""
        return self._session.threads > 1 and len(self.proof.ways) > 1

    def learn(self, low: int, plan: Plan | None) -> None:
        """Take down a bound and a plan that were found elsewhere since."""
        self.proof.low = max(self.proof.low, low)
        if plan is not None and completion_of(self._problem, plan) < self.proof.high:
            self._know(plan, completion_of(self._problem, plan))

    def run(self, effort: float) -> None:
        """Search until the best plan is proven, the effort is spent, or all plans are refused."""
        until = self._session.spent + effort
        self._look_closer()
        share, hope = FIRST_OF_TWO if self._has_two_sides else FIRST_ROUND, 1.0
        proving = 1.0
        while not self.proof.is_closed and not self._session.stopped:
            left = min(until - self._session.spent, self._session.effort_left)
            if left <= 0:
                return
            # With one thread, what goes into better plans comes after the proofs.
            span = SPAN if self._session.threads > 1 else SPAN + hope
            if left < 2 * span * share:
                # What would be left is no longer round, and calls forget what the last one learnt.
                share = left / span
            before, spent = (self.proof.low, self.proof.high), self._session.spent
            hope = 1.0 if self._round(share, hope, proving) else max(hope / 2, LEAST_HOPE)
            idle = self._session.spent - spent < IDLE * share
            if idle and before == (self.proof.low, self.proof.high):
                return
            share *= GROWTH
            proving = LATER_PROOFS if self._has_two_sides else 1.0

    def _look_closer(self) -> None:
        """Ask the linear relaxation, and look for better plans for as long as it soon pays.

        Side by side where there are modes, and a second thread: neither sees what the other finds.
        """
        if not self._has_two_sides:
            self.proof.relax(VERY_EASY, EASY)
            for plan in self._breed_while_it_pays(self._session):
                self._take(plan)
            return
        closed, other = threading.Event(), self.proof.copy()
        self._session.lanes = 2
        prover = self._session.part(self._session.effort_left)
        improver = self._session.part(MOST_BREED, closed)
        with ThreadPoolExecutor(max_workers=1) as pool:
            proving = pool.submit(self._relax, other, prover, closed)
            plans = self._breed_while_it_pays(improver)
            proven = proving.result()
        if closed.is_set():
            self._charge_closed(prover, raced=False)
        else:
            self._charge_both(prover, improver)
        self.proof.learn(other)
        for plan in (*reversed(proven), *plans):
            self._take(plan)

    def _relax(
        self, proof: DestructiveBound, session: Session, closed: threading.Event
    ) -> list[Plan]:
        """Ask the linear relaxation; return the plans that came up, each better than the last."""
        found = self._apart(proof, session)
        proof.relax(VERY_EASY, EASY)
        if proof.is_closed:
            closed.set()
        return found

    def _apart(self, proof: DestructiveBound, session: Session) -> list[Plan]:
        """Let a proof go on by itself in a session of its own; return where it puts its plans."""
        found: list[Plan] = []

        def keep(plan: Plan) -> int:
            found.append(plan)
            return completion_of(self._problem, plan)

        proof.session, proof.offer = session, keep
        return found

    def _breed_while_it_pays(self, session: Session) -> list[Plan]:
        """Return better plans of the genetic search, each better than the last."""
        return self._shorter.breed_while_it_pays(session, self.proof.low, self.proof.high)

    def _round(self, share: float, hope: float, proving: float) -> bool:
        """Look for proofs and for plans, side by side if there is a second thread.

        Neither side sees what the other finds before both have ended, so that the outcome is the
        same in every run; but a proof that closes the gap ends the search for plans, which can
        find nothing any more, and one that no better plan exists ends the other proof.

        Parameters
        ----------
        share : float
            Effort of the calls that minimise.
        hope : float
            Part of the effort that goes into better plans, with one thread.
        proving : float
            Part of the effort of the side of the proofs that goes into proofs.

        Returns
        -------
        bool
            Whether a better plan was found.
        """
        low, high, closed = self.proof.low, self.proof.high, threading.Event()
        aside = self._session.threads > 1
        if aside:
            self._session.lanes = 2
        other = self.proof.copy() if self._has_two_sides else None
        prover = self._session.part(SPAN * share, closed)
        improver = self._session.part(SPAN * share if aside else hope * share, closed)
        with ThreadPoolExecutor(max_workers=1) as pool:
            future = pool.submit(self._prove, prover, share, proving, closed, alone=other is None)
            if not aside:
                future.result()
                low = self.proof.low
            plans: list[Plan] = []
            if other is not None:
                effort = min(OTHER_WAY * share, MOST_OTHER_WAY)
                plans += self._prove_otherwise(other, improver, effort, closed)
                low = max(low, other.low)
            if not closed.is_set():
                best = plans[-1] if plans else self._plan
                end = completion_of(self._problem, plans[-1]) if plans else high
                plans += self._shorter.improve(improver, best, low, end)
            proven = future.result()
        if closed.is_set():
            self._charge_closed(prover, raced=other is not None and not proven)
        elif aside:
            self._charge_both(prover, improver)
        else:
            self._session.absorb(prover)
            self._session.absorb(improver)
        if other is not None:
            self.proof.learn(other)
        # A plan that closed the gap goes first: whether the other side found one as good by then
        # is chance.
        for plan in (*reversed(proven), *plans):
            self._take(plan)
        if proven and self.proof.high == high:
            self.proof.project = None  # It does not see all that the problem asks for.
        return self.proof.high < high

    def _charge_both(self, prover: Session, improver: Session) -> None:
        """Charge what two sides spent at the same time."""
        self._session.charge(max(prover.spent, improver.spent))
        self._session.interrupted |= prover.interrupted or improver.interrupted

    def _charge_closed(self, prover: Session, *, raced: bool) -> None:
        """Charge what a round spent that a proof has ended; how far the other side got is chance.

        Parameters
        ----------
        raced : bool
            Whether either of two proofs may have come first, which is chance as well.
        """
        if raced:
            self._session.charge(prover.effort_limit / 2)
        else:
            self._session.charge(prover.spent)
            self._session.interrupted |= prover.interrupted

    def _prove(
        self,
        session: Session,
        share: float,
        proving: float,
        closed: threading.Event,
        *,
        alone: bool,
    ) -> list[Plan]:
        """Raise the bound; return the plans that came up, each better than the last.

        Parameters
        ----------
        share, proving : float
            See ``_round``.
        alone : bool
            Whether nobody else minimises in the second way.
        """
        found: list[Plan] = []

        def keep(plan: Plan) -> int:
            found.append(plan)
            return min(self.proof.high, completion_of(self._problem, plan))

        high, self.proof.session, self.proof.offer = self.proof.high, session, keep
        if alone:
            self.proof.descend(proving * share)
        else:
            self.proof.minimise(self.proof.ways[0], proving * share)
        self.proof.climb(EASY)
        self.proof.rise(RISE * proving * share)
        best = found[-1] if found else self._plan
        if proving < 1 and best is not None and not self.proof.is_closed:
            effort, low = session.effort_left, self.proof.low
            for plan in self._shorter.shift(effort, session, best, low, ASIDE):
                found.append(plan)
                self.proof.high = completion_of(self._problem, plan)
        # What is left is of use here: the other side has as much, and is waited for.
        self.proof.rise(session.effort_left)
        if self.proof.is_closed:
            closed.set()
        self.proof.high, self.proof.session, self.proof.offer = high, self._session, self._take
        return found

    def _prove_otherwise(
        self, proof: DestructiveBound, session: Session, effort: float, closed: threading.Event
    ) -> list[Plan]:
        """Minimise in the second way; return the plans that came up, each better than the last.

        Only that no plan is better than the best so far closes the gap for both sides: of two
        plans that do, it would be chance which one came first.
        """
        found = self._apart(proof, session)
        proof.minimise(proof.ways[1], effort)
        if proof.is_closed and not found:
            closed.set()
        return found

    def _take(self, plan: Plan) -> int:
        """Pass a plan on; return the completion of the best plan known."""
        known = self._accept(plan)
        if known is not None and known < self.proof.high:
            self._know(plan, known)
        return self.proof.high

    def _know(self, plan: Plan, end: int) -> None:
        """Make a plan the best that is known."""
        self._plan, self.proof.high = plan, end
        self._shorter.know(plan)
