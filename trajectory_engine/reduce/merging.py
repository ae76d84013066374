"""Merging by providers: classes that are formed at the same instant in every plan become one.

Proof.  Two classes that f does not form are formed at the first end of a taken provider; with the
same providers that is the same instant.  If f forms both, from the same classes, the same holds.
A condition on one is then a condition on the other, weights of groups add up, and every plan
stays what it is.  Merging may make the providers or needs of others equal, so it is repeated;
consumers need not agree, they read one class afterwards.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Ints
from trajectory_engine.reduce.rebuild import without


def merging(arrays: Arrays) -> TeacherProblem:
    """Let one class stand for all that are formed with it."""
    problem = arrays.problem
    while True:
        stands = _representatives(arrays)
        if (stands == np.arange(arrays.classes)).all():
            return problem
        problem = without(arrays, class_of=stands)
        arrays = Arrays(problem)


def _representatives(arrays: Arrays) -> Ints:
    """Return for every class the first one with the same providers and the same needs of f."""
    marks = _mark(arrays.providers)
    needs = np.zeros((arrays.classes, 2), np.uint64)
    needs[arrays.by_rule] = _mark(arrays.rule_needs)
    keys = np.column_stack([marks, needs, arrays.has_rule.astype(np.uint64)])
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    stands = first[inverse.reshape(-1)].astype(np.int64)
    return _confirmed(arrays, stands)


def _mark(matrix: sparse.csr_array) -> np.ndarray:
    """Return two random sums for every row, the same for the same row."""
    generator = np.random.default_rng(0)
    words = generator.integers(1, 1 << 62, (matrix.shape[1], 2), dtype=np.uint64)
    return matrix.astype(np.uint64) @ words


def _confirmed(arrays: Arrays, stands: Ints) -> Ints:
    """Return the representatives, each class by itself where equal sums hide different sets."""
    classes = arrays.problem.classes
    for c in np.flatnonzero(stands != np.arange(len(stands))).tolist():
        first, other = classes[int(stands[c])], classes[c]
        if (first.providers, first.rule_needs) != (other.providers, other.rule_needs):
            stands[c] = c
    return stands
