"""The contract of ``explain --json``: what the document contains, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from trajectory_engine.domain.explanation import LimitKind
from trajectory_engine.domain.plan import Status
from trajectory_engine.io.plan_document import Amount, Hash, MessagePart, ObjectivePart

EXPLANATION_FORMAT = "trajectory-engine/explanation"
EXPLANATION_VERSION = 1

Unit = Literal[
    "minor-unit",
    "hour-per-period",
    "period",
    "level",
    "hour",
    "credit-hundredth",
    "module",
    "unit",
    "whole",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MemberPart(MessagePart):
    """A limit of a conflict; ``needed``: without it the others have been kept by a plan."""

    limit: StrictStr
    kind: LimitKind
    needed: StrictBool


class ShortfallPart(_Part):
    """The least change of one limit alone that would do; no changes: none would.

    ``removal_helps``: no amount would, but to be rid of the limit; ``remaining``: not even that,
    since these limits, a conflict of the teacher, would still conflict.
    """

    limit: StrictStr
    settled: StrictBool
    changes: tuple[MessagePart, ...]
    removal_helps: StrictBool = False
    remaining: tuple[StrictStr, ...] = ()


class ConflictPart(_Part):
    """Limits that cannot be kept together; ``minimal``: every one of them is needed for that."""

    confirmed: StrictBool
    minimal: StrictBool
    members: tuple[MemberPart, ...]
    causes: tuple[MessagePart, ...]
    shortfalls: tuple[ShortfallPart, ...]


class ChangePart(MessagePart):
    """One limit changed by an amount, at a declared price."""

    limit: StrictStr
    knob: StrictStr
    amount: Annotated[StrictInt, Field(ge=1)]
    unit: Unit
    price: Amount


class RepairPart(_Part):
    """Changes with which there is a plan, and what that plan is worth."""

    price: Amount
    cheapest: StrictBool
    status: Status
    changes: tuple[ChangePart, ...]
    objectives: tuple[ObjectivePart, ...]


class ExplainedPart(_Part):
    """Why one teacher has no plan; ``further``: conflicts that share limits with others."""

    id: StrictStr
    status: Status
    conflicts: tuple[ConflictPart, ...]
    repairs: tuple[RepairPart, ...]
    open_questions: tuple[MessagePart, ...]
    further: tuple[ConflictPart, ...] = ()


class ExplanationDocument(_Part):
    """Why there is no plan, teacher by teacher."""

    format: Literal["trajectory-engine/explanation"]
    version: Literal[1]
    scenario: StrictStr
    input_hash: Hash
    engine_version: StrictStr
    solver_version: StrictStr
    seed: StrictInt
    reproducible: StrictBool
    teachers: tuple[ExplainedPart, ...]
