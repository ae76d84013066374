"""``prices``: what every limit costs."""

from __future__ import annotations

from pathlib import Path

from trajectory_engine.cli import answering, options
from trajectory_engine.cli.guard import guarded
from trajectory_engine.domain.answers import Prices
from trajectory_engine.domain.scenario import Scenario


@guarded
def prices(
    scenario: options.Folder,
    teacher: answering.TeacherId,
    out: answering.Out = None,
    time_limit: answering.TimeLimit = 120.0,
    seed: options.Seed = 0,
    as_json: answering.AsJson = False,
) -> int:
    """Tell what every rule, fund, deadline, hour and decision costs a teacher."""
    from trajectory_engine import answers
    from trajectory_engine.cli.answer_views import prices_view

    return answering.answer(
        scenario,
        teacher,
        out,
        lambda facts, cancel: answers.prices(
            facts, teacher, time_limit=time_limit, seed=seed, cancel=cancel
        ),
        prices_view,
        name="prices",
        as_json=as_json,
        draw=_draw,
    )


def _draw(facts: Scenario, found: Prices, folder: Path) -> Path | None:
    from trajectory_engine.plotting import save_waterfall

    return save_waterfall(facts, found, folder)
