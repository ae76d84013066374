"""Independent parts of a problem.

Two modules hang together if one class has both as providers or looks at both, if a goal, a
relation, an entry condition, a clause, a row that could bind, an order or a parallel limit names
both, or if they compete for time: that is, if all modules together could exceed the study hours
or a resource in some period.

Proof.  If no constraint spans two parts, a choice is a plan iff each part of it is, and an
objective that is a sum over modules is minimised part by part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Ints, all_ways
from trajectory_engine.reduce.connected import component_of
from trajectory_engine.reduce.rows import always_holds


def component_labels(arrays: Arrays) -> Ints:
    """Return the part of every module, numbered in the order of their first modules."""
    members = list(_joint(arrays.problem, arrays))
    size = arrays.classes + arrays.modules
    links = [
        (np.asarray(group[:-1], np.int64), np.asarray(group[1:], np.int64))
        for group in members
        if len(group) > 1
    ]
    attains = arrays.attains.tocoo()
    entry = arrays.groups.tocoo()
    rule = arrays.rule_needs.tocoo()
    one = [attains.row + arrays.classes, arrays.group_owner[entry.row] + arrays.classes]
    other = [attains.col, entry.col]
    one.append(arrays.by_rule[rule.row])
    other.append(rule.col)
    rows = np.concatenate([*one, *(a for a, _ in links)])
    columns = np.concatenate([*other, *(b for _, b in links)])
    labels = component_of(rows, columns, size)
    _, first, inverse = np.unique(labels[arrays.classes :], return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse.reshape(-1)]


def _joint(problem: TeacherProblem, arrays: Arrays) -> Iterator[Sequence[int]]:
    """Yield groups of vertices that hang together: classes, then modules behind them."""
    shift = arrays.classes
    for ways in all_ways(problem):
        yield sorted({c for way in ways for c in way})
    for state in problem.state_rows:
        yield [c for c, _ in state.terms]
    for clause in problem.clauses:
        yield [shift + m for m in clause.modules]
    for m, module in enumerate(problem.modules):
        for alternatives in (*module.entry_modules, *module.co, *module.strict_co):
            yield [shift + m, *(shift + a for a in alternatives)]
    cuts = (c for ss in problem.shortfalls.values() for s in ss for c in s.cuts)
    for row in (*problem.rows, *cuts):
        if not always_holds(arrays, row):
            literals = [x for x, _ in row.terms] + [w.literal for w, _ in row.timed]
            literals += [w.literal for windows in row.when for w in windows]
            yield sorted({shift + m for m, _ in literals})
    for order in problem.orderings:
        yield sorted({shift + m for m, _ in (*order.before, *order.after)})
    for parallel in problem.parallels:
        yield sorted({shift + m for m, _ in parallel.modes})
    if _compete(arrays):
        yield range(shift, shift + arrays.modules)


def _compete(arrays: Arrays) -> bool:
    """Return whether all modules at once, each in its heaviest mode, could be too much."""
    problem = arrays.problem
    usable = [c for p, c in enumerate(problem.capacity) if p not in problem.blocked]
    load = sum(max((max(k.load, default=0) for k in m.modes), default=0) for m in problem.modules)
    if load > min(usable, default=0):
        return True
    for resource, most in problem.renewable_capacity.items():
        used = sum(
            max((dict(k.renewable).get(resource, 0) for k in m.modes), default=0)
            for m in problem.modules
        )
        if used > most:
            return True
    return False
