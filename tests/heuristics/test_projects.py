"""Projects and their schedules: packed calendars, serial generation, justification, modes."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from cpsat.projects import Project as Drawn
from cpsat.projects import as_problem, random_project, shortest_makespan
from problem.cases import problem_of_seed

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.generation import (
    Effort,
    backward,
    by_end,
    by_start,
    forward,
    justify,
    latest_end,
)
from trajectory_engine.heuristics.genetic import GeneticSearch
from trajectory_engine.heuristics.mode_choice import keeps, repair, slack_of
from trajectory_engine.heuristics.mode_justification import justify_modes
from trajectory_engine.heuristics.project import Project, project_of
from trajectory_engine.problem.evaluate import attain, calendar_holds, is_plan, violated
from trajectory_engine.problem.teacher_problem import ModeOption, TeacherProblem


def project_from(problem: TeacherProblem) -> Project:
    """Return all modules of a problem as a project."""
    project = project_of(problem, range(len(problem.modules)))
    assert project is not None
    return project


def drawn(seed: int, *, hours: bool) -> tuple[TeacherProblem, Project]:
    """Return a random project as a problem and as a project."""
    problem = as_problem(random_project(seed), hours=hours)
    return problem, project_from(problem)


def scheduled(project: Project, rng: Random) -> tuple[list[int], list[int]] | None:
    """Return random ways and their starts, None if the ways do not keep the budgets."""
    picks = [rng.randrange(len(ways)) for ways in project.ways]
    if not keeps(slack_of(project, picks)):
        return None
    starts = forward(project, project.order, picks, Effort())
    assert starts is not None
    return picks, starts


def test_a_schedule_fills_the_calendar_and_no_more() -> None:
    # Two activities that take 3 of 5 cannot run beside each other; one that takes 2 can.
    tight = Drawn(((), (), ()), (((2, (3,), ()),), ((2, (3,), ()),), ((2, (2,), ()),)), (5,), ())
    for hours in (True, False):
        project = project_from(as_problem(tight, hours=hours))
        assert forward(project, [0, 1, 2], [0, 0, 0], Effort()) == [0, 2, 0]
        assert backward(project, [0, 1, 2], [0, 0, 0], 6, Effort()) == [4, 2, 4]


@pytest.mark.parametrize("seed", range(30))
def test_lists_in_both_directions_give_plans(seed: int) -> None:
    rng = Random(seed)
    problem, project = drawn(seed, hours=bool(seed % 2))
    listed = scheduled(project, rng)
    if listed is None:
        return
    picks, starts = listed
    assert is_plan(problem, project.choices(picks, starts))
    end = latest_end(project, picks, starts)
    late = backward(project, by_end(project, picks, starts), picks, end, Effort())
    assert late is not None
    assert is_plan(problem, project.choices(picks, late))
    assert latest_end(project, picks, late) <= end
    assert all(e <= s for e, s in zip(starts, late, strict=True))
    better = justify(project, picks, starts, Effort())
    assert latest_end(project, picks, better) <= end
    assert is_plan(problem, project.choices(picks, better))
    position = {a: i for i, a in enumerate(by_start(project, picks, better))}
    assert all(position[p] < position[a] for a in position for p in project.before[a])


def test_justification_shortens_what_a_bad_list_made_long() -> None:
    # Room for two at a time.  0 and 1 go first by the list, then the chain 2, 3 that takes longest;
    # from the right the chain moves to the front.
    modes = (((2, (1,), ()),),) * 2 + (((3, (1,), ()),),) * 2
    project = project_from(as_problem(Drawn(((), (), (), (2,)), modes, (2,), ()), hours=False))
    picks = [0, 0, 0, 0]
    starts = forward(project, [0, 1, 2, 3], picks, Effort())
    assert starts is not None
    assert latest_end(project, picks, starts) == 8
    assert latest_end(project, picks, justify(project, picks, starts, Effort())) == 6


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(30))
def test_justification_with_modes_gives_plans_that_end_no_later(seed: int, share: float) -> None:
    rng = Random(seed)
    problem, project = drawn(seed, hours=bool(seed % 2))
    listed = scheduled(project, rng)
    if listed is None:
        return
    picks, starts = listed
    end, given = latest_end(project, picks, starts), list(picks)
    new, better = justify_modes(project, picks, starts, share, rng, Effort())
    assert picks == given
    assert is_plan(problem, project.choices(new, better))
    assert latest_end(project, new, better) <= end
    if not share:
        assert (new, better) == (picks, justify(project, picks, starts, Effort()))


@pytest.mark.parametrize(("budget", "shortest"), [(3, 3), (2, 4)])
def test_justification_changes_modes_as_far_as_the_budget_lets_it(
    budget: int, shortest: int
) -> None:
    # Of 5, both quick modes take 3, so they run one after the other: 4 periods.  One of them beside
    # the slow mode of the other is done in 3, but the slow mode costs 2 and the quick one 1.
    modes = (((2, (3,), (1,)), (3, (2,), (2,))),) * 2
    project = project_from(as_problem(Drawn(((), ()), modes, (5,), (budget,)), hours=False))
    starts = forward(project, [0, 1], [0, 0], Effort())
    assert starts == [0, 2]
    picks, better = justify_modes(project, [0, 0], starts, 1.0, Random(0), Effort())
    assert latest_end(project, picks, better) == shortest


def test_starts_with_gaps_are_kept() -> None:
    problem, _ = drawn(3, hours=False)

    def thinned(mode: ModeOption) -> ModeOption:
        return replace(mode, starts=tuple(s for s in mode.starts if s % 3))

    modules = tuple(replace(m, modes=tuple(map(thinned, m.modes))) for m in problem.modules)
    problem = replace(problem, modules=modules, deadline=problem.deadline)
    project = project_from(problem)
    for found in GeneticSearch(project, 0).run(3000, 0):
        choices = project.choices(found.picks, found.starts)
        assert is_plan(problem, choices)
        assert all(c.start % 3 for c in choices)


@pytest.mark.parametrize("seed", range(40))
def test_repair_ends_with_modes_that_keep_the_budgets(seed: int) -> None:
    rng = Random(seed)
    _, project = drawn(seed, hours=False)
    options = [range(len(ways)) for ways in project.ways]
    possible = any(keeps(slack_of(project, picks)) for picks in product(*options))
    picks = [rng.randrange(len(ways)) for ways in project.ways]
    assert repair(project, picks, rng) == possible
    assert keeps(slack_of(project, picks)) == possible


@pytest.mark.parametrize("seed", range(20))
def test_the_genetic_search_finds_shortest_schedules_of_small_projects(seed: int) -> None:
    right = shortest_makespan(random_project(seed))
    problem, project = drawn(seed, hours=bool(seed % 2))
    ends = []
    for found in GeneticSearch(project, seed).run(40_000, right or 0):
        assert is_plan(problem, project.choices(found.picks, found.starts))
        assert latest_end(project, found.picks, found.starts) == found.end
        ends.append(found.end)
    assert ends == sorted(set(ends), reverse=True)
    assert ends[-1:] == ([] if right is None else [right])


def test_a_seed_repeats_and_a_search_goes_on() -> None:
    _, project = drawn(5, hours=True)

    def run(parts: int) -> list[tuple[int, ...]]:
        search = GeneticSearch(project, 7)
        for _ in range(parts):
            for _ in search.run(2000, 0):
                pass
        return [s.starts for s in search.population]

    assert run(2) == run(2)
    search = GeneticSearch(project, 7)
    first = [found.end for found in search.run(2000, 0)]
    before = search.placements
    assert before >= 2000
    assert all(found.end < first[-1] for found in search.run(2000, 0))
    assert search.placements >= before + 2000


def test_limits_on_hours_are_budgets() -> None:
    # The short way takes 4 hours a period for 2 periods, the long one 1 hour for 4.
    modes = (((2, (4,), ()), (4, (1,), ())),)
    problem = as_problem(Drawn(((),), modes, (4,), ()), hours=True)
    for most, end in ((8, 2), (7, 4), (4, 4)):
        project = project_of(problem, [0], [(ObjectiveName.STUDY_HOURS, most)])
        assert project is not None
        assert min(s.end for s in GeneticSearch(project, 0).run(2000, 0)) == end
    nothing = project_of(problem, [0], [(ObjectiveName.STUDY_HOURS, 3)])
    assert nothing is not None
    assert not list(GeneticSearch(nothing, 0).run(2000, 0))


def test_schedules_of_random_choices_keep_everything_that_is_hard() -> None:
    """What is chosen may break rules; when it runs and in what order must not."""
    seen = without_place = 0
    for seed in range(42_000, 42_200):
        rng, problem = Random(seed), problem_of_seed(seed)
        chosen = [m for m in range(len(problem.modules)) if rng.random() < 0.7]
        project = project_of(problem, chosen)
        if project is None:
            without_place += 1
            continue
        for found in GeneticSearch(project, seed).run(500, 0):
            choices = project.choices(found.picks, found.starts)
            state = attain(problem, choices)
            assert state is not None
            assert calendar_holds(problem, choices)
            timeless = replace(
                problem, clauses=(), hard_goals=(), state_rows=(), limits=(), soft_rules=()
            )
            assert None not in violated(timeless, choices, state)
            seen += 1
    assert seen > 40
    assert without_place > 10
