"""The contracts of the answers: ``pareto.json``, ``prices.json``, ``robust.json`` and others."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictBool, StrictInt, StrictStr

from trajectory_engine.domain.answers import Change, Difference, LimitKind
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.io.plan_document import Amount, Hash, StepPart, TeacherPart

Figures = dict[ObjectiveName, StrictInt]
"""Amounts by objective, in its own unit."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Answer(_Part):
    """What every answer begins with."""

    version: Literal[1]
    scenario: StrictStr
    input_hash: Hash
    teacher: StrictStr
    reproducible: StrictBool


class PointPart(_Part):
    """A point of a front."""

    values: Figures
    proven: StrictBool
    plan: TeacherPart


class FrontDocument(_Answer):
    """The Pareto front: ``complete`` says that no point is missing."""

    format: Literal["trajectory-engine/pareto"]
    over: tuple[ObjectiveName, ...]
    held: Figures
    limits: Figures
    status: Status
    complete: StrictBool
    solves: Amount
    points: tuple[PointPart, ...]
    without_plan: TeacherPart | None


class AlternativePart(_Part):
    """An alternative, with how many steps of the optimum and of every one before it it lacks."""

    differences: tuple[Amount, ...]
    plan: TeacherPart


class AlternativesDocument(_Answer):
    """The optimum and the alternatives, best first."""

    format: Literal["trajectory-engine/alternatives"]
    status: Status
    difference: Difference
    least: Amount
    limits: Figures
    exhausted: StrictBool
    optimum: TeacherPart
    alternatives: tuple[AlternativePart, ...]


class EasingPart(_Part):
    """One limit, eased in one way."""

    kind: LimitKind
    name: StrictStr
    change: Change


class PricePart(_Part):
    """What a limit costs: by how much each objective falls, null without a plan on both sides."""

    easing: EasingPart
    binding: StrictBool
    proven: StrictBool
    saved: Figures | None
    plan: TeacherPart


class StagePart(_Part):
    """A stage of the waterfall: the values once one more limit holds, null without a plan."""

    added: EasingPart | None
    values: Figures | None
    proven: StrictBool


class PricesDocument(_Answer):
    """What the limits of a teacher cost."""

    format: Literal["trajectory-engine/prices"]
    plan: TeacherPart
    prices: tuple[PricePart, ...]
    waterfall: tuple[StagePart, ...]
    missing: tuple[EasingPart, ...]


class ChainPart(_Part):
    """Modules, each a prerequisite of the next, and what needs the last one."""

    modules: tuple[StrictStr, ...]
    purpose: StrictStr


class ReasonPart(_Part):
    """Why a step is there; ``lost`` is null if there is no plan without its module."""

    step: StepPart
    chains: tuple[ChainPart, ...]
    proven: StrictBool
    lost: Figures | None
    instead: tuple[StrictStr, ...]
    dropped: tuple[StrictStr, ...]
    without: TeacherPart


class ReasonsDocument(_Answer):
    """Why a plan is as it is."""

    format: Literal["trajectory-engine/why"]
    plan: TeacherPart
    steps: tuple[ReasonPart, ...]
    missing: tuple[StrictStr, ...]


class LevelPart(_Part):
    """A diagnosed level that may be the next lower one."""

    element: StrictStr
    level: Amount
    lower: Amount
    confidence: Amount


class CasePart(_Part):
    """Elements that are one level lower at once, and the soft goals not met then, by weight."""

    elements: tuple[StrictStr, ...]
    unmet_goals: Amount | None


class RobustDocument(_Answer):
    """The best plan, the best one that stays valid in every case, and what that costs."""

    format: Literal["trajectory-engine/robust"]
    threshold: Amount
    uncertain: tuple[LevelPart, ...]
    cases: tuple[CasePart, ...]
    plan: TeacherPart
    robust: TeacherPart
    extra: Figures | None


class AdvicePart(_Part):
    """What assessing one element could lead to; values are null without a plan."""

    uncertain: LevelPart
    hours: StrictInt | None
    confirmed: Figures | None
    confirmed_status: Status
    lowered: Figures | None
    lowered_status: Status


class AssessmentDocument(_Answer):
    """Uncertain levels, the one most worth assessing first."""

    format: Literal["trajectory-engine/assess"]
    threshold: Amount
    status: Status
    values: Figures | None
    advice: tuple[AdvicePart, ...]
    missing: tuple[StrictStr, ...]
