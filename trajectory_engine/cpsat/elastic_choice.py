"""A lower bound of the price at which limits give way: the choice of modules alone.

The calendar is left aside as in :mod:`trajectory_engine.cpsat.selection`, so that no amounts of the
knobs that allow a plan cost less.  What a limit says about time is stated as far as the choice can
see it: earliest ends, hours and uses in all.
"""

from __future__ import annotations

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.elastic_search import ElasticSearch, KnobVariables, Relaxed
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Session
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


class ElasticChoice(ElasticSearch):
    """The choice of modules of an elastic problem.

    Amounts that it finds need not allow a plan.  If those of least price that come first do allow
    one, they are also the cheapest that come first of the whole problem.
    """

    def __init__(self, elastic: ElasticProblem) -> None:
        self._problem = elastic.problem
        self._heads = compute_heads(elastic.problem)
        self._selection = SelectionModel(elastic.problem, self._heads)
        self.model = self._selection.model
        self.knobs = KnobVariables(self.model, elastic.knobs)
        for constraint in elastic.constraints:
            self._add(constraint)

    def _add(self, constraint: ElasticConstraint) -> None:
        model, knobs, choice = self.model, self.knobs, self._selection.choice
        match constraint:
            case ElasticRow():
                self._add_row(constraint)
            case ElasticNeed(ways, unless):
                model.add_bool_or([*map(choice.way, ways), *knobs.free(unless)])
            case ElasticClause(modules, unless):
                model.add_bool_or([*(choice.taken[m] for m in modules), *knobs.free(unless)])
            case ElasticStarts():
                self._forbid(constraint)
            case ElasticEnds(deadline, knob):
                late = cp_model.LinearExpr.sum(self._selection.beyond[deadline:])
                model.add(late <= knobs.amount[knob])
            case ElasticLoad(capacity, knob):
                self._limit_load(capacity, knob)
            case ElasticUse(resource, capacity, knob):
                self._limit_use(resource, capacity, knob)
            case ElasticPartners(m, modules, _, unless):
                taken = [choice.taken[other] for other in modules]
                model.add_bool_or([choice.taken[m].negated(), *taken, *knobs.free(unless)])
            case ElasticRule(guard, unless):
                kept = [] if guard is None else [choice.kept[guard]]
                model.add_bool_or([*kept, *knobs.free(unless)])

    def _add_row(self, constraint: ElasticRow) -> None:
        row, choice = constraint.row, self._selection.choice
        if row.when:
            return  # whether it holds is a matter of time
        give = self.knobs.give(constraint.knobs)
        conditions = [literal.negated() for literal in self.knobs.free(constraint.unless)]
        if row.least is not None:
            total = choice.timeless(row, largest=True)
            self.model.add(total + give >= row.least).only_enforce_if(conditions)
        if row.most is not None:
            total = choice.timeless(row, largest=False)
            self.model.add(total - give <= row.most).only_enforce_if(conditions)

    def _forbid(self, constraint: ElasticStarts) -> None:
        """Forbid a mode of which every possible start is forbidden."""
        m, k = constraint.module, constraint.mode
        head = self._heads.first_start(self._problem, m, k)
        starts = self._problem.modules[m].modes[k].starts
        if head is not None and all(s < head or s in constraint.starts for s in starts):
            mode = self._selection.choice.mode[m][k]
            self.model.add_bool_or([mode.negated(), *self.knobs.free(constraint.unless)])

    def _limit_load(self, capacity: tuple[int, ...], knob: int) -> None:
        """Limit the largest load of every mode, and the hours in all before the last end."""
        more, literals, hours = self.knobs.amount[knob], [], []
        most = max(capacity, default=0)
        for m, module in enumerate(self._problem.modules):
            for k, mode in enumerate(module.modes):
                if mode.hours:
                    literals.append(self._selection.choice.mode[m][k])
                    hours.append(mode.hours)
                    self.model.add(max(mode.load) <= most + more).only_enforce_if(literals[-1])
        total = cp_model.LinearExpr.weighted_sum(literals, hours)
        usual = cp_model.LinearExpr.weighted_sum(self._selection.beyond, list(capacity))
        self.model.add(total <= usual + len(capacity) * more)

    def _limit_use(self, resource: int, capacity: int, knob: int) -> None:
        """Limit what every mode uses in a period."""
        more = self.knobs.amount[knob]
        for m, module in enumerate(self._problem.modules):
            for k, mode in enumerate(module.modes):
                used = sum(amount for r, amount in mode.renewable if r == resource)
                if used > capacity and mode.duration:
                    taken = self._selection.choice.mode[m][k]
                    self.model.add(more >= used - capacity).only_enforce_if(taken)

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
