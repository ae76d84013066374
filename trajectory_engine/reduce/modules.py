"""Safe module dominance: another module is as good, whatever the rest of the plan is.

Module b dominates module a if b attains every class of a that anything looks at, has no entry
condition that a has not, and for every mode of a has one that fits in its place (see
:func:`trajectory_engine.reduce.dominance.fits_in`) and counts in rows, orders and parallel limits
at least as well; if leaving out a, or b, violates no row; if whoever names a in a clause or an
entry condition also names b; and if b's id comes first or its modes are really cheaper in a sum
that is minimised without tolerance.  Where rows look at what is formed (balance), more is not
always better, so then b and a must attain the same.

Proof.  Take a plan with a.  If b is not in it, put b in the place of a, in the mode that fits, at
the same start.  If b is in it and ends no later than a, leave a out.  If b ends later, move b into
the place of a: what b formed is formed earlier, and b taught nothing that a's start needed, since
it ended after that start.  Every class is formed no later, nothing is violated, no objective
grows, and either there is a module less, or a sum or the order of ids is better.  So the one
answer does not take a.  The order is strict, so something undominated is left.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from trajectory_engine.problem.teacher_problem import ModuleOption, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Ints
from trajectory_engine.reduce.dominance import Standing, fits_in
from trajectory_engine.reduce.rebuild import without

MOST_PAIRS = 3_000_000
"""Products of the matrix of common classes above which the step is left out."""


def modules(arrays: Arrays) -> TeacherProblem:
    """Leave out dominated modules."""
    problem = arrays.problem
    better, other = _candidates(arrays)
    if not len(better):
        return problem
    standing, named = Standing(problem), _named(problem)
    gone = np.zeros(arrays.modules, np.bool_)
    for b, a in zip(better.tolist(), other.tolist(), strict=True):
        if not gone[a]:
            gone[a] = _dominates(problem, standing, named, b, a)
    return without(arrays, modules=gone)


def _candidates(arrays: Arrays) -> tuple[Ints, Ints]:
    """Return pairs of modules of which the first may dominate the second."""
    seen = _seen_classes(arrays)
    supply = np.diff(seen.tocsc().indptr).astype(np.int64)
    nobody = np.zeros(0, np.int64)
    if (supply**2).sum() > MOST_PAIRS:
        return nobody, nobody
    common = sparse.triu(seen @ seen.T, 1).tocoo()
    size = np.diff(seen.indptr)
    hours, prices = arrays.least_by_module(arrays.hours), arrays.least_by_module(arrays.prices)
    rank = np.argsort(np.argsort([m.id for m in arrays.problem.modules], kind="stable"))
    most_hours = -arrays.least_by_module(-arrays.hours)
    most_prices = -arrays.least_by_module(-arrays.prices)
    found: list[tuple[Ints, Ints]] = []
    for b, a in ((common.row, common.col), (common.col, common.row)):
        screen = common.data == size[a]
        screen &= (hours[b] <= hours[a]) & (prices[b] <= prices[a])
        screen &= (rank[b] < rank[a]) | (hours[b] < most_hours[a]) | (prices[b] < most_prices[a])
        if arrays.problem.state_rows:
            screen &= size[a] == size[b]
        found.append((b[screen].astype(np.int64), a[screen].astype(np.int64)))
    return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


def _seen_classes(arrays: Arrays) -> sparse.csr_array:
    """Return what modules attain of the classes that anything looks at, shape (M, C)."""
    return arrays.attains[:, np.flatnonzero(arrays.consumed)].tocsr()


def _named(problem: TeacherProblem) -> list[set[object]]:
    """Return for every module who names it: clauses and conditions of other modules."""
    named: list[set[object]] = [set() for _ in problem.modules]
    for i, clause in enumerate(problem.clauses):
        for m in clause.modules:
            named[m].add(i)
    for owner, module in enumerate(problem.modules):
        for i, alternatives in enumerate(module.entry_modules):
            for m in alternatives:
                named[m].add((owner, i))
    return named


def _dominates(
    problem: TeacherProblem, standing: Standing, named: list[set[object]], b: int, a: int
) -> bool:
    mine, theirs = problem.modules[b], problem.modules[a]
    if not named[a] <= named[b] or not _enters_as_early(mine, theirs):
        return False
    if not all(standing.may_go((m, k)) for m in (a, b) for k in _positions(problem.modules[m])):
        return False
    return all(
        any(
            fits_in(j, k)
            and standing.replaces((b, i), (a, position))
            and (mine.id < theirs.id or standing.is_cheaper(j, k))
            for i, j in enumerate(mine.modes)
        )
        for position, k in enumerate(theirs.modes)
    )


def _enters_as_early(mine: ModuleOption, theirs: ModuleOption) -> bool:
    waits = set(theirs.entry_modules)
    return set(mine.entry) <= set(theirs.entry) and set(mine.entry_modules) <= waits


def _positions(module: ModuleOption) -> range:
    return range(len(module.modes))
