"""``alternatives``: other plans that are nearly as good."""

from __future__ import annotations

from typing import Annotated

import typer

from trajectory_engine.cli import answering, options
from trajectory_engine.cli.guard import guarded
from trajectory_engine.domain.answers import Difference

PLURALS = {"modules": Difference.MODULE, "providers": Difference.PROVIDER, "forms": Difference.FORM}


def _difference(text: str) -> tuple[Difference, int]:
    """Return what plans differ in and by how much at least, of ``modules:2``."""
    what, _, count = text.partition(":")
    name = PLURALS.get(what) or next((d for d in Difference if d.value == what), None)
    if name is None or not (count or "1").isdecimal() or int(count or 1) < 1:
        raise answering.wrong("--differ", repr(text), "such as modules:2, providers:1 or forms:1")
    return name, int(count or 1)


@guarded
def alternatives(
    scenario: options.Folder,
    teacher: answering.TeacherId,
    count: Annotated[int, typer.Option("--count", "-k", min=1, help="How many.")] = 5,
    tolerance: Annotated[
        list[str] | None,
        typer.Option(
            help="How much worse an objective may be: completion=2, cost=10%, or 5% for all"
            " that are not named; may be repeated. Default: 10%.",
            show_default=False,
        ),
    ] = None,
    differ: Annotated[
        str,
        typer.Option(help="In what, and in how many steps at least: modules, providers, forms."),
    ] = "modules:1",
    out: answering.Out = None,
    time_limit: answering.TimeLimit = 120.0,
    seed: options.Seed = 0,
    as_json: answering.AsJson = False,
) -> int:
    """Find the optimum and other plans nearly as good, each different from all before it."""
    from trajectory_engine import answers
    from trajectory_engine.answers.alternatives import DEFAULT_WITHIN
    from trajectory_engine.cli.answer_views import alternatives_view

    kind, least = _difference(differ)
    within = tuple(map(answering.tolerance, tolerance or ())) or DEFAULT_WITHIN
    return answering.answer(
        scenario,
        teacher,
        out,
        lambda facts, cancel: answers.alternatives(
            facts,
            teacher,
            count=count,
            within=within,
            difference=kind,
            least=least,
            time_limit=time_limit,
            seed=seed,
            cancel=cancel,
        ),
        alternatives_view,
        name="alternatives",
        as_json=as_json,
    )
