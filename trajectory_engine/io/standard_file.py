"""Reading a ministry standard."""

from __future__ import annotations

from pathlib import Path

from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    ExclusionRule,
    Measure,
    OrderRule,
    RequiredRule,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
    Standard,
)
from trajectory_engine.io.documents import (
    AmountDocument,
    AnyRuleDocument,
    AtLeastDocument,
    ExclusionDocument,
    OrderDocument,
    RequiredDocument,
    SelectorDocument,
    ShareDocument,
    StandardDocument,
)
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.provenance import Provenance
from trajectory_engine.io.yaml_files import YamlFile, read_yaml


def read_standard(
    path: Path, shown: str, problems: Problems, places: Provenance
) -> Standard | None:
    """Return the standard of a file, None after reporting why it cannot be read."""
    document = read_yaml(path, shown, StandardDocument, problems)
    if document is None:
        return None
    places.add_keys(("standard",), document.file, document.lines)
    content = document.content
    rules = tuple(_rule(document, i, rule, problems) for i, rule in enumerate(content.rules))
    return Standard(content.id, content.name, rules)


def _rule(
    document: YamlFile[StandardDocument], index: int, rule: AnyRuleDocument, problems: Problems
) -> Rule:
    where = ("rules", index)
    if not rule.hard:
        line = document.line((*where, "hard"))
        column, found = f"rules[{index + 1}].hard", f"the soft rule {rule.id}"
        expected = "hard: true; this version has no soft rules (enabled: false leaves it out)"
        problems.add("soft_rule", document.file, line, column, found, expected)
    return Rule(
        id=rule.id,
        title=rule.title,
        body=_body(document, index, rule, problems),
        citation=rule.citation,
        seen=rule.seen,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        enabled=rule.enabled,
    )


def _body(
    document: YamlFile[StandardDocument], index: int, rule: AnyRuleDocument, problems: Problems
) -> RuleBody:
    match rule:
        case RequiredDocument():
            return RequiredRule(rule.modules, rule.nodes)
        case AmountDocument():
            least = _amount(document, index, rule, "least", problems)
            most = _amount(document, index, rule, "most", problems)
            return AmountRule(rule.measure, least, most, _selector(rule.scope))
        case ShareDocument():
            part, scope = _selector(rule.part), _selector(rule.scope)
            return ShareRule(rule.measure, part, rule.least, rule.most, scope)
        case OrderDocument():
            return OrderRule(_selector(rule.before), _selector(rule.after))
        case ExclusionDocument():
            return ExclusionRule(_selector(rule.scope))
        case AtLeastDocument():
            return AtLeastRule(rule.k, _selector(rule.scope))


def _amount(
    document: YamlFile[StandardDocument],
    index: int,
    rule: AmountDocument,
    side: str,
    problems: Problems,
) -> int | None:
    """Return a limit in the unit of its measure: hundredths of a credit, or hours."""
    hundredths: int | None = getattr(rule, side)
    if hundredths is None or rule.measure is Measure.CREDITS:
        return hundredths
    whole, rest = divmod(hundredths, 100)
    if rest:
        line = document.line(("rules", index, side))
        column, found = f"rules[{index + 1}].{side}", f"{hundredths / 100:.2f} hours"
        problems.add("whole_number", document.file, line, column, found, "whole academic hours")
    return whole


def _selector(document: SelectorDocument) -> Selector:
    return Selector(
        document.modules,
        tuple(c.value for c in document.components),
        document.groups,
        document.forms,
        document.providers,
    )
