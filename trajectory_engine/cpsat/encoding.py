"""What both encodings of the whole problem share: variables that know their value in a plan."""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.choice import ChoiceVariables
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import Attainment, attain, is_met, shortfall_value
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.teacher_problem import (
    Choice,
    Parallel,
    Row,
    Shortfall,
    StartWindow,
    TeacherProblem,
)

Chosen = dict[int, Choice]
HintRule = Callable[[Chosen, Attainment], int]


def _shortfall_of(shortfall: Shortfall) -> HintRule:
    def value(chosen: Chosen, _: Attainment) -> int:
        return shortfall_value(shortfall, {(m, c.mode): c.start for m, c in chosen.items()})

    return value


def _met_by(windows: tuple[StartWindow, ...]) -> HintRule:
    def value(chosen: Chosen, _: Attainment) -> int:
        return int(is_met(windows, {(m, c.mode): c.start for m, c in chosen.items()}))

    return value


class Encoding:
    """A model of one teacher's problem that can be hinted completely.

    Attributes
    ----------
    problem : TeacherProblem
    model : CpModel
    choice : ChoiceVariables
    """

    def __init__(self, problem: TeacherProblem, heads: Heads) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.choice = ChoiceVariables(self.model, problem)
        self._heads = heads
        self._hint_rules: list[tuple[cp_model.IntVar, HintRule]] = []
        self._shortfalls: dict[ObjectiveName, cp_model.LinearExprT] = {}
        self._met: dict[tuple[StartWindow, ...], cp_model.IntVar] = {}

    def _int(self, domain: cp_model.Domain, hint: HintRule) -> cp_model.IntVar:
        variable = self.model.new_int_var_from_domain(domain, "")
        self._hint_rules.append((variable, hint))
        return variable

    def _bool(self, hint: HintRule) -> cp_model.IntVar:
        variable = self.model.new_bool_var("")
        self._hint_rules.append((variable, hint))
        return variable

    def _inside(self, window: StartWindow) -> list[cp_model.IntVar]:
        """Return literals of which exactly one is true iff a mode starts inside a window."""
        raise NotImplementedError

    def _add_timed_rows(self) -> None:
        """Add the rows that depend on starts; the choice alone only sees them relaxed."""
        for row in self.problem.rows:
            if not row.timed and not row.when:
                continue
            total = self.total(row)
            conditions = [self.is_met(windows) for windows in row.when]
            if row.guard is not None:
                conditions.append(self.choice.kept[row.guard])
            if row.least is not None:
                self.model.add(total >= row.least).only_enforce_if(conditions)
            if row.most is not None:
                self.model.add(total <= row.most).only_enforce_if(conditions)

    def is_met(self, windows: tuple[StartWindow, ...]) -> cp_model.IntVar:
        """Return a literal that is true if a mode starts inside its window; made once."""
        found = self._met.get(windows)
        if found is None:
            found = self._met[windows] = self._bool(_met_by(windows))
            for window in windows:
                for inside in self._inside(window):
                    self.model.add_implication(inside, found)
        return found

    def total(self, row: Row) -> cp_model.LinearExpr:
        """Return the sum of a row, what depends on starts included."""
        literals = [self.choice.mode[m][k] for (m, k), _ in row.terms]
        coefficients = [coefficient for _, coefficient in row.terms]
        for window, coefficient in row.timed:
            inside = self._inside(window)
            literals += inside
            coefficients += [coefficient] * len(inside)
        return cp_model.LinearExpr.weighted_sum(literals, coefficients)

    def expression(self, name: ObjectiveName) -> cp_model.LinearExprT:
        """Return the expression of an objective, building what it needs on first use."""
        if name is ObjectiveName.COMPLETION:
            return self._completion_expression()
        if name is ObjectiveName.PEAK_LOAD:
            return self._peak_expression()
        if name in self.problem.shortfalls:
            return self._money(name)
        return self.choice.weighted(name)

    def _completion_expression(self) -> cp_model.LinearExprT:
        raise NotImplementedError

    def _peak_expression(self) -> cp_model.LinearExprT:
        raise NotImplementedError

    def _capacity(self, parallel: Parallel) -> cp_model.LinearExprT:
        """Return how many modes may run in parallel: all of them if the soft rule is broken."""
        if parallel.guard is None:
            return parallel.most
        rest = len(parallel.modes) - parallel.most
        return parallel.most + rest - rest * self.choice.kept[parallel.guard]

    def _money(self, name: ObjectiveName) -> cp_model.LinearExprT:
        """Return an objective of money: every shortfall is at least each of its cuts."""
        if name not in self._shortfalls:
            most = sum(max((k.price for k in m.modes), default=0) for m in self.problem.modules)
            parts = []
            for shortfall in self.problem.shortfalls[name]:
                value = self._int(cp_model.Domain(0, most), _shortfall_of(shortfall))
                for cut in shortfall.cuts:
                    self.model.add(self.total(cut) - (cut.most or 0) <= value)
                parts.append((value, shortfall.weight))
            self._shortfalls[name] = cp_model.LinearExpr.weighted_sum(
                [value for value, _ in parts], [weight for _, weight in parts]
            )
        return self._shortfalls[name]

    def hint(self, choices: tuple[Choice, ...]) -> None:
        """Hint every variable with the values of a plan.

        Raises
        ------
        ValueError
            If a step of the plan starts before its entry holds.
        """
        values = self.values_of(choices)
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for variable, value in values:
            self.model.add_hint(variable, value)

    def values_of(self, choices: tuple[Choice, ...]) -> list[tuple[cp_model.IntVar, int]]:
        """Return the values of the variables for a plan.

        Raises
        ------
        ValueError
            If a step of the plan starts before its entry holds.
        """
        state = attain(self.problem, choices)
        if state is None:
            raise ValueError("a plan to hint must respect the order of attainment")
        chosen = {c.module: c for c in choices}
        own = [(variable, rule(chosen, state)) for variable, rule in self._hint_rules]
        return [*self.choice.hints(choices, state), *own]
