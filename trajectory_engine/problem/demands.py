"""What a question asks of a plan beyond the scenario: limits on objectives, takings to avoid.

The reductions of :mod:`trajectory_engine.problem.candidates` keep the optimum because a module
outside the closure of the goals can be left out of any plan.  They keep the answers to these
questions for the same reason: both kinds of demand still hold after modules have been left out.
A limit says "at most" of an objective that leaving such modules out never raises (what goals and
soft rules ask for is inside the closure), and a packing says "at most" of takings.  A demand
that leaving modules out could violate would need its modules as seeds of the closure, as
covering rules do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.teacher_problem import Row, TeacherProblem, ending_by

OF_MONEY = (ObjectiveName.OWN_COST, ObjectiveName.FUNDING_ORDER)
"""Objectives that a problem counts only where they are asked for."""
ModeKey = tuple[str, str]
"""(module id, mode id)."""


@dataclass(frozen=True, slots=True)
class Packing:
    """At most ``most`` of these modes are taken."""

    modes: frozenset[ModeKey]
    most: int


@dataclass(frozen=True, slots=True)
class Demands:
    """Limits on objectives, and packings."""

    limits: tuple[tuple[ObjectiveName, int], ...] = ()
    packings: tuple[Packing, ...] = ()

    def applied(self, problem: TeacherProblem) -> TeacherProblem:
        """Return the problem whose plans are those that also satisfy the demands.

        Raises
        ------
        ValueError
            If an objective of money is limited that the problem does not count: a fault of those
            who ask.
        """
        if not self.limits and not self.packings:
            return problem
        uncounted = [n for n, _ in self.limits if n in OF_MONEY and n not in problem.shortfalls]
        if uncounted:
            raise ValueError(f"{uncounted[0]} is limited and no objective of the problem")
        rows = (*problem.rows, *(_row(problem, packing) for packing in self.packings))
        limited = replace(problem, rows=rows, limits=(*problem.limits, *self.limits))
        ends = [most for name, most in self.limits if name is ObjectiveName.COMPLETION]
        return ending_by(limited, max(0, min([problem.deadline, *ends])))


NO_DEMANDS = Demands()


def _row(problem: TeacherProblem, packing: Packing) -> Row:
    terms = tuple(
        ((m, k), 1)
        for m, module in enumerate(problem.modules)
        for k, mode in enumerate(module.modes)
        if (module.id, mode.id) in packing.modes
    )
    return Row("demand", terms, None, packing.most, covering=False)
