"""Rows of the tables: a field is a column, its annotation the type of its cells.

A field without a default is a required cell; a trailing underscore keeps clear of Python's
keywords (``from_`` is the column ``from``).
"""

from __future__ import annotations

from typing import NamedTuple

from trajectory_engine.domain.funding import FULL_SHARE
from trajectory_engine.io import cells


class SubjectRow(NamedTuple):
    """A topic, long form."""

    id: cells.Identifier
    levels: cells.Levels
    name: cells.Text = ""
    group: cells.Text = ""
    weight: cells.Positive = 1
    hours: cells.Whole = 0


class WideSubjectRow(NamedTuple):
    """A topic, wide form: a column for every level."""

    id: cells.Identifier
    low: cells.Mark = False
    acceptable: cells.Mark = False
    average: cells.Mark = False
    high: cells.Mark = False
    advanced: cells.Mark = False
    name: cells.Text = ""
    group: cells.Text = ""
    weight: cells.Positive = 1
    hours: cells.Whole = 0

    @property
    def levels(self) -> tuple[int, ...]:
        """Existing levels."""
        marks = (self.low, self.acceptable, self.average, self.high, self.advanced)
        return tuple(level for level, mark in enumerate(marks, 1) if mark)


class CompetenceRow(NamedTuple):
    """A pedagogical or social competence."""

    id: cells.Identifier
    name: cells.Text = ""
    levels: cells.Levels = (1, 2, 3, 4, 5)
    group: cells.Text = ""
    weight: cells.Positive = 1


class ProfessionalRow(NamedTuple):
    """A cell of B."""

    pedagogical: cells.Identifier
    subject: cells.Identifier
    levels: cells.Levels = ()
    formation: cells.FormationCell | None = None


class PrerequisiteRow(NamedTuple):
    """An authored requirement."""

    node: cells.Node
    needs: cells.Nodes
    least: cells.Positive | None = None


class TaskRow(NamedTuple):
    """A pedagogical task."""

    id: cells.Identifier
    name: cells.Text = ""
    free: cells.Flag = False


class TaskPathRow(NamedTuple):
    """One alternative of a task: its links, or both ends."""

    task: cells.Identifier
    path: cells.Identifier
    links: cells.Nodes = ()
    from_: cells.Node | None = None
    to: cells.Node | None = None


class ProfileRow(NamedTuple):
    """A goal of a profile."""

    profile: cells.Identifier
    name: cells.Text = ""
    node: cells.Node | None = None
    task: cells.Identifier | None = None
    hard: cells.Flag = True
    weight: cells.Positive = 1


class ModuleRow(NamedTuple):
    """A module."""

    id: cells.Identifier
    component: cells.ComponentCell
    name: cells.Text = ""
    group: cells.Text = ""
    invariant: cells.Flag = False
    exempt_if_formed: cells.Flag = False
    entry: cells.EntryItems = ()
    excludes: cells.Identifiers = ()
    replaces: cells.Identifiers = ()
    co: cells.Identifiers = ()
    strict_co: cells.Identifiers = ()


class TeachesRow(NamedTuple):
    """What a module teaches of one element."""

    module: cells.Identifier
    element: cells.ElementKey
    to: cells.LevelNumber
    from_: cells.LevelOrZero = 0
    micro_goal: cells.Text = ""
    tasks: cells.Identifiers = ()


class ModeRow(NamedTuple):
    """A mode of a module."""

    module: cells.Identifier
    mode: cells.Identifier
    form: cells.Form
    duration: cells.Whole
    provider: cells.Text = ""
    language: cells.Text = ""
    contact_hours: cells.Whole = 0
    independent_hours: cells.Whole = 0
    practice_hours: cells.Whole = 0
    profile: cells.Wholes = ()
    credits: cells.Credits = 0
    price: cells.Money = 0
    technologies: cells.Texts = ()
    resources: cells.ResourceUses = ()


class TeacherRow(NamedTuple):
    """A teacher."""

    id: cells.Identifier
    hours: cells.Wholes
    name: cells.Text = ""
    group: cells.Text = ""
    deadline: cells.Day | None = None
    profile: cells.Text = ""
    languages: cells.Texts = ()
    technologies: cells.Texts = ()


class DiagnosisRow(NamedTuple):
    """A measurement."""

    teacher: cells.Identifier
    element: cells.ElementKey
    level: cells.LevelOrZero | None = None
    content: cells.Score | None = None
    activity: cells.Score | None = None
    communicative: cells.Score | None = None
    instrument: cells.Text = ""
    confidence: cells.Score = 100


class RecognitionRow(NamedTuple):
    """A level recognised from prior learning."""

    teacher: cells.Identifier
    element: cells.ElementKey
    level: cells.LevelNumber
    evidence: cells.Text = ""
    id: cells.Text = ""
    issued: cells.Day | None = None
    expires: cells.Day | None = None
    use: cells.Flag = True


class CompletedRow(NamedTuple):
    """A completion record or a certificate."""

    teacher: cells.Identifier
    module: cells.Identifier
    date: cells.Day | None = None
    hours: cells.Whole | None = None
    credits: cells.Credits | None = None
    provider: cells.Text = ""
    form: cells.Form | None = None
    component: cells.ComponentCell | None = None
    group: cells.Text = ""
    expires: cells.Day | None = None
    use: cells.Flag = True


class GoalRow(NamedTuple):
    """A goal of one teacher."""

    teacher: cells.Identifier
    node: cells.Node | None = None
    task: cells.Identifier | None = None
    hard: cells.Flag = True
    weight: cells.Positive = 1


class AbsenceRow(NamedTuple):
    """Days on which a teacher cannot study."""

    teacher: cells.Identifier
    start: cells.Day
    end: cells.Day


class FundRow(NamedTuple):
    """A source of money."""

    id: cells.Identifier
    name: cells.Text = ""
    budget: cells.Money | None = None
    ceiling: cells.Money | None = None
    share: cells.ShareCell = FULL_SHARE
    teachers: cells.Identifiers = ()
    groups: cells.Texts = ()
    modules: cells.Identifiers = ()
    components: cells.Texts = ()
    forms: cells.Texts = ()
    providers: cells.Texts = ()
    module_groups: cells.Texts = ()
    module_ceiling: cells.Money | None = None
    carry_over: cells.Flag = False


class FundYearRow(NamedTuple):
    """What a fund may pay in a fiscal year."""

    fund: cells.Identifier
    year: cells.Year
    budget: cells.Money


class ResourceRow(NamedTuple):
    """A limited resource."""

    id: cells.Identifier
    kind: cells.ResourceKindCell
    scope: cells.ResourceScopeCell
    capacity: cells.Whole
    name: cells.Text = ""


class RunRow(NamedTuple):
    """A fixed start of a mode."""

    id: cells.Identifier
    module: cells.Identifier
    mode: cells.Identifier
    start: cells.Day
    seats: cells.Whole | None = None
    minimum_group: cells.Whole = 0


class WindowRow(NamedTuple):
    """First and last possible start of a mode."""

    module: cells.Identifier
    mode: cells.Identifier
    earliest: cells.Day | None = None
    latest: cells.Day | None = None


class WaiverRow(NamedTuple):
    """A waiver of a rule; the teacher may be ``*``."""

    teacher: cells.Identifier
    rule: cells.Identifier
    why: cells.Text
    by: cells.Text
    until: cells.Day


class SubstitutionRow(NamedTuple):
    """A module that counts in the place of another; the teacher may be ``*``."""

    teacher: cells.Identifier
    module: cells.Identifier
    instead_of: cells.Identifier
    why: cells.Text
    by: cells.Text
    until: cells.Day


class DecisionRow(NamedTuple):
    """A pin."""

    teacher: cells.Identifier
    kind: cells.DecisionCell
    subject: cells.Identifier
    value: cells.Text = ""
