"""One place for parameters, limits, statuses and call-backs of the solver."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from ortools.sat.python import cp_model


class SolverFault(RuntimeError):
    """The solver refused a model: a fault of the engine, never of the input."""


class Profile(StrEnum):
    """Named sets of parameters; all with one worker, so that runs can be repeated."""

    SELECTION = "selection"
    COVER = "cover"
    DENSE_COVER = "dense-cover"
    INTERVALS = "intervals"
    PERIODS = "periods"
    PERIODS_RELAXED = "periods-relaxed"
    SCHEDULE = "schedule"
    SCHEDULE_MODES = "schedule-modes"
    SCHEDULE_LINEAR = "schedule-linear"
    SCHEDULE_RELAXED = "schedule-relaxed"
    CLIMB = "climb"
    CLIMB_LINEAR = "climb-linear"
    CLIMB_RELAXED = "climb-relaxed"
    NEIGHBOURHOOD = "neighbourhood"
    CONFIRM = "confirm"
    IN_ORDER = "in-order"


# Of what cumulative constraints teach, simplifying the clauses between restarts finds little.
_PLAIN_SCHEDULE = {
    "symmetry_level": 0,
    "cp_model_probing_level": 0,
    "inprocessing_dtime_ratio": 0.0,
}
# Without relaxation, conflicts are best explained by bounds of starts, for which literals are made
# where they are needed (lazy clause generation: Ohrimenko, Stuckey and Codish, 2009).  Not to be
# joined with chronological backtracking: a check of the solver then fails and ends the process.
_EXPLAINED_SCHEDULE = {
    **_PLAIN_SCHEDULE,
    "linearization_level": 0,
    "use_new_integer_conflict_resolution": True,
}
# From the least completion that is not yet refuted upwards: what one value taught is kept.
_CLIMBING = {"use_objective_lb_search": True}
_PARAMETERS: dict[Profile, dict[str, Any]] = {
    Profile.SELECTION: {"linearization_level": 2, "symmetry_level": 1},
    Profile.COVER: {
        "linearization_level": 2,
        "symmetry_level": 0,
        "cp_model_probing_level": 0,
        "max_presolve_iterations": 1,
        # The rows are few, and nearly all of them bind.
        "add_lp_constraints_lazily": False,
    },
    Profile.DENSE_COVER: {
        "linearization_level": 2,
        "symmetry_level": 0,
        "cp_model_probing_level": 0,
        "cut_level": 0,
    },
    Profile.INTERVALS: {"linearization_level": 1, "symmetry_level": 1},
    Profile.PERIODS: {"linearization_level": 1, "symmetry_level": 1},
    Profile.PERIODS_RELAXED: {"linearization_level": 2, "symmetry_level": 1},
    Profile.SCHEDULE: {
        **_EXPLAINED_SCHEDULE,
        # A fifth less time where there is nothing but starts; with modes as good without.
        "also_bump_variables_in_conflict_reasons": True,
    },
    Profile.SCHEDULE_MODES: _EXPLAINED_SCHEDULE,
    Profile.SCHEDULE_LINEAR: {**_PLAIN_SCHEDULE, "linearization_level": 1},
    Profile.SCHEDULE_RELAXED: {"linearization_level": 2, "symmetry_level": 1},
    Profile.CLIMB: {**_EXPLAINED_SCHEDULE, **_CLIMBING},
    Profile.CLIMB_LINEAR: {**_PLAIN_SCHEDULE, **_CLIMBING, "linearization_level": 1},
    Profile.CLIMB_RELAXED: {**_PLAIN_SCHEDULE, **_CLIMBING, "linearization_level": 2},
    Profile.NEIGHBOURHOOD: {
        **_PLAIN_SCHEDULE,
        "linearization_level": 0,
        "max_presolve_iterations": 1,
    },
    Profile.CONFIRM: {**_PLAIN_SCHEDULE, "linearization_level": 0},
    Profile.IN_ORDER: {
        "linearization_level": 1,
        "symmetry_level": 0,
        "search_branching": cp_model.FIXED_SEARCH,
        # Presolve may otherwise drop the very solution that comes first.
        "keep_all_feasible_solutions_in_presolve": True,
    },
}

_EFFORT: dict[Profile, float] = {
    Profile.INTERVALS: 14.0,
    Profile.SCHEDULE: 2.4,
    Profile.SCHEDULE_MODES: 1.5,
    Profile.SCHEDULE_LINEAR: 1.4,
    Profile.SCHEDULE_RELAXED: 2.5,
    Profile.CLIMB: 1.6,
    Profile.CLIMB_LINEAR: 1.4,
    Profile.CLIMB_RELAXED: 3.5,
    Profile.NEIGHBOURHOOD: 3.0,
    Profile.PERIODS: 0.6,
    Profile.PERIODS_RELAXED: 0.6,
}
"""Effort per deterministic second, 1 where not named: about wall seconds on a present machine.

The solver's deterministic clock counts little of what cumulative constraints cost.
"""


EFFORT_OF_PLACEMENT = 1e-7
"""Effort of trying one way on the calendar of a project, outside the solver."""
EFFORT_OF_SHIFT = 5e-8
"""Effort of one step of the search of schedules that overdraw the calendar, as it counts them."""
EFFORT_OF_FILLING = 1.2e-6
"""Effort of trying one activity in a period that is filled, outside the solver."""
EFFORT_OF_STEP = 1.6e-7
"""Effort of one step of a walk over choices, outside the solver."""
CLOCK_DIGITS = 9
"""Decimal places of the solver's deterministic clock that are the same in every run: presolve adds
up what its steps cost in an order that is chance."""
WALL_MARGIN = 0.05
"""Seconds before the wall's deadline at which a call that ended unproven was ended by it: the
solver may stop a little early."""
INEXACT = 1 << 53
"""From here on not every integer is a double."""
CANCEL_POLL = 0.02
"""Seconds after which a running call looks for a cancellation."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one call of the solver gave.

    Attributes
    ----------
    infeasible : bool
        Proven that there is no solution.
    value : int or None
        Objective of ``solution``; None without one.
    bound : int or None
        Proven lower bound of the objective.
    solution : list of int or None
        Value of every variable, by index.
    """

    infeasible: bool
    value: int | None
    bound: int | None
    solution: list[int] | None


class Signal(Protocol):
    """Something that can ask a search to end, such as an event."""

    def is_set(self) -> bool:
        """Return whether it does."""


@dataclass(frozen=True, slots=True)
class AnySignal:
    """Asks to end as soon as one of several does."""

    signals: tuple[Signal | None, ...]

    def is_set(self) -> bool:
        """Return whether one of them does."""
        return any(signal is not None and signal.is_set() for signal in self.signals)


@dataclass
class Session:
    """Limits that hold over many calls.

    Attributes
    ----------
    seed : int
    effort_limit : float
        Effort for all calls together: deterministic seconds, weighted by profile, so that they
        are about wall seconds; it is what normally ends a search.
    wall_deadline : float
        ``time.monotonic()`` instant at which every call ends.
    cancel : Signal or None
    threads : int
        How many calls may run side by side, 1 or 2.
    lanes : int
        On how many such calls what was found depends: with fewer, an unproven answer could
        be another one.
    interrupted : bool
        Whether the wall clock or a cancellation has cut a search short.
    """

    seed: int
    effort_limit: float
    wall_deadline: float
    cancel: Signal | None = None
    interrupted: bool = False
    on_incumbent: Callable[[int | None, int | None], None] | None = None
    spent: float = field(default=0.0)
    threads: int = 1
    lanes: int = 1

    @property
    def is_cancelled(self) -> bool:
        """Whether the caller wants the search to end."""
        return self.cancel is not None and self.cancel.is_set()

    @property
    def stopped(self) -> bool:
        """Whether nothing more may be started."""
        if self.is_cancelled or self.seconds_left <= 0:
            self.interrupted = True
        return self.interrupted

    @property
    def effort_left(self) -> float:
        """Effort left, at least 0."""
        return max(0.0, self.effort_limit - self.spent)

    @property
    def seconds_left(self) -> float:
        """Wall seconds left."""
        return self.wall_deadline - time.monotonic()

    def part(self, effort: float, *signals: Signal) -> Session:
        """Return a session of its own for one of several searches side by side.

        Parameters
        ----------
        effort : float
            Most effort of the part, within what is left.
        signals : Signal
            What else may end it.
        """
        effort = min(effort, self.effort_left)
        cancel = AnySignal((self.cancel, *signals)) if signals else self.cancel
        return Session(self.seed, effort, self.wall_deadline, cancel)

    def absorb(self, part: Session) -> None:
        """Count what a part has spent, and that it was cut short if it was."""
        self.charge(part.spent)
        self.interrupted |= part.interrupted

    def charge(self, effort: float) -> None:
        """Count effort that was spent outside the solver."""
        self.spent += effort

    def solve(
        self,
        model: cp_model.CpModel,
        profile: Profile,
        *,
        effort: float,
        known_bound: int | None = None,
    ) -> Outcome:
        """Solve a model within the limits.

        Parameters
        ----------
        effort : float
            Most effort of this call.
        known_bound : int or None
            Lower bound proven elsewhere: the search ends when it is reached.
        """
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = 1
        parameters.random_seed = self.seed
        # The solver's own handler would outlive the call and take interruptions from the host.
        parameters.catch_sigint_signal = False
        weight = _EFFORT.get(profile, 1.0)
        parameters.max_deterministic_time = max(0.01, min(effort, self.effort_left)) / weight
        parameters.max_time_in_seconds = max(0.01, self.seconds_left)
        for name, value in _PARAMETERS[profile].items():
            setattr(parameters, name, value)
        watcher = _Incumbents(model, known_bound, self.on_incumbent)
        with on_cancellation(self.cancel, solver.stop_search, CANCEL_POLL):
            status = solver.solve(model, watcher)
        self.charge(weight * round(solver.response_proto.deterministic_time, CLOCK_DIGITS))
        if watcher.failure is not None:
            raise watcher.failure
        if status == cp_model.MODEL_INVALID:
            raise SolverFault(model.validate() or solver.solution_info())
        return self._outcome(model, solver, status, known_bound)

    def _outcome(
        self,
        model: cp_model.CpModel,
        solver: cp_model.CpSolver,
        status: cp_model.CpSolverStatus,
        known_bound: int | None,
    ) -> Outcome:
        if status == cp_model.INFEASIBLE:
            return Outcome(True, None, None, None)
        has_objective = model.has_objective()
        if status == cp_model.UNKNOWN:
            self._note_interruption()
            return Outcome(False, None, _proven(model, solver, known_bound), None)
        solution = list(solver.response_proto.solution)
        if not has_objective:
            return Outcome(False, 0, 0, solution)
        value, bound = _value(model, solution), _bound(model, solver.response_proto)
        if known_bound is not None:
            bound = max(bound, known_bound)
        if status == cp_model.FEASIBLE and bound < value:
            self._note_interruption()
        return Outcome(False, value, min(bound, value), solution)

    def _note_interruption(self) -> None:
        """Remember it if the wall clock or a cancellation ended the search."""
        if self.is_cancelled or self.seconds_left <= WALL_MARGIN:
            self.interrupted = True


def _value(model: cp_model.CpModel, solution: Sequence[int]) -> int:
    """Return the objective of a solution; what the solver names is a double, inexact if large."""
    objective = model.proto.objective
    terms = zip(objective.vars, objective.coeffs, strict=True)
    total: int = sum(factor * solution[index] for index, factor in terms)
    return round(objective.offset) + total


def _bound(model: cp_model.CpModel, response: cp_model.CpSolverResponse) -> int:
    """Return the proven lower bound of the objective, likewise."""
    return round(model.proto.objective.offset) + int(response.inner_objective_lower_bound)


def _proven(
    model: cp_model.CpModel, solver: cp_model.CpSolver, known_bound: int | None
) -> int | None:
    """Return the largest bound known after a call that found no solution.

    A call that ended before it had any bound names zero, whatever the objective.
    """
    named = solver.best_objective_bound
    if not math.isfinite(named) or named <= 0:
        return known_bound
    return max(_bound(model, solver.response_proto), known_bound or 0)


class _Incumbents(cp_model.CpSolverSolutionCallback):
    """Reports incumbents and stops at a bound that is known."""

    def __init__(
        self,
        model: cp_model.CpModel,
        known_bound: int | None,
        report: Callable[[int | None, int | None], None] | None,
    ) -> None:
        super().__init__()
        self._model = model
        self._known_bound = known_bound
        self._report = report
        self.failure: BaseException | None = None

    def on_solution_callback(self) -> None:
        """Look at a new incumbent."""
        try:
            value, bound = round(self.objective_value), round(self.best_objective_bound)
            if abs(value) >= INEXACT:
                response = self.response_proto
                value, bound = _value(self._model, response.solution), _bound(self._model, response)
            if self._report is not None:
                self._report(value, bound)
            if self._known_bound is not None and value <= self._known_bound:
                self.stop_search()
        except BaseException as failure:  # carried to the caller's thread
            self.failure = failure
            self.stop_search()


@contextmanager
def on_cancellation(
    cancel: Signal | None, act: Callable[[], object], poll: float
) -> Iterator[None]:
    """Call ``act`` when ``cancel`` is set inside the block; costs nothing without an event.

    It is called again every ``poll`` seconds, since a search that has not begun yet does not hear
    it.  Waits for the end of the block, which may come hundreds of times a run; a cancellation,
    which comes once at most, may take a moment to be seen.
    """
    if cancel is None:
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(poll):
            if cancel.is_set():
                act()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
