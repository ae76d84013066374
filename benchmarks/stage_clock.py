"""Times the stages of a call from outside, by wrapping the functions that begin them."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class StageClock:
    """Adds up seconds by stage; a stage inside another is taken out of the outer one.

    Stages in ``closed`` keep everything that happens inside them.  For calls of one thread at a
    time.

    Parameters
    ----------
    closed : frozenset of str
    now : callable
        The clock, in seconds: that of the wall, or of the processor.
    """

    def __init__(
        self,
        closed: frozenset[str] = frozenset(),
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._now = now
        self.seconds: dict[str, float] = {}
        self.returned: dict[str, list[Any]] = {}
        self._closed = closed
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a block towards a stage."""
        if self._open and self._open[-1] in self._closed:
            yield
            return
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def _turn(self) -> None:
        now = self._now()
        if self._open:
            current = self._open[-1]
            self.seconds[current] = self.seconds.get(current, 0.0) + now - self._since
        self._since = now

    def wrap(self, owner: Any, name: str, stage: str) -> None:
        """Replace ``owner.name`` by the same function, timed; what it returns is kept."""
        raw = owner.__dict__[name]
        bound = isinstance(raw, classmethod)
        inner: Callable[..., Any] = raw.__func__ if bound else raw

        @functools.wraps(inner)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.stage(stage):
                result = inner(*arguments, **named)
            self.returned.setdefault(f"{getattr(owner, '__name__', '')}.{name}", []).append(result)
            return result

        setattr(owner, name, classmethod(timed) if bound else timed)
