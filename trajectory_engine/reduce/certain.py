"""Certain classes: those that every plan forms, whichever alternatives it takes.

A class that f does not form is formed by a module that attains it; what all of these attain, or
cannot start without, is formed in every plan that forms the class.  What f alone forms has all
that f asks for.

Proof.  Induction from what hard goals ask for and what forced modules attain and need: each step
says "every plan" about its conclusion if it does about its premise.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from trajectory_engine.graph.csr import distinct
from trajectory_engine.reduce.arrays import Arrays, Bools, Ints
from trajectory_engine.reduce.forced import forced_modules

CHUNK = 2000
"""Classes whose providers are looked at in one product of matrices."""


def certain_classes(arrays: Arrays) -> Bools:
    """Return a mask of classes that every plan forms; some may be missing, none is wrong."""
    taken, formed = forced_modules(arrays)
    found: Bools = formed | (arrays.attains.T @ taken.astype(np.int64) > 0)
    given = sparse.csr_array(arrays.attains + arrays.needs)
    given.data[:] = 1
    supply = np.diff(arrays.providers.indptr)
    untaught = supply[arrays.by_rule] == 0
    seen = np.zeros(arrays.classes, np.bool_)
    while True:
        fresh = np.flatnonzero(found & ~seen)
        if not len(fresh):
            return found
        seen |= found
        found[_given_by_all(arrays, given, fresh[~arrays.has_rule[fresh]], supply)] = True
        behind = (seen[arrays.by_rule] & untaught).astype(np.int64)
        found |= arrays.rule_needs.T @ behind > 0


def _given_by_all(arrays: Arrays, given: sparse.csr_array, asked: Ints, supply: Ints) -> Ints:
    """Return the classes that all providers of one of some classes attain or need."""
    asked = asked[supply[asked] > 0]
    found = []
    for some in np.array_split(asked, -(-len(asked) // CHUNK) or 1):
        common = (arrays.providers[some] @ given).tocoo()
        found.append(common.col[common.data == supply[some][common.row]])
    return distinct(np.concatenate(found)).astype(np.int64)
