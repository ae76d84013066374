"""Large neighbourhoods of a schedule: part of it is free, of the rest the order stays.

The partial order schedule of Godard, Laborie and Nuijten (2005): modules outside the part keep
their modes, and any two of them that do not overlap keep their order, but all starts may move.  The
question is whether that leaves room for a plan that ends sooner; it is small enough to be answered
in a moment, so that many parts can be tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from trajectory_engine.cpsat.reach import Reach
from trajectory_engine.cpsat.session import Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import end_of, mode_of
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, ending_by

Limits = Sequence[tuple[ObjectiveName, int]]
Plan = tuple[Choice, ...]

FIRST_SIZE = 12
"""Modules that are free at first."""
SMALLEST = 4
QUESTION = 0.15
"""Most effort of one question."""
BUILDING = 0.01
"""Effort of building a model and of its presolve, which the solver does not count."""


class Neighbourhoods:
    """Parts of schedules of one problem, of a size that is just still easy.

    Parameters
    ----------
    problem : TeacherProblem
        Every plan takes all of its modules.
    limits : sequence of (ObjectiveName, int)
        The most that other objectives may be.
    seed : int
    """

    def __init__(self, problem: TeacherProblem, limits: Limits, seed: int) -> None:
        self._problem = problem
        self._limits = [x for x in limits if x[0] is not ObjectiveName.COMPLETION]
        self._random = Random(seed)
        self._reach = Reach(FIRST_SIZE, SMALLEST, QUESTION)
        self._table: Timetable | None = None

    @property
    def size(self) -> int:
        """Number of modules that the next part sets free."""
        return min(round(self._reach.size), len(self._problem.modules))

    def improve(self, plan: Plan, deadline: int, session: Session) -> Plan | None:
        """Return a plan in a neighbourhood of another one that ends by a deadline, or None."""
        table = self._table_of(deadline)
        model = table.model.clone()
        free = set(self._part(plan))
        kept = [c for c in plan if c.module not in free]
        for choice in kept:
            model.add(table.choice.mode[choice.module][choice.mode] == 1)
        for earlier, later in _order(self._problem, kept):
            model.add(table.start[later] >= table.end[earlier])
        session.charge(BUILDING)
        before = session.spent
        outcome = session.solve(model, Profile.NEIGHBOURHOOD, effort=QUESTION)
        everything = len(self._problem.modules)
        self._reach.learn(session.spent - before, everything, refuted=outcome.infeasible)
        return None if outcome.solution is None else table.read(outcome.solution)

    def _table_of(self, deadline: int) -> Timetable:
        if self._table is None or self._table.problem.deadline != deadline:
            problem = ending_by(self._problem, deadline)
            self._table = Timetable(problem, compute_heads(problem), joined=True)
            for name, most in self._limits:
                self._table.model.add(self._table.expression(name) <= most)
        return self._table

    def _part(self, plan: Plan) -> list[int]:
        """Return modules that lie close together in time, some of them left out for others."""
        problem, random = self._problem, self._random
        pivot = random.choice(plan)
        centre = pivot.start + end_of(problem, pivot)
        near = sorted(
            plan,
            key=lambda c: (abs(c.start + end_of(problem, c) - centre), random.random()),
        )
        size = self.size
        close = near[: size - size // 4]
        others = near[len(close) :]
        return [c.module for c in [*close, *random.sample(others, min(len(others), size // 4))]]


def _order(problem: TeacherProblem, plan: Sequence[Choice]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of modules that follow each other, without those that others imply."""
    for later in plan:
        earlier = [c for c in plan if c is not later and _precedes(problem, c, later)]
        last_start = max((c.start for c in earlier if mode_of(problem, c).duration), default=0)
        for c in earlier:
            if end_of(problem, c) > last_start or not mode_of(problem, c).duration:
                yield c.module, later.module


def _precedes(problem: TeacherProblem, first: Choice, second: Choice) -> bool:
    """Return whether one choice ends by the start of another; of those without length, by id."""
    end = end_of(problem, first)
    if first.start == end == second.start == end_of(problem, second):
        return first.module < second.module
    return end <= second.start
