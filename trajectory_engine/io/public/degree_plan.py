"""From a curriculum to a scenario: every course is a module, every term a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from trajectory_engine.domain.calendar import Calendar, PeriodUnit, Term
from trajectory_engine.domain.catalogue import Entry, Mode, Module
from trajectory_engine.domain.competence import Component, SubjectCompetence
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    Measure,
    Over,
    Rule,
    Standard,
    Stretch,
    TimeScope,
)
from trajectory_engine.graph.circles import circles, layers, way
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.provenance import Provenance
from trajectory_engine.io.public.base import Conversion, Importer, Source
from trajectory_engine.io.public.complaints import MOST_PERIODS
from trajectory_engine.io.public.curricular_csv import (
    PREREQUISITES,
    Course,
    DegreePlan,
    looks_like_degree_plan,
    parse,
    requisites,
)
from trajectory_engine.io.public.parts import FORM, TEACHER, goals_on, model_of, node_of
from trajectory_engine.io.public.report import Report

LEAST, MOST = 1200, 1800
"""Hundredths of credits of a term that are assumed: those of a student in full-time study."""
FIRST_YEAR = 2027
FIRST_MONTHS = {"semester": (9, 2), "quarter": (9, 1, 4)}
"""Months in which the terms of an academic year begin."""
MODULE_COLUMNS = {
    "id": "Course ID",
    "": "Course ID",
    "entry": "Prerequisites",
    "co": "Corequisites",
    "strict_co": "Strict-Corequisites",
}
"""Columns of the fields of a module."""


Relations = list[tuple[str, str]]
"""Pairs of ids: the first course is no later than the second."""


def convert(plan: DegreePlan, source: Source, report: Report) -> Conversion | None:
    """Return the scenario of a degree plan, None after reporting why there is none."""
    relations = _relations(plan.courses)
    _report_circles(plan.courses, relations, report)
    if report.problems:
        return None
    count = _terms(plan.courses, relations)
    if count > MOST_PERIODS:
        found, expected = f"courses that may take {count} terms", f"at most {MOST_PERIODS} terms"
        report.add("too_long", None, "", found, expected)
        return None
    _remark_on_assumptions(plan, report)
    places = Provenance()
    lines = [course.line for course in plan.courses]
    places.add_rows(("modules",), source.shown, lines, MODULE_COLUMNS)
    places.add_rows(("model", "subject"), source.shown, lines, {"id": "Course ID"})
    scenario = _scenario(plan, source.identifier, count)
    return Conversion(scenario, places, tuple(report.remarks))


def _scenario(plan: DegreePlan, identifier: str, terms: int) -> Scenario:
    names = [course.id for course in plan.courses]
    subject = (SubjectCompetence(c.id, _name(c), (1,), group=c.prefix) for c in plan.courses)
    student = Teacher(TEACHER, (0,) * terms, TEACHER, goals=goals_on(names))
    return Scenario(
        id=identifier,
        name=plan.name,
        model=replace(
            model_of(identifier, tuple(subject)),
            name=plan.name,
            prerequisites=tuple(_requirement(c) for c in plan.courses if c.before),
        ),
        modules=tuple(map(_module, plan.courses)),
        calendar=_calendar(plan.system, terms),
        teachers=(student,),
        standard=_standard(),
        objectives=(ObjectiveSpec(ObjectiveName.COMPLETION),),
    )


def _name(course: Course) -> str:
    return " ".join(filter(None, (course.prefix, course.number, course.name)))


def _requirement(course: Course) -> Requirement:
    """Return the prerequisites as edges of the graph, for whoever looks at it.

    They bind nobody: the entry of the module, which stands in their place, asks for the courses
    themselves, so that one that was completed elsewhere counts.
    """
    needs = tuple(map(node_of, course.before))
    return Requirement(node_of(course.id), needs, len(needs))


def _module(course: Course) -> Module:
    """Return the module of a course: one term of full-time study, without hours."""
    mode = Mode(
        id="term",
        form=FORM,
        contact_hours=0,
        independent_hours=0,
        practice_hours=0,
        duration=1,
        credits=course.credits,
        price=0,
    )
    return Module(
        id=course.id,
        name=_name(course),
        component=Component.SUBJECT,
        teaches=(node_of(course.id),),
        modes=(mode,),
        group=course.prefix,
        entry=Entry(modules=course.before),
        co=course.no_later,
        strict_co=course.together,
    )


def _standard() -> Standard:
    """Return the credits of a term: none of the format's own, so they say that they are assumed."""
    rule = Rule(
        id="credits-of-a-term",
        title="From 12 to 18 credits a term, fewer in the last one",
        body=AmountRule(
            measure=Measure.CREDITS,
            least=LEAST,
            most=MOST,
            time=TimeScope(per=Stretch.TERM, over=Over.USED, except_last=True),
        ),
        citation="Assumed in reading the file: usual limits of full-time study.",
        seen="general_knowledge",
    )
    return Standard("credits", "Credits of a term", (rule,))


def _calendar(system: str, terms: int) -> Calendar:
    months = FIRST_MONTHS[system]
    boundaries = []
    for term in range(terms + 1):
        year, position = divmod(term, len(months))
        month = months[position]
        boundaries.append(date(FIRST_YEAR + year + (month < months[0]), month, 1))
    named = tuple(Term(f"term-{t + 1}", t, t + 1) for t in range(terms))
    return Calendar(PeriodUnit.TERM, tuple(boundaries), terms=named)


def _terms(courses: Sequence[Course], relations: Relations) -> int:
    """Return the terms of the calendar: enough for every plan that keeps the limits of credits.

    All terms but the last have at least `LEAST` credits, so no plan has more than the first number.
    The longest chain is there for those who change the limits, and so are the published terms.
    """
    fullest = sum(course.credits for course in courses) // LEAST + 1
    longest = layers([course.id for course in courses], relations)
    published = max((course.term or 1 for course in courses), default=1)
    return max(fullest, longest, published)


# ---- circles ------------------------------------------------------------------------------------


def _relations(courses: Sequence[Course]) -> Relations:
    """Return which course is no later than which: what must start together is so both ways."""
    known = {course.id for course in courses}
    relations = []
    for course in courses:
        needs = {n: None for of_kind in requisites(course).values() for n in of_kind if n in known}
        relations += [(need, course.id) for need in needs]
        relations += [(course.id, n) for n in course.together if n in known]
    return relations


def _report_circles(courses: Sequence[Course], relations: Relations, report: Report) -> None:
    """Report a prerequisite in every circle of courses: no order of terms could keep it.

    A circle of corequisites alone is none: its courses are taken in one term.
    """
    component = {
        course: number for number, circle in enumerate(circles(relations)) for course in circle
    }
    reported: set[int] = set()
    for course in courses:
        for need in course.before:
            number = component.get(need)
            inside = need != course.id and number == component.get(course.id)
            if inside and number is not None and number not in reported:
                reported.add(number)
                circle = way(relations, course.id, need)
                arrows = " -> ".join((*circle, course.id))
                found = f"the cycle {arrows}"
                expected = f"{PREREQUISITES.lower()} without a cycle"
                report.add("cycle", course.line, PREREQUISITES, found, expected)


# ---- what is said -------------------------------------------------------------------------------


def _remark_on_assumptions(plan: DegreePlan, report: Report) -> None:
    found = "no limits of the credits of a term, which the format does not have"
    expected = f"from {LEAST // 100} to {MOST // 100}, fewer in the last term (assumed)"
    report.remark("credits_assumed", None, "", found, expected)
    published = sum(course.term is not None for course in plan.courses)
    if published:
        found = f"the published terms of {published} courses, which are not kept"
        report.remark("terms_not_kept", None, "Term", found, "terms to be planned")


def _read(source: Source, problems: Problems) -> Conversion | None:
    report = Report(problems, source.shown)
    return convert(parse(source.text, report), source, report)


def _looks_like(source: Source) -> bool:
    return looks_like_degree_plan(source.text)


DEGREE_PLAN = Importer(
    "degree-plan",
    "curricula and degree plans: Curricular Analytics",
    (".csv",),
    _looks_like,
    _read,
)
