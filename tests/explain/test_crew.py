"""Several processes give the same explanation as one, can be stopped, and can be done without."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

import trajectory_engine as te
from trajectory_engine.domain.plan import Status
from trajectory_engine.explain.case import Findings
from trajectory_engine.explain.crew import Brief, Desk, ManyProcesses, Step, crew_of
from trajectory_engine.io.explanations import explanation_to_json

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scenario() -> te.Scenario:
    """Return the shipped scenario with a deadline that leaves nobody a plan."""
    whole = te.load_scenario(ROOT / "scenarios" / "it-teachers")
    return replace(whole, teachers=tuple(replace(t, deadline=5) for t in whole.teachers))


def brief(scenario: te.Scenario) -> Brief:
    return Brief(scenario, False, 2.0, 0, time.time() + 120, 1)


def test_number_of_processes_changes_no_answer(scenario: te.Scenario) -> None:
    asked = ["T005", "T006", "T007"]
    one, two = (te.explain(scenario, asked, 300, workers=n, repairs=2) for n in (1, 2))
    assert one.reproducible and two.reproducible
    assert explanation_to_json(one) == explanation_to_json(two)
    assert all(t.repairs and t.conflicts for t in one.teachers)


def test_lost_processes_are_done_without(scenario: te.Scenario) -> None:
    with ProcessPoolExecutor(1) as pool:
        lost = pool.submit(os.getpid).result()
        os.kill(lost, signal.SIGKILL)
        crew = ManyProcesses(pool, Desk(brief(scenario), None))
        found = crew.take(Step.CONFLICTS, [scenario.teachers[0].id], [Findings()])
    assert [f.status for f in found] == [Status.INFEASIBLE]


def test_cancellation_reaches_the_processes(scenario: te.Scenario) -> None:
    cancel = threading.Event()
    asked = brief(scenario)
    teachers = [t.id for t in scenario.teachers[:3]]
    with crew_of(asked, Desk(asked, cancel), 2, cancel) as crew:
        cancel.set()
        time.sleep(0.5)
        found = crew.take(Step.CONFLICTS, teachers, [Findings()] * len(teachers))
    assert {f.status for f in found} == {Status.UNKNOWN}
    assert {m.code for f in found for m in f.open} == {"open_cancelled"}


@pytest.mark.parametrize(("number", "lost"), [(signal.SIGKILL, True), (signal.SIGINT, False)])
def test_signals_to_processes_that_begin_cost_no_answer(
    scenario: te.Scenario, number: int, lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed one is done without: nothing for it waits in a pipe that nobody reads."""
    struck: list[BaseProcess] = []
    start = BaseProcess.start

    def strike(process: BaseProcess) -> None:
        start(process)
        os.kill(process.pid or 0, number)
        struck.append(process)

    monkeypatch.setattr(BaseProcess, "start", strike)
    asked = brief(scenario)
    assert len(pickle.dumps(asked)) > 1 << 16  # More than a pipe holds.
    with crew_of(asked, Desk(asked, None), 2, None) as crew:
        found = crew.take(Step.CONFLICTS, [scenario.teachers[0].id], [Findings()])
        assert struck
        assert isinstance(crew, ManyProcesses)
        assert crew._broken == lost
    assert [f.status for f in found] == [Status.INFEASIBLE]
