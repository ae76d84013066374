"""Checks of the ministry standard, one function for every kind of rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import product
from typing import Any

from trajectory_engine.checks.attainment import Taken
from trajectory_engine.checks.case import Case, listing
from trajectory_engine.checks.codes import Code
from trajectory_engine.checks.dated_rules import (
    Finding,
    accredited,
    balance,
    end_day,
    last_day,
    parallel,
    recency,
    renewal,
)
from trajectory_engine.domain.plan import Violation
from trajectory_engine.domain.standard import (
    AccreditedRule,
    AmountRule,
    AtLeastRule,
    AtMostRule,
    BalanceRule,
    ExclusionRule,
    Measure,
    OrderRule,
    Over,
    ParallelRule,
    Qualification,
    RecencyRule,
    RenewalRule,
    RequiredRule,
    Rule,
    Selector,
    ShareRule,
    SizeRule,
    Stretch,
    TimeScope,
)


def check_rules(case: Case) -> Iterator[Violation]:
    """Check that every hard rule that binds the teacher is obeyed."""
    for rule in case.rules:
        if rule.hard:
            for module, expected, found in findings(case, rule):
                yield case.fault(rule.id, module, expected, found)


def broken_rules(case: Case) -> list[Rule]:
    """Return the soft rules that the plan breaks, in the order of the standard."""
    return [r for r in case.rules if not r.hard and any(True for _ in findings(case, r))]


def check_broken_rules(case: Case) -> Iterator[Violation]:
    """Check that exactly the soft rules that the plan breaks are listed as broken."""
    expected = tuple(r.id for r in broken_rules(case))
    if expected != case.plan.broken_rules:
        yield case.fault(Code.BROKEN_RULES, "", listing(expected), listing(case.plan.broken_rules))


def findings(case: Case, rule: Rule) -> Iterator[Finding]:
    """Return in what the plan breaks one rule."""
    return FINDERS[type(rule.body)](case, rule.body)


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
    text = body.measure.text
    covered = _covered(case, body.scope)
    for stretch, steps in _held_to_least(case, body.time, covered):
        total = _total(body.measure, steps)
        if body.least is not None and total < body.least:
            yield "", f"at least {text(body.least)}{stretch}", text(total)
    for stretch, steps in _by_stretch(case, body.time, covered):
        total = _total(body.measure, steps)
        if body.most is not None and total > body.most:
            yield "", f"at most {text(body.most)}{stretch}", text(total)


def _by_stretch(
    case: Case, time: TimeScope, steps: Sequence[Taken]
) -> Iterator[tuple[str, list[Taken]]]:
    """Yield every stretch of time, as text, with the steps that end in it."""
    for stretch, holds in _stretches(case, time):
        yield stretch, [t for t in steps if holds(t)]


def _held_to_least(
    case: Case, time: TimeScope, steps: Sequence[Taken]
) -> Iterator[tuple[str, list[Taken]]]:
    """Yield the stretches in which a least amount holds, with the steps that end in them."""
    found = list(_stretches(case, time))
    used = [any(map(holds, case.taken)) for _, holds in found]
    for i, (stretch, holds) in enumerate(found):
        excused = time.over is Over.USED and not used[i]
        if not excused and not (time.except_last and True not in used[i + 1 :]):
            yield stretch, [t for t in steps if holds(t)]


def _stretches(case: Case, time: TimeScope) -> Iterator[tuple[str, Callable[[Taken], bool]]]:
    """Yield every stretch of time, as text, with a test whether a step ends in it, rising."""
    calendar = case.scenario.calendar
    if time.per is Stretch.PLAN:
        yield "", lambda _: True
    elif time.per is Stretch.TERM:
        for term in calendar.terms:
            yield f" in term {term.id}", partial(_ends_within, term.first, term.last)
    elif time.per is Stretch.PERIOD:
        for period in range(calendar.horizon):
            yield f" in period {period}", partial(_ends_within, period, period + 1)
    else:
        first, last = (
            _year(day, time) for day in (calendar.boundaries[0], last_day(case.scenario))
        )
        for year in range(first, last + 1):
            text = f" in the year that begins in {year}-{time.year_starts:02}"
            yield text, partial(_ends_in_year, case, time, year)


def _ends_within(first: int, last: int, taken: Taken) -> bool:
    """Return whether the last period of a step lies in ``[first, last)``."""
    return first <= max(taken.end, 1) - 1 < last


def _ends_in_year(case: Case, time: TimeScope, year: int, taken: Taken) -> bool:
    return _year(end_day(case, taken), time) == year


def _year(day: date, time: TimeScope) -> int:
    """Return the calendar year in which the year of a day begins."""
    return day.year if day.month >= time.year_starts else day.year - 1


def _share(case: Case, body: ShareRule) -> Iterator[Finding]:
    whole = _total(body.measure, _covered(case, body.scope))
    part = _total(body.measure, _covered(case, body.scope, body.part))
    found = f"{body.measure.text(part)} of {body.measure.text(whole)}"
    least, most = body.least, body.most
    if least is not None and least.denominator * part < least.numerator * whole:
        yield "", f"a share of at least {least.text}", found
    if most is not None and most.denominator * part > most.numerator * whole:
        yield "", f"a share of at most {most.text}", found


def _order(case: Case, body: OrderRule) -> Iterator[Finding]:
    first, second = _covered(case, body.before), _covered(case, body.after)
    for earlier, later in product(first, second):
        if earlier is not later and earlier.end > later.start:
            yield (
                later.module.id,
                f"start at or after the end of {earlier.module.id}, period {earlier.end}",
                f"start in period {later.start}",
            )


def _exclusion(case: Case, body: ExclusionRule) -> Iterator[Finding]:
    for stretch, covered in _by_stretch(case, body.time, _covered(case, body.scope)):
        if len(covered) > 1:
            names = listing(t.module.id for t in covered)
            yield "", f"at most one module of the scope{stretch}", names


def _at_least(case: Case, body: AtLeastRule) -> Iterator[Finding]:
    for stretch, covered in _held_to_least(case, body.time, _covered(case, body.scope)):
        if len(covered) < body.k:
            names = listing(t.module.id for t in covered)
            expected = f"at least {body.k} modules of the scope{stretch}"
            yield "", expected, f"{len(covered)} ({names})"


def _at_most(case: Case, body: AtMostRule) -> Iterator[Finding]:
    for stretch, covered in _by_stretch(case, body.time, _covered(case, body.scope)):
        if len(covered) > body.k:
            names = listing(t.module.id for t in covered)
            expected = f"at most {body.k} modules of the scope{stretch}"
            yield "", expected, f"{len(covered)} ({names})"


def _size(case: Case, body: SizeRule) -> Iterator[Finding]:
    text = body.measure.text
    parts: dict[str, list[Taken]] = defaultdict(list)
    for t in _covered(case, body.scope):
        key = t.module.id if body.each is Qualification.MODULE else t.module.group
        if key:
            parts[key].append(t)
    for key, steps in parts.items():
        total = _total(body.measure, steps)
        module = key if body.each is Qualification.MODULE else ""
        name = f"{body.each} {key}"
        if body.least is not None and total < body.least:
            yield module, f"{name} of at least {text(body.least)}", text(total)
        if body.most is not None and total > body.most:
            yield module, f"{name} of at most {text(body.most)}", text(total)


FINDERS: Mapping[type, Callable[[Case, Any], Iterator[Finding]]] = {
    RequiredRule: _required,
    AmountRule: _amount,
    ShareRule: _share,
    OrderRule: _order,
    ExclusionRule: _exclusion,
    AtLeastRule: _at_least,
    AtMostRule: _at_most,
    SizeRule: _size,
    RecencyRule: recency,
    RenewalRule: renewal,
    AccreditedRule: accredited,
    ParallelRule: parallel,
    BalanceRule: balance,
}
"""What looks for the breaches of each kind of rule."""
