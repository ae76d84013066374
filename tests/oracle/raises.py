"""What it costs to let the sources of one teacher pay, by money that flows at a price.

Beside every pipe that a limit narrows lies another one, without a limit, in which a unit costs
what one more unit of that limit does; a new source has pipes of that kind only.  The cheapest flow
then says which limits to raise.  Ceilings of modules are given up or not, set by set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from oracle.offers import Offer
from oracle.purses import PLENTY, Network
from oracle.selections import most_paid, purse, serves
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.repair_prices import RepairPrices
from trajectory_engine.domain.scenario import Scenario

NEVER = 10**15
"""Price of what is not negotiable."""


class Raises:
    """The sources of one teacher planned alone, and what raising their limits costs."""

    def __init__(self, scenario: Scenario, teacher: Teacher) -> None:
        self.prices: RepairPrices = scenario.repairs
        self.funds = [f for f in scenario.funds if serves(f, teacher)]
        self.dated = any(f.yearly for f in self.funds)
        begins = (scenario.fiscal_year.month, scenario.fiscal_year.day)
        days = scenario.calendar.boundaries[:-1]
        self.years = [d.year if (d.month, d.day) >= begins else d.year - 1 for d in days]
        self._known: dict[object, int] = {}

    def of(self, offers: Sequence[Offer], starts: Sequence[int]) -> int:
        """Return the least price of letting the sources pay for steps."""
        years = [self.years[min(s, len(self.years) - 1)] for s in starts]
        key = tuple((o.module.id, o.mode.id, y) for o, y in zip(offers, years, strict=True))
        if key not in self._known:
            self._known[key] = self._least(offers, years)
        return self._known[key]

    def _least(self, offers: Sequence[Offer], years: list[int]) -> int:
        capped = [f for f in self.funds if f.module_ceiling is not None]
        price = self.prices.module_ceiling
        best = NEVER
        for count in range(len(capped) + 1 if price is not None else 1):
            for lifted in combinations(capped, count):
                funds = [replace(f, module_ceiling=None) if f in lifted else f for f in self.funds]
                flow = self._cheapest(funds, offers, years)
                if flow is not None:
                    best = min(best, flow + count * (price or 0))
        return best

    def _cheapest(
        self, funds: Sequence[Fund], offers: Sequence[Offer], years: list[int]
    ) -> int | None:
        network = Network()
        steps = [network.node() for _ in offers]
        for step, offer in zip(steps, offers, strict=True):
            network.lay(step, 1, offer.mode.price)
        for fund in funds:
            hub, limit = network.node(), purse(fund)
            self._narrow(network, 0, hub, PLENTY if limit is None else limit)
            reservoirs = self._reservoirs(network, fund, hub)
            for step, offer, year in zip(steps, offers, years, strict=True):
                network.lay(reservoirs[year], step, most_paid(fund, offer))
        if self.prices.new_money is not None:
            new = network.node()
            network.lay(0, new, PLENTY, self.prices.new_money)
            for step in steps:
                network.lay(new, step, PLENTY)
        return network.cheapest(sum(o.mode.price for o in offers))

    def _narrow(self, network: Network, start: int, end: int, most: int) -> None:
        """Lay a pipe that can be widened."""
        network.lay(start, end, most)
        if self.prices.money is not None and most < PLENTY:
            network.lay(start, end, PLENTY, self.prices.money)

    def _reservoirs(self, network: Network, fund: Fund, hub: int) -> dict[int, int]:
        years = sorted(set(self.years))
        if not fund.yearly:
            return dict.fromkeys(years, hub)
        found = {year: network.node() for year in years}
        for year, node in found.items():
            granted = sum(y.budget for y in fund.yearly if y.year == year)
            self._narrow(network, hub, node, granted)
            if fund.carry_over and year + 1 in found:
                network.lay(node, found[year + 1], PLENTY)
        return found


def without_years(scenario: Scenario) -> Scenario:
    """Return the scenario with sources that pay in any year: nothing costs more there."""
    return replace(scenario, funds=tuple(replace(f, yearly=()) for f in scenario.funds))
