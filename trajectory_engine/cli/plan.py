"""``plan``: find trajectories."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trajectory_engine.arguments import MOST_COUNT
from trajectory_engine.cli import inputs, options
from trajectory_engine.cli.exits import exit_code_of
from trajectory_engine.cli.guard import guarded, interrupts_deferred, run_cancellable
from trajectory_engine.cli.output import emit_text, say, show
from trajectory_engine.cli.progress import ProgressDisplay
from trajectory_engine.cli.reduction_views import reduction_view
from trajectory_engine.cli.tables import result_view
from trajectory_engine.domain.plan import Result
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.errors import OutputError

if TYPE_CHECKING:
    from trajectory_engine.reduce.report import ReductionReport

PICTURES = "pictures"


@guarded
def plan(
    scenario: options.Folder,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder for plan.json, plan.csv, run.json.",
            metavar="DIR",
            parser=options.named_path,
            show_default=False,
        ),
    ] = None,
    teacher: Annotated[
        list[str] | None,
        typer.Option(help="Plan this teacher only; may be repeated.", show_default=False),
    ] = None,
    time_limit: Annotated[
        float,
        typer.Option(help="Wall seconds for the whole search.", callback=options.positive_seconds),
    ] = 30.0,
    workers: Annotated[
        int, typer.Option(min=1, max=MOST_COUNT, help="Teachers planned side by side.")
    ] = 2,
    seed: options.Seed = 0,
    without_recognition: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID|all",
            help="Plan as if this prior learning were not there; may be repeated.",
            show_default=False,
        ),
    ] = None,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Draw pictures of every teacher planned.")
    ] = False,
    explain_reduction: Annotated[
        bool,
        typer.Option(
            "--explain-reduction", help="Show what was left out before the search, and why."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the plan as one JSON document.")
    ] = False,
) -> int:
    """Plan the shortest trajectories of a scenario's teachers."""
    if pictures and out is None:
        raise OutputError("--pictures needs a folder: give --out as well")
    if explain_reduction and as_json:
        raise OutputError("--explain-reduction is for reading: leave --json away")
    facts = inputs.read_scenario(scenario, without_recognition or ())
    wanted = list(dict.fromkeys(teacher or ()))
    inputs.require_known("--teacher", wanted, facts.teacher_by_id)
    with nullcontext() if out is None else inputs.output_folder(out) as folder:
        reductions: list[ReductionReport] = []
        result = _search(facts, wanted, time_limit, workers, seed, reductions)
        if folder is not None:
            _write(facts, result, folder, pictures=pictures)
    if as_json:
        from trajectory_engine.io.results import result_to_json

        emit_text(result_to_json(result))
    else:
        show(result_view(facts, result))
        if explain_reduction:
            show(reduction_view(reductions))
    return exit_code_of(result)


def _search(
    facts: Scenario,
    wanted: list[str],
    time_limit: float,
    workers: int,
    seed: int,
    reductions: list[ReductionReport],
) -> Result:
    from trajectory_engine import solve

    with ProgressDisplay(len(wanted) or len(facts.teachers)) as display:
        return run_cancellable(
            lambda cancel: solve.plan(
                facts,
                teachers=wanted or None,
                time_limit=time_limit,
                workers=workers,
                seed=seed,
                on_progress=display,
                cancel=cancel,
                on_reduction=reductions.append,
            )
        )


def _write(facts: Scenario, result: Result, folder: Path, *, pictures: bool) -> None:
    """Write the files, then the pictures; each file appears whole or not at all."""
    from trajectory_engine.io.results import write_result

    try:
        with interrupts_deferred():
            write_result(result, folder)
        if pictures:
            _draw(facts, result, folder / PICTURES)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"the output folder {folder} cannot be written: {reason}") from error
    say(f"written to {folder}")


def _draw(facts: Scenario, result: Result, folder: Path) -> None:
    from trajectory_engine.graph.prerequisites import PrerequisiteGraph
    from trajectory_engine.plotting import save_teacher_pictures

    folder.mkdir(exist_ok=True)
    graph = PrerequisiteGraph.of(facts.model)
    say(f"drawing {len(result.teachers)} teacher{'s' * (len(result.teachers) != 1)}")
    for plan_of_one in result.teachers:
        save_teacher_pictures(facts, result, plan_of_one.teacher, folder, graph)
