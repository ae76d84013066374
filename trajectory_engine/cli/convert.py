"""``convert``: a scenario in another form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trajectory_engine.cli import inputs
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.guard import guarded, interrupts_deferred
from trajectory_engine.cli.output import say
from trajectory_engine.errors import OutputError

JSON_ENDING = ".json"


@guarded
def convert(
    source: Annotated[
        Path,
        typer.Argument(metavar="IN", help="File of a public format, or a scenario in any form."),
    ],
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="A name ending in .json, or a new folder for files."),
    ],
    format: Annotated[
        str | None,
        typer.Option(
            help="Format of IN, where its ending and content do not tell.", show_default=False
        ),
    ] = None,
) -> int:
    """Read a file of a public format and write the scenario that it stands for."""
    from trajectory_engine.io.atomic import write_files
    from trajectory_engine.io.scenario_writer import write_scenario

    as_json = out.suffix.lower() == JSON_ENDING
    if not as_json and out.suffix and not out.is_dir():
        expected = f"a name that ends in {JSON_ENDING}, or a folder: a name without an ending"
        raise OutputError(f"{out}: expected {expected}")
    facts = inputs.read_scenario(source, format=format)
    text = facts.to_json() if as_json else ""
    with interrupts_deferred():
        if as_json:
            write_files(out.parent, {out.name: text + "\n"})
        else:
            write_scenario(facts, out)
    say(f"written to {out}")
    return ExitCode.OK
