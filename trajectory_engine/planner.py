"""One teacher from facts to a plan: compile, search, decode."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from trajectory_engine.cpsat.feasibility import find_plan
from trajectory_engine.cpsat.lexicographic import Answer, search
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.memory import collection_paused
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.plan import Objective, Result, Status, TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.balances import teacher_balances
from trajectory_engine.problem.compile import compile_problem
from trajectory_engine.problem.coverage import keeps_covering_rules
from trajectory_engine.problem.decode import Decoded
from trajectory_engine.problem.demands import NO_DEMANDS, Demands
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.shortages import shortages
from trajectory_engine.problem.states import ask_the_same, compile_states, compile_taken
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, located
from trajectory_engine.reduce import PLAN, Reduced, ReductionReport, reduce_problem
from trajectory_engine.stopwatch import Stopwatch

REASONS_EFFORT = 3.0
"""Most effort for the reasons of one teacher to have no plan."""

Report = Callable[[str, str, int | None, int | None], None]


class TeacherPlanner:
    """Plans one teacher, in one or more passes that never make the answer worse.

    Parameters
    ----------
    index : ScenarioIndex
    teacher : Teacher
    alone : bool
        Whether the teacher is planned alone and so owns the shared limits.
    watch : Stopwatch
    report : callable
        Gets (teacher, stage, incumbent, bound).
    demands : Demands
        What is asked of the plan beyond the scenario.

    Attributes
    ----------
    reduction : ReductionReport or None
        What the last search left out beforehand.
    lanes : int
        Most calls of the solver side by side on which an answer may depend, at least 1.
    """

    def __init__(
        self,
        index: ScenarioIndex,
        teacher: Teacher,
        *,
        alone: bool,
        watch: Stopwatch,
        report: Report,
        demands: Demands = NO_DEMANDS,
        break_ties: bool = True,
    ) -> None:
        self.index = index
        self.teacher = teacher
        self._watch = watch
        self._report = report
        self._demands = demands
        self._break_ties = break_ties
        self._facts = TeacherFacts(index, teacher, alone=alone)
        self._covers_all = not _may_relax(self._facts)
        self._problem: TeacherProblem | None = None
        self._answer: Answer | None = None
        self._start: tuple[tuple[str, str, int], ...] | None = None
        self._bounds: dict[ObjectiveName, int | None] = {}
        self._session: Session | None = None
        self.effort = 0.0
        self.lanes = 1
        self.reduction: ReductionReport | None = None

    @property
    def status(self) -> Status:
        """Status of the answer so far."""
        return Status.UNKNOWN if self._answer is None else self._answer.status

    @property
    def steps(self) -> tuple[tuple[str, str, int], ...] | None:
        """The plan so far as (module, mode, start), None without one."""
        choices = None if self._answer is None else self._answer.choices
        return None if choices is None else self._named(choices)

    @property
    def is_settled(self) -> bool:
        """Whether more time cannot improve the answer."""
        return self._answer is not None and self._answer.status in (
            Status.OPTIMAL,
            Status.INFEASIBLE,
        )

    def start_from(self, previous: Result) -> None:
        """Take the steps of an earlier result, if it has any for this teacher, as a start."""
        for plan in previous.teachers:
            if plan.teacher == self.teacher.id and plan.status.has_plan:
                self.start_at((s.module, s.mode, s.start) for s in plan.steps)

    def start_at(
        self,
        steps: Iterable[tuple[str, str, int]],
        bounds: Mapping[ObjectiveName, int | None] | None = None,
    ) -> None:
        """Take steps, as (module, mode, start), as a start; they may not fit this problem.

        Parameters
        ----------
        bounds : mapping, optional
            Lower bounds that are known to hold for this problem: of the first objective, or
            also of later ones if the plan is one of this problem and reaches the earlier bounds.
        """
        self._start = tuple(steps)
        self._bounds = dict(bounds or {})

    def search(
        self,
        seed: int,
        effort: float,
        wall_deadline: float,
        cancel: threading.Event | None,
        *,
        threads: int = 1,
    ) -> bool:
        """Search once; return whether the wall clock or a cancellation cut it short.

        Parameters
        ----------
        threads : int
            How many calls of the solver may run side by side, 1 or 2.
        """
        session = Session(seed, effort, wall_deadline, cancel, threads=threads)
        self._session = session
        if session.stopped and self._answer is not None:
            return True
        answer = self._attempt(session)
        if not self._covers_all and answer.choices is not None and not self._is_covered(answer):
            self._covers_all = True
            self._start, first = None, self.index.scenario.objectives[0].name
            self._bounds = {first: answer.bounds.get(first)}
            answer = self._attempt(session)
        self._answer = answer
        self._bounds = answer.bounds
        if answer.choices is not None:
            self._start = self._named(answer.choices)
        self.effort += session.spent
        self.lanes = max(self.lanes, session.lanes)
        return session.interrupted

    def find_any(
        self,
        seed: int,
        effort: float,
        wall_deadline: float,
        cancel: threading.Event | None,
        *,
        confirm: bool = True,
        guesses: Iterable[tuple[tuple[str, str, int], ...]] = (),
    ) -> bool:
        """Look for any plan, or a proof that there is none; return whether the clock ended it.

        Parameters
        ----------
        confirm : bool
            As in :func:`trajectory_engine.cpsat.feasibility.find_plan`.
        guesses : iterable of steps, as (module, mode, start)
            Plans that are tried before anything is searched.
        """
        session = Session(seed, effort, wall_deadline, cancel)
        covering = bool(self._facts.rules.covering())
        for covers_all in (False, True) if covering else (True,):
            problem = self._problem = self._demanded(covers_all)
            placed = (located(problem, guess) for guess in guesses)
            tried = tuple(choices for choices in placed if choices is not None)
            answer = find_plan(problem, session, confirm=confirm, guesses=tried)
            self._answer = answer
            if covers_all or answer.choices is None or self._is_covered(answer):
                break
        self.effort += session.spent
        return session.interrupted

    def _attempt(self, session: Session) -> Answer:
        with collection_paused():
            with self._watch("compile"):
                problem = self._problem = self._demanded(self._covers_all)
                start = None if self._start is None else located(problem, self._start)
            with self._watch("reduce"):
                reduced = reduce_problem(
                    problem, PLAN, seed=session.seed, any_best=not self._break_ties
                )
                self.reduction = reduced.report
                if start is None:
                    start = reduced.plan
                bounds = self._bounds_of(reduced)
        with self._watch("search"):
            answer = search(
                reduced.problem,
                session,
                lambda *event: self._report(self.teacher.id, *event),
                None if start is None else reduced.forth(start),
                bounds,
                break_ties=self._break_ties,
            )
        if answer.choices is None:
            return answer
        return replace(answer, choices=reduced.back(answer.choices))

    def _bounds_of(self, reduced: Reduced) -> dict[ObjectiveName, int | None]:
        """Return the bounds that are known, with the one that the reduction proved."""
        bounds = dict(self._bounds)
        proven, name = reduced.report.bound, reduced.report.bounded
        if proven is not None and name is not None:
            known = bounds.get(name)
            bounds[name] = proven if known is None else max(known, proven)
        return bounds

    def _demanded(self, covers_all: bool) -> TeacherProblem:
        """Return the problem with what is asked of the plan beyond the scenario."""
        return self._demands.applied(self._compile(covers_all))

    def _compile(self, covers_all: bool) -> TeacherProblem:
        return compile_problem(self._facts, covers_all=covers_all)

    def _is_covered(self, answer: Answer) -> bool:
        """Return whether a plan of the relaxation keeps the rules that were left away."""
        decoded = Decoded(self._facts, self._required_problem(), answer.choices or ())
        return keeps_covering_rules(self._facts, decoded)

    def _required_problem(self) -> TeacherProblem:
        if self._problem is None:
            raise RuntimeError("the teacher has not been searched yet")
        return self._problem

    def _named(self, choices: tuple[Choice, ...]) -> tuple[tuple[str, str, int], ...]:
        modules = self._required_problem().modules
        return tuple(
            (modules[c.module].id, modules[c.module].modes[c.mode].id, c.start) for c in choices
        )

    def structural_reasons(self) -> tuple[Message, ...]:
        """Return why there is no plan as far as the graph tells; nothing if there is one.

        The search itself says only which of its stages has found none.
        """
        problem = self._problem
        if self.status is not Status.INFEASIBLE or problem is None:
            return ()
        last = self._session
        if last is None or last.stopped:
            return ()
        session = Session(last.seed, REASONS_EFFORT, last.wall_deadline, last.cancel)
        return shortages(
            self._facts,
            lambda free, name: (
                SelectionModel(free, compute_heads(free))
                .minimise(name, session, session.effort_left)
                .bound
            ),
        )

    def teacher_plan(self) -> TeacherPlan:
        """Return the answer in the planner's own ids."""
        answer = self._answer
        if answer is None:
            raise RuntimeError("the teacher has not been searched yet")
        objectives = tuple(
            Objective(
                s.name.value, answer.values.get(s.name), answer.bounds.get(s.name), s.tolerance
            )
            for s in self.index.scenario.objectives
        )
        warnings = self._facts.diagnosis.warnings
        recognised = self._facts.diagnosis.recognised
        if answer.choices is None:
            return TeacherPlan(
                self.teacher.id,
                answer.status,
                objectives,
                reasons=answer.reasons,
                warnings=warnings,
                recognised=recognised,
            )
        problem = self._required_problem()
        with self._watch("decode"), collection_paused():
            return _shown(self._facts, problem, answer.choices, answer.status, objectives)


class StatesPlanner(TeacherPlanner):
    """Plans one teacher so that the plan is valid in several states of knowledge.

    Parameters
    ----------
    index : ScenarioIndex
    states : sequence of TeacherFacts
        Of records of one teacher that differ in what was measured only; the first one leads:
        what is soft counts there, and the plan is shown for it.
    watch, report, break_ties
        As for :class:`TeacherPlanner`.
    """

    def __init__(
        self,
        index: ScenarioIndex,
        states: Sequence[TeacherFacts],
        *,
        watch: Stopwatch,
        report: Report,
        break_ties: bool = True,
    ) -> None:
        first = states[0]
        super().__init__(
            index,
            first.teacher,
            alone=first.alone,
            watch=watch,
            report=report,
            break_ties=break_ties,
        )
        self._facts = first
        self._states = states

    def _compile(self, covers_all: bool) -> TeacherProblem:
        return compile_states(self._states, covers_all=covers_all)

    def _is_covered(self, answer: Answer) -> bool:
        problem, choices = self._required_problem(), answer.choices or ()
        return all(
            keeps_covering_rules(facts, Decoded(facts, problem, choices)) for facts in self._states
        )

    def asks_the_same(self, other: StatesPlanner) -> bool:
        """Return whether both planners look for the same plans, so that one answer does."""
        return ask_the_same(self._whole_problem, other._whole_problem)

    @cached_property
    def _whole_problem(self) -> TeacherProblem:
        return self._compile(True)


def plan_in(facts: TeacherFacts, steps: Sequence[tuple[str, str, int]]) -> TeacherPlan:
    """Return steps, as (module, mode, start), as they work out in a state, without objectives.

    Raises
    ------
    RuntimeError
        If a step cannot be taken in the state: a fault of the engine.
    """
    problem = compile_taken(facts, steps)
    choices = located(problem, steps)
    if choices is None:
        raise RuntimeError("there is no plan of this state to look at")
    return _shown(facts, problem, choices, Status.FEASIBLE, ())


def _shown(
    facts: TeacherFacts,
    problem: TeacherProblem,
    choices: tuple[Choice, ...],
    status: Status,
    objectives: tuple[Objective, ...],
) -> TeacherPlan:
    """Return a plan in the planner's own ids."""
    decoded = Decoded(facts, problem, choices)
    steps = decoded.steps()
    return TeacherPlan(
        teacher=facts.teacher.id,
        status=status,
        objectives=objectives,
        steps=steps,
        formed_by_rule=decoded.formed_by_rule(),
        unmet=decoded.unmet(),
        tasks_solvable=decoded.tasks_solvable(),
        warnings=facts.diagnosis.warnings,
        funds=teacher_balances(facts.index.scenario, facts.teacher, steps),
        recognised=facts.diagnosis.recognised,
        broken_rules=decoded.broken_rules(problem, choices),
    )


def _may_relax(facts: TeacherFacts) -> bool:
    """Return whether covering rules may be left away at first.

    A plan of the relaxation that keeps them anyway is then the answer, unless an objective has
    a tolerance: its best value could be too good in the relaxation, and later objectives held
    to too narrow a limit.
    """
    tolerant = any(s.tolerance for s in facts.index.scenario.objectives)
    return bool(facts.rules.covering()) and not tolerant
