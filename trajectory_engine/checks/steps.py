"""Checks of every step by itself: it exists, is open to the teacher, and says what is true."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.catalogue import Mode
from trajectory_engine.domain.competence import parse_node
from trajectory_engine.domain.people import Decision
from trajectory_engine.domain.plan import Violation


def check_known(case: Case) -> Iterator[Violation]:
    """Check that every module and mode of the plan is in the catalogue."""
    for step in case.unknown:
        module = case.facts.modules.get(step.module)
        if module is None:
            yield case.fault(
                Code.UNKNOWN_MODULE, step.module, "a module of the catalogue", step.module
            )
        else:
            modes = listing(m.id for m in module.modes)
            yield case.fault(
                Code.UNKNOWN_MODE, step.module, f"a mode of the module ({modes})", step.mode
            )


def check_once(case: Case) -> Iterator[Violation]:
    """Check that a module is taken at most once, and not if there is a completion record."""
    seen: set[str] = set()
    for taken in case.taken:
        module = taken.module.id
        if module in seen:
            yield case.fault(Code.MODULE_TWICE, module, "taken once", "taken again")
        elif module in case.completed:
            yield case.fault(
                Code.MODULE_COMPLETED, module, "not taken: it is completed", "a step that takes it"
            )
        seen.add(module)


def check_open(case: Case) -> Iterator[Violation]:
    """Check that the mode is open to the teacher: language and technologies."""
    teacher = case.teacher
    for taken in case.taken:
        mode = taken.mode
        if mode.language and teacher.languages and mode.language not in teacher.languages:
            yield case.fault(
                Code.MODE_NOT_OPEN,
                taken.module.id,
                f"a mode in {listing(teacher.languages)}",
                f"mode {mode.id} in {mode.language}",
            )
        lacking = _lacking_technologies(mode, teacher.technologies)
        if lacking:
            yield case.fault(
                Code.MODE_NOT_OPEN,
                taken.module.id,
                "technologies that the teacher has",
                f"mode {mode.id} needs {listing(lacking)}",
            )


def _lacking_technologies(mode: Mode, available: tuple[str, ...] | None) -> list[str]:
    return [] if available is None else [t for t in mode.technologies if t not in available]


def check_order(case: Case) -> Iterator[Violation]:
    """Check that steps stand in the order of start, end and module id."""
    steps = case.plan.steps
    for earlier, later in pairwise(steps):
        if (later.start, later.end, later.module) < (earlier.start, earlier.end, earlier.module):
            yield case.fault(
                Code.STEP_ORDER,
                later.module,
                "steps in the order of start, end, module",
                f"{later.module} [{later.start}, {later.end}) after "
                f"{earlier.module} [{earlier.start}, {earlier.end})",
            )


def check_figures(case: Case) -> Iterator[Violation]:
    """Check that end, dates, hours, credits and price are those of catalogue and calendar."""
    for taken in case.taken:
        step, mode = taken.step, taken.mode
        for code, expected, found in (
            (Code.STEP_END, taken.end, step.end),
            (Code.STEP_HOURS, mode.hours, step.hours),
            (Code.STEP_CREDITS, mode.credits, step.credits),
            (Code.STEP_COST, mode.price, step.cost),
        ):
            if expected != found:
                yield case.fault(code, taken.module.id, expected, found)
        yield from _check_dates(case, taken)


def _check_dates(case: Case, taken: Taken) -> Iterator[Violation]:
    if not 0 <= taken.start <= taken.end <= case.facts.horizon:
        return  # off the axis there are no dates; the horizon check speaks of it
    calendar = case.scenario.calendar
    expected = calendar.start_date(taken.start), calendar.end_date(taken.end)
    found = taken.step.start_date, taken.step.end_date
    if expected != found:
        yield case.fault(
            Code.STEP_DATES,
            taken.module.id,
            f"{expected[0]} to {expected[1]}",
            f"{found[0]} to {found[1]}",
        )


def check_because(case: Case) -> Iterator[Violation]:
    """Check that every reason of a step has a known kind and names something that exists."""
    named = _reasons(case)
    for taken in case.taken:
        for reason in taken.step.because:
            kind, _, subject = reason.partition(":")
            if kind == "prerequisite" and _is_node(case, subject):
                continue
            if subject not in named.get(kind, ()):
                yield case.fault(
                    Code.BECAUSE,
                    taken.module.id,
                    f"one of {listing(named)}, a colon, and what exists",
                    reason,
                )


def _is_node(case: Case, text: str) -> bool:
    node = parse_node(text)
    return node is not None and case.facts.graph.exists(node)


def _reasons(case: Case) -> dict[str, set[str]]:
    """Return what may be named after each prefix."""
    scenario = case.scenario
    goals = {str(g) for g in case.goals}
    return {
        "goal": goals | {g.task for g in case.goals if g.task is not None},
        "task": set(scenario.model.task_by_id),
        "rule": {r.id for r in case.rules},
        "prerequisite": set(case.facts.modules),
        "co": set(case.facts.modules),
        "decision": {name for d in case.decisions for name in _decision_names(d)},
        "invariant": {m.id for m in scenario.modules if m.invariant},
    }


def _decision_names(decision: Decision) -> tuple[str, ...]:
    """Return the ways to name a decision: by its subject, by kind and subject, with its value."""
    by_kind = f"{decision.kind}:{decision.subject}"
    value = decision.value or decision.period
    return decision.subject, decision.kind.value, by_kind, f"{by_kind}:{value}"
