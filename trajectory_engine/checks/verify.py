"""The judge of plans: re-computes everything that a plan claims, from the scenario alone.

It shares the domain's definitions with what makes plans, no other code, and does not care who made
one.  A plan without violations is a valid plan whose figures are true.  Three things are beyond it:
that nothing better exists (a bound is only checked against the value), that there is no plan at all
(the status ``infeasible`` is a claim that only a search can test), and the seconds that a run took.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from trajectory_engine.checks import (
    claims,
    formation,
    goals,
    limits,
    money,
    recognition,
    relations,
    rules,
    shared,
    steps,
)
from trajectory_engine.checks.case import Case, Facts, recognise_steps
from trajectory_engine.checks.codes import Code
from trajectory_engine.checks.score import check_objectives, check_status, check_without_plan
from trajectory_engine.domain.plan import Result, TeacherPlan, Violation
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import input_hash

Check = Callable[[Case], Iterator[Violation]]

CHECKS: tuple[Check, ...] = (
    steps.check_known,
    steps.check_once,
    steps.check_open,
    steps.check_order,
    steps.check_instants,
    steps.check_figures,
    limits.check_starts,
    limits.check_span,
    limits.check_blocked,
    limits.check_study_hours,
    limits.check_resources,
    formation.check_entries,
    formation.check_attains,
    formation.check_formed_by_rule,
    goals.check_goals,
    goals.check_unmet,
    goals.check_tasks,
    goals.check_excludes,
    relations.check_co,
    relations.check_strict_co,
    goals.check_invariant,
    goals.check_decisions,
    rules.check_rules,
    rules.check_broken_rules,
    money.check_payments,
    money.check_ceilings,
    money.check_split,
    money.check_teacher_balances,
    recognition.check_recognised,
    claims.check_because,
    claims.check_no_reasons,
    claims.check_warnings,
    check_objectives,
    check_status,
)

WITHOUT_PLAN: tuple[Check, ...] = (
    check_without_plan,
    claims.check_reasons,
    claims.check_warnings,
)


def verify(scenario: Scenario, result: Result) -> list[Violation]:
    """Return everything that is wrong with a result; an empty list if nothing is.

    A result may answer for some of the scenario's teachers only.  Whether a teacher without a
    plan really cannot have one is not checked, only that no plan is claimed.

    Parameters
    ----------
    scenario : Scenario
        Valid input.
    result : Result
        Any result, however wrong.

    Returns
    -------
    list of Violation
        First what concerns the whole result, then teacher by teacher in the order of the
        result, then what the teachers share.

    Raises
    ------
    TypeError
        If an argument is no scenario or no result.
    """
    for name, value, kind in (("scenario", scenario, Scenario), ("result", result, Result)):
        if not isinstance(value, kind):
            raise TypeError(f"{name} must be a {kind.__name__}, not a {type(value).__name__}")
    facts = Facts(scenario)
    found = list(_check_result(facts, result))
    for plan in result.teachers:
        found += _check_teacher(facts, plan)
    taken = [
        step
        for plan in result.teachers
        if plan.status.has_plan
        for step in recognise_steps(facts, plan.steps)[0]
    ]
    found += shared.check_budgets(facts, taken)
    found += shared.check_balances(facts, taken, result)
    found += shared.check_shared_resources(facts, taken)
    found += shared.check_groups(facts, taken)
    return found


def verify_teacher(scenario: Scenario, teacher_plan: TeacherPlan) -> list[Violation]:
    """Return everything that is wrong with one teacher's plan, whatever the others do.

    Limits that teachers share (budgets, seats, minimum groups, shared resources) are judged by
    :func:`verify` only.
    """
    return list(_check_teacher(Facts(scenario), teacher_plan))


def _check_teacher(facts: Facts, plan: TeacherPlan) -> Iterator[Violation]:
    teacher = facts.scenario.teacher_by_id.get(plan.teacher)
    if teacher is None:
        yield Violation(
            Code.UNKNOWN_TEACHER.value, plan.teacher, "", "a teacher of the scenario", plan.teacher
        )
        return
    case = Case.of(facts, teacher, plan)
    for check in CHECKS if plan.status.has_plan else WITHOUT_PLAN:
        yield from check(case)


def _check_result(facts: Facts, result: Result) -> Iterator[Violation]:
    scenario = facts.scenario
    if result.scenario != scenario.id:
        yield Violation(Code.WRONG_SCENARIO.value, "", "", scenario.id, result.scenario)
    expected_hash = input_hash(scenario)
    if result.input_hash != expected_hash:
        yield Violation(Code.INPUT_HASH.value, "", "", expected_hash, result.input_hash)
    if not result.teachers:
        yield Violation(Code.NO_TEACHERS.value, "", "", "an answer for a teacher", "none")
    times = Counter(p.teacher for p in result.teachers)
    for teacher, count in times.items():
        if count > 1:
            yield Violation(
                Code.DUPLICATE_TEACHER.value, teacher, "", "one answer", f"{count} answers"
            )
    yield from shared.check_status(result)
    yield from shared.check_totals(facts, result)
