"""``verify``: judge a plan, whoever made it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from trajectory_engine.cli import inputs, options
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.guard import guarded
from trajectory_engine.cli.output import emit, say, show
from trajectory_engine.errors import InputError

VIOLATIONS_SHOWN = 100


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
        count = len(result.teachers)
        show(f"accepted: {plan} holds for {count} teacher{'s' * (count != 1)}")
    if not violations:
        return ExitCode.OK
    for violation in violations[:VIOLATIONS_SHOWN]:
        say(str(violation))
    if len(violations) > VIOLATIONS_SHOWN:
        say(f"... and {len(violations) - VIOLATIONS_SHOWN} more")
    say(f"rejected: {len(violations)} violation{'s' * (len(violations) != 1)}")
    return ExitCode.REJECTED
