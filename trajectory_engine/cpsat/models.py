"""The models of one problem, each built when a search asks for it, with the limits so far."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

from trajectory_engine.cpsat.periods import PeriodTimetable, supports
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.ties import Table
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.heads import Heads, compute_heads
from trajectory_engine.problem.teacher_problem import TeacherProblem, ending_by

AnyTable = TypeVar("AnyTable", Timetable, PeriodTimetable)


class Models:
    """Models of one problem.

    Attributes
    ----------
    problem : TeacherProblem
    limits : list of (ObjectiveName, int)
        Most that an objective may be, those of the problem first.
    """

    def __init__(self, problem: TeacherProblem) -> None:
        self.problem = problem
        self.limits = list(problem.limits)
        self._landmarks: list[tuple[int, ...]] = []
        self._timetable: Timetable | None = None
        self._periods: PeriodTimetable | None = None

    @cached_property
    def heads(self) -> Heads:
        """Earliest instants."""
        return compute_heads(self.problem)

    @cached_property
    def selection(self) -> SelectionModel:
        """The choice of modules with all else that is no matter of time."""
        model = SelectionModel(self.problem, self.heads)
        model.hit(self._landmarks)
        for name, most in self.limits:
            model.limit(name, most)
        return model

    def hit(self, landmarks: Sequence[tuple[int, ...]]) -> None:
        """Let the selection know sets of modules of which every plan takes one."""
        self._landmarks += landmarks
        if "selection" in vars(self):
            self.selection.hit(landmarks)

    def limit(self, name: ObjectiveName, most: int) -> None:
        """Keep an objective at most at ``most`` from now on."""
        self.limits.append((name, most))
        if "selection" in vars(self):
            self.selection.limit(name, most)
        for table in (self._timetable, self._periods):
            if table is not None:
                table.model.add(table.expression(name) <= most)

    def intervals(self, deadline: int) -> Timetable:
        """Return the interval encoding of plans that end by a deadline, or by one before."""
        self._timetable = self._table(Timetable, self._timetable, deadline)
        return self._timetable

    def over_periods(self, deadline: int) -> PeriodTimetable:
        """Return the period encoding of plans that end by a deadline, or by one before."""
        self._periods = self._table(PeriodTimetable, self._periods, deadline)
        return self._periods

    def confirming(self) -> Table:
        """Return a new encoding of all plans, with no limits but those of the problem."""
        if supports(self.problem):
            return _limited(PeriodTimetable(self.problem, self.heads), self.problem.limits)
        return _limited(Timetable(self.problem, self.heads), self.problem.limits)

    def _table(self, encoding: type[AnyTable], known: AnyTable | None, deadline: int) -> AnyTable:
        if known is not None and known.problem.deadline <= deadline:
            return known
        problem = ending_by(self.problem, deadline)
        return _limited(encoding(problem, compute_heads(problem)), self.limits)


def _limited(table: AnyTable, limits: Sequence[tuple[ObjectiveName, int]]) -> AnyTable:
    for name, most in limits:
        table.model.add(table.expression(name) <= most)
    return table
