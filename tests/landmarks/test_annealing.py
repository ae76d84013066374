"""Walks over choices: what they return stands, its quick schedule is a plan, and it is the best."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from reduce.cases import mode, module, problem

from landmarks.systems import all_standing, random_system, stands
from trajectory_engine.landmarks.annealing import SLICE, Annealing
from trajectory_engine.landmarks.packing import room_of
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem, going_on


def random_calendar(seed: int) -> TeacherProblem:
    """Return a random system of modules of several periods that hardly fit side by side."""
    random = Random(seed)
    found = random_system(seed)

    def longer(duration: int) -> tuple[int, ...]:
        return tuple(random.randint(1, 5) for _ in range(duration))

    modules = []
    for option in found.modules:
        modes = []
        for k in option.modes:
            load = longer(random.randint(0, 3))
            starts = range(random.randint(0, 1), 7 - len(load))
            modes.append(
                replace(k, duration=len(load), load=load, hours=sum(load), starts=(*starts,))
            )
        modules.append(replace(option, modes=tuple(modes)))
    return going_on(replace(found, modules=tuple(modules), capacity=(6,) * found.deadline), 30)


def never() -> bool:
    return False


def plan_of(found: TeacherProblem, starts: dict[int, int]) -> tuple[Choice, ...]:
    """Return the choices of starts, each module in the mode of least room."""
    choices = []
    for m, start in starts.items():
        modes = found.modules[m].modes
        smallest = min(modes, key=lambda k: (room_of(k, 6), k.duration))
        choices.append(Choice(m, modes.index(smallest), start))
    return tuple(choices)


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_quick_schedules_are_plans_of_what_stands(first: int) -> None:
    """A choice is judged if and only if all can be reached with it."""
    judged = 0
    for seed in range(first, first + 100):
        found = random_calendar(seed)
        annealing = Annealing(found, seed)
        standing = all_standing(found)
        for choice in standing:
            quick = annealing.run(choice, 0, never)
            assert quick is not None, (seed, choice)
            assert set(quick.modules) == set(quick.starts) == choice, (seed, choice)
            assert is_plan(found, plan_of(found, dict(quick.starts))), (seed, choice)
            judged += 1
        random = Random(seed)
        for _ in range(5):
            some = {m for m in range(len(found.modules)) if random.random() < 0.5}
            quick = annealing.run(some, 0, never)
            if quick is None:
                assert some not in standing, (seed, some)
            else:  # what cannot be entered is left out
                assert some.issuperset(quick.modules), (seed, some)
                assert stands(found, set(quick.modules)), (seed, some)
    assert judged > 500


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_a_walk_ends_with_the_best_choice(first: int) -> None:
    """Of all that stand the one worth least, from wherever it starts; the same in every run."""
    compared, missed, far = 0, 0, 0
    for seed in range(first, first + 100):
        found = random_calendar(seed)
        standing = [c for c in all_standing(found) if c]
        if not standing:
            continue
        judge = Annealing(found, seed)
        worths = [quick.worth for c in standing if (quick := judge.run(c, 0, never)) is not None]
        start = max(standing, key=len)
        walked = Annealing(found, seed).run(start, 20_000, never)
        again = Annealing(found, seed).run(start, 20_000, never)
        assert walked is not None, seed
        assert walked == again, seed
        assert set(walked.modules) in standing or not walked.modules, seed
        compared += 1
        missed += walked.worth > min(worths) + 1e-9
        first_worth = judge.run(start, 0, never)
        assert first_worth is not None, seed
        assert walked.worth <= first_worth.worth, seed
        far += first_worth.worth > min(worths) + 1e-9
    assert compared > 40
    assert far > 20
    assert missed <= far // 10, (missed, far)


def test_shorter_chains_are_worth_more_work() -> None:
    """Two modules after each other take 6 periods, one of 2 periods has more hours."""
    found = problem(
        module("first", 0, modes=(mode(hours=3, duration=3),)),
        module("then", 1, modes=(mode(hours=3, duration=3),), needs=(0,)),
        module("at once", 1, modes=(mode(hours=8, duration=2),)),
        goals=(1,),
    )
    walked = Annealing(found, 0).run({0, 1}, 2_000, never)
    assert walked is not None
    assert walked.modules == (2,)
    assert dict(walked.starts) == {2: 0}


def test_nothing_comes_of_a_choice_that_does_not_reach_all() -> None:
    found = problem(module("first", 0), module("then", 1, needs=(0,)), goals=(1,))
    assert Annealing(found, 0).run({1}, 1_000, never) is None


def test_a_walk_ends_when_it_is_told_to() -> None:
    found = problem(module("one", 0), module("other", 0), goals=(0,))
    annealing = Annealing(found, 0)
    assert annealing.run({0, 1}, 10**9, lambda: annealing.steps > 100) is not None
    assert SLICE <= annealing.steps < 2 * SLICE
