"""Teachers: what was measured, what is recognised, what they should reach, when they study."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trajectory_engine.domain.competence import NodeRef


@dataclass(frozen=True, slots=True)
class Measurement:
    """A diagnosed value of an element, as a level or as aspect scores.

    Attributes
    ----------
    element : str
        Key of the element, such as ``P[err-work]``.
    level : int or None
        Level 0 to 5 when the instrument gives a level; then the scores are None.
    content, activity, communicative : int or None
        Aspect scores 0 to 100; those that are None were not measured.
    instrument : str
        Test, practical work, questionnaire, self-diagnosis.
    confidence : int
        Per cent, 0 to 100.
    """

    element: str
    level: int | None = None
    content: int | None = None
    activity: int | None = None
    communicative: int | None = None
    instrument: str = ""
    confidence: int = 100


@dataclass(frozen=True, slots=True)
class DiagnosisRule:
    """Turns aspect scores into levels.

    The mean of the measured aspects, weighted, gives level l if it is at least
    ``cut_points[l - 1]``; compared exactly in integers.

    Attributes
    ----------
    content_weight, activity_weight, communicative_weight : int
        At least 0, not all 0.
    cut_points : tuple of int
        Five scores, 0 to 100, strictly increasing.
    """

    content_weight: int = 1
    activity_weight: int = 1
    communicative_weight: int = 1
    cut_points: tuple[int, ...] = (20, 40, 60, 75, 90)


@dataclass(frozen=True, slots=True)
class Recognition:
    """A level recognised from prior learning; ``evidence`` names the document.

    Attributes
    ----------
    id : str
        Id of the certificate; one that gives several levels has several recognitions.
    issued : date or None
        Day of issue, not after the first day of the calendar.
    expires : date or None
        Last day on which it is valid; one that expired before the calendar counts for nothing.
    use : bool
        Whether it counts: a switch for the planner.
    """

    element: str
    level: int
    evidence: str = ""
    id: str = ""
    issued: date | None = None
    expires: date | None = None
    use: bool = True


@dataclass(frozen=True, slots=True)
class CompletionRecord:
    """A module or a course that a teacher has finished, or a certificate that the teacher holds.

    Attributes
    ----------
    module : str
        Id of a module of the catalogue, or of anything else that the teacher has finished.
    finished : date or None
        Day of completion or of issue; None if it is not known.
    hours, credits : int or None
        Academic hours and hundredths of a credit that the record states; None means those of the
        module in the catalogue (the least over its modes), 0 outside the catalogue.
    provider, form, component, group : str
        What rules may select by.  Component and group of a module of the catalogue are those of
        the catalogue.
    expires : date or None
        Last day on which it is valid; None if it does not expire.
    """

    module: str
    finished: date | None = None
    hours: int | None = None
    credits: int | None = None
    provider: str = ""
    form: str = ""
    component: str = ""
    group: str = ""
    expires: date | None = None

    def lapses_by(self, day: date) -> bool:
        """Return whether it is not valid any more at the end of ``day``, or ends on it."""
        return self.expires is not None and self.expires <= day


class GoalKind(StrEnum):
    """What a goal asks for."""

    NODE = "node"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Goal:
    """A node to be formed or a task to be solvable by the end of the plan.

    Attributes
    ----------
    node : NodeRef or None
    task : str or None
        Exactly one of ``node`` and ``task`` is given.
    hard : bool
        A hard goal must be met; a soft one costs ``weight`` in ``unmet_goals`` if it is not.
    weight : int
        At least 1; no meaning for hard goals.
    """

    node: NodeRef | None = None
    task: str | None = None
    hard: bool = True
    weight: int = 1

    @property
    def kind(self) -> GoalKind:
        """Whether the goal is a node or a task."""
        return GoalKind.NODE if self.node is not None else GoalKind.TASK

    def __str__(self) -> str:
        return str(self.node) if self.node is not None else f"task:{self.task}"


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher.

    Attributes
    ----------
    hours : tuple of int
        Academic hours of study available in every period, length H.
    blocked : tuple of int
        Periods of absence; a module with load may not cross them.
    deadline : int or None
        D: every step ends at or before it; None is the end of the axis.
    languages, technologies : tuple of str
        What the teacher studies in, what the teacher has; empty ``languages`` does not restrict,
        ``technologies`` None does not restrict.
    completed : tuple of str
        Modules of the catalogue with a completion record: they are not offered again.
    profile : str
        Id of the target profile whose goals apply, besides ``goals``; may be empty.
    records : tuple of CompletionRecord
        What the teacher has finished, with dates and figures, for the rules that look at the past.
        A module whose record lapses on the calendar is here but not in ``completed``.
    """

    id: str
    hours: tuple[int, ...]
    name: str = ""
    group: str = ""
    profile: str = ""
    goals: tuple[Goal, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    recognised: tuple[Recognition, ...] = ()
    completed: tuple[str, ...] = ()
    blocked: tuple[int, ...] = ()
    deadline: int | None = None
    languages: tuple[str, ...] = ()
    technologies: tuple[str, ...] | None = None
    records: tuple[CompletionRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A named target: a set of goals that many teachers share."""

    id: str
    name: str
    goals: tuple[Goal, ...]


class DecisionKind(StrEnum):
    """What a person has decided beforehand."""

    TAKE = "take"
    FORBID = "forbid"
    MODE = "mode"
    RUN = "run"
    START = "start"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Decision:
    """A pin: the plan honours it.

    ``take`` and ``forbid`` name a module; ``mode``, ``run`` and ``start`` name a module and a
    value and imply that it is taken; ``path`` names a task and the one path that may count for
    the teacher's goal on it.

    Attributes
    ----------
    teacher : str
        Teacher id. (A file may say ``*`` for everybody; reading it gives one decision each.)
    subject : str
        Module id, or task id for ``path``.
    value : str
        Mode id, run id or path id; empty for the other kinds.
    period : int or None
        Start period for ``start``.
    """

    teacher: str
    kind: DecisionKind
    subject: str
    value: str = ""
    period: int | None = None
