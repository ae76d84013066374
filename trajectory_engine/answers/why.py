"""Why each step is in a plan: the chain to what is asked for, and the best plan without it."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from trajectory_engine.answers.ask import TIME_LIMIT, ask
from trajectory_engine.answers.prices import difference, is_proven, values_of
from trajectory_engine.arguments import texts
from trajectory_engine.domain.answers import Chain, Reasons, StepReason
from trajectory_engine.domain.plan import Step, TeacherPlan
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.problem.demands import Demands, Packing
from trajectory_engine.whatif import WhatIf

LEADING = ("prerequisite:", "co:")
"""Kinds of reasons that name another module of the plan."""


def why(
    scenario: Scenario,
    teacher: str,
    module: str | None = None,
    *,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    cancel: threading.Event | None = None,
) -> Reasons:
    """Return why each step of a teacher's plan is there, and what would happen without it.

    Parameters
    ----------
    scenario : Scenario
    teacher : str
        Id of the teacher, who is planned alone.
    module : str, optional
        Ask about this module of the plan only.
    time_limit, seed, cancel
        As for :func:`trajectory_engine.pareto`.

    Raises
    ------
    ValueError
        If the plan does not take the module.
    InputError, KeyError, PlanRejected
        As for :func:`trajectory_engine.plan`.
    """
    question = ask(scenario, teacher, time_limit, seed, cancel)
    if module is not None:
        texts("module", [module])
    plan = question.plan()
    asked = [s for s in plan.steps if module in (None, s.module)]
    if module is not None and plan.status.has_plan and not asked:
        raise ValueError(f"the plan of {teacher} does not take module {module}")
    found: list[StepReason] = []
    for step in asked:
        if question.effort.is_spent:
            break
        found.append(_reason(question, plan, step))
    return Reasons(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        teacher=teacher,
        plan=plan,
        steps=tuple(found),
        missing=tuple(s.module for s in asked[len(found) :]),
        reproducible=not question.effort.is_spent,
    )


def _reason(question: WhatIf, plan: TeacherPlan, step: Step) -> StepReason:
    scenario = question.scenario
    modes = frozenset((step.module, mode.id) for mode in scenario.module_by_id[step.module].modes)
    other = question.plan(demands=Demands(packings=(Packing(modes, 0),)))
    mine = [s.module for s in plan.steps]
    its = [s.module for s in other.steps]
    return StepReason(
        step=step,
        chains=chains_of(plan, step.module),
        without=other,
        lost=difference(values_of(scenario, other), values_of(scenario, plan)),
        instead=tuple(m for m in its if m not in mine),
        dropped=tuple(m for m in mine if m not in (*its, step.module))
        if other.status.has_plan
        else (),
        proven=is_proven(plan) and is_proven(other),
    )


def chains_of(plan: TeacherPlan, module: str) -> tuple[Chain, ...]:
    """Return a shortest chain of prerequisites from a module to each purpose that it serves."""
    because: Mapping[str, tuple[str, ...]] = {s.module: s.because for s in plan.steps}
    chains: dict[str, Chain] = {}
    waiting: list[tuple[str, ...]] = [(module,)]
    seen = {module}
    while waiting:
        trail = waiting.pop(0)
        for reason in because.get(trail[-1], ()):
            kind = next((k for k in LEADING if reason.startswith(k)), "")
            following = reason.removeprefix(kind)
            if not kind:
                chains.setdefault(reason, Chain(trail, reason))
            elif following not in seen:
                seen.add(following)
                waiting.append((*trail, following))
    return tuple(chains.values())
