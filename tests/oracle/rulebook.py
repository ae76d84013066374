"""Whether a plan keeps a rule of a standard, worked out from the semantics alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from oracle.knowledge import Knowledge
from oracle.offers import Offer, covered, done, standing_in
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.people import CompletionRecord, Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AccreditedRule,
    AmountRule,
    AtLeastRule,
    AtMostRule,
    BalanceRule,
    ExclusionRule,
    OrderRule,
    ParallelRule,
    RecencyRule,
    RenewalRule,
    RequiredRule,
    Rule,
    Selector,
    ShareRule,
    SizeRule,
)


@dataclass(frozen=True)
class Outcome:
    """What a plan comes to.

    Attributes
    ----------
    steps : sequence of (Offer, int)
        With their starts, which matter to dated rules only.
    formed : int
        Nodes formed at the end.
    """

    scenario: Scenario
    teacher: Teacher
    knowledge: Knowledge
    steps: Sequence[tuple[Offer, int]]
    formed: int

    @property
    def offers(self) -> list[Offer]:
        """What is taken."""
        return [offer for offer, _ in self.steps]


def rules_for(scenario: Scenario, teacher: Teacher) -> list[Rule]:
    """Return the rules that bind a teacher on the scenario's calendar."""
    first = scenario.calendar.boundaries[0]
    last = last_day(scenario)
    waived = {
        w.rule for w in scenario.waivers if w.teacher in ("*", teacher.id) and w.until >= first
    }
    found: dict[str, Rule] = {}
    for rule in scenario.standard.rules:
        starts, ends = rule.valid_from or date(1, 1, 1), rule.valid_to or date(9999, 1, 1)
        if not rule.enabled or starts > last or ends < first or rule.id in waived:
            continue
        before = found.get(rule.id)
        if before is None or starts < (before.valid_from or date(1, 1, 1)):
            found[rule.id] = rule
    return list(found.values())


def last_day(scenario: Scenario) -> date:
    """Return the last day of the calendar."""
    return scenario.calendar.boundaries[-1] - timedelta(days=1)


def day_of_end(scenario: Scenario, end: int) -> date:
    """Return the last day of a step that ends in an instant; at instant 0 the first day."""
    boundaries = scenario.calendar.boundaries
    return boundaries[end] - timedelta(days=1) if end else boundaries[0]


def needs_calendar(rule: Rule) -> bool:
    """Return whether it takes the starts of the steps to judge a rule."""
    body = rule.body
    if isinstance(body, AmountRule | AtLeastRule | AtMostRule | ExclusionRule):
        return body.time.per != "plan"
    return isinstance(body, OrderRule | ParallelRule | RenewalRule | AccreditedRule | RecencyRule)


def keeps(rule: Rule, outcome: Outcome) -> bool:
    """Return whether a plan keeps a rule."""
    return JUDGES[type(rule.body)](rule.body, outcome)


def size(measure: str, offer: Offer) -> int:
    """Return what a taken mode counts in a measure."""
    return 1 if measure == "modules" else int(getattr(offer.mode, measure))


def inside(selector: Selector, outcome: Outcome) -> list[tuple[Offer, int]]:
    """Return the steps that a selector covers."""
    return [(o, s) for o, s in outcome.steps if covered(selector, o.module, o.mode)]


def heaps(body: Any, outcome: Outcome) -> Iterable[list[Offer]]:
    """Return the covered modules of every stretch of time of a rule."""
    steps = inside(body.scope, outcome)
    calendar = outcome.scenario.calendar
    last = [max(s + o.mode.duration - 1, 0) for o, s in steps]
    days = [day_of_end(outcome.scenario, s + o.mode.duration) for o, s in steps]
    if body.time.per == "plan":
        return [[o for o, _ in steps]]
    if body.time.per == "term":
        spans = [range(t.first, t.last) for t in calendar.terms]
        return [[o for (o, _), p in zip(steps, last, strict=True) if p in span] for span in spans]
    if body.time.per == "period":
        periods = range(len(calendar.boundaries) - 1)
        return [[o for (o, _), p in zip(steps, last, strict=True) if p == q] for q in periods]
    month = body.time.year_starts
    first_year = calendar.boundaries[0].year - 1
    spans_of_days = [
        (date(y, month, 1), date(y + 1, month, 1)) for y in range(first_year, first_year + 4)
    ]
    on_axis = [
        (a, b)
        for a, b in spans_of_days
        if b > calendar.boundaries[0] and a <= last_day(outcome.scenario)
    ]
    return [
        [o for (o, _), day in zip(steps, days, strict=True) if a <= day < b] for a, b in on_axis
    ]


def least_heaps(body: Any, outcome: Outcome) -> list[list[Offer]]:
    """Return the covered modules of the stretches in which a least amount holds."""
    mine = list(heaps(body, outcome))
    everything = list(heaps(replace(body, scope=Selector()), outcome))
    used = [i for i, heap in enumerate(everything) if heap]
    held = used if body.time.over == "used" else list(range(len(mine)))
    if body.time.except_last:
        held = [i for i in held if used and i < used[-1]]
    return [mine[i] for i in held]


def required(body: RequiredRule, outcome: Outcome) -> bool:
    """Judge modules and nodes that are required."""
    scenario, teacher = outcome.scenario, outcome.teacher
    present = {o.module.id for o in outcome.offers} | done(scenario, teacher)
    mask = outcome.knowledge.mask(body.nodes)
    return mask & outcome.formed == mask and all(
        standing_in(scenario, m, teacher) & present for m in body.modules
    )


def amount(body: AmountRule, outcome: Outcome) -> bool:
    """Judge a sum in every stretch of time."""

    def totals(found: Iterable[list[Offer]]) -> list[int]:
        return [sum(size(body.measure.value, o) for o in heap) for heap in found]

    low, high = body.least, body.most
    return all(low is None or low <= x for x in totals(least_heaps(body, outcome))) and all(
        high is None or x <= high for x in totals(heaps(body, outcome))
    )


def share(body: ShareRule, outcome: Outcome) -> bool:
    """Judge a share."""
    whole = [o for o, _ in inside(body.scope, outcome)]
    part = [o for o in whole if covered(body.part, o.module, o.mode)]
    all_of_it = sum(size(body.measure.value, o) for o in whole)
    of_part = sum(size(body.measure.value, o) for o in part)
    if not all_of_it:
        return True
    ratio = Fraction(of_part, all_of_it)
    low, high = body.least, body.most
    return (low is None or Fraction(low.numerator, low.denominator) <= ratio) and (
        high is None or ratio <= Fraction(high.numerator, high.denominator)
    )


def order(body: OrderRule, outcome: Outcome) -> bool:
    """Judge an order."""
    return not any(
        first is not second
        and covered(body.before, first.module, first.mode)
        and covered(body.after, second.module, second.mode)
        and start + first.mode.duration > later
        for first, start in outcome.steps
        for second, later in outcome.steps
    )


def sizes(body: SizeRule, outcome: Outcome) -> bool:
    """Judge the size of every module or group."""
    steps = [o for o, _ in inside(body.scope, outcome)]
    if body.each == "group":
        groups = {o.module.group for o in steps} - {""}
        parts = [[o for o in steps if o.module.group == g] for g in groups]
    else:
        parts = [[o] for o in steps]
    totals = [sum(size(body.measure.value, o) for o in part) for part in parts]
    low = body.least or 0
    return all(low <= total <= (total if body.most is None else body.most) for total in totals)


def back(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month."""
    index = day.year * 12 + day.month - 1 - months
    for day_of_month in range(day.day, 0, -1):
        try:
            return date(index // 12, index % 12 + 1, day_of_month)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def recency(body: RecencyRule, outcome: Outcome) -> bool:
    """Judge what was done in the last months."""
    scenario = outcome.scenario
    judged = body.by or last_day(scenario)
    total = 0
    for record in outcome.teacher.records:
        if record.finished and back(judged, body.months) < record.finished <= judged:
            total += worth(body, record, scenario)
    for offer, start in inside(body.scope, outcome):
        day = day_of_end(scenario, start + offer.mode.duration)
        if back(judged, body.months) < day <= judged:
            total += size(body.measure.value, offer)
    return total >= body.least


def worth(body: RecencyRule, record: CompletionRecord, scenario: Scenario) -> int:
    """Return what a record counts, 0 if the scope does not cover it."""
    module = next((m for m in scenario.modules if m.id == record.module), None)
    scope = body.scope
    component = str(module.component) if module else record.component
    group = module.group if module else record.group
    if (
        (scope.modules and record.module not in scope.modules)
        or (scope.components and component not in scope.components)
        or (scope.groups and group not in scope.groups)
        or (scope.forms and record.form not in scope.forms)
        or (scope.providers and record.provider not in scope.providers)
    ):
        return 0
    if body.measure == "modules":
        return 1
    own = record.credits if body.measure == "credits" else record.hours
    if own is not None:
        return own
    return min(int(getattr(k, body.measure.value)) for k in module.modes) if module else 0


def renewal(body: RenewalRule, outcome: Outcome) -> bool:
    """Judge whether what lapses is renewed."""
    scenario = outcome.scenario
    names = {r.module for r in outcome.teacher.records if not body.records} | set(body.records)
    for name in names:
        ends = [r.expires for r in outcome.teacher.records if r.module == name]
        if not ends or None in ends:
            continue
        expires = max(e for e in ends if e is not None)
        if expires > last_day(scenario):
            continue
        by = Selector(modules=(name,)) if body.by is None else body.by
        renewed = [
            day_of_end(scenario, s + o.mode.duration) <= expires
            or expires < scenario.calendar.boundaries[0]
            for o, s in inside(by, outcome)
        ]
        if not any(renewed):
            return False
    return True


def accredited(body: AccreditedRule, outcome: Outcome) -> bool:
    """Judge the providers."""
    scenario = outcome.scenario
    for offer, start in inside(body.scope, outcome):
        last = day_of_end(scenario, start + offer.mode.duration)
        first = scenario.calendar.boundaries[start] if offer.mode.duration else last
        if not any(
            a.provider == offer.mode.provider
            and (a.valid_from is None or a.valid_from <= first)
            and (a.valid_to is None or a.valid_to >= last)
            for a in body.providers
        ):
            return False
    return True


def parallel(body: ParallelRule, outcome: Outcome) -> bool:
    """Judge how many run at once."""
    steps = inside(body.scope, outcome)
    return all(
        sum(s <= p < s + o.mode.duration for o, s in steps) <= body.most
        for p in range(len(outcome.scenario.calendar.boundaries))
    )


def balance(body: BalanceRule, outcome: Outcome) -> bool:
    """Judge the pyramid."""
    model, knowledge = outcome.scenario.model, outcome.knowledge
    tolerance = Fraction(model.balance_tolerance if body.tolerance is None else body.tolerance, 100)
    shares: list[Fraction | None] = []
    for elements in (model.subject, model.pedagogical, model.social):
        reached = highest = 0
        for element in elements:
            formed = [
                lv
                for lv in element.levels
                if knowledge.bit[NodeRef(element.key, lv)] & outcome.formed
            ]
            reached += element.weight * max(formed, default=0)
            highest += element.weight * max(element.levels)
        shares.append(Fraction(reached, highest) if elements else None)
    subject, pedagogical, social = shares
    if subject is not None and pedagogical is not None and abs(subject - pedagogical) > tolerance:
        return False
    sides = [d for d in (subject, pedagogical) if d is not None]
    return social is None or all(social >= d - tolerance for d in sides)


JUDGES: dict[type, Callable[[Any, Outcome], bool]] = {
    RequiredRule: required,
    AmountRule: amount,
    ShareRule: share,
    OrderRule: order,
    ExclusionRule: lambda body, outcome: all(len(heap) <= 1 for heap in heaps(body, outcome)),
    AtLeastRule: lambda body, outcome: all(len(h) >= body.k for h in least_heaps(body, outcome)),
    AtMostRule: lambda body, outcome: all(len(h) <= body.k for h in heaps(body, outcome)),
    SizeRule: sizes,
    RecencyRule: recency,
    RenewalRule: renewal,
    AccreditedRule: accredited,
    ParallelRule: parallel,
    BalanceRule: balance,
}
