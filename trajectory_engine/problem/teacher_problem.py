"""One teacher's problem: integers only, no ids in the way, nothing that cannot matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec


@dataclass(frozen=True, slots=True)
class ModeOption:
    """A mode that is open to the teacher.

    Attributes
    ----------
    rank : int
        Position in the module's own list of modes.
    starts : tuple of int
        Periods in which it may start, rising.
    load : tuple of int
        Hours in every period, length ``duration``.
    renewable : tuple of (int, int)
        Resource index and units per period.
    """

    id: str
    rank: int
    starts: tuple[int, ...]
    duration: int
    load: tuple[int, ...]
    hours: int
    price: int
    renewable: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """At least ``least`` of weighted node classes: ``sum of weight x formed >= least``."""

    least: int
    members: tuple[tuple[int, int], ...]

    @property
    def needs_all(self) -> bool:
        """Whether every member is needed."""
        if len(self.members) == 1:
            return True
        weights = [weight for _, weight in self.members]
        return sum(weights) - min(weights) < self.least


@dataclass(frozen=True, slots=True)
class ModuleOption:
    """A module that may be taken.

    Attributes
    ----------
    attains : tuple of int
        Node classes formed at its end.
    entry : tuple of Group
        What must be formed by its start.
    entry_modules : tuple of tuple of int
        For every entry module the modules, any one of which satisfies it.
    co, strict_co : tuple of tuple of int
        Of each tuple one module is taken if this one is, and ends no later; starts with it.
    """

    id: str
    modes: tuple[ModeOption, ...]
    attains: tuple[int, ...]
    entry: tuple[Group, ...]
    entry_modules: tuple[tuple[int, ...], ...] = ()
    co: tuple[tuple[int, ...], ...] = ()
    strict_co: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class NodeClass:
    """Nodes that are always formed at the same instant.

    Attributes
    ----------
    nodes : tuple of int
        Node indices of the graph.
    providers : tuple of int
        Modules that attain it, rising.
    rule_needs : tuple of int or None
        Classes, all of which f asks for; None if f does not form the class.  Never empty: what
        f forms of what is known is known.

    Raises
    ------
    ValueError
        If f asks for nothing.
    """

    nodes: tuple[int, ...]
    providers: tuple[int, ...]
    rule_needs: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.rule_needs == ():
            raise ValueError("a class that f forms of nothing is known from the start")


Literal = tuple[int, int]
"""A taken mode: (module, index into the module's ``modes``)."""


@dataclass(frozen=True, slots=True)
class StartWindow:
    """A taken mode that starts in ``[first, last)``."""

    literal: Literal
    first: int
    last: int

    @classmethod
    def of_ends(cls, literal: Literal, duration: int, first: int, last: int) -> StartWindow:
        """Return the window of a mode that lasts ``duration`` and ends in ``[first, last)``."""
        return cls(literal, first - duration, last - duration)

    def contains(self, start: int) -> bool:
        """Return whether a start lies inside."""
        return self.first <= start < self.last


@dataclass(frozen=True, slots=True)
class Row:
    """``least <= sum of coefficient x taken mode <= most``; ``reason`` names its origin.

    Attributes
    ----------
    terms : tuple of (literal, coefficient)
        Count whenever the mode is taken.
    covering : bool
        Whether leaving modules out can violate the row.
    timed : tuple of (window, coefficient)
        Count only if the mode starts inside the window; several windows of one mode add up.
    guard : int or None
        The soft rule that the row is part of: then it may be violated.
    when : tuple of tuple of StartWindow
        The row holds only if of each tuple some mode starts inside its window.
    """

    reason: str
    terms: tuple[tuple[Literal, int], ...]
    least: int | None
    most: int | None
    covering: bool
    timed: tuple[tuple[StartWindow, int], ...] = ()
    guard: int | None = None
    when: tuple[tuple[StartWindow, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class StateRow:
    """``sum of coefficient x class formed by the end >= least``; leaving modules out matters."""

    reason: str
    terms: tuple[tuple[int, int], ...]
    least: int
    guard: int | None = None


@dataclass(frozen=True, slots=True)
class Parallel:
    """In no period do more than ``most`` of ``modes`` run."""

    reason: str
    modes: tuple[Literal, ...]
    most: int
    guard: int | None = None


@dataclass(frozen=True, slots=True)
class SoftRule:
    """A rule that a plan may break at the price of its weight."""

    id: str
    weight: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """``weight`` times the most by which one of ``cuts`` is above its ``most``, at least 0."""

    weight: int
    cuts: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """At least one of ``modules`` is taken."""

    reason: str
    modules: tuple[int, ...]
    guard: int | None = None


@dataclass(frozen=True, slots=True)
class Ordering:
    """Taken modes in ``before`` end by the start of taken modes in ``after`` of other modules."""

    reason: str
    before: tuple[Literal, ...]
    after: tuple[Literal, ...]
    guard: int | None = None


@dataclass(frozen=True, slots=True)
class SoftGoal:
    """A goal met iff all classes of one of ``ways`` are formed; no way means never met."""

    name: str
    weight: int
    ways: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class HardGoal:
    """As a soft goal, but it must be met; ``ways`` is not empty."""

    name: str
    ways: tuple[tuple[int, ...], ...]
    guard: int | None = None


@dataclass(frozen=True)
class TeacherProblem:
    """What is to be decided for one teacher.

    Attributes
    ----------
    deadline : int
        Every step ends at or before it.
    capacity : tuple of int
        Study hours in every period before the deadline, 0 in blocked ones.
    renewable_capacity : mapping
        Units per period by resource index.
    blocked : frozenset of int
        Periods that no mode with hours may occupy.
    base_unmet : int
        Weight of the soft goals that cannot be met, already counted in every objective value.
    obstacles : tuple of Message
        Structural reasons why there is no plan; not empty means infeasible.
    covers_all : bool
        False if rows that leaving modules out can violate were left away, with the modules
        that serve only them: a relaxation whose bound is valid.
    limits : tuple of (ObjectiveName, int)
        The most that an objective may be in any plan, whether it is minimised or not.
    shortfalls : mapping
        The objectives of money that are asked for, each a sum of shortfalls.
    soft_rules : tuple of SoftRule
        Guards of constraints are positions here; a rule is broken if a constraint of it is.
    lost_rules : tuple of SoftRule
        Soft rules that every plan breaks, already counted in every objective value.
    """

    teacher: str
    modules: tuple[ModuleOption, ...]
    classes: tuple[NodeClass, ...]
    hard_goals: tuple[HardGoal, ...]
    soft_goals: tuple[SoftGoal, ...]
    rows: tuple[Row, ...]
    clauses: tuple[Clause, ...]
    orderings: tuple[Ordering, ...]
    deadline: int
    capacity: tuple[int, ...]
    blocked: frozenset[int]
    objectives: tuple[ObjectiveSpec, ...]
    renewable_capacity: Mapping[int, int] = field(default_factory=dict)
    base_unmet: int = 0
    obstacles: tuple[Message, ...] = ()
    covers_all: bool = True
    limits: tuple[tuple[ObjectiveName, int], ...] = ()
    shortfalls: Mapping[ObjectiveName, tuple[Shortfall, ...]] = field(default_factory=dict)
    soft_rules: tuple[SoftRule, ...] = ()
    lost_rules: tuple[SoftRule, ...] = ()
    parallels: tuple[Parallel, ...] = ()
    state_rows: tuple[StateRow, ...] = ()

    @property
    def base_broken(self) -> int:
        """Weight of the soft rules that every plan breaks."""
        return sum(rule.weight for rule in self.lost_rules)


def ending_by(problem: TeacherProblem, deadline: int) -> TeacherProblem:
    """Return the problem with an earlier deadline: its plans are those that end by then.

    Modules and modes keep their indices; a mode that does not fit any more has no starts.
    """
    if deadline >= problem.deadline:
        return problem
    modules = tuple(
        replace(
            module,
            modes=tuple(
                replace(mode, starts=tuple(s for s in mode.starts if s + mode.duration <= deadline))
                for mode in module.modes
            ),
        )
        for module in problem.modules
    )
    capacity = problem.capacity[:deadline]
    return replace(problem, modules=modules, deadline=deadline, capacity=capacity)


def going_on(problem: TeacherProblem, periods: int) -> TeacherProblem:
    """Return the problem with a later deadline for the modes that only the deadline limits.

    In the periods that are added there are as many hours as there ever are before.  Its plans that
    end by the earlier deadline are those of the problem.
    """
    deadline = problem.deadline + periods

    def later(mode: ModeOption) -> ModeOption:
        if not mode.starts or mode.starts[-1] + mode.duration < problem.deadline:
            return mode
        more = range(mode.starts[-1] + 1, deadline - mode.duration + 1)
        return replace(mode, starts=(*mode.starts, *more))

    modules = tuple(
        replace(module, modes=tuple(map(later, module.modes))) for module in problem.modules
    )
    capacity = (*problem.capacity, *[max(problem.capacity, default=0)] * periods)
    return replace(problem, modules=modules, deadline=deadline, capacity=capacity)


@dataclass(frozen=True, slots=True)
class Choice:
    """A module taken: index, mode index, start period."""

    module: int
    mode: int
    start: int


def located(
    problem: TeacherProblem, steps: Iterable[tuple[str, str, int]]
) -> tuple[Choice, ...] | None:
    """Return steps, as (module, mode, start), in indices; None where they do not fit."""
    modules = {m.id: i for i, m in enumerate(problem.modules)}
    choices = []
    for module, mode, start in steps:
        position = modules.get(module)
        if position is None:
            return None
        modes = [k.id for k in problem.modules[position].modes]
        if mode not in modes:
            return None
        choices.append(Choice(position, modes.index(mode), start))
    return tuple(choices)
