"""Periods filled one after the other: plans that keep deadlines, in both directions of time."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from cpsat.projects import Project as Drawn
from cpsat.projects import as_problem, random_project, shortest_makespan
from heuristics.test_projects import drawn, project_from

from trajectory_engine.heuristics.filling import MANNERS, FillingSearch
from trajectory_engine.heuristics.project import Project
from trajectory_engine.problem.evaluate import is_plan

EFFORT = 20_000
TURN = range(len(MANNERS))


def never() -> bool:
    """Let a search go on."""
    return False


def filled(project: Project, deadline: int, effort: int = EFFORT) -> list[int | None]:
    """Return the end of what every way to fill finds, None for one that finds nothing."""
    ends: list[int | None] = []
    for turn in TURN:
        search = FillingSearch(project, 0)
        search.manner = turn
        found = search.run(deadline, effort, never)
        ends.append(None if found is None else project.latest_end(*found))
        assert search.manner == turn + (found is None)
    return ends


@pytest.mark.parametrize("seed", range(30))
def test_what_is_filled_is_a_plan_that_keeps_the_deadline(seed: int) -> None:
    problem, project = drawn(seed, hours=bool(seed % 2))
    for deadline in range(problem.deadline + 1):
        search = FillingSearch(project, seed)
        for _ in TURN:
            found = search.run(deadline, EFFORT, never)
            if found is not None:
                assert is_plan(problem, project.choices(*found))
                assert project.latest_end(*found) <= deadline
                search.manner += 1


def test_most_small_projects_are_done_as_soon_as_they_can() -> None:
    possible = reached = 0
    for seed in range(30):
        right = shortest_makespan(random_project(seed))
        problem, project = drawn(seed, hours=bool(seed % 2))
        if right is None:
            assert not any(filled(project, problem.deadline))
            continue
        possible += 1
        reached += right in filled(project, right)
        assert not any(filled(project, right - 1))
    assert reached >= 0.9 * possible


@pytest.mark.parametrize("seed", range(8))
def test_periods_are_filled_nearly_to_the_brim(seed: int) -> None:
    # Five periods of 38 hours for loads that fill 36 of each, three at a time.
    rng = Random(seed)
    loads = []
    for _ in range(5):
        first, second = rng.randint(8, 16), rng.randint(8, 14)
        loads += [first, second, 36 - first - second]
    rng.shuffle(loads)
    modes = tuple(((1, (load,), ()),) for load in loads)
    project = project_from(as_problem(Drawn(((),) * len(loads), modes, (38,), ()), hours=True))
    assert 5 in filled(project, 5)
    assert not any(filled(project, 4))


def test_a_chain_with_work_behind_it_starts_in_time() -> None:
    # 0 is short and asks for little, but all that takes 9 of 10 hours waits for it; 1 and 2 could
    # fill the first period instead.
    before = ((), (), (), (0,), (0,), (0,))
    modes = (((1, (1,), ()),), ((1, (5,), ()),), ((1, (5,), ()),)) + (((1, (9,), ()),),) * 3
    project = project_from(as_problem(Drawn(before, modes, (10,), ()), hours=True))
    assert all(end == 5 for end in filled(project, 5))
    assert not any(filled(project, 4))


def test_a_hopeless_deadline_costs_nothing() -> None:
    _, project = drawn(3, hours=True)
    search = FillingSearch(project, 0)
    assert search.run(1, EFFORT, never) is None
    assert search.tried == 0


def test_starts_with_gaps_are_kept_in_both_directions() -> None:
    problem, _ = drawn(3, hours=False)
    modules = tuple(
        replace(
            m,
            modes=tuple(replace(k, starts=tuple(s for s in k.starts if s % 3)) for k in m.modes),
        )
        for m in problem.modules
    )
    problem = replace(problem, modules=modules)
    project = project_from(problem)
    search = FillingSearch(project, 0)
    for turn in TURN:
        search.manner = turn
        found = search.run(problem.deadline, EFFORT, never)
        assert found is not None
        choices = project.choices(*found)
        assert is_plan(problem, choices)
        assert all(c.start % 3 for c in choices)


def test_little_effort_may_not_be_enough_and_a_seed_repeats() -> None:
    hasty = patient = 0
    for seed in range(30):
        problem, project = drawn(seed, hours=True)
        deadline = shortest_makespan(random_project(seed)) or problem.deadline
        hasty += sum(end is not None for end in filled(project, deadline, 1))
        patient += sum(end is not None for end in filled(project, deadline))
        one, other = (FillingSearch(project, seed) for _ in range(2))
        assert one.run(deadline, EFFORT, never) == other.run(deadline, EFFORT, never)
        assert one.tried == other.tried
    assert hasty < patient


def test_a_search_ends_when_it_is_told_to() -> None:
    problem, project = drawn(5, hours=True)
    search = FillingSearch(project, 0)
    assert search.run(problem.deadline, EFFORT, lambda: True) is None
    assert search.tried == 0
    assert search.run(problem.deadline, EFFORT, never) is not None
