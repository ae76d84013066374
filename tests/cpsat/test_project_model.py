"""The model of a project alone: the same answers as brute force and as the whole encoding."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from cpsat.projects import Project as Drawn
from cpsat.projects import as_problem, random_project, shortest_makespan
from trajectory_engine.cpsat import project_model
from trajectory_engine.cpsat.destructive import DestructiveBound
from trajectory_engine.cpsat.project_model import (
    ProjectModel,
    disjoint_sets,
    least_for_work,
    longest_chain,
)
from trajectory_engine.cpsat.session import Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.project import Project, project_of
from trajectory_engine.problem.evaluate import end_of, is_plan
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import (
    Choice,
    ModeOption,
    Ordering,
    TeacherProblem,
)


def session() -> Session:
    """Return a session with more than enough effort."""
    return Session(0, 30.0, time.monotonic() + 60)


def project_in(problem: TeacherProblem) -> Project:
    """Return all modules as a project."""
    found = project_of(problem, range(len(problem.modules)))
    assert found is not None
    return found


def end(problem: TeacherProblem, plan: tuple[Choice, ...]) -> int:
    """Return the completion of a plan."""
    return max(end_of(problem, c) for c in plan)


def shortest(
    problem: TeacherProblem, *, disjunctive: bool = False, amounts: bool = False
) -> int | None:
    """Return the least completion that the model proves, None if it refutes every plan."""
    asked = ProjectModel(
        project_in(problem), problem.deadline, disjunctive=disjunctive, amounts=amounts
    )
    if asked.is_refuted:
        return None
    asked.minimise(0)
    outcome = session().solve(asked.model, Profile.SCHEDULE, effort=20.0)
    if outcome.infeasible:
        return None
    assert outcome.solution is not None
    assert outcome.value == outcome.bound
    plan = asked.read(outcome.solution)
    assert is_plan(problem, plan)
    assert end(problem, plan) == outcome.value
    return outcome.value


WAYS_TO_ASK = ({"disjunctive": True}, {"disjunctive": False}, {"amounts": True})


@pytest.mark.parametrize("asked", WAYS_TO_ASK, ids=str)
@pytest.mark.parametrize("seed", range(20))
def test_it_ends_as_soon_as_can_be(seed: int, asked: dict[str, bool]) -> None:
    project = random_project(seed)
    problem = as_problem(project, hours=bool(seed % 2))
    right = shortest_makespan(project)
    assert shortest(problem, **asked) == right
    if right is not None:
        assert longest_chain(project_in(problem)) <= right
        sooner = ProjectModel(project_in(problem), right - 1, **{"disjunctive": False, **asked})
        if not sooner.is_refuted:
            assert session().solve(sooner.model, Profile.SCHEDULE, effort=20.0).infeasible


def uneven(problem: TeacherProblem, random: Random) -> TeacherProblem:
    """Return a problem with hours that vary by period, in a calendar with gaps, and some starts."""

    def changed(mode: ModeOption) -> ModeOption:
        load = tuple(random.randint(0, 4) for _ in range(mode.duration))
        starts = tuple(s for s in mode.starts if random.random() < 0.8) or mode.starts
        return replace(mode, load=load, hours=sum(load), starts=starts)

    modules = tuple(
        replace(m, modes=tuple(changed(k) for k in m.modes[: random.randint(1, 2)]))
        for m in problem.modules
    )
    rows = tuple(
        replace(row, terms=tuple(t for t in row.terms if t[0][1] < len(modules[t[0][0]].modes)))
        for row in problem.rows
    )
    capacity = tuple(random.randint(2, 6) for _ in range(problem.deadline))
    return replace(problem, modules=modules, rows=rows, capacity=capacity)


@pytest.mark.parametrize("seed", range(30))
def test_it_agrees_with_the_whole_encoding(seed: int) -> None:
    problem = uneven(as_problem(random_project(seed), hours=True), Random(seed))
    table = Timetable(problem, compute_heads(problem))
    table.model.minimize(table.expression(ObjectiveName.COMPLETION))
    outcome = session().solve(table.model, Profile.INTERVALS, effort=20.0)
    assert outcome.infeasible or outcome.value == outcome.bound
    for asked in WAYS_TO_ASK:
        assert shortest(problem, **asked) == outcome.value


@pytest.mark.parametrize("seed", range(12))
def test_activities_that_are_stated_as_disjoint_never_run_together(seed: int) -> None:
    """Every two of a set overdraw a field, or one waits for the other; none that do are left."""
    plain = random_project(seed, activities=8)
    plain = replace(plain, modes=tuple(modes[:1] for modes in plain.modes))
    project = project_in(as_problem(replace(plain, non_renewable=(99,)), hours=False))
    ways = [[(i, way, (0,)) for i, way in enumerate(found)] for found in project.ways]
    before: list[set[int]] = []
    for own in plain.predecessors:
        before.append(set(own).union(*(before[p] for p in own)))

    def overdraw(a: int, b: int) -> bool:
        pairs = zip(plain.modes[a][0][1], plain.modes[b][0][1], plain.renewable, strict=True)
        return any(x + y > capacity for x, y, capacity in pairs)

    stated = {pair for clique in disjoint_sets(project, ways) for pair in combinations(clique, 2)}
    pairs = combinations(range(len(before)), 2)
    together = {(a, b) for a, b in pairs if overdraw(a, b) and a not in before[b]}
    assert together <= stated
    assert together
    assert all(overdraw(a, b) or a in before[b] for a, b in stated)


def test_sets_that_exclude_each_other_are_made_for_as_long_as_it_pays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = random_project(2, activities=60)
    plain = replace(plain, modes=tuple(modes[:1] for modes in plain.modes))
    project = project_in(as_problem(replace(plain, non_renewable=(999,)), hours=False))
    ways = [[(i, way, (0,)) for i, way in enumerate(found)] for found in project.ways]
    everything = list(disjoint_sets(project, ways))
    monkeypatch.setattr(project_model, "CLIQUE_STEPS", 1)
    first = list(disjoint_sets(project, ways))
    assert first == everything[: len(first)]
    assert 0 < len(first) < len(everything) / 2


@pytest.mark.parametrize("seed", range(8))
def test_what_the_project_does_not_see_is_asked_of_the_problem(seed: int) -> None:
    """A limit on the peak of the hours has no place in a project."""
    plain = random_project(seed)
    problem = as_problem(plain, hours=True)
    limited = replace(problem, limits=((ObjectiveName.PEAK_LOAD, 4),))
    ends: list[int] = []

    def offer(plan: tuple[Choice, ...]) -> int:
        assert is_plan(limited, plan)
        ends.append(end(limited, plan))
        return min(ends)

    def closed(project: Project | None) -> int:
        high = limited.deadline + 1
        limits = list(limited.limits)
        proof = DestructiveBound(limited, limits, session(), offer, 0, high, project)
        proof.descend(5.0)
        proof.rise(5.0)
        assert proof.is_closed
        return proof.low

    assert closed(project_in(limited)) == closed(None)


def test_an_order_of_some_modes_only_proves_nothing() -> None:
    """The project keeps the order in all modes: a deadline that it cannot keep may be kept."""
    problem = as_problem(random_project(3), hours=False)
    ordering = Ordering("order", ((0, 0),), ((1, 0),))
    ordered = replace(problem, orderings=(ordering,))
    assert project_in(ordered).is_strict
    whole = Ordering("order", ((0, 0), (0, 1)), ((1, 0), (1, 1)))
    assert not project_in(replace(problem, orderings=(whole,))).is_strict
    proof = DestructiveBound(ordered, [], session(), lambda _: 0, 0, 9, project_in(ordered))
    assert proof.project is None


def test_work_alone_bounds_the_completion() -> None:
    """Of 4 units a period, five activities of two periods take 3 each: 30 units fill 8 periods."""
    ways = ((2, (3,), ()),)
    project = Drawn(((),) * 5, (ways,) * 5, (4,), ())
    assert least_for_work(project_in(as_problem(project, hours=False))) == 8
    for seed in range(30):
        plain = random_project(seed)
        right = shortest_makespan(plain)
        found = least_for_work(project_in(as_problem(plain, hours=bool(seed % 2))))
        assert right is None or found <= right
