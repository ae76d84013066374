"""Shorter schedules of modules that all must be taken, looked for without a proof.

The genetic search goes on from where it stopped; where there are modes to choose, the search among
schedules that overdraw the calendar starts from the best schedule known; and parts of the best ones
are searched again by the solver.  What is found depends on what was found before, on seeds and on
the effort, never on the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from trajectory_engine.cpsat.neighbourhoods import Limits, Neighbourhoods, Plan
from trajectory_engine.cpsat.session import EFFORT_OF_PLACEMENT, EFFORT_OF_SHIFT, Session
from trajectory_engine.heuristics.genetic import GeneticSearch, Schedule
from trajectory_engine.heuristics.overload import OverloadSearch
from trajectory_engine.heuristics.project import Project
from trajectory_engine.problem.evaluate import completion_of, is_plan
from trajectory_engine.problem.teacher_problem import TeacherProblem

SLICE = 100_000
"""Ways tried on the calendar, or steps, between two looks at the clock."""
LEAST_SCHEDULES = 500
"""About as many schedules the genetic search makes before the solver is called."""
LEAST_BREED = 0.01
"""Effort of these at most."""
FIRST_BREED = 0.03
"""Effort of it before the first round, and again while it finds something."""
MOST_BREED = 0.3
"""Effort of it at most before the first round."""
BREED = 0.5
"""Part of the effort for better plans that goes into the genetic search."""
BREED_MODES, SHIFT = 0.5, 0.9
"""The same where there are modes to choose, and of what it leaves, the part that goes into the
search of schedules that overdraw the calendar.  With starts only, that one is no match."""
ALIKE = 10
"""Plans as good as the best of which parts are searched again."""


class ShorterSchedules:
    """Looks for plans that end sooner than the best one known.

    All searches go on from where they stopped.  Each keeps to one thread at a time, but
    :meth:`shift` may run in another thread beside them, as another side.

    Parameters
    ----------
    problem : TeacherProblem
        Every plan takes all of its modules.
    limits : sequence of (ObjectiveName, int)
        The most that objectives may be.
    project : Project or None
        The modules as a project, None if they are none: then only parts are searched again.
    seed : int
    """

    def __init__(
        self, problem: TeacherProblem, limits: Limits, project: Project | None, seed: int
    ) -> None:
        self._problem = problem
        self._project = project
        self._seed = seed
        self._genetic = None if project is None else GeneticSearch(project, seed)
        self._overloads: dict[int, OverloadSearch] = {}
        self._random = Random(seed)
        self._parts = Neighbourhoods(problem, limits, seed)

    def know(self, plan: Plan) -> None:
        """Take in a plan that was found elsewhere."""
        located = None if self._project is None else self._project.positions(plan)
        if self._genetic is not None and located is not None:
            self._genetic.add(*located)

    def begin(self, session: Session, low: int, high: int) -> list[Plan]:
        """Make some schedules; return the plans, each better than the last."""
        ways = 0 if self._project is None else sum(len(ways) for ways in self._project.ways)
        effort = min(LEAST_BREED, LEAST_SCHEDULES * ways * EFFORT_OF_PLACEMENT)
        return list(self._breed(effort, session, low, high))

    def breed_while_it_pays(self, session: Session, low: int, high: int) -> list[Plan]:
        """Run the genetic search for as long as it soon finds something better.

        Returns the plans, each better than the last.
        """
        found: list[Plan] = []
        began = session.spent
        while high > low and session.spent - began < MOST_BREED and not session.stopped:
            spent, before = session.spent, high
            for plan in self._breed(FIRST_BREED, session, low, high):
                found.append(plan)
                high = completion_of(self._problem, plan)
            if high == before or session.spent == spent:
                break
        return found

    def improve(self, session: Session, best: Plan | None, low: int, high: int) -> list[Plan]:
        """Look for better plans in several ways until the effort is spent.

        Parameters
        ----------
        session : Session
        best : tuple of Choice or None
            The best plan known.
        low, high : int
            No plan ends before ``low``, and those are looked for that end before ``high``, the end
            of the best one.

        Returns
        -------
        list of tuple of Choice
            Each better than the last.
        """
        found: list[Plan] = []
        has_modes = self._project is not None and self._project.has_modes
        part = BREED_MODES if has_modes else BREED
        for plan in self._breed(part * session.effort_left, session, low, high):
            found.append(plan)
            best, high = plan, completion_of(self._problem, plan)
        if best is not None and has_modes:
            for plan in self.shift(SHIFT * session.effort_left, session, best, low):
                found.append(plan)
                best, high = plan, completion_of(self._problem, plan)
        while best is not None and high > low and session.effort_left and not session.stopped:
            better = self._parts.improve(self._base(best, high), high - 1, session)
            if better is not None:
                found.append(better)
                best, high = better, completion_of(self._problem, better)
        return found

    def shift(
        self, effort: float, session: Session, best: Plan, low: int, side: int = 0
    ) -> Iterator[Plan]:
        """Yield better plans than the best, from schedules that overdraw the calendar at first.

        Parameters
        ----------
        effort : float
        session : Session
        best : tuple of Choice
        low : int
            No plan ends before it.
        side : int
            Which of the searches that may go on side by side, each with a seed of its own.
        """
        if self._project is None:
            return
        located = self._project.positions(best)
        if located is None:
            return
        if side not in self._overloads:
            self._overloads[side] = OverloadSearch(self._project, self._seed + side)
        overload, until = self._overloads[side], session.spent + effort
        picks, starts = located
        known = Schedule(tuple(picks), tuple(starts), self._project.latest_end(picks, starts))
        while known.end > low and not session.stopped:
            before, refused = overload.effort, False
            most = min(SLICE, round((until - session.spent) / EFFORT_OF_SHIFT))
            for found in overload.run(most, known, low):
                known, plan = found, self._project.choices(found.picks, found.starts)
                if not is_plan(self._problem, plan):
                    refused = True  # The project does not see every limit.
                    break
                yield plan
            session.charge((overload.effort - before) * EFFORT_OF_SHIFT)
            if refused or overload.effort == before:
                return

    def _breed(self, effort: float, session: Session, low: int, high: int) -> Iterator[Plan]:
        """Yield what the genetic search finds that ends before ``high``."""
        if self._genetic is None or self._project is None:
            return
        left = round(effort / EFFORT_OF_PLACEMENT)
        while left > 0 and high > low and not session.stopped:
            before = self._genetic.placements
            for found in self._genetic.run(min(left, SLICE), low):
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

    def _base(self, best: Plan, high: int) -> Plan:
        """Return one of the plans known that end as soon as the best."""
        if self._genetic is None or self._project is None:
            return best
        alike = [s for s in self._genetic.best(ALIKE) if s.end == high]
        if not alike or self._random.random() < 1 / (len(alike) + 1):
            return best
        found = self._random.choice(alike)
        return self._project.choices(found.picks, found.starts)
