"""Transitive reduction: entry conditions that follow from others of the same module.

If a module cannot start without the classes a and b, f does not form a, and every provider of a
cannot start without b, then asking for b says nothing.

Proof.  When a is formed a provider of a has ended, so b was formed by its start.  Following this
from b to a never leads back to b, unless b can never be formed: then nothing is left out, since
no provider of it can be entered.  So by induction over the order of the relation every condition
that goes follows from one that stays.  The step runs after forward reach, which removes the
modules for which it could lead back.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from trajectory_engine.problem.teacher_problem import Group, ModuleOption, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays
from trajectory_engine.reduce.reach import reached

MOST_PRODUCTS = 3_000_000


def transitive(arrays: Arrays) -> TeacherProblem:
    """Leave out entry conditions that follow from others."""
    problem = arrays.problem
    implied = _implied(arrays)
    if not implied.nnz or not reached(arrays)[1].all():
        return problem
    owners = np.flatnonzero(np.diff(implied.indptr)).tolist()
    modules = list(problem.modules)
    for m in owners:
        span = slice(implied.indptr[m], implied.indptr[m + 1])
        modules[m] = _without(modules[m], set(implied.indices[span].tolist()))
    return replace(problem, modules=tuple(modules))


def _implied(arrays: Arrays) -> sparse.csr_array:
    """Return what is needed by a module, and behind something else it needs, shape (M, C)."""
    needs, providers = arrays.needs, arrays.providers
    supply = np.diff(providers.indptr)
    if _products(providers, needs) > MOST_PRODUCTS:
        return sparse.csr_array(needs.shape, dtype=np.int64)
    common = (providers @ needs).tocoo()
    all_need = common.data == supply[common.row]
    all_need &= ~arrays.has_rule[common.row]
    behind = sparse.csr_array(
        (np.ones(int(all_need.sum()), np.int64), (common.row[all_need], common.col[all_need])),
        shape=common.shape,
    )
    found = (needs @ behind).multiply(needs).tocsr()
    found.eliminate_zeros()
    return sparse.csr_array(found)


def _products(providers: sparse.csr_array, needs: sparse.csr_array) -> int:
    """Return the cost of the product."""
    return int(np.diff(needs.indptr).astype(np.int64)[providers.indices].sum())


def _without(module: ModuleOption, implied: set[int]) -> ModuleOption:
    """Return the module without the implied members of groups that need all their members."""
    entry = []
    for group in module.entry:
        if group.needs_all:
            kept = tuple((c, w) for c, w in group.members if c not in implied)
            if kept:
                # All members are needed: what is left must still add up to all of it.
                entry.append(Group(sum(w for _, w in kept), kept))
        else:
            entry.append(group)
    return replace(module, entry=tuple(dict.fromkeys(entry)))
