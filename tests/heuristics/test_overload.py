"""Schedules found by shifting activities about on a calendar that they overdraw."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numba
import numpy as np
import pytest
from cpsat.projects import Project as Drawn
from cpsat.projects import as_problem, random_project, shortest_makespan
from heuristics.drawn_projects import (
    assert_keeps_what_is_hard,
    drawn,
    project_from,
    thrifty_project,
)
from problem.cases import problem_of_seed

from trajectory_engine.heuristics import overload, shifting
from trajectory_engine.heuristics.compiled import random_state
from trajectory_engine.heuristics.genetic import GeneticSearch, Schedule
from trajectory_engine.heuristics.overload import OverloadSearch
from trajectory_engine.heuristics.project import Project, project_of
from trajectory_engine.heuristics.project_arrays import Integers
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.teacher_problem import ModeOption


@numba.njit
def compared(
    slack: Integers, start: int, periods: int, crowded: Integers, place: Integers, crowds: int
) -> int:
    """Call what has no way in from Python."""
    return shifting._compare(slack, start, periods, crowded, place, crowds)


def some_schedule(project: Project, seed: int) -> Schedule | None:
    """Return the first schedule of the genetic search."""
    return next(GeneticSearch(project, seed).run(2000, 0), None)


@pytest.mark.parametrize("seed", range(30))
def test_it_finds_shortest_schedules_of_small_projects(seed: int) -> None:
    right = shortest_makespan(random_project(seed))
    problem, project = drawn(seed, hours=bool(seed % 2))
    known = some_schedule(project, seed)
    assert (known is None) == (right is None)
    if known is None or right is None:
        return
    ends = [known.end]
    for found in OverloadSearch(project, seed).run(2_000_000, known, right):
        assert is_plan(problem, project.choices(found.picks, found.starts))
        assert project.latest_end(found.picks, found.starts) == found.end
        ends.append(found.end)
    assert ends == sorted(set(ends), reverse=True)
    assert ends[-1] == right


def test_it_ends_where_no_end_is_sooner_or_no_activity_could_end_by_it() -> None:
    _, project = drawn(5, hours=False)
    known = some_schedule(project, 0)
    assert known is not None
    search = OverloadSearch(project, 0)
    assert not list(search.run(1_000_000, known, known.end))
    assert search.effort == 0
    chain = project_from(
        as_problem(Drawn(((1,), ()), (((2, (1,), ()),),) * 2, (1,), ()), hours=False)
    )
    known = some_schedule(chain, 0)
    assert known is not None
    assert known.end == 4
    search = OverloadSearch(chain, 0)
    assert not list(search.run(1_000_000, known, 0))
    assert search.effort == 0


def test_a_seed_repeats_and_a_search_goes_on() -> None:
    project = thrifty_project(8)
    known = some_schedule(project, 1)
    assert known is not None

    def run(parts: int) -> tuple[list[Schedule], int]:
        search, found = OverloadSearch(project, 3), []
        for _ in range(parts):
            found += search.run(60_000 // parts, found[-1] if found else known, 0)
        return found, search.effort

    assert run(2) == run(2)
    found, effort = run(1)
    assert found
    assert effort >= 60_000
    assert run(2)[0][-1].end <= known.end


def test_it_goes_on_below_an_end_that_was_found_elsewhere() -> None:
    project = thrifty_project(20)
    search = OverloadSearch(project, 0)
    first = some_schedule(project, 1)
    best = min(
        GeneticSearch(project, 1).run(100_000, 16), key=lambda found: found.end, default=None
    )
    assert first is not None
    assert best is not None
    assert best.end < first.end
    list(search.run(1, first, 0))
    # Best without a spare period, which shifting gets rid of at once.
    late = Schedule(best.picks, tuple(start + 1 for start in best.starts), best.end + 1)
    found = list(search.run(100_000, late, 0))
    assert found
    assert all(later.end < late.end for later in found)


@pytest.mark.parametrize("seed", range(3))
def test_periods_that_are_full_can_be_filled(seed: int) -> None:
    """Twenty activities of three units each fill fifteen periods."""
    project = thrifty_project(20)
    known = some_schedule(project, seed)
    assert known is not None
    found = list(OverloadSearch(project, seed).run(5_000_000, known, 15))
    assert found[-1].end == 15


@pytest.mark.parametrize("seed", range(20))
def test_what_is_counted_step_by_step_is_what_counting_anew_gives(seed: int) -> None:
    """After a walk, what is left and what it costs are as if counted from the beginning."""
    _, project = drawn(seed, hours=bool(seed % 2))
    known = some_schedule(project, seed)
    if known is None:
        return
    search = OverloadSearch(project, seed)
    for effort in (1, 10, 100, 1000):
        list(search.run(effort, known, 0))
        state = search._state
        if search._end is None:
            continue
        stepped = [np.copy(table) for table in state]
        assert shifting.settle(search._arrays, search._bounds, state, search._end)
        for before, after in zip(stepped, state, strict=True):
            assert np.array_equal(before, after)
        assert state.counters[shifting.OVER] >= 0
        assert state.counters[shifting.REST] >= 0


def test_what_stays_overdrawn_weighs_more() -> None:
    """Without a way into the budget, the budget weighs more and more, the calendar as before."""
    # Both activities fit beside each other; the budget holds for one of the cheap, long ways.
    modes = (((2, (1,), (3,)), (4, (1,), (1,))),) * 2
    problem = as_problem(Drawn(((), ()), modes, (2,), (4,)), hours=False)
    project = project_from(problem)
    known = some_schedule(project, 0)
    assert known is not None
    assert known.end == 4
    search = OverloadSearch(project, 0)
    assert not list(search.run(3_000_000, known, 2))
    assert search._state.budget_weights[0] > search._plain[-1]
    assert search._state.field_weights[0] == search._plain[0]
    assert not shifting.walk(
        search._arrays, search._bounds, search._state, 3, search.effort + 1000, random_state(0)
    )


def test_starts_with_gaps_are_kept() -> None:
    problem, _ = drawn(3, hours=False)

    def thinned(mode: ModeOption) -> ModeOption:
        return replace(mode, starts=tuple(s for s in mode.starts if s % 3))

    modules = tuple(replace(m, modes=tuple(map(thinned, m.modes))) for m in problem.modules)
    problem = replace(problem, modules=modules)
    project = project_from(problem)
    known = some_schedule(project, 0)
    assert known is not None
    late = replace(known, end=known.end + 2)  # so that there is something to find
    found = list(OverloadSearch(project, 0).run(500_000, late, 0))
    assert found
    for schedule in found:
        choices = project.choices(schedule.picks, schedule.starts)
        assert is_plan(problem, choices)
        assert all(c.start % 3 for c in choices)


def test_schedules_of_random_choices_keep_everything_that_is_hard() -> None:
    """What is chosen may break rules; when it runs and in what order must not."""
    seen = 0
    for seed in range(42_000, 42_300):
        rng, problem = Random(seed), problem_of_seed(seed)
        chosen = [m for m in range(len(problem.modules)) if rng.random() < 0.7]
        project = project_of(problem, chosen)
        known = None if project is None else some_schedule(project, seed)
        if project is None or known is None:
            continue
        late = replace(known, end=min(known.end + 1, problem.deadline))
        for found in OverloadSearch(project, seed).run(20_000, late, 0):
            choices = project.choices(found.picks, found.starts)
            assert_keeps_what_is_hard(problem, choices)
            seen += 1
    assert seen > 40


def test_after_the_longest_cycle_comes_the_shortest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overload, "FIRST", 100)
    monkeypatch.setattr(overload, "LONGEST", 230)
    project = thrifty_project(20)
    known = some_schedule(project, 0)
    assert known is not None
    search, lengths = OverloadSearch(project, 0), []
    begin = search._begin

    def noted(length: int) -> None:
        lengths.append(length)
        begin(length)

    monkeypatch.setattr(search, "_begin", noted)
    # No schedule of twenty activities that fill fifteen periods ends after fourteen.
    list(search.run(200_000, replace(known, end=15), 0))
    size = len(known.picks)
    first = [round(size * part) for part in (100, 150, 225, 100, 150)]
    assert lengths[: len(first)] == first


@pytest.mark.parametrize("seed", range(5))
def test_periods_that_are_overdrawn_are_kept_count_of(seed: int) -> None:
    random, periods = np.random.default_rng(seed), 12
    slack = random.integers(-1, 3, (periods, 2))
    crowded, place = np.empty(periods, dtype=np.int64), np.full(periods, shifting.NOWHERE)
    crowds = compared(slack, 0, periods, crowded, place, 0)
    for _ in range(200):
        assert set(crowded[:crowds]) == set(np.flatnonzero((slack < 0).any(axis=1)))
        assert len(set(crowded[:crowds])) == crowds
        assert all(crowded[place[period]] == period for period in crowded[:crowds])
        start = int(random.integers(periods))
        count = int(random.integers(1, periods - start + 1))
        slack[start : start + count] += random.integers(-2, 3, (count, 2))
        crowds = compared(slack, start, count, crowded, place, crowds)
