"""From a scenario to explanations: the facade."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from importlib.metadata import version

from trajectory_engine import validation
from trajectory_engine.arguments import check_call, teacher_ids, whole
from trajectory_engine.domain.explanation import Explanation
from trajectory_engine.domain.plan import StageTiming
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.errors import InputError, SharedLimitError
from trajectory_engine.explain.case import Findings
from trajectory_engine.explain.crew import Brief, Desk, Step, crew_of, shown
from trajectory_engine.problem.shared import binding_limits

QUESTIONS = 6
"""One question may take this part of the time of a teacher: most take much less."""
SIDE_BY_SIDE = 2
"""Teachers that are supposed to share the time; how many do changes no answer."""
LEAST_SECONDS = 0.4
"""Effort of one question, however many teachers there are."""
DEFAULT_REPAIRS = 3
DEFAULT_SECONDS = 20.0


def explain(
    scenario: Scenario,
    teachers: Sequence[str] | None = None,
    time_limit: float = DEFAULT_SECONDS,
    workers: int = 1,
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
        Processes that explain teachers side by side; 1: this process only. The answer does not
        depend on it, unless the time runs out. A script that asks for several must be one that
        can be imported: what it does stands under ``if __name__ == "__main__":``.
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
    PlanRejected
        If the verifier objects to the plan of a repair: a fault of the engine.
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
    share = time_limit * SIDE_BY_SIDE / max(SIDE_BY_SIDE, len(ids))
    brief = Brief(
        scenario=scenario,
        alone=len(ids) == 1,
        seconds=max(LEAST_SECONDS, share / QUESTIONS),
        seed=seed,
        ends=time.time() + time_limit - (time.monotonic() - began),
        repairs=repairs,
    )
    desk = Desk(brief, cancel)
    timings: list[StageTiming] = []
    findings = [Findings() for _ in ids]
    with crew_of(brief, desk, min(workers, len(ids)), cancel) as crew:
        for step in Step:
            start = time.monotonic()
            findings = crew.take(step, ids, findings)
            timings.append(StageTiming(step.value, time.monotonic() - start))
    timings.append(StageTiming("total", time.monotonic() - began))
    return Explanation(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        engine_version=version("trajectory-engine"),
        solver_version=version("ortools"),
        seed=seed,
        teachers=shown(desk, ids, findings),
        reproducible=not desk.effort.is_spent,
        timings=tuple(timings),
    )
