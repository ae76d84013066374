"""Exit codes of the program."""

from __future__ import annotations

from enum import IntEnum

from trajectory_engine.domain.plan import Result, Status


class ExitCode(IntEnum):
    """What the program tells its caller."""

    OK = 0
    FAULT = 1
    """A fault of the program itself."""
    INVALID = 2
    """Invalid input, wrong usage, or an output that cannot be written."""
    INFEASIBLE = 3
    """Proven for at least one teacher; the plans of the others are written."""
    NO_PLAN = 4
    """The time ran out with no plan for at least one teacher."""
    REJECTED = 5
    """A plan fails verification."""
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def exit_code_of(result: Result) -> ExitCode:
    """Return the exit code that a result stands for; infeasible outweighs unknown."""
    statuses = {plan.status for plan in result.teachers}
    if Status.INFEASIBLE in statuses:
        return ExitCode.INFEASIBLE
    return ExitCode.NO_PLAN if Status.UNKNOWN in statuses else ExitCode.OK
