"""Sources of money: each may pay more, or somebody else pays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.funding import FULL_SHARE, Fund, YearBudget
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.elastic import ElasticConstraint, ElasticRow
from trajectory_engine.problem.money import Closing, Source, YearAxis, cuts

NEW_SOURCE = "new-source"
MODULE_CEILING = "module-ceiling"
YEAR = "year:"
"""What the name of a knob for a fiscal year begins with; the year follows."""


class Funds(Family):
    """Every source that the scenario lists."""

    kind = LimitKind.FUND

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per source."""
        return [Limit(self.kind, fund.id) for fund in ground.scenario.funds]

    def _source(self, ground: Ground, limit: Limit) -> Source | None:
        """Return the source as the teacher sees it, None if it does not serve the teacher."""
        sources = ground.facts.sources
        return next((s for s in sources if s.fund.id == limit.subject), None)

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return what the source can pay at most, by everything that restricts it."""
        source = self._source(ground, limit)
        if source is None:
            return Message.of("limit_fund_closed", fund=limit.subject)
        parts = _restrictions(source, ground)
        code = "_".join(("limit_fund", *parts))
        return Message.of(code, fund=limit.subject, **parts)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the source pays everything for everybody."""
        free = Fund(limit.subject, share=FULL_SHARE)
        return _put(scenario, limit, lambda fund: replace(free, name=fund.name))

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return minor units above what the source can pay, in all and by year; its ceiling."""
        source = self._source(ground, limit)
        if source is None or not ground.most_money:
            return []
        most, price = ground.most_money, ground.prices.money
        names = [] if source.limit is None else [""]
        if source.yearly:
            names += [f"{YEAR}{year}" for year in YearAxis.of(ground.scenario).names]
        knobs = [Knob(limit, "minor-unit", most, price, name) for name in names]
        if source.fund.module_ceiling is not None:
            knobs.append(Knob(limit, "whole", 1, ground.prices.module_ceiling, MODULE_CEILING))
        return knobs

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with the source less restricted."""

        def changed(fund: Fund) -> Fund:
            if knob.name == MODULE_CEILING:
                return replace(fund, module_ceiling=None)
            if knob.name:
                return _richer_year(fund, int(knob.name.removeprefix(YEAR)), amount)
            return _richer(fund, self._limit(ground, knob.limit) + amount)

        return _put(scenario, knob.limit, changed)

    def _limit(self, ground: Ground, limit: Limit) -> int:
        """Return what a source with a limit can pay the teacher in all, 0 for others."""
        source = self._source(ground, limit)
        return (source.limit if source else None) or 0

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the money more, or that the ceiling is given up."""
        fund = knob.limit.subject
        if knob.name == MODULE_CEILING:
            return Message.of("change_fund_module", fund=fund)
        more = shown(amount, ground)
        if not knob.name:
            after = shown(self._limit(ground, knob.limit) + amount, ground)
            return Message.of("change_fund", fund=fund, amount=more, after=after)
        year = int(knob.name.removeprefix(YEAR))
        source = self._source(ground, knob.limit)
        before = _budget_of(source.fund, year) if source else 0
        after = shown(before + amount, ground)
        return Message.of("change_fund_year", fund=fund, amount=more, after=after, year=year)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return nothing: sources are stated together, see :func:`money_constraints`."""
        return []


def _restrictions(source: Source, ground: Ground) -> dict[str, str]:
    """Return what restricts a source, as the parts of a sentence that need naming."""
    fund, found = source.fund, {}
    if source.limit is not None:
        found["total"] = shown(source.limit, ground)
    if source.yearly:
        names = YearAxis.of(ground.scenario).names
        found["carried" if fund.carry_over else "yearly"] = ", ".join(
            f"{year}: {shown(_budget_of(fund, year), ground)}" for year in names
        )
    if fund.module_ceiling is not None:
        found["module"] = shown(fund.module_ceiling, ground)
    if fund.share.numerator < fund.share.denominator:
        found["share"] = f"{fund.share.numerator}/{fund.share.denominator}"
    narrow = {
        "module": fund.modules,
        "component": fund.components,
        "form": fund.forms,
        "provider": fund.providers,
        "group": fund.module_groups,
    }
    listed = [f"{name} {value}" for name, values in narrow.items() for value in values]
    if listed:
        found["only"] = ", ".join(listed)
    return found


def _budget_of(fund: Fund, year: int) -> int:
    return sum(y.budget for y in fund.yearly if y.year == year)


def _richer(fund: Fund, purse: int) -> Fund:
    """Return the fund with budget and ceiling raised to what it shall be able to pay."""
    budget = None if fund.budget is None else max(fund.budget, purse)
    ceiling = None if fund.ceiling is None else max(fund.ceiling, purse)
    return replace(fund, budget=budget, ceiling=ceiling)


def _richer_year(fund: Fund, year: int, amount: int) -> Fund:
    """Return the fund with more money in a year, which may not be listed yet."""
    others = tuple(y for y in fund.yearly if y.year != year)
    more = YearBudget(year, _budget_of(fund, year) + amount)
    return replace(fund, yearly=tuple(sorted((*others, more), key=lambda y: y.year)))


class NewSource(Family):
    """That nobody pays but the sources listed; a limit of its own only where none is listed."""

    kind = LimitKind.NEW_SOURCE

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return the limit, if there is a price and nobody to pay it."""
        return [Limit(self.kind)] if not ground.scenario.funds and ground.most_money else []

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return that nobody pays."""
        return Message.of("limit_no_source")

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario with one more source, without limits."""
        return replace(scenario, funds=(*scenario.funds, Fund(_new_id(scenario))))

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return minor units that a new source pays."""
        if not ground.most_money:
            return []
        return [Knob(limit, "minor-unit", ground.most_money, ground.prices.new_money)]

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with one more source for this teacher."""
        new = Fund(_new_id(scenario), ceiling=amount, teachers=(ground.teacher.id,))
        return replace(scenario, funds=(*scenario.funds, new))

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the money of the new source."""
        return Message.of("change_new_source", amount=shown(amount, ground))

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return nothing: sources are stated together, see :func:`money_constraints`."""
        return []


def money_constraints(view: LooseView) -> list[ElasticConstraint]:
    """Return one row per way to close sources, as in :mod:`trajectory_engine.problem.money`.

    A new source counts as one more limited source with the amount of its knob as its limit; ways
    that leave it open say nothing, since it could pay everything.  Sources that give way are closed
    with all the room that they could get, and what their knobs do not use is taken off again.
    Ceilings of modules that may be given up: for every set of them the rows as they are without
    these, which hold as long as no other one is given up.  There is no row where no source has a
    knob: the problem itself says who can pay.
    """
    ledger = _Ledger(view)
    return list(ledger.rows()) if ledger.gives_way else []


class _Ledger:
    """The sources of a loosened problem with the knobs that move them."""

    def __init__(self, view: LooseView) -> None:
        self._view = view
        ground = view.ground
        self._axis = YearAxis.of(ground.scenario)
        self._room = ground.most_money
        self._new = view.knobs.get(NEW_SOURCE)
        self._knobs = [
            {
                knob.name: view.knobs[knob.id]
                for knob in FUNDS.knobs(ground, Limit(LimitKind.FUND, source.fund.id))
                if knob.id in view.knobs
            }
            for source in ground.facts.sources
        ]
        self._sources = [
            replace(s, limit=s.limit + self._room) if "" in own and s.limit is not None else s
            for s, own in zip(ground.facts.sources, self._knobs, strict=True)
        ]

    @property
    def gives_way(self) -> bool:
        """Whether any source has a knob."""
        return self._new is not None or any(self._knobs)

    def rows(self) -> Iterator[ElasticRow]:
        """Yield all rows that say something."""
        with_ceiling = [i for i, own in enumerate(self._knobs) if MODULE_CEILING in own]
        for count in range(len(with_ceiling) + 1):
            for lifted in combinations(with_ceiling, count):
                kept = [i for i in with_ceiling if i not in lifted]
                yield from self._rows_without(lifted, kept)

    def _rows_without(self, lifted: Sequence[int], kept: Sequence[int]) -> Iterator[ElasticRow]:
        """Yield the rows without the ceilings of some sources, as long as others are kept."""
        sources = [
            replace(s, fund=replace(s.fund, module_ceiling=None)) if i in lifted else s
            for i, s in enumerate(self._sources)
        ]
        axis = self._axis
        for closed, row in cuts(self._view.offered, sources, axis, axis.everything):
            # Of a source that is open in some year its ceiling counts, closed or not in others.
            shut = {c.source for c in closed if c.years == axis.everything}
            if shut.isdisjoint(lifted) and (row.terms or row.timed):
                whole = sum(self._is_whole(c) and "" in self._knobs[c.source] for c in closed)
                most = (row.most or 0) - self._room * whole
                unless = tuple((self._knobs[i][MODULE_CEILING], 1) for i in kept if i not in shut)
                yield ElasticRow(replace(row, most=most), self._gives(closed), unless)

    def _is_whole(self, closing: Closing) -> bool:
        """Return whether a source is closed by what it can pay in all."""
        return closing.supply == self._sources[closing.source].limit

    def _gives(self, closed: Sequence[Closing]) -> tuple[tuple[int, int], ...]:
        """Return the knobs that raise what closed sources can pay."""
        found = [] if self._new is None else [self._new]
        for closing in closed:
            own = self._knobs[closing.source]
            names = [""]
            if not self._is_whole(closing):
                names = [f"{YEAR}{self._axis.names[y]}" for y in sorted(closing.years)]
            found += [own[name] for name in names if name in own]
        return tuple((knob, 1) for knob in found)


FUNDS = Funds()


def _put(scenario: Scenario, limit: Limit, change: Callable[[Fund], Fund]) -> Scenario:
    funds = tuple(change(f) if f.id == limit.subject else f for f in scenario.funds)
    return replace(scenario, funds=funds)


def _new_id(scenario: Scenario) -> str:
    used = {fund.id for fund in scenario.funds}
    name = NEW_SOURCE
    while name in used:
        name += "-"
    return name


def shown(amount: int, ground: Ground) -> str:
    """Return an amount of minor units with the currency, such as ``120 000.00 KZT``."""
    whole, rest = divmod(amount, 100)
    return f"{whole:,}".replace(",", " ") + f".{rest:02} {ground.scenario.currency}"
