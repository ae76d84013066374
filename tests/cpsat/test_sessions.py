"""Sessions: limits, known bounds and cancellation, and claims that are no larger than the proof."""

from __future__ import annotations

import threading
import time
from random import Random

import pytest
from ortools.sat.python import cp_model

from trajectory_engine.cpsat import session as sessions
from trajectory_engine.cpsat.session import Profile, Session, SolverFault

JOBS = MACHINES = 12


def job_shop(seed: int = 1) -> cp_model.CpModel:
    """Return a job shop whose proof takes minutes, with the makespan as objective."""
    rng = Random(seed)
    model = cp_model.CpModel()
    horizon = 100 * JOBS * MACHINES
    makespan = model.new_int_var(0, horizon, "")
    machines: list[list[cp_model.IntervalVar]] = [[] for _ in range(MACHINES)]
    for _ in range(JOBS):
        last = 0
        for machine in rng.sample(range(MACHINES), MACHINES):
            duration = rng.randint(1, 99)
            start = model.new_int_var(0, horizon, "")
            model.add(start >= last)
            machines[machine].append(model.new_fixed_size_interval_var(start, duration, ""))
            last = start + duration
        model.add(makespan >= last)
    for intervals in machines:
        model.add_no_overlap(intervals)
    model.minimize(makespan)
    return model


def easy(least: int = 3) -> cp_model.CpModel:
    """Return a model whose optimum is ``least``."""
    model = cp_model.CpModel()
    bits = [model.new_bool_var("") for _ in range(8)]
    model.add(sum(bits) >= least)
    model.minimize(sum(bits))
    return model


def session(effort: float = 1000.0, seconds: float = 60.0, **more: object) -> Session:
    """Return a session that ends by effort."""
    return Session(0, effort, time.monotonic() + seconds, **more)  # type: ignore[arg-type]


def test_a_plan_that_is_not_proven_keeps_its_gap() -> None:
    outcome = session().solve(job_shop(), Profile.INTERVALS, effort=3)
    assert outcome.value is not None
    assert outcome.bound is not None
    assert outcome.bound < outcome.value
    assert not outcome.infeasible


def test_effort_ends_a_search_the_same_way_every_time() -> None:
    first, second = session(), session()
    outcomes = [s.solve(job_shop(), Profile.INTERVALS, effort=2) for s in (first, second)]
    assert outcomes[0] == outcomes[1]
    assert first.spent == second.spent > 0
    assert not first.interrupted


def test_effort_is_shared_by_all_calls() -> None:
    limited = session(effort=2)
    for _ in range(3):
        limited.solve(job_shop(), Profile.INTERVALS, effort=2)
    assert limited.effort_left == 0
    assert limited.spent < 4
    assert not limited.stopped


def test_a_known_bound_ends_the_search_when_it_is_reached() -> None:
    unaware, aware = session(), session()
    far = unaware.solve(job_shop(), Profile.INTERVALS, effort=6)
    assert far.value is not None
    near = aware.solve(job_shop(), Profile.INTERVALS, effort=6, known_bound=far.value)
    assert near.value is not None
    assert near.value <= far.value
    assert near.bound == near.value
    assert aware.spent < unaware.spent
    assert not aware.interrupted


def test_a_known_bound_below_the_optimum_claims_nothing() -> None:
    proven = session().solve(easy(), Profile.SELECTION, effort=5, known_bound=1)
    assert (proven.value, proven.bound) == (3, 3)
    loose = session().solve(job_shop(), Profile.INTERVALS, effort=3, known_bound=1)
    assert loose.value is not None
    assert loose.bound is not None
    assert 1 <= loose.bound < loose.value


def test_no_solution_in_time_gives_the_known_bound_only() -> None:
    outcome = session().solve(job_shop(), Profile.INTERVALS, effort=0.01, known_bound=7)
    if outcome.solution is None:
        assert (outcome.infeasible, outcome.value, outcome.bound) == (False, None, 7)
    else:
        assert outcome.value is not None
        assert outcome.bound is not None
        assert 7 <= outcome.bound < outcome.value


def test_infeasible_is_said_only_of_what_has_no_solution() -> None:
    assert session().solve(easy(9), Profile.SELECTION, effort=5).infeasible
    assert not session().solve(easy(8), Profile.SELECTION, effort=5).infeasible


def test_cancellation_stops_a_long_search_quickly() -> None:
    cancel = threading.Event()
    cancelled = session(cancel=cancel)
    threading.Timer(0.5, cancel.set).start()
    began = time.monotonic()
    outcome = cancelled.solve(job_shop(), Profile.INTERVALS, effort=1000)
    assert time.monotonic() - began < 5
    assert cancelled.interrupted
    assert cancelled.stopped
    if outcome.value is not None:
        assert outcome.bound is not None
        assert outcome.bound < outcome.value


def test_the_wall_clock_is_noted_when_it_ends_a_search() -> None:
    short = session(seconds=0.5)
    began = time.monotonic()
    short.solve(job_shop(), Profile.INTERVALS, effort=1000)
    assert time.monotonic() - began < 5
    assert short.interrupted


def test_incumbents_are_reported_and_fall() -> None:
    seen: list[tuple[int | None, int | None]] = []
    watched = session(on_incumbent=lambda value, bound: seen.append((value, bound)))
    outcome = watched.solve(job_shop(), Profile.INTERVALS, effort=3)
    values = [value for value, _ in seen if value is not None]
    assert values == sorted(values, reverse=True)
    assert values[-1] == outcome.value


def test_a_failure_of_the_listener_reaches_the_caller() -> None:
    def fail(value: int | None, bound: int | None) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        session(on_incumbent=fail).solve(easy(), Profile.SELECTION, effort=5)


def test_a_model_that_the_solver_refuses_is_a_fault() -> None:
    model = cp_model.CpModel()
    bit = model.new_bool_var("")
    model.minimize(bit)
    model.proto.objective.vars[0] = 99
    with pytest.raises(SolverFault):
        session().solve(model, Profile.SELECTION, effort=5)


def test_a_call_that_may_be_cancelled_ends_with_its_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A call of a millisecond that waited for its watcher would wait for all of its poll."""
    monkeypatch.setattr(sessions, "CANCEL_POLL", 20.0)
    mine = session(cancel=threading.Event())
    began = time.monotonic()
    mine.solve(easy(), Profile.INTERVALS, effort=1)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("optimum", [(1 << 53) + 3, (1 << 54) + 7, 10**17 + 1])
def test_sums_that_no_double_holds_are_exact(optimum: int) -> None:
    """Each of 30 pairs costs a little more in its second half; the optimum takes the first."""
    model, costs = cp_model.CpModel(), [optimum // 30] * 29
    costs.append(optimum - sum(costs))
    first, second = ([model.new_bool_var("") for _ in costs] for _ in range(2))
    for x, y in zip(first, second, strict=True):
        model.add_bool_or([x, y])
    model.minimize(
        cp_model.LinearExpr.weighted_sum([*first, *second], [*costs, *(c + 1 for c in costs)])
    )
    seen: list[tuple[int | None, int | None]] = []
    outcome = session(on_incumbent=lambda *event: seen.append(event)).solve(
        model, Profile.SELECTION, effort=20
    )
    assert (outcome.value, outcome.bound) == (optimum, optimum)
    assert seen[-1][0] == optimum
    again = session().solve(model, Profile.SELECTION, effort=20, known_bound=optimum)
    assert (again.value, again.bound) == (optimum, optimum)
