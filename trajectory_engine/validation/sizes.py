"""Sums that the solver can compute with: it counts in 64 bits, and people can write more.

Every number of a scenario has its own range.  Products and sums of numbers that are each in range
can still be too large: prices over a catalogue, shares as fractions with large denominators,
weights of a pyramid.  They are refused here, by name, so that nothing overflows later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.pyramid import PER_CENT
from trajectory_engine.domain.scenario import CompetenceModel, ObjectiveName, Scenario
from trajectory_engine.domain.standard import BalanceRule, Measure, ShareRule
from trajectory_engine.validation.faults import Fault, Where

LARGEST_SUM = 10**17
"""Largest sum that is computed with: a hundredth of what 64 bits hold, for what is added to it."""
LARGEST_CHANGE = 4 * LARGEST_SUM
"""Largest price of a change, all its units together; a few kinds of changes add up."""

Figure = Callable[[Mode], Any]
"""Looks up a figure of a mode, which may be anything as long as it has not been checked."""
_PRICE: Figure = attrgetter("price")


def check_sizes(scenario: Scenario) -> Iterator[Fault]:
    """Yield what is in range by itself and too large together."""
    total_price = _total(scenario.modules, _PRICE)
    yield from _check_prices(scenario, total_price)
    yield from _check_repairs(scenario, total_price)
    for i, rule in enumerate(scenario.standard.rules):
        where: Where = ("standard", "rules", i, "body")
        if rule.enabled and isinstance(rule.body, ShareRule):
            yield from _check_share(where, rule.body, scenario.modules)
        if rule.enabled and isinstance(rule.body, BalanceRule):
            yield from _check_balance(where, scenario.model)


def _whole(value: object) -> int:
    """Return a number that is in range, 0 for one that is reported elsewhere."""
    return value if isinstance(value, int) and value > 0 else 0


def _most(values: Iterable[int]) -> int:
    return max(values, default=0)


def _total(modules: Sequence[Module], figure: Figure) -> int:
    """Return a figure over the whole catalogue, each module in the mode that has most of it."""
    offered = [m.modes for m in modules]
    try:
        amounts = list(map(figure, chain.from_iterable(offered)))
    except TypeError:  # a sum with something that is no number
        return sum(_largest(m, figure) for m in modules)
    if set(map(type, amounts)) <= {int} and min(amounts, default=0) >= 0:
        if len(amounts) == len(offered) and all(offered):
            return sum(amounts)
        rest = iter(amounts)
        return sum(_most(islice(rest, len(modes))) for modes in offered)
    return sum(_largest(m, figure) for m in modules)


def _largest(module: Module, figure: Figure) -> int:
    """Return the most of a figure that a mode has, 0 for what is reported elsewhere."""
    most = 0
    for mode in module.modes:
        with suppress(TypeError):  # a sum with something that is no number
            most = max(most, _whole(figure(mode)))
    return most


def _check_prices(scenario: Scenario, total: int) -> Iterator[Fault]:
    ordered = any(o.name is ObjectiveName.FUNDING_ORDER for o in scenario.objectives)
    times = max(1, len(scenario.funds)) if ordered else 1
    if total * times <= LARGEST_SUM:
        return
    position, module = max(enumerate(scenario.modules), key=lambda pair: _largest(pair[1], _PRICE))
    dearest = max(range(len(module.modes)), key=lambda k: _whole(module.modes[k].price))
    found = f"prices that sum to {total} minor units over the catalogue, this one the largest"
    if times > 1:
        found += f", times {times} sources for funding_order"
    where = ("modules", position, "modes", dearest, "price")
    yield Fault("sum_too_large", where, found, f"at most {LARGEST_SUM} in all")


def _check_repairs(scenario: Scenario, total_price: int) -> Iterator[Fault]:
    """Yield the prices of changes that are too large for what may have to change."""
    hours = _total(scenario.modules, _figure(Measure.HOURS))
    sums = {
        "money": total_price,
        "new_money": total_price,
        "hour": hours,
        "rule_hour": hours,
        "rule_credit": _total(scenario.modules, _figure(Measure.CREDITS)),
    }
    for name, units in sums.items():
        price = _whole(getattr(scenario.repairs, name))
        if price * units > LARGEST_CHANGE:
            found = f"{name} {price} for up to {units} units"
            expected = f"at most {LARGEST_CHANGE} in all"
            yield Fault("sum_too_large", ("repairs", name), found, expected)


def _figure(measure: Measure) -> Figure:
    """Return what gives the amount of a measure that a mode contributes."""
    return (lambda _: 1) if measure is Measure.MODULES else attrgetter(measure.value)


def _check_share(where: Where, body: ShareRule, modules: Sequence[Module]) -> Iterator[Fault]:
    whole = _total(modules, _figure(body.measure))
    for name in ("least", "most"):
        share = getattr(body, name)
        if share is not None and whole * _whole(share.denominator) > LARGEST_SUM:
            found = f"the denominator {share.denominator}, times {whole} of {body.measure}"
            expected = f"a product of at most {LARGEST_SUM}: a share in smaller numbers"
            yield Fault("sum_too_large", (*where, name), found, expected)


def _check_balance(where: Where, model: CompetenceModel) -> Iterator[Fault]:
    families = (model.subject, model.pedagogical, model.social)
    first, second, _ = sorted(
        (sum(_whole(e.weight) * _most(e.levels) for e in family) for family in families),
        reverse=True,
    )
    if 2 * PER_CENT * first * second > LARGEST_SUM:
        found = f"weights whose levels sum to {first} and {second} in two components"
        expected = f"a product of at most {LARGEST_SUM // (2 * PER_CENT)}: smaller weights"
        yield Fault("sum_too_large", (*where, "tolerance"), found, expected)
