"""Who can pay for what: one row per set of sources, and the split that a plan shows.

Whether chosen modules can be paid is a transportation problem: modules demand their prices,
sources supply up to their ceilings, and a source pays at most its share of one module.  By
max-flow min-cut (Ford and Fulkerson, 1956; Gale, 1957) a split exists iff for every set F of
sources with a ceiling

    sum over taken modes of max(0, price - what the sources outside F may pay)
        <= sum of the ceilings in F.

The left side is linear in the taken modes, so payments need no variables at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from ortools.graph.python import max_flow

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Source:
    """A fund as one teacher sees it; ``limit`` None is no limit."""

    fund: Fund
    limit: int | None

    def most(self, module: Module, mode: Mode) -> int:
        """Return the most that the source pays for the module in this mode."""
        return self.fund.share.floor_of(mode.price) if self.fund.covers(module, mode) else 0


def sources_of(scenario: Scenario, teacher: Teacher, *, alone: bool) -> tuple[Source, ...]:
    """Return the sources open to a teacher, in listed order.

    A budget is shared by all teachers; it is the teacher's own limit only if ``alone``.
    """
    sources = []
    for fund in scenario.funds:
        if fund.serves(teacher.id, teacher.group):
            limits = [fund.ceiling] + ([fund.budget] if alone else [])
            finite = [limit for limit in limits if limit is not None]
            sources.append(Source(fund, min(finite, default=None)))
    return tuple(sources)


def affordable(sources: Sequence[Source], module: Module, mode: Mode) -> bool:
    """Return whether the shares of all sources together cover the price."""
    return sum(s.most(module, mode) for s in sources) >= mode.price


def limited_sets(sources: Sequence[Source]) -> Iterator[tuple[Source, ...]]:
    """Yield every non-empty set of sources with a limit."""
    limited = [s for s in sources if s.limit is not None]
    return chain.from_iterable(combinations(limited, n) for n in range(1, len(limited) + 1))


def residual(
    sources: Sequence[Source], chosen: Sequence[Source], module: Module, mode: Mode
) -> int:
    """Return what the sources outside ``chosen`` leave to pay of the price."""
    outside = sum(s.most(module, mode) for s in sources if s not in chosen)
    return max(0, mode.price - outside)


def split_payments(
    sources: Sequence[Source], bought: Sequence[tuple[Module, Mode]]
) -> list[tuple[tuple[str, int], ...]] | None:
    """Return who pays what for every bought module, None if it cannot be paid.

    For each module in turn the sources in listed order pay the most that leaves the rest
    payable.

    Returns
    -------
    list of tuples of (source id, amount)
        In the order of ``bought``; positive amounts only.
    """
    caps = [[s.most(module, mode) for s in sources] for module, mode in bought]
    prices = [mode.price for _, mode in bought]
    limits = [sum(prices) if s.limit is None else s.limit for s in sources]
    if not _payable(prices, caps, limits):
        return None
    shown = []
    for i, price in enumerate(prices):
        paid, rest = [], price
        for f, source in enumerate(sources):
            amount = _most_payable(prices[i + 1 :], caps[i + 1 :], rest, caps[i], limits, f)
            limits[f] -= amount
            rest -= amount
            if amount:
                paid.append((source.fund.id, amount))
        shown.append(tuple(paid))
    return shown


def _most_payable(
    later: list[int],
    later_caps: list[list[int]],
    rest: int,
    caps: list[int],
    limits: list[int],
    source: int,
) -> int:
    """Return the most that ``source`` pays of ``rest`` with everything else still payable."""

    def holds(amount: int) -> bool:
        left = [v - amount if f == source else v for f, v in enumerate(limits)]
        others = [0 if f <= source else c for f, c in enumerate(caps)]
        return _payable([rest - amount, *later], [others, *later_caps], left)

    low, high = 0, min(rest, caps[source], limits[source])
    if holds(high):
        return high
    # Payability is not monotone from 0 (later sources may not cover the rest), but the payable
    # amounts form an interval, being the projection of a polytope; its upper end is found from
    # any payable amount inside it.
    low = _least_payable(later, later_caps, rest, caps, limits, source)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _least_payable(
    later: list[int],
    later_caps: list[list[int]],
    rest: int,
    caps: list[int],
    limits: list[int],
    source: int,
) -> int:
    """Return one amount of ``source`` for the first module that leaves the rest payable."""
    open_caps = [0 if f < source else c for f, c in enumerate(caps)]
    flows = _flows([rest, *later], [open_caps, *later_caps], limits)
    return flows[0][source]


def _payable(prices: list[int], caps: list[list[int]], limits: list[int]) -> bool:
    return sum(map(sum, _flows(prices, caps, limits))) == sum(prices)


def _flows(prices: list[int], caps: list[list[int]], limits: list[int]) -> list[list[int]]:
    """Return a maximum flow from modules to sources, as amounts per module and source."""
    flow = max_flow.SimpleMaxFlow()
    modules, sources = len(prices), len(limits)
    begin, end = modules + sources, modules + sources + 1
    arcs = [
        [flow.add_arc_with_capacity(i, modules + f, caps[i][f]) for f in range(sources)]
        for i in range(modules)
    ]
    for i, price in enumerate(prices):
        flow.add_arc_with_capacity(begin, i, price)
    for f, limit in enumerate(limits):
        flow.add_arc_with_capacity(modules + f, end, limit)
    if flow.solve(begin, end) != flow.OPTIMAL:
        raise ArithmeticError("the payments overflow the range of the flow solver")
    return [[flow.flow(arc) for arc in row] for row in arcs]
