"""``verify``: judge a plan, whoever made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from trajectory_engine.cli import inputs, options
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.guard import guarded
from trajectory_engine.cli.output import emit, say, show
from trajectory_engine.domain.plan import Result, Status
from trajectory_engine.errors import InputError

VIOLATIONS_SHOWN = 100
TEACHERS_SHOWN = 8


@guarded
def verify(
    scenario: options.Folder,
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN.json", help="The plan.", parser=options.named_path)
    ],
    without_recognition: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID|all",
            help="Prior learning that the plan was made without; may be repeated.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as one JSON document.")
    ] = False,
) -> int:
    """Check a plan against a scenario, independently of what made the plan."""
    from trajectory_engine.checks.verify import verify as find_violations
    from trajectory_engine.io.results import result_from_json

    facts = inputs.read_scenario(scenario, without_recognition or ())
    try:
        result = result_from_json(inputs.read_text(plan))
    except InputError as error:
        raise InputError([replace(p, file=p.file or str(plan)) for p in error.problems]) from error
    violations = find_violations(facts, result)
    if as_json:
        emit(
            {
                "format": "trajectory-engine/verification",
                "version": 1,
                "scenario": facts.id,
                "plan": str(plan),
                "accepted": not violations,
                "holds_for": [p.teacher for p in result.teachers if p.status.has_plan],
                "without_plan": [p.teacher for p in result.teachers if not p.status.has_plan],
                "violations": [
                    {
                        "rule": v.rule,
                        "teacher": v.teacher,
                        "module": v.module,
                        "expected": v.expected,
                        "found": v.found,
                    }
                    for v in violations
                ],
            }
        )
    elif not violations:
        show("\n".join(_accepted(plan, result)))
    if not violations:
        return ExitCode.OK
    for violation in violations[:VIOLATIONS_SHOWN]:
        say(str(violation))
    if len(violations) > VIOLATIONS_SHOWN:
        say(f"... and {len(violations) - VIOLATIONS_SHOWN} more")
    say(f"rejected: {len(violations)} violation{'s' * (len(violations) != 1)}")
    return ExitCode.REJECTED


def _accepted(path: Path, result: Result) -> Iterator[str]:
    """Yield what was found to be true, and what a check of plans cannot find out."""
    planned = [p for p in result.teachers if p.status.has_plan]
    if planned:
        yield f"accepted: {path} holds for {len(planned)} teacher{'s' * (len(planned) != 1)}"
    else:
        yield f"nothing to hold: {path} has no plan for anybody"
    proven = [p.teacher for p in result.teachers if p.status is Status.INFEASIBLE]
    if proven:
        yield (
            f"not checked: that {_some(proven)} can have no plan, which only a search tells"
            " (trajectory-engine explain)"
        )
    unknown = [p.teacher for p in result.teachers if p.status is Status.UNKNOWN]
    if unknown:
        yield f"neither a plan nor a proof that there is none: {_some(unknown)}"


def _some(teachers: list[str]) -> str:
    rest = len(teachers) - TEACHERS_SHOWN
    shown = ", ".join(teachers[:TEACHERS_SHOWN])
    return f"{shown} and {rest} more" if rest > 0 else shown
