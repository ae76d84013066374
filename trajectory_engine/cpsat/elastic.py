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
    KnobVariables,
    Relaxed,
    Within,
)
from trajectory_engine.cpsat.periods import PeriodTimetable, supports
from trajectory_engine.cpsat.session import Profile, Session, SolverFault
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.problem.elastic import (
    ElasticClause,
    ElasticConstraint,
    ElasticEnds,
    ElasticLoad,
    ElasticNeed,
    ElasticPartners,
    ElasticProblem,
    ElasticRow,
    ElasticRule,
    ElasticStarts,
    ElasticUse,
)
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice


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
        self._table: Timetable | PeriodTimetable = (
            PeriodTimetable(problem, heads) if by_period else Timetable(problem, heads)
        )
        self.model = self._table.model
        self.knobs = KnobVariables(self.model, elastic.knobs)
        self._ways: dict[tuple[int, ...], cp_model.IntVar] = {}
        for constraint in elastic.constraints:
            self._add(constraint)

    def _way(self, way: tuple[int, ...]) -> cp_model.IntVar:
        """Return a literal that implies that all classes of a way are formed."""
        literal = self._ways.get(way)
        if literal is None:
            literal = self._ways[way] = self._table.choice.way(way)
        return literal

    def _add(self, constraint: ElasticConstraint) -> None:
        table, model, knobs = self._table, self.model, self.knobs
        match constraint:
            case ElasticRow():
                self._add_row(constraint)
            case ElasticNeed(ways, unless):
                model.add_bool_or([*map(self._way, ways), *knobs.free(unless)])
            case ElasticClause(modules, unless):
                taken = [table.choice.taken[m] for m in modules]
                model.add_bool_or([*taken, *knobs.free(unless)])
            case ElasticStarts(m, k, starts, unless):
                table.forbid_starts(m, k, starts, knobs.free(unless))
            case ElasticEnds(deadline, knob):
                table.end_by(deadline, knobs.amount[knob])
            case ElasticLoad(capacity, knob):
                table.load_at_most(capacity, knobs.amount[knob])
            case ElasticUse(resource, capacity, knob):
                table.use_at_most(resource, capacity, knobs.amount[knob])
            case ElasticPartners(m, modules, together, unless):
                table.keep_beside(m, modules, knobs.free(unless), together=together)
            case ElasticRule(guard, unless):
                kept = [] if guard is None else [table.choice.kept[guard]]
                model.add_bool_or([*kept, *knobs.free(unless)])

    def _add_row(self, constraint: ElasticRow) -> None:
        row = constraint.row
        total, give = self._table.total(row), self.knobs.give(constraint.knobs)
        conditions: list[cp_model.LiteralT] = [self._table.is_met(ws) for ws in row.when]
        conditions += [literal.negated() for literal in self.knobs.free(constraint.unless)]
        if row.least is not None:
            self.model.add(total + give >= row.least).only_enforce_if(conditions)
        if row.most is not None:
            self.model.add(total - give <= row.most).only_enforce_if(conditions)

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
