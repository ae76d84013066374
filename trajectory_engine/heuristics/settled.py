"""A choice of modules in which everything waits for what can form it first.

Where several of the chosen modules form a class, or more of a group than is needed, a schedule
could wait for any of them.  With the earliest one settled upon, the choice is a project; its
schedules are schedules of the choice, if not all of them.  Who comes first is taken from earliest
instants, so that no circle of waiting arises.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trajectory_engine.heuristics.project import Project, project_of
from trajectory_engine.problem.heads import Heads, compute_heads
from trajectory_engine.problem.teacher_problem import (
    Group,
    ModeOption,
    ModuleOption,
    NodeClass,
    TeacherProblem,
)


def settled_project(problem: TeacherProblem, chosen: Collection[int]) -> Project | None:
    """Return chosen modules, each open in all of its modes, as a project.

    None if they do not stand on what is known, or if what the problem asks for has no place in a
    project, as in :func:`trajectory_engine.heuristics.project.project_of`.  What is proven about
    the project is not proven of the problem.
    """
    taken = frozenset(chosen)
    alone = replace(
        problem,
        modules=tuple(
            option if m in taken else replace(option, modes=_closed(option))
            for m, option in enumerate(problem.modules)
        ),
    )
    heads = compute_heads(alone)
    ends = {m: end for m in taken if (end := first_end(alone, heads, m)) is not None}
    if len(ends) < len(taken):
        return None
    modules = tuple(
        _settled_module(option, heads, ends) if m in taken else option
        for m, option in enumerate(problem.modules)
    )
    classes = tuple(_settled_class(c, heads, ends) for c in problem.classes)
    return project_of(replace(problem, modules=modules, classes=classes), taken)


def first_end(problem: TeacherProblem, heads: Heads, module: int) -> int | None:
    """Return the earliest end of a module in any mode, None if it cannot start."""
    ends = [
        start + mode.duration
        for k, mode in enumerate(problem.modules[module].modes)
        if (start := heads.first_start(problem, module, k)) is not None
    ]
    return min(ends, default=None)


def _closed(option: ModuleOption) -> tuple[ModeOption, ...]:
    """Return the modes of a module without starts."""
    return tuple(replace(mode, starts=()) for mode in option.modes)


def _settled_class(node_class: NodeClass, heads: Heads, ends: dict[int, int]) -> NodeClass:
    """Return a class that one module forms, or f, whichever can do so first."""
    candidates = [(ends[m], m) for m in node_class.providers if m in ends]
    needs = node_class.rule_needs
    if needs is not None:
        instants = [heads.formed[c] for c in needs]
        formed = [at for at in instants if at is not None]
        whole = len(formed) == len(instants)
        if whole and (not candidates or max(formed, default=0) <= min(candidates)[0]):
            return replace(node_class, providers=())
    first = tuple(m for _, m in [min(candidates)]) if candidates else ()
    return replace(node_class, providers=first, rule_needs=None)


def _settled_module(option: ModuleOption, heads: Heads, ends: dict[int, int]) -> ModuleOption:
    """Return a module that waits for what can be there first."""
    waits = tuple(
        (min((m for m in alternatives if m in ends), key=lambda m: (ends[m], m)),)
        for alternatives in option.entry_modules
    )
    entry = tuple(g if g.needs_all else _first_members(g, heads) for g in option.entry)
    return replace(option, entry=entry, entry_modules=waits)


def _first_members(group: Group, heads: Heads) -> Group:
    """Return the members of a group that are enough, those formed first, as needed by all."""
    formed = sorted(
        (at, c, weight) for c, weight in group.members if (at := heads.formed[c]) is not None
    )
    members: list[tuple[int, int]] = []
    total = 0
    for _, c, weight in formed:
        if total >= group.least:
            break
        members.append((c, weight))
        total += weight
    return Group(total, tuple(members))
