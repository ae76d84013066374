"""Checks of the rules that look at dates, at what runs side by side, and at the pyramid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.people import CompletionRecord
from trajectory_engine.domain.pyramid import PER_CENT, component_shares
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AccreditedRule,
    BalanceRule,
    Measure,
    ParallelRule,
    RecencyRule,
    RenewalRule,
    Selector,
    months_before,
)

Finding = tuple[str, str, str]
"""Module (or empty), expected, found."""


def last_day(scenario: Scenario) -> date:
    """Return the last day of the calendar."""
    return scenario.calendar.end_date(scenario.calendar.horizon)


def start_day(case: Case, taken: Taken) -> date:
    """Return the first day of a step, of one off the axis the nearest day on it.

    A step of duration 0 has one day, its last.
    """
    if not taken.mode.duration:
        return end_day(case, taken)
    return case.scenario.calendar.start_date(min(max(taken.start, 0), case.facts.horizon))


def end_day(case: Case, taken: Taken) -> date:
    """Return the last day of a step, of one off the axis the nearest day on it."""
    return case.scenario.calendar.end_date(min(max(taken.end, 0), case.facts.horizon))


def recency(case: Case, body: RecencyRule) -> Iterator[Finding]:
    """Yield that records and steps of the last months do not reach the amount."""
    judged = body.by or last_day(case.scenario)
    after = months_before(judged, body.months)
    total = sum(
        body.measure.of(t.mode)
        for t in case.taken
        if body.scope.covers(t.module, t.mode) and after < end_day(case, t) <= judged
    )
    for record in case.teacher.records:
        day = record.finished
        if day is not None and after < day <= judged and _covers(case, body.scope, record):
            total += _stated(case, body.measure, record)
    if total < body.least:
        expected = f"at least {body.least} {body.measure} after {after} and by {judged}"
        yield "", expected, str(total)


def _covers(case: Case, scope: Selector, record: CompletionRecord) -> bool:
    module = case.facts.modules.get(record.module)
    component, group = record.component, record.group
    if module is not None:
        component, group = str(module.component), module.group
    return (
        (not scope.modules or record.module in scope.modules)
        and (not scope.components or component in scope.components)
        and (not scope.groups or group in scope.groups)
        and (not scope.forms or record.form in scope.forms)
        and (not scope.providers or record.provider in scope.providers)
    )


def _stated(case: Case, measure: Measure, record: CompletionRecord) -> int:
    """Return what a record counts: its own figure, else the least of the module's modes."""
    if measure is Measure.MODULES:
        return 1
    own = {Measure.CREDITS: record.credits, Measure.HOURS: record.hours}.get(measure)
    if own is not None:
        return own
    module = case.facts.modules.get(record.module)
    return min((measure.of(mode) for mode in module.modes), default=0) if module else 0


def renewal(case: Case, body: RenewalRule) -> Iterator[Finding]:
    """Yield the records that lapse without having been renewed in time."""
    lasts: dict[str, date] = {}
    for record in case.teacher.records:
        if not body.records or record.module in body.records:
            expires = record.expires or date.max
            lasts[record.module] = max(expires, lasts.get(record.module, date.min))
    first = case.scenario.calendar.boundaries[0]
    for name, expires in lasts.items():
        if expires > last_day(case.scenario):
            continue
        in_time = any(
            end_day(case, t) <= expires or expires < first
            for t in case.taken
            if (t.module.id == name if body.by is None else body.by.covers(t.module, t.mode))
        )
        if not in_time:
            when = "in the plan" if expires < first else f"by {expires}"
            yield "", f"{name} renewed {when}", "no step that renews it"


def accredited(case: Case, body: AccreditedRule) -> Iterator[Finding]:
    """Yield the steps at a provider that is not accredited for all their days."""
    for t in case.taken:
        if not body.scope.covers(t.module, t.mode):
            continue
        first, last = start_day(case, t), end_day(case, t)
        if not any(a.provider == t.mode.provider and a.holds(first, last) for a in body.providers):
            found = f"provider {t.mode.provider or 'not named'}, {first} to {last}"
            yield t.module.id, "a provider accredited for all its days", found


def parallel(case: Case, body: ParallelRule) -> Iterator[Finding]:
    """Yield the first period in which too many covered modules run."""
    covered = [t for t in case.taken if body.scope.covers(t.module, t.mode)]
    running = Counter(p for t in covered for p in range(t.start, t.end))
    for period, count in sorted(running.items()):
        if count > body.most:
            names = listing(t.module.id for t in covered if t.start <= period < t.end)
            yield "", f"at most {body.most} modules in period {period}", f"{count} ({names})"
            return


def balance(case: Case, body: BalanceRule) -> Iterator[Finding]:
    """Yield the sides of the pyramid that are too weak after the plan."""
    model, formed = case.scenario.model, case.attainment.formed
    levels = {
        key: max((lv for lv in existing if formed(NodeRef(key, lv))), default=0)
        for key, existing in model.elements.levels.items()
    }
    shares = {str(c): d for c, d in component_shares(model, levels).items()}
    tolerance = Fraction(
        model.balance_tolerance if body.tolerance is None else body.tolerance, PER_CENT
    )
    for weak, strong in (
        ("subject", "pedagogical"),
        ("pedagogical", "subject"),
        ("social", "subject"),
        ("social", "pedagogical"),
    ):
        if weak in shares and strong in shares and shares[strong] - shares[weak] > tolerance:
            expected = f"{weak} at most {tolerance} below {strong}"
            yield "", expected, f"{weak} {shares[weak]}, {strong} {shares[strong]}"
