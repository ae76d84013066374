"""From a scenario to explanations: the facade."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

from trajectory_engine import validation
from trajectory_engine.arguments import check_call, teacher_ids, whole
from trajectory_engine.domain.explanation import Explanation
from trajectory_engine.domain.plan import StageTiming
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.errors import InputError, SharedLimitError
from trajectory_engine.explain.case import Case
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.shared import binding_limits
from trajectory_engine.whatif import Effort, WhatIf

QUESTIONS = 6
"""One question may take this part of the time of a teacher: most take much less."""
LEAST_SECONDS = 0.4
"""Effort of one question, however many teachers there are."""
DEFAULT_REPAIRS = 3


def explain(
    scenario: Scenario,
    teachers: Sequence[str] | None = None,
    time_limit: float = 30.0,
    workers: int = 2,
    seed: int = 0,
    repairs: int = DEFAULT_REPAIRS,
    cancel: threading.Event | None = None,
) -> Explanation:
    """Explain why teachers have no plan: conflicts, shortfalls, repairs.

    Parameters
    ----------
    scenario : Scenario
    teachers : sequence of str, optional
        Ids of the teachers, default all. One teacher alone owns the shared limits, as in planning.
    time_limit : float
        Wall seconds for the whole call; what is not settled by then is named.
    workers : int
        Teachers explained side by side.
    seed : int
        Seed of the solver.
    repairs : int
        Most repairs per teacher; 0 for none.
    cancel : threading.Event, optional
        When set, what is found so far is returned.

    Returns
    -------
    Explanation
        Nothing is changed: repairs are proposals.

    Raises
    ------
    InputError
        If the scenario is invalid; carries every problem.
    SharedLimitError
        If a limit that the teachers share could bind.
    KeyError
        If ``teachers`` names an unknown teacher.
    TypeError, ValueError
        If an argument is none of its kind.
    """
    check_call(scenario, time_limit=time_limit, seed=seed, workers=workers, cancel=cancel)
    whole("repairs", repairs)
    began = time.monotonic()
    problems = validation.validate(scenario)
    if problems:
        raise InputError(problems)
    ids = teacher_ids(scenario, teachers)
    chosen = [scenario.teacher_by_id[t] for t in ids]
    shared = binding_limits(scenario, chosen)
    if shared:
        raise SharedLimitError(shared)
    seconds = max(LEAST_SECONDS, time_limit * workers / max(workers, len(ids)) / QUESTIONS)
    effort = Effort(seconds, seed, began + time_limit, cancel)
    index = ScenarioIndex(scenario)
    cases = [
        Case(WhatIf(scenario, t, alone=len(ids) == 1, effort=effort, index=index)) for t in ids
    ]
    timings = [
        _timed("conflicts", cases, workers, Case.explain_conflicts),
        _timed("shortfalls", cases, workers, Case.explain_shortfalls),
        _timed("first repair", cases, workers, lambda case: case.explain_repairs(min(1, repairs))),
        _timed("repairs", cases, workers, lambda case: case.explain_repairs(repairs - 1)),
        StageTiming("total", time.monotonic() - began),
    ]
    return Explanation(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        engine_version=version("trajectory-engine"),
        solver_version=version("ortools"),
        seed=seed,
        teachers=tuple(case.explanation() for case in cases),
        reproducible=not effort.is_spent,
        timings=tuple(timings),
    )


def _timed(
    stage: str, cases: Sequence[Case], workers: int, step: Callable[[Case], None]
) -> StageTiming:
    """Take a step with every teacher, side by side."""
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        list(pool.map(step, cases))
    return StageTiming(stage, time.monotonic() - began)
