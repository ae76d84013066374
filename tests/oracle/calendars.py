"""Every calendar of a selection, walked through period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from oracle.knowledge import Knowledge
from oracle.offers import Offer, covered
from oracle.purses import Purses
from oracle.relations import Relations
from oracle.rulebook import Outcome, keeps, needs_calendar, rules_for
from oracle.selections import Selection
from trajectory_engine.domain.catalogue import ResourceKind
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.domain.standard import OrderRule

NO_LIMIT = 10**12


@dataclass
class Limit:
    """What a calendar may not exceed; may be tightened while calendars are being listed."""

    completion: int = NO_LIMIT
    peak: int = NO_LIMIT
    start_sum: int = NO_LIMIT
    money: dict[ObjectiveName, int] = field(default_factory=dict)
    broken: int = NO_LIMIT


@dataclass(frozen=True)
class Calendar:
    """Starts of the offers of a selection in their order, with what they amount to.

    ``broken`` is the weight of all soft rules that selection and calendar together break.
    """

    starts: tuple[int, ...]
    completion: int
    peak: int
    money: dict[ObjectiveName, int] = field(default_factory=dict)
    broken: int = 0


class Calendars:
    """Lists the feasible calendars of selections for one teacher."""

    def __init__(self, scenario: Scenario, teacher: Teacher, knowledge: Knowledge) -> None:
        self.teacher, self.knowledge = teacher, knowledge
        self.purses = Purses(scenario, teacher)
        self.horizon = len(scenario.calendar.boundaries) - 1
        self.renewable = [
            (r.id, r.capacity) for r in scenario.resources if r.kind is ResourceKind.RENEWABLE
        ]
        self.scenario = scenario
        self.relations = Relations(scenario, teacher)
        rules = rules_for(scenario, teacher)
        self.orders = [r.body for r in rules if isinstance(r.body, OrderRule) and r.hard]
        self.dated = [r for r in rules if needs_calendar(r)]

    def of(self, selection: Selection, limit: Limit) -> Iterator[Calendar]:
        """Yield every feasible calendar of a selection within a limit."""
        loads = [[0] * self.horizon for _ in range(len(self.renewable) + 1)]
        everything = tuple(range(len(selection.offers)))
        return self._from(selection, limit, 0, everything, {}, loads)

    def _from(
        self,
        selection: Selection,
        limit: Limit,
        period: int,
        waiting: tuple[int, ...],
        starts: dict[int, int],
        loads: list[list[int]],
    ) -> Iterator[Calendar]:
        """Yield the calendars in which those waiting start in ``period`` or later."""
        offers = selection.offers
        if not waiting:
            in_order = tuple(starts[i] for i in range(len(offers)))
            money = self.purses.values(offers, in_order) if self.purses.matters else {}
            if self.purses.matters and not money:
                return
            if not self.relations.hold(offers, in_order):
                return
            broken = self._rules_broken(selection, starts)
            if broken is None:
                return
            calendar = Calendar(
                in_order,
                max((starts[i] + o.mode.duration for i, o in enumerate(offers)), default=0),
                max(loads[0], default=0),
                broken=selection.broken + broken,
                money=money,
            )
            if self._within(calendar, limit):
                yield calendar
            return
        if self._hopeless(offers, limit, period, waiting, starts, loads[0]):
            return
        ready = [i for i in waiting if period in offers[i].starts]
        for count in range(len(ready), -1, -1):
            for group in combinations(ready, count):
                if group and not self._may_start(selection, group, period, starts):
                    continue
                added = self._add(offers, group, period, loads, limit) if group else loads
                if added is None:
                    continue
                rest = tuple(i for i in waiting if i not in group)
                placed = {**starts, **dict.fromkeys(group, period)}
                yield from self._from(selection, limit, period + 1, rest, placed, added)

    def _rules_broken(self, selection: Selection, starts: dict[int, int]) -> int | None:
        """Return the weight of the dated soft rules broken, None if a hard one is."""
        steps = [(offer, starts[i]) for i, offer in enumerate(selection.offers)]
        outcome = Outcome(self.scenario, self.teacher, self.knowledge, steps, selection.formed)
        broken = [r for r in self.dated if not keeps(r, outcome)]
        return None if any(r.hard for r in broken) else sum(r.weight for r in broken)

    def _hopeless(
        self,
        offers: tuple[Offer, ...],
        limit: Limit,
        period: int,
        waiting: tuple[int, ...],
        starts: dict[int, int],
        load: list[int],
    ) -> bool:
        """Return whether those waiting cannot all start in ``period`` or later."""
        first = {i: min((s for s in offers[i].starts if s >= period), default=-1) for i in waiting}
        if min(first.values()) < 0:
            return True
        if any(s + offers[i].mode.duration > limit.completion for i, s in first.items()):
            return True
        if sum(starts.values()) + sum(first.values()) > limit.start_sum:
            return True
        last = min(self.horizon, limit.completion)
        free = sum(min(self.teacher.hours[p], limit.peak) - load[p] for p in range(period, last))
        return sum(offers[i].hours for i in waiting) > free

    def _within(self, calendar: Calendar, limit: Limit) -> bool:
        return (
            calendar.completion <= limit.completion
            and calendar.peak <= limit.peak
            and sum(calendar.starts) <= limit.start_sum
            and all(value <= limit.money.get(n, NO_LIMIT) for n, value in calendar.money.items())
            and calendar.broken <= limit.broken
        )

    def _ordered(self, offers: tuple[Offer, ...]) -> list[tuple[int, int]]:
        """Return the pairs of which the first must have ended when the second starts."""
        return [
            (a, b)
            for order in self.orders
            for a, first in enumerate(offers)
            for b, second in enumerate(offers)
            if a != b
            and covered(order.before, first.module, first.mode)
            and covered(order.after, second.module, second.mode)
        ]

    def _may_start(
        self, selection: Selection, group: tuple[int, ...], period: int, starts: dict[int, int]
    ) -> bool:
        """Return whether all of a group may enter in a period, instant ones in some order."""
        offers = selection.offers
        started = {**starts, **dict.fromkeys(group, period)}
        for first, second in self._ordered(offers):
            if second in group and (
                first not in started or started[first] + offers[first].mode.duration > period
            ):
                return False
        formed, ended = self.knowledge.known, 0
        for i, start in starts.items():
            if start + offers[i].mode.duration <= period:
                formed |= offers[i].candidate.gives
                ended |= offers[i].candidate.bit
        formed = self.knowledge.settle(formed)

        def enters(i: int) -> bool:
            candidate = offers[i].candidate
            released = bool(candidate.bit & selection.released)
            return released or candidate.may_enter(formed, ended)

        instant = [i for i in group if offers[i].mode.duration == 0]
        while entering := [i for i in instant if enters(i)]:
            for i in entering:
                formed |= offers[i].candidate.gives
                ended |= offers[i].candidate.bit
            formed = self.knowledge.settle(formed)
            instant = [i for i in instant if i not in entering]
        return not instant and all(enters(i) for i in group if offers[i].mode.duration > 0)

    def _add(
        self,
        offers: tuple[Offer, ...],
        group: tuple[int, ...],
        period: int,
        loads: list[list[int]],
        limit: Limit,
    ) -> list[list[int]] | None:
        """Return the use of hours and resources with a group added, None if a limit is broken."""
        added = [list(row) for row in loads]
        for i in group:
            uses: dict[str, int] = {}
            for use in offers[i].mode.resources:
                uses[use.resource] = uses.get(use.resource, 0) + use.amount
            for offset, hours in enumerate(offers[i].load):
                added[0][period + offset] += hours
            for row, (resource, _) in enumerate(self.renewable, 1):
                for p in range(period, period + offers[i].mode.duration):
                    added[row][p] += uses.get(resource, 0)
        for p, hours in enumerate(added[0]):
            if hours and hours > min(self.teacher.hours[p], limit.peak):
                return None
        for row, (_, capacity) in enumerate(self.renewable, 1):
            if any(used > capacity for used in added[row]):
                return None
        return added
