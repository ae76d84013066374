"""How long the chain of chosen modules is that waits for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trajectory_engine.problem.teacher_problem import TeacherProblem


def longest_chains(problem: TeacherProblem, selection: Mapping[int, int]) -> dict[int, int]:
    """Return priorities of chosen modules, smaller first: minus the longest chain from each.

    The rule of the latest start (Kolisch, 1996), over entries that one chosen module alone can
    satisfy.  Modules that wait for each other in a circle count each other once.

    Parameters
    ----------
    selection : mapping
        Mode index by module index.
    """
    following: dict[int, set[int]] = {m: set() for m in selection}
    for module in selection:
        for before in _awaited(problem, selection, module):
            following[before].add(module)
    length: dict[int, int] = {}
    waiting = list(selection)
    entered: set[int] = set()
    while waiting:
        module = waiting[-1]
        open_ones = [] if module in entered else [f for f in following[module] if f not in length]
        entered.add(module)
        if open_ones:
            waiting += [f for f in open_ones if f not in entered]
            continue
        waiting.pop()
        longest = max((length.get(f, 0) for f in following[module]), default=0)
        length[module] = problem.modules[module].modes[selection[module]].duration + longest
    return {m: -n for m, n in length.items()}


def _awaited(problem: TeacherProblem, selection: Mapping[int, int], module: int) -> Iterator[int]:
    """Yield chosen modules without which a module cannot start."""
    option = problem.modules[module]
    options = list(option.entry_modules)
    for group in option.entry:
        if group.needs_all:
            options += [problem.classes[c].providers for c, _ in group.members]
    for alternatives in options:
        chosen = [m for m in alternatives if m in selection and m != module]
        if len(chosen) == 1:
            yield chosen[0]
