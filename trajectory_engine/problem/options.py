"""Which modules, in which modes and from which periods, are open to a teacher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from trajectory_engine.domain.catalogue import Mode, Module, Run
from trajectory_engine.domain.people import Decision, DecisionKind, Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.teacher_problem import ModeOption


@dataclass(frozen=True, slots=True)
class Pins:
    """What has been decided for one module."""

    take: bool = False
    forbid: bool = False
    mode: str | None = None
    run: str | None = None
    start: int | None = None


def decisions_of(scenario: Scenario, teacher: Teacher) -> tuple[Decision, ...]:
    """Return the decisions that concern a teacher."""
    return tuple(d for d in scenario.decisions if d.teacher in (teacher.id, "*"))


def pins_by_module(decisions: Iterable[Decision]) -> dict[str, Pins]:
    """Return the pins of every module that a decision names, by module id."""
    facts: dict[str, dict[str, object]] = {}
    for decision in decisions:
        if decision.kind is DecisionKind.PATH:
            continue
        pins = facts.setdefault(decision.subject, {})
        match decision.kind:
            case DecisionKind.FORBID:
                pins["forbid"] = True
            case DecisionKind.MODE:
                pins |= {"take": True, "mode": decision.value}
            case DecisionKind.RUN:
                pins |= {"take": True, "run": decision.value}
            case DecisionKind.START:
                pins |= {"take": True, "start": decision.period}
            case _:
                pins["take"] = True
    return {module: Pins(**pins) for module, pins in facts.items()}  # type: ignore[arg-type]


class TeacherTime:
    """The axis as one teacher sees it.

    Attributes
    ----------
    deadline : int
        Every step ends at or before it.
    blocked : frozenset of int
        Breaks and absences.
    capacity : tuple of int
        Study hours per period up to the deadline, 0 where blocked.
    """

    def __init__(self, scenario: Scenario, teacher: Teacher) -> None:
        horizon = scenario.calendar.horizon
        self.deadline = horizon if teacher.deadline is None else min(teacher.deadline, horizon)
        self.blocked = scenario.calendar.blocked_set | frozenset(teacher.blocked)
        self.capacity = tuple(
            0 if p in self.blocked else h for p, h in enumerate(teacher.hours[: self.deadline])
        )
        room = [-1 if p in self.blocked else h for p, h in enumerate(self.capacity)]
        self._room = np.asarray(room, np.int64)
        self._fitting: dict[tuple[int, ...], tuple[int, ...]] = {}

    def fits(self, load: tuple[int, ...]) -> tuple[int, ...]:
        """Return the starts, rising, at which a load alone fits hours, breaks and deadline."""
        starts = self._fitting.get(load)
        if starts is None:
            starts = self._fitting[load] = self._starts(load)
        return starts

    def _starts(self, load: tuple[int, ...]) -> tuple[int, ...]:
        count = self.deadline - len(load) + 1
        if not any(load):
            return tuple(range(count))
        holds = np.ones(max(0, count), np.bool_)
        for i, hours in enumerate(load if count > 0 else ()):
            holds &= self._room[i : i + count] >= hours
        return tuple(np.flatnonzero(holds).tolist())


def open_run(run: Run, alone: bool) -> bool:
    """Return whether a teacher may join a run; alone, no group of more than one comes about."""
    return run.seats != 0 and not (alone and run.minimum_group > 1)


def mode_starts(
    index: ScenarioIndex, module: Module, mode: Mode, time: TeacherTime, pins: Pins, alone: bool
) -> tuple[int, ...]:
    """Return the periods in which the mode may start, rising."""
    starts = time.fits(mode.load)
    runs = index.runs.get((module.id, mode.id)) if index.runs else None
    if runs is not None:
        offered = {r.start for r in runs if open_run(r, alone) and pins.run in (None, r.id)}
        starts = tuple(sorted(offered.intersection(starts)))
    elif pins.run is not None:
        return ()
    window = index.windows.get((module.id, mode.id)) if index.windows else None
    if window is not None:
        starts = tuple(s for s in starts if window.earliest <= s <= window.latest)
    if pins.start is not None:
        starts = tuple(s for s in starts if s == pins.start)
    return starts


def suits(teacher: Teacher, mode: Mode) -> bool:
    """Return whether the teacher has the language and the technologies of a mode."""
    speaks = not teacher.languages or not mode.language or mode.language in teacher.languages
    return speaks and (
        teacher.technologies is None or set(mode.technologies) <= set(teacher.technologies)
    )


def open_modes(
    index: ScenarioIndex,
    module: Module,
    teacher: Teacher,
    time: TeacherTime,
    pins: Pins,
    *,
    alone: bool,
) -> tuple[ModeOption, ...]:
    """Return the modes of a module that the teacher may take, in the module's order."""
    if pins.forbid or module.id in teacher.completed:
        return ()
    options = []
    for rank, mode in enumerate(module.modes):
        if pins.mode not in (None, mode.id) or not suits(teacher, mode):
            continue
        if mode.resources and _overdraws(index, mode):
            continue
        starts = mode_starts(index, module, mode, time, pins, alone)
        if starts:
            options.append(_option(index, mode, rank, starts))
    return tuple(options)


def _overdraws(index: ScenarioIndex, mode: Mode) -> bool:
    """Return whether a mode alone uses more of a resource than there is.

    A mode of duration 0 occupies no period, so it uses nothing renewable.
    """
    return any(
        use.amount > index.capacity[use.resource]
        for use in mode.resources
        if mode.duration or use.resource not in index.renewable
    )


def _option(index: ScenarioIndex, mode: Mode, rank: int, starts: tuple[int, ...]) -> ModeOption:
    renewable: tuple[tuple[int, int], ...] = ()
    if mode.resources:
        renewable = tuple(
            (index.renewable[use.resource], use.amount)
            for use in mode.resources
            if use.resource in index.renewable and use.amount
        )
    return ModeOption(
        mode.id, rank, starts, mode.duration, mode.load, mode.hours, mode.price, renewable
    )
