"""The cheapest way in which limits give way: the whole problem with a slack for every limit.

The same encodings as the production models, over a problem without the negotiable limits; these
are stated on top of it, each with its slack variable (after the elastic programs of Chinneck and
Dravnieks, 1991).  The price of the slacks is minimised; ties are broken by the number of limits
changed, then by their ids, then by the amounts in the order of the ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

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
    Unless,
)
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice

ID_CHUNK = 20
"""Knobs whose order of ids is settled in one call: weights are powers of two."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Amounts of the knobs, and a plan that they allow.

    Attributes
    ----------
    infeasible : bool
        No amounts allow a plan.
    amounts : tuple of int or None
        By knob; None if nothing was found.
    proven : bool
        Whether no other amounts cost less.
    unique : bool
        Whether the ties were broken to the end.
    """

    infeasible: bool
    amounts: tuple[int, ...] | None = None
    choices: tuple[Choice, ...] = ()
    price: int = 0
    proven: bool = False
    unique: bool = False


class ElasticModel:
    """CP-SAT model of an elastic problem.

    Parameters
    ----------
    elastic : ElasticProblem
    by_period : bool
        Whether over period literals, not intervals.
    """

    def __init__(self, elastic: ElasticProblem, *, by_period: bool) -> None:
        self.elastic = elastic
        problem = elastic.problem
        heads = compute_heads(problem)
        self._profile = Profile.PERIODS if by_period else Profile.INTERVALS
        self._table: Timetable | PeriodTimetable = (
            PeriodTimetable(problem, heads) if by_period else Timetable(problem, heads)
        )
        self.model = self._table.model
        self._amount = [self.model.new_int_var(0, knob.most, "") for knob in elastic.knobs]
        self._at_least: dict[tuple[int, int], cp_model.IntVar] = {}
        self._ways: dict[tuple[int, ...], cp_model.IntVar] = {}
        for constraint in elastic.constraints:
            self._add(constraint)
        self._used = [self._turned(i) for i in range(len(elastic.knobs))]

    def _turned(self, knob: int, amount: int = 1) -> cp_model.IntVar:
        """Return a literal that is true iff a knob is at an amount or more."""
        literal = self._at_least.get((knob, amount))
        if literal is None:
            literal = self._at_least[knob, amount] = self.model.new_bool_var("")
            value = self._amount[knob]
            self.model.add(value >= amount).only_enforce_if(literal)
            self.model.add(value <= amount - 1).only_enforce_if(literal.negated())
        return literal

    def _way(self, way: tuple[int, ...]) -> cp_model.IntVar:
        """Return a literal that implies that all classes of a way are formed."""
        literal = self._ways.get(way)
        if literal is None:
            literal = self._ways[way] = self.model.new_bool_var("")
            for c in way:
                self.model.add_implication(literal, self._table.choice.formed[c])
        return literal

    def _add(self, constraint: ElasticConstraint) -> None:
        table, model = self._table, self.model
        match constraint:
            case ElasticRow():
                self._add_row(constraint)
            case ElasticNeed(ways, unless):
                model.add_bool_or([*map(self._way, ways), *self._free(unless)])
            case ElasticClause(modules, unless):
                taken = [table.choice.taken[m] for m in modules]
                model.add_bool_or([*taken, *self._free(unless)])
            case ElasticStarts(m, k, starts, unless):
                table.forbid_starts(m, k, starts, self._free(unless))
            case ElasticEnds(deadline, knob):
                table.end_by(deadline, self._amount[knob])
            case ElasticLoad(capacity, knob):
                table.load_at_most(capacity, self._amount[knob])
            case ElasticUse(resource, capacity, knob):
                table.use_at_most(resource, capacity, self._amount[knob])
            case ElasticPartners(m, modules, together, unless):
                table.keep_beside(m, modules, self._free(unless), together=together)
            case ElasticRule(guard, unless):
                kept = [] if guard is None else [table.choice.kept[guard]]
                model.add_bool_or([*kept, *self._free(unless)])

    def _free(self, unless: Unless) -> list[cp_model.IntVar]:
        return [self._turned(knob, amount) for knob, amount in unless]

    def _add_row(self, constraint: ElasticRow) -> None:
        row = constraint.row
        total = self._table.total(row)
        give = cp_model.LinearExpr.weighted_sum(
            [self._amount[knob] for knob, _ in constraint.knobs],
            [coefficient for _, coefficient in constraint.knobs],
        )
        conditions: list[cp_model.LiteralT] = [self._table.is_met(ws) for ws in row.when]
        conditions += [literal.negated() for literal in self._free(constraint.unless)]
        if row.least is not None:
            self.model.add(total + give >= row.least).only_enforce_if(conditions)
        if row.most is not None:
            self.model.add(total - give <= row.most).only_enforce_if(conditions)

    def limit_price(self, most: int) -> None:
        """Demand that the amounts cost no more than that."""
        self.model.add(self._price(self._amount) <= most)

    def exclude(self, groups: Iterable[Sequence[int]]) -> None:
        """Demand that of some groups of knobs at least one is not turned at all."""
        left: list[cp_model.IntVar] = []
        for group in groups:
            literal = self.model.new_bool_var("")
            for knob in group:
                self.model.add_implication(literal, self._used[knob].negated())
            left.append(literal)
        self.model.add_bool_or(left)

    def amounts_for(self, choices: tuple[Choice, ...], session: Session, effort: float) -> Relaxed:
        """Return the cheapest amounts that allow one plan; proven only of this plan."""
        model = self.model.clone()
        for variable, value in self._table.values_of(choices):
            model.add(model.get_int_var_from_proto_index(variable.index) == value)
        return replace(
            self._minimise(model, self._price(self._amount), session, effort), proven=False
        )

    def cheapest(self, session: Session, effort: float, *, ties: bool = True) -> Relaxed:
        """Return the cheapest amounts, ties broken if asked for and effort is left.

        Parameters
        ----------
        effort : float
            Most effort of one call of the solver.
        """
        found = self._minimise(self.model, self._price(self._amount), session, effort)
        if found.amounts is None or not found.proven or not ties:
            return found
        return self._without_ties(found, session, effort)

    def _price(self, amounts: Sequence[cp_model.IntVar]) -> cp_model.LinearExprT:
        prices = [knob.price for knob in self.elastic.knobs]
        return cp_model.LinearExpr.weighted_sum(amounts, prices)

    def _without_ties(self, found: Relaxed, session: Session, effort: float) -> Relaxed:
        """Return the one of the cheapest that comes first; the model itself stays as it is."""
        ties = _Ties(self, found)
        for expression in ties.stages():
            settled = self._minimise(ties.model, expression, session, effort)
            if settled.amounts is None or not settled.proven:
                return replace(ties.best, price=found.price, proven=True)
            ties.settle(expression, settled)
        return replace(ties.best, price=found.price, proven=True, unique=True)

    def _minimise(
        self,
        model: cp_model.CpModel,
        expression: cp_model.LinearExprT,
        session: Session,
        effort: float,
    ) -> Relaxed:
        model.minimize(expression)
        outcome = session.solve(model, self._profile, effort=effort)
        if outcome.infeasible or outcome.solution is None:
            return Relaxed(outcome.infeasible)
        amounts = tuple(outcome.solution[x.index] for x in self._amount)
        choices = self._table.read(outcome.solution)
        value = outcome.value or 0
        return Relaxed(False, amounts, choices, value, outcome.bound == value)


@dataclass(frozen=True, slots=True)
class Within:
    """What the cheapest amounts must keep to.

    Attributes
    ----------
    price : int or None
        Most that they may cost.
    excluded : tuple
        For every set of groups of knobs: not all of them may be turned.
    """

    price: int | None = None
    excluded: tuple[tuple[tuple[int, ...], ...], ...] = ()


ANYTHING = Within()


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
    found, price = Relaxed(infeasible=False), within.price
    for by_period in (False, True) if supports(elastic.problem) else (False,):
        model = ElasticModel(elastic, by_period=by_period)
        if price is not None:
            model.limit_price(price)
        for groups in within.excluded:
            model.exclude(groups)
        better = model.cheapest(session, effort, ties=ties)
        if better.infeasible and found.amounts is not None:
            raise SolverFault("two encodings of an elastic problem contradict each other")
        if better.infeasible or better.proven:
            return better
        if better.amounts is not None:
            found, price = better, better.price
        if session.stopped:
            break
    return found


def amounts_for(elastic: ElasticProblem, choices: tuple[Choice, ...], session: Session) -> Relaxed:
    """Return the cheapest amounts that allow one plan of an elastic problem."""
    model = ElasticModel(elastic, by_period=False)
    return model.amounts_for(choices, session, session.effort_left)


class _Ties:
    """Stages that break the ties of the cheapest amounts, on a copy of the model.

    Fewest knobs, then their ids (with weights that are powers of two the first id at which two
    lists differ decides), then their amounts in the order of the ids.

    Attributes
    ----------
    best : Relaxed
        The first of the cheapest so far.
    """

    def __init__(self, elastic: ElasticModel, found: Relaxed) -> None:
        self.model = model = elastic.model.clone()
        self.best = found
        self._knobs, self._price = elastic.elastic.knobs, found.price
        self._used = [model.get_bool_var_from_proto_index(x.index) for x in elastic._used]
        self._amount = [model.get_int_var_from_proto_index(x.index) for x in elastic._amount]
        model.add(elastic._price(self._amount) <= found.price)

    def settle(self, expression: cp_model.LinearExprT, found: Relaxed) -> None:
        """Keep what a stage has reached."""
        self.best = found
        self.model.add(expression <= found.price)

    def _turned(self) -> list[int]:
        return [i for i, amount in enumerate(self.best.amounts or ()) if amount]

    def stages(self) -> Iterator[cp_model.LinearExprT]:
        """Yield what is minimised next; stages that cannot change anything are left out."""
        total = cp_model.LinearExpr.sum(self._used)
        if len(self._turned()) > 1:
            yield total
        count = len(self._turned())
        self.model.add(total <= count)
        rivals = self._alone() if count == 1 else list(range(len(self._used)))
        for first in range(0, len(rivals), ID_CHUNK):
            chunk = rivals[first : first + ID_CHUNK]
            if not any(i >= chunk[0] for i in self._turned()) or chunk == self._turned():
                break
            weights = [-(1 << (len(chunk) - 1 - i)) for i in range(len(chunk))]
            used = [self._used[i] for i in chunk]
            yield cp_model.LinearExpr.weighted_sum(used, weights)
        for i in self._turned()[:-1]:
            yield self._amount[i]

    def _alone(self) -> list[int]:
        """Return the knobs that could make up the whole price alone, up to the one turned."""
        price = self._price
        return [
            i
            for i, knob in enumerate(self._knobs[: self._turned()[0] + 1])
            if price % knob.price == 0 and price // knob.price <= knob.most
        ]
