"""The split of the prices that a plan shows: who pays what for every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.graph.python import max_flow

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.problem.money import Source, YearLimit

Purchase = tuple[Module, Mode, int]
"""A module, its mode and the index of the fiscal year in which it is paid."""


@dataclass(frozen=True, slots=True)
class _Demand:
    """A price, the year of payment, and the most that every source pays of it."""

    price: int
    year: int
    caps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Purse:
    """What a source can still pay: in all, and under each of its limits of years."""

    total: int
    yearly: tuple[YearLimit, ...]

    def after(self, amount: int, year: int) -> _Purse:
        """Return the purse after a payment in a year."""
        yearly = tuple(
            YearLimit(lim.years, lim.amount - amount) if year in lim.years else lim
            for lim in self.yearly
        )
        return _Purse(self.total - amount, yearly)

    def room(self, year: int) -> int:
        """Return the most of one payment in a year."""
        return min([self.total, *(lim.amount for lim in self.yearly if year in lim.years)])


def split_payments(
    sources: Sequence[Source], bought: Sequence[Purchase]
) -> list[tuple[tuple[str, int], ...]] | None:
    """Return who pays what for every bought module, None if it cannot be paid.

    The sources in turn pay, in all, the most that leaves the rest payable; within these sums, for
    each module in turn, the sources in turn pay the most that leaves the rest payable.

    Returns
    -------
    list of tuples of (source id, amount)
        In the order of ``bought``; positive amounts only.
    """
    demands = [
        _Demand(mode.price, year, tuple(s.most(module, mode) for s in sources))
        for module, mode, year in bought
    ]
    total = sum(d.price for d in demands)
    purses = [_Purse(total if s.limit is None else s.limit, s.yearly) for s in sources]
    if not _can_bind(demands, purses):
        return _unlimited(sources, demands)
    if not _payable(demands, purses):
        return None
    purses = _with_totals(demands, purses)
    shown = []
    for i, demand in enumerate(demands):
        paid, rest = [], demand.price
        for f, source in enumerate(sources):
            amount = _most_payable(rest, demand, demands[i + 1 :], purses, f)
            purses[f] = purses[f].after(amount, demand.year)
            rest -= amount
            if amount:
                paid.append((source.fund.id, amount))
        shown.append(tuple(paid))
    return shown


def _can_bind(demands: Sequence[_Demand], purses: Sequence[_Purse]) -> bool:
    """Return whether a limit of a source could keep it from paying the most of every price."""
    return any(
        sum(d.caps[f] for d in demands) > purse.total
        or any(
            sum(d.caps[f] for d in demands if d.year in lim.years) > lim.amount
            for lim in purse.yearly
        )
        for f, purse in enumerate(purses)
    )


def _unlimited(
    sources: Sequence[Source], demands: Sequence[_Demand]
) -> list[tuple[tuple[str, int], ...]] | None:
    """Return the split where no limit binds: of every price the sources in turn pay the most."""
    shown = []
    for demand in demands:
        paid, rest = [], demand.price
        for source, cap in zip(sources, demand.caps, strict=True):
            amount = min(rest, cap)
            rest -= amount
            if amount:
                paid.append((source.fund.id, amount))
        if rest:
            return None
        shown.append(tuple(paid))
    return shown


def _with_totals(demands: Sequence[_Demand], purses: Sequence[_Purse]) -> list[_Purse]:
    """Return the purses with exactly what each pays in all: the most, source by source."""
    found, before = [], 0
    for f, purse in enumerate(purses):
        prefix = [_up_to(d, d.price, 0, f + 1) for d in demands]
        together = sum(map(sum, _flows(prefix, purses)))
        found.append(_Purse(together - before, purse.yearly))
        before = together
    return found


def _up_to(demand: _Demand, price: int, first: int, last: int) -> _Demand:
    """Return a demand that only the sources ``[first, last)`` may meet."""
    caps = tuple(c if first <= f < last else 0 for f, c in enumerate(demand.caps))
    return _Demand(price, demand.year, caps)


def _most_payable(
    rest: int, demand: _Demand, later: Sequence[_Demand], purses: Sequence[_Purse], source: int
) -> int:
    """Return the most that ``source`` pays of ``rest`` with everything else still payable."""
    count = len(demand.caps)

    def holds(amount: int) -> bool:
        left = [p.after(amount, demand.year) if f == source else p for f, p in enumerate(purses)]
        return _payable([_up_to(demand, rest - amount, source + 1, count), *later], left)

    high = min(rest, demand.caps[source], purses[source].room(demand.year))
    if holds(high):
        return high
    # Payability is not monotone from 0 (later sources may not cover the rest), but the payable
    # amounts form an interval, being the projection of a polytope; its upper end is found from
    # any payable amount inside it.
    low = _flows([_up_to(demand, rest, source, count), *later], purses)[0][source]
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _payable(demands: Sequence[_Demand], purses: Sequence[_Purse]) -> bool:
    return sum(map(sum, _flows(demands, purses))) == sum(d.price for d in demands)


def _flows(demands: Sequence[_Demand], purses: Sequence[_Purse]) -> list[list[int]]:
    """Return a maximum flow from demands to sources, as amounts per demand and source."""
    flow = max_flow.SimpleMaxFlow()
    begin, end, free = 0, 1, 2 + len(demands)
    inlets: list[dict[int, int]] = []
    for purse in purses:
        hub, inlet = free, {d.year: free for d in demands}
        flow.add_arc_with_capacity(hub, end, purse.total)
        free += 1
        for lim in sorted(purse.yearly, key=lambda x: len(x.years), reverse=True):
            above = inlet.get(min(lim.years, key=lambda y: y not in inlet), hub)
            flow.add_arc_with_capacity(free, above, lim.amount)
            inlet |= {y: free for y in inlet if y in lim.years}
            free += 1
        inlets.append(inlet)
    arcs = [
        [
            flow.add_arc_with_capacity(2 + i, inlets[f][demand.year], cap)
            for f, cap in enumerate(demand.caps)
        ]
        for i, demand in enumerate(demands)
    ]
    for i, demand in enumerate(demands):
        flow.add_arc_with_capacity(begin, 2 + i, demand.price)
    if flow.solve(begin, end) != flow.OPTIMAL:
        raise ArithmeticError("the payments overflow the range of the flow solver")
    return [[flow.flow(arc) for arc in row] for row in arcs]
