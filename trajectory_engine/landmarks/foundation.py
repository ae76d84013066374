"""The choice of modules as a monotone system, in parts that can be chosen one by one.

Facts are formed, never lost: classes, "one of these modules has ended", "a goal is met".  Modules
form facts once their entry holds; f, and the ways of a goal, do so for nothing.  All else that a
problem asks for (rows, the calendar, relations, soft goals and rules) is left aside, so what must
be taken here must be taken in every plan.

Two modules belong to one part if a fact is formed by both, or if each waits for the other over
some facts.  A fact that every plan forms binds its provider and its consumer in one direction
only, so that a part may rely on what earlier parts form.

Proof.  Whatever a plan takes inside a part reaches the part's certain facts if everything
outside is given, so the sum over the parts of the least costs is a lower bound.  Parts that wait
for each other are one part, so they have an order; in that order a choice in each part that
reaches its certain facts finds what it needs from outside already formed, so together the choices
reach all goals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from trajectory_engine.graph.csr import Rows, distinct
from trajectory_engine.problem.teacher_problem import ModuleOption
from trajectory_engine.reduce.arrays import Arrays, Bools, Ints
from trajectory_engine.reduce.certain import certain_classes
from trajectory_engine.reduce.connected import component_of

Wanted = tuple[int, tuple[tuple[int, int], ...]]
"""At least so much of weighted facts: (least, ((fact, weight), ...))."""


@dataclass(frozen=True, slots=True)
class Part:
    """Modules that must be chosen together; facts and operators have indices of their own.

    Operators are the modules, then what f and the ways of goals do for nothing.

    Attributes
    ----------
    modules : tuple of int
        Of the problem, by operator.
    forms : list of int
        Facts that an operator forms, as bits.
    needs : list of int
        Facts that it cannot do without, as bits.
    wants : list of tuple
        What else it waits for, by operator.
    certain : int
        Facts that every plan forms, as bits.
    facts : int
        Their number.
    """

    modules: tuple[int, ...]
    forms: list[int]
    needs: list[int]
    wants: list[tuple[Wanted, ...]]
    certain: int
    facts: int


@dataclass(frozen=True, slots=True)
class Operator:
    """Something that forms facts once what it waits for is formed."""

    forms: Sequence[int]
    needs: Sequence[int]
    wants: tuple[Wanted, ...] = ()

    def awaits(self) -> Sequence[int]:
        """Return the facts that it waits for, alone or in sums."""
        if not self.wants:
            return self.needs
        return [*self.needs, *(fact for _, members in self.wants for fact, _ in members)]


@dataclass(frozen=True, slots=True)
class System:
    """All operators, the modules first; ``certain`` marks the facts that every plan forms."""

    operators: list[Operator]
    certain: Bools


def parts_of(arrays: Arrays) -> list[Part]:
    """Return the parts in which something must be formed, in the order of their first modules."""
    system = system_of(arrays)
    label, fact_label = _labels(system)
    wanted = distinct(fact_label[system.certain])
    operators, facts = _grouped(label), _grouped(fact_label)
    found = [
        _part(system, operators[int(i)], facts[int(i)], arrays.modules)
        for i in wanted
        if int(i) in operators
    ]
    return sorted((p for p in found if p.modules), key=lambda p: p.modules[0])


def _grouped(labels: Ints) -> dict[int, list[int]]:
    """Return the positions of every label, rising."""
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.diff(labels[order])) + 1
    found = [piece.tolist() for piece in np.split(order, bounds) if len(piece)]
    return {int(labels[piece[0]]): piece for piece in found}


def system_of(arrays: Arrays) -> System:
    """Return who forms what, and waits for what, and which facts every plan forms."""
    problem = arrays.problem
    facts = arrays.classes
    extra: list[bool] = []
    named: list[list[int]] = [[] for _ in problem.modules]
    waits: dict[tuple[int, ...], int] = {}
    free: list[Operator] = []
    for clause in problem.clauses:
        if clause.guard is None:
            for m in clause.modules:
                named[m].append(facts + len(extra))
            extra.append(True)
    for goal in problem.hard_goals:
        if goal.guard is None and len(goal.ways) > 1:
            free += [Operator((facts + len(extra),), way) for way in goal.ways]
            extra.append(True)
    for alternatives in dict.fromkeys(
        chain.from_iterable(m.entry_modules for m in problem.modules)
    ):
        waits[alternatives] = facts + len(extra)
        for m in alternatives:
            named[m].append(facts + len(extra))
        extra.append(False)
    for c, node_class in enumerate(problem.classes):
        if node_class.rule_needs is not None:
            free.append(Operator((c,), node_class.rule_needs))
    modules = [
        _module(option, named[m], [waits[a] for a in option.entry_modules])
        for m, option in enumerate(problem.modules)
    ]
    certain = np.concatenate([certain_classes(arrays), np.asarray(extra, np.bool_)])
    return System([*modules, *free], certain)


def _module(option: ModuleOption, named: Sequence[int], waits: Sequence[int]) -> Operator:
    needs, wants = list(waits), []
    for group in option.entry:
        if group.needs_all:
            needs += [c for c, _ in group.members]
        else:
            wants.append((group.least, group.members))
    return Operator((*option.attains, *named), needs, tuple(wants))


def _labels(system: System) -> tuple[Ints, Ints]:
    """Return the part of every operator and of every fact."""
    size = len(system.certain)
    forming, formed = _pairs([op.forms for op in system.operators])
    waiting, awaited = _pairs([op.awaits() for op in system.operators])
    forming, waiting = forming + size, waiting + size
    both = ~system.certain[awaited]
    heads = np.concatenate([forming, formed, awaited, waiting[both]])
    tails = np.concatenate([formed, forming, waiting, awaited[both]])
    total = size + len(system.operators)
    found = component_of(heads, tails, total, strong=True)
    return found[size:], found[:size]


def _pairs(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return (position of a list, item) for every item of some lists, as two arrays."""
    rows = Rows.from_lists(lists)
    return rows.heads(), rows.values


def _part(system: System, operators: list[int], facts: list[int], modules: int) -> Part:
    position = {fact: i for i, fact in enumerate(facts)}
    bit = {fact: 1 << i for fact, i in position.items()}
    chosen = [system.operators[o] for o in operators]
    return Part(
        modules=tuple(o for o in operators if o < modules),
        forms=[_bits(op.forms, bit) for op in chosen],
        needs=[_bits(op.needs, bit) for op in chosen],
        wants=[tuple(_inside(op.wants, position)) if op.wants else () for op in chosen],
        certain=_bits((f for f in facts if system.certain[f]), bit),
        facts=len(facts),
    )


def _bits(facts: Iterable[int], bit: Mapping[int, int]) -> int:
    """Return the bits of those facts that have one."""
    found = 0
    for fact in facts:
        found |= bit.get(fact, 0)
    return found


def _inside(wants: Iterable[Wanted], position: Mapping[int, int]) -> Iterable[Wanted]:
    """Yield what is still waited for if everything outside of the part is formed."""
    for least, members in wants:
        rest = least - sum(weight for fact, weight in members if fact not in position)
        if rest > 0:
            yield rest, tuple((position[f], weight) for f, weight in members if f in position)
