"""Reduced and unreduced problems have the same answer: all steps together, and each step alone."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from oracle.standards import rule_scenario_of_seed
from oracle.strategies import scenario_of_seed
from problem.cases import problem_of as compiled

from trajectory_engine.cpsat.lexicographic import Answer, search
from trajectory_engine.cpsat.session import Session
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.reduce import STEPS, Step, reduce_problem

SHARE = range(40_000, 40_100)
FULL = range(41_000, 43_000)


def random_problem(seed: int) -> TeacherProblem:
    """Return the random problem of a seed, every other with many rules."""
    return compiled(rule_scenario_of_seed(seed) if seed % 2 else scenario_of_seed(seed))


def answer_of(problem: TeacherProblem) -> Answer:
    """Return the proven answer."""
    return search(problem, Session(0, 60.0, time.monotonic() + 120))


def disagreement(problem: TeacherProblem, steps: tuple[Step, ...]) -> str:
    """Return what differs between the answers with and without steps, empty if nothing does."""
    whole, reduced = answer_of(problem), reduce_problem(problem, steps=steps)
    answer = answer_of(reduced.problem)
    if (answer.status, answer.values) != (whole.status, whole.values):
        return f"{answer.status} {answer.values} instead of {whole.status} {whole.values}"
    if answer.choices is None or whole.choices is None:
        return ""
    back = reduced.back(answer.choices)
    if not is_plan(problem, back):
        return "the plan of the reduced problem is none of the original one"
    same = not (answer.unique and whole.unique) or set(back) == set(whole.choices)
    return "" if same else f"{back} instead of {whole.choices}"


@pytest.mark.parametrize("seed", SHARE)
def test_all_steps_keep_the_answer(seed: int) -> None:
    assert disagreement(random_problem(seed), STEPS) == ""


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@pytest.mark.parametrize("seed", SHARE[:10])
def test_each_step_alone_keeps_the_answer(seed: int, step: Step) -> None:
    assert disagreement(random_problem(seed), (step,)) == ""


@pytest.mark.deep
@pytest.mark.parametrize("seed", FULL)
def test_steps_keep_the_answer_on_all(seed: int) -> None:
    problem = random_problem(seed)
    for steps in (STEPS, (STEPS[seed % len(STEPS)],)):
        assert disagreement(problem, steps) == ""


def test_companions_stay_whole() -> None:
    """No step knows of modules that must end or start together."""
    problem = next(p for p in map(random_problem, SHARE) if len(p.modules) > 2 and not p.obstacles)
    first = replace(problem.modules[0], co=((1,),))
    related = replace(problem, modules=(first, *problem.modules[1:]))
    assert reduce_problem(related).problem is related
