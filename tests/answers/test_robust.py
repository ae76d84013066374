"""Robust plans equal brute force: the best of the plans that are valid in every case."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from oracle.fronts import Listed, every_plan
from oracle.standards import rule_scenario_of_seed
from oracle.strategies import TEACHER, scenario_of_seed

import trajectory_engine as te
from trajectory_engine.domain.people import Measurement, Teacher
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName, Scenario

ROOT = Path(__file__).parents[2]
SHARE, FULL = range(6000, 6040), range(6040, 6400)
QUICK = 30
"""So many of the share are held to brute force in every run: one of the others takes a minute."""


def shipped(name: str) -> te.Scenario:
    return te.load_scenario(ROOT / "scenarios" / name)


def doubtful(scenario: Scenario, rng: Random) -> Scenario:
    """Return the scenario with half of what was measured in doubt, and more measured so."""
    (teacher,) = [t for t in scenario.teachers if t.id == TEACHER]
    measured = [replace(m, confidence=rng.choice((40, 90))) for m in teacher.measurements]
    known = {m.element for m in measured}
    for module in scenario.modules:
        for node in module.teaches:
            if node.element not in known and rng.random() < 0.5:
                known.add(node.element)
                measured.append(Measurement(node.element, node.level, confidence=40))
    return with_teacher(scenario, replace(teacher, measurements=tuple(measured)))


def with_teacher(scenario: Scenario, teacher: Teacher) -> Scenario:
    people = tuple(teacher if t.id == TEACHER else t for t in scenario.teachers)
    return replace(scenario, teachers=people)


def in_case(scenario: Scenario, answer: te.Robust, elements: tuple[str, ...]) -> Scenario:
    """Return the scenario in which the levels of some elements are one lower."""
    lower = {u.element: u.lower for u in answer.uncertain}
    teacher = scenario.teacher_by_id[TEACHER]
    added = tuple(Measurement(e, lower[e]) for e in elements)
    return with_teacher(scenario, replace(teacher, measurements=(*teacher.measurements, *added)))


def instant_modules(scenario: Scenario) -> int:
    """Return how many modules have a mode of duration 0.

    Two of them in one instant could need another order in every case, which brute force, case
    by case, does not see.
    """
    return sum(any(m.duration == 0 for m in module.modes) for module in scenario.modules)


def check_seed(seed: int, draw: Callable[[int], Scenario] = scenario_of_seed) -> str:
    """Hold the robust plan of a random problem to brute force; return what it was like."""
    rng = Random(seed)
    scenario = doubtful(draw(seed), rng)
    plans = every_plan(scenario, TEACHER)
    tolerant = any(s.tolerance for s in scenario.objectives)
    if plans is None or tolerant or instant_modules(scenario) > 1:
        return "skipped"
    answer = te.robust(scenario, TEACHER)
    elements = [u.element for u in answer.uncertain]
    if len(elements) > 1 and rng.random() < 0.5:
        pairs = rng.sample(list(combinations(elements, 2)), 1)
        answer = te.robust(scenario, TEACHER, cases=pairs)
        assert [c.elements for c in answer.cases] == pairs
    left = {p.signature: p for p in plans}
    for case in answer.cases:
        others = every_plan(in_case(scenario, answer, case.elements), TEACHER)
        if others is None:
            return "skipped"
        unmet = {p.signature: p for p in others}
        left = {s: p for s, p in left.items() if s in unmet}
        if answer.robust.status.has_plan:
            mine = unmet[signature(answer.robust)]
            assert case.unmet_goals == mine.values[ObjectiveName.UNMET_GOALS]
    return verdict(scenario, answer, left)


def verdict(scenario: Scenario, answer: te.Robust, left: dict[object, Listed]) -> str:
    names = [s.name for s in scenario.objectives]
    if not left:
        assert answer.robust.status is Status.INFEASIBLE
        assert answer.extra == ()
        return "none"
    assert answer.robust.status is Status.OPTIMAL
    mine = left[signature(answer.robust)]
    assert [mine.values[n] for n in names] == min(
        [p.values[n] for n in names] for p in left.values()
    )
    return "dearer" if any(answer.extra) else "same"


def signature(plan: te.TeacherPlan) -> tuple[tuple[str, str, int], ...]:
    return tuple(sorted((s.module, s.mode, s.start) for s in plan.steps))


@pytest.mark.parametrize("draw", [scenario_of_seed, rule_scenario_of_seed])
def test_robust_plan_equals_brute_force(
    draw: Callable[[int], Scenario], capsys: pytest.CaptureFixture[str]
) -> None:
    found = [check_seed(seed, draw) for seed in SHARE[:QUICK]]
    counts = {kind: found.count(kind) for kind in sorted(set(found))}
    with capsys.disabled():
        sys.stdout.write(f"\nrandom robust plans: {counts}\n")
    assert counts.get("same", 0) >= 3
    assert counts.get("dearer", 0) >= 3


@pytest.mark.deep
@pytest.mark.parametrize("draw", [scenario_of_seed, rule_scenario_of_seed])
def test_robust_plan_equals_brute_force_on_all(draw: Callable[[int], Scenario]) -> None:
    found = [check_seed(seed, draw) for seed in (*SHARE[QUICK:], *FULL)]
    assert found.count("dearer") >= 20


def test_certain_diagnosis_costs_nothing() -> None:
    scenario = shipped("tiny")
    answer = te.robust(scenario, "A", threshold=0)
    assert answer.uncertain == answer.cases == ()
    assert answer.robust == answer.plan
    assert not any(answer.extra)


def test_case_must_be_diagnosed() -> None:
    with pytest.raises(ValueError):
        te.robust(shipped("tiny"), "A", cases=[("Sub[nothing]",)])


def check_advice(seed: int) -> bool:
    """Hold what an answer would lead to to independent solves; return whether one saves."""
    scenario = doubtful(scenario_of_seed(seed), Random(seed))
    if any(s.tolerance for s in scenario.objectives):
        return False
    answer = te.assess_first(scenario, TEACHER)
    uncertain = te.robust(scenario, TEACHER).uncertain
    assert {a.element for a in answer.advice} == set(uncertain)
    hours = [a.hours for a in answer.advice if a.hours is not None]
    assert hours == sorted(hours, reverse=True)
    for advice in answer.advice:
        sure = sure_of(scenario, advice.element.element, None)
        again = te.robust(sure, TEACHER).robust
        assert tuple(o.value for o in again.objectives if o.value is not None) == advice.confirmed
        lower = sure_of(scenario, advice.element.element, advice.element.lower)
        again = te.robust(lower, TEACHER).robust
        assert tuple(o.value for o in again.objectives if o.value is not None) == advice.lowered
    return any(h > 0 for h in hours)


def sure_of(scenario: Scenario, element: str, level: int | None) -> Scenario:
    """Return the scenario after an assessment: the level as it was, or another, for certain."""
    teacher = scenario.teacher_by_id[TEACHER]
    last = next(m for m in reversed(teacher.measurements) if m.element == element)
    found = Measurement(element, level) if level is not None else replace(last, confidence=100)
    return with_teacher(scenario, replace(teacher, measurements=(*teacher.measurements, found)))


def test_advice_equals_independent_solves() -> None:
    saving = [check_advice(seed) for seed in SHARE[:40]]
    assert any(saving)
