"""Rules of the standard as constraints of one teacher's problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.people import CompletionRecord, Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    EVERYTHING,
    AccreditedRule,
    AmountRule,
    AtLeastRule,
    AtMostRule,
    BalanceRule,
    ExclusionRule,
    Measure,
    OrderRule,
    Over,
    ParallelRule,
    Qualification,
    RecencyRule,
    RenewalRule,
    Rule,
    Selector,
    ShareRule,
    SizeRule,
    TimeScope,
)
from trajectory_engine.problem.rows import Taken, is_idle
from trajectory_engine.problem.stretches import Span, runs, stretches
from trajectory_engine.problem.teacher_problem import (
    Ordering,
    Parallel,
    Row,
    SoftRule,
    StartWindow,
)

Counted = tuple[Taken, int]
"""A mode that may be taken, and the amount that it adds."""


class TeacherRules:
    """The rules that bind one teacher.

    Parameters
    ----------
    scenario : Scenario
    teacher : Teacher
    lost : collection of str
        Soft rules that every plan breaks; nothing is built of them.

    Attributes
    ----------
    rules : tuple of Rule
        Rules of which constraints are built.
    soft, lost : tuple of SoftRule
        Soft ones among them; soft ones that are left out.
    guards : mapping
        Position in ``soft`` by id.
    """

    def __init__(self, scenario: Scenario, teacher: Teacher, lost: Iterable[str] = ()) -> None:
        without = frozenset(lost)
        binding = scenario.rules_of(teacher.id)
        self.scenario = scenario
        self.teacher = teacher
        self.calendar = scenario.calendar
        self.rules = tuple(r for r in binding if r.id not in without)
        self.soft = tuple(SoftRule(r.id, r.weight) for r in self.rules if not r.hard)
        self.lost = tuple(SoftRule(r.id, r.weight) for r in binding if r.id in without)
        self.guards: Mapping[str, int] = {rule.id: i for i, rule in enumerate(self.soft)}

    def guard(self, rule: Rule) -> int | None:
        """Return the position of a soft rule, None for a hard one."""
        return self.guards.get(rule.id)

    @property
    def last_day(self) -> date:
        """Last day of the calendar."""
        return self.calendar.end_date(self.calendar.horizon)

    # ---- what rules ask for ----------------------------------------------------------------

    def covering(self) -> list[tuple[Rule, Selector]]:
        """Return the rules that leaving modules out can violate, with their scopes."""
        found = []
        for rule in self.rules:
            match rule.body:
                case AmountRule(least=least, scope=scope) if least:
                    found.append((rule, scope))
                case ShareRule(scope=scope) | AtLeastRule(scope=scope) | RecencyRule(scope=scope):
                    found.append((rule, scope))
                case SizeRule(least=least, each=Qualification.GROUP, scope=scope) if least:
                    found.append((rule, scope))
                case RenewalRule() as body:
                    found += [(rule, _renewing(body, record)) for record in self._due(body)]
                case BalanceRule():
                    found.append((rule, EVERYTHING))
        return found

    def orderings(self, offered: Sequence[Taken]) -> list[Ordering]:
        """Return the order rules that concern offered modes."""
        found = []
        for rule in self.rules:
            if isinstance(rule.body, OrderRule):
                before = tuple(t.literal for t in _covered(rule.body.before, offered))
                after = tuple(t.literal for t in _covered(rule.body.after, offered))
                if before and after:
                    found.append(Ordering(_reason(rule), before, after, self.guard(rule)))
        return found

    def parallels(self, offered: Sequence[Taken]) -> list[Parallel]:
        """Return the limits on what runs in parallel that can be exceeded."""
        found = []
        for rule in self.rules:
            if isinstance(rule.body, ParallelRule):
                covered = [t for t in _covered(rule.body.scope, offered) if t.mode.duration]
                if len({t.module.id for t in covered}) > rule.body.most:
                    modes = tuple(t.literal for t in covered)
                    guard = self.guard(rule)
                    found.append(Parallel(_reason(rule), modes, rule.body.most, guard))
        return found

    def rows(self, offered: Sequence[Taken]) -> list[Row]:
        """Return the rows that can be violated."""
        return [r for rule in self.rules for r in self._rows(rule, offered) if not is_idle(r)]

    def _rows(self, rule: Rule, offered: Sequence[Taken]) -> Iterator[Row]:
        builder = _RowBuilder(_reason(rule), self.guard(rule), self.calendar)
        match rule.body:
            case AmountRule(measure, least, most, scope, time):
                counted = _measured(measure, _covered(scope, offered))
                yield from builder.range(counted, time, least, most, offered)
            case ExclusionRule(scope, time):
                counted = _measured(Measure.MODULES, _covered(scope, offered))
                yield from builder.range(counted, time, None, 1)
            case AtLeastRule(k, scope, time):
                counted = _measured(Measure.MODULES, _covered(scope, offered))
                yield from builder.range(counted, time, k, None, offered)
            case AtMostRule(k, scope, time):
                counted = _measured(Measure.MODULES, _covered(scope, offered))
                yield from builder.range(counted, time, None, k)
            case ShareRule() as body:
                yield from _share_rows(builder, body, offered)
            case SizeRule(each=Qualification.MODULE) as body:
                yield from _module_size_rows(builder, body, offered)
            case SizeRule() as body:
                yield from _group_size_rows(builder, body, offered)
            case RecencyRule() as body:
                yield from self._recency_rows(builder, body, offered)
            case RenewalRule() as body:
                yield from self._renewal_rows(builder, body, offered)
            case AccreditedRule() as body:
                yield from _accredited_rows(builder, body, offered)

    # ---- rules that look at the past -------------------------------------------------------

    def _recency_rows(
        self, builder: _RowBuilder, body: RecencyRule, offered: Sequence[Taken]
    ) -> Iterator[Row]:
        missing = body.least - self._recorded(body)
        if missing > 0:
            day = self.calendar.end_date
            inside = [
                e for e in range(self.calendar.horizon + 1) if body.counts(day(e), self.last_day)
            ]
            span = (inside[0], inside[-1] + 1) if inside else (0, 0)
            counted = _measured(body.measure, _covered(body.scope, offered))
            yield builder.row(counted, span, missing, None)

    def _recorded(self, body: RecencyRule) -> int:
        """Return what the records count for a rule of recency."""
        catalogue = self.scenario.module_by_id
        return sum(
            _figure(body.measure, record, catalogue.get(record.module))
            for record in self.teacher.records
            if record.finished is not None
            and body.counts(record.finished, self.last_day)
            and _covers_record(body.scope, record, catalogue.get(record.module))
        )

    def _due(self, body: RenewalRule) -> list[CompletionRecord]:
        """Return the records that must be renewed."""
        latest: dict[str, CompletionRecord] = {}
        for record in self.teacher.records:
            if not body.records or record.module in body.records:
                other = latest.get(record.module)
                if other is None or _validity(record) > _validity(other):
                    latest[record.module] = record
        return [record for record in latest.values() if record.lapses_by(self.last_day)]

    def _renewal_rows(
        self, builder: _RowBuilder, body: RenewalRule, offered: Sequence[Taken]
    ) -> Iterator[Row]:
        for record in self._due(body):
            in_time = [
                e
                for e in range(self.calendar.horizon + 1)
                if _validity(record) < self.calendar.boundaries[0]
                or self.calendar.end_date(e) <= _validity(record)
            ]
            counted = _measured(Measure.MODULES, _covered(_renewing(body, record), offered))
            yield builder.row(counted, (0, in_time[-1] + 1), 1, None)


class _RowBuilder:
    """Makes the rows of one rule: what must lie inside a span of ends depends on starts."""

    def __init__(self, reason: str, guard: int | None, calendar: Calendar) -> None:
        self.reason, self.guard, self.calendar = reason, guard, calendar

    def range(
        self,
        counted: Sequence[Counted],
        time: TimeScope,
        least: int | None,
        most: int | None,
        offered: Sequence[Taken] = (),
    ) -> Iterator[Row]:
        """Yield the rows of ``least <= sum <= most`` for every stretch of time.

        What is offered says which stretches are used, for a least amount that depends on it.
        """
        spans = list(stretches(self.calendar, time))
        for i, span in enumerate(spans):
            if least is not None:
                conditions = []
                if time.over is Over.USED:
                    conditions.append(ending_in([span], offered))
                if time.except_last:
                    conditions.append(ending_in(spans[i + 1 :], offered))
                if all(conditions):
                    yield replace(self.row(counted, span, least, None), when=tuple(conditions))
            if most is not None:
                yield self.row(counted, span, None, most)

    def row(
        self, counted: Sequence[Counted], span: tuple[int, int], least: int | None, most: int | None
    ) -> Row:
        """Return the row over what ends inside a span; a least amount makes it covering."""
        terms: list[tuple[tuple[int, int], int]] = []
        timed: list[tuple[StartWindow, int]] = []
        for t, amount in counted:
            window = StartWindow.of_ends(t.literal, t.mode.duration, *span)
            inside = sum(map(window.contains, t.starts))
            if amount and inside == len(t.starts):
                terms.append((t.literal, amount))
            elif amount and inside:
                timed.append((window, amount))
        covering = least is not None
        return Row(self.reason, tuple(terms), least, most, covering, tuple(timed), self.guard)

    def sum(self, counted: Sequence[Counted], least: int | None, most: int | None) -> Row:
        """Return the row over what is taken, whenever it ends."""
        terms = tuple((t.literal, amount) for t, amount in counted if amount)
        return Row(self.reason, terms, least, most, least is not None, guard=self.guard)


def ending_in(spans: Iterable[Span], offered: Sequence[Taken]) -> tuple[StartWindow, ...]:
    """Return the windows of which one is met iff a step ends in one of the spans, rising."""
    merged: list[Span] = []
    for first, last in spans:
        if merged and merged[-1][1] == first:
            first = merged.pop()[0]
        merged.append((first, last))
    windows = (
        StartWindow.of_ends(t.literal, t.mode.duration, *span) for span in merged for t in offered
    )
    by_literal = {t.literal: t.starts for t in offered}
    return tuple(w for w in windows if any(map(w.contains, by_literal[w.literal])))


def _reason(rule: Rule) -> str:
    return f"rule:{rule.id}"


def _covered(selector: Selector, offered: Sequence[Taken]) -> list[Taken]:
    return [t for t in offered if selector.covers(t.module, t.mode)]


def _measured(measure: Measure, covered: Sequence[Taken]) -> list[Counted]:
    return [(t, measure.of(t.mode)) for t in covered]


def _share_rows(builder: _RowBuilder, rule: ShareRule, offered: Sequence[Taken]) -> Iterator[Row]:
    whole = _covered(rule.scope, offered)
    for share, sign in ((rule.least, 1), (rule.most, -1)):
        if share is not None:
            counted = []
            for t in whole:
                part = share.denominator if rule.part.covers(t.module, t.mode) else 0
                counted.append((t, sign * rule.measure.of(t.mode) * (part - share.numerator)))
            yield builder.sum(counted, 0, None)


def _module_size_rows(
    builder: _RowBuilder, rule: SizeRule, offered: Sequence[Taken]
) -> Iterator[Row]:
    """Yield the row that forbids the modes of the wrong size."""
    wrong = [
        (t, 1)
        for t, amount in _measured(rule.measure, _covered(rule.scope, offered))
        if not (rule.least or 0) <= amount <= (amount if rule.most is None else rule.most)
    ]
    yield builder.sum(wrong, None, 0)


def _group_size_rows(
    builder: _RowBuilder, rule: SizeRule, offered: Sequence[Taken]
) -> Iterator[Row]:
    """Yield a row per group for the most; for the least one per module that is too small alone."""
    groups: dict[str, list[Counted]] = defaultdict(list)
    for t, amount in _measured(rule.measure, _covered(rule.scope, offered)):
        if t.module.group:
            groups[t.module.group].append((t, amount))
    for counted in groups.values():
        if rule.most is not None:
            yield builder.sum(counted, None, rule.most)
        small = {t.module.id for t, amount in counted if amount < (rule.least or 0)}
        for module in sorted(small):
            own = rule.least or 0
            shifted = [(t, amount - own * (t.module.id == module)) for t, amount in counted]
            yield builder.sum(shifted, 0, None)


def _accredited_rows(
    builder: _RowBuilder, rule: AccreditedRule, offered: Sequence[Taken]
) -> Iterator[Row]:
    """Yield the row that forbids the starts at which no accreditation holds for all days."""
    calendar = builder.calendar
    terms, timed = [], []
    for t in _covered(rule.scope, offered):
        entries = [a for a in rule.providers if a.provider == t.mode.provider]
        sound = {
            s
            for s in t.starts
            if any(
                a.holds(
                    calendar.first_date(s, s + t.mode.duration),
                    calendar.end_date(s + t.mode.duration),
                )
                for a in entries
            )
        }
        if not sound:
            terms.append((t.literal, 1))
        elif len(sound) < len(t.starts):
            refused = frozenset(t.starts) - sound
            for first, last in runs(calendar.horizon + 1, refused.__contains__):
                if first in refused:
                    timed.append((StartWindow(t.literal, first, last), 1))
    yield Row(builder.reason, tuple(terms), None, 0, False, tuple(timed), builder.guard)


def _validity(record: CompletionRecord) -> date:
    return record.expires or date.max


def _renewing(body: RenewalRule, record: CompletionRecord) -> Selector:
    """Return what renews a record."""
    return Selector(modules=(record.module,)) if body.by is None else body.by


def _figure(measure: Measure, record: CompletionRecord, module: Module | None) -> int:
    """Return what a record counts for."""
    if measure is Measure.MODULES:
        return 1
    stated = record.credits if measure is Measure.CREDITS else record.hours
    if stated is not None:
        return stated
    return min(measure.of(mode) for mode in module.modes) if module else 0


def _covers_record(scope: Selector, record: CompletionRecord, module: Module | None) -> bool:
    component = module.component.value if module else record.component
    group = module.group if module else record.group
    pairs = (
        (scope.modules, record.module),
        (scope.components, component),
        (scope.groups, group),
        (scope.forms, record.form),
        (scope.providers, record.provider),
    )
    return all(value in allowed for allowed, value in pairs if allowed)
