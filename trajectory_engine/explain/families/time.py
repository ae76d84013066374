"""Deadline, hours per period, absences, breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView, without_starts
from trajectory_engine.explain.ground import Ground, with_teacher
from trajectory_engine.problem.elastic import ElasticConstraint, ElasticEnds, ElasticLoad


class Deadline(Family):
    """The teacher's deadline, where it lies before the end of the axis."""

    kind = LimitKind.DEADLINE

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return the deadline, if it can be later."""
        return [Limit(self.kind)] if ground.deadline < ground.calendar.horizon else []

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the deadline as a period and a date."""
        return Message.of("limit_deadline", **when(ground, ground.deadline))

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the end of the axis is the only deadline."""
        return with_teacher(scenario, ground.teacher.id, deadline=None)

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return periods, up to the end of the axis."""
        most = ground.calendar.horizon - ground.deadline
        return [Knob(limit, "period", most, ground.prices.period)]

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with a later deadline."""
        return with_teacher(scenario, ground.teacher.id, deadline=ground.deadline + amount)

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the later deadline."""
        parameters = when(ground, ground.deadline + amount)
        return Message.of("change_deadline", periods=amount, **parameters)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return the latest end."""
        return [ElasticEnds(view.ground.deadline, knobs[""])]


class Hours(Family):
    """The hours that the teacher has in every period."""

    kind = LimitKind.HOURS

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return the hours."""
        return [Limit(self.kind)]

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the least and the most hours of a period, and their sum before the deadline."""
        hours = ground.teacher.hours
        least, most = min(hours, default=0), max(hours, default=0)
        return Message.of(
            "limit_hours",
            hours=least if least == most else f"{least} to {most}",
            total=sum(ground.facts.time.capacity),
            **when(ground, ground.deadline),
        )

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where all modules fit in any period side by side."""
        return self._raised(scenario, ground, ground.most_hours)

    def _raised(self, scenario: Scenario, ground: Ground, by: int) -> Scenario:
        hours = tuple(h + by for h in ground.teacher.hours)
        return with_teacher(scenario, ground.teacher.id, hours=hours)

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return hours in every period."""
        return [Knob(limit, "hour-per-period", max(1, ground.most_hours), ground.prices.hour)]

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with more hours in every period."""
        return self._raised(scenario, ground, amount)

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the hours more."""
        usable = sum(1 for p in range(ground.deadline) if p not in ground.facts.time.blocked)
        unit = ground.calendar.unit.value
        return Message.of("change_hours", hours=amount, unit=unit, total=amount * usable)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return the hours of every period; blocked ones are kept free by other limits."""
        capacity = view.ground.teacher.hours[: view.problem.deadline]
        return [ElasticLoad(capacity, knobs[""])]


class Absences(Family):
    """The periods in which the teacher is away, all together."""

    kind = LimitKind.ABSENCES

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return the absences, if there are any."""
        return [Limit(self.kind)] if ground.teacher.blocked else []

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return how many periods they take."""
        count = len(set(self._blocked(ground)))
        return Message.of(f"limit_{self.kind.value}", count=count, unit=ground.calendar.unit.value)

    def _blocked(self, ground: Ground) -> tuple[int, ...]:
        return ground.teacher.blocked

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the teacher is never away."""
        return with_teacher(scenario, ground.teacher.id, blocked=())

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return all of them as one."""
        return [Knob(limit, "whole", 1, ground.prices.absences)]

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return that they are given up."""
        return Message.of(f"change_{self.kind.value}")

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return the starts at which a mode with hours would cross one of the periods."""
        blocked = set(self._blocked(view.ground))
        found: list[ElasticConstraint] = []
        for m, k, option in view.all_modes():
            if option.hours:
                crossing = (
                    s
                    for s in option.starts
                    if not blocked.isdisjoint(range(s, s + option.duration))
                )
                found += without_starts(m, k, crossing, knobs[""])
        return found


class Breaks(Absences):
    """The breaks of the calendar, all together."""

    kind = LimitKind.BREAKS

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return the breaks, if there are any."""
        return [Limit(self.kind)] if ground.calendar.blocked else []

    def _blocked(self, ground: Ground) -> tuple[int, ...]:
        return ground.calendar.blocked

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario with a calendar without breaks."""
        return replace(scenario, calendar=replace(scenario.calendar, blocked=()))

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return all of them as one."""
        return [Knob(limit, "whole", 1, ground.prices.breaks)]


def when(ground: Ground, end: int) -> dict[str, object]:
    """Return the parameters that name an instant: how many periods are over, and the last day."""
    calendar = ground.calendar
    return {"unit": calendar.unit.value, "period": end, "date": calendar.end_date(end)}
