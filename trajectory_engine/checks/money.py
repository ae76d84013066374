"""Checks of who pays: every step by itself, and the teacher's ceilings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.plan import Violation


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
    if not _is_eligible(case, fund, taken):
        yield case.fault(
            Code.PAYMENT_ELIGIBILITY,
            module,
            "a source that serves the teacher and covers the module in this mode",
            source,
        )
    most = fund.share.floor_of(taken.mode.price)
    if amount > most:
        yield case.fault(
            Code.PAYMENT_SHARE, module, f"at most {most} from {source}", f"{amount} from {source}"
        )


def _is_eligible(case: Case, fund: Fund, taken: Taken) -> bool:
    teacher = case.teacher
    return fund.serves(teacher.id, teacher.group) and fund.covers(taken.module, taken.mode)


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
