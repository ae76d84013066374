"""Reading a ministry standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trajectory_engine.domain.scenario import NO_STANDARD
from trajectory_engine.domain.standard import (
    Accreditation,
    AccreditedRule,
    AmountRule,
    AtLeastRule,
    AtMostRule,
    BalanceRule,
    ExclusionRule,
    Measure,
    OrderRule,
    ParallelRule,
    RecencyRule,
    RenewalRule,
    RequiredRule,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
    SizeRule,
    Standard,
    TimeScope,
)
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.provenance import Provenance
from trajectory_engine.io.rule_documents import (
    STANDARD_FRAME,
    AccreditedDocument,
    AmountDocument,
    AnyRuleDocument,
    AtLeastDocument,
    AtMostDocument,
    BalanceDocument,
    ExclusionDocument,
    OrderDocument,
    ParallelDocument,
    RecencyDocument,
    RenewalDocument,
    RequiredDocument,
    SelectorDocument,
    ShareDocument,
    SizeDocument,
    StandardDocument,
)
from trajectory_engine.io.yaml_files import YamlFile, read_yaml
from trajectory_engine.validation.doubts import NOTHING_UNREAD, Unread


@dataclass(frozen=True)
class LoadedStandard:
    """What could be read of a standard.

    Attributes
    ----------
    standard : Standard
        With the rules that have no fault of their form.
    unread : Unread
    """

    standard: Standard = NO_STANDARD
    unread: Unread = NOTHING_UNREAD


def read_standard(path: Path, shown: str, problems: Problems, places: Provenance) -> LoadedStandard:
    """Return what can be read of the standard of a file, after reporting what cannot."""
    document = read_yaml(path, shown, StandardDocument, problems, STANDARD_FRAME)
    places.add_keys(("standard",), document)
    content = document.content
    rules = tuple(_rule(document, i, rule, problems) for i, rule in enumerate(content.rules))
    whole = ("standard",) if "rules" in document.unread_keys else ()
    unread = Unread.of(whole) | Unread(rules=frozenset(_ids(document)))
    return LoadedStandard(Standard(content.id, content.name, rules), unread)


def _ids(document: YamlFile[StandardDocument]) -> Iterator[str]:
    """Yield the ids of the rules that could not be read, an empty one for one without."""
    for path, rule in document.unread.items():
        if path[0] == "rules":
            found = rule.get("id") if isinstance(rule, dict) else None
            yield found if isinstance(found, str) else ""


def _rule(
    document: YamlFile[StandardDocument], index: int, rule: AnyRuleDocument, problems: Problems
) -> Rule:
    return Rule(
        id=rule.id,
        title=rule.title,
        body=_body(document, index, rule, problems),
        citation=rule.citation,
        seen=rule.seen,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        enabled=rule.enabled,
        hard=rule.hard,
        weight=rule.weight,
    )


def _body(
    document: YamlFile[StandardDocument], index: int, rule: AnyRuleDocument, problems: Problems
) -> RuleBody:
    numbers = _Numbers(document, index, problems)
    match rule:
        case RequiredDocument():
            return RequiredRule(rule.modules, rule.nodes)
        case AmountDocument():
            least, most = numbers.range(rule)
            return AmountRule(rule.measure, least, most, _selector(rule.scope), _time(rule))
        case ShareDocument():
            part, scope = _selector(rule.part), _selector(rule.scope)
            return ShareRule(rule.measure, part, rule.least, rule.most, scope)
        case OrderDocument():
            return OrderRule(_selector(rule.before), _selector(rule.after))
        case ExclusionDocument():
            return ExclusionRule(_selector(rule.scope), _time(rule))
        case AtLeastDocument():
            return AtLeastRule(rule.k, _selector(rule.scope), _time(rule))
        case AtMostDocument():
            return AtMostRule(rule.k, _selector(rule.scope), _time(rule))
        case SizeDocument():
            least, most = numbers.range(rule)
            return SizeRule(rule.measure, least, most, rule.each, _selector(rule.scope))
        case RecencyDocument():
            amount = numbers.amount(rule.measure, "least", rule.least)
            months = numbers.months(rule)
            return RecencyRule(rule.measure, amount, months, _selector(rule.scope), rule.by)
        case RenewalDocument():
            by = None if rule.by is None else _selector(rule.by)
            return RenewalRule(rule.records, by)
        case AccreditedDocument():
            entries = (Accreditation(p.provider, p.valid_from, p.valid_to) for p in rule.providers)
            return AccreditedRule(tuple(entries), _selector(rule.scope))
        case ParallelDocument():
            return ParallelRule(rule.most, _selector(rule.scope))
        case BalanceDocument():
            return BalanceRule(rule.tolerance)


class _Numbers:
    """Turns the numbers of one rule into the units of the domain."""

    def __init__(
        self, document: YamlFile[StandardDocument], index: int, problems: Problems
    ) -> None:
        self.document, self.index, self.problems = document, index, problems

    def _report(self, code: str, key: str, found: str, expected: str) -> None:
        line, column = self.document.place(("rules", self.index, key))
        self.problems.add(code, self.document.file, line, column, found, expected)

    def amount(self, measure: Measure, key: str, hundredths: int) -> int:
        """Return a number in the unit of its measure: hundredths of a credit, or whole ones."""
        if measure is Measure.CREDITS:
            return hundredths
        whole, rest = divmod(hundredths, 100)
        if rest:
            unit = "modules" if measure is Measure.MODULES else "academic hours"
            found = f"{hundredths / 100:.2f} {unit.split()[-1]}"
            self._report("whole_number", key, found, f"whole {unit}")
        return whole

    def range(self, rule: AmountDocument | SizeDocument) -> tuple[int | None, int | None]:
        """Return the least and the most amount of a rule."""
        least = None if rule.least is None else self.amount(rule.measure, "least", rule.least)
        most = None if rule.most is None else self.amount(rule.measure, "most", rule.most)
        return least, most

    def months(self, rule: RecencyDocument) -> int:
        """Return how many months a rule of recency looks back."""
        if (rule.years is None) == (rule.months is None):
            found = "neither years nor months" if rule.years is None else "both years and months"
            self._report("one_of_two", "years", found, "exactly one of years and months")
        return rule.months or 12 * (rule.years or 1)


def _time(rule: AmountDocument | ExclusionDocument | AtLeastDocument | AtMostDocument) -> TimeScope:
    if isinstance(rule, AmountDocument | AtLeastDocument):
        return TimeScope(rule.per, rule.year_starts, rule.over, rule.except_last)
    return TimeScope(rule.per, rule.year_starts)


def _selector(document: SelectorDocument) -> Selector:
    return Selector(
        document.modules,
        tuple(c.value for c in document.components),
        document.groups,
        document.forms,
        document.providers,
    )
