"""The linear relaxation of choosing modules, with a bound that needs no trust in the solver.

One column per module, at the price of its cheapest mode; one row per class that every plan forms,
per hard clause, and per class that a module cannot start without ("if the module, then another
one that attains the class").  Classes that f may form have no row: leaving rows out relaxes.

For any multipliers y >= 0 of the rows, ``y b + sum of min(0, c - y A)`` is a lower bound (weak
duality), so the multipliers of the linear solver are only advice.  They are rounded down to a
grid on which sums in double precision are exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.linear_solver.python.model_builder_helper import (
    ModelBuilderHelper,
    ModelSolverHelper,
    SolveStatus,
)
from scipy import sparse

from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec
from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Ints, incidence

Floats = npt.NDArray[np.float64]

_PARAMETERS = "use_dual_simplex: true"
"""Costs are not negative, so that to take nothing is dual feasible: the dual simplex method starts
there and takes a third of the time."""
GRID_BITS = 16
"""Multipliers are whole multiples of one over two to this power, less where costs are large."""
EXACT_BITS = 50
"""Bits of the sum of costs counted on the grid; a double holds three more without rounding."""


@dataclass(frozen=True)
class Covering:
    """Rows ``matrix @ x >= demand`` over modules.

    Attributes
    ----------
    costs : array of int
        Of the cheapest mode of every module.
    matrix : sparse array
        Ones for the modules that serve a row, -1 for the module that asks.
    demand : array of int
        1, or 0 where a module asks.
    """

    costs: Ints
    matrix: sparse.csr_array
    demand: Ints


@dataclass(frozen=True)
class Bound:
    """A proven bound of a covering.

    Attributes
    ----------
    value : float
        Lower bound of the least cost, exact.
    reduced : array of float
        Reduced cost of every module: the bound rises by so much if a module of positive reduced
        cost is taken, or one of negative reduced cost is not.
    """

    value: float
    reduced: Floats
    share: Floats


def leading_sum(problem: TeacherProblem) -> ObjectiveSpec | None:
    """Return the first objective that can vary, if it is a sum over modes; else None."""
    for spec in problem.objectives:
        varies = {
            ObjectiveName.UNMET_GOALS: bool(problem.soft_goals),
            ObjectiveName.SOFT_RULES: bool(problem.soft_rules),
        }
        if varies.get(spec.name, True):
            sums = (ObjectiveName.STUDY_HOURS, ObjectiveName.COST)
            return spec if spec.name in sums else None
    return None


def covering_of(arrays: Arrays, mode_costs: Ints) -> Covering:
    """Return the covering that relaxes the choice of modules."""
    required = np.flatnonzero(arrays.required & ~arrays.has_rule)
    clauses = [c.modules for c in arrays.problem.clauses if c.guard is None]
    needs = arrays.needs.tocoo()
    asks = ~arrays.has_rule[needs.col]
    owner, needed = needs.row[asks], needs.col[asks]
    own = sparse.csr_array(
        (np.ones(len(owner), np.int64), (np.arange(len(owner)), owner)),
        shape=(len(owner), arrays.modules),
    )
    served = arrays.providers[needed]
    others = served - served.multiply(own)
    parts = [arrays.providers[required], incidence(clauses, arrays.modules), others - own]
    matrix = sparse.csr_array(sparse.vstack(parts, format="csr"))
    ones = len(required) + len(clauses)
    demand = np.concatenate([np.ones(ones, np.int64), np.zeros(len(owner), np.int64)])
    return Covering(arrays.least_by_module(mode_costs), matrix, demand)


def linear_bound(covering: Covering) -> Bound | None:
    """Return the bound of the linear relaxation.

    None if the solver gives no multipliers, or costs are too large for exact sums.
    """
    bits = min(GRID_BITS, EXACT_BITS - int(covering.costs.sum()).bit_length())
    if 0 in covering.matrix.shape or bits < 0:
        return None
    rows, columns = covering.matrix.shape
    # Nothing is gained above 1; without that bound reduced costs are not negative.
    model = ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        np.zeros(columns),
        np.full(columns, np.inf),
        covering.costs.astype(float),
        covering.demand.astype(float),
        np.full(rows, np.inf),
        sparse.csr_matrix(covering.matrix.astype(float)),
    )
    solver = ModelSolverHelper("glop")
    solver.set_solver_specific_parameters(_PARAMETERS)
    solver.solve(model)
    if solver.status() != SolveStatus.OPTIMAL:
        return None
    grid = float(1 << bits)
    multipliers = np.floor(np.maximum(0.0, solver.dual_values()) * grid) / grid
    return _bound(covering, multipliers, np.asarray(solver.variable_values()))


def _bound(covering: Covering, multipliers: Floats, share: Floats) -> Bound:
    reduced = covering.costs - covering.matrix.T.astype(float) @ multipliers
    value = float(multipliers @ covering.demand + np.minimum(0.0, reduced).sum())
    return Bound(value, reduced, share)
