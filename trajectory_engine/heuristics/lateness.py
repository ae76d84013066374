"""How late a module would be for what waits behind it in a schedule of other modules.

A module that ends late need not delay the end of a plan: what it forms may be needed by nothing
that lasts.  The longest chain through it begins with the earliest ends of all modules, load left
aside, and goes on with what waits for its classes in the schedule of a choice that is known.
"""

from __future__ import annotations

from trajectory_engine.heuristics.project import Project, tails
from trajectory_engine.heuristics.settled import first_end
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.teacher_problem import TeacherProblem


def chains_through(problem: TeacherProblem, heads: Heads, project: Project) -> list[int]:
    """Return the length of the longest chain through every module, in periods.

    Parameters
    ----------
    heads : Heads
        Of the problem.
    project : Project
        A choice of modules of the problem.

    Returns
    -------
    list of int
        By module of the problem; 0 for one that cannot start.
    """
    behind = _behind_classes(problem, project)
    lengths = []
    for m, module in enumerate(problem.modules):
        end = first_end(problem, heads, m)
        after = max((behind.get(c, 0) for c in module.attains), default=0)
        lengths.append(0 if end is None else end + after)
    return lengths


def _behind_classes(problem: TeacherProblem, project: Project) -> dict[int, int]:
    """Return the longest chain of a project that waits for a class, by class."""
    behind: dict[int, int] = {}
    for module, tail in zip(project.modules, tails(project), strict=True):
        for group in problem.modules[module].entry:
            for c, _ in group.members:
                behind[c] = max(behind.get(c, 0), tail)
    waiting = list(behind)
    while waiting:
        c = waiting.pop()
        for need in problem.classes[c].rule_needs or ():
            if behind.get(need, 0) < behind[c]:
                behind[need] = behind[c]
                waiting.append(need)
    return behind
