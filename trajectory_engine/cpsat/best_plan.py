"""The best plan that a search has found so far, worked out again before it is taken."""

from __future__ import annotations

from collections.abc import Iterable

from trajectory_engine.cpsat.session import SolverFault
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import Attainment, attain, is_plan, objective_values
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem


class BestPlan:
    """The best plan of a problem that is known.

    Attributes
    ----------
    choices : tuple of Choice or None
        By start, then by module; None without a plan.
    values : dict
        By objective of the problem; empty without a plan.
    """

    def __init__(self, problem: TeacherProblem) -> None:
        self.choices: tuple[Choice, ...] | None = None
        self.values: dict[ObjectiveName, int] = {}
        self._problem = problem

    def is_proven(self, name: ObjectiveName, bound: int | None) -> bool:
        """Return whether a plan is known that reaches a lower bound of an objective."""
        return self.choices is not None and bound is not None and self.values[name] <= bound

    def offer(
        self,
        choices: tuple[Choice, ...] | None,
        name: ObjectiveName,
        limits: Iterable[tuple[ObjectiveName, int]],
    ) -> None:
        """Adopt a plan, if it is one, keeps the limits and is better in an objective.

        Raises
        ------
        SolverFault
            If a module starts before its entry holds.
        """
        if choices is None:
            return
        state = attain(self._problem, choices)
        if state is None:
            raise SolverFault("a plan starts before its entry holds")
        values = objective_values(self._problem, choices, state)
        kept = all(values[limited] <= most for limited, most in limits)
        if kept and (self.choices is None or values[name] < self.values[name]):
            self.adopt(choices, state)

    def adopt(self, choices: tuple[Choice, ...], state: Attainment | None = None) -> None:
        """Take a plan, whatever was known before.

        Parameters
        ----------
        state : Attainment, optional
            What the plan attains, if that is known.

        Raises
        ------
        SolverFault
            If it is no plan of the problem.
        """
        state = state or attain(self._problem, choices)
        if state is None or not is_plan(self._problem, choices, state):
            raise SolverFault("a plan does not satisfy its own problem")
        self.choices = tuple(sorted(choices, key=lambda c: (c.start, c.module)))
        values = objective_values(self._problem, choices, state)
        self.values = {s.name: values[s.name] for s in self._problem.objectives}
