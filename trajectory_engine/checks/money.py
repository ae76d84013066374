"""Checks of who pays: every step by itself, and the teacher's ceilings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.checks.purses import is_eligible, least_funding_order, least_own_cost
from trajectory_engine.domain.funding import SELF
from trajectory_engine.domain.plan import FundBalance, Violation
from trajectory_engine.domain.scenario import ObjectiveName, Scenario


def check_payments(case: Case) -> Iterator[Violation]:
    """Check that the payments of every step are allowed and sum to its price."""
    for taken in case.taken:
        sources = [source for source, _ in taken.step.paid_by]
        paid = sum(amount for _, amount in taken.step.paid_by)
        if paid != taken.mode.price:
            yield case.fault(Code.PAYMENT_SUM, taken.module.id, taken.mode.price, paid)
        rank = case.facts.fund_rank
        known = [rank[s] for s in sources if s in rank]
        if known != sorted(set(known)):
            yield case.fault(
                Code.PAYMENT_ORDER,
                taken.module.id,
                "every source once, in their listed order",
                listing(sources),
            )
        for source, amount in taken.step.paid_by:
            yield from _check_payment(case, taken, source, amount)


def _check_payment(case: Case, taken: Taken, source: str, amount: int) -> Iterator[Violation]:
    module = taken.module.id
    fund = case.facts.funds.get(source)
    if fund is None:
        yield case.fault(Code.PAYMENT_SOURCE, module, "a source of the scenario", source)
        return
    if amount <= 0:
        yield case.fault(
            Code.PAYMENT_AMOUNT, module, "a positive amount", f"{amount} from {source}"
        )
    if not is_eligible(case, fund, taken):
        yield case.fault(
            Code.PAYMENT_ELIGIBILITY,
            module,
            "a source that serves the teacher and covers the module in this mode",
            source,
        )
    most = fund.share.numerator * taken.mode.price // fund.share.denominator
    if amount > most:
        yield case.fault(
            Code.PAYMENT_SHARE, module, f"at most {most} from {source}", f"{amount} from {source}"
        )
    ceiling = fund.module_ceiling
    if ceiling is not None and amount > ceiling:
        yield case.fault(
            Code.PAYMENT_MODULE_CEILING,
            module,
            f"at most {ceiling} from {source} for one module",
            f"{amount} from {source}",
        )


def drawn_by_year(taken: Iterable[Taken], scenario: Scenario) -> dict[tuple[str, int], int]:
    """Return what every source pays by fiscal year; starts off the calendar count at its ends."""
    drawn: dict[tuple[str, int], int] = defaultdict(int)
    last = scenario.calendar.horizon - 1
    for t in taken:
        year = scenario.years[min(max(t.start, 0), last)]
        for source, amount in t.step.paid_by:
            drawn[source, year] += amount
    return drawn


def check_split(case: Case) -> Iterator[Violation]:
    """Check that the payments shown attain the objectives of money that the scenario asks for."""
    position = {f.id: i for i, f in enumerate(case.scenario.preferred_funds)}
    payments = [p for t in case.taken for p in t.step.paid_by if p[0] in position]
    shown = {
        ObjectiveName.OWN_COST: sum(amount for source, amount in payments if source == SELF),
        ObjectiveName.FUNDING_ORDER: sum(amount * position[source] for source, amount in payments),
    }
    least = {
        ObjectiveName.OWN_COST: least_own_cost,
        ObjectiveName.FUNDING_ORDER: least_funding_order,
    }
    for spec in case.scenario.objectives:
        if spec.name in shown and shown[spec.name] != (right := least[spec.name](case)):
            expected = f"payments of {spec.name} {right}"
            yield case.fault(Code.PAYMENT_SPLIT, "", expected, shown[spec.name])


def check_teacher_balances(case: Case) -> Iterator[Violation]:
    """Check what the plan says that every source pays for the teacher, and what remains."""
    drawn: dict[str, int] = defaultdict(int)
    for t in case.taken:
        for source, amount in t.step.paid_by:
            drawn[source] += amount
    expected = [
        _balance(f.id, None, f.ceiling, 0, drawn[f.id])
        for f in case.scenario.funds
        if f.serves(case.teacher.id, case.teacher.group)
    ]
    for text in compare_balances(expected, case.plan.funds):
        yield case.fault(Code.FUND_BALANCE, "", *text)


def expected_balances(scenario: Scenario, taken: Sequence[Taken]) -> list[FundBalance]:
    """Return what remains in every source after some steps, whole budgets and fiscal years."""
    drawn = drawn_by_year(taken, scenario)
    found = []
    for fund in scenario.funds:
        granted = {y.year: y.budget for y in fund.yearly}
        if fund.budget is not None or not granted:
            paid = sum(amount for (source, _), amount in drawn.items() if source == fund.id)
            found.append(_balance(fund.id, None, fund.budget, 0, paid))
        carried = 0
        for year in sorted(set(scenario.years)) if granted else ():
            line = _balance(fund.id, year, granted.get(year, 0), carried, drawn[fund.id, year])
            found.append(line)
            carried = (line.remains or 0) if fund.carry_over else 0
    return found


def _balance(
    fund: str, year: int | None, granted: int | None, carried: int, paid: int
) -> FundBalance:
    remains = None if granted is None else granted + carried - paid
    return FundBalance(fund, year, granted, carried, paid, remains)


def compare_balances(
    expected: Sequence[FundBalance], claimed: Sequence[FundBalance]
) -> Iterator[tuple[str, str]]:
    """Yield differences of balances as (expected, found); a plan may leave them all out."""
    if claimed and list(claimed) != list(expected):
        missing = [b for b in expected if b not in claimed]
        false = [b for b in claimed if b not in expected]
        yield listing(missing or expected, most=3), listing(false or claimed, most=3)


def check_ceilings(case: Case) -> Iterator[Violation]:
    """Check that no source pays more for the teacher than its ceiling."""
    drawn: dict[str, int] = defaultdict(int)
    for taken in case.taken:
        for source, amount in taken.step.paid_by:
            drawn[source] += amount
    for fund in case.scenario.funds:
        if fund.ceiling is not None and drawn[fund.id] > fund.ceiling:
            yield case.fault(
                Code.PAYMENT_CEILING, "", f"at most {fund.ceiling} from {fund.id}", drawn[fund.id]
            )
