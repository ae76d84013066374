"""Structural reasons on the graph: what nobody teaches, which chain of modules is longest."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from trajectory_engine.problem.candidates import Knowledge, Options, find_candidates
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.teacher_problem import Group, TeacherProblem


def holes(
    index: ScenarioIndex, knowledge: Knowledge, options: Options, targets: Iterable[int]
) -> list[int]:
    """Return the nodes behind targets that nobody teaches and f does not form, in their order.

    Only nodes that are in the way are followed: what can be formed is not.
    """
    targets = tuple(targets)
    candidates = find_candidates(index, knowledge, options, targets, ())
    found: set[int] = set()
    seen: set[int] = set()
    waiting = list(targets)
    while waiting:
        node = waiting.pop()
        if node in seen or knowledge.known[node] or node in candidates.nodes:
            continue
        seen.add(node)
        providers = [m for m in index.providers[node] if options(m)]
        if not providers and not knowledge.by_rule[node]:
            found.add(node)
        needs = chain.from_iterable(map(knowledge.entries.of, providers))
        waiting += chain.from_iterable(need.members for need in needs)
        if knowledge.by_rule[node]:
            waiting += index.rule_needs(node)
    return sorted(found)


def chain_to(problem: TeacherProblem, heads: Heads, goal: int) -> list[tuple[int, int, int]]:
    """Return modules, one after the other, that a class cannot be formed earlier than.

    Returns
    -------
    list of (module, start, end)
        The quickest way to form the class, load left aside; what each step waits for is the one
        before it. Empty if the class cannot be formed at all.
    """
    steps: list[tuple[int, int, int]] = []
    waiting: int | None = goal
    seen: set[int] = set()
    while waiting is not None and heads.formed[waiting] is not None and waiting not in seen:
        seen.add(waiting)
        step = _quickest(problem, heads, waiting)
        if step is None:
            needs = problem.classes[waiting].rule_needs or ()
            waiting = max(needs, key=lambda c: heads.formed[c] or 0, default=None)
            continue
        steps.append(step)
        waiting = _last_need(problem, heads, step[0])
    return steps[::-1]


def _quickest(problem: TeacherProblem, heads: Heads, formed: int) -> tuple[int, int, int] | None:
    """Return the module that forms a class at its earliest instant, None if f does."""
    for m in problem.classes[formed].providers:
        for k, mode in enumerate(problem.modules[m].modes):
            start = heads.first_start(problem, m, k)
            if start is not None and start + mode.duration == heads.formed[formed]:
                return m, start, start + mode.duration
    return None


def _last_need(problem: TeacherProblem, heads: Heads, module: int) -> int | None:
    """Return the class for which the entry of a module waits longest, None if for none."""
    found: list[tuple[int, int]] = []
    for group in problem.modules[module].entry:
        decisive = _decisive(group, heads)
        if decisive is not None:
            found.append((heads.formed[decisive] or 0, decisive))
    return max(found, default=(0, None))[1] if found else None


def _decisive(group: Group, heads: Heads) -> int | None:
    """Return the member with which enough of a group is formed at its earliest."""
    members = sorted(
        (at, c, weight) for c, weight in group.members if (at := heads.formed[c]) is not None
    )
    total = 0
    for _, c, weight in members:
        total += weight
        if total >= group.least:
            return c
    return None
