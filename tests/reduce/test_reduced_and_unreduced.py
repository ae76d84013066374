"""Reduced and unreduced problems have the same answer: all steps together, and each alone."""

from __future__ import annotations

import sys
import time
from collections import Counter

import pytest
from oracle.standards import rule_scenario_of_seed
from oracle.strategies import scenario_of_seed
from problem.cases import problem_of
from properties.test_relations_against_brute_force import related_scenario_of_seed
from properties.test_stretches_against_brute_force import stretched_scenario_of_seed

from trajectory_engine.cpsat.lexicographic import Answer, search
from trajectory_engine.cpsat.session import Session
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.reduce import PLAN, STEPS, reduce_problem, reduced_costs

SHARE = range(300)
FULL = range(300, 4300)
KINDS = (
    scenario_of_seed,
    rule_scenario_of_seed,
    related_scenario_of_seed,
    stretched_scenario_of_seed,
)


def problem_of_number(number: int) -> TeacherProblem:
    """Return one random problem: plain, with many rules, relations, or used stretches."""
    return problem_of(KINDS[number % len(KINDS)](number))


def answer_of(problem: TeacherProblem) -> Answer:
    return search(problem, Session(0, 60.0, time.monotonic() + 60.0))


def signature(problem: TeacherProblem, answer: Answer) -> tuple[object, ...]:
    """Return all that must agree, in terms that renumbering does not touch."""
    if answer.choices is None:
        return (answer.status,)
    modules = problem.modules
    steps = sorted((modules[c.module].id, c.mode, c.start) for c in answer.choices)
    return (answer.status, answer.values, answer.bounds, steps, answer.unique)


def disagreements(problem: TeacherProblem) -> tuple[list[str], Counter[str]]:
    """Return where an answer changes, and which steps bit."""
    right = signature(problem, answer_of(problem))
    found: list[str] = []
    bites: Counter[str] = Counter()
    for steps in (STEPS, *((step,) for step in STEPS)):
        reduced = reduce_problem(problem, PLAN, steps=steps)
        names = [r.step for r in reduced.report.steps if r.bites]
        bites.update(names if len(steps) == 1 else ())
        if reduced.problem == problem:
            continue
        answer = answer_of(reduced.problem)
        back = answer.choices
        if back is not None:
            choices = reduced.back(back)
            if not is_plan(problem, choices) or reduced.forth(choices) != back:
                found.append(f"{names}: the plan does not map back")
            answer = Answer(
                answer.status, choices, answer.values, answer.bounds, unique=answer.unique
            )
        got = signature(problem, answer)
        if got != right:
            found.append(f"{names}: {got}, unreduced {right}")
    return found, bites


@pytest.fixture(autouse=True)
def small_problems_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reduced-cost fixing run on problems that are too small to need it."""
    monkeypatch.setattr(reduced_costs, "FEWEST", 0)


@pytest.mark.parametrize("number", SHARE)
def test_answers_agree(number: int) -> None:
    found, _ = disagreements(problem_of_number(number))
    assert not found, "\n".join(found)


@pytest.mark.deep
@pytest.mark.parametrize("number", FULL)
def test_answers_agree_on_all(number: int) -> None:
    found, _ = disagreements(problem_of_number(number))
    assert not found, "\n".join(found)


def test_problems_with_companions_are_reduced_too() -> None:
    related = [problem_of(related_scenario_of_seed(seed)) for seed in range(60)]
    asking = [p for p in related if any(m.co or m.strict_co for m in p.modules) and not p.obstacles]
    assert sum(reduce_problem(p, PLAN).problem is not p for p in asking) >= 15


def test_most_steps_bite_on_random_problems(capsys: pytest.CaptureFixture[str]) -> None:
    # Compiling has left out already what reach and merging look for: their cases are hand-made.
    bites: Counter[str] = Counter()
    for number in range(60):
        problem = problem_of_number(number)
        for step in STEPS:
            report = reduce_problem(problem, steps=(step,)).report
            bites.update(r.step for r in report.steps if r.bites)
    with capsys.disabled():
        sys.stdout.write(f"\nreductions: {dict(bites)}\n")
    assert len(bites) >= 7
