"""Variables and constraints on what is taken and formed, without time.

Shared by the selection model and the timetable, so that the two cannot drift apart.
"""

from __future__ import annotations

from ortools.sat.python import cp_model

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import BY_RULE, Attainment, timeless_terms
from trajectory_engine.problem.teacher_problem import Choice, Row, TeacherProblem


class ChoiceVariables:
    """What is taken and what is formed.

    Attributes
    ----------
    mode : list of list of BoolVar
        ``mode[m][k]``: module m is taken in mode k.
    taken : list of BoolVar
        ``taken[m]``: module m is taken.
    formed : list of BoolVar
        ``formed[c]``: class c is formed by the end; true implies it is, false says nothing.
    by_rule : dict
        ``by_rule[c]``: class c is formed by f.
    """

    def __init__(self, model: cp_model.CpModel, problem: TeacherProblem) -> None:
        self.model = model
        self.problem = problem
        self.taken = [model.new_bool_var("") for _ in problem.modules]
        self.mode = [
            [taken] if len(m.modes) == 1 else [model.new_bool_var("") for _ in m.modes]
            for m, taken in zip(problem.modules, self.taken, strict=True)
        ]
        for taken, modes in zip(self.taken, self.mode, strict=True):
            if len(modes) > 1:
                model.add(cp_model.LinearExpr.sum(modes) == taken)
        self.formed = [model.new_bool_var("") for _ in problem.classes]
        self.by_rule: dict[int, cp_model.IntVar] = {}
        self._ways: list[tuple[cp_model.IntVar, tuple[int, ...]]] = []
        self._met: list[tuple[cp_model.IntVar, tuple[tuple[int, ...], ...]]] = []
        self._add_rule_formation()
        self._add_goals()
        self._add_rows()

    def _add_rule_formation(self) -> None:
        for c, node_class in enumerate(self.problem.classes):
            if node_class.rule_needs is None:
                continue
            literal = self.model.new_bool_var("") if node_class.providers else self.formed[c]
            self.by_rule[c] = literal
            for need in node_class.rule_needs:
                self.model.add_implication(literal, self.formed[need])

    def _way(self, way: tuple[int, ...]) -> cp_model.IntVar:
        """Return a literal that implies that all classes of a way are formed."""
        if len(way) == 1:
            return self.formed[way[0]]
        literal = self.model.new_bool_var("")
        self._ways.append((literal, way))
        for c in way:
            self.model.add_implication(literal, self.formed[c])
        return literal

    def _add_goals(self) -> None:
        for goal in self.problem.hard_goals:
            if len(goal.ways) == 1:
                for c in goal.ways[0]:
                    self.model.add(self.formed[c] == 1)
            else:
                self.model.add_bool_or([self._way(way) for way in goal.ways])
        for soft in self.problem.soft_goals:
            met = self.model.new_bool_var("")
            self._met.append((met, soft.ways))
            self.model.add_bool_or([met.negated(), *(self._way(way) for way in soft.ways)])

    def _add_rows(self) -> None:
        for row in self.problem.rows:
            if row.least is not None:
                self.model.add(self.timeless(row, largest=True) >= row.least)
            if row.most is not None:
                self.model.add(self.timeless(row, largest=False) <= row.most)
        for clause in self.problem.clauses:
            self.model.add_bool_or([self.taken[m] for m in clause.modules])

    def timeless(self, row: Row, *, largest: bool) -> cp_model.LinearExpr:
        """Return the sum of a row; what depends on starts, which are not seen here, is relaxed."""
        terms = timeless_terms(self.problem, row, largest=largest) if row.timed else row.terms
        literals = [self.mode[m][k] for (m, k), _ in terms]
        return cp_model.LinearExpr.weighted_sum(literals, [c for _, c in terms])

    def weighted(self, name: ObjectiveName) -> cp_model.LinearExprT:
        """Return the expression of an objective that depends on the choice alone."""
        if name is ObjectiveName.UNMET_GOALS:
            weights = [goal.weight for goal in self.problem.soft_goals]
            met = cp_model.LinearExpr.weighted_sum([v for v, _ in self._met], weights)
            return self.problem.base_unmet + sum(weights) - met
        literals = [x for modes in self.mode for x in modes]
        figures = [
            k.hours if name is ObjectiveName.STUDY_HOURS else k.price
            for m in self.problem.modules
            for k in m.modes
        ]
        return cp_model.LinearExpr.weighted_sum(literals, figures)

    def count(self) -> cp_model.LinearExprT:
        """Return the number of modules taken."""
        return cp_model.LinearExpr.sum(self.taken)

    def hints(
        self, choices: tuple[Choice, ...], state: Attainment
    ) -> list[tuple[cp_model.IntVar, int]]:
        """Return values of all variables of this part for a plan."""
        chosen = {c.module: c.mode for c in choices}
        formed = [at is not None for at in state.at]
        values = [(taken, int(m in chosen)) for m, taken in enumerate(self.taken)]
        values += [
            (x, int(chosen.get(m) == k))
            for m, modes in enumerate(self.mode)
            if len(modes) > 1
            for k, x in enumerate(modes)
        ]
        values += [(x, int(formed[c])) for c, x in enumerate(self.formed)]
        for c, literal in self.by_rule.items():
            if literal.index != self.formed[c].index:
                values.append((literal, int(state.cause[c] == BY_RULE)))
        values += [(x, int(all(formed[c] for c in way))) for x, way in self._ways]
        values += [
            (x, int(any(all(formed[c] for c in way) for way in ways))) for x, ways in self._met
        ]
        return values
