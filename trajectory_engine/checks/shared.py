"""Checks of what teachers share, and of what a result says of all of them together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Facts, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.checks.limits import overdrawn
from trajectory_engine.checks.money import compare_balances, expected_balances
from trajectory_engine.domain.catalogue import ResourceScope
from trajectory_engine.domain.plan import Objective, Result, Status, TeacherPlan, Violation


def _fault(rule: Code, expected: object, found: object, module: str = "") -> Violation:
    return Violation(rule.value, "", module, str(expected), str(found))


def check_budgets(facts: Facts, steps: Iterable[Taken]) -> Iterator[Violation]:
    """Check that no fund pays more for all teachers together than its budget."""
    drawn: dict[str, int] = defaultdict(int)
    for taken in steps:
        for source, amount in taken.step.paid_by:
            drawn[source] += amount
    for fund in facts.scenario.funds:
        if fund.budget is not None and drawn[fund.id] > fund.budget:
            yield _fault(Code.FUND_BUDGET, f"at most {fund.budget} from {fund.id}", drawn[fund.id])


def check_balances(facts: Facts, steps: Sequence[Taken], result: Result) -> Iterator[Violation]:
    """Check yearly budgets, and what the result says that remains in every source."""
    expected = expected_balances(facts.scenario, steps)
    for line in expected:
        if line.year is not None and line.remains is not None and line.remains < 0:
            yield _fault(
                Code.FUND_YEAR,
                f"at most {line.paid + line.remains} from {line.fund} in fiscal year {line.year}",
                line.paid,
            )
    for asked, found in compare_balances(expected, result.funds):
        yield _fault(Code.FUND_BALANCE, asked, found)


def check_shared_resources(facts: Facts, steps: Sequence[Taken]) -> Iterator[Violation]:
    """Check that resources that all teachers share suffice."""
    for resource in facts.scenario.resources:
        if resource.scope is ResourceScope.SHARED:
            for expected, found in overdrawn(resource, steps):
                yield _fault(Code.SHARED_RESOURCE, expected, found)


def check_groups(facts: Facts, steps: Iterable[Taken]) -> Iterator[Violation]:
    """Check that every run that is used has seats enough and the group that it needs."""
    size = Counter((t.module.id, t.mode.id, t.step.run) for t in steps)
    for run in facts.scenario.runs:
        group = size[run.module, run.mode, run.id]
        if run.seats is not None and group > run.seats:
            yield _fault(Code.SEATS, f"at most {run.seats} in run {run.id}", group, run.module)
        if 0 < group < run.minimum_group:
            yield _fault(
                Code.MINIMUM_GROUP,
                f"at least {run.minimum_group} in run {run.id}",
                group,
                run.module,
            )


def check_status(result: Result) -> Iterator[Violation]:
    """Check that the status of the result is the worst of the teachers'."""
    badness = (Status.OPTIMAL, Status.FEASIBLE, Status.UNKNOWN, Status.INFEASIBLE)
    statuses = {p.status for p in result.teachers}
    expected = next((s for s in reversed(badness) if s in statuses), Status.OPTIMAL)
    if result.status is not expected:
        yield _fault(Code.SCENARIO_STATUS, f"{expected}, the worst of the teachers'", result.status)


def check_totals(facts: Facts, result: Result) -> Iterator[Violation]:
    """Check that objectives of the result are the sums over the teachers that have a plan."""
    asked = [str(o.name) for o in facts.scenario.objectives]
    planned = [p for p in result.teachers if p.status.has_plan]
    claimed = [o.name for o in result.objectives]
    if claimed != asked and (planned or claimed):
        yield _fault(Code.SCENARIO_OBJECTIVES, listing(asked), listing(claimed))
        return
    is_open = any(p.status is Status.UNKNOWN for p in result.teachers)
    for objective, spec in zip(result.objectives, facts.scenario.objectives, strict=False):
        if planned:
            expected = _sum(objective.name, planned, is_open=is_open)
        else:
            expected = Objective(objective.name, None, None, spec.tolerance)
        if objective != expected:
            yield _fault(
                Code.SCENARIO_OBJECTIVES,
                f"{_figures(expected)}: the sums over the teachers",
                _figures(objective),
            )


def _sum(name: str, planned: Sequence[TeacherPlan], *, is_open: bool) -> Objective:
    """Return the sums over the teachers, as their plans state them.

    The teachers' own figures are judged apart, so that one wrong figure is reported once.

    Parameters
    ----------
    is_open : bool
        Whether somebody's plan is not found yet: then nothing bounds the sum.
    """
    figures = [o for p in planned for o in p.objectives if o.name == name]
    bounds = [o.bound for o in figures if o.bound is not None]
    return Objective(
        name,
        sum(o.value or 0 for o in figures),
        sum(bounds) if len(bounds) == len(figures) and not is_open else None,
        sum(o.tolerance for o in figures),
    )


def _figures(objective: Objective) -> str:
    return (
        f"{objective.name} {objective.value}, bound {objective.bound},"
        f" tolerance {objective.tolerance}"
    )
