"""Textbook CP-SAT models: one page a kind of problem, no reduction, no bound, no hint, no tuning.

Several optional intervals of one job that share their variables for start and end are avoided:
ortools 9.15 proves wrong optima with them. A job in several modes is written in the two ways that
were right: a fixed-size optional interval a mode, or one interval of variable size and demand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ortools.sat.python import cp_model

from peers.outcome import FEASIBLE, INFEASIBLE, OPTIMAL, UNKNOWN, Clock, Outcome
from peers.problems import CoverProblem, CurriculumProblem, Problem, ProjectProblem

Extract = Callable[[cp_model.CpSolver], Any]
STATUS = {
    cp_model.OPTIMAL: OPTIMAL,
    cp_model.FEASIBLE: FEASIBLE,
    cp_model.INFEASIBLE: INFEASIBLE,
    cp_model.UNKNOWN: UNKNOWN,
}


def portfolio(problem: Problem, clock: Clock, workers: int, seed: int) -> Outcome:
    """Solve with the default portfolio."""
    return _solve(problem, clock, seed, fixed_size=True, num_workers=workers)


def one_interval(problem: Problem, clock: Clock, workers: int, seed: int) -> Outcome:
    """Solve with the default portfolio, a job in several modes being one variable interval."""
    return _solve(problem, clock, seed, fixed_size=False, num_workers=workers)


def linear(problem: Problem, clock: Clock, workers: int, seed: int) -> Outcome:
    """Solve with one worker that linearises as much as it can."""
    del workers
    return _solve(problem, clock, seed, fixed_size=True, num_workers=1, linearization_level=2)


def _solve(
    problem: Problem, clock: Clock, seed: int, *, fixed_size: bool, **parameters: int
) -> Outcome:
    model = cp_model.CpModel()
    extract = _build(model, problem, fixed_size)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed
    for name, value in parameters.items():
        setattr(solver.parameters, name, value)
    times = _Times(clock)
    solver.parameters.max_time_in_seconds = clock.left()
    code = solver.solve(model, times)
    if code not in STATUS:
        raise ValueError(f"the model is invalid: {model.validate()}")
    status = STATUS[code]
    if status not in (OPTIMAL, FEASIBLE):
        return Outcome(status)
    return Outcome(
        status,
        round(solver.objective_value),
        round(solver.best_objective_bound),
        times.first,
        times.last,
        extract(solver),
    )


class _Times(cp_model.CpSolverSolutionCallback):
    """Notes when the first and the last solution came."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.first: float | None = None
        self.last: float | None = None
        self._clock = clock

    def on_solution_callback(self) -> None:
        """Note the time."""
        self.last = self._clock.now()
        if self.first is None:
            self.first = self.last


def _build(model: cp_model.CpModel, problem: Problem, fixed_size: bool) -> Extract:
    if isinstance(problem, CoverProblem):
        return _cover(model, problem)
    if isinstance(problem, CurriculumProblem):
        return _curriculum(model, problem)
    single = all(len(job.modes) == 1 for job in problem.jobs)
    if single:
        return _single_mode(model, problem)
    return _fixed_size_modes(model, problem) if fixed_size else _variable_modes(model, problem)


def _cover(model: cp_model.CpModel, problem: CoverProblem) -> Extract:
    taken = [model.new_bool_var("") for _ in problem.costs]
    for row in problem.rows:
        model.add_bool_or([taken[c] for c in row])
    model.minimize(cp_model.LinearExpr.weighted_sum(taken, list(problem.costs)))
    return lambda solver: tuple(c for c, t in enumerate(taken) if solver.boolean_value(t))


def _curriculum(model: cp_model.CpModel, problem: CurriculumProblem) -> Extract:
    periods = range(problem.periods)
    placed = [[model.new_bool_var("") for _ in periods] for _ in problem.loads]
    period = [model.new_int_var(0, problem.periods - 1, "") for _ in problem.loads]
    for course, row in enumerate(placed):
        model.add_exactly_one(row)
        model.add(period[course] == sum(p * row[p] for p in periods))
    for before, after in problem.prerequisites:
        model.add(period[before] < period[after])
    largest = model.new_int_var(problem.least_load, problem.most_load, "")
    for p in periods:
        load = sum(w * row[p] for w, row in zip(problem.loads, placed, strict=True))
        model.add_linear_constraint(load, problem.least_load, problem.most_load)
        model.add(load <= largest)
        courses = sum(row[p] for row in placed)
        model.add_linear_constraint(courses, problem.least_courses, problem.most_courses)
    model.minimize(largest)
    return lambda solver: tuple(solver.value(p) for p in period)


def _single_mode(model: cp_model.CpModel, problem: ProjectProblem) -> Extract:
    modes = [job.modes[0] for job in problem.jobs]
    starts = [model.new_int_var(0, problem.horizon, "") for _ in modes]
    intervals = [
        model.new_fixed_size_interval_var(start, mode.duration, "")
        for start, mode in zip(starts, modes, strict=True)
    ]
    for r, capacity in enumerate(problem.capacities):
        using = [j for j, mode in enumerate(modes) if mode.demands[r]]
        demands = [modes[j].demands[r] for j in using]
        model.add_cumulative([intervals[j] for j in using], demands, capacity)
    ends = [start + mode.duration for start, mode in zip(starts, modes, strict=True)]
    _order_and_minimise(model, problem, starts, ends)
    return lambda solver: tuple((0, solver.value(start)) for start in starts)


def _choice(
    model: cp_model.CpModel, problem: ProjectProblem
) -> tuple[list[Any], list[Any], list[list[Any]]]:
    """Add start, end and the choice of a mode of every job, and the budgets."""
    starts = [model.new_int_var(0, problem.horizon, "") for _ in problem.jobs]
    ends = [model.new_int_var(0, problem.horizon, "") for _ in problem.jobs]
    chosen = [[model.new_bool_var("") for _ in job.modes] for job in problem.jobs]
    for job, start, end, row in zip(problem.jobs, starts, ends, chosen, strict=True):
        model.add_exactly_one(row)
        durations = (b * m.duration for b, m in zip(row, job.modes, strict=True))
        model.add(end == start + sum(durations))
    for k, budget in enumerate(problem.budgets):
        model.add(
            sum(
                b * mode.takes[k]
                for job, row in zip(problem.jobs, chosen, strict=True)
                for b, mode in zip(row, job.modes, strict=True)
            )
            <= budget
        )
    return starts, ends, chosen


def _fixed_size_modes(model: cp_model.CpModel, problem: ProjectProblem) -> Extract:
    starts, ends, chosen = _choice(model, problem)
    for r, capacity in enumerate(problem.capacities):
        using = [
            (model.new_optional_fixed_size_interval_var(start, m.duration, b, ""), m.demands[r])
            for job, start, row in zip(problem.jobs, starts, chosen, strict=True)
            for m, b in zip(job.modes, row, strict=True)
            if m.demands[r]
        ]
        model.add_cumulative([i for i, _ in using], [d for _, d in using], capacity)
    _order_and_minimise(model, problem, starts, ends)
    return lambda solver: _schedule(solver, starts, chosen)


def _variable_modes(model: cp_model.CpModel, problem: ProjectProblem) -> Extract:
    starts, ends, chosen = _choice(model, problem)
    intervals = []
    for job, start, end in zip(problem.jobs, starts, ends, strict=True):
        sizes = cp_model.Domain.from_values(sorted({mode.duration for mode in job.modes}))
        size = model.new_int_var_from_domain(sizes, "")
        intervals.append(model.new_interval_var(start, size, end, ""))
    for r, capacity in enumerate(problem.capacities):
        demands = []
        for job, row in zip(problem.jobs, chosen, strict=True):
            demand = model.new_int_var(0, max(mode.demands[r] for mode in job.modes), "")
            model.add(demand == sum(b * m.demands[r] for b, m in zip(row, job.modes, strict=True)))
            demands.append(demand)
        model.add_cumulative(intervals, demands, capacity)
    _order_and_minimise(model, problem, starts, ends)
    return lambda solver: _schedule(solver, starts, chosen)


def _schedule(
    solver: cp_model.CpSolver, starts: list[Any], chosen: list[list[Any]]
) -> tuple[tuple[int, int], ...]:
    modes = [next(m for m, b in enumerate(row) if solver.boolean_value(b)) for row in chosen]
    return tuple((m, solver.value(start)) for m, start in zip(modes, starts, strict=True))


def _order_and_minimise(
    model: cp_model.CpModel, problem: ProjectProblem, starts: list[Any], ends: list[Any]
) -> None:
    for job, end in zip(problem.jobs, ends, strict=True):
        for successor in job.successors:
            model.add(starts[successor] >= end)
    makespan = model.new_int_var(0, problem.horizon, "")
    model.add_max_equality(makespan, ends)
    model.minimize(makespan)
