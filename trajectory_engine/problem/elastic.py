"""A problem whose negotiable limits are loosened to their most, and what keeps them at a price.

Every limit that may give way is taken out of the problem and stated again as a constraint with a
*knob*: a whole amount by which it gives way.  With all knobs at 0 the elastic problem is the
teacher's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.problem.teacher_problem import Row, TeacherProblem

LARGEST_SUM = 1 << 60
"""Largest sum of prices that a solver with 64-bit integers can be trusted with."""


@dataclass(frozen=True, slots=True)
class ElasticKnob:
    """An amount ``0 .. most``, each unit at a whole price."""

    id: str
    most: int
    price: int


Unless = tuple[tuple[int, int], ...]
"""What frees a constraint: one of the knobs is at its amount or more."""


@dataclass(frozen=True, slots=True)
class ElasticRow:
    """``least - give <= sum of the row's terms <= most + give``.

    ``give`` is the sum of (coefficient x amount) over ``knobs``, (knob, coefficient) pairs. A row
    that holds in used stretches only does so here too.
    """

    row: Row
    knobs: tuple[tuple[int, int], ...]
    unless: Unless = ()


@dataclass(frozen=True, slots=True)
class ElasticNeed:
    """All classes of one of ``ways`` are formed."""

    ways: tuple[tuple[int, ...], ...]
    unless: Unless


@dataclass(frozen=True, slots=True)
class ElasticClause:
    """One of ``modules`` is taken."""

    modules: tuple[int, ...]
    unless: Unless


@dataclass(frozen=True, slots=True)
class ElasticStarts:
    """A mode does not start in ``starts``."""

    module: int
    mode: int
    starts: frozenset[int]
    unless: Unless


@dataclass(frozen=True, slots=True)
class ElasticEnds:
    """Every step ends by ``deadline`` plus the amount of a knob."""

    deadline: int
    knob: int


@dataclass(frozen=True, slots=True)
class ElasticLoad:
    """The hours in period p are at most ``capacity[p]`` plus the amount of a knob."""

    capacity: tuple[int, ...]
    knob: int


@dataclass(frozen=True, slots=True)
class ElasticUse:
    """A renewable resource is used at most ``capacity`` plus the amount of a knob per period."""

    resource: int
    capacity: int
    knob: int


@dataclass(frozen=True, slots=True)
class ElasticPartners:
    """If a module is taken, one of ``modules`` is: it ends no later, or starts together with it."""

    module: int
    modules: tuple[int, ...]
    together: bool
    unless: Unless


@dataclass(frozen=True, slots=True)
class ElasticRule:
    """A rule, which is soft in the loosened problem, is kept.

    Attributes
    ----------
    guard : int or None
        Position among the problem's soft rules; None if no plan of it keeps the rule.
    """

    guard: int | None
    unless: Unless


ElasticConstraint = (
    ElasticRow
    | ElasticNeed
    | ElasticClause
    | ElasticStarts
    | ElasticEnds
    | ElasticLoad
    | ElasticUse
    | ElasticPartners
    | ElasticRule
)


@dataclass(frozen=True)
class ElasticProblem:
    """A loosened problem, its knobs and the constraints that refer to them by position."""

    problem: TeacherProblem
    knobs: tuple[ElasticKnob, ...]
    constraints: tuple[ElasticConstraint, ...]

    @property
    def is_exact(self) -> bool:
        """Whether the prices of all knobs together are no more than a solver can add up."""
        return sum(knob.most * knob.price for knob in self.knobs) <= LARGEST_SUM
