"""Every choice of modules and modes that satisfies all that does not depend on the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from oracle.knowledge import Knowledge
from oracle.offers import (
    Candidate,
    Offer,
    decisions_of,
    done,
    goals_of,
    offers_of,
    standing_in,
)
from oracle.relations import Relations
from oracle.rulebook import Outcome, keeps, needs_calendar, rules_for
from trajectory_engine.domain.catalogue import ResourceKind
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import DecisionKind, Goal, Teacher
from trajectory_engine.domain.scenario import Scenario


@dataclass(frozen=True)
class Selection:
    """Modules taken, each in a mode; ``released`` are excused from their entry.

    Nobody is released unless circular justification is allowed. ``formed`` are the nodes formed
    at the end, ``broken`` is the weight of the soft rules broken whatever the calendar.
    """

    offers: tuple[Offer, ...]
    released: int
    unmet: int
    hours: int
    cost: int
    formed: int = 0
    broken: int = 0


class Chooser:
    """The facts of one teacher's problem that do not depend on the calendar."""

    def __init__(
        self, scenario: Scenario, teacher: Teacher, knowledge: Knowledge, circular: bool
    ) -> None:
        self.scenario, self.teacher, self.knowledge = scenario, teacher, knowledge
        self.circular = circular
        rules = rules_for(scenario, teacher)
        self.rules = [r for r in rules if not needs_calendar(r)]
        self.relations = Relations(scenario, teacher)
        self.goals = goals_of(scenario, teacher)
        self.decisions = decisions_of(scenario, teacher)
        self.funds = [f for f in scenario.funds if serves(f, teacher)]

    def selections(self) -> Iterator[Selection]:
        """Yield every admissible selection."""
        offers = offers_of(self.scenario, self.teacher, self.knowledge)
        for count in range(len(offers) + 1):
            for group in combinations(offers, count):
                yield from self._of_modules([offers[0].candidate for offers in group], group)

    def _of_modules(
        self, taken: list[Candidate], group: tuple[list[Offer], ...]
    ) -> Iterator[Selection]:
        """Yield the selections of exactly these modules."""
        ids = {c.module.id for c in taken}
        released = self._unfounded(taken)
        if released and not (self.circular and self._justify_each_other(taken)):
            return
        formed = self._formed_at_the_end(taken)
        if not self._modules_allowed(ids, formed) or not self.relations.complete(ids):
            return
        missed = [g for g in self.goals if not self._met(g, formed)]
        if any(g.hard for g in missed):
            return
        unmet = sum(g.weight for g in missed)
        for offers in product(*group):
            broken = self._rules_broken(offers, formed)
            if broken is not None and self._modes_allowed(offers):
                hours = sum(o.hours for o in offers)
                cost = sum(o.mode.price for o in offers)
                yield Selection(offers, released, unmet, hours, cost, formed, broken)

    def _rules_broken(self, offers: tuple[Offer, ...], formed: int) -> int | None:
        """Return the weight of the soft rules broken, None if a hard one is."""
        steps = [(offer, 0) for offer in offers]
        outcome = Outcome(self.scenario, self.teacher, self.knowledge, steps, formed)
        broken = [r for r in self.rules if not keeps(r, outcome)]
        return None if any(r.hard for r in broken) else sum(r.weight for r in broken)

    def _formed_at_the_end(self, taken: list[Candidate]) -> int:
        formed = self.knowledge.known
        for candidate in taken:
            formed |= candidate.gives
        return self.knowledge.settle(formed)

    def _unfounded(self, taken: list[Candidate]) -> int:
        """Return the modules that no order of study whatsoever lets the teacher enter."""
        formed, ended = self.knowledge.settle(self.knowledge.known), 0
        waiting = list(taken)
        while entering := [c for c in waiting if c.may_enter(formed, ended)]:
            for candidate in entering:
                formed |= candidate.gives
                ended |= candidate.bit
            formed = self.knowledge.settle(formed)
            waiting = [c for c in waiting if not ended & c.bit]
        return sum(c.bit for c in waiting)

    def _justify_each_other(self, taken: list[Candidate]) -> bool:
        formed = self._formed_at_the_end(taken)
        ended = sum(c.bit for c in taken)
        return all(c.may_enter(formed, ended) for c in taken)

    def _formed(self, nodes: tuple[NodeRef, ...], formed: int) -> bool:
        mask = self.knowledge.mask(nodes)
        return mask & formed == mask

    def _met(self, goal: Goal, formed: int) -> bool:
        """Return whether a goal is met, by the one path if a decision names one."""
        if goal.node is not None:
            return self._formed((goal.node,), formed)
        named = {
            d.value
            for d in self.decisions
            if d.kind is DecisionKind.PATH and d.subject == goal.task
        }
        task = next(t for t in self.scenario.model.tasks if t.id == goal.task)
        return any(
            self._formed(path.links, formed)
            for path in task.paths
            if not named or named == {path.id}
        )

    def _modules_allowed(self, ids: set[str], formed: int) -> bool:
        """Check decisions, exclusions and invariant modules."""
        for decision in self.decisions:
            if decision.kind is DecisionKind.FORBID and decision.subject in ids:
                return False
            implies_taken = decision.kind not in (DecisionKind.FORBID, DecisionKind.PATH)
            if implies_taken and decision.subject not in ids:
                return False
        present = ids | done(self.scenario, self.teacher)
        for module in self.scenario.modules:
            if module.id in ids and ids & set(module.excludes):
                return False
            exempt = module.exempt_if_formed and self._formed(module.teaches, self.knowledge.known)
            stand_ins = standing_in(self.scenario, module.id, self.teacher)
            if module.invariant and not exempt and not stand_ins & present:
                return False
        return True

    def _modes_allowed(self, offers: tuple[Offer, ...]) -> bool:
        """Check funds and resources that are used up."""
        return self._resources_suffice(offers) and payable(self.funds, offers)

    def _resources_suffice(self, offers: tuple[Offer, ...]) -> bool:
        return all(
            sum(u.amount for o in offers for u in o.mode.resources if u.resource == resource.id)
            <= resource.capacity
            for resource in self.scenario.resources
            if resource.kind is ResourceKind.NON_RENEWABLE
        )


def serves(fund: Fund, teacher: Teacher) -> bool:
    """Return whether the teacher is eligible for a fund."""
    if not fund.teachers and not fund.groups:
        return True
    return teacher.id in fund.teachers or (bool(teacher.group) and teacher.group in fund.groups)


def purse(fund: Fund) -> int | None:
    """Return the most that a fund can pay for a teacher planned alone, None for no limit."""
    limits = [limit for limit in (fund.budget, fund.ceiling) if limit is not None]
    return min(limits, default=None)


def most_paid(fund: Fund, offer: Offer) -> int:
    """Return the most that a fund pays for a module in a mode."""
    pairs = [
        (fund.modules, offer.module.id),
        (fund.components, offer.module.component),
        (fund.forms, offer.mode.form),
        (fund.providers, offer.mode.provider),
        (fund.module_groups, offer.module.group),
    ]
    if any(allowed and value not in allowed for allowed, value in pairs):
        return 0
    share = fund.share.numerator * offer.mode.price // fund.share.denominator
    return share if fund.module_ceiling is None else min(share, fund.module_ceiling)


def payable(
    funds: list[Fund], offers: tuple[Offer, ...], purses: dict[str, int | None] | None = None
) -> bool:
    """Return whether the prices can be split over the funds.

    Money flows from funds to modules, so it suffices that no cut is below the total price: for
    every set of funds whose purses are cut, the other funds reach each module with what they
    may pay for it, or the module's price is cut.
    """
    purses = {f.id: purse(f) for f in funds} if purses is None else purses
    total = sum(o.mode.price for o in offers)
    most = {f.id: [most_paid(f, o) for o in offers] for f in funds}
    for count in range(len(funds) + 1):
        for cut in combinations(funds, count):
            limits = [purses[f.id] for f in cut]
            if None in limits:
                continue
            others = [f for f in funds if f not in cut]
            reached = sum(
                min(o.mode.price, sum(most[f.id][i] for f in others)) for i, o in enumerate(offers)
            )
            if sum(limit for limit in limits if limit is not None) + reached < total:
                return False
    return True
