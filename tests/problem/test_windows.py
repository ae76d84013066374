"""Rows that depend on starts: both encodings and the selection against enumeration."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from oracle.tiny import goal, mode, module, tiny
from ortools.sat.python import cp_model

from problem.cases import problem_of
from trajectory_engine.cpsat.lexicographic import search
from trajectory_engine.cpsat.periods import PeriodTimetable
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import DEFAULT_OBJECTIVES, ObjectiveName
from trajectory_engine.problem.evaluate import (
    attain,
    is_plan,
    objective_values,
    row_holds,
    timeless_terms,
)
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import (
    Choice,
    Row,
    StartWindow,
    TeacherProblem,
    ending_by,
)

SEEDS = range(60)
NAMES = (
    ObjectiveName.COMPLETION,
    ObjectiveName.STUDY_HOURS,
    ObjectiveName.UNMET_GOALS,
    ObjectiveName.PEAK_LOAD,
)


def base(rng: Random) -> TeacherProblem:
    """Return a problem of three modules, two of them in two modes, over six periods."""
    modules = (
        module("A", "x1", mode("day", rng.randint(2, 6)), mode("net", 5, 2)),
        module("B", "y1", mode("day", rng.randint(2, 6), rng.randint(1, 2)), mode("net", 3, 1)),
        module("C", "z1", mode("day", rng.randint(1, 8), rng.randint(1, 3))),
    )
    goals = (goal("x1"), goal("y1", 3), goal("z1", 2))
    return problem_of(tiny(*modules, goals=goals, hours=rng.randint(5, 9)))


def random_row(rng: Random, problem: TeacherProblem, *, name: str) -> Row:
    """Return a row with terms of any sign, some of them under one or two windows."""
    terms, timed = [], []
    for m, option in enumerate(problem.modules):
        for k in range(len(option.modes)):
            if rng.random() < 0.4:
                terms.append(((m, k), rng.randint(-3, 4)))
            for _ in range(rng.randint(0, 2)):
                first = rng.randint(-1, 5)
                window = StartWindow((m, k), first, first + rng.randint(0, 4))
                timed.append((window, rng.randint(-3, 4)))
    least, most = rng.choice([(1, None), (None, 2), (None, 0), (-1, 3), (2, None)])
    return Row(name, tuple(terms), least, most, least is not None, tuple(timed))


def problem_of_rows(seed: int) -> TeacherProblem:
    """Return a problem with one or two random rows over starts."""
    rng = Random(seed)
    problem = base(rng)
    rows = tuple(random_row(rng, problem, name=f"row{i}") for i in range(rng.randint(1, 2)))
    return replace(problem, rows=(*problem.rows, *rows))


def counted(row: Row, choices: tuple[Choice, ...]) -> int:
    """Return the sum of a row, choice by choice."""
    total = 0
    for c in choices:
        total += sum(v for literal, v in row.terms if literal == (c.module, c.mode))
        total += sum(
            v
            for w, v in row.timed
            if w.literal == (c.module, c.mode) and c.start in range(w.first, w.last)
        )
    return total


def keeps(row: Row, choices: tuple[Choice, ...]) -> bool:
    """Return whether choices keep a row, by the definition of rows."""
    total = counted(row, choices)
    return not (row.least is not None and total < row.least) and not (
        row.most is not None and total > row.most
    )


def every_plan(problem: TeacherProblem) -> Iterator[tuple[Choice, ...]]:
    """Yield every plan: without the rows over starts it is one, and it keeps these too."""
    plain = replace(problem, rows=tuple(r for r in problem.rows if not r.timed))
    rows = [r for r in problem.rows if r.timed]
    ways = [
        [None, *(Choice(m, k, s) for k, o in enumerate(option.modes) for s in o.starts)]
        for m, option in enumerate(problem.modules)
    ]
    for picked in product(*ways):
        choices = tuple(c for c in picked if c is not None)
        if is_plan(plain, choices) and all(keeps(row, choices) for row in rows):
            yield choices


def value(problem: TeacherProblem, choices: tuple[Choice, ...], name: ObjectiveName) -> int:
    """Return the value of an objective."""
    state = attain(problem, choices)
    assert state is not None
    return objective_values(problem, choices, state)[name]


def session() -> Session:
    """Return a session with effort to spare."""
    return Session(0, 20.0, time.monotonic() + 60)


def test_random_rows_are_worth_testing_with() -> None:
    without = binding = 0
    for seed in SEEDS:
        problem = problem_of_rows(seed)
        plans = list(every_plan(problem))
        free = replace(problem, rows=tuple(r for r in problem.rows if not r.timed))
        without += not plans
        binding += len(plans) < len(list(every_plan(free)))
    assert without < len(SEEDS) // 2
    assert binding > len(SEEDS) // 2


@pytest.mark.parametrize("encoding", [Timetable, PeriodTimetable])
def test_rows_over_starts_have_the_optimum_of_enumeration(
    encoding: type[Timetable | PeriodTimetable],
) -> None:
    for seed in SEEDS:
        problem = problem_of_rows(seed)
        plans = list(every_plan(problem))
        for name in NAMES:
            table = encoding(problem, compute_heads(problem))
            table.model.minimize(table.expression(name))
            outcome = session().solve(table.model, Profile.INTERVALS, effort=20)
            assert outcome.infeasible == (not plans), seed
            if plans:
                assert outcome.value == min(value(problem, p, name) for p in plans), (seed, name)
                assert outcome.solution is not None
                assert set(table.read(outcome.solution)) in map(set, plans)


@pytest.mark.parametrize("encoding", [Timetable, PeriodTimetable])
def test_every_plan_is_hinted_completely(
    encoding: type[Timetable | PeriodTimetable],
) -> None:
    for seed in SEEDS[:30]:
        problem = problem_of_rows(seed)
        for plan in list(every_plan(problem))[:3]:
            table = encoding(problem, compute_heads(problem))
            for name in NAMES:
                table.expression(name)
            table.hint(plan)
            hinted = set(table.model.proto.solution_hint.vars)
            assert hinted == set(range(len(table.model.proto.variables)))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.fix_variables_to_their_hinted_value = True
            assert solver.solve(table.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE), seed


def test_the_selection_never_refutes_a_plan_and_bounds_it_from_below() -> None:
    tight = 0
    for seed in SEEDS:
        problem = problem_of_rows(seed)
        plans = list(every_plan(problem))
        for name in NAMES:
            found = SelectionModel(problem, compute_heads(problem)).minimise(name, session(), 10)
            if plans:
                right = min(value(problem, p, name) for p in plans)
                assert not found.infeasible
                assert found.bound is not None
                assert found.bound <= right, (seed, name)
                tight += found.bound == right
    assert tight > len(SEEDS)


def test_the_whole_search_finds_the_lexicographic_optimum() -> None:
    for seed in SEEDS:
        problem = replace(problem_of_rows(seed), objectives=DEFAULT_OBJECTIVES)
        names = [s.name for s in DEFAULT_OBJECTIVES]
        plans = list(every_plan(problem))
        answer = search(problem, session())
        if not plans:
            assert answer.status is Status.INFEASIBLE
            continue
        assert answer.status is Status.OPTIMAL
        right = min([value(problem, p, n) for n in names] for p in plans)
        assert [answer.values[n] for n in names] == right, seed


def test_an_earlier_deadline_keeps_the_rows() -> None:
    for seed in SEEDS[:30]:
        problem = ending_by(problem_of_rows(seed), 4)
        plans = list(every_plan(problem))
        table = Timetable(problem, compute_heads(problem))
        table.model.minimize(table.expression(ObjectiveName.STUDY_HOURS))
        outcome = session().solve(table.model, Profile.INTERVALS, effort=20)
        assert outcome.infeasible == (not plans), seed


def test_evaluation_and_relaxation_follow_the_definition() -> None:
    rng = Random(5)
    for seed in SEEDS:
        problem = problem_of_rows(seed)
        row = problem.rows[-1]
        for _ in range(20):
            choices = tuple(
                Choice(m, k, rng.choice(option.modes[k].starts))
                for m, option in enumerate(problem.modules)
                for k in [rng.randrange(len(option.modes))]
                if rng.random() < 0.6
            )
            starts = {(c.module, c.mode): c.start for c in choices}
            assert row_holds(row, starts) == keeps(row, choices)
            total = counted(row, choices)
            largest = dict(timeless_terms(problem, row, largest=True))
            smallest = dict(timeless_terms(problem, row, largest=False))
            assert sum(smallest.get(x, 0) for x in starts) <= total
            assert total <= sum(largest.get(x, 0) for x in starts)


def test_a_window_of_ends_is_the_window_of_starts_moved_by_the_duration() -> None:
    window = StartWindow.of_ends((0, 0), 3, 4, 6)  # ends in 4 or 5: starts in 1 or 2
    assert [s for s in range(7) if window.contains(s)] == [1, 2]
