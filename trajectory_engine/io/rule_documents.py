"""The file of a ministry standard: what it may contain."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from trajectory_engine.domain.standard import Measure, Over, Qualification, Stretch
from trajectory_engine.io import cells
from trajectory_engine.io.documents import Document
from trajectory_engine.io.yaml_files import Frame
from trajectory_engine.validation.vocabulary import SEEN

SOME = Field(min_length=1)
"""A list that is written has an entry: an empty one would mean the opposite of what it says."""


class SelectorDocument(Document):
    """Which modules, in which modes; what is not given does not restrict."""

    modules: Annotated[tuple[cells.Identifier, ...], SOME] = ()
    components: Annotated[tuple[cells.ComponentCell, ...], SOME] = ()
    groups: Annotated[tuple[cells.Name, ...], SOME] = ()
    forms: Annotated[tuple[cells.Form, ...], SOME] = ()
    providers: Annotated[tuple[cells.Name, ...], SOME] = ()


class _TimeDocument(Document):
    """Stretches of time for each of which a rule holds by itself."""

    per: Annotated[Stretch, cells.choice(Stretch)] = Stretch.PLAN
    year_starts: cells.Month = 1


class _LeastTimeDocument(_TimeDocument):
    """Stretches of time, and in which of them a least amount holds."""

    over: Annotated[Over, cells.choice(Over)] = Over.ALL
    except_last: cells.YamlFlag = False


class _RuleDocument(Document):
    id: cells.Identifier
    title: cells.Text = ""
    citation: cells.Paragraph = ""
    seen: Annotated[str, cells.one_of(*SEEN)] = ""
    valid_from: cells.Day | None = None
    valid_to: cells.Day | None = None
    enabled: cells.YamlFlag = True
    hard: cells.YamlFlag = True
    weight: cells.Positive = 1
    note: cells.Paragraph = ""


class RequiredDocument(_RuleDocument):
    """A rule that requires modules or nodes."""

    kind: Literal["required"]
    modules: tuple[cells.Identifier, ...] = ()
    nodes: tuple[cells.Node, ...] = ()


class AmountDocument(_RuleDocument, _LeastTimeDocument):
    """A rule on a sum; the numbers are credits or hours, by ``measure``."""

    kind: Literal["amount"]
    measure: Annotated[Measure, cells.choice(Measure)]
    least: cells.Amount | None = None
    most: cells.Amount | None = None
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


class ExclusionDocument(_RuleDocument, _TimeDocument):
    """A rule by which at most one module may be taken."""

    kind: Literal["exclusion"]
    scope: SelectorDocument


class AtLeastDocument(_RuleDocument, _LeastTimeDocument):
    """A rule by which at least k modules must be taken."""

    kind: Literal["at_least"]
    k: cells.Positive
    scope: SelectorDocument


class AtMostDocument(_RuleDocument, _TimeDocument):
    """A rule by which at most k modules may be taken; 0 forbids them."""

    kind: Literal["at_most"]
    k: cells.Whole
    scope: SelectorDocument


class SizeDocument(_RuleDocument):
    """A rule on the size of each qualification; the numbers are as in a rule on a sum."""

    kind: Literal["size"]
    measure: Annotated[Measure, cells.choice(Measure)]
    least: cells.Amount | None = None
    most: cells.Amount | None = None
    each: Annotated[Qualification, cells.choice(Qualification)] = Qualification.MODULE
    scope: SelectorDocument = SelectorDocument()


class RecencyDocument(_RuleDocument):
    """A rule on what was finished in the last years or months."""

    kind: Literal["recency"]
    measure: Annotated[Measure, cells.choice(Measure)]
    least: cells.Amount
    years: cells.Positive | None = None
    months: cells.Positive | None = None
    scope: SelectorDocument = SelectorDocument()
    by: cells.Day | None = None


class RenewalDocument(_RuleDocument):
    """A rule by which what lapses is renewed."""

    kind: Literal["renewal"]
    records: tuple[cells.Identifier, ...] = ()
    by: SelectorDocument | None = None


class AccreditationDocument(Document):
    """A provider with the days on which it is accredited."""

    provider: cells.Name
    valid_from: cells.Day | None = None
    valid_to: cells.Day | None = None


class AccreditedDocument(_RuleDocument):
    """A rule by which only accredited providers count."""

    kind: Literal["accredited"]
    providers: tuple[AccreditationDocument, ...]
    scope: SelectorDocument = SelectorDocument()


class ParallelDocument(_RuleDocument):
    """A rule on how many modules run at once."""

    kind: Literal["parallel"]
    most: cells.Positive
    scope: SelectorDocument = SelectorDocument()


class BalanceDocument(_RuleDocument):
    """A rule by which the pyramid after the plan is balanced."""

    kind: Literal["balance"]
    tolerance: cells.Score | None = None


AnyRuleDocument = Annotated[
    RequiredDocument
    | AmountDocument
    | ShareDocument
    | OrderDocument
    | ExclusionDocument
    | AtLeastDocument
    | AtMostDocument
    | SizeDocument
    | RecencyDocument
    | RenewalDocument
    | AccreditedDocument
    | ParallelDocument
    | BalanceDocument,
    Field(discriminator="kind"),
]


STANDARD_FORMAT = "trajectory-engine/standard"


class StandardDocument(Document):
    """A ministry standard."""

    format: Annotated[str, cells.literal(STANDARD_FORMAT)]
    version: Annotated[str, cells.literal("1", 1)]
    id: cells.Identifier
    name: cells.Name
    rules: tuple[AnyRuleDocument, ...]


STANDARD_FRAME = Frame(
    {
        "format": STANDARD_FORMAT,
        "version": "1",
        "id": "unread",
        "name": "unread",
        "rules": [],
    },
    lists=(("rules",),),
    filled=frozenset((*SelectorDocument.model_fields, "scope", "part", "before", "after")),
)
