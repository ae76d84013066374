"""Money: rows over taken modes and shortfalls against brute force, and the split that is shown."""

from __future__ import annotations

from functools import cache
from itertools import accumulate, product

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.tiny import mode, module

from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.problem.evaluate import row_holds, shortfall_value
from trajectory_engine.problem.money import (
    Source,
    YearAxis,
    YearLimit,
    affordable,
    fund_rows,
    shortfalls_of,
)
from trajectory_engine.problem.rows import Taken
from trajectory_engine.problem.split import Purchase, split_payments

SHARES = st.sampled_from([Share(1, 1), Share(1, 2), Share(2, 3), Share(0, 1)])
FORMS = st.sampled_from(["day", "net"])
AXIS = YearAxis((2026, 2027, 2028), ((0, 4), (4, 6), (6, 9)))


@st.composite
def purchases(draw: st.DrawFn, years: int = 2) -> list[Purchase]:
    """Return up to three modules with one mode and a small price each, and years of payment."""
    found = []
    for i in range(draw(st.integers(0, 3))):
        offered = mode(price=draw(st.integers(0, 5)), form=draw(FORMS))
        year = draw(st.integers(0, years))
        found.append((module(f"M{i}", "x1", offered, group=draw(FORMS)), offered, year))
    return found


@st.composite
def sources(draw: st.DrawFn) -> list[Source]:
    """Return up to three sources with limits, shares, ceilings of a module and eligibility."""
    found = []
    for i in range(draw(st.integers(0, 3))):
        carries = draw(st.booleans())
        budgets = draw(st.sampled_from([None, None, 0])) or draw(
            st.none() | st.lists(st.integers(0, 4), min_size=3, max_size=3)
        )
        fund = Fund(
            f"F{i}",
            share=draw(SHARES),
            forms=draw(st.sampled_from([(), (), ("day",), ("net",)])),
            module_groups=draw(st.sampled_from([(), (), (), ("day",)])),
            module_ceiling=draw(st.none() | st.none() | st.integers(0, 4)),
            carry_over=carries,
        )
        yearly: tuple[YearLimit, ...] = ()
        if budgets and carries:
            sums = accumulate(budgets)
            yearly = tuple(YearLimit(frozenset(range(y + 1)), b) for y, b in enumerate(sums))
        elif budgets:
            yearly = tuple(YearLimit(frozenset((y,)), b) for y, b in enumerate(budgets))
        found.append(Source(fund, draw(st.none() | st.integers(0, 8)), yearly))
    return found


def most_paid(source: Source, bought: Purchase) -> int:
    """Return the most that a source pays of a purchase, from the definition."""
    module_, mode_, _ = bought
    fund = source.fund
    if (fund.forms and mode_.form not in fund.forms) or (
        fund.module_groups and module_.group not in fund.module_groups
    ):
        return 0
    most = fund.share.numerator * mode_.price // fund.share.denominator
    return most if fund.module_ceiling is None else min(most, fund.module_ceiling)


def within_limits(source: Source, by_year: list[int]) -> bool:
    """Return whether a source can pay these amounts in the years."""
    return (source.limit is None or sum(by_year) <= source.limit) and all(
        sum(by_year[y] for y in lim.years) <= lim.amount for lim in source.yearly
    )


def payments(offered: list[Source], bought: list[Purchase]) -> list[tuple[tuple[int, ...], ...]]:
    """Return all valid payments: for every purchase the amount of every source."""

    @cache
    def splits(i: int) -> list[tuple[int, ...]]:
        ranges = [range(most_paid(s, bought[i]) + 1) for s in offered]
        return [p for p in product(*ranges) if sum(p) == bought[i][1].price]

    def by_year(rows: tuple[tuple[int, ...], ...], f: int) -> list[int]:
        return [
            sum(row[f] for row, (_, _, y) in zip(rows, bought, strict=True) if y == year)
            for year in range(3)
        ]

    return [
        rows
        for rows in product(*(splits(i) for i in range(len(bought))))
        if all(within_limits(s, by_year(rows, f)) for f, s in enumerate(offered))
    ]


def totals(rows: tuple[tuple[int, ...], ...], count: int) -> tuple[int, ...]:
    """Return what every source pays in all."""
    return tuple(sum(row[f] for row in rows) for f in range(count))


def literals(bought: list[Purchase], chosen: tuple[bool, ...]) -> dict[tuple[int, int], int]:
    """Return the starts of the purchases that are chosen, each inside its year."""
    return {
        (i, 0): AXIS.spans[year][1] - 1
        for i, (is_taken, (_, _, year)) in enumerate(zip(chosen, bought, strict=True))
        if is_taken
    }


@settings(max_examples=500, deadline=None)
@given(sources(), purchases())
def test_the_rows_of_funds_hold_iff_somebody_can_pay(
    offered: list[Source], bought: list[Purchase]
) -> None:
    taken = [Taken((i, 0), m, k) for i, (m, k, _) in enumerate(bought)]
    rows = list(fund_rows(taken, offered, AXIS))
    for chosen in product((False, True), repeat=len(bought)):
        part = [p for p, is_taken in zip(bought, chosen, strict=True) if is_taken]
        starts = literals(bought, chosen)
        by_rows = all(row_holds(row, starts) for row in rows) and all(
            affordable(offered, m, k) for m, k, _ in part
        )
        assert by_rows == bool(payments(offered, part))


@settings(max_examples=500, deadline=None)
@given(sources(), purchases())
def test_the_shortfalls_of_all_prefixes_are_least_in_one_split(
    offered: list[Source], bought: list[Purchase]
) -> None:
    everything = payments(offered, bought)
    shown = split_payments(offered, bought)
    if not everything:
        assert shown is None
        return
    assert shown is not None
    taken = [Taken((i, 0), m, k) for i, (m, k, _) in enumerate(bought)]
    starts = literals(bought, (True,) * len(bought))
    paid = totals(tuple(flat(offered, shown)), len(offered))
    for count in range(len(offered) + 1):
        least = min(sum(totals(rows, len(offered))[count:]) for rows in everything)
        shortfalls = shortfalls_of(taken, offered[:count], AXIS)
        assert sum(shortfall_value(s, starts) for s in shortfalls) == least
        assert sum(paid[count:]) == least


def flat(offered: list[Source], shown: list[tuple[tuple[str, int], ...]]) -> list[tuple[int, ...]]:
    """Return shown payments as amounts of every source."""
    return [tuple(dict(paid).get(s.fund.id, 0) for s in offered) for paid in shown]


@settings(max_examples=500, deadline=None)
@given(sources(), purchases())
def test_the_split_is_the_greatest_in_totals_and_then_step_by_step(
    offered: list[Source], bought: list[Purchase]
) -> None:
    everything = payments(offered, bought)
    shown = split_payments(offered, bought)
    if not everything:
        assert shown is None
        return
    assert shown is not None
    assert all(amount > 0 for paid in shown for _, amount in paid)
    best = max((totals(rows, len(offered)), rows) for rows in everything)
    assert tuple(flat(offered, shown)) == best[1]
    order = [s.fund.id for s in offered]
    assert all([s for s, _ in paid] == sorted(dict(paid), key=order.index) for paid in shown)
