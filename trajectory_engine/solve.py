"""From a scenario to verified plans: the facade over compiling, searching and judging."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from importlib.metadata import version

from trajectory_engine import validation
from trajectory_engine.arguments import check_call, teacher_ids
from trajectory_engine.domain.plan import Progress, Result, TeacherPlan, total_objectives, worst
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.errors import InputError, SharedLimitError
from trajectory_engine.planner import TeacherPlanner
from trajectory_engine.problem.balances import fund_balances
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.shared import binding_limits
from trajectory_engine.reduce.report import ReductionReport
from trajectory_engine.stopwatch import Stopwatch
from trajectory_engine.whatif import judged

FIRST_EFFORT = 12.0
"""Effort per teacher in the first round; every round has three times as much."""
GROWTH = 3.0
LEAST_EFFORT = 0.05
"""Effort left below which no further round begins."""

OnProgress = Callable[[Progress], None]


def plan(
    scenario: Scenario,
    teachers: Sequence[str] | None = None,
    previous: Result | None = None,
    time_limit: float = 30.0,
    workers: int = 2,
    seed: int = 0,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
    break_ties: bool = True,
    on_reduction: Callable[[ReductionReport], None] | None = None,
) -> Result:
    """Plan teachers one by one and return verified plans with proofs of how good they are.

    Parameters
    ----------
    scenario : Scenario
    teachers : sequence of str, optional
        Ids of the teachers to plan, default all. One teacher alone owns the shared limits.
    previous : Result, optional
        An earlier result to start from; it never makes the answer worse.
    time_limit : float
        Wall seconds for the whole call. Normally deterministic limits derived from it end the
        search first, and the answer can be reproduced; if the wall clock does,
        ``Result.reproducible`` is False.
    workers : int
        Teachers planned side by side; the answer does not depend on it.  For one teacher alone
        whose modules must all be taken, proofs and better plans are looked for side by side: two
        workers get further in the same time, to an answer that is the same in every run.
    seed : int
        Seed of the solver.
    on_progress : callable, optional
        Gets :class:`Progress` events, one at a time, on worker threads.
    cancel : threading.Event, optional
        When set, the best verified plans so far are returned.
    break_ties : bool
        Whether to go on, once the listed objectives are done, to fewest modules, earliest starts
        and the order of ids, which make the answer the only one.  Without, any plan that is best
        in the listed objectives may be returned, sooner.
    on_reduction : callable, optional
        Gets for every teacher, in their order, what was left out before the last search.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If the scenario is invalid; carries every problem.
    SharedLimitError
        If a limit that the teachers share could bind.
    KeyError
        If ``teachers`` names an unknown teacher.
    TypeError, ValueError
        If an argument is none of its kind, :mod:`trajectory_engine.arguments` says of what kind:
        ``teachers`` a text or empty, ``time_limit`` not positive, ``workers`` below 1, ``seed``
        outside ``0 .. 2**31 - 1``.
    PlanRejected
        If the verifier objects to a plan: a fault of the engine.
    """
    check_call(
        scenario,
        time_limit=time_limit,
        seed=seed,
        workers=workers,
        cancel=cancel,
        on_progress=on_progress,
    )
    if on_reduction is not None and not callable(on_reduction):
        raise TypeError(f"on_reduction must be callable, not a {type(on_reduction).__name__}")
    if previous is not None and not isinstance(previous, Result):
        raise TypeError(f"previous must be a Result, not a {type(previous).__name__}")
    began = time.monotonic()
    watch = Stopwatch()
    with watch("validate"):
        problems = validation.validate(scenario)
    if problems:
        raise InputError(problems)
    chosen = [scenario.teacher_by_id[t] for t in teacher_ids(scenario, teachers)]
    shared = binding_limits(scenario, chosen)
    if shared:
        raise SharedLimitError(shared)
    with watch("index"):
        index = ScenarioIndex(scenario)
    alone = len(chosen) == 1
    report = _Reporter(on_progress, began)
    planners = [
        TeacherPlanner(index, t, alone=alone, watch=watch, report=report, break_ties=break_ties)
        for t in chosen
    ]
    if previous is not None:
        for planner in planners:
            planner.start_from(previous)
    interrupted = _run_passes(planners, began, time_limit, workers, seed, cancel)
    if on_reduction is not None:
        for planner in planners:
            if planner.reduction is not None:
                on_reduction(planner.reduction)
    with watch("verify"):
        plans = tuple(judged(scenario, _with_reasons(p)) for p in planners)
    return Result(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        engine_version=_version("trajectory-engine"),
        solver_version=_version("ortools"),
        seed=seed,
        workers=max((p.lanes for p in planners), default=1),
        status=worst(p.status for p in plans),
        objectives=total_objectives(plans),
        teachers=plans,
        reproducible=not interrupted,
        timings=watch.timings(time.monotonic() - began),
        funds=fund_balances(scenario, plans),
    )


@cache
def _version(package: str) -> str:
    """Return the version of an installed package; its metadata are parsed once."""
    return version(package)


def _with_reasons(planner: TeacherPlanner) -> TeacherPlan:
    """Return the answer, with the structural reasons first where there is no plan."""
    answer = planner.teacher_plan()
    found = planner.structural_reasons()
    return replace(answer, reasons=(*found, *answer.reasons)) if found else answer


def _run_passes(
    planners: Sequence[TeacherPlanner],
    began: float,
    time_limit: float,
    workers: int,
    seed: int,
    cancel: threading.Event | None,
) -> bool:
    """Plan everybody with little effort, then those not proven with more and more.

    Effort is counted by the solver, not by the clock, so that rounds are the same in every run;
    no round begins that could bring the sum above the time limit.  One teacher alone is searched
    in one round: nobody waits, and nothing is searched twice.

    Returns
    -------
    bool
        Whether the wall clock or a cancellation cut a search short.
    """
    interrupted = False
    effort, todo, left = min(FIRST_EFFORT, time_limit), planners, time_limit
    threads = 1
    if len(planners) == 1:
        effort, threads = time_limit, min(workers, 2)
    while todo and not interrupted:
        if todo is not planners:
            effort = min(effort, left / len(todo))
        with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
            results = pool.map(
                lambda p, effort=effort: p.search(
                    seed, effort, began + time_limit, cancel, threads=threads
                ),
                todo,
            )
            interrupted = any(list(results))
        effort *= GROWTH
        left = time_limit - sum(p.effort for p in planners)
        again = len(planners) > 1 and left > LEAST_EFFORT
        todo = [p for p in planners if not p.is_settled] if again else []
    return interrupted


class _Reporter:
    """Turns the planners' reports into progress events, one at a time."""

    def __init__(self, on_progress: OnProgress | None, began: float) -> None:
        self._on_progress = on_progress
        self._began = began
        self._lock = threading.Lock()

    def __call__(self, teacher: str, stage: str, incumbent: int | None, bound: int | None) -> None:
        if self._on_progress is None:
            return
        elapsed = time.monotonic() - self._began
        with self._lock:
            self._on_progress(Progress(stage, teacher, incumbent, bound, elapsed))
