"""The program ``trajectory-engine``: one command per file of this folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from typer.main import get_command

from trajectory_engine.cli.alternatives import alternatives
from trajectory_engine.cli.check import check
from trajectory_engine.cli.convert import convert
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.explain import explain
from trajectory_engine.cli.graph import graph
from trajectory_engine.cli.guard import (
    error_document,
    flush_output,
    report,
    report_failed_output,
    termination_interrupts,
)
from trajectory_engine.cli.output import FailedOutput, emit, encode_anything, say
from trajectory_engine.cli.pareto import pareto
from trajectory_engine.cli.plan import plan
from trajectory_engine.cli.prices import prices
from trajectory_engine.cli.robust import assess, robust
from trajectory_engine.cli.verify import verify
from trajectory_engine.cli.why import why

PROGRAM = "trajectory-engine"

app = typer.Typer(
    help="Plans how teachers develop: shortest verified sequences of modules.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
QUESTIONS = (explain, why, prices, alternatives, pareto, robust, assess)
for command in (plan, check, verify, *QUESTIONS, graph, convert):
    app.command()(command)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"{PROGRAM} {version(PROGRAM)}")
        raise typer.Exit


@app.callback()
def options(
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Plans how teachers develop: shortest verified sequences of modules."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: the arguments of the process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    encode_anything()
    try:
        with termination_interrupts():
            code = _run(given)
    except FailedOutput as failure:
        return report_failed_output(failure.__cause__)
    except KeyboardInterrupt as error:
        code = report(error, as_json="--json" in given)
    return flush_output() or code


def _run(arguments: list[str]) -> int:
    try:
        code = get_command(app).main(arguments, prog_name=PROGRAM, standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except (SystemExit, BrokenPipeError) as error:
        # Typer ends the process itself where the reader of a help text has gone.
        raise FailedOutput from (error if isinstance(error, OSError) else None)
    except FailedOutput:
        raise
    except Exception as error:
        # Typer's usage errors have no public base class that all its versions share.
        if not hasattr(error, "format_message"):
            raise
        return _report_usage(error, as_json="--json" in arguments)
    return int(code or ExitCode.OK)


def _report_usage(error: Exception, *, as_json: bool) -> int:
    message = str(error.format_message())  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    if as_json:
        emit(error_document("usage", message))
    if context is not None and type(error).__name__ != "NoArgsIsHelpError":
        say(context.get_usage())
    say(message)
    return ExitCode.INVALID
