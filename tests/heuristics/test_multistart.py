"""Sampling over serial schedules: real plans, each sooner than the last, the same for a seed."""

from __future__ import annotations

from random import Random

from problem.cases import problem_of_seed

from trajectory_engine.heuristics.multistart import schedules
from trajectory_engine.heuristics.serial import schedule
from trajectory_engine.problem.evaluate import end_of, is_plan
from trajectory_engine.problem.teacher_problem import TeacherProblem


def drawn(seed: int) -> tuple[TeacherProblem, dict[int, int]]:
    """Return a random problem and a random choice of its modules."""
    rng, problem = Random(seed), problem_of_seed(seed)
    chosen = {
        m: rng.randrange(len(option.modes))
        for m, option in enumerate(problem.modules)
        if rng.random() < 0.6
    }
    return problem, chosen


def test_each_plan_takes_what_was_chosen_and_ends_sooner() -> None:
    several = 0
    for seed in range(41_000, 41_400):
        problem, chosen = drawn(seed)
        ends = []
        for choices in schedules(problem, chosen, tries=20, seed=1, sooner=True):
            assert is_plan(problem, choices)
            assert {c.module: c.mode for c in choices} == chosen
            ends.append(max((end_of(problem, c) for c in choices), default=0))
        assert ends == sorted(set(ends), reverse=True)
        several += len(ends) > 1
    assert several >= 1


def test_it_finds_what_one_order_does_not() -> None:
    more = 0
    for seed in range(41_000, 41_400):
        problem, chosen = drawn(seed)
        found = list(schedules(problem, chosen, tries=20, seed=1, sooner=False))
        first = schedule(problem, chosen)
        assert first is None or found[0] == first
        more += first is None and bool(found)
    assert more >= 1


def test_a_seed_repeats() -> None:
    for seed in range(41_000, 41_050):
        problem, chosen = drawn(seed)
        runs = [list(schedules(problem, chosen, tries=10, seed=7, sooner=False)) for _ in range(2)]
        assert runs[0] == runs[1]


def test_it_stops_in_the_middle_of_an_order() -> None:
    problem, chosen = next(d for d in map(drawn, range(41_000, 41_400)) if len(d[1]) > 3)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    assert list(schedules(problem, chosen, tries=200, seed=1, sooner=False, stop=stop)) == []
    assert len(asked) <= 4
