"""Micro-qualification modules, their modes (forms of study), runs and resources."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from trajectory_engine.domain.competence import Component, NodeRef


class ResourceKind(StrEnum):
    """Whether a resource comes back every period or is used up over the horizon."""

    RENEWABLE = "renewable"
    NON_RENEWABLE = "non-renewable"


class ResourceScope(StrEnum):
    """Whether every teacher has the capacity for himself or all teachers share it."""

    TEACHER = "teacher"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Resource:
    """A limited resource that modes use, other than study hours and money.

    Attributes
    ----------
    capacity : int
        Units in every period (renewable) or over the horizon (non-renewable), at least 0.
    """

    id: str
    kind: ResourceKind
    scope: ResourceScope
    capacity: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class ResourceUse:
    """Units of ``resource`` that a mode uses: in every period it runs, or once in all."""

    resource: str
    amount: int


@dataclass(frozen=True)
class Mode:
    """One way to study a module.

    Attributes
    ----------
    contact_hours, independent_hours, practice_hours : int
        Academic hours, at least 0.
    duration : int
        Periods, at least 0; 0 only for a mode without hours.
    profile : tuple of int
        Hours in every period, length ``duration``, summing to ``hours``; empty means an even
        spread with the remainder in the first periods.
    credits : int
        Hundredths of a credit.
    price : int
        Minor units of the scenario's currency.
    technologies : tuple of str
        What a teacher must have to study in this mode.
    """

    id: str
    form: str
    contact_hours: int
    independent_hours: int
    practice_hours: int
    duration: int
    credits: int
    price: int
    provider: str = ""
    language: str = ""
    profile: tuple[int, ...] = ()
    technologies: tuple[str, ...] = ()
    resources: tuple[ResourceUse, ...] = ()

    @property
    def hours(self) -> int:
        """All academic hours of the mode."""
        return self.contact_hours + self.independent_hours + self.practice_hours

    @cached_property
    def load(self) -> tuple[int, ...]:
        """Hours in every period of the mode, length ``duration``."""
        if self.profile or not self.duration:
            return self.profile
        base, rest = divmod(self.hours, self.duration)
        return (base + 1,) * rest + (base,) * (self.duration - rest)


@dataclass(frozen=True, slots=True)
class Entry:
    """An explicit entry condition: replaces the requirements of the nodes a module teaches.

    Every node must be formed, and every module (or one that replaces it) ended or completed,
    by the start.
    """

    nodes: tuple[NodeRef, ...] = ()
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MicroGoal:
    """A named group of the nodes of a module, tied to the tasks that it serves."""

    id: str
    nodes: tuple[NodeRef, ...]
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Module:
    """A micro-qualification module.

    Attributes
    ----------
    teaches : tuple of NodeRef
        Nodes attained at its end, distinct, not empty.
    modes : tuple of Mode
        Forms of study, at least one.
    invariant : bool
        Mandatory for every teacher, unless completed (or exempt).
    exempt_if_formed : bool
        An invariant module is not mandatory for a teacher who has all its nodes.
    entry : Entry or None
        None: the default entry, by the requirements of all nodes it teaches.
    excludes, replaces : tuple of str
        Modules that cannot be taken together with it; modules in whose place it counts.
    co, strict_co : tuple of str
        Modules that, unless completed, are taken as well and end no later than this one; that
        are taken as well and start with it.
    """

    id: str
    name: str
    component: Component
    teaches: tuple[NodeRef, ...]
    modes: tuple[Mode, ...]
    group: str = ""
    invariant: bool = False
    exempt_if_formed: bool = False
    entry: Entry | None = None
    excludes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    micro_goals: tuple[MicroGoal, ...] = ()
    co: tuple[str, ...] = ()
    strict_co: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A fixed start of a mode: a mode with runs starts in one of them only.

    Attributes
    ----------
    start : int
        Period index on the scenario's axis.
    seats : int or None
        Places for all teachers together; None is no limit.
    minimum_group : int
        Fewest participants for the run to be held; 0 or 1 is no limit.
    """

    id: str
    module: str
    mode: str
    start: int
    seats: int | None = None
    minimum_group: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Free starts of a mode only inside ``[earliest, latest]`` (period indices, inclusive)."""

    module: str
    mode: str
    earliest: int
    latest: int
