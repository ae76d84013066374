"""Checks of goals, tasks, decisions, and modules that exclude or oblige."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.people import Decision, DecisionKind, Goal
from trajectory_engine.domain.plan import Violation


def is_met(case: Case, goal: Goal) -> bool:
    """Return whether a goal is met at the end of the plan; a pinned path narrows a task."""
    formed = case.attainment.formed
    if goal.node is not None:
        return formed(goal.node)
    task = case.scenario.model.task_by_id.get(goal.task or "")
    if task is None:
        return False
    pinned = [
        d.value for d in case.decisions if d.kind is DecisionKind.PATH and d.subject == task.id
    ]
    return any(
        all(map(formed, path.links)) for path in task.paths if all(path.id == p for p in pinned)
    )


def unmet_goals(case: Case) -> list[Goal]:
    """Return the soft goals that are not met, in their order."""
    return [g for g in case.goals if not g.hard and not is_met(case, g)]


def check_goals(case: Case) -> Iterator[Violation]:
    """Check that every hard goal is met."""
    for goal in case.goals:
        if goal.hard and not is_met(case, goal):
            yield case.fault(Code.GOAL, "", f"{goal} met at the end of the plan", "not met")


def check_unmet(case: Case) -> Iterator[Violation]:
    """Check that the soft goals listed as unmet are exactly those that are."""
    expected = tuple(str(g) for g in unmet_goals(case))
    if expected != case.plan.unmet:
        yield case.fault(Code.UNMET, "", listing(expected), listing(case.plan.unmet))


def check_tasks(case: Case) -> Iterator[Violation]:
    """Check that exactly the solvable tasks are listed, in the order of the model."""
    formed = case.attainment.formed
    tasks = case.scenario.model.tasks
    expected = tuple(t.id for t in tasks if any(all(map(formed, p.links)) for p in t.paths))
    if expected != case.plan.tasks_solvable:
        yield case.fault(
            Code.TASKS_SOLVABLE, "", listing(expected), listing(case.plan.tasks_solvable)
        )


def check_excludes(case: Case) -> Iterator[Violation]:
    """Check that no two modules are taken of which one excludes the other."""
    reported: set[frozenset[str]] = set()
    for taken in case.taken:
        for other in taken.module.excludes:
            pair = frozenset((taken.module.id, other))
            if other in case.taken_ids and len(pair) == 2 and pair not in reported:
                reported.add(pair)
                yield case.fault(
                    Code.EXCLUDES,
                    taken.module.id,
                    f"not together with {other}",
                    "both are taken",
                )


def check_invariant(case: Case) -> Iterator[Violation]:
    """Check that every invariant module is taken, completed, replaced, or exempt."""
    for module in case.scenario.modules:
        if not module.invariant or case.counts(module.id):
            continue
        if module.exempt_if_formed and all(map(case.diagnosis.knows, module.teaches)):
            continue
        yield case.fault(Code.INVARIANT, module.id, "taken, completed or replaced", "none of these")


@dataclass(frozen=True, slots=True)
class _Honoured:
    """What a decision asks for and whether the plan does it."""

    asked: str
    found: str
    holds: bool


def check_decisions(case: Case) -> Iterator[Violation]:
    """Check that the plan honours every decision; pinned paths are judged with the goals."""
    for decision in case.decisions:
        if decision.kind is DecisionKind.PATH:
            continue
        outcome = _judge(case, decision)
        if not outcome.holds:
            yield case.fault(Code.DECISION, decision.subject, outcome.asked, outcome.found)


def _judge(case: Case, decision: Decision) -> _Honoured:
    steps = [t.step for t in case.taken if t.module.id == decision.subject]
    if decision.kind is DecisionKind.FORBID:
        return _Honoured("not taken (forbidden)", "taken", not steps)
    if decision.kind is DecisionKind.TAKE or not steps:
        return _Honoured(f"taken ({decision.kind} decided)", "not taken", bool(steps))
    step = steps[0]
    if decision.kind is DecisionKind.MODE:
        return _Honoured(f"mode {decision.value}", f"mode {step.mode}", step.mode == decision.value)
    if decision.kind is DecisionKind.RUN:
        return _Honoured(f"run {decision.value}", f"run {step.run}", step.run == decision.value)
    return _Honoured(
        f"start in period {decision.period}",
        f"start in period {step.start}",
        step.start == decision.period,
    )
