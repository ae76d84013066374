"""Who can pay for what, as linear rows over taken modes: feasibility and the objectives of money.

Whether chosen modules can be paid is a flow: every module sends its price to the sources, at most
what a source pays for it, and every source takes at most its limits: its ceiling, a budget, a
budget of a fiscal year.  The limits of one source are sets of years with an amount, and any two
of these sets are disjoint or nested (single years without carry-over; with it, all years up to
one; always all years together), so they are arcs of a network too.

*Close* a source for some years: it pays nothing for what starts in them and instead gives what
it can pay in them at most.  By max-flow min-cut (Ford and Fulkerson, 1956; Gale, 1957) the most
that a set S of sources can pay together for the modules taken is the least, over all ways to
close sources of S, of

    sum of min(price, what the sources of S still open in the year of its start may pay)
        + what the closed ones can pay,

so the price that S must leave to others, the *shortfall* of S, is the largest of

    sum of max(0, price - what the sources of S still open may pay) - what the closed can pay.

That is linear in the literals "taken, with its start in these years", and payments need no
variables at all.  A plan can be paid iff the shortfall of all sources is 0: one row for every way
of closing.  A way whose years fall apart (no closing spans two of the parts) only adds up rows of
its parts and is left out; where no limit spans two years at all, each year is closed by itself.

What the teacher pays at least is the shortfall of everybody else.  The vectors of what the
sources pay in total form the bases of a polymatroid (the flow is a gammoid with capacities), and
the greedy base (Edmonds, 1970) has for *every* prefix of an order of the sources the largest sum
that the prefix can pay.  So one split attains the least shortfalls of all prefixes at once, and
``funding_order``, the sum of amount times position, is the sum of these shortfalls.  With the
teacher's own money at the end of the order the same split also attains ``own_cost``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.funding import SELF, Fund
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.problem.teacher_problem import Literal, Row, Shortfall, StartWindow

if TYPE_CHECKING:
    from trajectory_engine.problem.rows import Taken

Years = frozenset[int]
"""Fiscal years, as indices into the axis of years."""


@dataclass(frozen=True, slots=True)
class YearAxis:
    """The fiscal years of a calendar: ``spans[i]`` are the starts ``[first, last)`` of year i."""

    names: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, scenario: Scenario) -> YearAxis:
        """Return the years of a scenario, the first one first."""
        names = tuple(dict.fromkeys(scenario.years))
        starts = [scenario.years.index(name) for name in names]
        ends = [*starts[1:], scenario.calendar.horizon + 1]
        return cls(names, tuple(zip(starts, ends, strict=True)))

    @property
    def everything(self) -> Years:
        """All years."""
        return frozenset(range(len(self.names)))

    def index_of(self, start: int) -> int:
        """Return the year of a start."""
        return next(i for i, (_, last) in enumerate(self.spans) if start < last)


ONE_YEAR = YearAxis((0,), ((0, 1 << 30),))


@dataclass(frozen=True, slots=True)
class YearLimit:
    """In these years together a source pays at most ``amount``."""

    years: Years
    amount: int


@dataclass(frozen=True, slots=True)
class Source:
    """A fund as one teacher sees it.

    Attributes
    ----------
    limit : int or None
        Most that it pays over all years; None is no limit.
    yearly : tuple of YearLimit
        Either of single years, or of all years up to one, rising.
    """

    fund: Fund
    limit: int | None
    yearly: tuple[YearLimit, ...] = ()

    def most(self, module: Module, mode: Mode) -> int:
        """Return the most that the source pays for the module in this mode."""
        if not self.fund.covers(module, mode):
            return 0
        share, ceiling = self.fund.share.floor_of(mode.price), self.fund.module_ceiling
        return share if ceiling is None else min(share, ceiling)


def sources_of(scenario: Scenario, teacher: Teacher, *, alone: bool) -> tuple[Source, ...]:
    """Return the sources open to a teacher, in the order in which they are used.

    A budget is shared by all teachers; it is the teacher's own limit only if ``alone``.
    """
    axis = YearAxis.of(scenario)
    sources = []
    for fund in scenario.preferred_funds:
        if fund.serves(teacher.id, teacher.group):
            limits = [fund.ceiling] + ([fund.budget] if alone else [])
            finite = [limit for limit in limits if limit is not None]
            yearly = year_limits(fund, axis) if alone else ()
            sources.append(Source(fund, min(finite, default=None), yearly))
    return tuple(sources)


def year_limits(fund: Fund, axis: YearAxis) -> tuple[YearLimit, ...]:
    """Return the limits that the yearly budgets of a fund set, for all teachers together."""
    if not fund.yearly:
        return ()
    granted = {y.year: y.budget for y in fund.yearly}
    budgets = [granted.get(name, 0) for name in axis.names]
    if not fund.carry_over:
        return tuple(YearLimit(frozenset((i,)), b) for i, b in enumerate(budgets))
    return tuple(
        YearLimit(frozenset(range(i + 1)), sum(budgets[: i + 1])) for i in range(len(budgets))
    )


def affordable(sources: Sequence[Source], module: Module, mode: Mode) -> bool:
    """Return whether the shares of all sources together cover the price."""
    return sum(s.most(module, mode) for s in sources) >= mode.price


# ---- ways of closing -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Closing:
    """A source closed for the years of ``blocks``, in which it can pay ``supply`` at most."""

    source: int
    blocks: tuple[Years, ...]
    supply: int

    @property
    def years(self) -> Years:
        """All years for which it is closed."""
        return frozenset().union(*self.blocks)


def closings(source: Source, index: int, axis: YearAxis) -> list[Closing]:
    """Return the ways to close one source that can matter, staying open among them."""
    most = 1 if source.fund.carry_over else len(source.yearly)
    found = [
        Closing(index, tuple(lim.years for lim in some), sum(lim.amount for lim in some))
        for n in range(most + 1)
        for some in combinations(source.yearly, n)
    ]
    if source.limit is None:
        return found
    cheaper = [c for c in found if not c.blocks or c.supply < source.limit]
    return [*cheaper, Closing(index, (axis.everything,), source.limit)]


def _hangs_together(blocks: Iterable[Years]) -> bool:
    """Return whether blocks that share years join all of them into one part."""
    parts: list[Years] = []
    for block in blocks:
        joined = block.union(*(p for p in parts if p & block))
        parts = [joined, *(p for p in parts if not p & block)]
    return len(parts) == 1


def _parts(sources: Sequence[Source], axis: YearAxis) -> list[Years]:
    """Return the years in parts that no limit of a source spans."""
    blocks = [lim.years for s in sources for lim in s.yearly]
    blocks += [axis.everything for s in sources if s.limit is not None]
    if any(len(block) > 1 for block in blocks):
        return [axis.everything]
    return [frozenset((y,)) for y in sorted(axis.everything)]


def cuts(
    offered: Sequence[Taken],
    sources: Sequence[Source],
    axis: YearAxis,
    part: Years,
    wanted: Callable[[tuple[Closing, ...]], bool] = lambda _: True,
) -> Iterator[tuple[tuple[Closing, ...], Row]]:
    """Yield the ways of closing for years of a part, each with its row over starts in them.

    The row says: the price that is not covered is at most what the closed sources can pay.

    Parameters
    ----------
    wanted : callable
        Says of closed sources whether their row is asked for; default: always.
    """
    ways = [[c for c in closings(s, i, axis) if c.years <= part] for i, s in enumerate(sources)]
    found = [tuple(c for c in way if c.blocks) for way in product(*ways)]
    asked = [closed for closed in found if wanted(closed)]
    most = [[s.most(t.module, t.mode) for s in sources] for t in offered] if asked else []
    for closed in asked:
        shut = [[c.source for c in closed if y in c.years] for y in range(len(axis.names))]
        terms: list[tuple[Literal, int]] = []
        timed: list[tuple[StartWindow, int]] = []
        for t, caps in zip(offered, most, strict=True):
            uncovered = t.mode.price - sum(caps)
            left = [
                max(0, uncovered + sum(caps[s] for s in some)) if y in part else 0
                for y, some in enumerate(shut)
            ]
            base = min(left)
            if base:
                terms.append((t.literal, base))
            timed += _windows(t.literal, [amount - base for amount in left], axis)
        name = "fund:" + "+".join(sources[c.source].fund.id for c in closed)
        supply = sum(c.supply for c in closed)
        yield closed, Row(name, tuple(terms), None, supply, covering=False, timed=tuple(timed))


def _windows(
    literal: Literal, amounts: Sequence[int], axis: YearAxis
) -> Iterator[tuple[StartWindow, int]]:
    """Yield the windows of starts with their positive amounts, equal neighbours as one."""
    begun = 0
    for i, amount in enumerate(amounts):
        if i + 1 == len(amounts) or amounts[i + 1] != amount:
            if amount:
                yield StartWindow(literal, axis.spans[begun][0], axis.spans[i][1]), amount
            begun = i + 1


def fund_rows(
    offered: Sequence[Taken], sources: Sequence[Source], axis: YearAxis = ONE_YEAR
) -> Iterator[Row]:
    """Yield the rows that hold iff the taken modes can be paid, each by itself being affordable."""

    def matters(closed: tuple[Closing, ...]) -> bool:
        return bool(closed) and _hangs_together(b for c in closed for b in c.blocks)

    for part in _parts(sources, axis):
        for _, row in cuts(offered, sources, axis, part, matters):
            yield row


# ---- objectives ----------------------------------------------------------------------------


def shortfalls_of(
    offered: Sequence[Taken],
    sources: Sequence[Source],
    axis: YearAxis = ONE_YEAR,
    *,
    weight: int = 1,
) -> tuple[Shortfall, ...]:
    """Return what some sources must leave to others, times a weight, part by part of the years."""
    return tuple(
        Shortfall(weight, tuple(row for _, row in cuts(offered, sources, axis, part)))
        for part in _parts(sources, axis)
    )


def money_objectives(
    scenario: Scenario, offered: Sequence[Taken], sources: Sequence[Source]
) -> dict[ObjectiveName, tuple[Shortfall, ...]]:
    """Return the objectives of money that a scenario asks for, as sums of shortfalls."""
    axis = YearAxis.of(scenario)
    asked = {spec.name for spec in scenario.objectives}
    found: dict[ObjectiveName, tuple[Shortfall, ...]] = {}
    if ObjectiveName.OWN_COST in asked:
        others = [s for s in sources if s.fund.id != SELF]
        own = shortfalls_of(offered, others, axis) if len(others) < len(sources) else ()
        found[ObjectiveName.OWN_COST] = own
    if ObjectiveName.FUNDING_ORDER in asked:
        found[ObjectiveName.FUNDING_ORDER] = tuple(
            shortfall
            for count, weight in _prefixes(scenario, sources)
            for shortfall in shortfalls_of(offered, sources[:count], axis, weight=weight)
        )
    return found


def _prefixes(scenario: Scenario, sources: Sequence[Source]) -> Iterator[tuple[int, int]]:
    """Yield how many of the teacher's sources stand in a prefix of all, and how often they do."""
    position = {f.id: i for i, f in enumerate(scenario.preferred_funds)}
    places = [-1, *(position[s.fund.id] for s in sources)]
    for count in range(len(sources)):
        weight = places[count + 1] - max(places[count], 0)
        if weight:
            yield count, weight
