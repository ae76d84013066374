"""Checks of the calendar, the objectives and the money of a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import Selector
from trajectory_engine.validation.competences import check_identifier
from trajectory_engine.validation.faults import Fault, Where, duplicates, out_of_range
from trajectory_engine.validation.modules import MOST_MONEY
from trajectory_engine.validation.references import References, known
from trajectory_engine.validation.vocabulary import CURRENCY, FIRST_YEAR, FORMS, LAST_DAY, LAST_YEAR


def check_axis(scenario: Scenario) -> Iterator[Fault]:
    """Yield the faults of the calendar, the currency and the objectives."""
    yield from check_identifier(("id",), scenario.id)
    calendar = scenario.calendar
    if calendar.horizon < 1 or any(a >= b for a, b in pairwise(calendar.boundaries)):
        expected = "at least two dates, each later than the one before"
        found = "boundaries that do not rise" if calendar.boundaries else "no boundaries"
        yield Fault("calendar", ("calendar",), found, expected)
    years = [day.year for day in calendar.boundaries]
    if years and not FIRST_YEAR <= min(years) <= max(years) <= LAST_YEAR:
        expected = f"dates from {FIRST_YEAR} to {LAST_YEAR}"
        yield Fault("calendar", ("calendar",), f"dates from {min(years)} to {max(years)}", expected)
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
    """Yield what a fund or a selector names that does not exist."""
    yield from references.module_ids((*where, "modules"), body.modules)
    words = {"components": [c.value for c in Component], "forms": list(FORMS)}
    for name, allowed in words.items():
        expected = f"one of {', '.join(allowed)}"
        what = name.removesuffix("s")
        for fault in known((*where, name), what, getattr(body, name), allowed):
            yield replace(fault, expected=expected)
    providers = references.providers
    yield from known((*where, "providers"), "provider", body.providers, providers)


def check_share(where: Where, share: Share) -> Iterator[Fault]:
    """Yield a fault if a share is not from 0 to 1."""
    if share.denominator < 1 or not 0 <= share.numerator <= share.denominator:
        found = f"{share.numerator}/{share.denominator}"
        yield Fault("share", where, found, "a share from 0 to 1")
