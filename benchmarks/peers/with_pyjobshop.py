"""PyJobShop, as its documentation says to use it for project scheduling.

PyJobShop (MIT licence) is no part of the project: ``pip install 'trajectory-engine[benchmarks]'``.
"""

from __future__ import annotations

import importlib.util
from typing import Any

from peers.outcome import FEASIBLE, INFEASIBLE, NOT_APPLICABLE, OPTIMAL, UNKNOWN, Clock, Outcome
from peers.problems import Problem, ProjectProblem

MISSING = (
    "PyJobShop is not installed: pip install 'trajectory-engine[benchmarks]', "
    "or leave pyjobshop out of --against"
)
STATUS = {"Optimal": OPTIMAL, "Feasible": FEASIBLE, "Infeasible": INFEASIBLE}


def installed() -> bool:
    """Return whether the package is there."""
    return importlib.util.find_spec("pyjobshop") is not None


def solve(problem: Problem, clock: Clock, workers: int, seed: int) -> Outcome:
    """Solve a project; other kinds of problem have no counterpart in PyJobShop."""
    if not isinstance(problem, ProjectProblem):
        return Outcome(NOT_APPLICABLE)
    result = _model(problem).solve(
        time_limit=clock.left(), display=False, num_workers=workers, random_seed=seed
    )
    status = STATUS.get(result.status.value, UNKNOWN)
    if status not in (OPTIMAL, FEASIBLE):
        return Outcome(status)
    return Outcome(
        status,
        round(result.objective),
        round(result.lower_bound),
        solution=_schedule(problem, result.best.tasks),
    )


def _model(problem: ProjectProblem) -> Any:
    from pyjobshop import Model

    model = Model()
    resources = [model.add_renewable(capacity=c) for c in problem.capacities]
    budgets = [model.add_consumable(capacity=b) for b in problem.budgets]
    tasks = [model.add_task() for _ in problem.jobs]
    for job, task in zip(problem.jobs, tasks, strict=True):
        for mode in job.modes:
            model.add_mode(
                task,
                resources=[*resources, *budgets],
                duration=mode.duration,
                demands=[*mode.demands, *mode.takes],
            )
    for job, task in zip(problem.jobs, tasks, strict=True):
        for successor in job.successors:
            model.add_end_before_start(task, tasks[successor])
    return model


def _schedule(problem: ProjectProblem, tasks: Any) -> tuple[tuple[int, int], ...]:
    """Return modes counted within their job: PyJobShop counts them through."""
    found, first = [], 0
    for job, task in zip(problem.jobs, tasks, strict=True):
        found.append((task.mode - first, task.start))
        first += len(job.modes)
    return tuple(found)
