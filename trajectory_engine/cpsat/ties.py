"""The unique answer among plans that are best in all objectives, as ``docs/semantics.md`` has it.

Fewest modules, smallest sum of starts, ids, modes, starts: each is minimised from the plan at hand
and kept at its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.periods import PeriodTimetable
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Profile, Session, SolverFault
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.problem.required import takes_all
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem

ID_CHUNK = 30
"""Modules whose order of ids is settled in one call: weights are powers of two."""
RADIX_LIMIT = 1 << 30
"""Largest weight when modes or starts of several modules are settled in one call."""
TIE = 1.5
"""Most effort of one call that breaks ties."""
TIES_OF_TERMS = 0.15
"""Most effort for all ties where every mode lasts one period of few, each settled soon or late."""
FIRST_IN_ORDER = 0.05
"""Most effort of a search in the order of modes and starts: it soon comes to its end, or never."""

Plan = tuple[Choice, ...]
Table = Timetable | PeriodTimetable
Digit = tuple[cp_model.LinearExprT, int]


class TieBreaker:
    """Breaks the ties of one plan, over an encoding that keeps all objectives at their values.

    Parameters
    ----------
    problem : TeacherProblem
    session : Session
    plan : tuple of Choice
        Best in all objectives.
    adopt : callable
        Takes every plan that comes before the one at hand.
    table : callable
        Returns the encoding; a problem of terms is settled over periods.
    selection : callable
        Returns the choice of modules, with the same limits.
    """

    def __init__(
        self,
        problem: TeacherProblem,
        session: Session,
        plan: Plan,
        *,
        adopt: Callable[[Plan], None],
        table: Callable[[], Table],
        selection: Callable[[], SelectionModel],
    ) -> None:
        self.problem = problem
        self.session = session
        self.plan = plan
        self._pass_on = adopt
        self._table = table
        self._selection = selection
        self._takes_all = takes_all(problem)
        self._until = session.spent + TIES_OF_TERMS

    def run(self) -> bool:
        """Settle fewest modules, earliest starts and ids; return whether all was proven."""
        return (
            self._settle_count()
            and self._settle_starts()
            and self._settle_ids()
            and self._settle_rest()
        )

    def _adopt(self, plan: Plan) -> None:
        self._pass_on(plan)
        self.plan = plan

    def _settle(
        self,
        expression: cp_model.LinearExprT,
        bound: int | None = None,
        over_periods: Profile = Profile.PERIODS,
    ) -> int | None:
        """Minimise a tie-breaker from the plan at hand; return its proven value, None without."""
        table = self._table()
        if self.session.stopped:
            return None
        profile, most = Profile.INTERVALS, TIE
        if isinstance(table, PeriodTimetable):
            profile, most = over_periods, self._until - self.session.spent
        if most <= 0:
            return None
        table.model.minimize(expression)
        table.hint(self.plan)
        outcome = self.session.solve(table.model, profile, effort=most, known_bound=bound)
        if outcome.infeasible:
            raise SolverFault("the timetable refutes a plan while breaking ties")
        if outcome.solution is not None:
            self._adopt(table.read(outcome.solution))
        if outcome.value is None or outcome.bound != outcome.value:
            return None
        table.model.add(expression <= outcome.value)
        return outcome.value

    def _settle_count(self) -> bool:
        if self._takes_all:
            return True
        selection = self._selection().minimise(None, self.session, TIE)
        count = len(self.plan)
        if selection.bound == count:
            self._table().model.add(self._table().choice.count() <= count)
            return True
        return self._settle(self._table().choice.count(), selection.bound) is not None

    def _settle_starts(self) -> bool:
        return self._settle(self._table().start_sum()) is not None

    def _settle_ids(self) -> bool:
        """Prefer the smaller id wherever two lists of modules first differ."""
        if self._takes_all:
            return True
        table = self._table()
        order = sorted(range(len(self.problem.modules)), key=lambda m: self.problem.modules[m].id)
        taken = {c.module for c in self.plan}
        for chunk in _chunks(order, ID_CHUNK):
            if not taken:
                break
            weights = [1 << (len(chunk) - 1 - i) for i in range(len(chunk))]
            literals = [table.choice.taken[m] for m in chunk]
            loss = sum(weights) - cp_model.LinearExpr.weighted_sum(literals, weights)
            if self._settle(loss) is None:
                return False
            chosen = {c.module for c in self.plan}
            for m in chunk:
                table.model.add(table.choice.taken[m] == int(m in chosen))
            taken = chosen - set(order[: order.index(chunk[-1]) + 1])
        return True

    def _settle_rest(self) -> bool:
        """Settle modes, then starts, over a problem of the taken modules alone."""
        chosen = {c.module for c in self.plan}
        order = sorted(chosen, key=lambda m: self.problem.modules[m].id)
        table = self._table()
        if isinstance(table, PeriodTimetable) and self._finds_first(table, order):
            return True
        ranks = [
            (
                cp_model.LinearExpr.weighted_sum(
                    table.choice.mode[m], list(range(len(table.choice.mode[m])))
                ),
                len(table.choice.mode[m]),
            )
            for m in order
            if len(table.choice.mode[m]) > 1
        ]
        starts = [(table.start_of(m), self.problem.deadline + 1) for m in order]
        return all(
            self._settle(expression, over_periods=Profile.PERIODS_RELAXED) is not None
            for digits in (ranks, starts)
            for expression in _numbers(digits)
        )

    def _finds_first(self, table: PeriodTimetable, order: Sequence[int]) -> bool:
        """Return whether a search in the order of the ties came to the plan that is first there."""
        if self.session.stopped:
            return False
        model = table.searched_in_order(order)
        outcome = self.session.solve(model, Profile.IN_ORDER, effort=FIRST_IN_ORDER)
        if outcome.infeasible:
            raise SolverFault("the timetable refutes a plan while breaking ties")
        if outcome.solution is None:
            return False
        self._adopt(table.read(outcome.solution))
        return True


def _chunks(items: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (items[i : i + size] for i in range(0, len(items), size))


def _numbers(digits: Sequence[Digit]) -> Iterable[cp_model.LinearExprT]:
    """Yield expressions that order digit vectors lexicographically, as few as weights allow.

    ``digits`` are (expression, radix) pairs, the most important first.
    """
    group: list[Digit] = []
    weight = 1
    for expression, radix in digits:
        if group and weight * radix > RADIX_LIMIT:
            yield _number(group)
            group, weight = [], 1
        group.append((expression, radix))
        weight *= radix
    if group:
        yield _number(group)


def _number(digits: Sequence[Digit]) -> cp_model.LinearExprT:
    weights = [1]
    for _, radix in reversed(digits[1:]):
        weights.append(weights[-1] * radix)
    return cp_model.LinearExpr.weighted_sum([e for e, _ in digits], weights[::-1])
