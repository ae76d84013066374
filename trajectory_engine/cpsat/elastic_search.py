"""What is common to the searches for the cheapest amounts of the knobs of an elastic problem.

The price of the slacks is minimised (elastic programs of Chinneck and Dravnieks, 1991); ties are
broken by the number of limits changed, then by their ids, then by the amounts in the order of the
ids.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.choice import ChoiceVariables
from trajectory_engine.cpsat.session import Session
from trajectory_engine.problem.elastic import (
    ElasticClause,
    ElasticConstraint,
    ElasticEnds,
    ElasticKnob,
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
from trajectory_engine.problem.teacher_problem import Choice, Row

ID_CHUNK = 20
"""Knobs whose order of ids is settled in one call: weights are powers of two."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Amounts of the knobs.

    Attributes
    ----------
    infeasible : bool
        No amounts allow a plan.
    amounts : tuple of int or None
        By knob; None if nothing was found.
    choices : tuple of Choice
        A plan that the amounts allow; empty where the calendar was left aside.
    price : int
        What the amounts cost.
    bound : int
        Proven: no amounts cost less.
    unique : bool
        Whether the ties were broken to the end.
    """

    infeasible: bool
    amounts: tuple[int, ...] | None = None
    choices: tuple[Choice, ...] = ()
    price: int = 0
    bound: int = 0
    unique: bool = False

    @property
    def proven(self) -> bool:
        """Whether there are amounts, and no others cost less."""
        return self.amounts is not None and self.price == self.bound


@dataclass(frozen=True, slots=True)
class Within:
    """What the cheapest amounts must keep to.

    Attributes
    ----------
    price : int or None
        Most that they may cost.
    excluded : tuple
        For every set of groups of knobs: not all of them may be turned.
    least : int
        Proven elsewhere: no amounts cost less.
    """

    price: int | None = None
    excluded: tuple[tuple[tuple[int, ...], ...], ...] = ()
    least: int = 0


ANYTHING = Within()


class KnobVariables:
    """The amounts of the knobs as variables of a model.

    Attributes
    ----------
    amount : list of IntVar
        By knob.
    """

    def __init__(self, model: cp_model.CpModel, knobs: Sequence[ElasticKnob]) -> None:
        self.knobs = knobs
        self.amount = [model.new_int_var(0, knob.most, "") for knob in knobs]
        self._model = model
        self._at_least: dict[tuple[int, int], cp_model.IntVar] = {}

    def turned(self, knob: int, amount: int = 1) -> cp_model.IntVar:
        """Return a literal that is true iff a knob is at an amount or more."""
        literal = self._at_least.get((knob, amount))
        if literal is None:
            literal = self._at_least[knob, amount] = self._model.new_bool_var("")
            value = self.amount[knob]
            self._model.add(value >= amount).only_enforce_if(literal)
            self._model.add(value <= amount - 1).only_enforce_if(literal.negated())
        return literal

    def free(self, unless: Unless) -> list[cp_model.IntVar]:
        """Return the literals that free a constraint."""
        return [self.turned(knob, amount) for knob, amount in unless]

    def give(self, knobs: Iterable[tuple[int, int]]) -> cp_model.LinearExpr:
        """Return the sum of (coefficient x amount) over (knob, coefficient) pairs."""
        pairs = tuple(knobs)
        return cp_model.LinearExpr.weighted_sum(
            [self.amount[knob] for knob, _ in pairs], [coefficient for _, coefficient in pairs]
        )

    def price(self) -> cp_model.LinearExprT:
        """Return what all amounts cost."""
        return cp_model.LinearExpr.weighted_sum(self.amount, [knob.price for knob in self.knobs])

    def keep(self, within: Within) -> None:
        """Demand what the amounts must keep to."""
        if within.price is not None:
            self._model.add(self.price() <= within.price)
        for groups in within.excluded:
            self._exclude(groups)

    def _exclude(self, groups: Iterable[Sequence[int]]) -> None:
        """Demand that of some groups of knobs at least one is not turned at all."""
        left: list[cp_model.IntVar] = []
        for group in groups:
            literal = self._model.new_bool_var("")
            for knob in group:
                self._model.add_implication(literal, self.turned(knob).negated())
            left.append(literal)
        self._model.add_bool_or(left)


class LimitsOfTime(Protocol):
    """An encoding, as far as limits of an elastic problem speak of time."""

    @property
    def choice(self) -> ChoiceVariables:
        """What is taken and formed."""

    def forbid_starts(
        self, m: int, k: int, starts: Collection[int], unless: Sequence[cp_model.IntVar]
    ) -> None:
        """Keep a mode from starting in some periods, unless one of the literals is true."""

    def end_by(self, deadline: int, give: cp_model.IntVar) -> None:
        """Keep every end at or before a deadline plus a slack."""

    def load_at_most(self, capacity: Sequence[int], give: cp_model.IntVar) -> None:
        """Keep the hours of every period at or below a capacity plus a slack."""

    def use_at_most(self, resource: int, capacity: int, give: cp_model.IntVar) -> None:
        """Keep the use of a resource in every period at or below a capacity plus a slack."""

    def keep_beside(
        self,
        m: int,
        modules: Sequence[int],
        unless: Sequence[cp_model.IntVar],
        *,
        together: bool,
    ) -> None:
        """Keep a module beside one of others, unless one of the literals is true."""


class ElasticSearch(ABC):
    """A model of an elastic problem, whole or relaxed, that is searched once.

    Parameters
    ----------
    elastic : ElasticProblem
    model : CpModel
        Of the problem without the limits that can give way.
    limits : LimitsOfTime
        States those that speak of time.

    Attributes
    ----------
    model : CpModel
    knobs : KnobVariables
    """

    def __init__(
        self, elastic: ElasticProblem, model: cp_model.CpModel, limits: LimitsOfTime
    ) -> None:
        self.model = model
        self.knobs = KnobVariables(model, elastic.knobs)
        self._limits = limits
        self._ways: dict[tuple[int, ...], cp_model.IntVar] = {}
        for constraint in elastic.constraints:
            self._add(constraint)

    def _way(self, way: tuple[int, ...]) -> cp_model.IntVar:
        """Return a literal that implies that all classes of a way are formed."""
        literal = self._ways.get(way)
        if literal is None:
            literal = self._ways[way] = self._limits.choice.way(way)
        return literal

    def _add(self, constraint: ElasticConstraint) -> None:
        model, limits, choice = self.model, self._limits, self._limits.choice
        amount, free = self.knobs.amount, self.knobs.free
        match constraint:
            case ElasticRow():
                self._add_row(constraint)
            case ElasticNeed(ways, unless):
                model.add_bool_or([*map(self._way, ways), *free(unless)])
            case ElasticClause(modules, unless):
                model.add_bool_or([*(choice.taken[m] for m in modules), *free(unless)])
            case ElasticStarts(m, k, starts, unless):
                limits.forbid_starts(m, k, starts, free(unless))
            case ElasticEnds(deadline, knob):
                limits.end_by(deadline, amount[knob])
            case ElasticLoad(capacity, knob):
                limits.load_at_most(capacity, amount[knob])
            case ElasticUse(resource, capacity, knob):
                limits.use_at_most(resource, capacity, amount[knob])
            case ElasticPartners(m, modules, together, unless):
                limits.keep_beside(m, modules, free(unless), together=together)
            case ElasticRule(guard, unless):
                kept = [] if guard is None else [choice.kept[guard]]
                model.add_bool_or([*kept, *free(unless)])

    def _add_row(self, constraint: ElasticRow) -> None:
        row = constraint.row
        conditions = self.conditions_of(row)
        if conditions is None:
            return
        give = self.knobs.give(constraint.knobs)
        conditions += [literal.negated() for literal in self.knobs.free(constraint.unless)]
        if row.least is not None:
            total = self.total_of(row, largest=True)
            self.model.add(total + give >= row.least).only_enforce_if(conditions)
        if row.most is not None:
            total = self.total_of(row, largest=False)
            self.model.add(total - give <= row.most).only_enforce_if(conditions)

    @abstractmethod
    def conditions_of(self, row: Row) -> list[cp_model.LiteralT] | None:
        """Return when a row holds, None if the model cannot tell."""

    @abstractmethod
    def total_of(self, row: Row, *, largest: bool) -> cp_model.LinearExpr:
        """Return what a row sums: where the model cannot tell, the largest or the smallest."""

    @abstractmethod
    def minimise(
        self, expression: cp_model.LinearExprT, session: Session, effort: float, least: int
    ) -> Relaxed:
        """Return amounts with the least value found of an expression, which is their ``price``.

        Parameters
        ----------
        effort : float
            Most effort of one call of the solver.
        least : int
            Known lower bound of the expression.
        """

    def cheapest(
        self,
        session: Session,
        effort: float,
        *,
        within: Within = ANYTHING,
        ties: bool = True,
    ) -> Relaxed:
        """Return the cheapest amounts, ties broken if asked for and effort is left.

        Parameters
        ----------
        effort : float
            Most effort of one call of the solver.
        """
        self.knobs.keep(within)
        found = self.minimise(self.knobs.price(), session, effort, within.least)
        if not found.proven or not ties:
            return found
        return self.without_ties(found, session, effort)

    def without_ties(self, found: Relaxed, session: Session, effort: float) -> Relaxed:
        """Return the one of the cheapest that comes first; ``found`` is one of them."""
        ties = _Ties(self.model, self.knobs, found)
        for expression, least in ties.stages():
            settled = self.minimise(expression, session, effort, least)
            if not settled.proven:
                return replace(ties.best, price=found.price, bound=found.price)
            ties.settle(expression, settled)
        return replace(ties.best, price=found.price, bound=found.price, unique=True)


class _Ties:
    """Stages that break the ties of the cheapest amounts.

    Fewest knobs, then their ids (with weights that are powers of two the first id at which two
    lists differ decides), then their amounts in the order of the ids.

    Attributes
    ----------
    best : Relaxed
        The first of the cheapest so far.
    """

    def __init__(self, model: cp_model.CpModel, knobs: KnobVariables, found: Relaxed) -> None:
        self.best = found
        self._model, self._knobs, self._price = model, knobs, found.price
        self._used = [knobs.turned(i) for i in range(len(knobs.amount))]
        model.add(knobs.price() <= found.price)

    def settle(self, expression: cp_model.LinearExprT, found: Relaxed) -> None:
        """Keep what a stage has reached."""
        self.best = found
        self._model.add(expression <= found.price)

    def _turned(self) -> list[int]:
        return [i for i, amount in enumerate(self.best.amounts or ()) if amount]

    def stages(self) -> Iterator[tuple[cp_model.LinearExprT, int]]:
        """Yield what is minimised next, with a lower bound.

        Stages that cannot change anything are left out.
        """
        total = cp_model.LinearExpr.sum(self._used)
        if len(self._turned()) > 1:
            yield total, 1
        count = len(self._turned())
        self._model.add(total <= count)
        rivals = self._alone() if count == 1 else list(range(len(self._used)))
        for first in range(0, len(rivals), ID_CHUNK):
            chunk = rivals[first : first + ID_CHUNK]
            if not any(i >= chunk[0] for i in self._turned()) or chunk == self._turned():
                break
            weights = [-(1 << (len(chunk) - 1 - i)) for i in range(len(chunk))]
            used = [self._used[i] for i in chunk]
            yield cp_model.LinearExpr.weighted_sum(used, weights), sum(weights)
        for i in self._turned()[:-1]:
            yield self._knobs.amount[i], 1

    def _alone(self) -> list[int]:
        """Return the knobs that could make up the whole price alone, up to the one turned."""
        price = self._price
        return [
            i
            for i, knob in enumerate(self._knobs.knobs[: self._turned()[0] + 1])
            if price % knob.price == 0 and price // knob.price <= knob.most
        ]
