"""Checks of order and attainment: entries, and what the plan claims to form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.plan import Violation


def check_entries(case: Case) -> Iterator[Violation]:
    """Check that every step starts only after its entry is satisfied, in an order that is real."""
    for position, gaps in sorted(case.attainment.entry_gaps.items()):
        taken = case.taken[position]
        yield case.fault(
            Code.ENTRY,
            taken.module.id,
            f"formed or ended by period {taken.start}: {listing(gaps)}",
            "not yet by then",
        )


def check_attains(case: Case) -> Iterator[Violation]:
    """Check that the nodes that a step claims are exactly those that it newly forms."""
    for position, taken in enumerate(case.taken):
        expected = [str(n) for n in case.attainment.attains.get(position, [])]
        claimed = list(taken.step.attains)
        missing = [n for n in expected if n not in claimed]
        false = [n for n in claimed if n not in expected]
        module = taken.module.id
        if missing:
            yield case.fault(
                Code.MISSING_ATTAINMENT, module, f"attains {listing(missing)}", "not listed"
            )
        if false:
            yield case.fault(
                Code.FALSE_ATTAINMENT,
                module,
                f"attains only {listing(expected)}",
                f"also {listing(false)}",
            )
        if not missing and not false and claimed != expected:
            yield case.fault(
                Code.ATTAINS_ORDER,
                module,
                f"once each, in the order of the model: {listing(expected)}",
                listing(claimed),
            )


def check_formed_by_rule(case: Case) -> Iterator[Violation]:
    """Check that what f is claimed to form, and when, is exactly what it does form."""
    expected = {(str(node), period) for node, period in case.attainment.by_rule.items()}
    claimed = Counter(case.plan.formed_by_rule)
    for node, period in sorted(expected - claimed.keys()):
        yield case.fault(
            Code.MISSING_FORMATION, "", f"{node} formed by rule in period {period}", "not listed"
        )
    for (node, period), times in sorted(claimed.items()):
        if (node, period) not in expected or times > 1:
            again = " twice" if (node, period) in expected else ""
            yield case.fault(
                Code.FALSE_FORMATION,
                "",
                "each derived node once, when f newly forms it",
                f"{node} in period {period}{again}",
            )
