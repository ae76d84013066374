"""Deadlines that no choice of modules can keep, and choices that nearly can.

What is taken by a deadline must have chains that end by it, and must fit into the periods before
it.  The first is a matter of hitting landmarks, the second of the least weight of what hits them:
where that exceeds what the periods hold, no plan ends by the deadline (a destructive bound, Klein
and Scholl, 1999).  Roundings of the linear relaxation are choices with short chains and little
work, which is what a plan that ends soon is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trajectory_engine.cpsat.session import Session
from trajectory_engine.landmarks.packing import Packing
from trajectory_engine.landmarks.punctual import PunctualSearch
from trajectory_engine.landmarks.relaxation import Relaxation, is_violated
from trajectory_engine.landmarks.rounding import Landmark
from trajectory_engine.problem.teacher_problem import TeacherProblem

ROUNDS = 40
"""Most rounds of the linear relaxation."""
SHARES = (0.5, 0.9, 0.02)
"""Shares from which a module is taken when landmarks are looked for, in this order."""
EFFORT_OF_WORK = 1.5e-6
"""Effort, about seconds, of working out when a module can start."""
NEAR = 4
"""The deadline asked next is so much nearer to the bound: early ones are cheaper, and refuted."""
QUESTION = 1.5
"""Most effort of one deadline."""


class Deadlines:
    """Asks of deadlines what every plan that keeps them must take.

    Parameters
    ----------
    problem : TeacherProblem
    packing : Packing
        How work is weighed.
    landmarks : sequence of tuple of int
        Sets of modules of which every plan takes one.
    session : Session
    """

    def __init__(
        self,
        problem: TeacherProblem,
        packing: Packing,
        landmarks: Sequence[Landmark],
        session: Session,
    ) -> None:
        self._packing = packing
        self._session = session
        self._costs = [min(map(packing.of_mode, m.modes)) for m in problem.modules]
        self._search = PunctualSearch(problem, self._costs, session.seed)
        self._known = [(landmark, problem.deadline) for landmark in landmarks]

    def climb(self, low: int, high: int, effort: float, take: Callable[[list[int]], int]) -> int:
        """Raise a lower bound of completion by bisection, nearer to the bound than to the plan.

        Parameters
        ----------
        low, high : int
            What is proven, and the completion of the best plan.
        effort : float
            Most effort.
        take : callable
            Gets choices with short chains; returns the completion of the best plan.

        Returns
        -------
        int
            No plan ends earlier.
        """
        until = self._session.spent + effort
        open_from = high
        while low < min(open_from, high):
            if self._session.stopped or self._session.spent >= until:
                break
            deadline = low + (min(open_from, high) - low) // NEAR
            refuted, choice = self._ask(deadline)
            if refuted:
                low = deadline + 1
            else:
                open_from = deadline
            if choice is not None:
                high = take(choice)
        return min(low, high)

    def _ask(self, deadline: int) -> tuple[bool, list[int] | None]:
        """Return whether a deadline is refuted, and the lightest choice whose chains do."""
        room = self._packing.room(deadline)
        known = (landmark for landmark, last in self._known if last >= deadline)
        relaxation = Relaxation(self._costs, known)
        best: list[int] | None = None
        before, until = 0.0, self._session.spent + QUESTION
        for _ in range(ROUNDS):
            shares = relaxation.solve()
            self._session.charge(relaxation.effort - before)
            before = relaxation.effort
            if shares is None:
                break
            if relaxation.dual().bound > room:
                return True, best
            added = False
            for least in SHARES:
                found, taken = self._missed(shares, least, deadline)
                if () in found:
                    return True, None
                if taken is None:
                    return False, None
                if best is None or self._weight(taken) < self._weight(best):
                    best = taken
                violated = [x for x in found if is_violated(x, shares)]
                self._known += [(landmark, deadline) for landmark in violated]
                added = relaxation.add(violated)
                if added:
                    break
            if not added or self._session.stopped or self._session.spent >= until:
                break
        return False, best if best is None else self._trimmed(best, deadline)

    def _missed(
        self, shares: Sequence[float], least: float, deadline: int
    ) -> tuple[list[Landmark], list[int] | None]:
        """Return landmarks, and the choice that hits them; None if there was no time for it."""
        taken: list[int] = []
        found: list[Landmark] = []
        before = self._search.work
        for landmark in self._search.missed(shares, least, deadline, taken):
            found.append(landmark)
            if self._session.stopped:
                return found, None
        self._session.charge(EFFORT_OF_WORK * (self._search.work - before))
        return found, taken

    def _trimmed(self, taken: Sequence[int], deadline: int) -> list[int]:
        before = self._search.work
        found = self._search.trimmed(taken, deadline)
        self._session.charge(EFFORT_OF_WORK * (self._search.work - before))
        return found

    def _weight(self, taken: Sequence[int]) -> int:
        return sum(self._costs[m] for m in taken)
