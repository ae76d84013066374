"""A ministry standard as the text of its file."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from trajectory_engine.domain.json_reader import kind_of
from trajectory_engine.domain.standard import (
    WHOLE_PLAN,
    Accreditation,
    Measure,
    Rule,
    RuleBody,
    Selector,
    Standard,
    TimeScope,
)
from trajectory_engine.io.rule_documents import STANDARD_FORMAT
from trajectory_engine.io.written import cell, decimals, document

_AMOUNTS = ("least", "most")


def standard_text(standard: Standard) -> str:
    """Return the YAML text of a standard."""
    return document(
        {
            "format": STANDARD_FORMAT,
            "version": 1,
            "id": standard.id,
            "name": standard.name,
            "rules": [_rule(rule) for rule in standard.rules],
        }
    )


def _rule(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = {"id": rule.id, "kind": kind_of(type(rule.body))}
    for name in ("title", "citation", "seen"):
        if getattr(rule, name):
            found[name] = getattr(rule, name)
    for name in ("valid_from", "valid_to"):
        if getattr(rule, name) is not None:
            found[name] = cell(getattr(rule, name))
    if not rule.enabled:
        found["enabled"] = False
    if not rule.hard:
        found["hard"] = False
    if rule.weight != 1:
        found["weight"] = rule.weight
    return found | _body(rule.body)


def _body(body: RuleBody) -> dict[str, Any]:
    """Return the keys of a kind of rule; what its file leaves out by default is left out."""
    in_credits = getattr(body, "measure", None) is Measure.CREDITS
    found: dict[str, Any] = {}
    for field in fields(body):
        value = getattr(body, field.name)
        if value is None or value == ():
            continue
        if isinstance(value, TimeScope):
            found |= _time(value)
        elif isinstance(value, Selector):
            if value != field.default:
                found[field.name] = _selector(value)
        elif field.name in _AMOUNTS and in_credits and isinstance(value, int):
            found[field.name] = decimals(value)
        elif isinstance(value, tuple):
            found[field.name] = [
                _accreditation(v) if isinstance(v, Accreditation) else cell(v) for v in value
            ]
        else:
            found[field.name] = value if type(value) is int else cell(value)
    return found


def _time(time: TimeScope) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields(time):
        value = getattr(time, field.name)
        if value != getattr(WHOLE_PLAN, field.name):
            found[field.name] = value if type(value) in (int, bool) else cell(value)
    return found


def _selector(selector: Selector) -> dict[str, list[str]]:
    lists = {field.name: getattr(selector, field.name) for field in fields(selector)}
    return {name: [cell(v) for v in values] for name, values in lists.items() if values}


def _accreditation(entry: Accreditation) -> dict[str, str]:
    days = {"valid_from": entry.valid_from, "valid_to": entry.valid_to}
    return {"provider": entry.provider} | {k: cell(d) for k, d in days.items() if d is not None}
