"""Hard rules that no plan can keep together, seen on their face: without a search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AccreditedRule,
    AmountRule,
    AtLeastRule,
    AtMostRule,
    ExclusionRule,
    Measure,
    OrderRule,
    Qualification,
    RequiredRule,
    Rule,
    Selector,
    ShareRule,
    SizeRule,
    Stretch,
    TimeScope,
)
from trajectory_engine.domain.waivers import EVERYBODY
from trajectory_engine.graph.circles import a_circle
from trajectory_engine.validation.faults import Fault
from trajectory_engine.validation.references import excluding

PARTS = (Measure.CONTACT_HOURS, Measure.INDEPENDENT_HOURS, Measure.PRACTICE_HOURS)
"""Measures that never exceed all hours."""


TOGETHER = "rules that a plan can keep together"


@dataclass(frozen=True)
class Contradiction:
    """Rules, by id, that contradict each other, and the fault that says so."""

    rules: tuple[str, ...]
    fault: Fault


@dataclass(frozen=True)
class _Limit:
    """A least or a most amount that a rule sets."""

    rule: Rule
    measure: Measure
    value: int
    scope: Selector
    time: TimeScope

    def __str__(self) -> str:
        per = "" if self.time.per is Stretch.PLAN else f" per {self.time.per}"
        return f"{self.measure.text(self.value)}{per}"


def find_contradictions(scenario: Scenario) -> list[Contradiction]:
    """Return the contradictions on their face among the hard rules that bind a teacher."""
    return list(_Finder(scenario).all())


class _Finder:
    """Looks at the hard rules that bind somebody."""

    def __init__(self, scenario: Scenario) -> None:
        waivers = [w for w in scenario.waivers if scenario.in_force(w)]
        teachers = [t.id for t in scenario.teachers] or [EVERYBODY]
        self._waived = {t: {w.rule for w in waivers if w.concerns(t)} for t in teachers}
        self.modules: Mapping[str, Module] = scenario.module_by_id
        self.rules = [r for r in scenario.binding_rules if r.hard]
        self._places = {id(r): i for i, r in enumerate(scenario.standard.rules)}
        self._stand_ins = {m for module in scenario.modules for m in module.replaces}
        self._stand_ins |= {s.instead_of for s in scenario.substitutions}
        self._done = {m for t in scenario.teachers for m in scenario.completed_by(t)}

    def all(self) -> Iterator[Contradiction]:
        """Yield every contradiction of rules that bind a teacher together."""
        parts = (self._amounts(), self._too_many(), self._forbidden(), self._circles())
        for contradiction in chain(*parts):
            rules = contradiction.rules
            bound = [t for t, waived in self._waived.items() if waived.isdisjoint(rules)]
            if len(bound) == len(self._waived):
                yield contradiction
            elif bound:
                more = f" and {len(bound) - 1} more" if len(bound) > 1 else ""
                found = f"{contradiction.fault.found} (no waiver for teacher {bound[0]}{more})"
                yield Contradiction(rules, replace(contradiction.fault, found=found))

    def _contradiction(self, rules: Sequence[Rule], found: str, expected: str) -> Contradiction:
        ids = tuple(dict.fromkeys(r.id for r in rules))
        where = ("standard", "rules", max(self._places[id(r)] for r in rules), "id")
        return Contradiction(ids, Fault("rules_contradict", where, found, expected, ids))

    def _amounts(self) -> Iterator[Contradiction]:
        """Yield a least amount above a most amount of a wider scope."""
        leasts = [
            x for r in self.rules for x in _limits(r, least=True) if not x.time.is_conditional
        ]
        mosts = [x for r in self.rules for x in _limits(r, least=False)]
        for low in leasts:
            for high in mosts:
                if low.rule is not high.rule and low.value > high.value and _within(low, high):
                    found = f"rule {low.rule.id} asks for at least {low}, rule {high.rule.id}"
                    found += f" allows at most {high}"
                    yield self._contradiction([low.rule, high.rule], found, TOGETHER)

    def _too_many(self) -> Iterator[Contradiction]:
        """Yield the rules that ask for more than all that their scope covers."""
        for limit in (x for r in self.rules for x in _limits(r, least=True)):
            if limit.time.is_conditional:
                continue
            total = sum(_most_of(limit, m) for m in self.modules.values())
            if total < limit.value:
                has = limit.measure.text(total)
                found = f"rule {limit.rule.id} asks for {limit}, its scope has {has}"
                yield self._contradiction([limit.rule], found, f"at most {has}")

    def _must_be_taken(self) -> dict[str, Rule]:
        """Return the modules that nobody has completed and nothing replaces, by requiring rule."""
        return {
            m: r
            for r in self.rules
            if isinstance(r.body, RequiredRule)
            for m in r.body.modules
            if m in self.modules and m not in self._stand_ins and m not in self._done
        }

    def _forbidden(self) -> Iterator[Contradiction]:
        """Yield required modules that other rules, or one another, keep from being taken."""
        required = self._must_be_taken()
        for limit in (x for r in self.rules for x in _limits(r, least=False)):
            least = {m: _least_of(limit, self.modules[m]) for m in required}
            for inside in _too_much_together(limit, least):
                rules = [*(required[m] for m in inside), limit.rule]
                found = f"{_requiring(rules[:-1], inside)}, rule {limit.rule.id} allows at most"
                found += f" {limit} of them"
                yield self._contradiction(rules, found, TOGETHER)
        for module, by in required.items():
            for rule in self.rules:
                target = self.modules[module]
                if not any(_allows(rule, target, mode) for mode in target.modes):
                    found = f"{_requiring([by], [module])}, rule {rule.id} allows none of its modes"
                    yield self._contradiction([by, rule], found, TOGETHER)
        for one, other in excluding(self.modules, required):
            rules = [required[one], required[other]]
            found = f"rules {rules[0].id} and {rules[1].id} require {one} and {other}"
            yield self._contradiction(rules, found, "modules that do not exclude each other")

    def _circles(self) -> Iterator[Contradiction]:
        """Yield orders that go in a circle over required modules that last."""
        required = self._must_be_taken()
        lasting = [m for m in required if all(k.duration for k in self.modules[m].modes)]
        after: defaultdict[str, dict[str, Rule]] = defaultdict(dict)
        for rule in self.rules:
            if isinstance(rule.body, OrderRule):
                first = [m for m in lasting if _always_counts(rule.body.before, self.modules[m])]
                second = [m for m in lasting if _always_counts(rule.body.after, self.modules[m])]
                for m in first:
                    after[m] |= {n: rule for n in second if n != m and n not in after[m]}
        circle = a_circle((m, n) for m, ns in after.items() for n in ns)
        if circle:
            steps = list(zip(circle, [*circle[1:], circle[0]], strict=True))
            rules = [*(after[a][b] for a, b in steps), *(required[m] for m in circle)]
            names = ", then ".join([*circle, circle[0]])
            ids = ", ".join(dict.fromkeys(r.id for r in rules))
            found = f"rules {ids} order required modules in a circle: {names}"
            yield self._contradiction(rules, found, "an order without a circle")


def _limits(rule: Rule, *, least: bool) -> Iterator[_Limit]:
    """Yield the least amounts, or the most amounts, that a rule sets."""
    match rule.body:
        case AmountRule() as body:
            value = body.least if least else body.most
            if value is not None:
                yield _Limit(rule, body.measure, value, body.scope, body.time)
        case AtLeastRule(k, scope, time) if least:
            yield _Limit(rule, Measure.MODULES, k, scope, time)
        case AtMostRule(k, scope, time) if not least:
            yield _Limit(rule, Measure.MODULES, k, scope, time)
        case ExclusionRule(scope, time) if not least:
            yield _Limit(rule, Measure.MODULES, 1, scope, time)


def _within(low: _Limit, high: _Limit) -> bool:
    """Return whether what a least amount counts is always part of what a most amount counts."""
    same = low.measure is high.measure or (high.measure is Measure.HOURS and low.measure in PARTS)
    same_stretch = (low.time.per, low.time.year_starts) == (high.time.per, high.time.year_starts)
    in_time = same_stretch or high.time.per is Stretch.PLAN
    return same and in_time and _is_part(low.scope, high.scope)


def _is_part(narrow: Selector, wide: Selector) -> bool:
    """Return whether a selector restricts every dimension at least as much as another one."""
    pairs = [
        (narrow.modules, wide.modules),
        (narrow.components, wide.components),
        (narrow.groups, wide.groups),
        (narrow.forms, wide.forms),
        (narrow.providers, wide.providers),
    ]
    return all(not outer or (inner and set(inner) <= set(outer)) for inner, outer in pairs)


def _requiring(rules: Sequence[Rule], modules: Sequence[str]) -> str:
    """Return in words which rules require which modules."""
    ids = list(dict.fromkeys(r.id for r in rules))
    what = f"rules {', '.join(ids)} require" if len(ids) > 1 else f"rule {ids[0]} requires"
    return f"{what} {', '.join(modules)}"


def _most_of(limit: _Limit, module: Module) -> int:
    """Return the most that a module can add to what a rule counts."""
    covered = (k for k in module.modes if limit.scope.covers(module, k))
    return max(map(limit.measure.of, covered), default=0)


def _least_of(limit: _Limit, module: Module) -> int:
    """Return the least that a module adds, if taken, to what a rule counts."""
    modes = module.modes
    return min(limit.measure.of(k) if limit.scope.covers(module, k) else 0 for k in modes)


def _too_much_together(limit: _Limit, least: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield modules that a most amount does not allow: together, or per stretch one by one."""
    inside = [m for m, amount in least.items() if amount]
    if limit.time.per is Stretch.PLAN:
        if sum(least.values()) > limit.value:
            yield inside
    elif limit.time.per is not Stretch.TERM:
        # what ends in no term is counted in none
        yield from ([m] for m in inside if least[m] > limit.value)


def _allows(rule: Rule, module: Module, mode: Mode) -> bool:
    """Return whether a rule allows a module to be taken in a mode, whatever else is taken."""
    match rule.body:
        case AccreditedRule(providers, scope) if scope.covers(module, mode):
            return any(entry.provider == mode.provider for entry in providers)
        case SizeRule(measure, least, most, Qualification.MODULE, scope) if scope.covers(
            module, mode
        ):
            return (least or 0) <= measure.of(mode) <= (measure.of(mode) if most is None else most)
        case SizeRule(measure, _, int(most), _, scope) if scope.covers(module, mode):
            # other modules of the group only add to it
            return not module.group or measure.of(mode) <= most
        case ShareRule(measure, part, least, most, scope) if scope.covers(
            module, mode
        ) and measure.of(mode):
            if part.covers(module, mode):
                return most is None or most.numerator > 0
            return least is None or least.numerator < least.denominator
        case _:
            return True


def _always_counts(scope: Selector, module: Module) -> bool:
    return all(scope.covers(module, mode) for mode in module.modes)
