"""What planning returns: steps, plans, objectives, statuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from trajectory_engine.domain.messages import Message

if TYPE_CHECKING:
    import pandas as pd


class Status(StrEnum):
    """How good an answer is.

    ``optimal``: every objective is proven. ``feasible``: a verified plan, not every objective
    proven. ``infeasible``: proven that there is no plan. ``unknown``: neither plan nor proof.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    UNKNOWN = "unknown"
    INFEASIBLE = "infeasible"

    @property
    def has_plan(self) -> bool:
        """Whether the status comes with a plan."""
        return self in (Status.OPTIMAL, Status.FEASIBLE)


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst status, in the order optimal, feasible, unknown, infeasible."""
    order = list(Status)
    return max(statuses, key=order.index, default=Status.OPTIMAL)


@dataclass(frozen=True, slots=True)
class Objective:
    """Value and proven lower bound of one objective (all are minimised).

    Attributes
    ----------
    value : int or None
        None without a plan.
    bound : int or None
        No plan that keeps the earlier objectives can be better; None where nothing was proven.
    tolerance : int
        How much worse than the best the scenario lets later objectives make this one.
    """

    name: str
    value: int | None
    bound: int | None
    tolerance: int = 0

    @property
    def proven(self) -> bool:
        """Whether the value is proven to be the best possible, or within the tolerance of it."""
        return (
            self.value is not None
            and self.bound is not None
            and self.value <= self.bound + self.tolerance
        )

    @property
    def gap(self) -> float | None:
        """``(value - bound) / |value|``, 0.0 where they meet, None if either is missing.

        A value of zero counts as one.
        """
        if self.value is None or self.bound is None:
            return None
        over = self.value - self.bound
        return 0.0 if over <= 0 else over / max(1, abs(self.value))


@dataclass(frozen=True, slots=True)
class Step:
    """A module taken: ``[start, end)`` in periods.

    Attributes
    ----------
    credits : int
        Hundredths of a credit.
    cost : int
        Price, minor units.
    paid_by : tuple of (str, int)
        Source and amount, positive amounts only, in the order in which sources are listed.
    attains : tuple of str
        Nodes newly formed at the end of this step, taught by it, in the order of the model.
    because : tuple of str
        What needs the step: ``goal:``, ``task:``, ``rule:``, ``prerequisite:``, ``co:``,
        ``invariant:``, ``decision:``.
    """

    module: str
    mode: str
    run: str | None
    start: int
    end: int
    start_date: date
    end_date: date
    hours: int
    credits: int
    cost: int
    paid_by: tuple[tuple[str, int], ...]
    attains: tuple[str, ...]
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FundBalance:
    """What a source had, paid and has left; minor units.

    Attributes
    ----------
    year : int or None
        Fiscal year; None for the whole calendar.
    granted : int or None
        Budget, or the teacher's ceiling; None is no limit.
    carried : int
        What the year before has left, for a fund with carry-over.
    remains : int or None
        ``granted + carried - paid``; None is no limit.
    """

    fund: str
    year: int | None
    granted: int | None
    carried: int
    paid: int
    remains: int | None


@dataclass(frozen=True, slots=True)
class RecognisedLearning:
    """Prior learning that counted for a teacher.

    Attributes
    ----------
    id : str
        Id of the certificate, or of the module that was completed.
    evidence : str
        Name of the document.
    nodes : tuple of str
        Nodes that are known by it and by neither a measurement nor what is listed before.
    """

    id: str
    evidence: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeacherPlan:
    """The answer for one teacher.

    Attributes
    ----------
    steps : tuple of Step
        Ordered by start, end, module id; those of duration 0 in one instant in an order in which
        each one's entry holds; empty without a plan.
    formed_by_rule : tuple of (str, int)
        Derived nodes that f newly forms during the plan, with the period by which.
    unmet : tuple of str
        Soft goals that are not met.
    tasks_solvable : tuple of str
        Tasks of the model that are solvable at the end of the plan.
    reasons : tuple of Message
        Why there is no plan.
    warnings : tuple of Message
        Inconsistencies of the diagnosis.
    funds : tuple of FundBalance
        Of every source that serves the teacher what it pays and what remains of its ceiling, in
        listed order; empty without a plan.
    recognised : tuple of RecognisedLearning
        Prior learning that counted.
    broken_rules : tuple of str
        Soft rules that the plan breaks, in the order of the standard.
    """

    teacher: str
    status: Status
    objectives: tuple[Objective, ...]
    steps: tuple[Step, ...] = ()
    formed_by_rule: tuple[tuple[str, int], ...] = ()
    unmet: tuple[str, ...] = ()
    tasks_solvable: tuple[str, ...] = ()
    reasons: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    funds: tuple[FundBalance, ...] = ()
    recognised: tuple[RecognisedLearning, ...] = ()
    broken_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageTiming:
    """Seconds that a stage took."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """The answer for a scenario; objectives are sums over the teachers that have a plan.

    Attributes
    ----------
    input_hash : str
        SHA-256 of the canonical JSON of the scenario, hexadecimal.
    workers : int
        Search workers of a teacher.  1, however many teachers were planned side by side; 2 if
        one teacher alone was searched by two that compared what they found.
    reproducible : bool
        False if the wall clock, or a cancellation, ended a search.
    timings : tuple of StageTiming
        Never part of the plan file.
    funds : tuple of FundBalance
        What remains in every source after all plans: a line for the whole budget, and a line
        for every fiscal year where a fund has yearly budgets.
    """

    scenario: str
    input_hash: str
    engine_version: str
    solver_version: str
    seed: int
    workers: int
    status: Status
    objectives: tuple[Objective, ...]
    teachers: tuple[TeacherPlan, ...]
    reproducible: bool = True
    timings: tuple[StageTiming, ...] = field(default=(), compare=False)
    funds: tuple[FundBalance, ...] = ()

    def plan_of(self, teacher: str) -> TeacherPlan:
        """Return the answer for one teacher.

        Raises
        ------
        KeyError
            If the teacher was not planned.
        """
        for plan in self.teachers:
            if plan.teacher == teacher:
                return plan
        raise KeyError(teacher)

    def to_frame(self) -> pd.DataFrame:
        """Return the steps as a frame, one row a step, in the order of teachers and steps.

        Columns: ``teacher``, then the fields of :class:`Step`. Dates are ``datetime64``,
        ``credits`` whole credits with decimals, ``cost`` minor units; ``paid_by`` is
        ``source:amount``, several separated by ``|``, as are ``attains`` and ``because``.
        """
        import pandas as pd

        names = ["teacher", *(f.name for f in fields(Step))]
        rows = [
            (plan.teacher, *(getattr(step, name) for name in names[1:]))
            for plan in self.teachers
            for step in plan.steps
        ]
        # Without rows columns would have no types.
        empty = ("", "", "", None, 0, 0, *[date(2000, 1, 1)] * 2, 0, 0, 0, (), (), ())
        frame = pd.DataFrame(rows or [empty], columns=names)
        frame["credits"] = frame["credits"].astype("float64") / 100
        frame["paid_by"] = ["|".join(f"{s}:{a}" for s, a in pairs) for pairs in frame["paid_by"]]
        for name in ("attains", "because"):
            frame[name] = ["|".join(texts) for texts in frame[name]]
        for name in ("start_date", "end_date"):
            frame[name] = pd.to_datetime(frame[name])
        return frame.iloc[: len(rows)]


def total_objectives(plans: Sequence[TeacherPlan]) -> tuple[Objective, ...]:
    """Return the sums over the teachers of every objective, in the order of the first plan.

    Teachers without a plan add nothing.  A bound is None if any summand's is, and if somebody's
    plan is only not found yet: what it will add is unknown.
    """
    planned = [p for p in plans if p.status.has_plan]
    first = (planned or plans)[0].objectives if plans else ()
    if not planned:
        return tuple(Objective(o.name, None, None, o.tolerance) for o in first)
    totals, is_open = [], any(p.status is Status.UNKNOWN for p in plans)
    for i, objective in enumerate(first):
        values = [p.objectives[i].value or 0 for p in planned]
        bounds = [p.objectives[i].bound for p in planned]
        known = [b for b in bounds if b is not None]
        bound = sum(known) if len(known) == len(bounds) and not is_open else None
        tolerance = sum(p.objectives[i].tolerance for p in planned)
        totals.append(Objective(objective.name, sum(values), bound, tolerance))
    return tuple(totals)


@dataclass(frozen=True, slots=True)
class Violation:
    """What the verifier objects to.

    Attributes
    ----------
    rule : str
        Code of the check, or the id of the rule of the standard.
    teacher, module : str
        Whom and what it concerns; empty where it concerns all.
    expected, found : str
    """

    rule: str
    teacher: str
    module: str
    expected: str
    found: str

    def __str__(self) -> str:
        place = " ".join(p for p in (self.teacher, self.module) if p)
        prefix = f"{self.rule} ({place})" if place else self.rule
        return f"{prefix}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Progress:
    """A progress event.

    Attributes
    ----------
    stage : str
        Name of the stage, such as ``completion``.
    incumbent, bound : int or None
    elapsed : float
        Seconds since the call began.
    """

    stage: str
    teacher: str
    incumbent: int | None
    bound: int | None
    elapsed: float
