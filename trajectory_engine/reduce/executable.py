"""Non-executable modes (Sprecher, Hartmann and Drexl, 1997): those that no plan has room for.

A mode is not executable if it has no start, if it alone overdraws a renewable resource, or if
with the least that all other forced modules use it exceeds a hard row with a most and no
negative coefficient, a limit on hours or cost, or the study hours of the whole calendar.

Proof.  A plan that took the mode would use at least the sum that is compared, since the forced
modules are in every plan and no term is negative.  So no plan takes it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.teacher_problem import Row, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Bools, Ints
from trajectory_engine.reduce.forced import forced_modules
from trajectory_engine.reduce.rebuild import without


def executable(arrays: Arrays) -> TeacherProblem:
    """Leave out the modes that no plan has room for."""
    taken, _ = forced_modules(arrays)
    dead = (arrays.start_counts == 0) | _overdraws(arrays)
    for use, most in _budgets(arrays):
        least = arrays.least_by_module(use)
        others = int(least[taken].sum()) - np.where(taken, least, 0)
        dead |= use + others[arrays.mode_owner] > most
    return without(arrays, modes=dead)


def _overdraws(arrays: Arrays) -> Bools:
    problem = arrays.problem
    most = problem.renewable_capacity
    found = (
        k.duration > 0 and any(amount > most[r] for r, amount in k.renewable)
        for m in problem.modules
        for k in m.modes
    )
    return np.fromiter(found, np.bool_, len(arrays.mode_owner))


def _budgets(arrays: Arrays) -> Iterator[tuple[Ints, int]]:
    """Yield what every mode uses of something, and how much there is."""
    yield arrays.hours, sum(arrays.problem.capacity)
    for name, most in arrays.problem.limits:
        if name is ObjectiveName.STUDY_HOURS:
            yield arrays.hours, most
        elif name is ObjectiveName.COST:
            yield arrays.prices, most
    for row in arrays.problem.rows:
        if row.most is not None and row.guard is None and all(v >= 0 for _, v in row.terms):
            use = row_uses(arrays, row)
            if all(v >= 0 for _, v in row.timed):
                yield use, row.most


def row_uses(arrays: Arrays, row: Row) -> Ints:
    """Return the coefficients of a row that do not depend on starts, by mode."""
    use = np.zeros(len(arrays.mode_owner), np.int64)
    if row.terms:
        literals = np.asarray([x for x, _ in row.terms], np.int64)
        positions = arrays.first_mode[literals[:, 0]] + literals[:, 1]
        np.add.at(use, positions, np.asarray([v for _, v in row.terms], np.int64))
    return use
