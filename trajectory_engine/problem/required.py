"""Modules that every plan takes."""

from __future__ import annotations

from collections.abc import Iterator

from trajectory_engine.problem.teacher_problem import TeacherProblem


def required_modules(problem: TeacherProblem) -> frozenset[int]:
    """Return modules that every plan takes, by unit propagation; there can be more.

    A class that must be formed and that one module alone can form requires that module; what a
    required module cannot start without is required too.

    Returns
    -------
    frozenset of int
        Module indices.
    """
    found: set[int] = set()
    waiting = [*_sole_modules(problem), *_providers(problem, _goal_classes(problem))]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        option = problem.modules[module]
        waiting += [ms[0] for ms in option.entry_modules if len(ms) == 1]
        classes = [c for group in option.entry if group.needs_all for c, _ in group.members]
        waiting += _providers(problem, classes)
    return frozenset(found)


def takes_all(problem: TeacherProblem) -> bool:
    """Return whether every plan takes every module: what is left is a scheduling problem."""
    return len(required_modules(problem)) == len(problem.modules)


def _sole_modules(problem: TeacherProblem) -> Iterator[int]:
    for clause in problem.clauses:
        if clause.guard is None and len(clause.modules) == 1:
            yield clause.modules[0]


def _goal_classes(problem: TeacherProblem) -> Iterator[int]:
    for goal in problem.hard_goals:
        if goal.guard is None and len(goal.ways) == 1:
            yield from goal.ways[0]


def _providers(problem: TeacherProblem, classes: Iterator[int] | list[int]) -> Iterator[int]:
    """Yield the only module of every class that has one way to be formed."""
    for c in classes:
        node_class = problem.classes[c]
        if node_class.rule_needs is None and len(node_class.providers) == 1:
            yield node_class.providers[0]
