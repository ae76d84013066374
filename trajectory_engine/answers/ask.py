"""What all questions have in common: valid input, limits of time, figures of a plan."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from trajectory_engine import validation
from trajectory_engine.arguments import check_call, teacher_id
from trajectory_engine.checks.score import score
from trajectory_engine.domain.answers import Limit
from trajectory_engine.domain.plan import TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.errors import InputError, PlanRejected
from trajectory_engine.whatif import Effort, WhatIf

EFFORT = 20.0
"""Most effort of one solve: deterministic, about wall seconds."""
TIME_LIMIT = 120.0
"""Wall seconds for all solves of a question."""

Steps = tuple[tuple[str, str, int], ...]
"""(module, mode, start)."""


def ask(
    scenario: Scenario,
    teacher: str,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    cancel: threading.Event | None = None,
) -> WhatIf:
    """Return the ground on which questions about a teacher are answered.

    Raises
    ------
    InputError
        If the scenario is invalid; carries every problem.
    KeyError
        If there is no such teacher.
    TypeError, ValueError
        If an argument is none of its kind.
    """
    check_call(scenario, time_limit=time_limit, seed=seed, cancel=cancel)
    teacher_id(scenario, teacher)
    problems = validation.validate(scenario)
    if problems:
        raise InputError(problems)
    deadline = time.monotonic() + time_limit
    return WhatIf(scenario, teacher, effort=Effort(EFFORT, seed, deadline, cancel))


def with_objectives(scenario: Scenario, names: Iterable[ObjectiveName]) -> Scenario:
    """Return the scenario with other objectives, without tolerances."""
    specs = tuple(ObjectiveSpec(n) for n in dict.fromkeys(names))
    return replace(scenario, objectives=specs)


def steps_of(plan: TeacherPlan) -> Steps:
    """Return what a search can start from."""
    return tuple((s.module, s.mode, s.start) for s in plan.steps)


def figures(scenario: Scenario, plan: TeacherPlan) -> dict[ObjectiveName, int]:
    """Return every objective of a plan, as the judge computes it."""
    return {ObjectiveName(name): value for name, value in score(scenario, plan).items()}


def require_limits(scenario: Scenario, plan: TeacherPlan, limits: Sequence[Limit]) -> None:
    """Hold a plan to limits on its objectives, as the judge computes them.

    Raises
    ------
    PlanRejected
        If it exceeds one: a fault of the engine.
    """
    values = figures(scenario, plan)
    for limit in limits:
        if values[limit.objective] > limit.most:
            raise PlanRejected(
                f"teacher {plan.teacher}: {limit.objective} is {values[limit.objective]},"
                f" the limit was {limit.most}"
            )
