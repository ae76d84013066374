"""Checks of the prices of repairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from trajectory_engine.domain.repair_prices import LARGEST_PRICE, RepairPrices
from trajectory_engine.validation.faults import Fault, out_of_range


def check_repairs(prices: RepairPrices) -> Iterator[Fault]:
    """Yield the prices that are neither None nor from 1 to the largest."""
    for field in fields(prices):
        price = getattr(prices, field.name)
        if price is not None:
            yield from out_of_range(("repairs", field.name), "price", price, 1, LARGEST_PRICE)
