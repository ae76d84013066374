"""The judge of the comparison: recomputes the value of a solution from the instance alone.

It is told nothing but the problem and the solution, and imports no solver and no engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peers.problems import CoverProblem, CurriculumProblem, Problem, ProjectProblem


class Rejected(Exception):
    """A solution breaks the problem; the text says where."""


def value_of(problem: Problem, solution: Any) -> int:
    """Return the value of a solution.

    Raises
    ------
    Rejected
        If the solution is incomplete or breaks a constraint.
    """
    if isinstance(problem, CoverProblem):
        return _cover(problem, solution)
    if isinstance(problem, CurriculumProblem):
        return _curriculum(problem, solution)
    return _project(problem, solution)


def _require(holds: bool, complaint: str) -> None:
    if not holds:
        raise Rejected(complaint)


def _cover(problem: CoverProblem, columns: Sequence[int]) -> int:
    chosen = set(columns)
    _require(chosen <= set(range(len(problem.costs))), "an unknown column is chosen")
    for row, covering in enumerate(problem.rows):
        _require(not chosen.isdisjoint(covering), f"row {row + 1} is not covered")
    return sum(problem.costs[c] for c in chosen)


def _curriculum(problem: CurriculumProblem, periods: Sequence[int]) -> int:
    _require(len(periods) == len(problem.loads), "not every course has a period")
    _require(all(0 <= p < problem.periods for p in periods), "a period does not exist")
    for before, after in problem.prerequisites:
        _require(periods[before] < periods[after], f"course {before + 1} is not before {after + 1}")
    loads, courses = [0] * problem.periods, [0] * problem.periods
    for load, period in zip(problem.loads, periods, strict=True):
        loads[period] += load
        courses[period] += 1
    for p in range(problem.periods):
        _require(problem.least_load <= loads[p] <= problem.most_load, f"load of period {p + 1}")
        inside = problem.least_courses <= courses[p] <= problem.most_courses
        _require(inside, f"number of courses of period {p + 1}")
    return max(loads)


def _project(problem: ProjectProblem, schedule: Sequence[tuple[int, int]]) -> int:
    _require(len(schedule) == len(problem.jobs), "not every job is scheduled")
    for j, (job, (mode, start)) in enumerate(zip(problem.jobs, schedule, strict=True), 1):
        _require(0 <= mode < len(job.modes), f"job {j} has no such mode")
        _require(start >= 0, f"job {j} starts before 0")
    modes = [job.modes[m] for job, (m, _) in zip(problem.jobs, schedule, strict=True)]
    starts = [start for _, start in schedule]
    ends = [start + mode.duration for start, mode in zip(starts, modes, strict=True)]
    for j, job in enumerate(problem.jobs):
        for successor in job.successors:
            _require(
                starts[successor] >= ends[j], f"job {successor + 1} starts before {j + 1} ends"
            )
    for k, budget in enumerate(problem.budgets):
        _require(sum(m.takes[k] for m in modes) <= budget, f"budget {k + 1} is exceeded")
    makespan = max(ends, default=0)
    for r, capacity in enumerate(problem.capacities):
        used = [0] * makespan
        for mode, start, end in zip(modes, starts, ends, strict=True):
            for t in range(start, end):
                used[t] += mode.demands[r]
        _require(max(used, default=0) <= capacity, f"capacity {r + 1} is exceeded")
    return makespan
