"""Inefficient modes (Sprecher, Hartmann and Drexl, 1997): another mode of the module is as good.

Mode j makes mode k of the same module inefficient if j has all starts of k, lasts no longer, has
in every period no more hours and uses no more of any resource, has no more hours and no higher
price in all, and counts in rows, orders and parallel limits at least as well; and if j comes
before k in the module's list or is really cheaper in a sum that is minimised without tolerance.

Proof.  In a plan with k put j at the same start.  Every class is formed no later, every row,
order and capacity still holds, no objective grows, the modules and starts are the same.  The last
condition makes the new plan better in an objective or in the order of modes: so the one answer
does not take k.  (A smaller objective under an earlier limit would contradict that its best value
was reached.)  Modes are removed in this strict order, so something undominated is left.
"""

from __future__ import annotations

import numpy as np

from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Ints
from trajectory_engine.reduce.dominance import Standing, fits_in
from trajectory_engine.reduce.rebuild import without


def modes(arrays: Arrays) -> TeacherProblem:
    """Leave out inefficient modes."""
    better, other = _candidates(arrays)
    if not len(better):
        return arrays.problem
    problem, standing = arrays.problem, Standing(arrays.problem)
    gone = np.zeros(len(arrays.mode_owner), np.bool_)
    for j, k in zip(better.tolist(), other.tolist(), strict=True):
        if gone[k]:
            continue
        m = int(arrays.mode_owner[j])
        first = int(arrays.first_mode[m])
        mine, theirs = problem.modules[m].modes[j - first], problem.modules[m].modes[k - first]
        gone[k] = (
            (mine.rank < theirs.rank or standing.is_cheaper(mine, theirs))
            and fits_in(mine, theirs)
            and standing.replaces((m, j - first), (m, k - first))
        )
    return without(arrays, modes=gone)


def _candidates(arrays: Arrays) -> tuple[Ints, Ints]:
    """Return pairs of modes of one module of which the first may dominate the second."""
    size = arrays.mode_count[arrays.mode_owner]
    left = np.repeat(np.arange(len(size)), size)
    offset = np.arange(len(left)) - np.repeat(np.cumsum(size) - size, size)
    right = arrays.first_mode[arrays.mode_owner[left]] + offset
    screen = left != right
    for values in (arrays.durations, arrays.hours, arrays.prices, -arrays.start_counts):
        screen &= values[left] <= values[right]
    return left[screen], right[screen]
