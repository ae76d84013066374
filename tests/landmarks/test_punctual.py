"""Landmarks of deadlines against all choices of modules whose chains end in time."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from reduce.cases import PERIODS, mode

from landmarks.systems import all_standing, random_system
from trajectory_engine.landmarks.punctual import PunctualSearch
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import TeacherProblem


def lasting_system(seed: int) -> TeacherProblem:
    """Return a random system whose modes last one to three periods, some with few starts."""
    random = Random(seed)
    found = random_system(seed)

    def lasting(rank: int) -> object:
        duration = random.randint(1, 3)
        starts = range(PERIODS - duration + 1)
        some = tuple(sorted(random.sample(starts, 2))) if random.random() < 0.2 else tuple(starts)
        return mode(f"k{rank}", rank, hours=6, duration=duration, starts=some)

    modules = tuple(
        replace(m, modes=tuple(lasting(i) for i in range(len(m.modes))))  # type: ignore[misc]
        for m in found.modules
    )
    return replace(found, modules=modules)


def ends_by(found: TeacherProblem, taken: set[int], deadline: int) -> bool:
    """Return whether a choice meets all goals by a deadline, load left aside."""
    modules = tuple(
        m if i in taken else replace(m, modes=tuple(replace(k, starts=()) for k in m.modes))
        for i, m in enumerate(found.modules)
    )
    formed = compute_heads(replace(found, modules=modules)).formed
    late = PERIODS + 1
    return all(
        any(
            all((late if formed[c] is None else formed[c]) <= deadline for c in way) for way in ways
        )
        for ways in (goal.ways for goal in found.hard_goals)
    )


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_every_choice_that_ends_in_time_hits_every_landmark(first: int) -> None:
    """Under random guides; what is taken in the end ends in time, and so does what is trimmed."""
    hit, refuted = 0, 0
    for seed in range(first, first + 100):
        found = lasting_system(seed)
        standing = all_standing(found)
        random = Random(seed)
        search = PunctualSearch(found, [random.randint(1, 9) for _ in found.modules], seed)
        for deadline in range(1, PERIODS + 1):
            timely = [choice for choice in standing if ends_by(found, choice, deadline)]
            shares = [random.random() for _ in found.modules]
            taken: list[int] = []
            landmarks = list(search.missed(shares, 0.7, deadline, taken))
            for landmark in landmarks:
                assert all(choice.intersection(landmark) for choice in timely), (seed, deadline)
                hit += len(timely)
            if () in landmarks:
                refuted += 1
            elif all(len(goal.ways) == 1 for goal in found.hard_goals):
                kept = search.trimmed(taken, deadline)
                assert set(kept) <= set(taken)
                assert ends_by(found, set(kept), deadline), (seed, deadline)
    assert hit > 100
    assert refuted > 10
