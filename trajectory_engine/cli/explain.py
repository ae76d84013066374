"""``explain``: why there is no plan, and what would have to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from trajectory_engine.arguments import MOST_COUNT
from trajectory_engine.cli import inputs, options
from trajectory_engine.cli.answering import wrong
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.guard import guarded, run_cancellable
from trajectory_engine.cli.output import emit_text, show
from trajectory_engine.cli.why import ask_why
from trajectory_engine.domain.explanation import (
    Conflict,
    Explanation,
    Repair,
    Shortfall,
    TeacherExplanation,
)
from trajectory_engine.domain.explanation_sentences import tell
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import Scenario


@guarded
def explain(
    scenario: options.Folder,
    teacher: Annotated[
        list[str] | None,
        typer.Option(help="Explain this teacher only; may be repeated.", show_default=False),
    ] = None,
    module: Annotated[
        str | None,
        typer.Option(
            help="Tell instead why this module is in the teacher's plan.", show_default=False
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(help="Wall seconds for everything.", callback=options.positive_seconds)
    ] = 20.0,
    workers: Annotated[
        int,
        typer.Option(min=1, max=MOST_COUNT, help="Processes that explain teachers side by side."),
    ] = 2,
    seed: options.Seed = 0,
    repairs: Annotated[
        int, typer.Option(min=0, max=MOST_COUNT, help="Most repairs for each teacher.")
    ] = 3,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the explanation as one JSON document.")
    ] = False,
) -> int:
    """Say why teachers have no plan: what conflicts, what is short, what would repair it."""
    wanted = list(dict.fromkeys(teacher or ()))
    if module is not None:
        if len(wanted) != 1:
            raise wrong("--module", repr(module), "one --teacher beside it")
        return ask_why(
            scenario, wanted[0], module, time_limit=time_limit, seed=seed, as_json=as_json
        )
    facts = inputs.read_scenario(scenario)
    inputs.require_known("--teacher", wanted, facts.teacher_by_id)
    found = _explain(facts, wanted, time_limit, workers, seed, repairs)
    if as_json:
        from trajectory_engine.io.explanations import explanation_to_json

        emit_text(explanation_to_json(found))
    else:
        show("\n".join(_lines(facts, found)))
    statuses = {one.status for one in found.teachers}
    if Status.INFEASIBLE in statuses:
        return ExitCode.INFEASIBLE
    return ExitCode.NO_PLAN if Status.UNKNOWN in statuses else ExitCode.OK


def _explain(
    facts: Scenario, wanted: list[str], time_limit: float, workers: int, seed: int, repairs: int
) -> Explanation:
    from trajectory_engine.explain import facade

    return run_cancellable(
        lambda cancel: facade.explain(
            facts,
            teachers=wanted or None,
            time_limit=time_limit,
            workers=workers,
            seed=seed,
            repairs=repairs,
            cancel=cancel,
        )
    )


def _lines(facts: Scenario, found: Explanation) -> Iterator[str]:
    yield f"{facts.name or facts.id}: why there is no plan"
    for teacher in found.teachers:
        yield ""
        yield from _of_teacher(teacher)


def _of_teacher(teacher: TeacherExplanation) -> Iterator[str]:
    match teacher.status:
        case Status.INFEASIBLE:
            yield f"{teacher.teacher}: proven that there is no plan"
        case Status.UNKNOWN:
            yield f"{teacher.teacher}: whether there is a plan is not settled"
        case _:
            yield f"{teacher.teacher}: there is a plan, nothing to explain"
    yield from _of_conflicts(teacher)
    for i, repair in enumerate(teacher.repairs, 1):
        yield from _of_repair(i, repair)
    for message in teacher.open_questions:
        proven = message.code == "no_repair"
        yield f"  {tell(message)}" if proven else f"  not settled: {tell(message)}"


def _of_conflicts(teacher: TeacherExplanation) -> Iterator[str]:
    every = (*teacher.conflicts, *teacher.further)
    numbers = {conflict.ids: i for i, conflict in enumerate(every, 1)}
    for i, conflict in enumerate(every):
        others = teacher.conflicts if i >= len(teacher.conflicts) else ()
        shared = {name for other in others for name in other.ids}.intersection(conflict.ids)
        number = f"{i + 1}. " if len(every) > 1 else ""
        either = " either" if i else ""
        yield f"  {number}these cannot all be kept{either}:"
        yield from _of_conflict(conflict, shared)
        for short in conflict.shortfalls:
            yield from _of_shortfall(short, numbers)


def _of_conflict(conflict: Conflict, shared: set[str]) -> Iterator[str]:
    for member in conflict.members:
        again = " (again)" if member.limit.id in shared else ""
        doubt = "" if member.needed else " (not shown to be needed)"
        yield f"    - {tell(member.text)}{again}{doubt}"
    if not conflict.confirmed:
        yield "    (not confirmed by a second configuration of the solver)"
    for cause in conflict.causes:
        yield f"  because {tell(cause)}"


def _of_shortfall(short: Shortfall, numbers: Mapping[tuple[str, ...], int]) -> Iterator[str]:
    if short.changes:
        change = ", ".join(map(tell, short.changes))
        least = "" if short.settled else " (perhaps less)"
        yield f"  {short.limit} alone: it would do to {change}{least}"
    elif short.settled and short.removal_helps:
        gone = "if it paid everything" if short.limit.startswith("fund:") else "if it were gone"
        yield f"  {short.limit} alone: no more of it helps; there would be a plan only {gone}"
    elif short.settled and short.remaining:
        number = numbers[short.remaining]
        yield f"  {short.limit} alone: changing it does not help, {number}. would remain"
    elif short.settled:
        yield f"  {short.limit} alone: changing it does not help"


def _of_repair(number: int, repair: Repair) -> Iterator[str]:
    mark = "" if repair.cheapest else ", perhaps not the cheapest"
    yield f"  repair {number} (price {repair.price:,}{mark}):"
    for change in repair.changes:
        yield f"    - {tell(change.text)}"
    values = ", ".join(f"{o.name} {o.value}" for o in repair.objectives)
    yield f"    gives a plan ({repair.status.value}): {values}"
