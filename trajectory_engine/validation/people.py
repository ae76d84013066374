"""Checks of teachers and of the decisions about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from trajectory_engine.domain.levels import LEVEL_COUNT
from trajectory_engine.domain.people import (
    Decision,
    DecisionKind,
    Measurement,
    Recognition,
    Teacher,
)
from trajectory_engine.domain.recognition import EVERYTHING
from trajectory_engine.domain.scenario import PastModules, Scenario
from trajectory_engine.validation.competences import MOST, check_goals, check_identifier
from trajectory_engine.validation.faults import Fault, Where, duplicates, out_of_range
from trajectory_engine.validation.records import check_records
from trajectory_engine.validation.references import References, known, unknown
from trajectory_engine.validation.vocabulary import EVERYBODY


def check_teachers(scenario: Scenario, references: References) -> Iterator[Fault]:
    """Yield the faults of teachers."""
    if not scenario.teachers:
        yield Fault("no_teacher", ("teachers",), "no teacher", "at least one teacher")
    yield from duplicates(("teachers",), (t.id for t in scenario.teachers), "teacher")
    for i, teacher in enumerate(scenario.teachers):
        where: Where = ("teachers", i)
        yield from check_identifier((*where, "id"), teacher.id, EVERYBODY)
        yield from _check_time(where, teacher, scenario.calendar.horizon)
        yield from _check_aims(where, teacher, scenario, references)
        yield from references.module_ids((*where, "completed"), teacher.completed)
        yield from check_records(where, teacher, references)
        for k, measurement in enumerate(teacher.measurements):
            yield from _check_measurement((*where, "measurements", k), measurement, references)
        if scenario.past_modules is PastModules.RECOGNISE:
            yield from _check_past(where, teacher, scenario.calendar.boundaries[0])
        for k, recognition in enumerate(teacher.recognised):
            here: Where = (*where, "recognised", k)
            yield from references.element((*here, "element"), recognition.element)
            yield from out_of_range((*here, "level"), "level", recognition.level, 1, LEVEL_COUNT)
            yield from _check_dates(here, recognition, scenario)


def _check_dates(where: Where, recognition: Recognition, scenario: Scenario) -> Iterator[Fault]:
    issued, expires = recognition.issued, recognition.expires
    first = scenario.calendar.boundaries[0]
    if recognition.id:
        yield from check_identifier((*where, "id"), recognition.id, EVERYTHING)
    if issued is not None and issued > first:
        expected = f"a date not after {first}, the first day of the calendar"
        yield Fault("from_the_future", (*where, "issued"), f"issued on {issued}", expected)
    if issued is not None and expires is not None and expires < issued:
        found = f"{expires}, before it was issued"
        yield Fault("span", (*where, "expires"), found, f"a day not before {issued}")


def _check_past(where: Where, teacher: Teacher, first: date) -> Iterator[Fault]:
    """Yield the records of the future: what a module has taught must be known on the first day."""
    for k, record in enumerate(teacher.records):
        if record.finished is not None and record.finished > first:
            found = f"module {record.module} completed on {record.finished}"
            expected = f"a date not after {first}, the first day of the calendar"
            yield Fault("from_the_future", (*where, "records", k, "finished"), found, expected)


def _check_time(where: Where, teacher: Teacher, horizon: int) -> Iterator[Fault]:
    if len(teacher.hours) != horizon:
        found = f"hours for {len(teacher.hours)} periods"
        yield Fault("hours", (*where, "hours"), found, f"one number, or {horizon} (one a period)")
    if any(not isinstance(h, int) or not 0 <= h <= MOST for h in teacher.hours):
        wrong = next(h for h in teacher.hours if not isinstance(h, int) or not 0 <= h <= MOST)
        yield Fault("hours", (*where, "hours"), f"{wrong} hours", f"whole numbers from 0 to {MOST}")
    if teacher.deadline is not None:
        for fault in out_of_range((*where, "deadline"), "deadline", teacher.deadline, 0, horizon):
            yield replace(fault, code="off_calendar")
    if any(not 0 <= p < horizon for p in teacher.blocked):
        expected = f"periods from 0 to {horizon - 1}"
        yield Fault("off_calendar", (*where, "blocked"), "absences off the calendar", expected)


def _check_aims(
    where: Where, teacher: Teacher, scenario: Scenario, references: References
) -> Iterator[Fault]:
    if teacher.profile and teacher.profile not in scenario.model.profile_by_id:
        yield unknown((*where, "profile"), "profile", teacher.profile)
    elif not scenario.goals_of(teacher):
        found = f"teacher {teacher.id} without a goal"
        yield Fault("no_goal", (*where, "profile"), found, "a profile, or goals in goals.csv")
    yield from check_goals((*where, "goals"), teacher.goals, references)


def _check_measurement(
    where: Where, measurement: Measurement, references: References
) -> Iterator[Fault]:
    yield from references.element((*where, "element"), measurement.element)
    scores = {
        "content": measurement.content,
        "activity": measurement.activity,
        "communicative": measurement.communicative,
    }
    given = {name: score for name, score in scores.items() if score is not None}
    if (measurement.level is None) != bool(given):
        found = "a level and scores" if given else "neither a level nor scores"
        expected = "a level, or at least one of content, activity, communicative"
        yield Fault("measurement", (*where, "level"), found, expected)
    if measurement.level is not None:
        yield from out_of_range((*where, "level"), "level", measurement.level, 0, LEVEL_COUNT)
    for name, score in given.items():
        yield from out_of_range((*where, name), name, score, 0, 100)
    confidence = measurement.confidence
    yield from out_of_range((*where, "confidence"), "confidence", confidence, 0, 100)


def check_decisions(scenario: Scenario, references: References) -> Iterator[Fault]:
    """Yield the faults of decisions, one by one and between those of one teacher."""
    runs = defaultdict(set)
    for run in scenario.runs:
        runs[run.module].add(run.id)
    for i, decision in enumerate(scenario.decisions):
        where: Where = ("decisions", i)
        yield from known((*where, "teacher"), "teacher", [decision.teacher], scenario.teacher_by_id)
        yield from _check_subject(where, decision, scenario, references, runs)
    yield from _check_contradictions(scenario)


def _check_subject(
    where: Where,
    decision: Decision,
    scenario: Scenario,
    references: References,
    runs: defaultdict[str, set[str]],
) -> Iterator[Fault]:
    kind, subject, value = decision.kind, decision.subject, decision.value
    if kind is DecisionKind.PATH:
        task = scenario.model.task_by_id.get(subject)
        if task is None:
            yield unknown((*where, "subject"), "task", subject)
        elif value not in {path.id for path in task.paths}:
            yield unknown((*where, "value"), "path", value, subject)
        return
    if subject not in references.module_by_id:
        yield unknown((*where, "subject"), "module", subject)
    elif kind is DecisionKind.MODE and (subject, value) not in references.mode_by_id:
        yield unknown((*where, "value"), "mode", value, subject)
    elif kind is DecisionKind.RUN and value not in runs[subject]:
        yield unknown((*where, "value"), "run", value, subject)
    if kind is DecisionKind.START:
        horizon = scenario.calendar.horizon
        if decision.period is None or not 0 <= decision.period <= horizon:
            found = f"a start in period {decision.period}"
            yield Fault("off_calendar", (*where, "period"), found, f"a period from 0 to {horizon}")


def _check_contradictions(scenario: Scenario) -> Iterator[Fault]:
    """Yield decisions that cannot hold together with an earlier one on the same subject."""
    earlier: defaultdict[tuple[str, str, bool], list[Decision]] = defaultdict(list)
    for i, decision in enumerate(scenario.decisions):
        on_task = decision.kind is DecisionKind.PATH
        before = earlier[decision.teacher, decision.subject, on_task]
        against = next((d for d in before if _contradict(d, decision)), None)
        if against is not None:
            yield _contradiction(i, decision, against)
        before.append(decision)


def _contradict(one: Decision, other: Decision) -> bool:
    if DecisionKind.FORBID in (one.kind, other.kind):
        return one.kind is not other.kind
    return one.kind is other.kind and (one.value, one.period) != (other.value, other.period)


def _contradiction(index: int, decision: Decision, before: Decision) -> Fault:
    found = f"{decision.kind} {decision.subject} {decision.value}".rstrip()
    expected = (
        f"no contradiction for teacher {decision.teacher}"
        f" (given before: {before.kind} {before.subject} {before.value}".rstrip()
        + ")"
    )
    return Fault("contradiction", ("decisions", index, "subject"), found, expected)
