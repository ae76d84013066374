"""Objectives of money in both encodings and in the selection, and complete hints of them."""

from __future__ import annotations

import time

from oracle.brute_force import optimum
from oracle.budgets import money_scenario_of_seed
from oracle.strategies import TEACHER
from ortools.sat.python import cp_model
from problem.cases import choices_of, problem_of

from cpsat.test_encodings import best
from trajectory_engine.cpsat.periods import PeriodTimetable, supports
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Session
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.solve import plan

SEEDS = range(40)


def test_both_encodings_agree_and_the_selection_bounds_them() -> None:
    compared = 0
    for seed in SEEDS:
        problem = problem_of(money_scenario_of_seed(seed))
        if problem.obstacles or not supports(problem):
            continue
        for name in problem.shortfalls:
            first = best(Timetable, problem, name)
            second = best(PeriodTimetable, problem, name)
            assert (first.infeasible, first.value) == (second.infeasible, second.value), seed
            session = Session(0, 20.0, time.monotonic() + 60)
            found = SelectionModel(problem, compute_heads(problem)).minimise(name, session, 10)
            if not first.infeasible:
                assert not found.infeasible
                assert found.bound is not None
                assert first.value is not None
                assert found.bound <= first.value, seed
                compared += 1
    assert compared > 10


def test_a_plan_hints_the_shortfalls_too() -> None:
    hinted = 0
    for seed in SEEDS:
        scenario = money_scenario_of_seed(seed)
        if optimum(scenario, TEACHER).objectives is None:
            continue
        problem = problem_of(scenario)
        choices = choices_of(problem, plan(scenario, [TEACHER]).plan_of(TEACHER))
        tables = [Timetable, PeriodTimetable] if supports(problem) else [Timetable]
        for encoding in tables if problem.shortfalls else ():
            table = encoding(problem, compute_heads(problem))
            for name in problem.shortfalls:
                table.expression(name)
            table.hint(choices)
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.fix_variables_to_their_hinted_value = True
            assert solver.solve(table.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE), seed
            hinted += 1
    assert hinted > 10
