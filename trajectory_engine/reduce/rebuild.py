"""A problem without some of its modules, modes and classes: everything renumbered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from trajectory_engine.problem.teacher_problem import (
    Group,
    HardGoal,
    Literal,
    ModuleOption,
    NodeClass,
    Ordering,
    Row,
    Shortfall,
    SoftGoal,
    TeacherProblem,
)
from trajectory_engine.reduce.arrays import Arrays, Bools, Ints

GoalT = TypeVar("GoalT", HardGoal, SoftGoal)


@dataclass(frozen=True)
class _Numbers:
    """New indices by old ones, -1 for what goes; several classes may become one."""

    modules: list[int]
    classes: list[int]
    literals: dict[Literal, Literal]
    same_modules: bool
    same_classes: bool


def without(
    arrays: Arrays,
    *,
    modules: Bools | None = None,
    modes: Bools | None = None,
    classes: Bools | None = None,
    class_of: Ints | None = None,
) -> TeacherProblem:
    """Return the problem without what the masks mark.

    A module that loses all its modes goes as well.  A class may go only if nothing looks at it.

    Parameters
    ----------
    modules, modes, classes : array of bool, optional
        What goes.
    class_of : array of int, optional
        For every class the one that stands for it: a class with an index not larger than its own.
    """
    gone = np.zeros(len(arrays.mode_owner), np.bool_) if modes is None else modes.copy()
    if modules is not None:
        gone |= modules[arrays.mode_owner]
    kept = np.bincount(arrays.mode_owner[~gone], minlength=arrays.modules) > 0
    lost = np.zeros(arrays.classes, np.bool_) if classes is None else classes
    if kept.all() and not gone.any() and not lost.any() and class_of is None:
        return arrays.problem
    stands = np.arange(arrays.classes) if class_of is None else class_of
    own = ~lost & (stands == np.arange(arrays.classes))
    new_class = np.where(lost, -1, _ranks(own)[stands])
    numbers = _Numbers(
        _ranks(kept).tolist(),
        new_class.tolist(),
        _literals(arrays, gone, kept),
        same_modules=bool(kept.all()),
        same_classes=bool(own.all()),
    )
    return _renumbered(arrays.problem, numbers)


def _ranks(kept: Bools) -> Ints:
    return np.where(kept, np.cumsum(kept) - 1, -1)


def _literals(arrays: Arrays, gone: Bools, kept: Bools) -> dict[Literal, Literal]:
    module = _ranks(kept)[arrays.mode_owner][~gone].tolist()
    old_module = arrays.mode_owner[~gone].tolist()
    position = np.arange(len(gone)) - arrays.first_mode[arrays.mode_owner]
    alive = np.cumsum(~gone) - 1
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(~gone)])[:-1]
    rank = (alive - before[arrays.first_mode[arrays.mode_owner]])[~gone].tolist()
    old = zip(old_module, position[~gone].tolist(), strict=True)
    return dict(zip(old, zip(module, rank, strict=True), strict=True))


def _renumbered(problem: TeacherProblem, numbers: _Numbers) -> TeacherProblem:
    modules = tuple(
        _module(m, option, numbers)
        for m, option in enumerate(problem.modules)
        if numbers.modules[m] >= 0
    )

    def renumber(row: Row) -> Row:
        return _row(row, numbers)

    return replace(
        problem,
        modules=modules,
        classes=_classes(problem.classes, modules, numbers),
        hard_goals=_goals(problem.hard_goals, numbers),
        soft_goals=_goals(problem.soft_goals, numbers),
        rows=tuple(row for row in map(renumber, problem.rows) if () not in row.when),
        clauses=tuple(
            replace(clause, modules=_indices(clause.modules, numbers.modules))
            for clause in problem.clauses
        ),
        orderings=tuple(_ordering(o, numbers) for o in problem.orderings),
        parallels=tuple(
            replace(p, modes=_kept_literals(p.modes, numbers)) for p in problem.parallels
        ),
        shortfalls={
            name: tuple(_shortfall(s, numbers) for s in shortfalls)
            for name, shortfalls in problem.shortfalls.items()
        },
        state_rows=tuple(
            replace(row, terms=tuple(_weights(row.terms, numbers).items()))
            for row in problem.state_rows
        ),
    )


def _indices(old: Iterable[int], numbers: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers[i] for i in old if numbers[i] >= 0))


def _module(m: int, option: ModuleOption, numbers: _Numbers) -> ModuleOption:
    modes = tuple(k for i, k in enumerate(option.modes) if (m, i) in numbers.literals)
    has_references = option.entry_modules or option.co or option.strict_co
    if numbers.same_classes and len(modes) == len(option.modes) and not has_references:
        return option
    attains, entry = option.attains, option.entry
    if not numbers.same_classes:
        attains = tuple(sorted(_indices(attains, numbers.classes)))
        entry = tuple(dict.fromkeys(_group(g, numbers) for g in entry))
    return replace(
        option,
        modes=modes,
        attains=attains,
        entry=entry,
        entry_modules=_alternatives(option.entry_modules, numbers),
        co=_alternatives(option.co, numbers),
        strict_co=_alternatives(option.strict_co, numbers),
    )


def _alternatives(
    references: tuple[tuple[int, ...], ...], numbers: _Numbers
) -> tuple[tuple[int, ...], ...]:
    """Return references without the modules that go; one with none left cannot be satisfied."""
    if numbers.same_modules or not references:
        return references
    return tuple(dict.fromkeys(_indices(ms, numbers.modules) for ms in references))


def _weights(terms: Iterable[tuple[int, int]], numbers: _Numbers) -> Counter[int]:
    weights: Counter[int] = Counter()
    for c, weight in terms:
        weights[numbers.classes[c]] += weight
    return weights


def _group(group: Group, numbers: _Numbers) -> Group:
    weights = _weights(group.members, numbers)
    members = sorted((c, min(w, group.least)) for c, w in weights.items())
    return Group(group.least, tuple(members))


def _classes(
    classes: Sequence[NodeClass], modules: Sequence[ModuleOption], numbers: _Numbers
) -> tuple[NodeClass, ...]:
    if numbers.same_classes:
        return _supplied(classes, modules, numbers)
    count = max(numbers.classes, default=-1) + 1
    nodes: list[list[int]] = [[] for _ in range(count)]
    needs: list[tuple[int, ...] | None] = [None] * count
    providers: list[list[int]] = [[] for _ in range(count)]
    for old, node_class in enumerate(classes):
        new = numbers.classes[old]
        if new >= 0:
            nodes[new] += node_class.nodes
            if node_class.rule_needs is not None:
                needs[new] = tuple(sorted(_indices(node_class.rule_needs, numbers.classes)))
    for m, module in enumerate(modules):
        for c in module.attains:
            providers[c].append(m)
    found = zip(nodes, providers, needs, strict=True)
    return tuple(NodeClass(tuple(sorted(n)), tuple(p), r) for n, p, r in found)


def _supplied(
    classes: Sequence[NodeClass], modules: Sequence[ModuleOption], numbers: _Numbers
) -> tuple[NodeClass, ...]:
    """Return the same classes with the providers that are left."""
    if numbers.same_modules:
        return tuple(classes)
    providers: list[list[int]] = [[] for _ in classes]
    for m, module in enumerate(modules):
        for c in module.attains:
            providers[c].append(m)
    found = zip(classes, providers, strict=True)
    return tuple(NodeClass(c.nodes, tuple(p), c.rule_needs) for c, p in found)


def _goals(goals: Iterable[GoalT], numbers: _Numbers) -> tuple[GoalT, ...]:
    if numbers.same_classes:
        return tuple(goals)
    return tuple(
        replace(
            goal,
            ways=tuple(
                dict.fromkeys(tuple(sorted(_indices(w, numbers.classes))) for w in goal.ways)
            ),
        )
        for goal in goals
    )


def _kept_literals(literals: Iterable[Literal], numbers: _Numbers) -> tuple[Literal, ...]:
    return tuple(numbers.literals[x] for x in literals if x in numbers.literals)


def _row(row: Row, numbers: _Numbers) -> Row:
    new = numbers.literals
    return replace(
        row,
        terms=tuple((new[x], v) for x, v in row.terms if x in new),
        timed=tuple(
            (replace(w, literal=new[w.literal]), v) for w, v in row.timed if w.literal in new
        ),
        when=tuple(
            tuple(replace(w, literal=new[w.literal]) for w in windows if w.literal in new)
            for windows in row.when
        ),
    )


def _shortfall(shortfall: Shortfall, numbers: _Numbers) -> Shortfall:
    return replace(shortfall, cuts=tuple(_row(cut, numbers) for cut in shortfall.cuts))


def _ordering(ordering: Ordering, numbers: _Numbers) -> Ordering:
    return replace(
        ordering,
        before=_kept_literals(ordering.before, numbers),
        after=_kept_literals(ordering.after, numbers),
    )
