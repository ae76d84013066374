"""What the commands that answer questions about one teacher's plan have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from trajectory_engine.cli import inputs, options
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.guard import interrupts_deferred, run_cancellable
from trajectory_engine.cli.output import emit_text, say, show
from trajectory_engine.domain.answers import Alternatives, Front, Prices, Reasons, Tolerance
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.robustness import Assessment, Robust
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.errors import InputError, InputProblem

if TYPE_CHECKING:
    import threading

    from rich.console import RenderableType

    from trajectory_engine.io.answers import Answer


TeacherId = Annotated[str, typer.Option("--teacher", help="Id of the teacher to ask about.")]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder for the JSON document and the picture.",
        metavar="DIR",
        parser=options.named_path,
        show_default=False,
    ),
]
TimeLimit = Annotated[
    float,
    typer.Option(help="Wall seconds for all searches together.", callback=options.positive_seconds),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as one JSON document.")]

AnswerT = TypeVar("AnswerT", Alternatives, Front, Prices, Reasons, Robust, Assessment)

_AMOUNT = re.compile(r"(?:(?P<name>[a-z_]+)=)?(?P<amount>[0-9]+)(?P<unit>%?)")


def wrong(option: str, found: str, expected: str) -> InputError:
    """Return the error of an option with a value that cannot be."""
    return InputError([InputProblem("wrong_question", found, expected, column=option)])


def objective(text: str, option: str) -> ObjectiveName:
    """Return an objective by its name."""
    try:
        return ObjectiveName(text.strip())
    except ValueError:
        known = ", ".join(ObjectiveName)
        raise wrong(option, repr(text), f"one of {known}") from None


def tolerance(text: str) -> Tolerance:
    """Return a tolerance: ``completion=2``, ``cost=10%``, or for all others ``5%``."""
    parts = _AMOUNT.fullmatch(text.strip())
    if parts is None:
        raise wrong("--tolerance", repr(text), "such as completion=2, cost=10% or 5%")
    name = objective(parts["name"], "--tolerance") if parts["name"] else None
    return Tolerance(name, int(parts["amount"]), per_cent=bool(parts["unit"]))


def most(texts: Iterable[str]) -> dict[ObjectiveName, int]:
    """Return limits given as ``completion=22``."""
    found: dict[ObjectiveName, int] = {}
    for text in texts:
        parts = _AMOUNT.fullmatch(text.strip())
        if parts is None or not parts["name"] or parts["unit"]:
            raise wrong("--at-most", repr(text), "such as completion=22")
        name = objective(parts["name"], "--at-most")
        if name in found:
            raise wrong("--at-most", f"{name} twice", "each objective once")
        found[name] = int(parts["amount"])
    return found


def answer(
    scenario: Path,
    teacher: str,
    out: Path | None,
    ask: Callable[[Scenario, threading.Event], AnswerT],
    view: Callable[[Scenario, AnswerT], RenderableType],
    *,
    name: str,
    as_json: bool,
    draw: Callable[[Scenario, AnswerT, Path], Path | None] | None = None,
) -> int:
    """Read, ask, write and show; return the exit code.

    Parameters
    ----------
    name : str
        Of the JSON document in ``out``.
    """
    facts = inputs.read_scenario(scenario)
    inputs.require_known("--teacher", [teacher], facts.teacher_by_id)
    with nullcontext() if out is None else inputs.output_folder(out) as folder:
        say(f"asking about {teacher}")
        try:
            found = run_cancellable(lambda cancel: ask(facts, cancel))
        except ValueError as error:
            raise wrong("", str(error), "a question that can be answered") from error
        if folder is not None:
            _write(facts, found, folder, name, draw)
    if as_json:
        from trajectory_engine.io.answers import answer_to_json

        emit_text(answer_to_json(found))
    else:
        show(view(facts, found))
    # What a front was limited to is no part of the scenario, of which alone `explain` speaks.
    is_limited = isinstance(found, Front) and bool(found.limits)
    if status_of(found) is Status.INFEASIBLE and not is_limited:
        say(f"trajectory-engine explain {scenario} --teacher {teacher} says why there is no plan")
    return exit_code(status_of(found))


def _write(
    facts: Scenario,
    found: AnswerT,
    folder: Path,
    name: str,
    draw: Callable[[Scenario, AnswerT, Path], Path | None] | None,
) -> None:
    from trajectory_engine.io.answers import answer_to_json
    from trajectory_engine.io.atomic import write_files

    with interrupts_deferred():
        write_files(folder, {f"{name}.json": answer_to_json(found)})
    if draw is not None and status_of(found).has_plan:
        draw(facts, found, folder)
    say(f"written to {folder}")


def status_of(found: Answer) -> Status:
    """Return the status of an answer: of its plan, or of all of its plans."""
    match found:
        case Prices() | Reasons():
            return found.plan.status
        case Robust():
            return found.robust.status
        case _:
            return found.status


def exit_code(status: Status) -> ExitCode:
    """Return the exit code that a status stands for."""
    if status is Status.INFEASIBLE:
        return ExitCode.INFEASIBLE
    return ExitCode.OK if status.has_plan else ExitCode.NO_PLAN
