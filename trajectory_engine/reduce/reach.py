"""Forward reach: what can never be formed or entered, time left aside.

Proof.  By induction over the events of a plan in their order: the first class that is formed and
the first module that starts outside the least fixpoint below would need something that was
formed or ended before and lies outside as well.  So no plan takes such a module, and leaving it
out keeps every plan.
"""

from __future__ import annotations

import numpy as np

from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.reduce.arrays import Arrays, Bools, Ints
from trajectory_engine.reduce.rebuild import without


def reached(arrays: Arrays) -> tuple[Bools, Bools]:
    """Return which classes can be formed and which modules can be entered."""
    formed = np.zeros(arrays.classes, np.bool_)
    entered = np.zeros(arrays.modules, np.bool_)
    while True:
        short = arrays.groups @ formed.astype(np.int64) < arrays.group_least
        waiting = arrays.waits @ entered.astype(np.int64) < 1
        now_entered = ~(
            _owned(arrays.group_owner[short], arrays.modules)
            | _owned(arrays.wait_owner[waiting], arrays.modules)
            | (arrays.mode_count == 0)
        )
        now_formed = arrays.providers @ now_entered.astype(np.int64) > 0
        lacking = arrays.rule_needs @ (~(formed | now_formed)).astype(np.int64)
        now_formed[arrays.by_rule[lacking == 0]] = True
        if (now_formed == formed).all() and (now_entered == entered).all():
            return formed, entered
        formed, entered = now_formed, now_entered


def _owned(owners: Ints, size: int) -> Bools:
    mask = np.zeros(size, np.bool_)
    mask[owners] = True
    return mask


def reach(arrays: Arrays) -> TeacherProblem:
    """Leave out the modules that cannot be entered."""
    return without(arrays, modules=~reached(arrays)[1])
