"""Why there is no plan: limits in the planner's terms, conflicts, shortfalls and repairs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.plan import Objective, StageTiming, Status


class LimitKind(StrEnum):
    """What a planner can speak of as one limit."""

    GOAL = "goal"
    DEADLINE = "deadline"
    HOURS = "hours"
    ABSENCES = "absences"
    BREAKS = "breaks"
    DECISION = "decision"
    FUND = "fund"
    NEW_SOURCE = "new-source"
    RULE = "rule"
    INVARIANT = "invariant"
    RESOURCE = "resource"
    EXCLUSION = "excludes"
    RELATIONS = "relations"
    DATES = "dates"
    LANGUAGES = "languages"
    TECHNOLOGIES = "technologies"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a teacher's problem: what a conflict consists of.

    Attributes
    ----------
    subject : str
        The planner's id within the kind: a goal, a rule, a fund, a module; empty where a teacher
        has only one limit of the kind.
    """

    kind: LimitKind
    subject: str = ""

    @property
    def id(self) -> str:
        """Kind and subject, such as ``rule:KZ-PD-HOURS``."""
        return f"{self.kind.value}:{self.subject}" if self.subject else self.kind.value


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How much of one limit alone would do, everything else as it is.

    Attributes
    ----------
    limit : str
        Id of the limit.
    changes : tuple of Message
        The least change of this limit alone with which there is a plan; empty if there is none,
        or if it was not settled.
    settled : bool
        Whether the answer is proven: the amount is the least, or no amount helps.
    removal_helps : bool
        No amount was found, but without the limit as a whole there is a plan: something of it is
        in the way that is not negotiable, such as the share of a source.
    remaining : tuple of str
        Ids of the limits that could still not all be kept if this one were removed: one of the
        teacher's conflicts. Empty if this limit helps, or if it was not settled.
    """

    limit: str
    changes: tuple[Message, ...]
    settled: bool
    removal_helps: bool = False
    remaining: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A limit of a conflict, with the evidence that the conflict needs it.

    Attributes
    ----------
    text : Message
        What the limit says.
    needed : bool
        The conflict without this limit has been solved again and has a plan, accepted by the
        judge; False if that was not shown in the time given.
    """

    limit: Limit
    text: Message
    needed: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Limits that cannot be kept together, whatever becomes of all the others.

    Attributes
    ----------
    confirmed : bool
        Two configurations of the solver, or the graph alone, have proven that there is no plan
        that keeps these limits.
    causes : tuple of Message
        Structural reasons with figures, found without a search: a hole in the catalogue, a chain
        of modules that is too long, hours that do not fit.
    shortfalls : tuple of Shortfall
        One for every member but the catalogue.
    """

    members: tuple[Member, ...]
    confirmed: bool
    causes: tuple[Message, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()

    @property
    def minimal(self) -> bool:
        """Whether every member is shown to be needed."""
        return all(member.needed for member in self.members)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the members."""
        return tuple(member.limit.id for member in self.members)


@dataclass(frozen=True, slots=True)
class Change:
    """One limit changed by an amount.

    Attributes
    ----------
    limit : str
        Id of the limit.
    knob : str
        What of the limit is changed, such as ``rule:R1/least``.
    amount : int
        Units by which it gives way; 1 for what is switched off.
    unit : str
        ``minor-unit``, ``hour-per-period``, ``period``, ``level``, ``hour``,
        ``credit-hundredth``, ``module``, ``unit`` or ``whole``.
    price : int
        Declared price of the amount.
    text : Message
        From what to what.
    """

    limit: str
    knob: str
    amount: int
    unit: str
    price: int
    text: Message


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes of limits with which there is a plan.

    Attributes
    ----------
    price : int
        Sum over the changes.
    cheapest : bool
        Whether it is proven that no repair costs less (of those that do not contain the limits of
        a repair listed before).
    status : Status
        Of the repaired scenario, planned like any other and accepted by the judge.
    objectives : tuple of Objective
        Of that plan.
    """

    changes: tuple[Change, ...]
    price: int
    cheapest: bool
    status: Status
    objectives: tuple[Objective, ...]


@dataclass(frozen=True, slots=True)
class TeacherExplanation:
    """Why one teacher has no plan.

    Attributes
    ----------
    status : Status
        ``infeasible``: proven. ``feasible``: there is a plan, nothing to explain. ``unknown``:
        neither was shown in the time given.
    conflicts : tuple of Conflict
        No two share a limit; every one stands for itself.
    repairs : tuple of Repair
        The cheapest first.
    open_questions : tuple of Message
        What was not settled in the time given.
    further : tuple of Conflict
        Conflicts that share limits with others, and show why it is not enough to change one of
        these; without shortfalls of their own.
    """

    teacher: str
    status: Status
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = ()
    open_questions: tuple[Message, ...] = ()
    further: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a scenario has no plan, teacher by teacher.

    Attributes
    ----------
    input_hash : str
        SHA-256 of the canonical JSON of the scenario, hexadecimal.
    timings : tuple of StageTiming
        Never part of the written explanation.
    """

    scenario: str
    input_hash: str
    engine_version: str
    solver_version: str
    seed: int
    teachers: tuple[TeacherExplanation, ...]
    reproducible: bool = True
    timings: tuple[StageTiming, ...] = ()

    def of(self, teacher: str) -> TeacherExplanation:
        """Return the explanation for one teacher.

        Raises
        ------
        KeyError
            If the teacher was not asked about.
        """
        for found in self.teachers:
            if found.teacher == teacher:
                return found
        raise KeyError(teacher)
