"""``check``: name every problem of the input."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trajectory_engine.cli import inputs, options
from trajectory_engine.cli.exits import ExitCode
from trajectory_engine.cli.guard import guarded, problem_document
from trajectory_engine.cli.output import Document, emit, show
from trajectory_engine.cli.tables import add, new_table
from trajectory_engine.domain.diagnosis import diagnosis_of
from trajectory_engine.domain.messages import render
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.errors import InputError

if TYPE_CHECKING:
    from trajectory_engine.io.any_scenario import ReadScenario


@guarded
def check(
    scenario: options.Folder,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as one JSON document.")
    ] = False,
) -> int:
    """Check a scenario and name every problem, as file:row:column: found; expected."""
    try:
        read = inputs.read_with_warnings(scenario)
    except InputError as error:
        if not as_json:
            raise
        emit(_document(scenario, error, {}, []))
        return ExitCode.INVALID
    inputs.say_warnings(read.remarks)
    counts, warnings = _counts(read.scenario), _warnings(read)
    if as_json:
        emit(_document(scenario, None, counts, warnings))
        return ExitCode.OK
    show(f"{scenario}: no problems found")
    table = new_table(("what", "left"), ("count", "right"))
    for what, count in counts.items():
        add(table, what, f"{count:,}")
    show(table)
    for line in warnings[: inputs.WARNINGS_SHOWN]:
        show(f"warning: {line}")
    more = len(warnings) - inputs.WARNINGS_SHOWN
    if more > 0:
        show(f"... and {more} more warnings (all of them with --json)")
    return ExitCode.OK


def _document(
    scenario: Path, error: InputError | None, counts: dict[str, int], warnings: list[str]
) -> Document:
    return {
        "format": "trajectory-engine/check",
        "version": 1,
        "scenario": str(scenario),
        "valid": error is None,
        "problems": [problem_document(p) for p in error.problems] if error else [],
        "omitted": error.count - len(error.problems) if error else 0,
        "counts": counts,
        "warnings": warnings,
    }


def _counts(facts: Scenario) -> dict[str, int]:
    model = facts.model
    return {
        "teachers": len(facts.teachers),
        "subject competences": len(model.subject),
        "pedagogical competences": len(model.pedagogical),
        "social competences": len(model.social),
        "professional elements": len(model.professional),
        "authored prerequisites": len(model.prerequisites),
        "tasks": len(model.tasks),
        "modules": len(facts.modules),
        "modes": sum(len(m.modes) for m in facts.modules),
        "rules that bind": len(facts.binding_rules),
        "waivers": len(facts.waivers),
        "substitutions": len(facts.substitutions),
        "funds": len(facts.funds),
        "periods": facts.calendar.horizon,
    }


def _warnings(read: ReadScenario) -> list[str]:
    """Return what is odd but allowed: rules, exceptions, the diagnosis, limits that are shared."""
    from trajectory_engine.problem.shared import binding_limits

    facts = read.scenario
    found = [str(problem) for problem in read.warnings]
    found += [
        f"{teacher.id}: {render(message)}"
        for teacher in facts.teachers
        for message in diagnosis_of(facts, teacher).warnings
    ]
    shared = binding_limits(facts, facts.teachers)
    return found + [f"all teachers cannot be planned together: {limit}" for limit in shared]
