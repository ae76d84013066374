"""Plans nearly as good as the optimum that really differ from it and from each other."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from trajectory_engine.answers.ask import TIME_LIMIT, ask, figures, require_limits, steps_of
from trajectory_engine.arguments import whole, word
from trajectory_engine.domain.answers import (
    Alternative,
    Alternatives,
    Difference,
    Limit,
    Tolerance,
)
from trajectory_engine.domain.catalogue import Mode
from trajectory_engine.domain.plan import Status, Step, TeacherPlan
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import input_hash
from trajectory_engine.errors import PlanRejected
from trajectory_engine.problem.demands import Demands, Packing
from trajectory_engine.whatif import WhatIf

MOST_TOLERANCE = 10**17
LARGEST_LIMIT = 2**62
"""A limit that the solver can hold; no objective reaches it."""
DEFAULT_WITHIN = (Tolerance(None, 10, per_cent=True),)


def alternatives(
    scenario: Scenario,
    teacher: str,
    *,
    count: int = 5,
    within: Sequence[Tolerance] = DEFAULT_WITHIN,
    difference: Difference | str = Difference.MODULE,
    least: int = 1,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    cancel: threading.Event | None = None,
) -> Alternatives:
    """Return the optimum and up to ``count`` other plans, best first.

    Parameters
    ----------
    scenario : Scenario
    teacher : str
        Id of the teacher, who is planned alone.
    count : int
        At least 1.
    within : sequence of Tolerance
        How much worse than the optimum each objective may be; one that is named by none may
        not be worse at all.
    difference : Difference or str
        What makes a step of one plan absent from another.
    least : int
        Every alternative lacks at least so many steps of each plan before it; at least 1.
    time_limit, seed, cancel
        As for :func:`trajectory_engine.pareto`.

    Raises
    ------
    ValueError
        If ``count`` or ``least`` is below 1, or a tolerance is negative, named twice, or on an
        objective that the scenario does not list.
    InputError, KeyError, PlanRejected
        As for :func:`trajectory_engine.plan`.
    """
    whole("count", count, least=1)
    whole("least", least, least=1)
    kind = word("difference", difference, Difference)
    question = ask(scenario, teacher, time_limit, seed, cancel)
    _require_tolerances(scenario, within)
    optimum = question.plan()
    limits: tuple[Limit, ...] = ()
    found: list[Alternative] = []
    exhausted = optimum.status is Status.INFEASIBLE
    if optimum.status.has_plan:
        limits = _limits(scenario, optimum, within)
        while len(found) < count and not exhausted and not question.effort.is_spent:
            plans = (optimum, *(a.plan for a in found))
            plan = _next(question, plans, limits, kind, least)
            exhausted = plan.status is Status.INFEASIBLE
            if not plan.status.has_plan:
                break
            found.append(_checked(scenario, plans, plan, limits, kind, least))
    return Alternatives(
        scenario=scenario.id,
        input_hash=input_hash(scenario),
        teacher=teacher,
        difference=kind,
        least=least,
        limits=limits,
        optimum=optimum,
        alternatives=tuple(found),
        exhausted=exhausted,
        reproducible=not question.effort.is_spent,
    )


def _require_tolerances(scenario: Scenario, within: Sequence[Tolerance]) -> None:
    listed = {spec.name for spec in scenario.objectives}
    if not all(isinstance(t, Tolerance) for t in within):
        raise ValueError(f"within ({within!r}) must be a collection of tolerances")
    names = [t.objective for t in within]
    if len(set(names)) != len(names):
        raise ValueError("a tolerance is named twice")
    for tolerance in within:
        whole("tolerance", tolerance.amount, most=MOST_TOLERANCE)
        if tolerance.objective is not None and tolerance.objective not in listed:
            raise ValueError(f"{tolerance.objective} is not an objective of the scenario")


def _limits(
    scenario: Scenario, optimum: TeacherPlan, within: Sequence[Tolerance]
) -> tuple[Limit, ...]:
    """Return the tolerances as figures, for every objective of the scenario."""
    by_name = {t.objective: t for t in within}
    others = by_name.get(None, Tolerance(None, 0))
    values = figures(scenario, optimum)
    names = [spec.name for spec in scenario.objectives]
    most = (by_name.get(n, others).most(values[n]) for n in names)
    return tuple(Limit(n, min(m, LARGEST_LIMIT)) for n, m in zip(names, most, strict=True))


def _next(
    question: WhatIf,
    plans: Sequence[TeacherPlan],
    limits: Sequence[Limit],
    kind: Difference,
    least: int,
) -> TeacherPlan:
    """Return the best plan that lacks enough steps of every plan so far."""
    demands = Demands(
        tuple((limit.objective, limit.most) for limit in limits),
        tuple(_packing(question.scenario, plan, kind, least) for plan in plans),
    )
    last = plans[-1]
    first = question.scenario.objectives[0].name
    proven = last.objectives[0].proven and last.status is Status.OPTIMAL
    bounds = {first: last.objectives[0].bound} if proven else None
    return question.plan(start=steps_of(last), demands=demands, bounds=bounds)


def _packing(scenario: Scenario, plan: TeacherPlan, kind: Difference, least: int) -> Packing:
    """Return "all but ``least`` steps of a plan at most"."""
    modes = frozenset(
        (step.module, mode.id)
        for step in plan.steps
        for mode in scenario.module_by_id[step.module].modes
        if _same(kind, _mode_of(scenario, step), mode)
    )
    return Packing(modes, len(plan.steps) - least)


def _mode_of(scenario: Scenario, step: Step) -> Mode:
    return next(m for m in scenario.module_by_id[step.module].modes if m.id == step.mode)


def _same(kind: Difference, first: Mode, second: Mode) -> bool:
    """Return whether a module taken in two modes counts as the same step."""
    match kind:
        case Difference.MODULE:
            return True
        case Difference.PROVIDER:
            return first.provider == second.provider
        case Difference.FORM:
            return first.form == second.form


def absent_steps(
    scenario: Scenario, earlier: TeacherPlan, later: TeacherPlan, kind: Difference
) -> int:
    """Return how many steps of one plan are absent from another."""
    taken = {s.module: _mode_of(scenario, s) for s in later.steps}
    return sum(
        step.module not in taken or not _same(kind, _mode_of(scenario, step), taken[step.module])
        for step in earlier.steps
    )


def _checked(
    scenario: Scenario,
    plans: Sequence[TeacherPlan],
    plan: TeacherPlan,
    limits: Sequence[Limit],
    kind: Difference,
    least: int,
) -> Alternative:
    """Return a plan as an alternative if it is within the limits and differs as asked."""
    require_limits(scenario, plan, limits)
    counts = tuple(absent_steps(scenario, earlier, plan, kind) for earlier in plans)
    if min(counts) < least:
        raise PlanRejected(f"teacher {plan.teacher}: an alternative does not differ: {counts}")
    return Alternative(counts, plan)
