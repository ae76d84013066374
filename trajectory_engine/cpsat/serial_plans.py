"""Plans made from a choice of modules by serial schedules, as a search asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from trajectory_engine.cpsat.best_plan import BestPlan
from trajectory_engine.cpsat.models import Models
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.multistart import schedules
from trajectory_engine.problem.teacher_problem import TeacherProblem, ending_by

TRIES = 200
"""Serial schedules tried for one choice of modules: some milliseconds."""
FEW_TRIES = 20
"""The same where all modules must be taken: the solver soon knows better."""
GUIDE = 0.35
"""Effort of looking for a choice that may end sooner."""


class SerialPlans:
    """Serial schedules of choices of modules; the better ones are adopted.

    Parameters
    ----------
    problem : TeacherProblem
    models : Models
        With the limits so far.
    best : BestPlan
        Adopts what is better and keeps the limits.
    session : Session
    takes_all : bool
        Whether every plan takes all modules.
    """

    def __init__(
        self,
        problem: TeacherProblem,
        models: Models,
        best: BestPlan,
        session: Session,
        *,
        takes_all: bool,
    ) -> None:
        self._problem = problem
        self._models = models
        self._best = best
        self._session = session
        self._tries = FEW_TRIES if takes_all else TRIES

    def latest_end(self, name: ObjectiveName | None) -> int:
        """Return the deadline that a search for better plans may assume.

        Once completion is limited, or while it is minimised from a plan, later periods are of
        no use; leaving them out makes every encoding much smaller.  What a tolerance lets later
        objectives use stays in: they search the same encodings.
        """
        ends = [
            most for limited, most in self._models.limits if limited is ObjectiveName.COMPLETION
        ]
        if name is ObjectiveName.COMPLETION and self._best.choices is not None:
            tolerances = {s.name: s.tolerance for s in self._problem.objectives}
            ends.append(self._best.values[name] + tolerances[name])
        return min([self._problem.deadline, *ends])

    def construct(
        self, modes: Mapping[int, int] | None, name: ObjectiveName, bound: int | None
    ) -> None:
        """Look for a better plan among the serial schedules of a choice of modules.

        Parameters
        ----------
        modes : mapping of int to int, or None
            Mode by module; nothing is done without.
        name : ObjectiveName
            Which objective is to be better.
        bound : int or None
            Its lower bound: a plan that reaches it ends the search.
        """
        if modes is None:
            return
        timed = name in (ObjectiveName.COMPLETION, ObjectiveName.PEAK_LOAD)
        for choices in schedules(
            ending_by(self._problem, self.latest_end(name)),
            modes,
            tries=0 if self._session.stopped else self._tries,
            seed=self._session.seed,
            sooner=name is ObjectiveName.COMPLETION,
            stop=self._has_enough,
        ):
            self._best.offer(choices, name, self._models.limits)
            if not timed or self._best.is_proven(name, bound):
                break

    def construct_from(
        self, modes: Mapping[int, int] | None, name: ObjectiveName, bound: int | None
    ) -> None:
        """Look for schedules of a choice, and of one that may end sooner if there are none."""
        self.construct(modes, name, bound)
        enough = self._best.is_proven(name, bound) or self._session.stopped
        if not enough and self._may_end_sooner(name):
            guide = self._models.selection.guide(name, self._session, GUIDE)
            if guide != modes:  # The same choice has the same schedules.
                self.construct(guide, name, bound)

    def _may_end_sooner(self, name: ObjectiveName) -> bool:
        """Return whether a choice that ends sooner may be of use where the first one was not."""
        limited = any(n is ObjectiveName.COMPLETION for n, _ in self._models.limits)
        return name is not ObjectiveName.COMPLETION and not limited

    def _has_enough(self) -> bool:
        """Return whether the limits say to stop; without a plan one schedule may still end."""
        session = self._session
        return session.stopped and (self._best.choices is not None or session.is_cancelled)
