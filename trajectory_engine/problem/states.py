"""One problem over several states of knowledge: its plans are valid in every one of them.

The states share the modules and their starts; each has node classes of its own.  A module then
attains its classes of every state, and may start when its entry holds in every state.  So the
joint problem is a problem like any other, and its plans are exactly those whose steps, at the
same times, satisfy entry conditions, hard rules and hard goals in all states (steps of duration 0
in one instant in one order that suits all).  Soft goals and rules count in the first state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from trajectory_engine.problem.compile import compile_problem
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.teacher_problem import (
    Clause,
    Group,
    HardGoal,
    NodeClass,
    Ordering,
    Parallel,
    Row,
    StateRow,
    TeacherProblem,
    located,
)

T = TypeVar("T")
GuardedT = TypeVar("GuardedT", HardGoal, StateRow, Row, Clause, Ordering, Parallel)


def compile_states(states: Sequence[TeacherFacts], *, covers_all: bool) -> TeacherProblem:
    """Return the joint problem of a teacher's states of knowledge, the first leading.

    The states differ in what is known only.  A module that is of use in one state is offered
    in all of them; one that cannot be entered in one of them is offered in none.  Leaving out
    what is of use in no state breaks nothing, in any of them.
    """
    seeds: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()
    while True:
        problems = [
            compile_problem(facts, covers_all=covers_all, also=seeds, barred=barred)
            for facts in states
        ]
        offered = [_offered(facts, p) for facts, p in zip(states, problems, strict=True)]
        useful = frozenset().union(*offered)
        if all(found == useful for found in offered):
            return _joined(_distinct(problems))
        if useful <= seeds:
            barred |= useful - frozenset.intersection(*offered)
            seeds = frozenset()
        else:
            seeds |= useful


def compile_taken(facts: TeacherFacts, steps: Iterable[tuple[str, str, int]]) -> TeacherProblem:
    """Return the problem of one state in which only the modules of some steps are offered."""
    taken = {facts.index.module_index[module] for module, _, _ in steps}
    return compile_problem(facts, covers_all=True, also=taken, only=taken)


def is_valid_in(facts: TeacherFacts, steps: Sequence[tuple[str, str, int]]) -> bool:
    """Return whether steps, as (module, mode, start), are a plan in one state."""
    problem = compile_taken(facts, steps)
    choices = located(problem, steps)
    return choices is not None and not problem.obstacles and is_plan(problem, choices)


def _offered(facts: TeacherFacts, problem: TeacherProblem) -> frozenset[int]:
    return frozenset(facts.index.module_index[m.id] for m in problem.modules)


def _distinct(problems: Sequence[TeacherProblem]) -> list[TeacherProblem]:
    """Return the problems without those that ask the same as one before them.

    What is soft counts in the first state only, so it does not tell the others apart.
    """
    first, *others = problems
    found = [first]
    for problem in others:
        if not any(_demands(problem) == _demands(kept) for kept in found):
            found.append(problem)
    return found


def _demands(problem: TeacherProblem) -> tuple[object, ...]:
    """Return all in which the problem of one state can differ from that of another, but soft."""
    guarded = (problem.hard_goals, problem.state_rows, problem.rows, problem.clauses)
    timed = (problem.orderings, problem.parallels)
    hard = [tuple(c for c in group if c.guard is None) for group in (*guarded, *timed)]
    return (problem.modules, _asks(problem).classes, hard, problem.obstacles)


def _asks(problem: TeacherProblem) -> TeacherProblem:
    """Return the problem without the names of its nodes."""
    return replace(problem, classes=tuple(replace(c, nodes=()) for c in problem.classes))


def ask_the_same(first: TeacherProblem, second: TeacherProblem) -> bool:
    """Return whether two problems have the same plans with the same objectives."""
    return _asks(first) == _asks(second)


def _joined(problems: Sequence[TeacherProblem]) -> TeacherProblem:
    """Return the problems as one; their modules are the same, in the same order.

    What is soft counts in the first state only, so guarded constraints of the others go.
    """
    offsets = [sum(len(p.classes) for p in problems[:i]) for i in range(len(problems))]
    shifted = list(zip(problems, offsets, strict=True))
    first = problems[0]
    modules = tuple(
        replace(
            module,
            attains=tuple(c + by for p, by in shifted for c in p.modules[m].attains),
            entry=tuple(_group(g, by) for p, by in shifted for g in p.modules[m].entry),
            entry_modules=_once(p.modules[m].entry_modules for p in problems),
            co=_once(p.modules[m].co for p in problems),
            strict_co=_once(p.modules[m].strict_co for p in problems),
        )
        for m, module in enumerate(first.modules)
    )
    return replace(
        first,
        modules=modules,
        classes=tuple(_class(c, by) for p, by in shifted for c in p.classes),
        hard_goals=tuple(_goal(g, by) for p, by in shifted for g in _hard(p.hard_goals, p, first)),
        state_rows=tuple(_state(r, by) for p, by in shifted for r in _hard(p.state_rows, p, first)),
        rows=_once([_hard(p.rows, p, first) for p in problems]),
        clauses=_once([_hard(p.clauses, p, first) for p in problems]),
        orderings=_once([_hard(p.orderings, p, first) for p in problems]),
        parallels=_once([_hard(p.parallels, p, first) for p in problems]),
        obstacles=_once([p.obstacles for p in problems]),
    )


def _hard(
    constraints: Iterable[GuardedT], problem: TeacherProblem, first: TeacherProblem
) -> tuple[GuardedT, ...]:
    """Return all constraints of the first problem, and those of another that nothing guards."""
    return tuple(c for c in constraints if problem is first or c.guard is None)


def _once(groups: Iterable[Iterable[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _state(row: StateRow, by: int) -> StateRow:
    return replace(row, terms=tuple((c + by, v) for c, v in row.terms))


def _group(group: Group, by: int) -> Group:
    return Group(group.least, tuple((c + by, w) for c, w in group.members))


def _class(node_class: NodeClass, by: int) -> NodeClass:
    needs = node_class.rule_needs
    return replace(node_class, rule_needs=None if needs is None else tuple(n + by for n in needs))


def _goal(goal: HardGoal, by: int) -> HardGoal:
    return replace(goal, ways=tuple(tuple(c + by for c in way) for way in goal.ways))
