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
from dataclasses import dataclass, replace

import numpy as np

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.multistart import schedules
from trajectory_engine.problem.evaluate import attain, is_plan, objective_values
from trajectory_engine.problem.teacher_problem import Choice, Clause, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Bools, Ints
from trajectory_engine.reduce.cover_search import CoverSearch
from trajectory_engine.reduce.covering import Bound, covering_of, leading_sum, linear_bound
from trajectory_engine.reduce.forced import REASON
from trajectory_engine.reduce.rebuild import without

TRIES = 3
"""Orders in which a choice of modules is scheduled."""
LARGEST = 200_000
"""Non-zeros of providers and needs above which the linear relaxation is not solved."""
FEWEST = 60
"""Modules below which the solver needs no such help."""


@dataclass(frozen=True, slots=True)
class Fixing:
    """What the step found.

    Attributes
    ----------
    plan : tuple of Choice or None
        A plan of the problem as it came in.
    bound : int or None
        Lower bound of the leading objective.
    """

    problem: TeacherProblem
    plan: tuple[Choice, ...] | None = None
    bound: int | None = None


def pays(arrays: Arrays) -> bool:
    """Return whether the relaxation is worth its time."""
    if leading_sum(arrays.problem) is None or arrays.modules < FEWEST:
        return False
    return bool(arrays.attains.nnz + arrays.needs.nnz <= LARGEST)


def reduced_costs(arrays: Arrays, seed: int = 0) -> Fixing:
    """Leave out what only worse plans take, and say what only worse plans leave out."""
    spec = leading_sum(arrays.problem)
    if spec is None:
        return Fixing(arrays.problem)
    costs = arrays.hours if spec.name is ObjectiveName.STUDY_HOURS else arrays.prices
    covering = covering_of(arrays, costs)
    bound = linear_bound(covering)
    if bound is None:
        return Fixing(arrays.problem)
    least = max(0, math.ceil(bound.value))
    plan, value = None, None
    for mask in CoverSearch(covering, bound, seed).choices():
        found = _scheduled(arrays, costs, mask, spec.name, seed)
        if found is None:
            break
        plan, value = found
    if plan is None or value is None:
        return Fixing(arrays.problem, None, least)
    return Fixing(_fixed(arrays, costs, bound, value + spec.tolerance), plan, least)


def _scheduled(
    arrays: Arrays, costs: Ints, mask: Bools, name: ObjectiveName, seed: int
) -> tuple[tuple[Choice, ...], int] | None:
    """Return a plan of exactly these modules in their cheapest modes, with its value."""
    problem = arrays.problem
    modes = {m: _cheapest(arrays, costs, m) for m in np.flatnonzero(mask).tolist()}
    for plan in schedules(problem, modes, tries=TRIES, seed=seed, sooner=False):
        if is_plan(problem, plan):
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
