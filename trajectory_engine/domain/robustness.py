"""Uncertain diagnosis: a plan that stays valid, and what to assess first."""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.domain.plan import Status, TeacherPlan
from trajectory_engine.domain.scenario import ObjectiveName


@dataclass(frozen=True, slots=True)
class UncertainLevel:
    """A diagnosed level that may be one lower.

    Attributes
    ----------
    element : str
        Key of the element.
    level, lower : int
        The level that counts now, and the next lower existing one, 0 if there is none.
    confidence : int
        Per cent.
    """

    element: str
    level: int
    lower: int
    confidence: int


@dataclass(frozen=True, slots=True)
class Case:
    """Elements whose levels are one lower at once.

    Attributes
    ----------
    unmet_goals : int or None
        Weight of the soft goals that the plan does not meet in this case; None without a plan.
    """

    elements: tuple[str, ...]
    unmet_goals: int | None


@dataclass(frozen=True, slots=True)
class Robust:
    """The best plan that stays valid in every case.

    Attributes
    ----------
    threshold : int
        Levels with a confidence below it are uncertain, per cent.
    over : tuple of ObjectiveName
        The scenario's objectives.
    plan : TeacherPlan
        The best plan if the diagnosis is right.
    robust : TeacherPlan
        The best plan among those that stay valid.
    extra : tuple of int
        What staying valid costs: objectives of ``robust`` minus those of ``plan``; empty if
        either does not exist.
    """

    scenario: str
    input_hash: str
    teacher: str
    threshold: int
    over: tuple[ObjectiveName, ...]
    uncertain: tuple[UncertainLevel, ...]
    cases: tuple[Case, ...]
    plan: TeacherPlan
    robust: TeacherPlan
    extra: tuple[int, ...]
    reproducible: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """What assessing one element could save.

    Attributes
    ----------
    confirmed, lowered : tuple of int
        Objectives of the best plan that stays valid once the level is found right, or found one
        lower; empty if there is none.
    confirmed_status, lowered_status : Status
    hours : int or None
        Study hours that the better of the two answers saves; None if it cannot be said, as when
        there is no plan that stays valid without the answer.
    """

    element: UncertainLevel
    confirmed: tuple[int, ...]
    confirmed_status: Status
    lowered: tuple[int, ...]
    lowered_status: Status
    hours: int | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Uncertain levels, the one most worth assessing first.

    Attributes
    ----------
    status : Status
        Of the plan that stays valid as long as nothing is assessed.
    values : tuple of int
        Objectives of that plan; empty without.
    left_out : tuple of str
        Uncertain elements that the time did not suffice for.
    """

    scenario: str
    input_hash: str
    teacher: str
    threshold: int
    over: tuple[ObjectiveName, ...]
    status: Status
    values: tuple[int, ...]
    advice: tuple[Advice, ...]
    left_out: tuple[str, ...]
    reproducible: bool
