"""``pareto``: every plan worth considering when objectives are traded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trajectory_engine.cli import answering, options
from trajectory_engine.cli.guard import guarded
from trajectory_engine.domain.answers import Front
from trajectory_engine.domain.scenario import Scenario


@guarded
def pareto(
    scenario: options.Folder,
    teacher: answering.TeacherId,
    over: Annotated[str, typer.Option(help="Two or three objectives, separated by commas.")],
    at_most: Annotated[
        list[str] | None,
        typer.Option(
            help="A limit on an objective, such as completion=22; may be repeated.",
            show_default=False,
        ),
    ] = None,
    out: answering.Out = None,
    time_limit: answering.TimeLimit = 120.0,
    seed: options.Seed = 0,
    as_json: answering.AsJson = False,
) -> int:
    """Find every plan of a teacher that no other plan beats in the objectives named."""
    from trajectory_engine import answers
    from trajectory_engine.answers.front import FEWEST, MOST
    from trajectory_engine.cli.answer_views import front_view

    names = [answering.objective(name, "--over") for name in over.split(",")]
    if len(set(names)) != len(names) or not FEWEST <= len(names) <= MOST:
        raise answering.wrong("--over", repr(over), "two or three different objectives")
    limits = answering.most(at_most or ())
    return answering.answer(
        scenario,
        teacher,
        out,
        lambda facts, cancel: answers.pareto(
            facts,
            teacher,
            names,
            limits=limits,
            time_limit=time_limit,
            seed=seed,
            cancel=cancel,
        ),
        front_view,
        name="pareto",
        as_json=as_json,
        draw=_draw,
    )


def _draw(facts: Scenario, front: Front, folder: Path) -> Path:
    from trajectory_engine.plotting import save_front_picture

    return save_front_picture(facts, front, folder)
