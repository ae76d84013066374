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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random

from trajectory_engine.cpsat.destructive import DestructiveBound
from trajectory_engine.cpsat.neighbourhoods import Neighbourhoods
from trajectory_engine.cpsat.project_model import longest_chain
from trajectory_engine.cpsat.session import EFFORT_OF_PLACEMENT, EFFORT_OF_SHIFT, Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.genetic import GeneticSearch, Schedule
from trajectory_engine.heuristics.overload import OverloadSearch
from trajectory_engine.heuristics.project import Project, project_of
from trajectory_engine.problem.evaluate import completion_of, is_plan
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem

Limits = Sequence[tuple[ObjectiveName, int]]
Plan = tuple[Choice, ...]

SLICE = 100_000
"""Ways tried on the calendar, or steps, between two looks at the clock."""
LEAST_SCHEDULES = 500
"""About as many schedules the genetic search makes before the solver is called."""
LEAST_BREED = 0.01
"""Effort of these at most."""
EASY = 0.07
"""Effort of an easy question, and of the first call."""
VERY_EASY = 0.05
"""Effort of a question before the longer call, which may end without any bound to speak of."""
FIRST_BREED = 0.03
"""Effort of it before the first round, and again while it finds something."""
MOST_BREED = 0.3
"""Effort of it at most before the first round."""
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
ALIKE = 10
"""Plans as good as the best of which parts are searched again."""
OTHER_WAY, MOST_OTHER_WAY = 0.5, 8.0
"""Effort of the second way to minimise that has a side of its own, as a multiple of the same, and
at most: what it has not answered by then, better plans are worth more."""
LATER_PROOFS = 0.5
"""Part of the effort of the side with the better bound that goes into proofs from the second round
on, where there are two ways: the rest of it goes into better plans, too."""
BREED = 0.5
"""Part of the effort for better plans that goes into the genetic search."""
BREED_MODES, SHIFT = 0.5, 0.9
"""The same where there are modes to choose, and of what it leaves, the part that goes into the
search of schedules that overdraw the calendar.  With starts only, that one is no match."""
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
        self._project: Project | None = project_of(
            problem, range(len(problem.modules)), [x for x in limits if x not in problem.limits]
        )
        if self._project is not None and not self._project.is_strict:
            low = max(low, longest_chain(self._project))
        self.proof = DestructiveBound(
            problem, list(limits), session, self._take, low, high, self._project
        )
        self._genetic: GeneticSearch | None = None
        if self._project is not None:
            self._genetic = GeneticSearch(self._project, session.seed)
        self._overloads: dict[int, OverloadSearch] = {}
        self._random = Random(session.seed)
        self._parts = Neighbourhoods(problem, limits, session.seed)

    def begin(self) -> None:
        """Do what settles easy projects; nothing more if it is hard to find any plan."""
        least = min(LEAST_BREED, LEAST_SCHEDULES * self._size * EFFORT_OF_PLACEMENT)
        for plan in list(self._breed(least, self._session, self.proof.high))[-1:]:
            self._take(plan)
        if self._plan is not None:
            self.proof.glance(EASY)

    @property
    def _size(self) -> int:
        """How many ways there are to take the activities, all together."""
        return 0 if self._project is None else sum(len(ways) for ways in self._project.ways)

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
            if left < 2 * SPAN * share:
                # What would be left is no longer round, and calls forget what the last one learnt.
                share = left / SPAN
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
        """Run the genetic search for as long as it soon finds something better.

        Returns the plans, each better than the last.
        """
        found: list[Plan] = []
        began, high, low = session.spent, self.proof.high, self.proof.low
        while high > low and session.spent - began < MOST_BREED and not session.stopped:
            spent, before = session.spent, high
            for plan in self._breed(FIRST_BREED, session, high):
                found.append(plan)
                high = completion_of(self._problem, plan)
            if high == before or session.spent == spent:
                break
        return found

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
        high, closed = self.proof.high, threading.Event()
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
            plans: list[Plan] = []
            if other is not None:
                effort = min(OTHER_WAY * share, MOST_OTHER_WAY)
                plans += self._prove_otherwise(other, improver, effort, closed)
            if not closed.is_set():
                best = plans[-1] if plans else self._plan
                end = completion_of(self._problem, plans[-1]) if plans else high
                plans += self._improve(improver, best, end)
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
            for plan in self._shift(session.effort_left, session, best, ASIDE):
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

    def _improve(self, session: Session, best: Plan | None, high: int) -> list[Plan]:
        """Look for plans that end before ``high``, the end of the best one, in several ways.

        Returns them, each better than the last.
        """
        found: list[Plan] = []
        has_modes = self._project is not None and self._project.has_modes
        part = BREED_MODES if has_modes else BREED
        for plan in self._breed(part * session.effort_left, session, high):
            found.append(plan)
            best, high = plan, completion_of(self._problem, plan)
        if best is not None and has_modes:
            for plan in self._shift(SHIFT * session.effort_left, session, best):
                found.append(plan)
                best, high = plan, completion_of(self._problem, plan)
        while best is not None and session.effort_left and not session.stopped:
            if high <= self.proof.low:
                break
            better = self._parts.improve(self._base(best, high), high - 1, session)
            if better is not None:
                found.append(better)
                best, high = better, completion_of(self._problem, better)
        return found

    def _base(self, best: Plan, high: int) -> Plan:
        """Return one of the plans known that end as soon as the best."""
        if self._genetic is None or self._project is None:
            return best
        alike = [s for s in self._genetic.best(ALIKE) if s.end == high]
        if not alike or self._random.random() < 1 / (len(alike) + 1):
            return best
        found = self._random.choice(alike)
        return self._project.choices(found.picks, found.starts)

    def _breed(self, effort: float, session: Session, high: int) -> Iterator[Plan]:
        """Yield what the genetic search finds that ends before ``high``."""
        if self._genetic is None or self._project is None:
            return
        left = round(effort / EFFORT_OF_PLACEMENT)
        while left > 0 and high > self.proof.low and not session.stopped:
            before = self._genetic.placements
            for found in self._genetic.run(min(left, SLICE), self.proof.low):
                plan = self._project.choices(found.picks, found.starts)
                # The project does not see every limit.
                if found.end < high and is_plan(self._problem, plan):
                    high = found.end
                    yield plan
            spent = self._genetic.placements - before
            session.charge(spent * EFFORT_OF_PLACEMENT)
            left -= spent
            if not spent:
                return

    def _shift(self, effort: float, session: Session, best: Plan, side: int = 0) -> Iterator[Plan]:
        """Yield better plans than the best, from schedules that overdraw the calendar at first.

        Parameters
        ----------
        side : int
            Which of the searches that may go on side by side, each with a seed of its own.
        """
        if self._project is None:
            return
        located = self._project.positions(best)
        if located is None:
            return
        if side not in self._overloads:
            self._overloads[side] = OverloadSearch(self._project, session.seed + side)
        overload, until = self._overloads[side], session.spent + effort
        picks, starts = located
        known = Schedule(tuple(picks), tuple(starts), self._project.latest_end(picks, starts))
        while known.end > self.proof.low and not session.stopped:
            before, refused = overload.effort, False
            most = min(SLICE, round((until - session.spent) / EFFORT_OF_SHIFT))
            for found in overload.run(most, known, self.proof.low):
                known, plan = found, self._project.choices(found.picks, found.starts)
                if not is_plan(self._problem, plan):
                    refused = True  # The project does not see every limit.
                    break
                yield plan
            session.charge((overload.effort - before) * EFFORT_OF_SHIFT)
            if refused or overload.effort == before:
                return

    def _take(self, plan: Plan) -> int:
        """Pass a plan on; return the completion of the best plan known."""
        known = self._accept(plan)
        if known is not None and known < self.proof.high:
            self._know(plan, known)
        return self.proof.high

    def _know(self, plan: Plan, end: int) -> None:
        """Make a plan the best that is known."""
        self._plan, self.proof.high = plan, end
        located = None if self._project is None else self._project.positions(plan)
        if self._genetic is not None and located is not None:
            self._genetic.add(*located)
