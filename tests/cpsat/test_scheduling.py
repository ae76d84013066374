"""The search for the shortest schedule, and its neighbourhoods, on small projects."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from cpsat.projects import Project, as_problem, random_project, shortest_makespan
from trajectory_engine.cpsat import scheduling, shorter_schedules
from trajectory_engine.cpsat.destructive import (
    OF_PROJECTS_WITH_MODES,
    QUICK_RELAXED,
    QUICK_WITH_MODES,
    RELAXED,
    DestructiveBound,
    Manner,
)
from trajectory_engine.cpsat.neighbourhoods import Neighbourhoods
from trajectory_engine.cpsat.scheduling import ScheduleSearch
from trajectory_engine.cpsat.session import Session
from trajectory_engine.cpsat.shorter_schedules import ShorterSchedules
from trajectory_engine.heuristics.overload import OverloadSearch
from trajectory_engine.heuristics.project import Project as GeneticProject
from trajectory_engine.heuristics.serial import schedule
from trajectory_engine.problem.evaluate import end_of, is_plan
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem

Plan = tuple[Choice, ...]


def session(effort: float = 30.0) -> Session:
    """Return a session with more than enough effort."""
    return Session(0, effort, time.monotonic() + 60)


def end(problem: TeacherProblem, plan: Plan) -> int:
    """Return the completion of a plan."""
    return max(end_of(problem, c) for c in plan)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", range(24))
def test_it_closes_at_the_shortest_makespan(seed: int, threads: int) -> None:
    project = random_project(seed)
    right = shortest_makespan(project)
    problem = as_problem(project, hours=bool(seed % 2))
    ends: list[int] = []

    def offer(plan: Plan) -> int:
        assert is_plan(problem, plan)
        ends.append(end(problem, plan))
        return min(ends)

    side_by_side = Session(0, 30.0, time.monotonic() + 60, threads=threads)
    search = ScheduleSearch(problem, [], side_by_side, offer, 0, None)
    search.run(20.0)
    assert search.proof.is_closed
    if right is None:
        assert not ends
        assert search.proof.low == problem.deadline + 1
    else:
        assert search.proof.low == min(ends) == right


@pytest.mark.parametrize("threads", [1, 2])
def test_a_session_knows_on_how_many_searches_an_answer_depends(threads: int) -> None:
    problem = as_problem(random_project(1), hours=False)
    asked = Session(0, 2.0, time.monotonic() + 60, threads=threads)
    search = ScheduleSearch(problem, [], asked, lambda _: None, 0, None)
    search.begin()
    assert asked.lanes == 1  # The first calls are made one after the other.
    search.run(1.0)
    assert asked.lanes == threads


def searched_by_two(
    problem: TeacherProblem, effort: float
) -> tuple[Plan | None, int, int, float, int]:
    """Search with two threads; return plan, both bounds, what was spent, and lanes."""
    plans: list[Plan] = []

    def offer(plan: Plan) -> int:
        assert is_plan(problem, plan)
        if not plans or end(problem, plan) < end(problem, plans[-1]):
            plans.append(plan)
        return end(problem, plans[-1])

    own = Session(0, 2 * effort, time.monotonic() + 60, threads=2)
    search = ScheduleSearch(problem, [], own, offer, 0, None)
    search.run(effort)
    proof = search.proof
    return plans[-1] if plans else None, proof.low, proof.high, own.spent, own.lanes


@pytest.mark.parametrize("seed", range(12))
def test_two_proofs_side_by_side_close_alike_in_every_run(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = shortest_makespan(random_project(seed))
    problem = as_problem(random_project(seed), hours=bool(seed % 2))
    minimise, asked = DestructiveBound.minimise, []

    def noted(proof: DestructiveBound, manner: Manner, effort: float) -> None:
        asked.append(manner)
        minimise(proof, manner, effort)

    # Without what settles small projects before the first round, which is a short one here.
    monkeypatch.setattr(DestructiveBound, "relax", lambda *_: None)
    monkeypatch.setattr(shorter_schedules, "FIRST_BREED", 0.0)
    monkeypatch.setattr(scheduling, "FIRST_OF_TWO", 0.5)
    monkeypatch.setattr(DestructiveBound, "minimise", noted)

    answer = searched_by_two(problem, 1.0)
    plan, low, high, _, _ = answer
    assert low == high == (problem.deadline + 1 if right is None else right)
    assert (None if plan is None else end(problem, plan)) == right
    assert set(asked) == set(OF_PROJECTS_WITH_MODES)
    assert searched_by_two(problem, 1.0) == answer


@pytest.mark.parametrize("seed", range(5))
def test_later_rounds_look_for_plans_on_both_sides_alike_in_every_run(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is proven here, so the side of the proofs comes to its own search of plans."""
    right = shortest_makespan(random_project(seed))
    problem = as_problem(random_project(seed), hours=bool(seed % 2))
    seeds: list[int] = []

    class Noted(OverloadSearch):
        def __init__(self, project: GeneticProject, seed: int) -> None:
            seeds.append(seed)
            super().__init__(project, seed)

    for question in ("relax", "glance", "minimise", "climb", "rise"):
        monkeypatch.setattr(DestructiveBound, question, lambda *_: None)
    monkeypatch.setattr(scheduling, "FIRST_OF_TWO", 0.05)
    monkeypatch.setattr(shorter_schedules, "OverloadSearch", Noted)

    answer = searched_by_two(problem, 1.5)
    plan, low, high, _, _ = answer
    assert (None if plan is None else end(problem, plan)) == right
    if low < high and right is not None:
        assert sorted(seeds) == [0, scheduling.ASIDE]
    assert searched_by_two(problem, 1.5) == answer


@pytest.mark.parametrize("seed", range(2))
def test_what_a_search_spends_does_not_depend_on_which_side_is_quicker(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same proof comes at once, or after the search for plans has long found the best."""
    right = shortest_makespan(random_project(seed))
    assert right is not None
    problem, delay = as_problem(random_project(seed), hours=False), [0.0]

    def climb(proof: DestructiveBound, _: float) -> None:
        time.sleep(delay[0])
        proof.low = right

    for question in ("relax", "glance", "minimise", "rise"):
        monkeypatch.setattr(DestructiveBound, question, lambda *_: None)
    monkeypatch.setattr(DestructiveBound, "climb", climb)
    monkeypatch.setattr(shorter_schedules, "FIRST_BREED", 0.0)
    at_once = searched_by_two(problem, 1.5)
    delay[0] = 0.3
    assert searched_by_two(problem, 1.5) == at_once
    assert at_once[1] == right


@pytest.mark.parametrize("effort", [4.0, 10.0, 40.0])
def test_one_thread_spends_no_more_than_it_may(
    effort: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is proven, and everything that is asked spends what it may."""
    for question in ("glance", "relax", "climb"):
        monkeypatch.setattr(DestructiveBound, question, lambda *_: None)
    monkeypatch.setattr(DestructiveBound, "minimise", lambda p, _, own: p.session.charge(own))
    monkeypatch.setattr(DestructiveBound, "rise", lambda p, own: p.session.charge(own))

    def improve(_: Neighbourhoods, __: Plan, ___: int, own: Session) -> None:
        own.charge(own.effort_left)

    def breed(_: ShorterSchedules, own: float, asked: Session, *__: int) -> Iterator[Plan]:
        asked.charge(own)
        yield from ()

    monkeypatch.setattr(Neighbourhoods, "improve", improve)

    def shift(_: ShorterSchedules, own: float, asked: Session, *__: object) -> Iterator[Plan]:
        asked.charge(own)
        yield from ()

    monkeypatch.setattr(ShorterSchedules, "_breed", breed)
    monkeypatch.setattr(ShorterSchedules, "shift", shift)
    problem = as_problem(random_project(1), hours=False)
    plan = schedule(problem, {m: len(k.modes) - 1 for m, k in enumerate(problem.modules)})
    assert plan is not None
    own = Session(0, 1000.0, time.monotonic() + 60)
    search = ScheduleSearch(problem, [], own, lambda found: end(problem, found), 0, plan)
    search.run(effort)
    assert not search.proof.is_closed
    assert 0.9 * effort < own.spent <= effort + 0.1


@pytest.mark.parametrize("effort", [0.0, 10.0])
@pytest.mark.parametrize("seed", range(8))
def test_relaxation_and_genetic_search_look_side_by_side_alike_in_every_run(
    seed: int, effort: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests a relaxation that closes the gap itself, and one with hardly any effort."""
    right = shortest_makespan(random_project(seed))
    problem = as_problem(random_project(seed), hours=bool(seed % 2))
    relax, lows = DestructiveBound.relax, []

    def noted(proof: DestructiveBound, _: float, rest: float) -> None:
        relax(proof, effort, rest)
        lows.append(proof.low)

    monkeypatch.setattr(DestructiveBound, "relax", noted)

    answer = searched_by_two(problem, 10.0)
    plan, low, high, _, lanes = answer
    assert low == high == (problem.deadline + 1 if right is None else right)
    assert low >= lows[0]  # What the copy has proven is taken over.
    assert (None if plan is None else end(problem, plan)) == right
    assert lanes == 2
    assert searched_by_two(problem, 10.0) == answer


@pytest.mark.parametrize("raised", [False, True])
def test_the_way_whose_first_bound_is_the_better_goes_first(
    raised: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Manner] = []

    def minimise(proof: DestructiveBound, manner: Manner, effort: float) -> None:
        if raised and not asked:
            proof.low += 1
        asked.append(manner)

    monkeypatch.setattr(DestructiveBound, "minimise", minimise)
    problem = as_problem(random_project(0), hours=False)
    proof = ScheduleSearch(problem, [], session(), lambda _: None, 0, None).proof
    proof.relax(0.1, 0.1)
    proof.relax(0.1, 0.1)  # What is known already is not raised again.
    linear, by_amounts = OF_PROJECTS_WITH_MODES
    if raised:
        assert asked == [RELAXED, QUICK_RELAXED, RELAXED]
        assert proof.ways == (linear, by_amounts)
    else:
        assert asked == [RELAXED, RELAXED]
        assert proof.ways == (by_amounts, linear)
    assert proof.copy().ways == proof.ways


@pytest.mark.parametrize(("budget", "tight"), [(10, False), (4, True)])
def test_where_budgets_are_tight_the_relaxation_goes_first(
    budget: int, tight: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of both activities the shortest way takes four; half as much does for the long ones."""
    asked: list[Manner] = []
    monkeypatch.setattr(DestructiveBound, "minimise", lambda _, manner, __: asked.append(manner))
    ways = ((1, (1,), (4,)), (3, (1,), (2,)))
    project = Project(((), ()), (ways, ways), (1,), (budget,))
    proof = ScheduleSearch(
        as_problem(project, hours=False), [], session(), lambda _: None, 0, None
    ).proof
    proof.glance(0.1)
    proof.relax(0.1, 0.1)
    assert asked == [QUICK_RELAXED if tight else QUICK_WITH_MODES, RELAXED]
    linear, by_amounts = OF_PROJECTS_WITH_MODES
    assert proof.ways == ((linear, by_amounts) if tight else (by_amounts, linear))


def test_it_ends_where_every_plan_is_refused() -> None:
    """It neither claims a proof nor goes on until the wall limit."""
    problem = as_problem(random_project(1), hours=False)
    began = time.monotonic()
    search = ScheduleSearch(problem, [], session(2.0), lambda _: None, 0, None)
    search.run(1.0)
    assert not search.proof.is_closed
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("seed", range(12))
def test_a_neighbourhood_of_everything_is_the_whole_question(seed: int) -> None:
    project = random_project(seed)
    right = shortest_makespan(project)
    problem = as_problem(project, hours=bool(seed % 2))
    long_modes = {m: len(option.modes) - 1 for m, option in enumerate(problem.modules)}
    plan = schedule(problem, long_modes)
    if plan is None or right is None:
        return
    parts = Neighbourhoods(problem, [], 0)
    assert parts.size == len(problem.modules)
    found = parts.improve(plan, right, session())
    assert found is not None
    assert is_plan(problem, found)
    assert end(problem, found) == right
    assert parts.improve(found, right - 1, session()) is None


@pytest.mark.parametrize("seed", range(6))
def test_neighbourhoods_shorten_a_plan_step_by_step(seed: int) -> None:
    problem = as_problem(random_project(seed, activities=25), hours=bool(seed % 2))
    long_modes = {m: len(option.modes) - 1 for m, option in enumerate(problem.modules)}
    plan = schedule(problem, long_modes)
    assert plan is not None
    parts, shorter = Neighbourhoods(problem, [], 0), 0
    for _ in range(20):
        found = parts.improve(plan, end(problem, plan) - 1, session())
        if found is not None:
            assert is_plan(problem, found)
            assert end(problem, found) < end(problem, plan)
            plan, shorter = found, shorter + 1
    assert shorter
