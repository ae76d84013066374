"""What every source pays and what remains in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.plan import FundBalance, Step, TeacherPlan
from trajectory_engine.domain.scenario import Scenario


def teacher_balances(
    scenario: Scenario, teacher: Teacher, steps: Sequence[Step]
) -> tuple[FundBalance, ...]:
    """Return what the sources of a teacher pay, and what remains of the teacher's ceilings."""
    paid = _paid(scenario, steps)
    return tuple(
        _balance(fund.id, None, fund.ceiling, 0, _in_all(paid, fund))
        for fund in scenario.funds
        if fund.serves(teacher.id, teacher.group)
    )


def fund_balances(scenario: Scenario, plans: Iterable[TeacherPlan]) -> tuple[FundBalance, ...]:
    """Return what remains in every source after all plans, whole budgets and fiscal years."""
    paid = _paid(scenario, [step for plan in plans for step in plan.steps])
    return tuple(line for fund in scenario.funds for line in _lines(scenario, fund, paid))


def _lines(scenario: Scenario, fund: Fund, paid: Counter[tuple[str, int]]) -> Iterator[FundBalance]:
    if fund.budget is not None or not fund.yearly:
        yield _balance(fund.id, None, fund.budget, 0, _in_all(paid, fund))
    if not fund.yearly:
        return
    granted = {y.year: y.budget for y in fund.yearly}
    carried = 0
    for year in dict.fromkeys(scenario.years):
        spent = paid[fund.id, year]
        line = _balance(fund.id, year, granted.get(year, 0), carried, spent)
        yield line
        carried = (line.remains or 0) if fund.carry_over else 0


def _paid(scenario: Scenario, steps: Iterable[Step]) -> Counter[tuple[str, int]]:
    """Return the amounts by source and fiscal year."""
    paid: Counter[tuple[str, int]] = Counter()
    for step in steps:
        year = scenario.year_of(step.start)
        for source, amount in step.paid_by:
            paid[source, year] += amount
    return paid


def _in_all(paid: Counter[tuple[str, int]], fund: Fund) -> int:
    return sum(amount for (source, _), amount in paid.items() if source == fund.id)


def _balance(
    fund: str, year: int | None, granted: int | None, carried: int, paid: int
) -> FundBalance:
    remains = None if granted is None else granted + carried - paid
    return FundBalance(fund, year, granted, carried, paid, remains)
