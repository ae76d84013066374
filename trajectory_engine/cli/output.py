"""Where the program's words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO

from rich.console import Console, RenderableType
from rich.text import Text

WIDTH_OF_FILES = 120
"""Characters in a line where the output is not a terminal and nothing else is said."""

Document = Mapping[str, object]


class FailedOutput(Exception):
    """Standard output cannot be written; the cause is an OSError."""


class _PlainConsole(Console):
    """A console that leaves the end of a pipe to the program."""

    def on_broken_pipe(self) -> None:
        """Pass the error on: Rich would end the process."""
        raise


@contextmanager
def _writing() -> Iterator[None]:
    """Write to standard output at once, and tell its failures from those of other files."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        raise FailedOutput from error


class _Nowhere(io.StringIO):
    """Takes a text and forgets it."""

    def write(self, text: str) -> int:
        """Return the length of a text, as if it had been written."""
        return len(text)


def encode_anything() -> None:
    """Let every text be printed, escaped where the encoding of a stream lacks a letter."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # The program was started with the stream closed; nobody reads what goes there.
            setattr(sys, name, _Nowhere())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def result_console() -> Console:
    """Return a console on standard output."""
    return _console(sys.stdout)


def message_console() -> Console:
    """Return a console on standard error."""
    return _console(sys.stderr)


def _console(stream: IO[str]) -> Console:
    # Rich itself heeds NO_COLOR, TERM and COLUMNS.
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH_OF_FILES
    return _PlainConsole(
        file=stream,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
    )


def show(renderable: RenderableType) -> None:
    """Print a table or a text to standard output."""
    with _writing():
        result_console().print(renderable)


def say(text: str) -> None:
    """Print a line or several to standard error, as they are.

    Where standard error cannot be written nobody hears it; that costs nobody the result.
    """
    with suppress(OSError):
        message_console().print(Text(text), soft_wrap=True)


def emit(document: Document) -> None:
    """Print one JSON document to standard output."""
    emit_text(json.dumps(document, ensure_ascii=False, indent=2))


def emit_text(text: str) -> None:
    """Print the text of one JSON document to standard output, whatever its encoding is."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    if encoding not in ("utf8", "utf8sig"):
        text = json.dumps(json.loads(text), indent=2)
    with _writing():
        sys.stdout.write(text.rstrip("\n") + "\n")
