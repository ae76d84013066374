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


Folder = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO", help="Scenario: a folder, its JSON, or a file of a public format."
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the solver.")]
