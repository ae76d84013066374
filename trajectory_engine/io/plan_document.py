"""The contract of ``plan.json``: what the file contains, as pydantic models."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)
from pydantic_core import PydanticCustomError

from trajectory_engine.domain.plan import Status

PLAN_FORMAT = "trajectory-engine/plan"
PLAN_VERSION = 1

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> object:
    """Return a text that writes a day and nothing else."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("date", "a date such as 2027-01-18")
    return value


def _number(value: object) -> object:
    """Return a whole number; true and 1.0 are none."""
    if type(value) is not int:
        raise PydanticCustomError("version", "the number 1")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Named = Annotated[str, Field(min_length=1, strict=True)]
Amount = Annotated[StrictInt, Field(ge=0)]
Figure = Annotated[StrictInt, Field(ge=-(10**18), le=10**18)]
Credits = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", strict=True)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]*$", strict=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ObjectivePart(_Part):
    """Value, proven bound, gap ``(value - bound) / |value|`` and whether it is closed."""

    name: StrictStr
    value: Figure | None
    bound: Figure | None
    gap: StrictFloat | None
    proven: StrictBool
    tolerance: Amount = 0


class MessagePart(_Part):
    """A message: its code and parameters for programs, its text for people."""

    code: StrictStr
    parameters: dict[str, StrictStr]
    text: StrictStr


class StepPart(_Part):
    """A module taken in the half-open interval of periods ``[start, end)``."""

    module: StrictStr
    mode: StrictStr
    run: StrictStr | None
    start: Amount
    end: Amount
    start_date: Day
    end_date: Day
    hours: Amount
    credits: Credits
    cost: Amount
    paid_by: dict[str, Amount]
    attains: tuple[StrictStr, ...]
    because: tuple[StrictStr, ...]


class FormedPart(_Part):
    """A derived node that f newly forms, with the period by which it does."""

    node: StrictStr
    period: Amount


class BalancePart(_Part):
    """What a source had, paid and has left; ``year`` null is the whole calendar."""

    fund: StrictStr
    year: StrictInt | None
    granted: Amount | None
    carried: StrictInt
    paid: Amount
    remains: StrictInt | None


class RecognisedPart(_Part):
    """Prior learning that counted, with the nodes that are known by it."""

    id: StrictStr
    evidence: StrictStr
    nodes: tuple[StrictStr, ...]


class TeacherPart(_Part):
    """The answer for one teacher."""

    id: StrictStr
    status: Status
    objectives: tuple[ObjectivePart, ...]
    steps: tuple[StepPart, ...]
    formed_by_rule: tuple[FormedPart, ...]
    unmet: tuple[StrictStr, ...]
    broken_rules: tuple[StrictStr, ...] = ()
    tasks_solvable: tuple[StrictStr, ...]
    reasons: tuple[MessagePart, ...]
    warnings: tuple[MessagePart, ...]
    funds: tuple[BalancePart, ...] = ()
    recognised: tuple[RecognisedPart, ...] = ()


class PlanDocument(_Part):
    """plan.json."""

    format: Literal["trajectory-engine/plan"]
    version: Annotated[Literal[1], BeforeValidator(_number)]
    scenario: Named
    input_hash: Hash
    engine_version: Named
    solver_version: Named
    seed: Annotated[StrictInt, Field(ge=0, lt=2**31)]
    workers: Annotated[StrictInt, Field(ge=1)]
    status: Status
    reproducible: StrictBool
    objectives: tuple[ObjectivePart, ...]
    teachers: tuple[TeacherPart, ...]
    funds: tuple[BalancePart, ...] = ()
