"""Sources of money: each may pay more, or somebody else pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.funding import FULL_SHARE, Fund
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.elastic import ElasticConstraint, ElasticRow
from trajectory_engine.problem.money import Source, YearAxis, cuts

NEW_SOURCE = "new-source"


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
        """Return what the source can pay at most."""
        source = self._source(ground, limit)
        if source is None:
            return Message.of("limit_fund_closed", fund=limit.subject)
        if source.limit is None:
            return Message.of("limit_fund_open", fund=limit.subject)
        amount = shown(source.limit, ground)
        return Message.of("limit_fund", fund=limit.subject, amount=amount)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the source pays everything for everybody."""
        free = Fund(limit.subject, share=FULL_SHARE)
        return _put(scenario, limit, lambda fund: replace(free, name=fund.name))

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return minor units above what the source can pay the teacher."""
        source = self._source(ground, limit)
        if source is None or source.limit is None or not ground.most_money:
            return []
        return [Knob(limit, "minor-unit", ground.most_money, ground.prices.money)]

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with budget and ceiling raised as far as it takes."""
        source = self._source(ground, knob.limit)
        assert source is not None and source.limit is not None
        purse = source.limit + amount

        def raised(fund: Fund) -> Fund:
            budget = None if fund.budget is None else max(fund.budget, purse)
            ceiling = None if fund.ceiling is None else max(fund.ceiling, purse)
            return replace(fund, budget=budget, ceiling=ceiling)

        return _put(scenario, knob.limit, raised)

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the money more."""
        source = self._source(ground, knob.limit)
        before = (source.limit if source else None) or 0
        return Message.of(
            "change_fund",
            fund=knob.limit.subject,
            amount=shown(amount, ground),
            after=shown(before + amount, ground),
        )

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return nothing: sources are stated together, see :func:`money_constraints`."""
        return []


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


def money_constraints(
    view: LooseView, raised: dict[str, int], new_source: int | None
) -> list[ElasticConstraint]:
    """Return one row per way to close sources, as in :mod:`trajectory_engine.problem.money`.

    A new source counts as one more limited source with the amount of its knob as its limit; ways
    that leave it open say nothing, since it could pay everything.  Sources that give way are closed
    with all the room that they could get, and what their knobs do not use is taken off again.

    Parameters
    ----------
    raised : dict
        Knob by source id.
    new_source : int or None
        Knob of the new source.
    """
    ground = view.ground
    axis = YearAxis.of(ground.scenario)
    room = ground.most_money
    sources = [
        replace(s, limit=s.limit + room) if s.fund.id in raised and s.limit is not None else s
        for s in ground.facts.sources
    ]
    found: list[ElasticConstraint] = []
    for closed, row in cuts(view.offered, sources, axis, axis.everything):
        whole = [sources[c.source] for c in closed if c.supply == sources[c.source].limit]
        own = [s.fund.id for s in whole if s.fund.id in raised]
        knobs = [(raised[fund], 1) for fund in own]
        knobs += [] if new_source is None else [(new_source, 1)]
        if (row.terms or row.timed) and (closed or new_source is not None):
            most = (row.most or 0) - room * len(own)
            found.append(ElasticRow(replace(row, most=most), tuple(knobs)))
    return found


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
