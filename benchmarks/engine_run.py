"""One turn of the engine: from the file through its importer to a verified plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import scipy.sparse.csgraph  # noqa: F401  (comes with the first problem: imports are not counted)
from instances import read_for_engine, read_for_peers, solution_of
from peers.outcome import FEASIBLE, OPTIMAL, Clock, Outcome
from peers.problems import Problem

import trajectory_engine as te

te.prepare()  # machine code is loaded, or made, before the clock starts, as imports are


@dataclass
class Watch:
    """Notes when the first and the best plan came, by the first objective."""

    stage: str
    clock: Clock
    first: float | None = None
    last: float | None = None
    best: int | None = None

    def __call__(self, event: te.Progress) -> None:
        """Note the time if the plan is better."""
        value = event.incumbent
        if event.stage != self.stage or value is None:
            return
        now = self.clock.now()
        self.first = now if self.first is None else self.first
        if self.best is None or value < self.best:
            self.best, self.last = value, now


def run_engine(
    problem_set: str, path: Path, clock: Clock, workers: int, seed: int
) -> tuple[Problem, Outcome, float]:
    """Return the problem, what the engine makes of it, and seconds that are not the engine's.

    Only public functions are called.  Reading the file once more for the judge is not counted:
    the peers hand over what they have read.  That the plan is verified a second time is.

    The proof that counts is that of the first objective.  Ties are left as they are: no peer is
    asked for the one plan that they would leave.

    Raises
    ------
    RuntimeError
        If the verifier objects to the plan.
    """
    scenario = read_for_engine(path)
    watch = Watch(str(scenario.objectives[0].name.value), clock)
    result = te.plan(
        scenario,
        time_limit=clock.left(),
        workers=workers,
        seed=seed,
        on_progress=watch,
        break_ties=False,
    )
    violations = te.verify(scenario, result)
    if violations:
        raise RuntimeError(f"the plan is rejected: {violations[0]}")
    done = clock.now()
    problem = read_for_peers(problem_set, path)
    apart = clock.now() - done
    if not result.status.has_plan:
        return problem, Outcome(str(result.status.value)), apart
    objective = result.objectives[0]
    proven = objective.value is not None and objective.value == objective.bound
    outcome = Outcome(
        OPTIMAL if proven else FEASIBLE,
        objective.value,
        objective.bound,
        watch.first,
        watch.last,
        solution_of(path, problem, result),
    )
    return problem, outcome, apart
