"""Why a teacher can have no plan, in figures: chains, hours and money, each looked at alone.

A goal that needs a chain of modules longer than the deadline; modules that every plan takes and
that need more hours, or cost more, than there is; a choice of modules that does so at its least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from trajectory_engine.domain.currency import money
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.chains import chain_to
from trajectory_engine.problem.compile import compile_problem
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.heads import Heads, compute_heads
from trajectory_engine.problem.teacher_problem import TeacherProblem

MOST_NAMED = 8
"""Modules named in one sentence."""


Least = Callable[[TeacherProblem, ObjectiveName], int | None]
"""Returns a proven lower bound of an objective, the calendar left aside; None without one."""


def shortages(facts: TeacherFacts, least: Least) -> tuple[Message, ...]:
    """Return structural reasons for a teacher to have no plan; none if there are no such.

    Parameters
    ----------
    least : callable
        Asked only where what every plan takes does not already exceed what there is.
    """
    teacher = replace(facts.teacher, deadline=None)
    free = compile_problem(TeacherFacts(facts.index, teacher, alone=facts.alone), covers_all=True)
    if free.obstacles:
        return ()
    heads = compute_heads(free)
    taken = sorted(_taken_in_every_plan(free))
    return (
        *_late_goals(facts, free, heads),
        *_load(facts, free, taken, least),
        *_price(facts, free, taken, least),
    )


def _late_goals(facts: TeacherFacts, free: TeacherProblem, heads: Heads) -> Iterator[Message]:
    """Yield the goals whose quickest chain of modules ends after the deadline."""
    deadline = facts.time.deadline
    for goal in free.hard_goals:
        ends = [
            max(((heads.formed[c] or 0, c) for c in way), default=(0, -1))
            for way in goal.ways
            if all(heads.formed[c] is not None for c in way)
        ]
        earliest, last = min(ends, default=(0, -1))
        if goal.guard is None and earliest > deadline:
            steps = [free.modules[m].id for m, _, _ in chain_to(free, heads, last)]
            kind, _, name = goal.name.partition(":")
            who = "rule" if kind == "rule" else "goal"
            yield Message.of(
                f"{who}_too_late",
                chain=" -> ".join(steps),
                earliest=earliest,
                deadline=deadline,
                **{who: name},
            )


def _taken_in_every_plan(problem: TeacherProblem) -> set[int]:
    """Return modules that are in every plan: sole ways to what is needed for certain."""
    needed = [
        c
        for goal in problem.hard_goals
        if goal.guard is None and goal.ways
        for c in set.intersection(*map(set, goal.ways))
    ]
    found = {
        clause.modules[0]
        for clause in problem.clauses
        if clause.guard is None and len(clause.modules) == 1
    }
    waiting, seen = list(found), set[int]()
    while needed or waiting:
        while needed:
            c = needed.pop()
            if c in seen:
                continue
            seen.add(c)
            node_class = problem.classes[c]
            if not node_class.providers:
                needed += node_class.rule_needs or ()
            elif node_class.rule_needs is None and len(node_class.providers) == 1:
                waiting += [m for m in node_class.providers if m not in found]
                found.update(node_class.providers)
        while waiting:
            module = problem.modules[waiting.pop()]
            needed += [c for g in module.entry if g.needs_all for c, _ in g.members]
            sole = {ms[0] for ms in module.entry_modules if len(ms) == 1} - found
            waiting += sole
            found |= sole
    return found


def _named(problem: TeacherProblem, modules: list[int]) -> str:
    names = [problem.modules[m].id for m in modules]
    rest = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _load(
    facts: TeacherFacts, problem: TeacherProblem, taken: list[int], bound: Least
) -> Iterator[Message]:
    available = sum(facts.time.capacity)
    need = sum(min(k.hours for k in problem.modules[m].modes) for m in taken)
    code, modules = "hours_short", _named(problem, taken)
    if need <= available:
        every_hour = sum(max(k.hours for k in m.modes) for m in problem.modules)
        free = replace(problem, capacity=(every_hour,) * problem.deadline)
        code, need = "hours_short_in_all", bound(free, ObjectiveName.STUDY_HOURS) or 0
    if need > available:
        yield Message.of(
            code, modules=modules, least=need, available=available, short=need - available
        )


def _price(
    facts: TeacherFacts, problem: TeacherProblem, taken: list[int], bound: Least
) -> Iterator[Message]:
    limits = [source.limit for source in facts.sources]
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        return
    need = sum(min(k.price for k in problem.modules[m].modes) for m in taken)
    code, modules = "money_short", _named(problem, taken)
    if need <= sum(known):
        rows = tuple(row for row in problem.rows if not row.reason.startswith("fund:"))
        free = replace(problem, rows=rows)
        code, need = "money_short_in_all", bound(free, ObjectiveName.COST) or 0
    if need > sum(known):
        currency = facts.index.scenario.currency
        amounts = {"least": need, "available": sum(known), "short": need - sum(known)}
        shown = {name: f"{money(n, currency)} {currency}" for name, n in amounts.items()}
        yield Message.of(code, modules=modules, **shown)
