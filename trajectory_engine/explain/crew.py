"""Who takes the steps of an explanation: this process, or several processes side by side.

Building models holds the interpreter's lock, so that threads would wait for one another.  Every
step of a teacher takes findings and returns findings, so that it does not matter who takes it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from ctypes import c_bool
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from trajectory_engine.cpsat.session import on_cancellation
from trajectory_engine.domain.explanation import TeacherExplanation
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.case import Case, Findings
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.whatif import Effort, WhatIf

PAPER = "brief"
"""Name of the file that processes are briefed by."""
POLL_SECONDS = 0.05
"""Seconds after which a process looks for a cancellation, or for the end of its parent."""


class Step(StrEnum):
    """What is done with every teacher before the next is done with anybody."""

    CONFLICTS = "conflicts"
    FIRST_REPAIR = "first repair"
    SHORTFALLS = "shortfalls"
    PLANS = "plans"
    REMAINING = "remaining conflicts"
    REPAIRS = "further repairs"


@dataclass(frozen=True, slots=True)
class Brief:
    """What everybody who takes steps must know.

    Attributes
    ----------
    alone : bool
        Whether one teacher is asked about alone and so owns the shared limits.
    seconds : float
        Effort of one question.
    ends : float
        ``time.time()`` at which every search ends: unlike the monotonic clock it is the same in
        every process.
    repairs : int
        Most repairs per teacher.
    """

    scenario: Scenario
    alone: bool
    seconds: float
    seed: int
    ends: float
    repairs: int

    def effort(self, cancel: threading.Event | None) -> Effort:
        """Return the limits of every search in this process."""
        left = self.ends - time.time()
        return Effort(self.seconds, self.seed, time.monotonic() + left, cancel)


class Desk:
    """Takes steps in one process; the look-ups of a scenario are built once."""

    def __init__(self, brief: Brief, cancel: threading.Event | None) -> None:
        self._brief = brief
        self.effort = brief.effort(cancel)
        self._index = ScenarioIndex(brief.scenario)
        self._cases: dict[str, Case] = {}

    def case(self, teacher: str, findings: Findings) -> Case:
        """Return the case of a teacher with what has been found so far."""
        case = self._cases.get(teacher)
        if case is None:
            brief = self._brief
            question = WhatIf(
                brief.scenario, teacher, alone=brief.alone, effort=self.effort, index=self._index
            )
            case = self._cases[teacher] = Case(question)
        case.findings = findings
        return case

    def take(self, step: Step, teacher: str, findings: Findings) -> Findings:
        """Return what is found after a step."""
        case = self.case(teacher, findings)
        count = self._brief.repairs
        match step:
            case Step.CONFLICTS:
                case.explain_conflicts()
            case Step.FIRST_REPAIR:
                case.explain_repairs(min(1, count))
            case Step.SHORTFALLS:
                case.explain_shortfalls()
            case Step.PLANS:
                case.plan_repairs()
            case Step.REMAINING:
                case.explain_remaining()
            case Step.REPAIRS:
                case.explain_repairs(count - len(findings.repairs))
                case.plan_repairs()
        return case.findings


class Crew(Protocol):
    """Takes one step with many teachers."""

    def take(
        self, step: Step, teachers: Sequence[str], findings: Sequence[Findings]
    ) -> list[Findings]:
        """Return what is found after a step, in the order of the teachers."""
        ...


class OneProcess:
    """Takes every step in this process, one after the other."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def take(
        self, step: Step, teachers: Sequence[str], findings: Sequence[Findings]
    ) -> list[Findings]:
        """Return what is found after a step, in the order of the teachers."""
        return [self._desk.take(step, *pair) for pair in zip(teachers, findings, strict=True)]


class ManyProcesses:
    """Takes steps in several processes; if these cannot be had, in this one."""

    def __init__(self, pool: ProcessPoolExecutor, desk: Desk) -> None:
        self._pool = pool
        self._spare = OneProcess(desk)
        self._broken = False

    def take(
        self, step: Step, teachers: Sequence[str], findings: Sequence[Findings]
    ) -> list[Findings]:
        """Return what is found after a step, in the order of the teachers."""
        if not self._broken:
            try:
                with _interruptions_held_back():  # Here processes begin.
                    taken = self._pool.map(_take, [step] * len(teachers), teachers, findings)
                return list(taken)
            except (BrokenProcessPool, OSError):
                self._broken = True
        return self._spare.take(step, teachers, findings)


@contextmanager
def crew_of(
    brief: Brief, desk: Desk, workers: int, cancel: threading.Event | None
) -> Iterator[Crew]:
    """Yield so many processes that take steps; this one if one is enough."""
    folder = _on_paper(brief) if workers > 1 else None
    if folder is None:
        yield OneProcess(desk)
        return
    context = multiprocessing.get_context("spawn")  # forking would copy the solver's threads
    # An event has a lock, and a process that is killed while it holds it keeps it for ever.
    shared = context.RawValue(c_bool, False)

    def call_off() -> None:
        shared.value = True

    with (
        on_cancellation(cancel, call_off, POLL_SECONDS),
        folder as name,
        ProcessPoolExecutor(workers, context, _begin, (Path(name) / PAPER, shared)) as pool,
    ):
        yield ManyProcesses(pool, desk)


def _on_paper(brief: Brief) -> TemporaryDirectory[str] | None:
    """Return a folder with a file that holds a brief, None if there is no room for one.

    What a process is given as it begins goes through a pipe, and whoever fills that one waits for
    ever if the process dies before it has read what the pipe does not hold.
    """
    try:
        folder = TemporaryDirectory()
    except OSError:
        return None
    try:
        (Path(folder.name) / PAPER).write_bytes(pickle.dumps(brief))
    except OSError:
        folder.cleanup()
        return None
    return folder


@contextmanager
def _interruptions_held_back() -> Iterator[None]:
    """Let processes that this thread begins never be interrupted from the keyboard.

    An interruption reaches all processes of a terminal; only the first one answers it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_desks: list[Desk] = []
"""The desk of a process that takes steps for another one; empty in any other process."""


def _begin(paper: Path, shared: c_bool) -> None:
    """Prepare a process for taking steps."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    brief: Brief = pickle.loads(paper.read_bytes())
    cancel = threading.Event()
    if shared.value:
        cancel.set()
    threading.Thread(target=_watch, args=(shared, cancel), daemon=True).start()
    _desks.append(Desk(brief, cancel))


def _watch(shared: c_bool, cancel: threading.Event) -> None:
    """Pass a cancellation on to this process, and leave with the process that began it."""
    parent = multiprocessing.parent_process()
    sentinels = [] if parent is None else [parent.sentinel]
    while not wait(sentinels, timeout=POLL_SECONDS):
        if shared.value:
            cancel.set()
    os._exit(1)


def _take(step: Step, teacher: str, findings: Findings) -> Findings:
    return _desks[0].take(step, teacher, findings)


def shown(
    desk: Desk, teachers: Sequence[str], findings: Sequence[Findings]
) -> tuple[TeacherExplanation, ...]:
    """Return the explanations of teachers, in their order."""
    pairs = zip(teachers, findings, strict=True)
    return tuple(desk.case(teacher, found).explanation() for teacher, found in pairs)
