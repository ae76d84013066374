"""Landmarks: classes that must be formed before a module can start, whatever is chosen.

Greatest fixpoint over AND (union) and OR (intersection), after Hoffmann, Porteous and Sebastia
(2004), on sets held as bits of integers.  A module that needs a class before it starts is never
the first to form it, so it does not found it.
"""

from __future__ import annotations

from collections import deque
from functools import reduce
from operator import and_

from trajectory_engine.problem.evaluate import looked_at_by
from trajectory_engine.problem.teacher_problem import Group, ModuleOption, TeacherProblem


def founders(problem: TeacherProblem) -> tuple[tuple[int, ...], ...]:
    """Return, for every class, the modules that can be the first to form it, rising."""
    before = landmarks(problem)
    return tuple(
        tuple(m for m in node_class.providers if not before[m] >> c & 1)
        for c, node_class in enumerate(problem.classes)
    )


def landmarks(problem: TeacherProblem) -> list[int]:
    """Return, for every module, the classes it needs before its start, as bits."""
    everything = (1 << len(problem.classes)) - 1
    of_class = [everything] * len(problem.classes)
    of_module = [everything] * len(problem.modules)
    shift = len(problem.modules)
    behind = looked_at_by(problem)
    waiting = deque(range(shift + len(problem.classes)))
    is_waiting = [True] * len(waiting)
    while waiting:
        item = waiting.popleft()
        is_waiting[item] = False
        if item < shift:
            needed = _needed(problem.modules[item], of_class, of_module, everything)
            if needed == of_module[item]:
                continue
            of_module[item] = needed
        else:
            c = item - shift
            node_class = problem.classes[c]
            ways = [of_module[m] for m in node_class.providers]
            if node_class.rule_needs is not None:
                ways.append(_union(of_class, node_class.rule_needs))
            needed = reduce(and_, ways, everything) | 1 << c
            if needed == of_class[c]:
                continue
            of_class[c] = needed
        for other in behind[item]:
            if not is_waiting[other]:
                is_waiting[other] = True
                waiting.append(other)
    return of_module


def _needed(
    module: ModuleOption, of_class: list[int], of_module: list[int], everything: int
) -> int:
    """Return the landmarks of a module from those of what it needs.

    A module that waits for what nothing can bring never starts: everything comes before it.
    """
    needed = 0
    for group in module.entry:
        needed |= _group(group, of_class, everything)
    for alternatives in module.entry_modules:
        needed |= reduce(and_, (of_module[a] for a in alternatives), everything)
    return needed


def _group(group: Group, of_class: list[int], everything: int) -> int:
    members = [c for c, _ in group.members]
    if group.needs_all:
        return _union(of_class, members)
    return reduce(and_, (of_class[c] for c in members), everything)


def _union(of_class: list[int], classes: list[int] | tuple[int, ...]) -> int:
    found = 0
    for c in classes:
        found |= of_class[c]
    return found
