"""What the library raises travels between processes and keeps all that it says."""

from __future__ import annotations

import copy
import pickle

import pytest

from trajectory_engine.errors import (
    InputError,
    InputProblem,
    OutputError,
    PlanRejected,
    SharedLimitError,
    TrajectoryError,
)

PROBLEM = InputProblem("unknown_id", "M9", "a module", "modules.csv", 3, "excludes")
ERRORS = (
    InputError([PROBLEM, PROBLEM], {("modules.csv", "unknown_id"): 7}),
    InputError([PROBLEM]),
    SharedLimitError(["fund state: 5 of 3", "seats of R1"]),
    PlanRejected("a step too many"),
    OutputError("no room on the disk"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_are_the_same_after_a_journey(error: TrajectoryError) -> None:
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert vars(other) == vars(error)
