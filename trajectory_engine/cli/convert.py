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
    out: Annotated[Path, typer.Argument(metavar="OUT.json", help="The scenario as JSON.")],
    format: Annotated[
        str | None,
        typer.Option(
            help="Format of IN, where its ending and content do not tell.", show_default=False
        ),
    ] = None,
) -> int:
    """Read a file of a public format and write the scenario that it stands for."""
    from trajectory_engine.io.atomic import write_files

    if out.suffix.lower() != JSON_ENDING:
        raise OutputError(f"{out}: expected a name that ends in {JSON_ENDING}")
    facts = inputs.read_scenario(source, format=format)
    text = facts.to_json()
    with interrupts_deferred():
        write_files(out.parent, {out.name: text + "\n"})
    say(f"written to {out}")
    return ExitCode.OK
