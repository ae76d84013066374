"""A lower bound of the price at which limits give way: the choice of modules alone.

The calendar is left aside as in :mod:`trajectory_engine.cpsat.selection`, so that no amounts of the
knobs that allow a plan cost less.  What a limit says about time is stated as far as the choice can
see it: earliest ends, hours and uses in all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.choice import ChoiceVariables
from trajectory_engine.cpsat.elastic_search import ElasticSearch, Relaxed
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Session
from trajectory_engine.problem.elastic import ElasticProblem
from trajectory_engine.problem.heads import Heads, compute_heads
from trajectory_engine.problem.teacher_problem import Row


class LimitsOfChoice:
    """What the choice of modules can see of limits that speak of time.

    Attributes
    ----------
    choice : ChoiceVariables
    """

    def __init__(self, selection: SelectionModel, heads: Heads) -> None:
        self._problem = selection.problem
        self._model = selection.model
        self._beyond = selection.beyond
        self._heads = heads
        self.choice: ChoiceVariables = selection.choice

    def forbid_starts(
        self, m: int, k: int, starts: Collection[int], unless: Sequence[cp_model.IntVar]
    ) -> None:
        """Forbid a mode of which every possible start is forbidden."""
        head = self._heads.first_start(self._problem, m, k)
        possible = self._problem.modules[m].modes[k].starts
        if head is not None and all(s < head or s in starts for s in possible):
            self._model.add_bool_or([self.choice.mode[m][k].negated(), *unless])

    def end_by(self, deadline: int, give: cp_model.IntVar) -> None:
        """Limit the periods after a deadline in which something earliest ends."""
        self._model.add(cp_model.LinearExpr.sum(self._beyond[deadline:]) <= give)

    def load_at_most(self, capacity: Sequence[int], give: cp_model.IntVar) -> None:
        """Limit the largest load of every mode, and the hours in all before the last end."""
        literals, hours = [], []
        most = max(capacity, default=0)
        for m, module in enumerate(self._problem.modules):
            for k, mode in enumerate(module.modes):
                if mode.hours:
                    literals.append(self.choice.mode[m][k])
                    hours.append(mode.hours)
                    self._model.add(max(mode.load) <= most + give).only_enforce_if(literals[-1])
        total = cp_model.LinearExpr.weighted_sum(literals, hours)
        usual = cp_model.LinearExpr.weighted_sum(self._beyond, list(capacity))
        self._model.add(total <= usual + len(capacity) * give)

    def use_at_most(self, resource: int, capacity: int, give: cp_model.IntVar) -> None:
        """Limit what every mode uses in a period."""
        for m, module in enumerate(self._problem.modules):
            for k, mode in enumerate(module.modes):
                used = sum(amount for r, amount in mode.renewable if r == resource)
                if used > capacity and mode.duration:
                    taken = self.choice.mode[m][k]
                    self._model.add(give >= used - capacity).only_enforce_if(taken)

    def keep_beside(
        self,
        m: int,
        modules: Sequence[int],
        unless: Sequence[cp_model.IntVar],
        *,
        together: bool,
    ) -> None:
        """Demand one of some modules with another one, whenever they run."""
        taken = [self.choice.taken[other] for other in modules]
        self._model.add_bool_or([self.choice.taken[m].negated(), *taken, *unless])


class ElasticChoice(ElasticSearch):
    """The choice of modules of an elastic problem.

    Amounts that it finds need not allow a plan.  If those of least price that come first do allow
    one, they are also the cheapest that come first of the whole problem.
    """

    def __init__(self, elastic: ElasticProblem) -> None:
        heads = compute_heads(elastic.problem)
        self._selection = SelectionModel(elastic.problem, heads)
        limits = LimitsOfChoice(self._selection, heads)
        super().__init__(elastic, self._selection.model, limits)

    def conditions_of(self, row: Row) -> list[cp_model.LiteralT] | None:
        """Return no condition; None where a row has one, since that is a matter of time."""
        return None if row.when else []

    def total_of(self, row: Row, *, largest: bool) -> cp_model.LinearExpr:
        """Return the largest or the smallest that a row may sum, whenever the modes start."""
        return self._selection.choice.timeless(row, largest=largest)

    def minimise(
        self, expression: cp_model.LinearExprT, session: Session, effort: float, least: int
    ) -> Relaxed:
        """Return amounts with the least value of an expression over choices without circles."""
        found = self._selection.minimise_expression(expression, session, effort)
        bound = least if found.bound is None else max(least, found.bound)
        if found.modes is None:
            return Relaxed(found.infeasible, bound=bound)
        amounts = tuple(found.values[x.index] for x in self.knobs.amount)
        return Relaxed(False, amounts, (), found.value, bound)
