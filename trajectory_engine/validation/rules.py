"""Checks of the rules of a standard, one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from fractions import Fraction

from trajectory_engine.domain.funding import Share
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AccreditedRule,
    AmountRule,
    AtLeastRule,
    AtMostRule,
    BalanceRule,
    Measure,
    Over,
    ParallelRule,
    RecencyRule,
    RequiredRule,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
    SizeRule,
    Stretch,
    TimeScope,
)
from trajectory_engine.validation.competences import MOST, check_identifier
from trajectory_engine.validation.contradictions import find_contradictions
from trajectory_engine.validation.faults import Fault, Where, out_of_range
from trajectory_engine.validation.limits import check_eligible, check_share
from trajectory_engine.validation.references import References, known
from trajectory_engine.validation.vocabulary import SEEN

MOST_AMOUNT = 10**12
MOST_MONTHS = 600
RECORDED = (Measure.HOURS, Measure.CREDITS, Measure.MODULES)
"""Measures that a completion record can state."""


def check_standard(scenario: Scenario, references: References) -> Iterator[Fault]:
    """Yield the faults of the rules; what a rule that is not enabled names is not looked up.

    Contradictions are looked for between rules that are sound by themselves.
    """
    yield from _check_versions(scenario.standard.rules)
    faulty: set[str] = set()
    for i, rule in enumerate(scenario.standard.rules):
        where: Where = ("standard", "rules", i)
        yield from _check_rule(where, rule)
        faults = list(_check_body((*where, "body"), rule, scenario, references))
        faulty |= {rule.id for _ in faults}
        yield from faults
    for contradiction in find_contradictions(scenario):
        if faulty.isdisjoint(contradiction.rules):
            yield contradiction.fault


def _check_body(
    where: Where, rule: Rule, scenario: Scenario, references: References
) -> Iterator[Fault]:
    yield from _check_numbers(where, rule.body)
    if rule.enabled:
        yield from _check_references(where, rule.body, references)
    if rule in scenario.binding_rules:
        yield from _check_days(where, rule.body, scenario)


def _check_versions(rules: tuple[Rule, ...]) -> Iterator[Fault]:
    """Yield the rules whose id another one has at the same time."""
    versions: defaultdict[str, list[Rule]] = defaultdict(list)
    for i, rule in enumerate(rules):
        where: Where = ("standard", "rules", i, "id")
        for other in versions[rule.id]:
            if _validity(rule)[0] > _validity(other)[1] or _validity(other)[0] > _validity(rule)[1]:
                continue
            if rule.valid_from is None and rule.valid_to is None:
                yield Fault("duplicate_id", where, f"rule '{rule.id}' twice", "it once")
            else:
                found = f"two versions of rule '{rule.id}' valid at the same time"
                yield Fault("overlapping_validity", where, found, "versions that follow each other")
            break
        versions[rule.id].append(rule)


def _validity(rule: Rule) -> tuple[date, date]:
    return rule.valid_from or date.min, rule.valid_to or date.max


def _check_rule(where: Where, rule: Rule) -> Iterator[Fault]:
    yield from check_identifier((*where, "id"), rule.id)
    if rule.seen and rule.seen not in SEEN:
        yield Fault("one_of", (*where, "seen"), f"'{rule.seen}'", f"one of {', '.join(SEEN)}")
    yield from _check_span((*where, "valid_to"), rule.valid_from, rule.valid_to)
    yield from out_of_range((*where, "weight"), "weight", rule.weight, 1, MOST)


def _check_span(where: Where, first: date | None, last: date | None) -> Iterator[Fault]:
    if first and last and first > last:
        yield Fault("span", where, f"{first} to {last}", "a day not before valid_from")


def _check_numbers(where: Where, body: RuleBody) -> Iterator[Fault]:
    time = getattr(body, "time", None)
    if isinstance(time, TimeScope):
        here = (*where, "time", "year_starts")
        yield from out_of_range(here, "year_starts", time.year_starts, 1, 12)
        yield from _check_stretches((*where, "time"), body, time)
    match body:
        case AmountRule() | ShareRule() | SizeRule():
            yield from _check_range(where, body)
        case AtLeastRule(k=k):
            yield from out_of_range((*where, "k"), "k", k, 1, MOST)
        case AtMostRule(k=k):
            yield from out_of_range((*where, "k"), "k", k, 0, MOST)
        case ParallelRule(most=most):
            yield from out_of_range((*where, "most"), "most", most, 1, MOST)
        case BalanceRule(tolerance=int(tolerance)):
            yield from out_of_range((*where, "tolerance"), "tolerance", tolerance, 0, 100)
        case RecencyRule():
            yield from out_of_range((*where, "least"), "least", body.least, 1, MOST_AMOUNT)
            yield from out_of_range((*where, "months"), "months", body.months, 1, MOST_MONTHS)
            if body.measure not in RECORDED:
                expected = f"one of {', '.join(RECORDED)}: what a record states"
                yield Fault("one_of", (*where, "measure"), f"'{body.measure}'", expected)
        case AccreditedRule():
            if not body.providers:
                yield Fault("no_limit", where, "no provider", "at least one provider")
            for i, entry in enumerate(body.providers):
                here = (*where, "providers", i, "valid_to")
                yield from _check_span(here, entry.valid_from, entry.valid_to)
        case _:
            pass


def _check_stretches(where: Where, body: RuleBody, time: TimeScope) -> Iterator[Fault]:
    """Yield that nothing depends on which stretches are used: no least amount, or one stretch."""
    field = "except_last" if time.over is Over.ALL else "over"
    has_least = isinstance(body, AtLeastRule) or getattr(body, "least", None) is not None
    if time.is_conditional and (time.per is Stretch.PLAN or not has_least):
        found = (
            f"'{field}' for the whole plan" if has_least else f"'{field}' without a least amount"
        )
        yield Fault("stretches", (*where, field), found, "a least amount per year, term or period")


def _check_range(where: Where, body: AmountRule | ShareRule | SizeRule) -> Iterator[Fault]:
    sides: list[Fraction | int] = []
    for name in ("least", "most"):
        side = getattr(body, name)
        if side is None:
            continue
        if isinstance(side, Share):
            faults = list(check_share((*where, name), side))
        else:
            faults = list(out_of_range((*where, name), name, side, 0, MOST_AMOUNT))
        yield from faults
        if not faults:
            ratio = isinstance(side, Share)
            sides.append(Fraction(side.numerator, side.denominator) if ratio else side)
    if body.least is None and body.most is None:
        yield Fault("no_limit", where, "neither least nor most", "at least one of them")
    if len(sides) == 2 and sides[0] > sides[1]:
        found = f"least {_side(body, body.least)} above most {_side(body, body.most)}"
        yield Fault("least_above_most", (*where, "least"), found, "a least not above the most")


def _side(body: AmountRule | ShareRule | SizeRule, side: Share | int | None) -> str:
    return side.text if isinstance(side, Share) else body.measure.text(side or 0)


def _check_references(where: Where, body: RuleBody, references: References) -> Iterator[Fault]:
    if isinstance(body, RequiredRule):
        yield from references.module_ids((*where, "modules"), body.modules)
        yield from references.nodes((*where, "nodes"), body.nodes)
        if not body.modules and not body.nodes:
            yield Fault("no_limit", where, "neither modules nor nodes", "one of them")
    for field in fields(body):
        selector = getattr(body, field.name)
        if isinstance(selector, Selector):
            yield from _check_selector((*where, field.name), selector, references)


def _check_selector(where: Where, selector: Selector, references: References) -> Iterator[Fault]:
    yield from check_eligible(where, selector, references)
    groups = references.groups
    yield from known((*where, "groups"), "group of modules", selector.groups, groups)


def _check_days(where: Where, body: RuleBody, scenario: Scenario) -> Iterator[Fault]:
    """Yield the faults of a rule that binds on the scenario's calendar."""
    time = getattr(body, "time", None)
    if time is not None and time.per is Stretch.TERM and not scenario.calendar.terms:
        found = "a rule per term, but a calendar without terms"
        yield Fault("no_terms", (*where, "time"), found, "terms in the calendar")
    by = body.by if isinstance(body, RecencyRule) else None
    if by is not None and scenario.calendar.period_of(by) is None:
        first, after = scenario.calendar.boundaries[0], scenario.calendar.boundaries[-1]
        yield Fault("off_calendar", (*where, "by"), str(by), f"a day from {first}, before {after}")
