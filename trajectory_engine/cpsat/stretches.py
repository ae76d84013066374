"""Stretches of a plan searched again with the choice of modules open.

What ends before a stretch of time stays where it is, and what starts after it moves one period
towards it; whatever touches the stretch may be done otherwise, or give way to modules that form
the same.  The question is whether that leaves room for a plan that ends one period sooner.  Little
is left to decide, so the solver answers in a moment, and many stretches can be asked about (a large
neighbourhood search, Shaw, 1998, over windows of time as in Palpant, Artigues and Michelon, 2004).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from trajectory_engine.cpsat.reach import Reach
from trajectory_engine.cpsat.session import Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.problem.evaluate import closed_by_rules, completion_of, end_of
from trajectory_engine.problem.heads import Heads, compute_heads
from trajectory_engine.problem.teacher_problem import Choice, ModuleOption, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays
from trajectory_engine.reduce.rebuild import without

Plan = tuple[Choice, ...]

FIRST_LENGTH = 20
"""Periods of the first stretch."""
SHORTEST = 6
VARIED = (0.6, 1.2)
"""Between which parts of the length at hand the next stretch is drawn."""
QUESTION = 0.3
"""Most effort of one question."""
BUILDING = 6e-4
"""Effort of building a model, by module in it, which the solver does not count."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A problem of which only a stretch is open.

    Attributes
    ----------
    modules : list of int
        Of the whole problem, by module of the small one.
    fixed : frozenset of int
        Modules of the whole problem that are taken where they stand.
    """

    problem: TeacherProblem
    modules: list[int]
    fixed: frozenset[int]


class Stretches:
    """Stretches of plans of one problem, of a length that is just still easy.

    Parameters
    ----------
    problem : TeacherProblem
    heads : Heads
    seed : int
    """

    def __init__(self, problem: TeacherProblem, heads: Heads, seed: int) -> None:
        self._problem = problem
        self._heads = heads
        self._random = Random(seed)
        self._reach = Reach(FIRST_LENGTH, SHORTEST, QUESTION)

    def improve(self, plan: Plan, session: Session) -> Plan | None:
        """Return a plan that ends one period sooner and differs in one stretch, or None.

        Parameters
        ----------
        plan : tuple of Choice
            Not empty.
        """
        end = completion_of(self._problem, plan)
        question = _asked(self._problem, self._heads, plan, end, *self._stretch(end))
        table = Timetable(question.problem, compute_heads(question.problem), joined=True)
        for taken, module in zip(table.choice.taken, question.modules, strict=True):
            if module in question.fixed:
                table.model.add(taken == 1)
        session.charge(BUILDING * len(question.modules))
        before = session.spent
        outcome = session.solve(table.model, Profile.NEIGHBOURHOOD, effort=QUESTION)
        self._reach.learn(session.spent - before, end, refuted=outcome.infeasible)
        if outcome.solution is None:
            return None
        return tuple(self._whole(question, c) for c in table.read(outcome.solution))

    def _stretch(self, end: int) -> tuple[int, int]:
        """Return a stretch ``[first, last)`` of about the length at hand."""
        length = max(SHORTEST, round(self._reach.size * self._random.uniform(*VARIED)))
        first = self._random.randint(-length // 2, max(0, end - length // 2))
        return max(0, first), min(end, first + length)

    def _whole(self, question: _Question, choice: Choice) -> Choice:
        """Return a choice of the small problem as one of the whole problem."""
        module = question.modules[choice.module]
        rank = question.problem.modules[choice.module].modes[choice.mode].rank
        ranks = [mode.rank for mode in self._problem.modules[module].modes]
        return Choice(module, ranks.index(rank), choice.start)


def _asked(
    problem: TeacherProblem, heads: Heads, plan: Plan, end: int, first: int, last: int
) -> _Question:
    """Return the problem of ending one period sooner with a stretch that is open."""
    fixed: dict[int, Choice] = {}
    before: list[int] = []
    for c in plan:
        if end_of(problem, c) <= first:
            fixed[c.module] = c
            before.append(c.module)
        elif c.start >= last and c.start - 1 in problem.modules[c.module].modes[c.mode].starts:
            fixed[c.module] = replace(c, start=c.start - 1)
    touching = {c.module: c for c in plan if c.module not in fixed}
    offered = set(_offered(problem, before, touching))

    def starts(m: int, module: ModuleOption, k: int) -> tuple[int, ...]:
        mode = module.modes[k]
        if m in fixed:
            return (fixed[m].start,) if fixed[m].mode == k else ()
        own = touching.get(m)
        entry = heads.entry[m]
        if entry is None or (own is None and m not in offered):
            return ()
        begin = max(entry, first if own is None else min(first, own.start))
        until = last if own is None else max(last, end_of(problem, own))
        return tuple(s for s in mode.starts if begin <= s < until - mode.duration)

    modules = tuple(
        replace(
            module,
            modes=tuple(
                replace(mode, starts=starts(m, module, k)) for k, mode in enumerate(module.modes)
            ),
        )
        for m, module in enumerate(problem.modules)
    )
    asked = replace(
        problem, modules=modules, deadline=end - 1, capacity=problem.capacity[: end - 1]
    )
    gone = np.array([not mode.starts for module in modules for mode in module.modes], np.bool_)
    left = [m for m, module in enumerate(modules) if any(mode.starts for mode in module.modes)]
    return _Question(without(Arrays(asked), modes=gone), left, frozenset(fixed))


def _offered(
    problem: TeacherProblem, before: Sequence[int], touching: Collection[int]
) -> Iterator[int]:
    """Yield modules that form some of what touches a stretch, and need nothing from after it."""
    modules = problem.modules
    there = closed_by_rules(problem, {c for m in before for c in modules[m].attains})
    open_ones = {c for m in touching for c in modules[m].attains} - there
    known = closed_by_rules(problem, there | open_ones)
    for m, module in enumerate(modules):
        if not open_ones.isdisjoint(module.attains) and all(
            sum(weight for c, weight in group.members if c in known) >= group.least
            for group in module.entry
        ):
            yield m
