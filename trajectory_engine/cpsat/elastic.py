"""The cheapest way in which limits give way: the whole problem with a slack for every limit.

The same encodings as the production models, over a problem without the negotiable limits; these
are stated on top of it, each with its slack variable.
"""

from __future__ import annotations

from dataclasses import replace

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.elastic_search import (
    ANYTHING,
    ElasticSearch,
    Relaxed,
    Within,
)
from trajectory_engine.cpsat.periods import PeriodTimetable, supports
from trajectory_engine.cpsat.session import Profile, Session, SolverFault
from trajectory_engine.cpsat.ties import Table
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.problem.elastic import ElasticProblem
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice, Row


class ElasticModel(ElasticSearch):
    """CP-SAT model of an elastic problem.

    Parameters
    ----------
    elastic : ElasticProblem
    by_period : bool
        Whether over period literals, not intervals.
    """

    def __init__(self, elastic: ElasticProblem, *, by_period: bool) -> None:
        problem = elastic.problem
        heads = compute_heads(problem)
        self._profile = Profile.PERIODS if by_period else Profile.INTERVALS
        self._table: Table = (
            PeriodTimetable(problem, heads) if by_period else Timetable(problem, heads)
        )
        super().__init__(elastic, self._table.model, self._table)

    def conditions_of(self, row: Row) -> list[cp_model.LiteralT]:
        """Return when a row holds."""
        return [self._table.is_met(ways) for ways in row.when]

    def total_of(self, row: Row, *, largest: bool) -> cp_model.LinearExpr:
        """Return what a row sums, which the model can always tell."""
        return self._table.total(row)

    def amounts_for(self, choices: tuple[Choice, ...], session: Session, effort: float) -> Relaxed:
        """Return the cheapest amounts that allow one plan; the bound speaks of no other plan."""
        for variable, value in self._table.values_of(choices):
            self.model.add(variable == value)
        return replace(self.minimise(self.knobs.price(), session, effort, 0), bound=0)

    def minimise(
        self, expression: cp_model.LinearExprT, session: Session, effort: float, least: int
    ) -> Relaxed:
        """Return amounts, and a plan that they allow, with the least value of an expression."""
        self.model.minimize(expression)
        outcome = session.solve(self.model, self._profile, effort=effort, known_bound=least)
        if outcome.infeasible or outcome.solution is None:
            return Relaxed(outcome.infeasible)
        amounts = tuple(outcome.solution[x.index] for x in self.knobs.amount)
        choices = self._table.read(outcome.solution)
        bound = least if outcome.bound is None else outcome.bound
        return Relaxed(False, amounts, choices, outcome.value or 0, bound)


def cheapest(
    elastic: ElasticProblem,
    session: Session,
    effort: float,
    *,
    within: Within = ANYTHING,
    ties: bool = True,
) -> Relaxed:
    """Return the cheapest amounts: with intervals first, which find plans soon.

    If they are not proven so, the period encoding goes on from their price.

    Parameters
    ----------
    effort : float
        Most effort of one call of the solver.
    """
    found = Relaxed(infeasible=False)
    for by_period in (False, True) if supports(elastic.problem) else (False,):
        model = ElasticModel(elastic, by_period=by_period)
        better = model.cheapest(session, effort, within=within, ties=ties)
        if better.infeasible and found.amounts is not None:
            raise SolverFault("two encodings of an elastic problem contradict each other")
        if better.infeasible or better.proven:
            return better
        if better.amounts is not None:
            found = better
            within = replace(within, price=better.price, least=max(within.least, better.bound))
        if session.stopped:
            break
    return found


def amounts_for(elastic: ElasticProblem, choices: tuple[Choice, ...], session: Session) -> Relaxed:
    """Return the cheapest amounts that allow one plan of an elastic problem."""
    model = ElasticModel(elastic, by_period=False)
    return model.amounts_for(choices, session, session.effort_left)
