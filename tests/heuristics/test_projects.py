"""Projects and their schedules: packed calendars, serial generation, justification, modes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from cpsat.projects import Project as Drawn
from cpsat.projects import as_problem, random_project, shortest_makespan
from heuristics.drawn_projects import (
    assert_keeps_what_is_hard,
    drawn,
    ints,
    project_from,
    thrifty_project,
)
from problem.cases import problem_of_seed

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics import breeding, offspring
from trajectory_engine.heuristics import project as projects
from trajectory_engine.heuristics.compiled import random_state
from trajectory_engine.heuristics.generation import backward, by_end, by_start, forward, improve
from trajectory_engine.heuristics.genetic import GeneticSearch
from trajectory_engine.heuristics.population import enter, nobody
from trajectory_engine.heuristics.project import Project, project_of
from trajectory_engine.heuristics.project_arrays import (
    WORD,
    Integers,
    ProjectArrays,
    arrays_of,
)
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.teacher_problem import ModeOption


def keep_budgets(project: Project, picks: Sequence[int]) -> bool:
    """Return whether ways keep all budgets."""
    chosen = [ways[pick].uses for ways, pick in zip(project.ways, picks, strict=True)]
    totals = [sum(use[b] for use in chosen) for b in range(len(project.budgets))]
    return all(total <= most for total, most in zip(totals, project.budgets, strict=True))


def early(project: Project, order: Sequence[int], picks: Sequence[int]) -> list[int]:
    """Return the starts of a list, each as early as it fits."""
    starts = ints([0] * len(order))
    tried = forward(arrays_of(project), ints(order), ints(picks), starts, 0.0, random_state(0))
    assert tried == len(order)
    return starts.tolist()


def late(project: Project, order: Sequence[int], picks: Sequence[int], end: int) -> list[int]:
    """Return the starts of a list, each as late as it fits before an end."""
    starts = ints([0] * len(order))
    arrays = arrays_of(project)
    tried = backward(arrays, ints(order), ints(picks), starts, end, 0.0, random_state(0))
    assert tried == len(order)
    return starts.tolist()


def improved(
    project: Project, picks: Sequence[int], starts: Sequence[int], share: float, seed: int = 0
) -> tuple[list[int], list[int]]:
    """Return ways and starts of a schedule that was moved to and fro."""
    new, better = ints(picks), ints(starts)
    assert improve(arrays_of(project), new, better, share, random_state(seed)) > 0
    return new.tolist(), better.tolist()


def ordered(
    project: Project,
    by: Callable[[ProjectArrays, Integers, Integers, Integers], None],
    picks: Sequence[int],
    starts: Sequence[int],
) -> list[int]:
    """Return the activities in some order."""
    order = ints([0] * len(picks))
    by(arrays_of(project), ints(picks), ints(starts), order)
    return order.tolist()


def scheduled(project: Project, rng: Random) -> tuple[list[int], list[int]] | None:
    """Return random ways and their starts, None if the ways do not keep the budgets."""
    picks = [rng.randrange(len(ways)) for ways in project.ways]
    if not keep_budgets(project, picks):
        return None
    return picks, early(project, project.order, picks)


def test_a_schedule_fills_the_calendar_and_no_more() -> None:
    # Two activities that take 3 of 5 cannot run beside each other; one that takes 2 can.
    tight = Drawn(((), (), ()), (((2, (3,), ()),), ((2, (3,), ()),), ((2, (2,), ()),)), (5,), ())
    for hours in (True, False):
        project = project_from(as_problem(tight, hours=hours))
        assert early(project, [0, 1, 2], [0, 0, 0]) == [0, 2, 0]
        assert late(project, [0, 1, 2], [0, 0, 0], 6) == [4, 2, 4]


def test_what_does_not_fit_into_one_word_is_held_by_several() -> None:
    # Three activities that wait for nothing, and five resources; the first and the last one bind.
    large = 1 << 20
    amounts = ((large, 1, 1, 1, 1), (1, 1, 1, 1, large), (1, 1, 1, 1, 2))
    modes = tuple(((2, own, ()),) for own in amounts)
    for first, starts in ((large, [0, 2, 4]), (large + 2, [0, 0, 2])):
        capacity = (first, large, large, large, large + 1)
        project = project_from(as_problem(Drawn(((), (), ()), modes, capacity, ()), hours=False))
        arrays = arrays_of(project)
        assert arrays.free.shape[1] > 1
        assert int(arrays.guards.max()).bit_length() <= WORD
        assert early(project, [0, 1, 2], [0, 0, 0]) == starts


@pytest.mark.parametrize("seed", range(30))
def test_lists_in_both_directions_give_plans(seed: int) -> None:
    rng = Random(seed)
    problem, project = drawn(seed, hours=bool(seed % 2))
    listed = scheduled(project, rng)
    if listed is None:
        return
    picks, starts = listed
    assert is_plan(problem, project.choices(picks, starts))
    end = project.latest_end(picks, starts)
    at_last = late(project, ordered(project, by_end, picks, starts), picks, end)
    assert is_plan(problem, project.choices(picks, at_last))
    assert project.latest_end(picks, at_last) <= end
    assert all(e <= s for e, s in zip(starts, at_last, strict=True))
    same, better = improved(project, picks, starts, 0.0)
    assert same == picks
    assert project.latest_end(picks, better) <= end
    assert is_plan(problem, project.choices(picks, better))
    position = {a: i for i, a in enumerate(ordered(project, by_start, picks, better))}
    assert all(position[p] < position[a] for a in position for p in project.before[a])
    found = GeneticSearch(project, 0).improved(picks, starts)
    assert (found.picks, found.starts) == (tuple(picks), tuple(better))
    assert found.end == project.latest_end(picks, better)


@pytest.mark.parametrize("seed", range(10))
def test_orders_are_those_of_a_plain_sort(seed: int) -> None:
    rng = Random(seed)
    _, project = drawn(seed, hours=True)
    picks = [rng.randrange(len(ways)) for ways in project.ways]
    starts = [rng.randrange(len(project.free) // 2) for _ in picks]
    ends = [s + w[k].duration for s, w, k in zip(starts, project.ways, picks, strict=True)]
    forwards = sorted(project.order, key=lambda a: (starts[a], ends[a]))
    assert ordered(project, by_start, picks, starts) == forwards
    rank = {a: i for i, a in enumerate(project.order)}
    backwards = sorted(project.order, key=lambda a: (-ends[a], -starts[a], -rank[a]))
    assert ordered(project, by_end, picks, starts) == backwards


def test_justification_shortens_what_a_bad_list_made_long() -> None:
    # Room for two at a time.  0 and 1 go first by the list, then the chain 2, 3 that takes longest;
    # from the right the chain moves to the front.
    modes = (((2, (1,), ()),),) * 2 + (((3, (1,), ()),),) * 2
    project = project_from(as_problem(Drawn(((), (), (), (2,)), modes, (2,), ()), hours=False))
    picks = [0, 0, 0, 0]
    starts = early(project, [0, 1, 2, 3], picks)
    assert project.latest_end(picks, starts) == 8
    assert project.latest_end(picks, improved(project, picks, starts, 0.0)[1]) == 6


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(30))
def test_justification_with_modes_gives_plans_that_end_no_later(seed: int, share: float) -> None:
    rng = Random(seed)
    problem, project = drawn(seed, hours=bool(seed % 2))
    listed = scheduled(project, rng)
    if listed is None:
        return
    picks, starts = listed
    new, better = improved(project, picks, starts, share, seed)
    assert is_plan(problem, project.choices(new, better))
    assert project.latest_end(new, better) <= project.latest_end(picks, starts)
    assert share or new == picks


@pytest.mark.parametrize(("budget", "shortest"), [(3, 3), (2, 4)])
def test_justification_changes_modes_as_far_as_the_budget_lets_it(
    budget: int, shortest: int
) -> None:
    # Of 5, both quick modes take 3, so they run one after the other: 4 periods.  One of them beside
    # the slow mode of the other is done in 3, but the slow mode costs 2 and the quick one 1.
    modes = (((2, (3,), (1,)), (3, (2,), (2,))),) * 2
    project = project_from(as_problem(Drawn(((), ()), modes, (5,), (budget,)), hours=False))
    starts = early(project, [0, 1], [0, 0])
    assert starts == [0, 2]
    picks, better = improved(project, [0, 0], starts, 1.0)
    assert project.latest_end(picks, better) == shortest


def test_of_ways_alike_the_one_that_takes_less_is_taken() -> None:
    # As long as each other; either way, one of the two ends as late as it must.
    modes = (((2, (5,), ()), (2, (3,), ())), ((2, (5,), ()),))
    project = project_from(as_problem(Drawn(((), ()), modes, (5,), ()), hours=False))
    assert arrays_of(project).work.tolist() == pytest.approx([2.0, 1.2, 2.0])
    for share, pick in ((0.0, 0), (1.0, 1)):
        picks, starts = improved(project, [0, 0], [0, 2], share)
        assert picks == [pick, 0]
        assert project.latest_end(picks, starts) == 4


def test_of_schedules_that_end_alike_the_one_with_less_running_late_goes_first() -> None:
    alone = (((1, (1,), ()),),)
    project = project_from(as_problem(Drawn(((), (), ()), 3 * alone, (9,), ()), hours=False))
    search = GeneticSearch(project, 0)
    # The sum of the ends says the contrary.
    even, uneven = (2, 2, 5), (0, 3, 5)
    assert sum(even) > sum(uneven)
    for starts in (uneven, even, (0, 0, 6), (9, 9, 4), even):
        search.add([0, 0, 0], starts)
    assert [s.starts for s in search.best(9)] == [even, uneven, (0, 0, 6), (9, 9, 4)]


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
    possible = any(keep_budgets(project, picks) for picks in product(*options))
    picks = ints([rng.randrange(len(ways)) for ways in project.ways])
    assert (offspring.repair(arrays_of(project), picks, random_state(seed)) > 0) == possible
    assert keep_budgets(project, picks.tolist()) == possible


@pytest.mark.parametrize("seed", range(20))
def test_the_genetic_search_finds_shortest_schedules_of_small_projects(seed: int) -> None:
    right = shortest_makespan(random_project(seed))
    problem, project = drawn(seed, hours=bool(seed % 2))
    ends = []
    for found in GeneticSearch(project, seed).run(40_000, right or 0):
        assert is_plan(problem, project.choices(found.picks, found.starts))
        assert project.latest_end(found.picks, found.starts) == found.end
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
        return [s.starts for s in search.best(40)]

    assert run(2) == run(2)
    search = GeneticSearch(project, 7)
    first = [found.end for found in search.run(2000, 0)]
    before = search.placements
    assert before >= 2000
    assert all(found.end < first[-1] for found in search.run(2000, 0))
    assert search.placements >= before + 2000


def without_savings(arrays: ProjectArrays) -> ProjectArrays:
    """Return a project of which nothing is said of what fields offer in all."""
    own = len(arrays.budgets) - len(arrays.offered)
    return arrays._replace(
        uses=arrays.uses[:, :own].copy(),
        budgets=arrays.budgets[:own].copy(),
        offered=arrays.offered[:0].copy(),
    )


@pytest.mark.parametrize("seed", range(20))
def test_fields_that_may_be_saved_are_budgets(seed: int) -> None:
    _, project = drawn(seed, hours=bool(seed % 2))
    arrays, own = arrays_of(project), len(project.budgets)
    totals = [
        [[sum(project.load(way, field)) for way in ways] for ways in project.ways]
        for field in range(len(project.fields))
    ]
    saved = [f for f, by_activity in enumerate(totals) if any(len(set(t)) > 1 for t in by_activity)]
    assert arrays.uses[:, own:].T.tolist() == [
        [total for own_ways in totals[f] for total in own_ways] for f in saved
    ]
    for row, field in zip(arrays.offered, saved, strict=True):
        offers = project.offers(field)
        assert row.tolist() == [sum(offers[:end]) for end in range(len(offers) + 1)]
    assert arrays.budgets.tolist() == [*project.budgets, *(row[-1] for row in arrays.offered)]


def test_nothing_may_be_saved_where_nothing_may_be_chosen() -> None:
    problem = as_problem(
        Drawn(((), (0,)), (((2, (3,), ()),), ((1, (1,), ()),)), (4,), ()), hours=True
    )
    assert len(arrays_of(project_from(problem)).offered) == 0


def test_children_get_at_most_what_periods_before_the_end_to_beat_offer() -> None:
    project = thrifty_project(6)
    arrays, population = arrays_of(project), nobody(6)
    whole, random = int(arrays.budgets[-1]), random_state(0)
    assert not breeding.ration(arrays, population, 5, random)
    assert arrays.budgets[-1] == whole, "a first one may take anything"
    enter(arrays, population, ints([0] * 6), ints(range(6)))
    population.thrift[0] = 0.5
    got = set()
    for best, most in ((100, 20), (6, 20), (4, 12)):
        for _ in range(200):
            probing = breeding.ration(arrays, population, best, random)
            assert most // 2 <= arrays.budgets[-1] <= most
            assert arrays.budgets[-1] == most // 2 or not probing
            got.add((probing, int(arrays.budgets[-1])))
    assert {(True, 10), (True, 6)} < got
    assert len(got) > 12
    enter(arrays, population, ints([0] * 6), ints([0] * 6))
    population.ends[0] = 0
    breeding.ration(arrays, population, 100, random)
    assert arrays.budgets[-1] == 0, "nothing ends before instant 0"


@pytest.mark.parametrize("seed", range(3))
def test_what_is_saved_finds_schedules_that_are_full(seed: int) -> None:
    """Twenty activities of three units each fill fifteen periods; all short ways take twenty."""
    project = thrifty_project(20)
    arrays, tails = arrays_of(project), ints([1] * 20)
    ends = []
    for given in (arrays, without_savings(arrays)):
        population, random, best = nobody(20), random_state(seed), 1000
        while best > 15:
            outcome = breeding.evolve(given, tails, population, 50_000, best, random)
            if outcome != breeding.FOUND:
                break
            best = int(population.ends[0])
        ends.append(best)
    assert ends[0] == 15 < ends[1]


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
    search = GeneticSearch(nothing, 0)
    assert not list(search.run(2000, 0))
    assert search.placements == 0  # which says that going on is of no use


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
            assert_keeps_what_is_hard(problem, choices)
            seen += 1
    assert seen > 40
    assert without_place > 10


@pytest.mark.parametrize("seed", range(20))
def test_an_order_has_nobody_before_one_that_it_waits_for(seed: int) -> None:
    rng, size = Random(seed), 40
    rank = rng.sample(range(size), size)
    before = [
        {b for b in range(size) if rank[b] < rank[a] and rng.random() < 0.1} for a in range(size)
    ]
    order = projects._topological(before)
    assert order is not None
    assert sorted(order) == list(range(size))
    at = {a: i for i, a in enumerate(order)}
    assert all(at[b] < at[a] for a in range(size) for b in before[a])
    first, last = order[0], order[-1]
    before[first].add(last)
    before[last].add(first)
    assert projects._topological(before) is None


def test_a_long_chain_is_put_in_order_in_a_moment() -> None:
    """Looking at everybody for each of them took minutes."""
    size = 20_000
    began = time.process_time()
    chain = [{a + 1} if a + 1 < size else set[int]() for a in range(size)]
    assert projects._topological(chain) == tuple(range(size - 1, -1, -1))
    assert time.process_time() - began < 5
