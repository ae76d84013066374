"""``why``: why each step is in a plan."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

import typer

from trajectory_engine.cli import answering, inputs, options
from trajectory_engine.cli.guard import guarded
from trajectory_engine.domain.answers import Reasons
from trajectory_engine.domain.scenario import Scenario


@guarded
def why(
    scenario: options.Folder,
    teacher: answering.TeacherId,
    module: Annotated[
        str | None,
        typer.Option(help="Ask about this module of the plan only.", show_default=False),
    ] = None,
    out: answering.Out = None,
    time_limit: answering.TimeLimit = 120.0,
    seed: options.Seed = 0,
    as_json: answering.AsJson = False,
) -> int:
    """Tell why each step is in a teacher's plan and what would happen without it."""
    return ask_why(
        scenario, teacher, module, out=out, time_limit=time_limit, seed=seed, as_json=as_json
    )


def ask_why(
    scenario: Path,
    teacher: str,
    module: str | None,
    *,
    out: Path | None = None,
    time_limit: float,
    seed: int,
    as_json: bool,
) -> int:
    """Ask why steps are in a plan, and show the answer; return the exit code."""
    from trajectory_engine import answers
    from trajectory_engine.cli.answer_views import reasons_view

    def ask(facts: Scenario, cancel: threading.Event) -> Reasons:
        inputs.require_known("--module", [] if module is None else [module], facts.module_by_id)
        return answers.why(facts, teacher, module, time_limit=time_limit, seed=seed, cancel=cancel)

    return answering.answer(
        scenario,
        teacher,
        out,
        ask,
        reasons_view,
        name="why",
        as_json=as_json,
    )
