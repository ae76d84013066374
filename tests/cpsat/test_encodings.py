"""Two encodings of one problem: same optima, hints that are whole plans, selection bounds below."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.purses import MONEY
from oracle.relations import with_relations
from oracle.standards import rule_scenario_of_seed
from oracle.strategies import TEACHER, scenario_of_seed
from oracle.tiny import goal, mode, module, node, tiny
from ortools.sat.python import cp_model
from problem.cases import choices_of, problem_of, problem_of_seed

import trajectory_engine as te
from trajectory_engine.cpsat.interval_calendar import load_blocks
from trajectory_engine.cpsat.lexicographic import search
from trajectory_engine.cpsat.periods import PeriodTimetable, supports
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Outcome, Profile, Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.catalogue import Entry
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.problem.evaluate import attain, is_plan, objective_values
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.teacher_problem import TeacherProblem

Encoding = type[Timetable] | type[PeriodTimetable]


def related_scenario_of_seed(seed: int) -> Scenario:
    """Return the random scenario of a seed with relations between its modules."""
    return with_relations(scenario_of_seed(seed), Random(seed))


SEEDS = range(20_000, 20_060)
FEWEST = 20
DRAWS = [scenario_of_seed, rule_scenario_of_seed, related_scenario_of_seed]


def session(effort: float = 20.0) -> Session:
    """Return a session with more than enough effort for small problems."""
    return Session(0, effort, time.monotonic() + 60)


@given(st.lists(st.integers(0, 9), max_size=14))
def test_blocks_add_up_to_the_load(load: list[int]) -> None:
    total = [0] * len(load)
    blocks = load_blocks(load)
    for offset, length, hours in blocks:
        assert length > 0
        assert hours > 0
        for i in range(offset, offset + length):
            total[i] += hours
    assert total == load
    assert len(blocks) <= max(1, len(load))


NAMES = [n for n in ObjectiveName if n not in MONEY]
"""Objectives that every problem has; those of money only where they are asked for."""


def best(encoding: Encoding, problem: TeacherProblem, name: ObjectiveName) -> Outcome:
    """Return the proven optimum of one objective over one encoding; check its plan."""
    table = encoding(problem, compute_heads(problem))
    table.model.minimize(table.expression(name))
    profile = Profile.INTERVALS if encoding is Timetable else Profile.PERIODS
    outcome = session().solve(table.model, profile, effort=20)
    assert outcome.infeasible or outcome.value == outcome.bound
    if outcome.solution is not None:
        choices = table.read(outcome.solution)
        assert is_plan(problem, choices)
        state = attain(problem, choices)
        assert state is not None
        assert objective_values(problem, choices, state)[name] == outcome.value
    return outcome


@pytest.mark.parametrize("draw", DRAWS)
def test_both_encodings_have_the_same_optima(
    draw: Callable[[int], Scenario], capsys: pytest.CaptureFixture[str]
) -> None:
    compared = infeasible = 0
    for seed in SEEDS:
        problem = problem_of(draw(seed))
        if problem.obstacles or not supports(problem):
            continue
        compared += 1
        for name in NAMES:
            first, second = best(Timetable, problem, name), best(PeriodTimetable, problem, name)
            assert first.infeasible == second.infeasible, (seed, name)
            assert first.value == second.value, (seed, name)
        infeasible += first.infeasible
    with capsys.disabled():
        sys.stdout.write(f"\nencodings compared on {compared} problems, {infeasible} infeasible\n")
    assert compared - infeasible >= FEWEST


def is_hinted_plan_feasible(
    encoding: Encoding, problem: TeacherProblem, plan: te.TeacherPlan
) -> bool:
    """Return whether the hint of a plan, with all that objectives need, is a solution."""
    table = encoding(problem, compute_heads(problem))
    for name in NAMES:
        table.expression(name)
    table.hint(choices_of(problem, plan))
    hinted = set(table.model.proto.solution_hint.vars)
    assert hinted == set(range(len(table.model.proto.variables)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.fix_variables_to_their_hinted_value = True
    status = solver.solve(table.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        found = table.read(list(solver.response_proto.solution))
        assert set(found) == set(choices_of(problem, plan))
        return True
    return False


@pytest.mark.parametrize("draw", DRAWS)
def test_the_hint_of_a_plan_is_complete_and_feasible(draw: Callable[[int], Scenario]) -> None:
    hinted = {Timetable: 0, PeriodTimetable: 0}
    for seed in SEEDS:
        scenario = draw(seed)
        problem = problem_of(scenario)
        plan = te.plan(scenario, [TEACHER], workers=1).plan_of(TEACHER)
        if not plan.status.has_plan:
            continue
        for encoding in (Timetable, PeriodTimetable):
            if encoding is Timetable or supports(problem):
                hinted[encoding] += 1
                assert is_hinted_plan_feasible(encoding, problem, plan), (seed, encoding)
    assert min(hinted.values()) >= FEWEST


@pytest.mark.parametrize("encoding", [Timetable, PeriodTimetable])
def test_a_hint_that_starts_before_its_entry_holds_is_refused(encoding: Encoding) -> None:
    later = module("B", "y1", entry=Entry((node("x1"),)))
    problem = problem_of(tiny(module("A", "x1"), later, goals=(goal("y1"),)))
    plan = te.plan(tiny(module("A", "x1"), later, goals=(goal("y1"),))).plan_of(TEACHER)
    first, second = choices_of(problem, plan)
    table = encoding(problem, compute_heads(problem))
    with pytest.raises(ValueError, match="order of attainment"):
        table.hint((first, type(second)(second.module, second.mode, first.start)))


@pytest.mark.parametrize("draw", DRAWS)
def test_bounds_of_the_selection_never_exceed_the_optimum(draw: Callable[[int], Scenario]) -> None:
    bounded = tight = 0
    for seed in SEEDS:
        scenario = draw(seed)
        problem = problem_of(scenario)
        if problem.obstacles:
            continue
        plan = te.plan(scenario, [TEACHER], workers=1).plan_of(TEACHER)
        selection = SelectionModel(problem, compute_heads(problem))
        for objective in plan.objectives:
            found = selection.minimise(ObjectiveName(objective.name), session(), 10)
            if plan.status is Status.INFEASIBLE:
                break
            assert plan.status is Status.OPTIMAL, seed
            assert not found.infeasible, seed
            assert objective.bound is not None
            assert found.bound is not None
            assert found.bound <= objective.bound, (seed, objective)
            bounded += 1
            tight += found.bound == objective.bound
            most = objective.bound + objective.tolerance
            selection.limit(ObjectiveName(objective.name), most)
    assert bounded >= FEWEST
    assert 2 * tight >= bounded


def circular(*, lasting: bool, ways_in: int) -> Scenario:
    """Return a scenario in which A and B justify each other for next to nothing.

    C (6 hours) breaks the circle at x@1, and D (7 hours) at y@1 if there are two ways in: then no
    single node is needed by every way to enter the circle. The best is always C with B.
    """
    hours, duration = (1, 1) if lasting else (0, 0)
    step = mode(hours=hours, duration=duration)
    modules = [
        module("A", "x1", step, entry=Entry((node("y1"),))),
        module("B", "y1", step, entry=Entry((node("x1"),))),
        module("C", "x1", mode(hours=6)),
        module("D", "y1", mode(hours=7)),
    ]
    order = (ObjectiveSpec(ObjectiveName.STUDY_HOURS),)
    return tiny(*modules[: 2 + ways_in], goals=(goal("x1"), goal("y1")), objectives=order)


@pytest.mark.parametrize("lasting", [True, False], ids=["lasting", "instant"])
@pytest.mark.parametrize("ways_in", [1, 2])
def test_a_circle_founds_nothing(lasting: bool, ways_in: int) -> None:
    # Without duration all is in one instant: only an order of events keeps the circle out.
    scenario = circular(lasting=lasting, ways_in=ways_in)
    right = 6 + lasting
    problem = problem_of(scenario)
    assert [m.id for m in problem.modules] == ["A", "B", "C", "D"][: 2 + ways_in]
    selection = SelectionModel(problem, compute_heads(problem))
    found = selection.minimise(ObjectiveName.STUDY_HOURS, session(), 10)
    assert (found.bound, found.modes) == (right, {1: 0, 2: 0})
    assert best(Timetable, problem, ObjectiveName.STUDY_HOURS).value == right
    assert supports(problem) is lasting
    if lasting:
        assert best(PeriodTimetable, problem, ObjectiveName.STUDY_HOURS).value == right
    plan = te.plan(scenario).plan_of(TEACHER)
    assert plan.status is Status.OPTIMAL
    assert [(s.module, s.start) for s in plan.steps] == [("C", 0), ("B", 1)]


@pytest.mark.parametrize("lasting", [True, False], ids=["lasting", "instant"])
def test_a_circle_with_two_ways_in_takes_a_cut(lasting: bool) -> None:
    problem = problem_of(circular(lasting=lasting, ways_in=2))
    selection = SelectionModel(problem, compute_heads(problem))
    selection.minimise(ObjectiveName.STUDY_HOURS, session(), 10)
    assert selection.cuts > 0


def test_modules_that_wait_for_each_other_are_never_taken() -> None:
    a = module("A", "x1", entry=Entry((), ("B",)))
    b = module("B", "y1", entry=Entry((), ("A",)))
    goals = (goal("x1"), goal("y1"))
    scenario = tiny(a, b, module("C", "x1 y1", mode(hours=9)), goals=goals)
    plan = te.plan(scenario).plan_of(TEACHER)
    assert [(s.module, s.hours) for s in plan.steps] == [("C", 9)]
    without = te.plan(tiny(a, b, goals=goals)).plan_of(TEACHER)
    assert without.status is Status.INFEASIBLE


def test_an_answer_is_never_better_proven_than_its_stages() -> None:
    for seed in SEEDS[:20]:
        problem = problem_of_seed(seed)
        answer = search(problem, session())
        if answer.choices is None:
            continue
        for name, value in answer.values.items():
            bound = answer.bounds[name]
            assert bound is not None
            assert bound <= value
