"""What both encodings of the whole problem share: variables that know their value in a plan."""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.choice import ChoiceVariables
from trajectory_engine.problem.evaluate import Attainment, attain
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.teacher_problem import (
    Choice,
    Parallel,
    StartWindow,
    TeacherProblem,
)

Chosen = dict[int, Choice]
HintRule = Callable[[Chosen, Attainment], int]


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
            if not row.timed:
                continue
            literals = [self.choice.mode[m][k] for (m, k), _ in row.terms]
            coefficients = [coefficient for _, coefficient in row.terms]
            for window, coefficient in row.timed:
                inside = self._inside(window)
                literals += inside
                coefficients += [coefficient] * len(inside)
            total = cp_model.LinearExpr.weighted_sum(literals, coefficients)
            if row.least is not None:
                self.choice.guarded(self.model.add(total >= row.least), row.guard)
            if row.most is not None:
                self.choice.guarded(self.model.add(total <= row.most), row.guard)

    def _capacity(self, parallel: Parallel) -> cp_model.LinearExprT:
        """Return how many modes may run in parallel: all of them if the soft rule is broken."""
        if parallel.guard is None:
            return parallel.most
        rest = len(parallel.modes) - parallel.most
        return parallel.most + rest - rest * self.choice.kept[parallel.guard]

    def hint(self, choices: tuple[Choice, ...]) -> None:
        """Hint every variable with the values of a plan.

        Raises
        ------
        ValueError
            If a step of the plan starts before its entry holds.
        """
        state = attain(self.problem, choices)
        if state is None:
            raise ValueError("a plan to hint must respect the order of attainment")
        chosen = {c.module: c for c in choices}
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for variable, value in self.choice.hints(choices, state):
            self.model.add_hint(variable, value)
        for variable, rule in self._hint_rules:
            self.model.add_hint(variable, rule(chosen, state))
