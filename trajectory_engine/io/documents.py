"""The YAML files: what each may contain."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from trajectory_engine.domain.calendar import PeriodUnit
from trajectory_engine.domain.competence import FormationMode
from trajectory_engine.domain.funding import CALENDAR_YEAR
from trajectory_engine.domain.repair_prices import DEFAULT_PRICES
from trajectory_engine.domain.scenario import ObjectiveName, PastModules, RecognitionPolicy
from trajectory_engine.io import cells
from trajectory_engine.io.yaml_files import Frame

MODEL_FORMAT = "trajectory-engine/model"
SCENARIO_FORMAT = "trajectory-engine/scenario"


class Document(BaseModel):
    """What all files have in common: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LevelDocument(Document):
    """Thresholds of f for one level."""

    subject: cells.LevelOrZero
    pedagogical: cells.LevelOrZero
    social: dict[cells.Identifier, cells.LevelOrZero] = {}


class FormationDocument(Document):
    """f."""

    rule: Annotated[str, cells.one_of("weakest-link", "thresholds")] = "weakest-link"
    social: dict[cells.Identifier, cells.LevelOrZero] = {}
    levels: dict[Annotated[int, cells.LEVEL_KEY], LevelDocument] | None = None
    default: cells.FormationCell = FormationMode.TAUGHT


class WeightsDocument(Document):
    """Weights of the aspects of a diagnosis."""

    content: cells.Whole = 1
    activity: cells.Whole = 1
    communicative: cells.Whole = 1


class DiagnosisDocument(Document):
    """How scores become levels."""

    weights: WeightsDocument = WeightsDocument()
    cut_points: tuple[cells.Score, ...] = (20, 40, 60, 75, 90)


class PyramidDocument(Document):
    """When a pyramid is balanced."""

    tolerance: cells.Score = 20


class ModelDocument(Document):
    """model.yaml."""

    format: Annotated[str, cells.literal(MODEL_FORMAT)]
    version: Annotated[str, cells.literal("1", 1)]
    id: cells.Identifier
    name: cells.Name
    period: Annotated[PeriodUnit, cells.choice(PeriodUnit)] = PeriodUnit.WEEK
    formation: FormationDocument = FormationDocument()
    diagnosis: DiagnosisDocument = DiagnosisDocument()
    pyramid: PyramidDocument = PyramidDocument()


MODEL_FRAME = Frame({"format": MODEL_FORMAT, "version": "1", "id": "unread", "name": "unread"})


class TermDocument(Document):
    """A term, from its first to its last day."""

    id: cells.Identifier
    start: cells.Day
    end: cells.Day


class BreakDocument(Document):
    """Days without study, from the first to the last."""

    name: cells.Text = ""
    start: cells.Day
    end: cells.Day


class CalendarDocument(Document):
    """The axis."""

    unit: Annotated[PeriodUnit, cells.choice(PeriodUnit)] | None = None
    start: cells.Day | None = None
    periods: cells.PeriodCount | None = None
    terms: tuple[TermDocument, ...] = ()
    breaks: tuple[BreakDocument, ...] = ()


class ObjectiveDocument(Document):
    """A stage of the lexicographic order."""

    name: Annotated[ObjectiveName, cells.choice(ObjectiveName)]
    tolerance: cells.Money = 0


def _named(value: Any) -> Any:
    """Turn the name of an objective alone into a map."""
    return {"name": value} if isinstance(value, str) else value


_OBJECTIVE_SCHEMA = {
    "anyOf": [
        {"type": "string", "enum": [name.value for name in ObjectiveName]},
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "enum": [name.value for name in ObjectiveName]},
                "tolerance": {"type": "integer", "minimum": 0},
            },
            "required": ["name"],
            "additionalProperties": False,
        },
    ]
}


class RepairsDocument(Document):
    """What one unit of change costs, by kind of limit."""

    money: cells.UnitPrice = DEFAULT_PRICES.money
    new_money: cells.UnitPrice = DEFAULT_PRICES.new_money
    module_ceiling: cells.UnitPrice = DEFAULT_PRICES.module_ceiling
    hour: cells.UnitPrice = DEFAULT_PRICES.hour
    period: cells.UnitPrice = DEFAULT_PRICES.period
    level: cells.UnitPrice = DEFAULT_PRICES.level
    task: cells.UnitPrice = DEFAULT_PRICES.task
    rule: cells.UnitPrice = DEFAULT_PRICES.rule
    rule_hour: cells.UnitPrice = DEFAULT_PRICES.rule_hour
    rule_credit: cells.UnitPrice = DEFAULT_PRICES.rule_credit
    rule_module: cells.UnitPrice = DEFAULT_PRICES.rule_module
    decision: cells.UnitPrice = DEFAULT_PRICES.decision
    invariant: cells.UnitPrice = DEFAULT_PRICES.invariant
    absences: cells.UnitPrice = DEFAULT_PRICES.absences
    breaks: cells.UnitPrice = DEFAULT_PRICES.breaks
    dates: cells.UnitPrice = DEFAULT_PRICES.dates
    exclusion: cells.UnitPrice = DEFAULT_PRICES.exclusion
    relation: cells.UnitPrice = DEFAULT_PRICES.relation
    resource: cells.UnitPrice = DEFAULT_PRICES.resource
    language: cells.UnitPrice = DEFAULT_PRICES.language
    technology: cells.UnitPrice = DEFAULT_PRICES.technology


class ScenarioDocument(Document):
    """scenario.yaml."""

    format: Annotated[str, cells.literal(SCENARIO_FORMAT)]
    version: Annotated[str, cells.literal("1", 1)]
    id: cells.Identifier
    name: cells.Name
    model: cells.Name
    standard: cells.Name | None = None
    currency: cells.Currency = "KZT"
    fiscal_year: cells.FiscalYearCell = CALENDAR_YEAR
    recognition: Annotated[RecognitionPolicy, cells.choice(RecognitionPolicy)] = (
        RecognitionPolicy.LADDER
    )
    past_modules: Annotated[PastModules, cells.choice(PastModules)] = PastModules.HISTORY
    calendar: CalendarDocument
    objectives: (
        tuple[
            Annotated[
                ObjectiveDocument, BeforeValidator(_named), WithJsonSchema(_OBJECTIVE_SCHEMA)
            ],
            ...,
        ]
        | None
    ) = None
    repairs: RepairsDocument = RepairsDocument()


SCENARIO_FRAME = Frame(
    {
        "format": SCENARIO_FORMAT,
        "version": "1",
        "id": "unread",
        "name": "unread",
        "model": "unread",
        "calendar": {},
    },
    lists=(("objectives",), ("calendar", "breaks")),
)
