"""Backward closure: modules and classes that no goal, rule or decision can need.

Seeds are the classes in goals and in rows over what is formed, and the modules that a clause
names or that a row counts towards a least amount.  A class needs its providers and what f asks
for; a module needs the members of its entry conditions, alternatives included, and
the modules that must be taken beside it.

Proof.  Take a plan and leave out every module outside the closure.  No module inside needs one of
them, so all others keep their steps and what is inside is formed when it was.  A constraint that
leaving modules out can violate has its modules among the seeds; every other one still holds, and
a row that binds only where something ends binds no more often than before.  No objective grows,
and the plan has fewer modules: the optimum and the one answer lie inside.  Shared limits that say
"at most" are kept as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trajectory_engine.problem.teacher_problem import Row, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Bools, mask_of
from trajectory_engine.reduce.rebuild import without


def relevant(arrays: Arrays) -> tuple[Bools, Bools]:
    """Return the classes and modules of the closure."""
    classes, modules = arrays.wanted.copy(), mask_of(_seeds(arrays.problem), arrays.modules)
    waits, partners = arrays.waits.T, arrays.partners.T
    members, asked_by_rule = arrays.groups.T, arrays.rule_needs.T
    while True:
        more_modules = modules | (arrays.attains @ classes.astype(np.int64) > 0)
        waited = waits @ more_modules[arrays.wait_owner].astype(np.int64)
        more_modules |= waited > 0
        more_modules |= partners @ more_modules.astype(np.int64) > 0
        needed = members @ more_modules[arrays.group_owner].astype(np.int64)
        by_rule = asked_by_rule @ classes[arrays.by_rule].astype(np.int64)
        more_classes = classes | (needed > 0) | (by_rule > 0)
        if (more_classes == classes).all() and (more_modules == modules).all():
            return classes, modules
        classes, modules = more_classes, more_modules


def _seeds(problem: TeacherProblem) -> Iterator[int]:
    for clause in problem.clauses:
        yield from clause.modules
    for row in problem.rows:
        yield from _counted(row)


def _counted(row: Row) -> Iterator[int]:
    """Yield the modules that a row may need taken."""
    terms = [*row.terms, *((w.literal, v) for w, v in row.timed)]
    for (module, _), coefficient in terms:
        towards_least = row.least is not None and coefficient > 0
        towards_most = row.most is not None and coefficient < 0
        if row.covering or towards_least or towards_most:
            yield module


def closure(arrays: Arrays) -> TeacherProblem:
    """Leave out what lies outside the closure."""
    classes, modules = relevant(arrays)
    return without(arrays, modules=~modules, classes=~classes)
