"""HiGHS through ``ortools.math_opt``: textbook integer programmes.

Project scheduling has none here: a time-indexed programme has a binary for every job, mode and
period, and 10,000 and more of them without a relaxation that helps do not make a fair peer.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt

from peers.outcome import FEASIBLE, INFEASIBLE, NOT_APPLICABLE, OPTIMAL, UNKNOWN, Clock, Outcome
from peers.problems import CoverProblem, CurriculumProblem, Problem

ROUNDING = 1e-6


def solve(problem: Problem, clock: Clock, workers: int, seed: int) -> Outcome:
    """Solve covering and curricula; the seconds of single solutions are not known.

    The interface of ``math_opt`` leaves the number of threads to HiGHS.
    """
    del workers
    model = mathopt.Model()
    if isinstance(problem, CoverProblem):
        variables = _cover(model, problem)
    elif isinstance(problem, CurriculumProblem):
        variables = _curriculum(model, problem)
    else:
        return Outcome(NOT_APPLICABLE)
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=clock.left()),
        random_seed=seed,
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=1.0 - 1e-4,
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    return _outcome(problem, result, variables)


def _outcome(problem: Problem, result: mathopt.SolveResult, variables: Any) -> Outcome:
    reason = result.termination.reason
    if reason is mathopt.TerminationReason.INFEASIBLE:
        return Outcome(INFEASIBLE)
    if not result.has_primal_feasible_solution():
        return Outcome(UNKNOWN)
    status = OPTIMAL if reason is mathopt.TerminationReason.OPTIMAL else FEASIBLE
    bound = result.dual_bound()
    values = result.variable_values()
    return Outcome(
        status,
        round(result.objective_value()),
        math.ceil(bound - ROUNDING) if math.isfinite(bound) else None,
        solution=_solution(problem, variables, values),
    )


def _solution(problem: Problem, variables: Any, values: Any) -> tuple[int, ...]:
    if isinstance(problem, CoverProblem):
        return tuple(c for c, v in enumerate(variables) if values[v] > 0.5)
    return tuple(next(p for p, v in enumerate(row) if values[v] > 0.5) for row in variables)


def _cover(model: mathopt.Model, problem: CoverProblem) -> list[Any]:
    taken = [model.add_binary_variable() for _ in problem.costs]
    for row in problem.rows:
        model.add_linear_constraint(mathopt.fast_sum(taken[c] for c in row) >= 1)
    model.minimize(mathopt.fast_sum(w * t for w, t in zip(problem.costs, taken, strict=True)))
    return taken


def _curriculum(model: mathopt.Model, problem: CurriculumProblem) -> list[list[Any]]:
    periods = range(problem.periods)
    placed = [[model.add_binary_variable() for _ in periods] for _ in problem.loads]
    for row in placed:
        model.add_linear_constraint(mathopt.fast_sum(row) == 1)
    for before, after in problem.prerequisites:
        first, second = (
            mathopt.fast_sum(p * placed[course][p] for p in periods) for course in (before, after)
        )
        model.add_linear_constraint(first + 1 <= second)
    largest = model.add_integer_variable(lb=problem.least_load, ub=problem.most_load)
    for p in periods:
        load = mathopt.fast_sum(w * row[p] for w, row in zip(problem.loads, placed, strict=True))
        model.add_linear_constraint(load >= problem.least_load)
        model.add_linear_constraint(load <= largest)
        courses = mathopt.fast_sum(row[p] for row in placed)
        model.add_linear_constraint(courses >= problem.least_courses)
        model.add_linear_constraint(courses <= problem.most_courses)
    model.minimize(largest)
    return placed
