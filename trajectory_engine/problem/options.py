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


NO_PINS = Pins()


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
        self._least_room = min(room, default=-1)
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
        if not any(load) or max(load) <= self._least_room:
            return tuple(range(count))
        holds = np.ones(max(0, count), np.bool_)
        for i, hours in enumerate(load if count > 0 else ()):
            holds &= self._room[i : i + count] >= hours
        return tuple(np.flatnonzero(holds).tolist())


def open_run(run: Run, alone: bool) -> bool:
    """Return whether a teacher may join a run; alone, no group of more than one comes about."""
    return run.seats != 0 and not (alone and run.minimum_group > 1)


class ModeOffer:
    """Which modes are open to a teacher.

    Parameters
    ----------
    index : ScenarioIndex
    teacher : Teacher
    time : TeacherTime
    alone : bool
        Whether the teacher is planned alone.
    """

    def __init__(
        self, index: ScenarioIndex, teacher: Teacher, time: TeacherTime, *, alone: bool
    ) -> None:
        self._index = index
        self._teacher = teacher
        self._time = time
        self._alone = alone
        self._at_any_time = not index.runs and not index.windows
        self._worked_out: dict[tuple[int, int], ModeOption | None] = {}
        """By rank and identity of a mode: one that many modules share is worked out once."""

    def open_modes(self, module: Module, pins: Pins) -> tuple[ModeOption, ...]:
        """Return the modes of a module that the teacher may take, in the module's order."""
        if pins.forbid or module.id in self._teacher.completed:
            return ()
        options = []
        free = self._at_any_time and pins is NO_PINS
        for rank, mode in enumerate(module.modes):
            key = (rank, id(mode))
            if free and key in self._worked_out:
                option = self._worked_out[key]
            else:
                option = self._option(module, mode, rank, pins)
                if free:
                    self._worked_out[key] = option
            if option is not None:
                options.append(option)
        return tuple(options)

    def _option(self, module: Module, mode: Mode, rank: int, pins: Pins) -> ModeOption | None:
        if pins.mode not in (None, mode.id) or not suits(self._teacher, mode):
            return None
        index = self._index
        renewable: tuple[tuple[int, int], ...] = ()
        if mode.resources:
            if _overdraws(index, mode):
                return None
            renewable = tuple(
                (index.renewable[use.resource], use.amount)
                for use in mode.resources
                if use.resource in index.renewable and use.amount
            )
        load = mode.load
        starts = self._time.fits(load)
        if not self._at_any_time or pins is not NO_PINS:
            starts = self._offered(module, mode, starts, pins)
        if not starts:
            return None
        return ModeOption(
            mode.id, rank, starts, mode.duration, load, mode.hours, mode.price, renewable
        )

    def _offered(
        self, module: Module, mode: Mode, starts: tuple[int, ...], pins: Pins
    ) -> tuple[int, ...]:
        """Return the starts at which the mode is offered, without those decided against."""
        index = self._index
        runs = index.runs.get((module.id, mode.id))
        if runs is not None:
            joined = (r for r in runs if open_run(r, self._alone) and pins.run in (None, r.id))
            starts = tuple(sorted({r.start for r in joined}.intersection(starts)))
        elif pins.run is not None:
            return ()
        window = index.windows.get((module.id, mode.id))
        if window is not None:
            starts = tuple(s for s in starts if window.earliest <= s <= window.latest)
        if pins.start is not None:
            starts = tuple(s for s in starts if s == pins.start)
        return starts


def suits(teacher: Teacher, mode: Mode) -> bool:
    """Return whether the teacher has the language and the technologies of a mode."""
    speaks = not teacher.languages or not mode.language or mode.language in teacher.languages
    return speaks and (
        not mode.technologies
        or teacher.technologies is None
        or set(mode.technologies) <= set(teacher.technologies)
    )


def _overdraws(index: ScenarioIndex, mode: Mode) -> bool:
    """Return whether a mode alone uses more of a resource than there is.

    A mode of duration 0 occupies no period, so it uses nothing renewable.
    """
    return any(
        use.amount > index.capacity[use.resource]
        for use in mode.resources
        if mode.duration or use.resource not in index.renewable
    )
