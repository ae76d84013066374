"""Destructive lower bounds: deadlines that no plan can keep.

If no plan ends by T, T + 1 is a lower bound of completion (Klein and Scholl, 1999).  A question
with a deadline and without an objective is much easier than the minimisation: each start is
confined between head and tail, and the cumulative constraints refute what leaves too little room.
So the bound climbs while questions are cheap; then it rises period by period, each question being
much harder than the last, until the last one asks for a plan one period sooner than the best known.

A question is put in several ways: which of them answers sooner is a matter of the problem, so the
way that answered last goes first.  Where the modules are a project, it is asked of the project; a
plan of it that the problem refuses shows that the project does not see all, and from then on the
whole problem is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.project_model import ProjectModel
from trajectory_engine.cpsat.session import Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.project import Project
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, ending_by

Limits = list[tuple[ObjectiveName, int]]
Offer = Callable[[tuple[Choice, ...]], int]
"""Takes a plan; returns the completion of the best plan known."""
SECOND = 0.25
"""Part of the effort that every further way to put a question has."""
HARDER = 3.0
"""Effort that a question may cost, as a multiple of what the one a period sooner did."""


@dataclass(frozen=True, slots=True)
class Manner:
    """One way to put a question to the solver.

    Attributes
    ----------
    profile : Profile
    disjunctive : bool
        Whether activities of a project that cannot run together are stated as such.
    amounts : bool
        Whether what they take of budgets is a variable of its own each.
    """

    profile: Profile
    disjunctive: bool
    amounts: bool = False


OF_PROJECTS = (
    Manner(Profile.SCHEDULE, disjunctive=False),
    Manner(Profile.SCHEDULE, disjunctive=True),
)
OF_PROJECTS_WITH_MODES = (
    # The linear relaxation sees budgets and modes together; without it, bounds of amounts do.
    Manner(Profile.SCHEDULE_LINEAR, disjunctive=False),
    Manner(Profile.SCHEDULE_MODES, disjunctive=False, amounts=True),
)
QUICK = Manner(Profile.CLIMB, disjunctive=True)
"""The way to minimise that most often answers at once."""
QUICK_WITH_MODES = Manner(Profile.CLIMB, disjunctive=False, amounts=True)
RELAXED = Manner(Profile.CLIMB_RELAXED, disjunctive=False)
"""The way to minimise whose first bound is the largest where budgets and modes matter."""
QUICK_RELAXED = Manner(Profile.CLIMB_LINEAR, disjunctive=False)
"""The way to minimise that most often answers at once where they do."""
TIGHT = 1.75
"""Budgets matter if the shortest ways take more of one than so many times what there is."""
OF_PROBLEMS = (
    Manner(Profile.SCHEDULE, disjunctive=False),
    Manner(Profile.SCHEDULE_RELAXED, disjunctive=False),
)


class _Question(Protocol):
    """A model of the plans that end by a deadline."""

    model: cp_model.CpModel

    def read(self, solution: Sequence[int]) -> tuple[Choice, ...]:
        """Return the choices of a solution."""


@dataclass
class DestructiveBound:
    """What is proven about completion, and questions that prove more.

    Attributes
    ----------
    project : Project or None
        The modules as a project, if they are one.
    low : int
        No plan ends earlier.
    high : int
        Completion of the best plan known; one more than the deadline if none is.
    """

    problem: TeacherProblem
    limits: Limits
    session: Session
    offer: Offer
    low: int
    high: int
    project: Project | None = None
    _last: dict[bool, Manner] = field(default_factory=dict)
    _is_relaxable: bool = False

    def __post_init__(self) -> None:
        """Ask nothing of a project that is stricter than the problem; look at its budgets."""
        if self.project is not None and self.project.is_strict:
            self.project = None
        self._is_relaxable |= self._has_modes and self._is_tight

    def copy(self) -> DestructiveBound:
        """Return what goes on from here by itself."""
        return replace(self, _last=dict(self._last))

    def learn(self, other: DestructiveBound) -> None:
        """Take down what a copy that went on by itself has proven."""
        self.low = max(self.low, other.low)
        self._is_relaxable |= other._is_relaxable
        if other.project is None:
            self.project = None

    @property
    def is_closed(self) -> bool:
        """Whether the best plan is proven, or it is proven that there is none."""
        return self.low >= self.high

    @property
    def _manners(self) -> tuple[Manner, ...]:
        """The ways to put a question, the one that is first tried first."""
        if self.project is None:
            return OF_PROBLEMS
        if not self._has_modes:
            return OF_PROJECTS
        return OF_PROJECTS_WITH_MODES if self._is_relaxable else OF_PROJECTS_WITH_MODES[::-1]

    @property
    def _has_modes(self) -> bool:
        """Whether the modules are a project in which there are modes to choose."""
        return self.project is not None and self.project.has_modes

    @property
    def _is_tight(self) -> bool:
        """Whether some budget is far from enough for the shortest way of every activity."""
        if self.project is None:
            return False
        shortest = [min(ways, key=lambda way: way.duration) for ways in self.project.ways]
        return any(
            sum(way.uses[number] for way in shortest) > TIGHT * most
            for number, most in enumerate(self.project.budgets)
        )

    def climb(self, effort: float) -> None:
        """Raise the bound by questions that cost at most ``effort`` each, halving the doubt."""
        ceiling = self.high
        while self.low < ceiling and not self._spent:
            deadline = (self.low + ceiling) // 2
            if self.ask(min(deadline, self.high - 1), effort) is None:
                ceiling = deadline
            ceiling = min(ceiling, self.high)

    def rise(self, effort: float) -> None:
        """Ask the lowest question that is open, again and again, until one is not refuted.

        The next question is harder than the last: it may cost a few times as much.
        """
        while not self.is_closed and not self._spent:
            before = self.session.spent
            if self.ask(self.low, effort) is not False:
                return
            effort = max(effort, HARDER * (self.session.spent - before))

    @property
    def _spent(self) -> bool:
        return self.session.stopped or not self.session.effort_left

    def glance(self, effort: float) -> None:
        """Minimise the completion in the way that answers at once, or not at all."""
        if not self._has_modes:
            self.minimise(QUICK, effort)
        else:
            self.minimise(QUICK_RELAXED if self._is_relaxable else QUICK_WITH_MODES, effort)

    def relax(self, effort: float, rest: float) -> None:
        """Raise the bound by the linear relaxation, where there are modes to choose.

        Where that says more than was known, the ways to put a question that keep the relaxation
        go first from then on, the quick one at once.  Where budgets are tight, they did already.

        Parameters
        ----------
        rest : float
            Effort of the quick way.
        """
        if not self._has_modes:
            return
        before = self.low
        self.minimise(RELAXED, effort)
        if self.low > before and not self._is_relaxable:
            self._is_relaxable = True
            self.minimise(QUICK_RELAXED, rest)

    def descend(self, effort: float) -> None:
        """Minimise the completion in the ways to put a question, one after the other.

        With modes, whether the linear relaxation helps or hinders is a matter of the project, and
        by far: each way has its part of the effort.  Without, one way is nearly always the better.
        """
        ways = self.ways
        for manner in ways:
            self.minimise(manner, effort / len(ways))

    @property
    def ways(self) -> tuple[Manner, ...]:
        """The ways to minimise: with modes there are two."""
        return self._manners if self._has_modes else self._manners[:1]

    def minimise(self, manner: Manner, effort: float) -> None:
        """Minimise the completion of the project, if the modules are one, in a single call.

        Where the best plan known is the best of all, or nearly so, that soon proves it: what was
        learnt about one deadline helps with the next, as in no sequence of questions.
        """
        if self.project is None or self.is_closed or self._spent:
            return
        asked = self._model(self.project, self.high - 1, manner)
        if asked.is_refuted:
            self.low = self.high
            return
        asked.minimise(self.low)
        outcome = self.session.solve(
            asked.model, manner.profile, effort=effort, known_bound=self.low
        )
        if outcome.infeasible:
            self.low = self.high
            return
        self.low = max(self.low, min(outcome.bound or 0, self.high))
        if outcome.solution is not None:
            before, plan = self.high, asked.read(outcome.solution)
            if is_plan(self.problem, plan):
                self.high = self.offer(plan)
            if self.high == before:
                self.project = None  # It does not see all that the problem asks for.

    def ask(self, deadline: int, effort: float) -> bool | None:
        """Return whether a plan ends by a deadline, None if the effort does not tell.

        Parameters
        ----------
        effort : float
            Of the way to put the question that answered last; the others have a part of it.
        """
        of_project = self.project is not None
        manners = self._manners
        last = self._last.get(of_project, manners[0])
        for manner in (last, *(m for m in manners if m is not last)):
            question = self._question(deadline, manner)
            if question is None:
                self.low = max(self.low, deadline + 1)
                return False
            part = 1.0 if manner is last else SECOND
            outcome = self.session.solve(question.model, manner.profile, effort=part * effort)
            if outcome.infeasible:
                self._last[of_project] = manner
                self.low = max(self.low, deadline + 1)
                return False
            if outcome.solution is not None:
                self._last[of_project] = manner
                return self._found(question.read(outcome.solution), deadline, effort)
            if self._spent:
                return None
        return None

    @staticmethod
    def _model(project: Project, deadline: int, manner: Manner) -> ProjectModel:
        return ProjectModel(
            project, deadline, disjunctive=manner.disjunctive, amounts=manner.amounts
        )

    def _found(self, plan: tuple[Choice, ...], deadline: int, effort: float) -> bool | None:
        """Pass a plan on; ask again if only the project has it."""
        before = self.high
        if self.project is None or is_plan(self.problem, plan):
            self.high = self.offer(plan)
            if self.high < before:
                return True
        if self.project is None:
            return None
        self.project = None
        return self.ask(deadline, effort)

    def _question(self, deadline: int, manner: Manner) -> _Question | None:
        """Return a model of the plans that end by a deadline, None if there plainly are none."""
        if self.project is not None:
            asked = self._model(self.project, deadline, manner)
            return None if asked.is_refuted else asked
        problem = ending_by(self.problem, deadline)
        heads = compute_heads(problem)
        if None in heads.entry:
            return None
        table = Timetable(problem, heads, joined=True)
        for name, most in self.limits:
            if name is not ObjectiveName.COMPLETION:
                table.model.add(table.expression(name) <= most)
        return table
