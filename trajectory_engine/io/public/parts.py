"""Parts of scenarios that the importers have in common.

Public instances have no names, dates or people. A scenario needs them, so these are made up here,
the same for every file: one teacher, an axis that begins on a fixed Monday, a topic for every thing
that has to be done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from trajectory_engine.domain.calendar import Calendar, PeriodUnit, Term
from trajectory_engine.domain.competence import NodeRef, SubjectCompetence, subject_key
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.people import Goal
from trajectory_engine.domain.scenario import CompetenceModel

TEACHER = "teacher"
"""Id of the one teacher."""
FORM = "full-time"
"""Form of study of all modes."""
FIRST_DAY = date(2027, 1, 4)
"""First day of an axis of weeks, a Monday."""
_FIRST_YEAR = 2027
_MOST_TERMS = 2_000


def weeks(count: int) -> Calendar:
    """Return an axis of so many weeks, at least one."""
    return Calendar.weeks(FIRST_DAY, max(count, 1))


def terms(count: int) -> Calendar:
    """Return an axis of so many terms, two a year, from February and from September."""
    days = [
        date(_FIRST_YEAR + i // 2, 9 if i % 2 else 2, 1) for i in range(min(count, _MOST_TERMS) + 1)
    ]
    named = tuple(Term(f"term-{i}", i - 1, i) for i in range(1, len(days)))
    return Calendar(PeriodUnit.TERM, tuple(days), terms=named)


def topics(
    names: Iterable[str], titles: Iterable[str] | None = None
) -> tuple[SubjectCompetence, ...]:
    """Return a topic with one level for each name."""
    known = list(names)
    shown = known if titles is None else list(titles)
    return tuple(SubjectCompetence(n, t, (1,)) for n, t in zip(known, shown, strict=True))


def node_of(topic: str) -> NodeRef:
    """Return the one node of a topic of :func:`topics`."""
    return NodeRef(subject_key(topic), 1)


def goals_on(names: Iterable[str]) -> tuple[Goal, ...]:
    """Return a hard goal for each topic."""
    return tuple(Goal(node=node_of(name)) for name in names)


def model_of(identifier: str, subject: tuple[SubjectCompetence, ...]) -> CompetenceModel:
    """Return a competence model that has topics only."""
    weakest = FormationRule.weakest_link()
    return CompetenceModel(identifier, identifier, subject, (), (), (), weakest)
