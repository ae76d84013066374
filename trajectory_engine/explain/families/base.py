"""A family of limits: what its members are, how each is removed, and how it gives way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.elastic import ElasticConstraint, ElasticStarts
from trajectory_engine.problem.facts import Wanted
from trajectory_engine.problem.rows import Taken
from trajectory_engine.problem.teacher_problem import ModeOption, TeacherProblem


@dataclass(frozen=True, slots=True)
class Knob:
    """A way in which a limit gives way, in whole units.

    Attributes
    ----------
    name : str
        Distinct within the limit; empty if the limit gives way in one way only.
    unit : str
        See :class:`trajectory_engine.domain.explanation.Change`.
    most : int
        Amount beyond which nothing more is gained; at least 1.
    price : int or None
        Price of one unit; None: never.
    """

    limit: Limit
    unit: str
    most: int
    price: int | None
    name: str = ""

    @property
    def id(self) -> str:
        """Id of the limit, and the name after a slash if there is one."""
        return f"{self.limit.id}/{self.name}" if self.name else self.limit.id


class LooseView:
    """A loosened problem, with what the families need to state their limits on it.

    Attributes
    ----------
    ground : Ground
        The teacher's own facts, under all limits.
    problem : TeacherProblem
        The loosened problem.
    knobs : mapping
        Position by id of the knobs there are.
    """

    def __init__(self, ground: Ground, problem: TeacherProblem, knobs: Mapping[str, int]) -> None:
        self.ground = ground
        self.problem = problem
        self.knobs = knobs

    @cached_property
    def position(self) -> dict[str, int]:
        """Local index of a module by id."""
        return {m.id: i for i, m in enumerate(self.problem.modules)}

    @cached_property
    def class_of(self) -> dict[int, int]:
        """Class by node."""
        classes = enumerate(self.problem.classes)
        return {node: c for c, node_class in classes for node in node_class.nodes}

    @cached_property
    def offered(self) -> tuple[Taken, ...]:
        """Modes of the loosened problem with their domain objects."""
        modules = self.ground.scenario.module_by_id
        return tuple(
            Taken((m, k), modules[option.id], modules[option.id].modes[mode.rank], mode.starts)
            for m, option in enumerate(self.problem.modules)
            for k, mode in enumerate(option.modes)
        )

    def ways(self, ways: Iterable[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
        """Return alternatives of nodes as alternatives of classes, without hopeless ones."""
        of = self.class_of
        found = (tuple(sorted({of[n] for n in way})) for way in ways if all(n in of for n in way))
        return tuple(dict.fromkeys(found))

    def modes_of(self, modules: Iterable[str]) -> Iterator[tuple[int, int, ModeOption]]:
        """Yield (module, mode, option) of the modules that are offered, by id."""
        for name in modules:
            m = self.position.get(name)
            if m is not None:
                for k, option in enumerate(self.problem.modules[m].modes):
                    yield m, k, option

    def all_modes(self) -> Iterator[tuple[int, int, ModeOption]]:
        """Yield (module, mode, option) of everything that is offered."""
        return self.modes_of(self.position)


def without_starts(m: int, k: int, starts: Iterable[int], *knobs: int) -> list[ElasticStarts]:
    """Return the constraint that forbids starts unless one of the knobs is turned.

    There is none if there are no starts to forbid.
    """
    forbidden = frozenset(starts)
    unless = tuple((knob, 1) for knob in knobs)
    return [ElasticStarts(m, k, forbidden, unless)] if forbidden else []


class Family(ABC):
    """One kind of limit."""

    kind: LimitKind

    @abstractmethod
    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return the limits of this kind that a teacher has, in the order of the scenario."""

    @abstractmethod
    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return what a limit says."""

    @abstractmethod
    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return a scenario without a limit; ``ground`` is the teacher's own."""

    def all_removed(self, scenario: Scenario, ground: Ground, limits: Sequence[Limit]) -> Scenario:
        """Return a scenario without several limits of this kind."""
        for limit in limits:
            scenario = self.removed(scenario, ground, limit)
        return scenario

    @abstractmethod
    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return the ways in which a limit gives way."""

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return a scenario in which a limit has given way by an amount, at least 1.

        By default whatever the amount, the limit is removed.
        """
        return self.removed(scenario, ground, knob.limit)

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the sentence on a limit that gives way by an amount."""
        return Message.of("change_off", limit=knob.limit.id)

    @abstractmethod
    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return the limit on a loosened problem; ``knobs`` are positions by name."""

    def seeds(self, ground: Ground, limit: Limit) -> tuple[list[Wanted], set[str]]:
        """Return goals and modules that the limit alone makes worth looking at."""
        return [], set()
