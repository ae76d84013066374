"""``robust`` and ``assess``: a diagnosis that may be wrong, and what to assess first."""

from __future__ import annotations

from typing import Annotated

import typer

from trajectory_engine.cli import answering, options
from trajectory_engine.cli.guard import guarded

Threshold = Annotated[
    int,
    typer.Option(
        min=0, max=101, help="Levels with a confidence below this are uncertain, per cent."
    ),
]


@guarded
def robust(
    scenario: options.Folder,
    teacher: answering.TeacherId,
    threshold: Threshold = 70,
    case: Annotated[
        list[str] | None,
        typer.Option(
            help="Elements that are one level lower at once, joined by +, such as"
            " 'Sub[num]+P[err]'; may be repeated. Default: every uncertain element alone.",
            show_default=False,
        ),
    ] = None,
    out: answering.Out = None,
    time_limit: answering.TimeLimit = 120.0,
    seed: options.Seed = 0,
    as_json: answering.AsJson = False,
) -> int:
    """Find the best plan of a teacher that stays valid if uncertain levels are one lower."""
    from trajectory_engine import answers
    from trajectory_engine.cli.certainty_views import robust_view

    cases = None if case is None else [tuple(text.split("+")) for text in case]
    return answering.answer(
        scenario,
        teacher,
        out,
        lambda facts, cancel: answers.robust(
            facts,
            teacher,
            threshold=threshold,
            cases=cases,
            time_limit=time_limit,
            seed=seed,
            cancel=cancel,
        ),
        robust_view,
        name="robust",
        as_json=as_json,
    )


@guarded
def assess(
    scenario: options.Folder,
    teacher: answering.TeacherId,
    threshold: Threshold = 70,
    out: answering.Out = None,
    time_limit: answering.TimeLimit = 300.0,
    seed: options.Seed = 0,
    as_json: answering.AsJson = False,
) -> int:
    """Tell which uncertain level of a teacher to assess first, and what the answer could save."""
    from trajectory_engine import answers
    from trajectory_engine.cli.certainty_views import assessment_view

    return answering.answer(
        scenario,
        teacher,
        out,
        lambda facts, cancel: answers.assess_first(
            facts,
            teacher,
            threshold=threshold,
            time_limit=time_limit,
            seed=seed,
            cancel=cancel,
        ),
        assessment_view,
        name="assess",
        as_json=as_json,
    )
