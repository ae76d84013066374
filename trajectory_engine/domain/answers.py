"""Other good answers for one teacher: alternatives, and fronts of what can be traded for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trajectory_engine.domain.plan import Status, Step, TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that an objective may be, in its own unit."""

    objective: ObjectiveName
    most: int


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much worse than the optimum an objective may be.

    Attributes
    ----------
    objective : ObjectiveName or None
        None for every objective of the scenario that is not named otherwise.
    amount : int
        In the objective's own unit, or per cent of the optimum, rounded down.
    per_cent : bool
    """

    objective: ObjectiveName | None
    amount: int
    per_cent: bool = False

    def most(self, best: int) -> int:
        """Return the largest value within the tolerance of the best."""
        return best + (best * self.amount // 100 if self.per_cent else self.amount)


class Difference(StrEnum):
    """What makes a step of one plan absent from another.

    ``module``: the module is not taken.  ``provider`` (``form``): the module is not taken, or is
    taken from another provider (in another form of study).
    """

    MODULE = "module"
    PROVIDER = "provider"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A plan that differs from every plan before it.

    Attributes
    ----------
    differences : tuple of int
        How many steps of the optimum, and of every alternative before this one, are absent.
    plan : TeacherPlan
        ``optimal`` if it is proven that none is better among what is left.
    """

    differences: tuple[int, ...]
    plan: TeacherPlan


@dataclass(frozen=True, slots=True)
class TableRow:
    """One module, and how every plan takes it; None where it does not."""

    module: str
    steps: tuple[Step | None, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The optimum and other plans that are nearly as good, best first.

    Attributes
    ----------
    input_hash : str
        SHA-256 of the canonical JSON of the scenario, hexadecimal.
    least : int
        Every alternative lacks at least so many steps of each plan before it.
    limits : tuple of Limit
        The tolerances as figures: no alternative exceeds them.
    exhausted : bool
        Whether it is proven that there is no further alternative.
    reproducible : bool
        False if the wall clock, or a cancellation, ended the search.
    """

    scenario: str
    input_hash: str
    teacher: str
    difference: Difference
    least: int
    limits: tuple[Limit, ...]
    optimum: TeacherPlan
    alternatives: tuple[Alternative, ...]
    exhausted: bool
    reproducible: bool

    @property
    def status(self) -> Status:
        """``optimal`` if the optimum and every alternative is proven, and none is missing."""
        if not self.optimum.status.has_plan:
            return self.optimum.status
        proven = all(p.status is Status.OPTIMAL for p in self.plans)
        return Status.OPTIMAL if proven and self.reproducible else Status.FEASIBLE

    @property
    def plans(self) -> tuple[TeacherPlan, ...]:
        """The optimum, then the alternatives."""
        return (self.optimum, *(a.plan for a in self.alternatives))

    def table(self) -> tuple[TableRow, ...]:
        """Return the plans side by side, a row a module, in the order of the first start."""
        return side_by_side(self.plans)


def side_by_side(plans: Sequence[TeacherPlan]) -> tuple[TableRow, ...]:
    """Return plans side by side, a row a module, in the order of the first start."""
    steps = [{s.module: s for s in plan.steps} for plan in plans]
    starts: dict[str, int] = {}
    for plan in plans:
        for step in plan.steps:
            starts[step.module] = min(step.start, starts.get(step.module, step.start))
    order = sorted(starts, key=lambda m: (starts[m], m))
    return tuple(TableRow(m, tuple(taken.get(m) for taken in steps)) for m in order)


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """A plan that no other is at least as good as everywhere and better somewhere.

    Attributes
    ----------
    values : tuple of int
        In the order of :attr:`Front.over`.
    proven : bool
        Whether it is proven that no plan dominates this one.
    """

    values: tuple[int, ...]
    proven: bool
    plan: TeacherPlan


@dataclass(frozen=True, slots=True)
class Front:
    """The Pareto front of one teacher over two or three objectives.

    Attributes
    ----------
    over : tuple of ObjectiveName
        What is traded, all minimised.
    held : tuple of Limit
        Objectives that stay at their best value in every point.
    limits : tuple of Limit
        Limits that were asked for.
    status : Status
        ``optimal`` if every point is proven and no point is missing.
    points : tuple of FrontPoint
        By rising values.
    complete : bool
        Whether it is proven that no point is missing.
    solves : int
        How many times a plan was searched for.
    without_plan : TeacherPlan or None
        The answer that says why there is no plan at all, if there is none.
    """

    scenario: str
    input_hash: str
    teacher: str
    over: tuple[ObjectiveName, ...]
    held: tuple[Limit, ...]
    limits: tuple[Limit, ...]
    status: Status
    points: tuple[FrontPoint, ...]
    complete: bool
    reproducible: bool
    solves: int
    without_plan: TeacherPlan | None = None


class LimitKind(StrEnum):
    """What kind of thing holds a plan back."""

    RULE = "rule"
    FUND = "fund"
    DEADLINE = "deadline"
    HOURS = "hours"
    RESOURCE = "resource"
    ABSENCES = "absences"
    DECISION = "decision"


class Change(StrEnum):
    """How a limit is eased.

    ``without``: as if it were not there.  ``one_more``: by one unit, which is a period of the
    deadline, an hour in every period, or a unit of a resource.
    """

    WITHOUT = "without"
    ONE_MORE = "one_more"


@dataclass(frozen=True, slots=True)
class Easing:
    """One limit, eased in one way.

    Attributes
    ----------
    name : str
        Id of the rule, fund or resource; kind and subject of a decision; empty where a teacher
        has only one limit of the kind.
    """

    kind: LimitKind
    name: str
    change: Change


@dataclass(frozen=True, slots=True)
class Price:
    """What one limit costs: the plan without it, or with one unit more.

    Attributes
    ----------
    plan : TeacherPlan
        The best plan under the eased limit.
    saved : tuple of (ObjectiveName, int)
        By how much every objective of the scenario falls; negative where it rises.  Empty if
        there is no plan on either side.
    proven : bool
        Whether both sides are proven, so that the figures are exact.
    """

    easing: Easing
    plan: TeacherPlan
    saved: tuple[tuple[ObjectiveName, int], ...]
    proven: bool

    @property
    def is_binding(self) -> bool:
        """Whether easing the limit changes an objective, or makes a plan possible at all."""
        return any(amount for _, amount in self.saved) or (
            self.plan.status.has_plan and not self.saved
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """One column of a waterfall: the best values once one more limit holds.

    Attributes
    ----------
    added : Easing or None
        The limit that holds from here on; None for the first stage, without any limit.
    values : tuple of (ObjectiveName, int)
        Every objective of the scenario; empty without a plan.
    """

    added: Easing | None
    values: tuple[tuple[ObjectiveName, int], ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Prices:
    """What the limits of one teacher cost.

    Attributes
    ----------
    plan : TeacherPlan
        The plan under all limits.
    prices : tuple of Price
        For every limit of the teacher, in the order rules, funds, resources, deadline, hours,
        absences, decisions.
    waterfall : tuple of Stage
        From the plan without any of these limits to the plan under all of them, one limit more
        at each stage, in the same order.
    missing : tuple of Easing
        Limits that were not priced before the time ran out.
    """

    scenario: str
    input_hash: str
    teacher: str
    plan: TeacherPlan
    prices: tuple[Price, ...]
    waterfall: tuple[Stage, ...]
    missing: tuple[Easing, ...]
    reproducible: bool

    @property
    def binding(self) -> tuple[Price, ...]:
        """The prices of limits that cost something."""
        return tuple(p for p in self.prices if p.is_binding)


@dataclass(frozen=True, slots=True)
class Chain:
    """How a step leads to what is asked for.

    Attributes
    ----------
    modules : tuple of str
        From the step, each a prerequisite of the next, or taken because that must be beside it.
    purpose : str
        What needs the last one: ``goal:``, ``task:``, ``rule:``, ``invariant:``, ``decision:``.
    """

    modules: tuple[str, ...]
    purpose: str


@dataclass(frozen=True, slots=True)
class StepReason:
    """Why a step is in the plan, and what would happen without its module.

    Attributes
    ----------
    chains : tuple of Chain
        A shortest chain to every purpose that the step serves.
    without : TeacherPlan
        The best plan that does not take the module in any mode.
    lost : tuple of (ObjectiveName, int)
        By how much every objective rises without it; empty if there is no plan then.
    instead : tuple of str
        Modules that are taken then and are not in the plan.
    dropped : tuple of str
        Modules of the plan, besides this one, that are not taken then.
    proven : bool
        Whether both plans are proven, so that the figures are exact, or it is proven that there
        is no plan without the module.
    """

    step: Step
    chains: tuple[Chain, ...]
    without: TeacherPlan
    lost: tuple[tuple[ObjectiveName, int], ...]
    instead: tuple[str, ...]
    dropped: tuple[str, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a plan is as it is.

    Attributes
    ----------
    steps : tuple of StepReason
        In the order of the plan; only of the module asked for, if one was.
    missing : tuple of str
        Modules for which the time ran out.
    """

    scenario: str
    input_hash: str
    teacher: str
    plan: TeacherPlan
    steps: tuple[StepReason, ...]
    missing: tuple[str, ...]
    reproducible: bool
