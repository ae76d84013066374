"""The balanced academic curriculum problem, as both of its formats state it, and its scenario.

A course becomes a module of one term without choice of mode, that takes as many hours (and credits)
as the course has load; its prerequisites are its entry modules. Load and number of courses of every
term are rules. The largest load of a term is minimised (Castro & Manzano 2001, "Variable and value
ordering when solving balanced academic curriculum problems"; CSPLib problem 30).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from trajectory_engine.domain.catalogue import Entry, Mode, Module
from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    Measure,
    Rule,
    Standard,
    Stretch,
    TimeScope,
)
from trajectory_engine.graph.circles import a_circle
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.provenance import Provenance
from trajectory_engine.io.public.base import Conversion, Source
from trajectory_engine.io.public.complaints import Complaints
from trajectory_engine.io.public.parts import (
    FORM,
    TEACHER,
    goals_on,
    model_of,
    node_of,
    terms,
    topics,
)
from trajectory_engine.io.public.statements import Assignments, Comments, remarks_on

MOST_CHARACTERS = 2 * 1024 * 1024
"""Longest text that is read; the longest published ones are a hundredth of it."""
MOST_TERMS = 200
"""Longest axis of terms."""
MOST_LOAD = 10_000
"""Largest load of a course or of a term."""
MOST_COURSES = 10_000
CREDIT = 100
"""Hundredths in a credit."""


@dataclass(frozen=True)
class Course:
    """A course, its line in the file, its load, and what must end in a term before it."""

    name: str
    row: int
    load: int
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """How many terms there are, and the limits of each."""

    terms: int
    least_load: int
    most_load: int
    least_courses: int
    most_courses: int


@dataclass(frozen=True)
class Curriculum:
    """Courses and the limits of every term."""

    limits: Limits
    courses: tuple[Course, ...]


@dataclass(frozen=True)
class Pair:
    """One line of a file that says: ``before`` must end in a term before ``course``."""

    row: int
    course: str
    before: str


def reader(
    comments: Comments, parse: Callable[[str, Complaints], Curriculum | None]
) -> Callable[[Source, Problems], Conversion | None]:
    """Return what reads a file of one of the formats.

    Parameters
    ----------
    parse : callable
        From a text without comments to its curriculum, None after reporting why there is none.
    """

    def read(source: Source, problems: Problems) -> Conversion | None:
        text, unclosed = comments.blanked(source.text)
        curriculum = parse(text, Complaints(problems, source.shown))
        if curriculum is None:
            return None
        return replace(convert(curriculum, source), remarks=remarks_on(unclosed, source.shown))

    return read


def prerequisites(
    names: set[str], pairs: list[Pair], complaints: Complaints
) -> dict[str, tuple[str, ...]]:
    """Return what comes before each course, in the order of the file, each once.

    Reports courses that do not exist or need themselves, and one circle if there is any. A pair
    that is there twice says the same as once.
    """
    found: dict[str, dict[str, None]] = {}
    for pair in pairs:
        for name in dict.fromkeys((pair.course, pair.before)):
            if name not in names:
                expected = "a course that is listed"
                complaints.add("unknown_id", pair.row, "prerequisite", f"course {name}", expected)
        if pair.course == pair.before:
            what = f"course {pair.course} before itself"
            complaints.add("itself", pair.row, "prerequisite", what, "another course")
        else:
            found.setdefault(pair.course, {})[pair.before] = None
    circle = a_circle([(course, b) for course, before in found.items() for b in before])
    if circle:
        row = next(p.row for p in pairs if p.course == circle[0])
        complaints.circle(row, circle, "courses")
    return {course: tuple(before) for course, before in found.items()}


def read_limits(
    found: Assignments, names: tuple[str, str, str, str, str], complaints: Complaints
) -> Limits | None:
    """Return the limits, None after reporting what is wrong with them.

    Parameters
    ----------
    names : tuple of str
        What the file calls the fields of :class:`Limits`, in their order.
    """
    most = (MOST_TERMS, MOST_COURSES * MOST_LOAD, MOST_COURSES * MOST_LOAD) + (MOST_COURSES,) * 2
    values = [
        found.whole(name, int(name == names[0]), limit)
        for name, limit in zip(names, most, strict=True)
    ]
    sound = [value for _, value in filter(None, values)]
    for least, name in ((1, "load"), (3, "courses")):
        low, high = values[least], values[least + 1]
        if low is not None and high is not None and low[1] > high[1]:
            shown = f"at least {low[1]} and at most {high[1]} {name} in a term"
            expected = "a least that is not above the most"
            complaints.add("least_above_most", low[0], names[least], shown, expected)
    return Limits(*sound) if len(sound) == len(names) else None


def convert(curriculum: Curriculum, source: Source) -> Conversion:
    """Return the curriculum as a scenario of one teacher who needs every course."""
    names = [course.name for course in curriculum.courses]
    limits = curriculum.limits
    total = sum(course.load for course in curriculum.courses)
    scenario = Scenario(
        source.identifier,
        source.identifier,
        model_of(source.identifier, topics(names)),
        tuple(map(_module, curriculum.courses)),
        terms(limits.terms),
        (Teacher(TEACHER, (total,) * limits.terms, TEACHER, goals=goals_on(names)),),
        standard=Standard("limits", "limits of a term", _rules(limits)),
        objectives=(ObjectiveSpec(ObjectiveName.PEAK_LOAD),),
    )
    places = Provenance()
    places.add_rows(("modules",), source.shown, [c.row for c in curriculum.courses])
    return Conversion(scenario, places)


def _module(course: Course) -> Module:
    mode = Mode(
        "mode-1",
        FORM,
        contact_hours=course.load,
        independent_hours=0,
        practice_hours=0,
        duration=1,
        credits=course.load * CREDIT,
        price=0,
    )
    entry = Entry(modules=course.prerequisites)
    taught = (node_of(course.name),)
    return Module(course.name, course.name, Component.SUBJECT, taught, (mode,), entry=entry)


def _rules(limits: Limits) -> tuple[Rule, ...]:
    per_term = TimeScope(per=Stretch.PERIOD)
    load = AmountRule(
        Measure.CREDITS,
        limits.least_load * CREDIT or None,
        limits.most_load * CREDIT,
        time=per_term,
    )
    courses = AmountRule(
        Measure.MODULES, limits.least_courses or None, limits.most_courses, time=per_term
    )
    citation = "the instance"
    return (
        Rule("load", "load of a term", load, citation),
        Rule("courses", "courses of a term", courses, citation),
    )
