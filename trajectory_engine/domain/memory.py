"""Facts about frozen objects that are worked out once, wherever they are worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def remembered(owner: object, name: str, compute: Callable[[], Value]) -> Value:
    """Return ``compute()``, worked out once for a frozen object.

    The value is kept in the object's own dictionary, as :func:`functools.cached_property` does,
    for functions that live in rooms which the domain does not know.  Two threads may both work
    it out; they get equal values.

    Parameters
    ----------
    owner : object
        A frozen dataclass without slots.
    name : str
        Unique to the caller; no name of a field.
    """
    memory = vars(owner)
    if name not in memory:
        memory[name] = compute()
    value: Value = memory[name]
    return value
