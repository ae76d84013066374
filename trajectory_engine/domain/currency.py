"""Amounts of money as people write them."""

from __future__ import annotations

from collections.abc import Mapping

MINOR_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Digits of the minor unit (ISO 4217) where they are not two."""


def minor_digits(currency: str) -> int:
    """Return the digits of the minor unit of a currency."""
    return MINOR_DIGITS.get(currency, 2)


def money(amount: int, currency: str) -> str:
    """Return an amount of minor units for people, such as ``45,000.00``."""
    digits = minor_digits(currency)
    whole, rest = divmod(abs(amount), 10**digits)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole:,}.{rest:0{digits}d}" if digits else f"{sign}{whole:,}"
