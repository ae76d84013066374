"""Project scheduling: PSPLIB ``.sm`` and ``.mm``, and MMLIB's variants of it.

A job becomes a module with one mode for each of the job's, without hours; its successors have it as
an entry module. Every job is a hard goal, and the completion is minimised. The format is the one of
ProGen (Kolisch & Sprecher 1996, "PSPLIB - a project scheduling problem library").
"""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.domain.catalogue import (
    Entry,
    Mode,
    Module,
    Resource,
    ResourceKind,
    ResourceScope,
    ResourceUse,
)
from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec, Scenario
from trajectory_engine.graph.circles import a_circle
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.provenance import Provenance
from trajectory_engine.io.public.base import Conversion, Importer, Source
from trajectory_engine.io.public.complaints import MOST_PERIODS, Complaints
from trajectory_engine.io.public.parts import (
    FORM,
    TEACHER,
    goals_on,
    model_of,
    node_of,
    topics,
    weeks,
)
from trajectory_engine.io.public.psplib_sections import (
    AVAILABILITIES,
    PRECEDENCE,
    REQUESTS,
    Header,
    Lines,
    read_sections,
)

MOST_CHARACTERS = 4 * 1024 * 1024
"""Longest text that is read; the longest published ones are a hundredth of it."""


@dataclass(frozen=True)
class JobMode:
    """One way to do a job: periods, units of each renewable and each non-renewable resource."""

    duration: int
    demands: tuple[int, ...]
    takes: tuple[int, ...]


@dataclass(frozen=True)
class Job:
    """A job: its number in the file, its line there, and the jobs that may start at its end."""

    number: int
    row: int
    modes: tuple[JobMode, ...]
    successors: tuple[int, ...]

    @property
    def is_dummy(self) -> bool:
        """Whether doing it takes nothing at all."""
        mode = self.modes[0]
        return len(self.modes) == 1 and not any((mode.duration, *mode.demands, *mode.takes))


@dataclass(frozen=True)
class Project:
    """What stands in a file: jobs, units per period of each renewable resource, and budgets."""

    jobs: tuple[Job, ...]
    capacities: tuple[int, ...]
    budgets: tuple[int, ...]


# ---- from text to a project ---------------------------------------------------------------------


def parse(source: Source, problems: Problems) -> Project | None:
    """Return the project of a file, None after reporting everything that is wrong with it."""
    complaints = Complaints(problems, source.shown)
    header, sections = read_sections(source.text, complaints)
    order = _order(sections[PRECEDENCE], header, complaints)
    modes = _modes(sections[REQUESTS], header, complaints)
    limits = _limits(sections[AVAILABILITIES], header, complaints)
    if order and modes:
        _compare(order, modes, complaints)
    if problems:
        return None
    renewable = header.renewable or 0
    jobs = tuple(
        Job(o.number, o.row, tuple(m.mode for m in modes[o.number] if m.mode), o.successors)
        for o in order
    )
    longest = sum(max(m.duration for m in job.modes) for job in jobs)
    if longest > MOST_PERIODS:
        found = f"jobs that take {longest} periods one after the other"
        complaints.add("too_long", None, "", found, f"at most {MOST_PERIODS}")
        return None
    return Project(jobs, limits[:renewable], limits[renewable:])


@dataclass(frozen=True)
class _Order:
    number: int
    row: int
    modes: int
    successors: tuple[int, ...]


_ORDER = ("jobnr.", "#modes", "#successors", "successors")


def _order(lines: Lines, header: Header, complaints: Complaints) -> list[_Order]:
    """Return the jobs of the section of precedence relations."""
    found: list[_Order] = []
    for row, tokens in lines.rows:
        numbers = _order_numbers(row, tokens, complaints)
        if numbers is None:
            continue
        number, modes, count, *successors = numbers
        expected = found[-1].number + 1 if found else 1
        if number != expected:
            complaints.add("job_number", row, "jobnr.", f"job {number}", f"job {expected}")
        complaints.count(row, "successors", len(successors), count, "successors")
        found.append(_Order(number, row, modes, tuple(successors)))
        _check_successors(found[-1], header.jobs, complaints)
    if header.jobs is not None and lines.title_row is not None:
        complaints.count(lines.title_row, "", len(lines.rows), header.jobs, "jobs")
    _check_circles(found, complaints)
    return found


def _order_numbers(row: int, tokens: list[str], complaints: Complaints) -> list[int] | None:
    """Return the numbers of a line, at least three, None after reporting what is wrong."""
    if len(tokens) < 3:
        complaints.count(row, "", len(tokens), 3, "numbers at least")
    names = [*_ORDER[:3], *(_ORDER[3:] * (len(tokens) - 3))]
    values = [
        complaints.whole(token, row, name, least=name != "#successors")
        for token, name in zip(tokens, names, strict=False)
    ]
    sound = [value for value in values if value is not None]
    return sound if len(sound) == len(tokens) >= 3 else None


def _check_successors(job: _Order, jobs: int | None, complaints: Complaints) -> None:
    seen: set[int] = set()
    for other in job.successors:
        if other in seen:
            complaints.add("duplicate_id", job.row, "successors", f"job {other} again", "it once")
        elif other == job.number:
            complaints.add("itself", job.row, "successors", f"job {other} itself", "another job")
        elif jobs is not None and other > jobs:
            expected = f"a job from 1 to {jobs}"
            complaints.add("unknown_id", job.row, "successors", f"job {other}", expected)
        seen.add(other)


def _check_circles(jobs: list[_Order], complaints: Complaints) -> None:
    pairs = [(s, j.number) for j in jobs for s in j.successors if s != j.number]
    circle = a_circle(pairs)
    if circle:
        row = next((j.row for j in jobs if j.number == circle[0]), None)
        complaints.circle(row, [f"job {number}" for number in circle], "jobs")


@dataclass(frozen=True)
class _ModeLine:
    """A line of the requests; without figures if something is wrong with them."""

    row: int
    number: int | None
    mode: JobMode | None


def _modes(lines: Lines, header: Header, complaints: Complaints) -> dict[int, list[_ModeLine]]:
    """Return the modes by the number of the job; the first line of a job begins with it."""
    found: dict[int, list[_ModeLine]] = {}
    if header.renewable is None or header.nonrenewable is None:
        return found
    width = 2 + header.renewable + header.nonrenewable
    job = 0
    for row, tokens in lines.rows:
        figures = tokens
        if len(tokens) == width + 1:
            job = _job_of(tokens[0], row, job + 1, complaints)
            figures = tokens[1:]
        elif len(tokens) != width or not job:
            complaints.count(row, "", len(tokens), width + (not job), "numbers")
            continue
        found.setdefault(job, []).append(_mode_line(figures, row, header.renewable, complaints))
    return found


def _job_of(token: str, row: int, expected: int, complaints: Complaints) -> int:
    """Return the number of a job in the requests, the one expected where it is no number."""
    number = complaints.whole(token, row, "jobnr.", 1)
    if number is not None and number != expected:
        complaints.add("job_number", row, "jobnr.", f"job {number}", f"job {expected}")
    return expected if number is None else number


def _mode_line(figures: list[str], row: int, renewable: int, complaints: Complaints) -> _ModeLine:
    names = ["mode", "duration"]
    names += [f"R {i + 1}" for i in range(renewable)]
    names += [f"N {i + 1}" for i in range(len(figures) - len(names))]
    values = [
        complaints.whole(token, row, name, least=name == "mode")
        for token, name in zip(figures, names, strict=True)
    ]
    sound = [value for value in values if value is not None]
    if len(sound) < len(values):
        return _ModeLine(row, values[0], None)
    cut = 2 + renewable
    return _ModeLine(row, sound[0], JobMode(sound[1], tuple(sound[2:cut]), tuple(sound[cut:])))


def _limits(lines: Lines, header: Header, complaints: Complaints) -> tuple[int, ...]:
    """Return the capacities, then the budgets."""
    if header.renewable is None or header.nonrenewable is None or lines.title_row is None:
        return ()
    expected = header.renewable + header.nonrenewable
    if not expected and not lines.rows:
        return ()
    if complaints.count(lines.title_row, "", len(lines.rows), 1, "lines of numbers"):
        row, tokens = lines.rows[0]
        complaints.count(row, "", len(tokens), expected, "numbers")
        values = [complaints.whole(t, row, f"{k}. number") for k, t in enumerate(tokens, 1)]
        return tuple(v for v in values if v is not None)
    return ()


def _compare(
    order: list[_Order], modes: dict[int, list[_ModeLine]], complaints: Complaints
) -> None:
    """Report what the two sections say of one job and do not agree on."""
    for job in order:
        listed = modes.get(job.number)
        if listed is None:
            found = f"job {job.number} without requests and durations"
            complaints.add("missing_job", job.row, "jobnr.", found, "a line for each mode")
            continue
        complaints.count(
            listed[0].row, "mode", len(listed), job.modes, f"modes of job {job.number}"
        )
        for at, line in enumerate(listed, 1):
            if line.number not in (at, None):
                complaints.add("mode_number", line.row, "mode", f"mode {line.number}", f"mode {at}")
    known = {job.number for job in order}
    for number, listed in modes.items():
        if number not in known:
            expected = "a job of the precedence relations"
            complaints.add("unknown_id", listed[0].row, "jobnr.", f"job {number}", expected)


# ---- from a project to a scenario ---------------------------------------------------------------


def convert(project: Project, source: Source) -> Conversion:
    """Return the project as a scenario of one teacher who needs every job that does something."""
    predecessors: dict[int, list[int]] = {job.number: [] for job in project.jobs}
    for job in project.jobs:
        for other in job.successors:
            predecessors[other].append(job.number)
    ends = {
        job.number
        for job in project.jobs
        if job.is_dummy and not (job.successors and predecessors[job.number])
    }
    jobs = [job for job in project.jobs if job.number not in ends]
    names = [_name(job.number) for job in jobs]
    resources = _resources(project)
    modules = []
    for job in jobs:
        before = tuple(_name(n) for n in predecessors[job.number] if n not in ends)
        modules.append(_module(job, before, resources))
    horizon = sum(max(mode.duration for mode in job.modes) for job in jobs)
    calendar = weeks(horizon)
    scenario = Scenario(
        source.identifier,
        source.identifier,
        model_of(source.identifier, topics(names)),
        tuple(modules),
        calendar,
        (Teacher(TEACHER, (0,) * calendar.horizon, TEACHER, goals=goals_on(names)),),
        resources=resources,
        objectives=(ObjectiveSpec(ObjectiveName.COMPLETION),),
    )
    places = Provenance()
    places.add_rows(("modules",), source.shown, [job.row for job in jobs])
    return Conversion(scenario, places)


def _name(job: int) -> str:
    return f"job-{job}"


def _resources(project: Project) -> tuple[Resource, ...]:
    kinds = (
        ("R", ResourceKind.RENEWABLE, project.capacities),
        ("N", ResourceKind.NON_RENEWABLE, project.budgets),
    )
    return tuple(
        Resource(f"{letter}{i}", kind, ResourceScope.TEACHER, limit, f"{letter} {i}")
        for letter, kind, limits in kinds
        for i, limit in enumerate(limits, 1)
    )


def _module(job: Job, before: tuple[str, ...], resources: tuple[Resource, ...]) -> Module:
    name = _name(job.number)
    modes = tuple(
        Mode(
            f"mode-{k}",
            FORM,
            contact_hours=0,
            independent_hours=0,
            practice_hours=0,
            duration=mode.duration,
            credits=0,
            price=0,
            resources=tuple(
                ResourceUse(resource.id, amount)
                for resource, amount in zip(resources, (*mode.demands, *mode.takes), strict=True)
                if amount
            ),
        )
        for k, mode in enumerate(job.modes, 1)
    )
    taught = (node_of(name),)
    return Module(name, name, Component.SUBJECT, taught, modes, entry=Entry(modules=before))


def _looks_like(source: Source) -> bool:
    return "PRECEDENCE RELATIONS" in source.text[:20_000]


def _read(source: Source, problems: Problems) -> Conversion | None:
    project = parse(source, problems)
    return None if project is None else convert(project, source)


PSPLIB = Importer(
    "psplib",
    "project scheduling with one mode or several: PSPLIB, MMLIB",
    (".sm", ".mm"),
    _looks_like,
    _read,
    most_characters=MOST_CHARACTERS,
)
