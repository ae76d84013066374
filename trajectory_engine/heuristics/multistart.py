"""Many serial schedules of one choice of modules, each with another order of priority."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

from trajectory_engine.heuristics.chains import longest_chains
from trajectory_engine.heuristics.serial import never, schedule
from trajectory_engine.problem.evaluate import completion_of
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, ending_by


def schedules(
    problem: TeacherProblem,
    selection: Mapping[int, int],
    *,
    tries: int,
    seed: int,
    sooner: bool,
    stop: Callable[[], bool] = never,
) -> Iterator[tuple[Choice, ...]]:
    """Yield plans that take the chosen modules in the chosen modes.

    First the schedules of longest chains and of longest modes first, then by random priorities:
    sampling over
    serial schedule generation (Kolisch, 1996), in which each schedule is active, so that little
    is lost by looking at no others.

    Parameters
    ----------
    selection : mapping
        Mode index by module index.
    tries : int
        Random orders tried.
    seed : int
        Of the random orders; the same for the same answers.
    sooner : bool
        Whether each plan must end before the one yielded last.
    stop : callable
        Asked while modules are put on the calendar; once true, no more plans come.
    """
    random = Random(seed)
    priority: Mapping[int, int] | None = longest_chains(problem, selection)
    for attempt in range(tries + 2):
        found = schedule(problem, selection, priority, stop)
        if stop():
            return
        if found is not None:
            yield found
            if sooner:
                end = completion_of(problem, found)
                if not end:
                    return
                problem = ending_by(problem, end - 1)
        priority = {m: random.randrange(1 << 30) for m in selection} if attempt else None
