"""One teacher planned again and again under changed facts: the ground of every explanation.

A conflict, a price, an alternative or a point of a Pareto front is the answer to "and if this were
otherwise?".  Here that question is always put in the same way: the scenario itself is changed,
and the changed scenario is solved and judged like any other.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from trajectory_engine.checks.verify import verify_teacher
from trajectory_engine.cpsat.session import Session
from trajectory_engine.domain.memory import collection_paused
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.plan import Status, TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.errors import PlanRejected
from trajectory_engine.planner import TeacherPlanner
from trajectory_engine.problem.demands import NO_DEMANDS, Demands
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.stopwatch import Stopwatch

GUESSES = 12
"""Plans found before that are tried on the next question."""
Steps = tuple[tuple[str, str, int], ...]
"""A plan as (module, mode, start)."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What one question may cost.

    Attributes
    ----------
    seconds : float
        Effort of one solve: deterministic, about wall seconds.
    seed : int
        Seed of the solver.
    wall_deadline : float
        ``time.monotonic()`` instant at which every solve ends.
    cancel : threading.Event or None
        Ends every solve when it is set.
    """

    seconds: float = 30.0
    seed: int = 0
    wall_deadline: float = float("inf")
    cancel: threading.Event | None = None

    @classmethod
    def within(
        cls, seconds: float, *, seed: int = 0, cancel: threading.Event | None = None
    ) -> Effort:
        """Return an effort whose solves all end within so many wall seconds from now."""
        return cls(seconds, seed, time.monotonic() + seconds, cancel)

    def session(self) -> Session:
        """Return a session of the solver for one question."""
        return Session(self.seed, self.seconds, self.wall_deadline, self.cancel)

    @property
    def is_spent(self) -> bool:
        """Whether no further solve may begin."""
        cancelled = self.cancel is not None and self.cancel.is_set()
        return cancelled or time.monotonic() >= self.wall_deadline


class WhatIf:
    """Plans one teacher of a scenario under changed facts.

    The graph and the look-ups of the catalogue are built once; each question pays only for what
    it changes.  Not safe for use from several threads at once.

    Parameters
    ----------
    scenario : Scenario
        Valid input; the ground from which changes are made.
    teacher : str
        Id of the teacher.
    alone : bool
        Whether the teacher is planned alone and so owns the shared limits.
    effort : Effort
        Limits of every solve.
    index : ScenarioIndex, optional
        Of the scenario, where it has been built already.

    Attributes
    ----------
    index : ScenarioIndex
        Of the ground.
    guesses : deque of steps, as (module, mode, start)
        Plans found before, the last one first: tried on the next question.

    Raises
    ------
    KeyError
        If the scenario has no such teacher.
    """

    def __init__(
        self,
        scenario: Scenario,
        teacher: str,
        *,
        alone: bool = True,
        effort: Effort | None = None,
        index: ScenarioIndex | None = None,
    ) -> None:
        self.scenario = scenario
        self.teacher = scenario.teacher_by_id[teacher]
        self.alone = alone
        self.effort = effort or Effort()
        self.index = index or ScenarioIndex(scenario)
        self.guesses: deque[Steps] = deque(maxlen=GUESSES)

    def changed(self, teacher: Teacher) -> Scenario:
        """Return the scenario with another record in the place of the teacher's."""
        teachers = tuple(teacher if t.id == teacher.id else t for t in self.scenario.teachers)
        return replace(self.scenario, teachers=teachers)

    def planner(
        self, scenario: Scenario | None = None, demands: Demands = NO_DEMANDS
    ) -> TeacherPlanner:
        """Return a planner of the teacher in a changed scenario (default: the ground)."""
        changed = self.scenario if scenario is None else scenario
        return TeacherPlanner(
            self.index.over(changed),
            changed.teacher_by_id[self.teacher.id],
            alone=self.alone,
            watch=Stopwatch(),
            report=lambda *_: None,
            demands=demands,
        )

    def any_plan(self, scenario: Scenario | None = None, *, confirm: bool = True) -> TeacherPlan:
        """Return the first plan found in a changed scenario, judged, or that there is none.

        The status is ``feasible``, ``infeasible`` or ``unknown``; no objective has a bound.
        "Infeasible" is proven by the graph alone, or by two configurations of the solver; by one
        if no confirmation is asked for.

        Raises
        ------
        PlanRejected
            If the judge objects: a fault of the engine.
        """
        changed = self.scenario if scenario is None else scenario
        return judged(changed, self._any(changed, confirm=confirm).teacher_plan())

    def feasibility(self, scenario: Scenario) -> Status:
        """Return whether a changed scenario has a plan: a quick answer, to find one's way by.

        As :meth:`any_plan`, but plans are not judged and proofs are not confirmed.
        """
        return self._any(scenario, confirm=False).status

    def _any(self, scenario: Scenario, *, confirm: bool) -> TeacherPlanner:
        planner, effort = self.planner(scenario), self.effort
        planner.find_any(
            effort.seed,
            effort.seconds,
            effort.wall_deadline,
            effort.cancel,
            confirm=confirm,
            guesses=self.guesses,
        )
        if planner.steps is not None:
            self.guess(planner.steps)
        return planner

    def guess(self, steps: Steps) -> None:
        """Let a plan be tried first on the next question."""
        if steps in self.guesses:
            self.guesses.remove(steps)
        self.guesses.appendleft(steps)

    def plan(
        self,
        scenario: Scenario | None = None,
        start: Iterable[tuple[str, str, int]] | None = None,
        *,
        demands: Demands = NO_DEMANDS,
        bounds: Mapping[ObjectiveName, int | None] | None = None,
    ) -> TeacherPlan:
        """Return the judged plan of the teacher in a changed scenario (default: the ground).

        Parameters
        ----------
        scenario : Scenario, optional
        start, bounds : optional
            As for :meth:`TeacherPlanner.start_at`.
        demands : Demands
            What is asked of the plan beyond the scenario.

        Raises
        ------
        PlanRejected
            If the judge objects: a fault of the engine.
        """
        changed = self.scenario if scenario is None else scenario
        planner = self.planner(changed, demands)
        if start is not None:
            planner.start_at(start, bounds)
        planner.search(
            self.effort.seed, self.effort.seconds, self.effort.wall_deadline, self.effort.cancel
        )
        return judged(changed, planner.teacher_plan())


def judged(scenario: Scenario, answer: TeacherPlan) -> TeacherPlan:
    """Return a teacher's plan if the judge accepts it.

    Raises
    ------
    PlanRejected
        If the judge objects: a fault of the engine.
    """
    with collection_paused():  # look-ups of a whole catalogue, and no cycles among them
        violations = verify_teacher(scenario, answer)
    if violations:
        listed = "\n".join(map(str, violations))
        raise PlanRejected(f"teacher {answer.teacher}: the verifier rejects the plan\n{listed}")
    return answer
