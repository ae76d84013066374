"""Variables and constraints on what is taken and formed, without time.

Shared by the selection model and the timetable, so that the two cannot drift apart.
"""

from __future__ import annotations

from ortools.sat.python import cp_model

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import (
    BY_RULE,
    Attainment,
    rules_broken,
    timeless_terms,
)
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
    kept : list of BoolVar
        ``kept[i]``: soft rule i is kept; true implies it is, false says nothing.
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
        self.kept = [model.new_bool_var("") for _ in problem.soft_rules]
        self._ways: list[tuple[cp_model.IntVar, tuple[int, ...]]] = []
        self._met: list[tuple[cp_model.IntVar, tuple[tuple[int, ...], ...]]] = []
        self._add_rule_formation()
        self._add_goals()
        self._add_rows()
        self._add_state_rows()
        self._add_relations()

    def guarded(self, constraint: cp_model.Constraint, guard: int | None) -> None:
        """Ask for a linear constraint only if the soft rule that it is part of is kept."""
        if guard is not None:
            constraint.only_enforce_if(self.kept[guard])

    def unless_broken(self, guard: int | None) -> list[cp_model.LiteralT]:
        """Return the literals that excuse a clause: that the soft rule it is part of is broken."""
        return [] if guard is None else [self.kept[guard].negated()]

    def _add_rule_formation(self) -> None:
        for c, node_class in enumerate(self.problem.classes):
            if node_class.rule_needs is None:
                if not node_class.providers:
                    # Its modules have been left out: nothing forms it any more.
                    self.model.add(self.formed[c] == 0)
                continue
            literal = self.model.new_bool_var("") if node_class.providers else self.formed[c]
            self.by_rule[c] = literal
            for need in node_class.rule_needs:
                self.model.add_implication(literal, self.formed[need])

    def way(self, way: tuple[int, ...]) -> cp_model.IntVar:
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
                    self.guarded(self.model.add(self.formed[c] == 1), goal.guard)
            else:
                ways = [self.way(way) for way in goal.ways]
                self.model.add_bool_or([*ways, *self.unless_broken(goal.guard)])
        for soft in self.problem.soft_goals:
            met = self.model.new_bool_var("")
            self._met.append((met, soft.ways))
            self.model.add_bool_or([met.negated(), *(self.way(way) for way in soft.ways)])

    def _add_rows(self) -> None:
        for row in self.problem.rows:
            if row.when:
                continue  # whether it holds is a matter of time
            if row.least is not None:
                least = self.model.add(self.timeless(row, largest=True) >= row.least)
                self.guarded(least, row.guard)
            if row.most is not None:
                most = self.model.add(self.timeless(row, largest=False) <= row.most)
                self.guarded(most, row.guard)
        for clause in self.problem.clauses:
            taken = [self.taken[m] for m in clause.modules]
            self.model.add_bool_or([*taken, *self.unless_broken(clause.guard)])

    def _add_state_rows(self) -> None:
        """Add rows over what is formed; there "formed" must also be true if it is the case."""
        exact = {c for row in self.problem.state_rows for c, _ in row.terms}
        for c in sorted(exact):
            for m in self.problem.classes[c].providers:
                self.model.add_implication(self.taken[m], self.formed[c])
        for row in self.problem.state_rows:
            literals = [self.formed[c] for c, _ in row.terms]
            total = cp_model.LinearExpr.weighted_sum(literals, [v for _, v in row.terms])
            self.guarded(self.model.add(total >= row.least), row.guard)

    def _add_relations(self) -> None:
        """Ask for what must be taken beside a module; when it must, is a matter of time."""
        for taken, module in zip(self.taken, self.problem.modules, strict=True):
            for alternatives in (*module.co, *module.strict_co):
                self.model.add_bool_or([taken.negated(), *(self.taken[a] for a in alternatives)])

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
        if name is ObjectiveName.SOFT_RULES:
            weights = [rule.weight for rule in self.problem.soft_rules]
            kept = cp_model.LinearExpr.weighted_sum(self.kept, weights)
            return self.problem.base_broken + sum(weights) - kept
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
        broken = rules_broken(self.problem, choices, state)
        values += [(x, int(i not in broken)) for i, x in enumerate(self.kept)]
        values += [(x, int(all(formed[c] for c in way))) for x, way in self._ways]
        values += [
            (x, int(any(all(formed[c] for c in way) for way in ways))) for x, ways in self._met
        ]
        return values
