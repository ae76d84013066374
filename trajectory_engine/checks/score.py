"""Objective values, recomputed from the catalogue, and the claims made about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from trajectory_engine.checks.case import Case, Facts, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.checks.goals import unmet_goals
from trajectory_engine.checks.purses import least_funding_order, least_own_cost
from trajectory_engine.checks.rules import broken_rules
from trajectory_engine.domain.plan import Status, TeacherPlan, Violation
from trajectory_engine.domain.scenario import ObjectiveName, Scenario


def score(scenario: Scenario, teacher_plan: TeacherPlan) -> dict[str, int]:
    """Return the value of every objective for one teacher's plan.

    Steps whose module or mode does not exist count nothing; ends follow from starts and the
    durations of the catalogue.

    Parameters
    ----------
    scenario : Scenario
    teacher_plan : TeacherPlan
        Only its teacher and its steps are read.

    Returns
    -------
    dict
        Value by name, for all objectives that a scenario can ask for, asked for or not.

    Raises
    ------
    KeyError
        If the scenario does not have the teacher.
    """
    teacher = scenario.teacher_by_id[teacher_plan.teacher]
    return values(Case.of(Facts(scenario), teacher, teacher_plan))


def values(case: Case) -> dict[str, int]:
    """Return the value of every objective of a case."""
    return {name: value(case) for name, value in VALUES.items()}


VALUES: Mapping[str, Callable[[Case], int]] = {
    ObjectiveName.UNMET_GOALS.value: lambda case: sum(g.weight for g in unmet_goals(case)),
    ObjectiveName.COMPLETION.value: lambda case: max((t.end for t in case.taken), default=0),
    ObjectiveName.STUDY_HOURS.value: lambda case: sum(t.mode.hours for t in case.taken),
    ObjectiveName.COST.value: lambda case: sum(t.mode.price for t in case.taken),
    ObjectiveName.PEAK_LOAD.value: lambda case: max(case.load.values(), default=0),
    ObjectiveName.OWN_COST.value: least_own_cost,
    ObjectiveName.FUNDING_ORDER.value: least_funding_order,
    ObjectiveName.SOFT_RULES.value: lambda case: sum(r.weight for r in broken_rules(case)),
}
"""How every objective that a scenario can ask for is worked out."""


def check_objectives(case: Case) -> Iterator[Violation]:
    """Check that objectives are the scenario's, with true values and possible bounds."""
    yield from _check_names(case)
    for objective in case.plan.objectives:
        if objective.name not in VALUES:
            continue  # not an objective at all; the names are reported above
        expected = VALUES[objective.name](case)
        if objective.value != expected:
            yield case.fault(
                Code.OBJECTIVE_VALUE,
                "",
                f"{objective.name} {expected}",
                f"{objective.name} {objective.value}",
            )
        if objective.bound is not None and objective.bound > expected:
            yield case.fault(
                Code.OBJECTIVE_BOUND,
                "",
                f"a bound on {objective.name} of at most {expected}, the value",
                objective.bound,
            )


def _check_names(case: Case) -> Iterator[Violation]:
    """Compare names, order and tolerances of the objectives with the scenario's."""
    asked = {str(o.name): o.tolerance for o in case.scenario.objectives}
    claimed = [o.name for o in case.plan.objectives]
    if list(asked) != claimed:
        yield case.fault(Code.OBJECTIVE_NAMES, "", listing(asked), listing(claimed))
    for objective in case.plan.objectives:
        expected = asked.get(objective.name, objective.tolerance)
        if objective.tolerance != expected:
            yield case.fault(
                Code.OBJECTIVE_TOLERANCE,
                "",
                f"tolerance {expected} on {objective.name}",
                objective.tolerance,
            )


def check_status(case: Case) -> Iterator[Violation]:
    """Check that the status is optimal if and only if every objective is proven."""
    open_ended = [o.name for o in case.plan.objectives if not o.proven]
    expected = Status.FEASIBLE if open_ended else Status.OPTIMAL
    if case.plan.status is not expected:
        why = f"not proven: {listing(open_ended)}" if open_ended else "every objective is proven"
        yield case.fault(Code.STATUS, "", f"{expected} ({why})", case.plan.status)


def check_without_plan(case: Case) -> Iterator[Violation]:
    """Check that an answer without a plan claims nothing of one."""
    plan = case.plan
    content = {
        "steps": [s.module for s in plan.steps],
        "objective values": [o.name for o in plan.objectives if o.value is not None],
        "nodes formed by rule": [node for node, _ in plan.formed_by_rule],
        "unmet goals": list(plan.unmet),
        "solvable tasks": list(plan.tasks_solvable),
        "broken rules": list(plan.broken_rules),
    }
    for what, items in content.items():
        if items:
            yield case.fault(
                Code.CONTENT_WITHOUT_PLAN,
                "",
                f"no {what} with status {plan.status}",
                listing(items),
            )
    if plan.objectives:
        yield from _check_names(case)
