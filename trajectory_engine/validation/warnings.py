"""What is odd but allowed: reported, and then planned all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from trajectory_engine.domain.levels import round_down
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.standard import (
    WHOLE_PLAN,
    AccreditedRule,
    RenewalRule,
    Selector,
    Stretch,
)
from trajectory_engine.domain.waivers import Substitution, Waiver
from trajectory_engine.validation.faults import Fault, Where


def find_warnings(scenario: Scenario) -> tuple[Fault, ...]:
    """Return the oddities of rules, waivers and substitutions."""
    return (
        *_rules(scenario),
        *_renewals(scenario),
        *_exceptions(scenario),
        *_soft_rules(scenario),
        *_empty_rules(scenario),
        *_rules_without_effect(scenario),
        *_words(scenario),
        *_givers_of_nothing(scenario),
        *_rounded_recognition(scenario),
    )


def _rules(scenario: Scenario) -> Iterator[Fault]:
    first = scenario.calendar.boundaries[0]
    for i, rule in enumerate(scenario.standard.rules):
        if rule.enabled and not rule.citation.strip():
            where = ("standard", "rules", i, "citation")
            found = f"rule {rule.id} without a citation"
            yield Fault("no_citation", where, found, "the act or the decision that it comes from")
        if rule.enabled and rule.valid_to is not None and rule.valid_to < first:
            where = ("standard", "rules", i, "valid_to")
            found = f"rule {rule.id} ended on {rule.valid_to} and binds nobody"
            yield Fault("rule_ended", where, found, f"a day not before {first}")


def _renewals(scenario: Scenario) -> Iterator[Fault]:
    """Yield the records that lapse, are to be renewed by themselves, and are no modules."""
    last = scenario.calendar.end_date(scenario.calendar.horizon)
    for rule in scenario.binding_rules:
        if not isinstance(rule.body, RenewalRule) or rule.body.by is not None:
            continue
        for i, teacher in enumerate(scenario.teachers):
            for k, record in enumerate(teacher.records):
                named = not rule.body.records or record.module in rule.body.records
                if named and record.lapses_by(last) and record.module not in scenario.module_by_id:
                    found = f"rule {rule.id} has {record.module} renewed, which is no module"
                    where = ("teachers", i, "records", k, "expires")
                    yield Fault("nothing_renews", where, found, "modules under by in the rule")


def _exceptions(scenario: Scenario) -> Iterator[Fault]:
    first = scenario.calendar.boundaries[0]
    exceptions: tuple[tuple[str, tuple[Waiver | Substitution, ...]], ...] = (
        ("waivers", scenario.waivers),
        ("substitutions", scenario.substitutions),
    )
    for name, items in exceptions:
        for i, item in enumerate(items):
            if not scenario.in_force(item):
                about = f"of rule {item.rule}" if isinstance(item, Waiver) else f"by {item.module}"
                kind = name.removesuffix("s")
                found = f"the {kind} {about} for {item.teacher} ended on {item.until}"
                where = (name, i, "until")
                yield Fault(f"{kind}_expired", where, f"{found} and is ignored", f"from {first} on")


def _soft_rules(scenario: Scenario) -> Iterator[Fault]:
    listed = {o.name for o in scenario.objectives}
    soft = [r.id for r in scenario.binding_rules if not r.hard]
    if soft and ObjectiveName.SOFT_RULES not in listed:
        found = f"soft rules {', '.join(soft)} steer nothing: soft_rules is no objective"
        yield Fault("soft_rules_unlisted", ("objectives",), found, "soft_rules in the list")


def _empty_rules(scenario: Scenario) -> Iterator[Fault]:
    """Yield a standard without rules, and rules that look at no mode of any module."""
    standard = scenario.standard
    if standard.id and not standard.rules:
        found = f"the standard {standard.id} has no rule"
        yield Fault("no_rules", ("standard", "rules"), found, "at least one rule")
    binding = scenario.binding_rules
    for i, rule in enumerate(standard.rules):
        for field in fields(rule.body) if rule in binding else ():
            selector = getattr(rule.body, field.name)
            if isinstance(selector, Selector) and not _covers_anything(selector, scenario):
                where = ("standard", "rules", i, "body", field.name)
                found = f"rule {rule.id} looks at no module in any mode: nothing fits its scope"
                yield Fault("rule_covers_nothing", where, found, "a scope that covers something")


def _covers_anything(selector: Selector, scenario: Scenario) -> bool:
    return any(selector.covers(m, k) for m in scenario.modules for k in m.modes)


def _words(scenario: Scenario) -> Iterator[Fault]:
    """Yield languages and technologies of teachers that no module knows: misspelt, probably."""
    modes = [k for m in scenario.modules for k in m.modes]
    languages = {k.language for k in modes if k.language}
    technologies = {t for k in modes for t in k.technologies}
    for i, teacher in enumerate(scenario.teachers):
        for name, words, used in (
            ("languages", teacher.languages, languages),
            ("technologies", teacher.technologies or (), technologies),
        ):
            for k, word in enumerate(words):
                if word not in used:
                    what = name.removesuffix("ies") + "y" if name[-3:] == "ies" else name[:-1]
                    found = f"{what} '{word}' of teacher {teacher.id}, which no module uses"
                    expected = f"one of {', '.join(sorted(used))}" if used else f"no {what}"
                    yield Fault("unused_word", ("teachers", i, name, k), found, expected)


def _rules_without_effect(scenario: Scenario) -> Iterator[Fault]:
    """Yield weights that nobody looks at, and names in rules that nothing answers to."""
    offered = {k.provider for m in scenario.modules for k in m.modes}
    recorded = {r.module for t in scenario.teachers for r in t.records}
    binding = scenario.binding_rules
    for i, rule in enumerate(scenario.standard.rules):
        where = ("standard", "rules", i)
        if rule.hard and rule.weight != 1:
            found = f"rule {rule.id} is hard: its weight {rule.weight} counts nowhere"
            yield Fault("weight_of_hard_rule", (*where, "weight"), found, "a weight of soft rules")
        if rule not in binding:
            continue
        body = rule.body
        time = getattr(body, "time", WHOLE_PLAN)
        if time.year_starts != 1 and time.per is not Stretch.YEAR:
            found = f"rule {rule.id} says when a year starts, and holds per {time.per}"
            yield Fault("no_years", (*where, "body", "time", "year_starts"), found, "per: year")
        if isinstance(body, AccreditedRule) and offered.isdisjoint(
            entry.provider for entry in body.providers
        ):
            names = ", ".join(entry.provider for entry in body.providers)
            found = f"rule {rule.id} lists providers of no module: {names}"
            yield Fault("unused_word", (*where, "body", "providers"), found, "a known provider")
        if isinstance(body, RenewalRule):
            for k, record in enumerate(body.records):
                if record not in recorded:
                    found = f"rule {rule.id} renews {record}, of which nobody has a record"
                    here = (*where, "body", "records", k)
                    yield Fault("unused_word", here, found, "the id of a record")


def _givers_of_nothing(scenario: Scenario) -> Iterator[Fault]:
    """Yield funds that pay nothing, and waivers, substitutions and certificates given twice."""
    for i, fund in enumerate(scenario.funds):
        if fund.share.numerator == 0:
            found = f"fund {fund.id} with a share of 0 pays nothing"
            yield Fault("pays_nothing", ("funds", i, "share"), found, "a share above 0")
    lists: list[tuple[Where, tuple[object, ...]]] = [
        (("waivers",), scenario.waivers),
        (("substitutions",), scenario.substitutions),
    ]
    lists += [
        (("teachers", i, "recognised"), teacher.recognised)
        for i, teacher in enumerate(scenario.teachers)
    ]
    for where, items in lists:
        seen: set[object] = set()
        for k, item in enumerate(items):
            if item in seen:
                what = {"recognised": "recognition"}.get(str(where[-1]), str(where[-1])[:-1])
                yield Fault("twice", (*where, k), f"the same {what} once more", "it once")
            seen.add(item)


def _rounded_recognition(scenario: Scenario) -> Iterator[Fault]:
    """Yield recognised levels that do not exist, and so count as a lower one, or as nothing."""
    levels = scenario.model.elements.levels
    for i, teacher in enumerate(scenario.teachers):
        for k, recognition in enumerate(teacher.recognised):
            existing = levels[recognition.element]
            counts = round_down(existing, recognition.level)
            if counts != recognition.level:
                found = (
                    f"level {recognition.level} of {recognition.element}, which counts as {counts}"
                )
                expected = f"an existing level: {', '.join(map(str, existing))}"
                where = ("teachers", i, "recognised", k, "level")
                yield Fault("level_rounded", where, found, expected)
