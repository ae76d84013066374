"""Plans that survive an uncertain diagnosis, and which element to assess first."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import replace

from trajectory_engine.answers.ask import TIME_LIMIT, ask, figures, steps_of
from trajectory_engine.answers.prices import values_of as named_values
from trajectory_engine.domain.diagnosis import diagnosis_of, measured_level
from trajectory_engine.domain.levels import round_down
from trajectory_engine.domain.people import Measurement, Teacher
from trajectory_engine.domain.plan import Objective, Status, TeacherPlan
from trajectory_engine.domain.robustness import (
    Advice,
    Assessment,
    Case,
    Robust,
    UncertainLevel,
)
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.planner import StatesPlanner, Stopwatch
from trajectory_engine.whatif import WhatIf, judged

THRESHOLD = 70
"""Per cent of confidence below which a level is uncertain."""
CERTAIN = 101
"""Threshold at which every diagnosed level is uncertain."""

Values = tuple[int, ...]


def robust(
    scenario: Scenario,
    teacher: str,
    *,
    threshold: int = THRESHOLD,
    cases: Sequence[Collection[str]] | None = None,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    cancel: threading.Event | None = None,
) -> Robust:
    """Return the best plan that stays valid if uncertain levels are one lower.

    Parameters
    ----------
    scenario : Scenario
    teacher : str
        Id of the teacher, who is planned alone.
    threshold : int
        Diagnosed levels with a confidence below it are uncertain, per cent.
    cases : sequence of collection of str, optional
        Sets of elements whose levels are one lower at once; default every uncertain element
        alone.
    time_limit, seed, cancel
        As for :func:`trajectory_engine.pareto`.

    Raises
    ------
    ValueError
        If a case names an element that was not diagnosed, or only at level 0.
    InputError, KeyError, PlanRejected
        As for :func:`trajectory_engine.plan`.
    """
    question = ask(scenario, teacher, time_limit, seed, cancel)
    uncertain = uncertain_levels(scenario, question.teacher, threshold)
    chosen = [tuple(case) for case in cases or ()] if cases is not None else None
    sets = [(u.element,) for u in uncertain] if chosen is None else chosen
    plan = question.plan()
    states = [question.teacher, *(_lowered(scenario, question.teacher, case) for case in sets)]
    found, unmet = _solve(question, states, _planner(question, states))
    before, after = values_of(scenario, plan), values_of(scenario, found)
    both = bool(before) and bool(after)
    return Robust(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        teacher=teacher,
        threshold=threshold,
        over=tuple(spec.name for spec in scenario.objectives),
        uncertain=uncertain,
        cases=tuple(map(Case, sets, unmet)),
        plan=plan,
        robust=found,
        extra=tuple(b - a for a, b in zip(before, after, strict=True)) if both else (),
        reproducible=not question.effort.is_spent,
    )


def assess_first(
    scenario: Scenario,
    teacher: str,
    *,
    threshold: int = THRESHOLD,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    cancel: threading.Event | None = None,
) -> Assessment:
    """Return the uncertain levels, the one whose assessment could save most hours first.

    Without an answer the plan has to stay valid for every uncertain level alone.  An assessment
    has one of two answers: the level is right, or it is one lower; the plan then has to stay
    valid for the other levels.  What each answer saves is the difference of two solves.

    Parameters
    ----------
    scenario, teacher, threshold, time_limit, seed, cancel
        As for :func:`robust`.

    Raises
    ------
    InputError, KeyError, PlanRejected
        As for :func:`trajectory_engine.plan`.
    """
    question = ask(scenario, teacher, time_limit, seed, cancel)
    person = question.teacher
    uncertain = uncertain_levels(scenario, person, threshold)
    assessor = _Assessor(question, [u.element for u in uncertain])
    ground = assessor.plan(person)
    advice = [
        _advice(question, assessor, ground, level)
        for level in uncertain
        if not question.effort.is_spent
    ]
    before = values_of(scenario, ground)
    examined = {a.element.element for a in advice}
    return Assessment(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        teacher=teacher,
        threshold=threshold,
        over=tuple(spec.name for spec in scenario.objectives),
        status=ground.status,
        values=before,
        advice=tuple(sorted(advice, key=lambda a: _urgency(a, before))),
        left_out=tuple(u.element for u in uncertain if u.element not in examined),
        reproducible=not question.effort.is_spent,
    )


def uncertain_levels(
    scenario: Scenario, teacher: Teacher, threshold: int
) -> tuple[UncertainLevel, ...]:
    """Return the diagnosed levels that are uncertain, in the order of the diagnosis.

    Of several measurements of one element the last counts.  A level of 0 cannot be lower, and
    one that prior learning raises again does not rest on its measurement.
    """
    last = {m.element: m for m in teacher.measurements}
    found = (_level(scenario, teacher, m) for m in last.values() if m.confidence < threshold)
    return tuple(level for level in found if level is not None)


def _level(scenario: Scenario, teacher: Teacher, measurement: Measurement) -> UncertainLevel | None:
    """Return the level of a measurement with the next lower one, None if it cannot be lower."""
    key = measurement.element
    existing = scenario.model.elements.levels[key]
    level = round_down(existing, measured_level(measurement, scenario.model.diagnosis))
    lower = max((lv for lv in existing if lv < level), default=0)
    if not level:
        return None
    below = replace(teacher, measurements=(*teacher.measurements, Measurement(key, lower)))
    now, then = (diagnosis_of(scenario, record).levels[key] for record in (teacher, below))
    return UncertainLevel(key, level, lower, measurement.confidence) if then < now else None


def _lowered(scenario: Scenario, teacher: Teacher, elements: Collection[str]) -> Teacher:
    """Return the teacher's record with the levels of some elements one lower.

    Raises
    ------
    ValueError
        If an element was not diagnosed, or cannot be lower.
    """
    last = {m.element: m for m in teacher.measurements}
    added = []
    for element in elements:
        level = _level(scenario, teacher, last[element]) if element in last else None
        if level is None:
            raise ValueError(f"{element} has no diagnosed level that could be lower")
        added.append(Measurement(element, level.lower, confidence=level.confidence))
    return replace(teacher, measurements=(*teacher.measurements, *added))


def values_of(scenario: Scenario, plan: TeacherPlan) -> Values:
    """Return the scenario's objectives of a plan, as the judge computes them; empty without."""
    return tuple(value for _, value in named_values(scenario, plan))


def _planner(question: WhatIf, states: Sequence[Teacher]) -> StatesPlanner:
    return StatesPlanner(
        question.index.over(question.changed(states[0])),
        states,
        alone=question.alone,
        watch=Stopwatch(),
        report=lambda *_: None,
    )


def _solve(
    question: WhatIf, states: Sequence[Teacher], planner: StatesPlanner
) -> tuple[TeacherPlan, list[int | None]]:
    """Return the best plan valid in all states, judged in each, and the unmet weight in each.

    The weights are those of the states after the first; None without a plan.
    """
    effort = question.effort
    planner.search(effort.seed, effort.seconds, effort.wall_deadline, effort.cancel)
    plan = judged(question.changed(states[0]), planner.teacher_plan())
    if not plan.status.has_plan:
        return plan, [None] * (len(states) - 1)
    unmet: list[int | None] = []
    for i, record in enumerate(states[1:], 1):
        case = question.changed(record)
        values = _judged_in(case, planner.plan_in(i))
        unmet.append(values[ObjectiveName.UNMET_GOALS])
    return plan, unmet


class _Assessor:
    """Solves for the answers that assessments can give; equal questions are solved once."""

    def __init__(self, question: WhatIf, elements: Sequence[str]) -> None:
        self._question = question
        self._elements = elements
        self._solved: list[tuple[StatesPlanner, TeacherPlan]] = []

    def plan(self, record: Teacher, known: str | None = None) -> TeacherPlan:
        """Return the best plan for a record that is valid without what is known now."""
        scenario = self._question.scenario
        others = [e for e in self._elements if e != known]
        states = [record, *(_lowered(scenario, record, (e,)) for e in others)]
        planner = _planner(self._question, states)
        for earlier, plan in self._solved:
            if planner.asks_the_same(earlier):
                return plan
        if self._solved and self._solved[0][1].status.has_plan:
            planner.start_at(steps_of(self._solved[0][1]))
        found, _ = _solve(self._question, states, planner)
        self._solved.append((planner, found))
        return found


def _judged_in(scenario: Scenario, plan: TeacherPlan) -> dict[ObjectiveName, int]:
    """Return the figures of a plan in one state if the judge accepts it there."""
    values = figures(scenario, plan)
    specs = scenario.objectives
    objectives = tuple(Objective(s.name.value, values[s.name], None, s.tolerance) for s in specs)
    judged(scenario, replace(plan, objectives=objectives))
    return values


def _advice(
    question: WhatIf, assessor: _Assessor, ground: TeacherPlan, level: UncertainLevel
) -> Advice:
    scenario = question.scenario
    below = _lowered(scenario, question.teacher, (level.element,))
    confirmed = assessor.plan(question.teacher, level.element)
    lowered = assessor.plan(below, level.element)
    hours = [
        figures(scenario, ground)[ObjectiveName.STUDY_HOURS]
        - figures(scenario, plan)[ObjectiveName.STUDY_HOURS]
        for plan in (confirmed, lowered)
        if ground.status.has_plan and plan.status.has_plan
    ]
    return Advice(
        element=level,
        confirmed=values_of(scenario, confirmed),
        confirmed_status=confirmed.status,
        lowered=values_of(question.changed(below), lowered),
        lowered_status=lowered.status,
        hours=max(hours, default=None),
    )


def _urgency(advice: Advice, before: Values) -> tuple[object, ...]:
    """Return a key: most hours first, then the best plan that an answer could lead to.

    Where no plan stays valid as things are, an answer that leads to one comes first.
    """
    outcomes = [values for values in (advice.confirmed, advice.lowered) if values]
    rescued = bool(outcomes) and not before
    hours = 0 if advice.hours is None else advice.hours
    unknown = Status.UNKNOWN in (advice.confirmed_status, advice.lowered_status)
    best = min(outcomes, default=())
    return (not rescued, unknown, -hours, best, advice.element.element)
