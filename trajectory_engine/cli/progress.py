"""What is shown while a search runs: a live table on a terminal, a few lines elsewhere."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from trajectory_engine.cli.output import message_console
from trajectory_engine.cli.tables import NO_VALUE, add, new_table
from trajectory_engine.domain.plan import Progress

SECONDS_BETWEEN_LINES = 5.0
SHOWN_TEACHERS = 4


class ProgressDisplay:
    """Shows progress events; a context manager, called with one event at a time.

    Parameters
    ----------
    count : int
        How many teachers are planned.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._console = message_console()
        self._began = time.monotonic()
        self._last_line = self._began
        self._latest: dict[str, Progress] = {}
        self._lock = threading.Lock()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                get_renderable=self._render,
                refresh_per_second=4,
                transient=True,
            )
            self._live.__enter__()
        else:
            self._say(f"planning {self._people()}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)
        elif kind is None:
            self._say(f"planned {self._people()} in {self._elapsed():.1f} s")

    def __call__(self, event: Progress) -> None:
        """Take note of an event; show it, unless the last one was shown a moment ago."""
        with self._lock:
            # Re-inserted, so that the teachers who are being planned stand last.
            self._latest.pop(event.teacher, None)
            self._latest[event.teacher] = event
            now = time.monotonic()
            if self._live is None and now - self._last_line >= SECONDS_BETWEEN_LINES:
                self._last_line = now
                self._say(f"{self._overall()}; {describe(event)}")

    def _say(self, line: str) -> None:
        with suppress(OSError):  # a line that cannot be written must not cost the plan
            self._console.print(Text(line), soft_wrap=True)

    def _people(self) -> str:
        return f"{self._count} teacher{'s' * (self._count != 1)}"

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _overall(self) -> str:
        return f"{len(self._latest)} of {self._people()} begun after {self._elapsed():.0f} s"

    def _render(self) -> RenderableType:
        with self._lock:
            recent = list(self._latest.values())[-SHOWN_TEACHERS:]
            head = Text(self._overall())
        table = new_table(
            ("teacher", "left"),
            ("stage", "left"),
            ("best so far", "right"),
            ("bound", "right"),
            ("seconds", "right"),
        )
        for event in reversed(recent):
            add(
                table,
                event.teacher,
                event.stage,
                _figure(event.incumbent),
                _figure(event.bound),
                f"{event.elapsed:.1f}",
            )
        return Group(head, table) if recent else head


def describe(event: Progress) -> str:
    """Return an event in words."""
    text = f"{event.teacher}: {event.stage}"
    if event.incumbent is None:
        return text
    return f"{text} {_figure(event.incumbent)} (bound {_figure(event.bound)})"


def _figure(value: int | None) -> str:
    return NO_VALUE if value is None else f"{value:,}"
