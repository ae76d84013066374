"""Wall seconds by stage of a call."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from trajectory_engine.domain.plan import StageTiming


class Stopwatch:
    """Adds up wall seconds by stage, from several threads."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count the time of a block towards ``stage``."""
        began = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - began
            with self._lock:
                self._seconds[stage] = self._seconds.get(stage, 0.0) + taken

    def timings(self, total: float) -> tuple[StageTiming, ...]:
        """Return the stages in the order of their first use, then the total wall time."""
        found = [StageTiming(stage, seconds) for stage, seconds in self._seconds.items()]
        return (*found, StageTiming("total", total))
