"""Facts worked out once about frozen objects, and room for making many objects at once."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Value = TypeVar("Value")

MANY = 5_000
"""Objects from which on it pays not to go through them; garbage among fewer is found as ever."""


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


class _Pause:
    """How many callers have the collector of cyclic garbage paused, and whether it was on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth = 0
        self._was_enabled = False

    def begin(self) -> None:
        """Pause the collector unless it is paused already."""
        with self._lock:
            if not self._depth:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._depth += 1

    def end(self) -> None:
        """Let the collector go on if nobody else has it paused and it was on before."""
        with self._lock:
            self._depth -= 1
            if not self._depth and self._was_enabled:
                _grow_old()
                gc.enable()


def _grow_old() -> None:
    """Count very many new objects as old, so that the collector does not go through them at once.

    They are put where objects are never looked at, and all of that back among the oldest, which
    are looked at when many more have been made.  What a caller has frozen is left as it is.
    """
    if gc.get_count()[0] >= MANY and not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


_PAUSE = _Pause()


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the collector of cyclic garbage while very many objects that stay are made.

    Reading a large scenario makes a million objects and no cycles; the collector would go
    through all of them several times, and the time would grow faster than the scenario.  It is
    as it was afterwards, also when several threads read at once.
    """
    _PAUSE.begin()
    try:
        yield
    finally:
        _PAUSE.end()
