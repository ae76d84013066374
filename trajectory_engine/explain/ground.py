"""What is explained: one teacher in one scenario."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.repair_prices import RepairPrices
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.scenario_index import ScenarioIndex


class Ground:
    """A scenario and a teacher, with the figures that say "no limit".

    Attributes
    ----------
    alone : bool
        Whether the teacher is planned alone and so owns the shared limits.
    """

    def __init__(self, index: ScenarioIndex, teacher: Teacher, *, alone: bool) -> None:
        self.index = index
        self.scenario = index.scenario
        self.teacher = teacher
        self.alone = alone

    @property
    def prices(self) -> RepairPrices:
        """Declared prices of changes."""
        return self.scenario.repairs

    @property
    def calendar(self) -> Calendar:
        """The axis."""
        return self.scenario.calendar

    @cached_property
    def facts(self) -> TeacherFacts:
        """The teacher's problem under all limits."""
        return TeacherFacts(self.index, self.teacher, alone=self.alone)

    @cached_property
    def deadline(self) -> int:
        """D, at most the end of the axis."""
        return self.facts.time.deadline

    @cached_property
    def most_hours(self) -> int:
        """Hours of the whole catalogue: as many in one period are no limit."""
        return sum(max(k.hours for k in m.modes) for m in self.scenario.modules)

    @cached_property
    def most_money(self) -> int:
        """Price of the whole catalogue: as much money is no limit."""
        return sum(max(k.price for k in m.modes) for m in self.scenario.modules)

    @cached_property
    def most_used(self) -> dict[str, int]:
        """What the whole catalogue uses of every resource: as much is no limit."""
        total: dict[str, int] = {}
        for module in self.scenario.modules:
            for resource, amount in _most_of(module).items():
                total[resource] = total.get(resource, 0) + amount
        return total


def _most_of(module: Module) -> dict[str, int]:
    """Return what the module uses of every resource in the mode that uses most of it."""
    most: dict[str, int] = {}
    for mode in module.modes:
        used: dict[str, int] = {}
        for use in mode.resources:
            used[use.resource] = used.get(use.resource, 0) + use.amount
        for resource, amount in used.items():
            most[resource] = max(amount, most.get(resource, 0))
    return most


def with_teacher(scenario: Scenario, teacher: str, **changes: object) -> Scenario:
    """Return the scenario with fields of one teacher changed."""
    teachers = tuple(
        replace(t, **changes) if t.id == teacher else t  # type: ignore[arg-type]
        for t in scenario.teachers
    )
    return replace(scenario, teachers=teachers)
