"""Random standards of every kind of rule, laid over a random problem at the very end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from oracle.brute_force import optimum
from oracle.clashes import without_contradictions
from oracle.strategies import TEACHER, scenario_of_seed
from trajectory_engine.domain.calendar import Calendar, Term
from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.funding import Share
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
    OrderRule,
    ParallelRule,
    Qualification,
    RecencyRule,
    RenewalRule,
    RequiredRule,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
    SizeRule,
    Standard,
    Stretch,
    TimeScope,
)
from trajectory_engine.domain.waivers import Substitution, Waiver

STARTS = (date(2027, 1, 4), date(2026, 12, 7), date(2026, 12, 14), date(2027, 8, 9))
"""First days: with a year of January or September that begins within some of the axes."""


class Writer:
    """Draws rules that speak of a scenario's own catalogue."""

    def __init__(self, rng: Random, scenario: Scenario) -> None:
        self.rng, self.scenario = rng, scenario
        self.ids = [m.id for m in scenario.modules]
        self.providers = sorted({k.provider for m in scenario.modules for k in m.modes} - {""})
        self.groups = sorted({m.group for m in scenario.modules} - {""})
        self.forms = sorted({k.form for m in scenario.modules for k in m.modes})

    def selector(self) -> Selector:
        """Return a selector over one dimension, or everything."""
        rng = self.rng
        kind = rng.choice(["all", "modules", "components", "groups", "forms", "providers"])
        return Selector(
            modules=tuple(rng.sample(self.ids, min(3, len(self.ids)))) if kind == "modules" else (),
            components=tuple(map(str, rng.sample(list(Component), 2)))
            if kind == "components"
            else (),
            groups=tuple(self.groups[:1]) if kind == "groups" else (),
            forms=tuple(self.forms[:2]) if kind == "forms" else (),
            providers=tuple(self.providers[:1]) if kind == "providers" else (),
        )

    def wide(self) -> Selector:
        """Return a selector that is often everything."""
        return Selector() if self.rng.random() < 0.5 else self.selector()

    def time(self) -> TimeScope:
        """Return a scope in time."""
        per = self.rng.choice([Stretch.PLAN, Stretch.YEAR, Stretch.YEAR, *list(Stretch)])
        return TimeScope(per, self.rng.choice([1, 1, 2, 9]) if per is Stretch.YEAR else 1)

    def scale(self, measure: Measure) -> int:
        """Return about what one module counts in a measure."""
        return {Measure.CREDITS: 50, Measure.MODULES: 1}.get(measure, 4)

    def day(self, before: int, after: int) -> date:
        """Return a day about the calendar: so many days before its start, after its end."""
        calendar = self.scenario.calendar
        span = (calendar.boundaries[-1] - calendar.boundaries[0]).days
        offset = self.rng.randint(-before, span + after)
        return calendar.boundaries[0] + timedelta(days=offset)

    # ---- kinds -----------------------------------------------------------------------------

    def required(self) -> RuleBody:
        """Return a module or a node that is required."""
        module = self.rng.choice(self.scenario.modules)
        if self.rng.random() < 0.5:
            return RequiredRule(modules=(module.id,))
        return RequiredRule(nodes=(self.rng.choice(module.teaches),))

    def amount(self) -> RuleBody:
        """Return a range of a sum."""
        measure, time = self.rng.choice(list(Measure)), self.time()
        unit = self.scale(measure)
        if self.rng.random() < 0.35:
            return AmountRule(measure, unit, None, self.selector(), time)
        least = unit if self.rng.random() < 0.2 else None
        most = self.rng.choice([unit, 2 * unit, 4 * unit])
        return AmountRule(measure, least, most, self.selector(), time)

    def share(self) -> RuleBody:
        """Return a share."""
        least = self.rng.choice([None, Share(1, 3), Share(1, 2)])
        most = None if least else self.rng.choice([Share(2, 3), Share(1, 2)])
        return ShareRule(self.rng.choice(list(Measure)), self.selector(), least, most)

    def order(self) -> RuleBody:
        """Return an order."""
        return OrderRule(self.selector(), self.selector())

    def exclusion(self) -> RuleBody:
        """Return an exclusion."""
        return ExclusionRule(self.wide(), self.time())

    def at_least(self) -> RuleBody:
        """Return a least count."""
        return AtLeastRule(self.rng.choice([1, 1, 2]), self.selector(), self.time())

    def at_most(self) -> RuleBody:
        """Return a most count."""
        return AtMostRule(self.rng.choice([0, 1, 1, 2]), self.wide(), self.time())

    def size(self) -> RuleBody:
        """Return the size of each qualification."""
        measure = self.rng.choice(list(Measure))
        unit = self.scale(measure)
        low = self.rng.choice([None, unit, 2 * unit])
        high = self.rng.choice([None, 2 * unit, 3 * unit]) if low else 2 * unit
        each = self.rng.choice(list(Qualification))
        return SizeRule(measure, low, high, each, self.selector())

    def recency(self) -> RuleBody:
        """Return an amount within some months."""
        measure = self.rng.choice([Measure.HOURS, Measure.CREDITS, Measure.MODULES])
        least = self.scale(measure) * self.rng.choice([1, 2, 3])
        by = self.day(0, -1) if self.rng.random() < 0.4 else None
        return RecencyRule(measure, least, self.rng.choice([1, 1, 2, 12]), self.selector(), by)

    def renewal(self) -> RuleBody:
        """Return a duty to renew."""
        by = self.selector() if self.rng.random() < 0.6 else None
        return RenewalRule(("card",) if self.rng.random() < 0.4 else (), by)

    def accredited(self) -> RuleBody:
        """Return a list of providers."""
        entries = [Accreditation(p) for p in self.providers]
        for i, entry in enumerate(entries):
            if self.rng.random() < 0.6:
                entries[i] = replace(entry, valid_from=self.day(5, -10), valid_to=None)
            if self.rng.random() < 0.4:
                entries[i] = replace(entries[i], valid_to=self.day(-10, 5))
        kept = [e for e in entries if self.rng.random() < 0.8]
        kept = [e for e in kept if not (e.valid_to and e.valid_from and e.valid_to < e.valid_from)]
        return AccreditedRule(tuple(kept) or (Accreditation("u9"),), self.selector())

    def parallel(self) -> RuleBody:
        """Return a most in parallel."""
        return ParallelRule(self.rng.choice([1, 1, 1, 2]), self.wide())

    def balance(self) -> RuleBody:
        """Return a tolerance of the pyramid."""
        return BalanceRule(self.rng.choice([None, 10, 25, 40, 60]))


KINDS: dict[str, Callable[[Writer], RuleBody]] = {
    "required": Writer.required,
    "amount": Writer.amount,
    "share": Writer.share,
    "order": Writer.order,
    "exclusion": Writer.exclusion,
    "at_least": Writer.at_least,
    "at_most": Writer.at_most,
    "size": Writer.size,
    "recency": Writer.recency,
    "renewal": Writer.renewal,
    "accredited": Writer.accredited,
    "parallel": Writer.parallel,
    "balance": Writer.balance,
}


def with_records(rng: Random, writer: Writer, teacher: Teacher, *, renewed: bool) -> Teacher:
    """Return the teacher with a few records: of the catalogue or not, lapsing or not."""
    records = []
    if renewed and rng.random() < 0.8:
        name = rng.choice(["card", rng.choice(writer.ids)])
        records.append(CompletionRecord(name, hours=4, expires=writer.day(-14, 0)))
    for _ in range(rng.randint(0, 2 if renewed else 3)):
        name = rng.choice(["card", "course", rng.choice(writer.ids)])
        foreign = name in ("card", "course")
        finished = rng.choice([writer.day(400, 0), writer.day(40, 0), None])
        expires = rng.choice([None, writer.day(30, 30), writer.day(-7, 10)])
        if finished and expires and expires < finished:
            expires = None
        records.append(
            CompletionRecord(
                name,
                finished,
                rng.choice([2, 6, 12]) if foreign or rng.random() < 0.3 else None,
                rng.choice([None, 50, 100]),
                provider=rng.choice(["", *writer.providers]),
                form=rng.choice(["", *writer.forms]),
                component=rng.choice(["", *map(str, Component)]),
                group=rng.choice(["", *writer.groups]),
                expires=expires,
            )
        )
    return replace(teacher, records=tuple(records))


def random_rules(rng: Random, writer: Writer) -> Iterator[Rule]:
    """Yield one to three rules of different kinds, soft ones and versions among them."""
    for kind in rng.sample(sorted(KINDS), rng.choice([1, 1, 2, 3])):
        hard = rng.random() < 0.6
        rule = Rule(f"N-{kind}", kind, KINDS[kind](writer), hard=hard, weight=rng.randint(1, 4))
        if rng.random() < 0.1:
            change = writer.day(0, 0)
            later = replace(rule, body=KINDS[kind](writer), valid_from=change + timedelta(days=1))
            yield replace(rule, valid_to=change)
            rule = later
        yield rule


def exceptions(
    rng: Random, scenario: Scenario
) -> tuple[tuple[Waiver, ...], tuple[Substitution, ...]]:
    """Return a few waivers and substitutions, some of them expired or for somebody else."""
    first = scenario.calendar.boundaries[0]
    untils = (first - timedelta(days=1), first, first + timedelta(days=400))
    waivers, substitutions = [], []
    if scenario.standard.rules and rng.random() < 0.2:
        rule = rng.choice(scenario.standard.rules).id
        who = rng.choice([TEACHER, "*", "other"])
        waivers.append(Waiver(who, rule, "why", "dean", rng.choice(untils)))
    if len(scenario.modules) > 1 and rng.random() < 0.25:
        one, other = rng.sample([m.id for m in scenario.modules], 2)
        records = [r.module for t in scenario.teachers for r in t.records]
        stand_in = rng.choice([one, *records])
        if stand_in != other:
            who = rng.choice([TEACHER, "*"] if stand_in in records else [TEACHER, "*", "other"])
            until = rng.choice(untils)
            substitutions.append(Substitution(who, stand_in, other, "why", "dean", until))
    return tuple(waivers), tuple(substitutions)


def with_rules(rng: Random, base: Scenario) -> Scenario:
    """Return a valid scenario with more rules, records, terms, waivers and substitutions."""
    horizon = base.calendar.horizon
    middle = horizon // 2
    terms = (Term("t1", 0, middle), Term("t2", middle + rng.randint(0, 1), horizon))
    calendar = Calendar.weeks(rng.choice(STARTS), horizon, base.calendar.blocked, terms)
    base = replace(base, calendar=calendar)
    writer = Writer(rng, base)
    rules = (*base.standard.rules, *random_rules(rng, writer))
    renewed = any(isinstance(r.body, RenewalRule) for r in rules)
    teachers = tuple(
        with_records(rng, writer, t, renewed=renewed) if t.id == TEACHER else t
        for t in base.teachers
    )
    scenario = replace(base, teachers=teachers, standard=Standard("standard", "standard", rules))
    waivers, substitutions = exceptions(rng, scenario)
    scenario = replace(scenario, waivers=waivers, substitutions=substitutions)
    return with_soft_rules_counted(rng, without_contradictions(scenario))


def with_soft_rules_counted(rng: Random, scenario: Scenario) -> Scenario:
    """Return the scenario with soft rules among the objectives, mostly, if there are any."""
    names = [s.name for s in scenario.objectives]
    soft = any(not r.hard for r in scenario.standard.rules)
    if not soft or ObjectiveName.SOFT_RULES in names or rng.random() < 0.1:
        return scenario
    at = rng.randint(0, min(2, len(names)))
    added = ObjectiveSpec(ObjectiveName.SOFT_RULES, rng.choice([0, 0, 0, 1]))
    objectives = (*scenario.objectives[:at], added, *scenario.objectives[at:])
    return replace(scenario, objectives=objectives)


def rule_scenario_of_seed(seed: int) -> Scenario:
    """Return the scenario with rules of a seed; the same one every time.

    Mostly it is laid over a problem with a plan of some modules, where rules have a say.
    """
    rng = Random(f"rules {seed}")
    base = scenario_of_seed(900_000 + 10 * seed)
    for i in range(1, 10 if rng.random() < 0.85 else 1):
        if len(optimum(base, TEACHER).plan_signature or ()) > 1:
            break
        base = scenario_of_seed(900_000 + 10 * seed + i)
    return with_rules(rng, base)
