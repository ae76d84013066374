"""Money: rows over taken modes against brute-force payability, and the split that is shown."""

from __future__ import annotations

from functools import cache
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.tiny import mode, module

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.problem.evaluate import row_holds
from trajectory_engine.problem.money import Source, affordable, split_payments
from trajectory_engine.problem.rows import Taken, fund_rows

Purchase = tuple[Module, Mode]
SHARES = st.sampled_from([Share(1, 1), Share(1, 2), Share(2, 3), Share(0, 1)])
FORMS = st.sampled_from(["day", "net"])


@st.composite
def purchases(draw: st.DrawFn) -> list[Purchase]:
    """Return up to three modules with one mode and a small price each."""
    found = []
    for i in range(draw(st.integers(0, 3))):
        offered = mode(price=draw(st.integers(0, 5)), form=draw(FORMS))
        found.append((module(f"M{i}", "x1", offered), offered))
    return found


@st.composite
def sources(draw: st.DrawFn) -> list[Source]:
    """Return up to three sources with limits, shares and eligibility."""
    found = []
    for i in range(draw(st.integers(0, 3))):
        forms = draw(st.sampled_from([(), (), ("day",), ("net",)]))
        limit = draw(st.none() | st.integers(0, 8))
        found.append(Source(Fund(f"F{i}", share=draw(SHARES), forms=forms), limit))
    return found


def payments(offered: list[Source], bought: list[Purchase]) -> list[tuple[int, ...]]:
    """Return all valid payments, flat: module by module, source by source."""

    @cache
    def splits(i: int) -> list[tuple[int, ...]]:
        module_, mode_ = bought[i]
        ranges = [range(s.most(module_, mode_) + 1) for s in offered]
        return [p for p in product(*ranges) if sum(p) == mode_.price]

    found = []
    for rows in product(*(splits(i) for i in range(len(bought)))):
        drawn = [sum(row[f] for row in rows) for f in range(len(offered))]
        if all(s.limit is None or d <= s.limit for s, d in zip(offered, drawn, strict=True)):
            found.append(tuple(v for row in rows for v in row))
    return found


@settings(max_examples=500, deadline=None)
@given(sources(), purchases())
def test_the_rows_of_funds_hold_iff_somebody_can_pay(
    offered: list[Source], bought: list[Purchase]
) -> None:
    taken = [Taken((i, 0), m, k) for i, (m, k) in enumerate(bought)]
    rows = list(fund_rows(taken, offered))
    for chosen in product((False, True), repeat=len(bought)):
        part = [p for p, is_taken in zip(bought, chosen, strict=True) if is_taken]
        literals = {(i, 0): 0 for i, is_taken in enumerate(chosen) if is_taken}
        by_rows = all(row_holds(row, literals) for row in rows) and all(
            affordable(offered, m, k) for m, k in part
        )
        assert by_rows == bool(payments(offered, part))


@settings(max_examples=500, deadline=None)
@given(sources(), purchases())
def test_the_split_is_the_lexicographically_greatest(
    offered: list[Source], bought: list[Purchase]
) -> None:
    everything = payments(offered, bought)
    shown = split_payments(offered, bought)
    if not everything:
        assert shown is None
        return
    assert shown is not None
    assert all(amount > 0 for paid in shown for _, amount in paid)
    flat = tuple(dict(paid).get(s.fund.id, 0) for paid in shown for s in offered)
    assert flat == max(everything)
    order = [s.fund.id for s in offered]
    assert all([s for s, _ in paid] == sorted(dict(paid), key=order.index) for paid in shown)
