"""What is odd but allowed: reported, and then planned all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.standard import RenewalRule, Selector
from trajectory_engine.domain.waivers import Substitution, Waiver
from trajectory_engine.validation.faults import Fault


def find_warnings(scenario: Scenario) -> tuple[Fault, ...]:
    """Return the oddities of rules, waivers and substitutions."""
    return (
        *_rules(scenario),
        *_renewals(scenario),
        *_exceptions(scenario),
        *_soft_rules(scenario),
        *_empty_rules(scenario),
        *_words(scenario),
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
