"""Checks of the ministry standard, one function for every kind of rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.domain.plan import Violation
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    ExclusionRule,
    Measure,
    OrderRule,
    RequiredRule,
    Rule,
    Selector,
    ShareRule,
)

Finding = tuple[str, str, str]
"""Module (or empty), expected, found."""


def check_rules(case: Case) -> Iterator[Violation]:
    """Check that every rule of the standard that binds is obeyed."""
    for rule in case.scenario.binding_rules:
        for module, expected, found in findings(case, rule):
            yield case.fault(rule.id, module, expected, found)


def findings(case: Case, rule: Rule) -> Iterator[Finding]:
    """Return in what the plan breaks one rule."""
    body = rule.body
    if isinstance(body, RequiredRule):
        return _required(case, body)
    if isinstance(body, AmountRule):
        return _amount(case, body)
    if isinstance(body, ShareRule):
        return _share(case, body)
    if isinstance(body, OrderRule):
        return _order(case, body)
    if isinstance(body, ExclusionRule):
        return _exclusion(case, body)
    return _at_least(case, body)


def _covered(case: Case, *selectors: Selector) -> list[Taken]:
    """Return the steps that all selectors cover, in the mode taken."""
    return [t for t in case.taken if all(s.covers(t.module, t.mode) for s in selectors)]


def _total(measure: Measure, steps: list[Taken]) -> int:
    return sum(measure.of(t.mode) for t in steps)


def _required(case: Case, body: RequiredRule) -> Iterator[Finding]:
    for module in body.modules:
        if not case.counts(module):
            yield module, "taken, replaced or completed", "none of these"
    for node in body.nodes:
        if not case.attainment.formed(node):
            yield "", f"{node} formed at the end of the plan", "not formed"


def _amount(case: Case, body: AmountRule) -> Iterator[Finding]:
    total = _total(body.measure, _covered(case, body.scope))
    unit = _unit(body.measure)
    if body.least is not None and total < body.least:
        yield "", f"at least {body.least} {unit}", str(total)
    if body.most is not None and total > body.most:
        yield "", f"at most {body.most} {unit}", str(total)


def _share(case: Case, body: ShareRule) -> Iterator[Finding]:
    whole = _total(body.measure, _covered(case, body.scope))
    part = _total(body.measure, _covered(case, body.scope, body.part))
    found = f"{part} of {whole} {_unit(body.measure)}"
    least, most = body.least, body.most
    if least is not None and least.denominator * part < least.numerator * whole:
        yield "", f"a share of at least {least.numerator}/{least.denominator}", found
    if most is not None and most.denominator * part > most.numerator * whole:
        yield "", f"a share of at most {most.numerator}/{most.denominator}", found


def _unit(measure: Measure) -> str:
    if measure is Measure.CREDITS:
        return "hundredths of a credit"
    return measure.value.replace("_", " ")


def _order(case: Case, body: OrderRule) -> Iterator[Finding]:
    for earlier, later in permutations(case.taken, 2):
        if (
            earlier.end > later.start
            and body.before.covers(earlier.module, earlier.mode)
            and body.after.covers(later.module, later.mode)
        ):
            yield (
                later.module.id,
                f"start at or after the end of {earlier.module.id}, period {earlier.end}",
                f"start in period {later.start}",
            )


def _exclusion(case: Case, body: ExclusionRule) -> Iterator[Finding]:
    covered = _covered(case, body.scope)
    if len(covered) > 1:
        yield "", "at most one module of the scope", listing(t.module.id for t in covered)


def _at_least(case: Case, body: AtLeastRule) -> Iterator[Finding]:
    covered = _covered(case, body.scope)
    if len(covered) < body.k:
        names = listing(t.module.id for t in covered)
        yield "", f"at least {body.k} modules of the scope", f"{len(covered)} ({names})"
