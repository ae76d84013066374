"""What a reduction did, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one step makes of a problem.

    Attributes
    ----------
    plan : tuple of Choice or None
        A plan of the problem as it came in.
    bound : int or None
        Lower bound of the leading objective.
    is_best : bool
        Whether the plan is worth the bound.
    """

    problem: TeacherProblem
    plan: tuple[Choice, ...] | None = None
    bound: int | None = None
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a problem.

    Attributes
    ----------
    nodes : int
        Nodes of the graph in the classes.
    rows : int
        Linear rows, clauses, goals and the groups of entry conditions.
    starts : int
        Modes times their starts.
    """

    nodes: int
    classes: int
    modules: int
    modes: int
    rows: int
    starts: int

    @classmethod
    def of(cls, problem: TeacherProblem) -> Size:
        """Return the size of a problem."""
        modules = problem.modules
        constraints = (problem.rows, problem.clauses, problem.hard_goals, problem.soft_goals)
        return cls(
            nodes=sum(len(c.nodes) for c in problem.classes),
            classes=len(problem.classes),
            modules=len(modules),
            modes=sum(len(m.modes) for m in modules),
            rows=sum(map(len, constraints)) + sum(len(m.entry) for m in modules),
            starts=sum(len(k.starts) for m in modules for k in m.modes),
        )


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step.

    Attributes
    ----------
    why : str
        Code of the reason for which the step removes something.
    seconds : float
        Wall time; differs from run to run.
    """

    step: str
    why: str
    before: Size
    after: Size
    seconds: float

    @property
    def bites(self) -> bool:
        """Whether the step changed the size of the problem."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class ReductionReport:
    """All steps that were run for a teacher, in their order.

    Attributes
    ----------
    components : int
        Independent parts of the reduced problem.
    bound : int or None
        Lower bound of the objective ``bounded`` that the steps proved, None without one.
    bounded : ObjectiveName or None
    """

    teacher: str
    steps: tuple[StepReport, ...]
    before: Size
    after: Size
    seconds: float
    components: int
    bound: int | None = None
    bounded: ObjectiveName | None = None
