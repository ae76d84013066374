"""What every limit of one teacher costs, by solving again without it or with one unit more."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from trajectory_engine.answers.ask import TIME_LIMIT, ask, figures, steps_of
from trajectory_engine.answers.easings import eased, easings_of
from trajectory_engine.domain.answers import Change, Easing, Price, Prices, Stage
from trajectory_engine.domain.plan import Status, TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.whatif import WhatIf

Values = tuple[tuple[ObjectiveName, int], ...]


def prices(
    scenario: Scenario,
    teacher: str,
    *,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    cancel: threading.Event | None = None,
) -> Prices:
    """Return what every rule, fund, deadline, hour and decision costs a teacher.

    The price of a limit is the difference between the objectives of the plan and those of the
    best plan under the eased limit; each of these plans is solved and judged like any other.

    Parameters
    ----------
    scenario : Scenario
    teacher : str
        Id of the teacher, who is planned alone.
    time_limit, seed, cancel
        As for :func:`trajectory_engine.pareto`.

    Raises
    ------
    InputError, KeyError, PlanRejected
        As for :func:`trajectory_engine.plan`.
    """
    question = ask(scenario, teacher, time_limit, seed, cancel)
    plan = question.plan()
    found: list[Price] = []
    easings = easings_of(scenario, question.teacher)
    for easing in easings:
        if question.effort.is_spent:
            break
        found.append(_price(question, plan, easing))
    limits = [e for e in easings if e.change is Change.WITHOUT]
    return Prices(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        teacher=teacher,
        plan=plan,
        prices=tuple(found),
        waterfall=_waterfall(question, plan, limits),
        missing=easings[len(found) :],
        reproducible=not question.effort.is_spent,
    )


def _price(question: WhatIf, plan: TeacherPlan, easing: Easing) -> Price:
    """Solve once more; the plan under all limits is a plan under fewer, so it is the start."""
    changed = eased(question.scenario, question.teacher.id, easing)
    start = steps_of(plan) if plan.status.has_plan else None
    other = question.plan(changed, start)
    saved = difference(values_of(question.scenario, plan), values_of(changed, other))
    return Price(easing, other, saved, is_proven(plan) and is_proven(other))


def values_of(scenario: Scenario, plan: TeacherPlan) -> Values:
    """Return the objectives of the scenario as the judge computes them; none without a plan."""
    if not plan.status.has_plan:
        return ()
    values = figures(scenario, plan)
    return tuple((spec.name, values[spec.name]) for spec in scenario.objectives)


def difference(first: Values, second: Values) -> Values:
    """Return ``first - second``, nothing if either is missing."""
    if not first or not second:
        return ()
    other = dict(second)
    return tuple((name, value - other[name]) for name, value in first)


def is_proven(plan: TeacherPlan) -> bool:
    """Return whether an answer is final: a proven optimum, or proven that there is no plan."""
    return plan.status in (Status.OPTIMAL, Status.INFEASIBLE)


def _waterfall(question: WhatIf, plan: TeacherPlan, limits: Sequence[Easing]) -> tuple[Stage, ...]:
    """Add one limit after the other; return the stages down to the plan, none without time."""
    grounds = [question.scenario]
    for easing in reversed(limits):
        grounds.append(eased(grounds[-1], question.teacher.id, easing))
    grounds.reverse()
    start = steps_of(plan) if plan.status.has_plan else None
    stages: list[Stage] = []
    for added, ground in zip((None, *limits), grounds, strict=True):
        if question.effort.is_spent:
            return ()
        best = plan if ground is question.scenario else question.plan(ground, start)
        stages.append(Stage(added, values_of(ground, best), is_proven(best)))
    return tuple(stages)
