"""What a calendar costs whom, by money that flows out of the sources, unit cost by unit cost.

A fund gives at most its ceiling (and budget); of that at most its yearly budget enters a year's
reservoir; with carry-over a reservoir empties into the next year's; from a reservoir money reaches
the steps that start in the year.  The cheapest flow is found by successive shortest paths
(Bellman and Ford), with the cost of a unit on the fund that gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oracle.offers import Offer
from oracle.selections import most_paid, purse, serves
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import ObjectiveName, Scenario

PLENTY = 10**9
MONEY = (ObjectiveName.OWN_COST, ObjectiveName.FUNDING_ORDER)
"""Objectives that depend on who pays."""


@dataclass
class _Pipe:
    """A pipe of a network and what is still free in it; ``back`` is the way back."""

    to: int
    free: int
    cost: int
    back: int


class Network:
    """A network of pipes with the cheapest flow through it."""

    def __init__(self) -> None:
        self.pipes: list[list[_Pipe]] = [[], []]

    def node(self) -> int:
        """Return a new node; 0 is where money comes from and 1 where it goes."""
        self.pipes.append([])
        return len(self.pipes) - 1

    def lay(self, start: int, end: int, most: int, cost: int = 0) -> None:
        """Lay a pipe."""
        self.pipes[start].append(_Pipe(end, most, cost, len(self.pipes[end])))
        self.pipes[end].append(_Pipe(start, 0, -cost, len(self.pipes[start]) - 1))

    def cheapest(self, amount: int) -> int | None:
        """Return the least cost of sending an amount from 0 to 1, None if it does not fit."""
        total = 0
        while amount:
            way = self._cheapest_way()
            if way is None:
                return None
            sent = min(amount, *(p.free for p in way))
            for pipe in way:
                pipe.free -= sent
                self.pipes[pipe.to][pipe.back].free += sent
                total += sent * pipe.cost
            amount -= sent
        return total

    def _cheapest_way(self) -> list[_Pipe] | None:
        cost: dict[int, int] = {0: 0}
        came: dict[int, tuple[int, _Pipe]] = {}
        changed = True
        while changed:
            changed = False
            for start, pipes in enumerate(self.pipes):
                for pipe in pipes if start in cost else ():
                    reached = cost[start] + pipe.cost
                    if pipe.free and reached < cost.get(pipe.to, PLENTY):
                        cost[pipe.to], came[pipe.to] = reached, (start, pipe)
                        changed = True
        if 1 not in cost:
            return None
        way, node = [], 1
        while node:
            node, pipe = came[node]
            way.append(pipe)
        return way


class Purses:
    """The sources of one teacher planned alone."""

    def __init__(self, scenario: Scenario, teacher: Teacher) -> None:
        self.scenario = scenario
        self.funds = [f for f in scenario.funds if serves(f, teacher)]
        self.asked = [o.name for o in scenario.objectives if o.name in MONEY]
        self.matters = bool(self.asked) or any(f.yearly for f in self.funds)
        begins = (scenario.fiscal_year.month, scenario.fiscal_year.day)
        days = scenario.calendar.boundaries[:-1]
        self.years = [d.year if (d.month, d.day) >= begins else d.year - 1 for d in days]
        self._known: dict[object, dict[ObjectiveName, int] | None] = {}

    def values(self, offers: Sequence[Offer], starts: Sequence[int]) -> dict[ObjectiveName, int]:
        """Return the least value of both objectives of money, nothing if nobody can pay."""
        years = [self.years[min(s, len(self.years) - 1)] for s in starts]
        key = tuple((o.module.id, o.mode.id, y) for o, y in zip(offers, years, strict=True))
        if key not in self._known:
            self._known[key] = self._values(offers, years)
        return self._known[key] or {}

    def _values(self, offers: Sequence[Offer], years: list[int]) -> dict[ObjectiveName, int] | None:
        own_matters = ObjectiveName.OWN_COST in self.asked
        order = [f.id for f in self.scenario.funds if not (own_matters and f.id == "self")]
        order += ["self"] * own_matters
        own = self._cheapest(offers, years, lambda f: int(f.id == "self"))
        ranked = self._cheapest(offers, years, lambda f: order.index(f.id))
        if own is None or ranked is None:
            return None
        return {ObjectiveName.OWN_COST: own, ObjectiveName.FUNDING_ORDER: ranked}

    def _cheapest(
        self, offers: Sequence[Offer], years: list[int], cost: Callable[[Fund], int]
    ) -> int | None:
        network = Network()
        steps = [network.node() for _ in offers]
        for step, offer in zip(steps, offers, strict=True):
            network.lay(step, 1, offer.mode.price)
        for fund in self.funds:
            hub, limit = network.node(), purse(fund)
            network.lay(0, hub, PLENTY if limit is None else limit, cost(fund))
            reservoirs = self._reservoirs(network, fund, hub)
            for step, offer, year in zip(steps, offers, years, strict=True):
                network.lay(reservoirs[year], step, most_paid(fund, offer))
        return network.cheapest(sum(o.mode.price for o in offers))

    def _reservoirs(self, network: Network, fund: Fund, hub: int) -> dict[int, int]:
        """Lay the pipes of a fund's years; return where every year's steps are paid from."""
        years = sorted(set(self.years))
        if not fund.yearly:
            return dict.fromkeys(years, hub)
        found = {year: network.node() for year in years}
        for year, node in found.items():
            network.lay(hub, node, sum(y.budget for y in fund.yearly if y.year == year))
            if fund.carry_over and year + 1 in found:
                network.lay(node, found[year + 1], PLENTY)
        return found
