"""Arguments and options that several commands share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer


def positive_seconds(value: float) -> float:
    """Return a number of seconds if it is one.

    Raises
    ------
    typer.BadParameter
        If it is not positive, or no number at all.
    """
    if not math.isfinite(value) or value <= 0:
        raise typer.BadParameter("expected a positive number of seconds")
    return value


def named_path(text: str) -> Path:
    """Return a path as given; an empty one is none, though elsewhere it is the working folder.

    Raises
    ------
    typer.BadParameter
        If it is blank.
    """
    if not text.strip():
        raise typer.BadParameter("expected a path, not a blank")
    return Path(text)


Folder = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO",
        help="Scenario: a folder, its JSON, or a file of a public format.",
        parser=named_path,
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the solver.")]
