"""Checks of the calendar, the objectives, the money and the rules of a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    ExclusionRule,
    OrderRule,
    RequiredRule,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
)
from trajectory_engine.validation.competences import check_identifier
from trajectory_engine.validation.faults import Fault, Where, duplicates, out_of_range
from trajectory_engine.validation.modules import MOST_MONEY
from trajectory_engine.validation.references import References, known
from trajectory_engine.validation.vocabulary import CURRENCY, FORMS, LAST_DAY, SEEN


def check_axis(scenario: Scenario) -> Iterator[Fault]:
    """Yield the faults of the calendar, the currency and the objectives."""
    yield from check_identifier(("id",), scenario.id)
    calendar = scenario.calendar
    if calendar.horizon < 1 or any(a >= b for a, b in pairwise(calendar.boundaries)):
        expected = "at least two dates, each later than the one before"
        yield Fault("calendar", ("calendar",), "boundaries that do not rise", expected)
    if any(not 0 <= p < calendar.horizon for p in calendar.blocked):
        expected = f"periods from 0 to {calendar.horizon - 1}"
        yield Fault("off_calendar", ("calendar", "blocked"), "breaks off the calendar", expected)
    yield from duplicates(("calendar", "terms"), (t.id for t in calendar.terms), "term")
    for i, term in enumerate(calendar.terms):
        if not 0 <= term.first < term.last <= calendar.horizon:
            found = f"term {term.id}: periods {term.first} to {term.last}"
            yield Fault("off_calendar", ("calendar", "terms", i), found, "a span of the calendar")
    if not CURRENCY.fullmatch(scenario.currency):
        expected = "an ISO 4217 code of three capital letters such as KZT"
        yield Fault("currency", ("currency",), f"'{scenario.currency}'", expected)
    begins = scenario.fiscal_year
    if not (1 <= begins.month <= 12 and 1 <= begins.day <= LAST_DAY):
        expected = f"a month from 1 to 12 and a day from 1 to {LAST_DAY}"
        found = f"{begins.month:02}-{begins.day:02}"
        yield Fault("fiscal_year", ("fiscal_year",), found, expected)
    names = [o.name for o in scenario.objectives]
    yield from duplicates(("objectives",), names, "objective", "name")
    if not names:
        yield Fault("no_objective", ("objectives",), "no objective", "at least one objective")
    for i, objective in enumerate(scenario.objectives):
        where = ("objectives", i, "tolerance")
        yield from out_of_range(where, "tolerance", objective.tolerance, 0, MOST_MONEY)


def check_eligible(where: Where, body: Fund | Selector, references: References) -> Iterator[Fault]:
    """Yield the faults of what a fund or a selector names."""
    yield from references.module_ids((*where, "modules"), body.modules)
    components = {c.value for c in Component}
    yield from known((*where, "components"), "component", body.components, components)
    yield from known((*where, "forms"), "form", body.forms, set(FORMS))
    providers = references.providers
    yield from known((*where, "providers"), "provider", body.providers, providers)


def check_share(where: Where, share: Share) -> Iterator[Fault]:
    """Yield a fault if a share is not from 0 to 1."""
    if share.denominator < 1 or not 0 <= share.numerator <= share.denominator:
        found = f"{share.numerator}/{share.denominator}"
        yield Fault("share", where, found, "a share from 0 to 1")


def check_standard(scenario: Scenario, references: References) -> Iterator[Fault]:
    """Yield the faults of the rules; what a rule that is not enabled names is not looked up."""
    rules = scenario.standard.rules
    yield from duplicates(("standard", "rules"), (r.id for r in rules), "rule")
    for i, rule in enumerate(rules):
        where: Where = ("standard", "rules", i)
        yield from _check_rule(where, rule)
        yield from _check_numbers((*where, "body"), rule.body)
        if rule.enabled:
            yield from _check_references((*where, "body"), rule.body, references)


def _check_rule(where: Where, rule: Rule) -> Iterator[Fault]:
    yield from check_identifier((*where, "id"), rule.id)
    if rule.seen and rule.seen not in SEEN:
        yield Fault("one_of", (*where, "seen"), f"'{rule.seen}'", f"one of {', '.join(SEEN)}")
    if rule.valid_from and rule.valid_to and rule.valid_from > rule.valid_to:
        found = f"{rule.valid_from} to {rule.valid_to}"
        yield Fault("span", (*where, "valid_to"), found, "a day not before valid_from")


def _check_numbers(where: Where, body: RuleBody) -> Iterator[Fault]:
    if isinstance(body, AtLeastRule):
        yield from out_of_range((*where, "k"), "k", body.k, 1, 10**6)
    if not isinstance(body, AmountRule | ShareRule):
        return
    sides: list[Fraction | int] = []
    for name in ("least", "most"):
        side = getattr(body, name)
        if side is None:
            continue
        if isinstance(side, Share):
            faults = list(check_share((*where, name), side))
        else:
            faults = list(out_of_range((*where, name), name, side, 0, 10**12))
        yield from faults
        if not faults:
            ratio = isinstance(side, Share)
            sides.append(Fraction(side.numerator, side.denominator) if ratio else side)
    if body.least is None and body.most is None:
        yield Fault("no_limit", where, "neither least nor most", "at least one of them")
    if len(sides) == 2 and sides[0] > sides[1]:
        yield Fault("least_above_most", (*where, "least"), "least above most", "least up to most")


def _check_references(where: Where, body: RuleBody, references: References) -> Iterator[Fault]:
    match body:
        case RequiredRule():
            yield from references.module_ids((*where, "modules"), body.modules)
            yield from references.nodes((*where, "nodes"), body.nodes)
            if not body.modules and not body.nodes:
                yield Fault("no_limit", where, "neither modules nor nodes", "one of them")
        case ShareRule():
            yield from _check_selector((*where, "part"), body.part, references)
            yield from _check_selector((*where, "scope"), body.scope, references)
        case OrderRule():
            yield from _check_selector((*where, "before"), body.before, references)
            yield from _check_selector((*where, "after"), body.after, references)
        case AmountRule() | ExclusionRule() | AtLeastRule():
            yield from _check_selector((*where, "scope"), body.scope, references)


def _check_selector(where: Where, selector: Selector, references: References) -> Iterator[Fault]:
    yield from check_eligible(where, selector, references)
    groups = references.groups
    yield from known((*where, "groups"), "group of modules", selector.groups, groups)
