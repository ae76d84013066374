"""Rules in time, sizes, records, providers, parallels, balance; soft rules and exceptions.

Each kind with the smallest plan that obeys it and the smallest that does not.  The modules take
one period of a week from Monday 2027-01-18 to 2027-02-28; see :mod:`checks.tiny`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest

from trajectory_engine.checks import Code, score, verify
from trajectory_engine.domain.calendar import Calendar, Term
from trajectory_engine.domain.catalogue import Entry, Module
from trajectory_engine.domain.people import CompletionRecord, Teacher
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.domain.standard import (
    Accreditation,
    AccreditedRule,
    AmountRule,
    AtLeastRule,
    AtMostRule,
    BalanceRule,
    ExclusionRule,
    Measure,
    ParallelRule,
    Qualification,
    RecencyRule,
    RenewalRule,
    RequiredRule,
    RuleBody,
    Selector,
    SizeRule,
    Stretch,
    TimeScope,
)
from trajectory_engine.domain.waivers import Substitution, Waiver

from .builders import MONDAY, mode, module, nodes
from .test_rules import CASES as OLDER_CASES
from .tiny import HORIZON, judged, planned, scenario_of, simple
from .world import result_for

A, B, C = simple("a", "x", group="g"), simple("b", "y", group="g"), simple("c", "z")
LONG = module("l", nodes("Sub[z]@1"), mode("f", 4, 3, provider="u"))
YEAR = TimeScope(Stretch.YEAR, 2)  # February begins with period 2: 2027-02-01 is a Monday
TERM, PERIOD = TimeScope(Stretch.TERM), TimeScope(Stretch.PERIOD)
ALL = Selector()
LAST = MONDAY + timedelta(weeks=HORIZON, days=-1)


def day(period: int, weekday: int = 0) -> date:
    """Return a day of the calendar."""
    return MONDAY + timedelta(weeks=period, days=weekday)


AT_MOST_TWO = AmountRule(Measure.HOURS, most=2, time=YEAR)
BY_A = RenewalRule((), Selector(modules=("a",)))
BEFORE = MONDAY - timedelta(days=1)

CASES: dict[str, tuple[RuleBody, Iterable[Module], dict[str, int], bool]] = {
    "one in each year": (AtLeastRule(1, ALL, YEAR), (A, B), {"a": 1, "b": 2}, True),
    "both in one year": (AtLeastRule(1, ALL, YEAR), (A, B), {"a": 0, "b": 1}, False),
    "most in each year": (AT_MOST_TWO, (A, B), {"a": 1, "b": 2}, True),
    "too much in a year": (AT_MOST_TWO, (A, B), {"a": 4, "b": 5}, False),
    "ends in another year": (AtMostRule(1, ALL, YEAR), (A, LONG), {"a": 1, "l": 0}, True),
    "ends in the same year": (AtMostRule(1, ALL, YEAR), (A, LONG), {"a": 2, "l": 0}, False),
    "a term without a module": (AtLeastRule(1, ALL, TERM), (A, B), {"a": 0, "b": 1}, False),
    "a module in each term": (AtLeastRule(1, ALL, TERM), (A, B), {"a": 0, "b": 4}, True),
    "between the terms": (AtLeastRule(1, ALL, TERM), (A, B), {"a": 0, "b": 3}, False),
    "ends in other periods": (ExclusionRule(ALL, PERIOD), (A, B), {"a": 0, "b": 1}, True),
    "end in one period": (ExclusionRule(ALL, PERIOD), (A, B), {"a": 1, "b": 1}, False),
    "two of at most two": (AtMostRule(2, ALL), (A, B, C), {"a": 0, "b": 0}, True),
    "three of at most two": (AtMostRule(2, ALL), (A, B, C), {"a": 0, "b": 0, "c": 0}, False),
    "none of a forbidden scope": (AtMostRule(0, Selector(modules=("a",))), (A, B), {"b": 0}, True),
    "module large enough": (SizeRule(Measure.HOURS, least=2), (A,), {"a": 0}, True),
    "module too small": (SizeRule(Measure.HOURS, least=3), (A,), {"a": 0}, False),
    "module too large": (SizeRule(Measure.HOURS, most=1), (A,), {"a": 0}, False),
    "group large enough": (
        SizeRule(Measure.HOURS, 4, None, Qualification.GROUP), (A, B), {"a": 0, "b": 0}, True
    ),
    "group too small": (
        SizeRule(Measure.HOURS, 4, None, Qualification.GROUP), (A, B), {"a": 0}, False
    ),
    "group too large": (
        SizeRule(Measure.HOURS, None, 3, Qualification.GROUP), (A, B), {"a": 0, "b": 0}, False
    ),
    "no group, no size": (
        SizeRule(Measure.HOURS, 4, None, Qualification.GROUP), (C,), {"c": 0}, True
    ),
    "one at a time": (ParallelRule(1), (A, LONG), {"a": 3, "l": 0}, True),
    "two at a time": (ParallelRule(1), (A, LONG), {"a": 2, "l": 0}, False),
    "accredited provider": (AccreditedRule((Accreditation("u"),)), (LONG,), {"l": 0}, True),
    "other provider": (AccreditedRule((Accreditation("v"),)), (LONG,), {"l": 0}, False),
    "accredited on all days": (
        AccreditedRule((Accreditation("u", day(1), day(3, 6)),)), (LONG,), {"l": 1}, True
    ),
    "accredited a day too late": (
        AccreditedRule((Accreditation("u", day(1, 1)),)), (LONG,), {"l": 1}, False
    ),
    "accreditation ends a day early": (
        AccreditedRule((Accreditation("u", None, day(3, 5)),)), (LONG,), {"l": 1}, False
    ),
    # x at 1 of 3 topics to level 3, technique at 0 of 3: 1/9 against 0
    "in balance": (BalanceRule(12), (A,), {"a": 0}, True),
    "out of balance": (BalanceRule(11), (A,), {"a": 0}, False),
    "recent enough": (RecencyRule(Measure.HOURS, 2, 1), (A,), {"a": 3}, True),
    "too long ago": (RecencyRule(Measure.HOURS, 2, 1), (A,), {"a": 0}, False),
    "after the day it is judged": (
        RecencyRule(Measure.HOURS, 2, 1, by=day(3)), (A,), {"a": 3}, False
    ),
}  # fmt: skip


def scenario(modules: Iterable[Module], body: RuleBody, **teacher: object) -> Scenario:
    """Return a scenario with two terms, periods 0-2 and 4-5."""
    terms = (Term("t1", 0, 3), Term("t2", 4, HORIZON))
    person = replace(Teacher("T", hours=(20,) * HORIZON), **teacher)  # type: ignore[arg-type]
    base = scenario_of(modules, body, teacher=person)
    return replace(base, calendar=Calendar.weeks(MONDAY, HORIZON, (), terms))


@pytest.mark.parametrize("name", CASES)
def test_rule(name: str) -> None:
    body, modules, starts, obeyed = CASES[name]
    found = judged(scenario(modules, body), starts)
    assert {code for code, _ in found} == (set() if obeyed else {"R0"})


def record(name: str, finished: date | None = None, **more: object) -> CompletionRecord:
    """Return a record."""
    return CompletionRecord(name, finished, **more)  # type: ignore[arg-type]


RECENT = RecencyRule(Measure.HOURS, 6, 12)
PAST: dict[str, tuple[RuleBody, tuple[CompletionRecord, ...], dict[str, int], bool]] = {
    "records alone": (RECENT, (record("old", date(2026, 6, 1), hours=6),), {}, True),
    "records and steps": (RECENT, (record("old", date(2026, 6, 1), hours=4),), {"a": 0}, True),
    "an hour short": (RECENT, (record("old", date(2026, 6, 1), hours=3),), {"a": 0}, False),
    "first day of the window": (RECENT, (record("old", date(2026, 3, 1), hours=6),), {}, True),
    "a day before the window": (RECENT, (record("old", date(2026, 2, 28), hours=6),), {}, False),
    "without a date": (RECENT, (record("old", None, hours=6),), {}, False),
    "figure of the catalogue": (
        RecencyRule(Measure.HOURS, 2, 12), (record("b", date(2026, 6, 1)),), {}, True
    ),
    "own figure first": (
        RecencyRule(Measure.HOURS, 3, 12), (record("b", date(2026, 6, 1), hours=3),), {}, True
    ),
    "scope by its own group": (
        RecencyRule(Measure.MODULES, 1, 12, Selector(groups=("q",))),
        (record("old", date(2026, 6, 1), hours=1, group="q"),), {}, True,
    ),
    "outside the scope": (
        RecencyRule(Measure.MODULES, 1, 12, Selector(groups=("q",))),
        (record("old", date(2026, 6, 1), hours=1),), {}, False,
    ),
    "renewed in time": (
        BY_A, (record("card", expires=day(2, 6)),), {"a": 2}, True
    ),
    "renewed too late": (
        BY_A, (record("card", expires=day(2, 5)),), {"a": 2}, False
    ),
    "not renewed": (
        RenewalRule(("card",), Selector(modules=("a",))), (record("card", expires=LAST),), {}, False
    ),
    "lapses later": (
        RenewalRule(), (record("card", expires=LAST + timedelta(days=1)),), {}, True
    ),
    "the later record counts": (
        RenewalRule(), (record("card", expires=day(1)), record("card", expires=None)), {}, True
    ),
    "of another record": (RenewalRule(("diploma",)), (record("card", expires=day(1)),), {}, True),
    "renewed by itself": (RenewalRule(), (record("a", expires=day(4)),), {"a": 0}, True),
    "lapsed before": (RenewalRule(), (record("a", expires=date(2026, 1, 1)),), {"a": 5}, True),
}  # fmt: skip


@pytest.mark.parametrize("name", PAST)
def test_rule_that_looks_at_the_past(name: str) -> None:
    body, records, starts, obeyed = PAST[name]
    found = judged(scenario((A, B), body, records=records), starts)
    assert {code for code, _ in found} == (set() if obeyed else {"R0"})


def soft(scenario: Scenario) -> Scenario:
    """Return the scenario with its rules soft at weight 3, and counted."""
    rules = tuple(replace(r, hard=False, weight=3) for r in scenario.standard.rules)
    objectives = (*scenario.objectives, ObjectiveSpec(ObjectiveName.SOFT_RULES))
    standard = replace(scenario.standard, rules=rules)
    return replace(scenario, standard=standard, objectives=objectives)


@pytest.mark.parametrize("name", CASES)
def test_a_soft_rule_is_listed_and_priced_iff_it_is_broken(name: str) -> None:
    body, modules, starts, obeyed = CASES[name]
    facts = soft(scenario(modules, body))
    plan = planned(facts, starts)
    assert score(facts, plan)["soft_rules"] == (0 if obeyed else 3)
    for claimed in ((), ("R0",)):
        result = result_for(facts, replace(plan, broken_rules=claimed))
        honest = bool(claimed) is not obeyed
        assert [v.rule for v in verify(facts, result)] == [Code.BROKEN_RULES] * (not honest)


@pytest.mark.parametrize(
    ("who", "until", "waived"),
    [("T", MONDAY, True), ("*", LAST, True), ("U", LAST, False), ("T", BEFORE, False)],
)
def test_a_waiver_excuses_its_teacher_until_it_ends(who: str, until: date, waived: bool) -> None:
    facts = scenario((A,), AtMostRule(0, ALL))
    facts = replace(facts, waivers=(Waiver(who, "R0", "why", "dean", until),))
    assert judged(facts, {"a": 0}) == ([] if waived else [("R0", "")])


@pytest.mark.parametrize(
    ("who", "until", "counts"),
    [("T", LAST, True), ("U", LAST, False), ("T", BEFORE, False)],
)
def test_a_substitution_satisfies_required_and_entry(who: str, until: date, counts: bool) -> None:
    later = replace(C, entry=Entry((), ("a",)))
    facts = scenario((A, B, later), RequiredRule(("a",)))
    facts = replace(facts, substitutions=(Substitution(who, "b", "a", "why", "dean", until),))
    found = judged(facts, {"b": 0, "c": 1})
    assert {code for code, _ in found} == (set() if counts else {"R0", Code.ENTRY})


def test_a_record_may_be_substituted() -> None:
    facts = scenario((A,), RequiredRule(("a",)), records=(record("old", hours=1),))
    assert judged(facts, {}) == [("R0", "a")]
    granted = Substitution("T", "old", "a", "why", "dean", LAST)
    assert judged(replace(facts, substitutions=(granted,)), {}) == []


def test_the_first_version_that_is_valid_on_the_calendar_binds() -> None:
    facts = scenario((A,), AtMostRule(0, ALL))
    (rule,) = facts.standard.rules
    milder = replace(rule, body=AtMostRule(1, ALL), valid_from=day(3))
    strict = replace(rule, valid_to=day(2, 6))
    versions = replace(facts.standard, rules=(milder, strict))
    assert judged(replace(facts, standard=versions), {"a": 0}) == [("R0", "")]
    ended = replace(facts.standard, rules=(milder, replace(strict, valid_to=date(2026, 1, 1))))
    assert judged(replace(facts, standard=ended), {"a": 0}) == []


def test_every_kind_is_obeyed_by_one_plan_and_broken_by_another() -> None:
    tables = (CASES, PAST, OLDER_CASES)
    cases = [(type(case[0]), case[-1]) for table in tables for case in table.values()]
    assert set(cases) == {(kind, obeyed) for kind in get_args(RuleBody) for obeyed in (True, False)}
