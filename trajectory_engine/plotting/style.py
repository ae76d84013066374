"""Colours, fonts and figures that all pictures share.

Colours are those of Okabe and Ito (2008) and a sequential scale of rising darkness, so that
they can be told apart by colour-blind readers and on a grey print.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.levels import Level

COMPONENT_COLOURS: Mapping[Component, str] = {
    Component.SUBJECT: "#0072B2",
    Component.PEDAGOGICAL: "#E69F00",
    Component.SOCIAL: "#009E73",
}
COMPONENT_NAMES: Mapping[Component, str] = {
    Component.SUBJECT: "subject",
    Component.PEDAGOGICAL: "pedagogical",
    Component.SOCIAL: "social",
}

NOT_FORMED_COLOUR = "#DEDEDE"
LEVEL_COLOURS = (NOT_FORMED_COLOUR, "#C6DBEF", "#85BCDB", "#4393C3", "#2166AC", "#08306B")
"""By level, 0 to 5."""

LEVEL_NAMES: Mapping[Level, str] = {level: level.name.lower().replace("_", " ") for level in Level}

FORMED_COLOUR = "#009E73"
MISSING_COLOUR = "#D55E00"
DEADLINE_COLOUR = "#D55E00"
LIMIT_COLOUR = "#333333"
BREAK_COLOUR = "#BBBBBB"
TERM_COLOUR = "#F3F3F3"

SMALL, NORMAL, TITLE = 8, 9, 11
DOTS_PER_INCH = 110

ELLIPSIS = "…"
NO_GLYPH = "□"


def new_figure(width: float, height: float) -> Figure:
    """Return a figure of its own with an Agg canvas; sizes in inches."""
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def own_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return ``ax``, or the axes of a new figure of the given size in inches."""
    return new_figure(width, height).add_subplot() if ax is None else ax


def plain(text: str) -> str:
    """Return ``text`` so that no part of it is read as a formula, and all of it can be drawn.

    A character for which the font has no glyph becomes a box.
    """
    glyphs = _glyphs()
    drawn = "".join(c if c == "\n" or ord(c) in glyphs else NO_GLYPH for c in text)
    return drawn.replace("$", r"\$")


@cache
def _glyphs() -> frozenset[int]:
    """Return the characters of the font that pictures are drawn with."""
    return frozenset(get_font(findfont(FontProperties())).get_charmap())


def shorten(text: str, most: int, tail: int | None = None) -> str:
    """Return ``text`` in at most ``most`` characters; the middle gives way to an ellipsis.

    ``tail`` characters of the end are kept, by default a third.
    """
    if len(text) <= most:
        return text
    tail = (most - 1) // 3 if tail is None else tail
    return text[: most - 1 - tail] + ELLIPSIS + text[len(text) - tail :]


def tell_apart(texts: Sequence[str], most: int) -> list[str]:
    """Return texts in at most ``most`` characters each; texts that differ stay different.

    More of the end is kept where the beginnings are alike; if that is not enough, what looks
    alike is numbered.
    """
    different = len(set(texts))
    for share in (3, 2, 1):
        found = [shorten(text, most, (most - 1) // share) for text in texts]
        if len(set(found)) == different:
            return found
    numbers = {text: i for i, text in enumerate(dict.fromkeys(texts), 1)}
    width = len(f" {len(numbers)}")
    return [
        text if len(text) <= most else f"{shorten(text, most - width)} {numbers[text]}"
        for text in texts
    ]


def wrap(text: str, width: int, lines: int) -> str:
    """Return ``text`` in at most ``lines`` lines of ``width`` characters, broken after commas."""
    rest = shorten(text, width * lines)
    rows: list[str] = []
    while len(rest) > width and len(rows) < lines - 1:
        cut = rest.rfind(",", 0, width) + 1 or max(rest.rfind(m, 0, width) for m in "- ") + 1
        cut = cut if cut > width // 3 else width
        rows.append(rest[:cut].rstrip())
        rest = rest[cut:]
    rows.append(shorten(rest, width))
    return "\n".join(rows)


def text_colour(background: str) -> str:
    """Return black or white, whichever is easier to read on ``background``."""
    red, green, blue = to_rgb(background)
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def save(figure: Figure, path: Path) -> Path:
    """Write a PNG whose bytes depend on the picture only; a file appears whole or not at all.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as stream:
            figure.savefig(stream, format="png", metadata={"Software": None})
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
