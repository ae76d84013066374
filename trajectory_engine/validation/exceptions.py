"""Checks of waivers and substitutions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.waivers import EVERYBODY, Substitution, Waiver
from trajectory_engine.validation.faults import Fault, Where
from trajectory_engine.validation.references import References, known, unknown


def check_exceptions(scenario: Scenario, references: References) -> Iterator[Fault]:
    """Yield the faults of waivers and substitutions."""
    rules = {r.id for r in scenario.standard.rules}
    for i, waiver in enumerate(scenario.waivers):
        where: Where = ("waivers", i)
        yield from _check_grant(where, waiver, scenario)
        yield from _known_one((*where, "rule"), "rule", waiver.rule, rules)
    for i, substitution in enumerate(scenario.substitutions):
        yield from _check_substitution(("substitutions", i), substitution, scenario, references)


def _check_grant(
    where: Where, exception: Waiver | Substitution, scenario: Scenario
) -> Iterator[Fault]:
    if exception.teacher != EVERYBODY:
        teachers = scenario.teacher_by_id
        yield from _known_one((*where, "teacher"), "teacher", exception.teacher, teachers)
    for name in ("why", "by"):
        if not getattr(exception, name).strip():
            yield Fault("missing_value", (*where, name), "a blank text", "a text")


def _check_substitution(
    where: Where, substitution: Substitution, scenario: Scenario, references: References
) -> Iterator[Fault]:
    yield from _check_grant(where, substitution, scenario)
    modules = references.module_by_id
    yield from _known_one((*where, "instead_of"), "module", substitution.instead_of, modules)
    recorded = {
        r.module for t in scenario.teachers if substitution.concerns(t.id) for r in t.records
    }
    if substitution.module not in modules and substitution.module not in recorded:
        yield unknown((*where, "module"), "module or record", substitution.module)
    if substitution.module == substitution.instead_of:
        found = f"{substitution.module} in the place of itself"
        yield Fault("substitution", (*where, "module"), found, "another module")


def _known_one(where: Where, what: str, found: str, existing: Iterable[str]) -> Iterator[Fault]:
    for fault in known(where, what, [found], existing):
        yield replace(fault, where=where)
