"""The YAML files: what each may contain."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from trajectory_engine.domain.calendar import PeriodUnit
from trajectory_engine.domain.competence import FormationMode
from trajectory_engine.domain.funding import CALENDAR_YEAR
from trajectory_engine.domain.scenario import ObjectiveName, PastModules, RecognitionPolicy
from trajectory_engine.domain.standard import Measure
from trajectory_engine.io import cells
from trajectory_engine.validation.vocabulary import SEEN


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LevelDocument(_Document):
    """Thresholds of f for one level."""

    subject: cells.LevelOrZero
    pedagogical: cells.LevelOrZero
    social: dict[cells.Identifier, cells.LevelOrZero] = {}


class FormationDocument(_Document):
    """f."""

    rule: Annotated[str, cells.one_of("weakest-link", "thresholds")] = "weakest-link"
    social: dict[cells.Identifier, cells.LevelOrZero] = {}
    levels: dict[Annotated[int, cells.LEVEL_KEY], LevelDocument] | None = None
    default: cells.FormationCell = FormationMode.TAUGHT


class WeightsDocument(_Document):
    """Weights of the aspects of a diagnosis."""

    content: cells.Whole = 1
    activity: cells.Whole = 1
    communicative: cells.Whole = 1


class DiagnosisDocument(_Document):
    """How scores become levels."""

    weights: WeightsDocument = WeightsDocument()
    cut_points: tuple[cells.Score, ...] = (20, 40, 60, 75, 90)


class PyramidDocument(_Document):
    """When a pyramid is balanced."""

    tolerance: cells.Score = 20


class ModelDocument(_Document):
    """model.yaml."""

    format: Annotated[str, cells.literal("trajectory-engine/model")]
    version: Annotated[str, cells.literal("1", 1)]
    id: cells.Identifier
    name: cells.Text
    period: Annotated[PeriodUnit, cells.choice(PeriodUnit)] = PeriodUnit.WEEK
    formation: FormationDocument = FormationDocument()
    diagnosis: DiagnosisDocument = DiagnosisDocument()
    pyramid: PyramidDocument = PyramidDocument()


class SelectorDocument(_Document):
    """Which modules, in which modes; what is not given does not restrict."""

    modules: tuple[cells.Identifier, ...] = ()
    components: tuple[cells.ComponentCell, ...] = ()
    groups: tuple[cells.Text, ...] = ()
    forms: tuple[cells.Form, ...] = ()
    providers: tuple[cells.Text, ...] = ()


class _RuleDocument(_Document):
    id: cells.Identifier
    title: cells.Text = ""
    citation: cells.Paragraph = ""
    seen: Annotated[str, cells.one_of(*SEEN)] = ""
    valid_from: cells.Day | None = None
    valid_to: cells.Day | None = None
    enabled: cells.YamlFlag = True
    hard: cells.YamlFlag = True
    note: cells.Paragraph = ""


class RequiredDocument(_RuleDocument):
    """A rule that requires modules or nodes."""

    kind: Literal["required"]
    modules: tuple[cells.Identifier, ...] = ()
    nodes: tuple[cells.Node, ...] = ()


class AmountDocument(_RuleDocument):
    """A rule on a sum; the numbers are credits or hours, by ``measure``."""

    kind: Literal["amount"]
    measure: Annotated[Measure, cells.choice(Measure)]
    least: cells.Credits | None = None
    most: cells.Credits | None = None
    scope: SelectorDocument = SelectorDocument()


class ShareDocument(_RuleDocument):
    """A rule on a share."""

    kind: Literal["share"]
    measure: Annotated[Measure, cells.choice(Measure)]
    part: SelectorDocument
    least: cells.ShareCell | None = None
    most: cells.ShareCell | None = None
    scope: SelectorDocument = SelectorDocument()


class OrderDocument(_RuleDocument):
    """A rule on order."""

    kind: Literal["order"]
    before: SelectorDocument
    after: SelectorDocument


class ExclusionDocument(_RuleDocument):
    """A rule by which at most one module may be taken."""

    kind: Literal["exclusion"]
    scope: SelectorDocument


class AtLeastDocument(_RuleDocument):
    """A rule by which at least k modules must be taken."""

    kind: Literal["at_least"]
    k: cells.Positive
    scope: SelectorDocument


AnyRuleDocument = Annotated[
    RequiredDocument
    | AmountDocument
    | ShareDocument
    | OrderDocument
    | ExclusionDocument
    | AtLeastDocument,
    Field(discriminator="kind"),
]


class StandardDocument(_Document):
    """A ministry standard."""

    format: Annotated[str, cells.literal("trajectory-engine/standard")]
    version: Annotated[str, cells.literal("1", 1)]
    id: cells.Identifier
    name: cells.Text
    rules: tuple[AnyRuleDocument, ...]


class TermDocument(_Document):
    """A term, from its first to its last day."""

    id: cells.Identifier
    start: cells.Day
    end: cells.Day


class BreakDocument(_Document):
    """Days without study, from the first to the last."""

    name: cells.Text = ""
    start: cells.Day
    end: cells.Day


class CalendarDocument(_Document):
    """The axis."""

    unit: Annotated[PeriodUnit, cells.choice(PeriodUnit)] | None = None
    start: cells.Day | None = None
    periods: cells.PeriodCount | None = None
    terms: tuple[TermDocument, ...] = ()
    breaks: tuple[BreakDocument, ...] = ()


class ObjectiveDocument(_Document):
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


class ScenarioDocument(_Document):
    """scenario.yaml."""

    format: Annotated[str, cells.literal("trajectory-engine/scenario")]
    version: Annotated[str, cells.literal("1", 1)]
    id: cells.Identifier
    name: cells.Text
    model: cells.Text
    standard: cells.Text | None = None
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
