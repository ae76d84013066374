"""The best plan that survives an uncertain diagnosis."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

from trajectory_engine.answers.ask import TIME_LIMIT, ask, steps_of
from trajectory_engine.answers.prices import values_of
from trajectory_engine.answers.states import AS_DIAGNOSED, Hint, State, StatesOfKnowledge
from trajectory_engine.answers.uncertain import CERTAIN, THRESHOLD, uncertain_levels
from trajectory_engine.arguments import texts, whole
from trajectory_engine.domain.plan import TeacherPlan
from trajectory_engine.domain.robustness import Case, Robust
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.serial import input_hash


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
        If a case names an element that was not diagnosed, or only at level 0, or an argument is
        none of its kind.
    InputError, KeyError, PlanRejected
        As for :func:`trajectory_engine.plan`.
    """
    whole("threshold", threshold, most=CERTAIN)
    question = ask(scenario, teacher, time_limit, seed, cancel)
    uncertain = uncertain_levels(scenario, question.teacher, threshold)
    if cases is not None and (isinstance(cases, str) or not isinstance(cases, Collection)):
        raise ValueError(f"cases ({cases!r}) must be a collection of collections of texts")
    chosen = (
        [(u.element,) for u in uncertain]
        if cases is None
        else [tuple(texts("cases", c)) for c in cases]
    )
    knowledge = StatesOfKnowledge(question)
    states = [frozenset(case) for case in chosen]
    for state in states:
        knowledge.facts(state)
    plan = question.plan()
    hint = Hint(steps_of(plan)) if plan.status.has_plan else Hint()
    found = knowledge.best(AS_DIAGNOSED, states, hint).plan
    unmet = [_unmet(knowledge, found, state) for state in states]
    before, after = values_of(scenario, plan), values_of(scenario, found)
    both = bool(before) and bool(after)
    return Robust(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        teacher=teacher,
        threshold=threshold,
        over=tuple(spec.name for spec in scenario.objectives),
        uncertain=uncertain,
        cases=tuple(map(Case, chosen, unmet)),
        plan=plan,
        robust=found,
        extra=tuple(b - a for (_, a), (_, b) in zip(before, after, strict=True)) if both else (),
        reproducible=not question.effort.is_spent,
    )


def _unmet(knowledge: StatesOfKnowledge, plan: TeacherPlan, state: State) -> int | None:
    """Return the weight of the soft goals not met in a state, judged; None without a plan."""
    if not plan.status.has_plan:
        return None
    return knowledge.figures(plan, state)[ObjectiveName.UNMET_GOALS]
