"""Reduced-cost fixing: modules that only plans worse than a known one can take, or leave out.

If the first objective that can vary is a sum over the modes taken (study hours, cost), the linear
relaxation of choosing modules gives a bound L and reduced costs r, and a heuristic gives a plan
of value U.  A mode goes if ``L + r + (its cost above the module's cheapest mode) > U + tolerance``
with the left side rounded up; a module is taken in every plan that matters if ``L - r`` is.

Proof.  Weak duality: every plan that takes the mode has at least the value on the left (see
:mod:`trajectory_engine.reduce.covering`).  U is the value of a plan, so the best value is at most
U, and a plan of a later stage is worth at most the best value plus the tolerance.  So no plan of
any stage takes the mode: the optimum, and the answer among all ties, stay; worse plans go.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.multistart import schedules
from trajectory_engine.problem.evaluate import attain, objective_values
from trajectory_engine.problem.teacher_problem import Choice, Clause, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Bools, Ints
from trajectory_engine.reduce.cover_search import CoverSearch
from trajectory_engine.reduce.covering import Bound, covering_of, leading_sum, linear_bound
from trajectory_engine.reduce.forced import REASON
from trajectory_engine.reduce.rebuild import without
from trajectory_engine.reduce.report import Outcome

TRIES = 3
"""Orders in which a choice of modules is scheduled."""
SCHEDULED = 3
"""Choices, the cheapest first, that are tried on the calendar until one of them fits."""
LARGEST = 200_000
"""Pairs of a module and a class that it attains above which the linear relaxation is not solved."""
NEEDS = 4
"""Times as many classes attained as needed, at least, where the relaxation is solved."""
FEWEST = 60
"""Modules below which the solver needs no such help."""


def pays(arrays: Arrays) -> bool:
    """Return whether the relaxation is worth its time.

    Where most of a problem is what modules need before they start, the heuristic finds no choice
    that fits the calendar, and the selection model proves its bound as fast.
    """
    if leading_sum(arrays.problem) is None or arrays.modules < FEWEST:
        return False
    attained = int(arrays.attains.nnz)
    return attained <= LARGEST and NEEDS * int(arrays.needs.nnz) <= attained


def reduced_costs(arrays: Arrays, seed: int = 0) -> Outcome:
    """Leave out what only worse plans take, and say what only worse plans leave out."""
    spec = leading_sum(arrays.problem)
    if spec is None:
        return Outcome(arrays.problem)
    costs = arrays.hours if spec.name is ObjectiveName.STUDY_HOURS else arrays.prices
    covering = covering_of(arrays, costs)
    bound = linear_bound(covering)
    if bound is None:
        return Outcome(arrays.problem)
    least = max(0, math.ceil(bound.value))
    choices = list(CoverSearch(covering, bound, seed).choices())
    for mask in choices[: -1 - SCHEDULED : -1]:
        found = _scheduled(arrays, costs, mask, spec.name, seed)
        if found is not None:
            plan, value = found
            fixed = _fixed(arrays, costs, bound, value + spec.tolerance)
            return Outcome(fixed, plan, least, is_best=value <= least)
    return Outcome(arrays.problem, None, least)


def _scheduled(
    arrays: Arrays, costs: Ints, mask: Bools, name: ObjectiveName, seed: int
) -> tuple[tuple[Choice, ...], int] | None:
    """Return a plan of exactly these modules in their cheapest modes, with its value."""
    problem = arrays.problem
    modes = {m: _cheapest(arrays, costs, m) for m in np.flatnonzero(mask).tolist()}
    for plan in schedules(problem, modes, tries=TRIES, seed=seed, sooner=False):
        state = attain(problem, plan)
        if state is not None:
            return plan, objective_values(problem, plan, state)[name]
    return None


def _cheapest(arrays: Arrays, costs: Ints, module: int) -> int:
    first = int(arrays.first_mode[module])
    return int(np.argmin(costs[first : first + int(arrays.mode_count[module])]))


def _fixed(arrays: Arrays, costs: Ints, bound: Bound, most: int) -> TeacherProblem:
    """Return the problem as its plans worth up to ``most`` see it: what they never take is gone."""
    problem = arrays.problem
    above = costs - arrays.least_by_module(costs)[arrays.mode_owner]
    rise = np.maximum(0.0, bound.reduced)[arrays.mode_owner] + above
    worse = np.ceil(bound.value + rise) > most
    needed = np.ceil(bound.value + np.maximum(0.0, -bound.reduced)) > most
    said = {c.modules[0] for c in problem.clauses if c.guard is None and len(c.modules) == 1}
    new = [m for m in np.flatnonzero(needed).tolist() if m not in said]
    if new:
        clauses = (*problem.clauses, *(Clause(REASON, (m,)) for m in new))
        arrays = Arrays(replace(problem, clauses=clauses))
    return without(arrays, modes=worse)
