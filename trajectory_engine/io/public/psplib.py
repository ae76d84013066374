"""Project scheduling: PSPLIB ``.sm`` and ``.mm``, and MMLIB's variants of it.

A job becomes a module with one mode for each of the job's, without hours; its successors have it as
an entry module. Every job is a hard goal, and the completion is minimised. The format is the one of
ProGen (Kolisch & Sprecher 1996, "PSPLIB - a project scheduling problem library").
"""

from __future__ import annotations

from collections.abc import Iterator
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
    order = list(_order(sections[PRECEDENCE], header, complaints))
    modes = _modes(sections[REQUESTS], header, complaints)
    limits = _limits(sections[AVAILABILITIES], header, complaints)
    if order and modes:
        _compare(order, modes, complaints)
    if problems:
        return None
    renewable = header.renewable or 0
    jobs = tuple(
        Job(o.number, o.row, tuple(m.mode for m in modes[o.number]), o.successors) for o in order
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


def _order(lines: Lines, header: Header, complaints: Complaints) -> Iterator[_Order]:
    """Yield the jobs of the section of precedence relations."""
    jobs = header.jobs
    sound = True
    found = []
    for at, (row, tokens) in enumerate(lines.rows, 1):
        columns = ("jobnr.", "#modes", "#successors")
        values = [
            complaints.whole(token, row, columns[k] if k < 3 else "successors", k < 2 or k > 2)
            for k, token in enumerate(tokens)
        ]
        if len(tokens) < 3:
            complaints.count(row, "", len(tokens), 3, "numbers at least")
        numbers = [v for v in values if v is not None]
        if len(numbers) < max(len(tokens), 3):
            sound = False
            continue
        number, modes, count, *successors = numbers
        if number != at:
            complaints.add("job_number", row, "jobnr.", f"job {number}", f"job {at}")
        complaints.count(row, "successors", len(successors), count, "successors")
        found.append(_Order(at, row, modes, tuple(successors)))
        _check_successors(found[-1], jobs, complaints)
    if jobs is not None and lines.title_row is not None:
        complaints.count(lines.title_row, "", len(lines.rows), jobs, "jobs")
    if sound:
        _check_circles(found, complaints)
    yield from found


def _check_successors(job: _Order, jobs: int | None, complaints: Complaints) -> None:
    for k, other in enumerate(job.successors):
        if other in job.successors[:k]:
            complaints.add("duplicate_id", job.row, "successors", f"job {other} again", "it once")
        elif other == job.number:
            complaints.add("itself", job.row, "successors", f"job {other} itself", "another job")
        elif jobs is not None and other > jobs:
            expected = f"a job from 1 to {jobs}"
            complaints.add("unknown_id", job.row, "successors", f"job {other}", expected)


def _check_circles(jobs: list[_Order], complaints: Complaints) -> None:
    pairs = [(s, j.number) for j in jobs for s in j.successors if s != j.number]
    circle = a_circle(pairs)
    if circle:
        row = next((j.row for j in jobs if j.number == circle[0]), None)
        complaints.circle(row, [f"job {number}" for number in circle], "jobs")


@dataclass(frozen=True)
class _ModeLine:
    row: int
    number: int
    mode: JobMode


def _modes(lines: Lines, header: Header, complaints: Complaints) -> dict[int, list[_ModeLine]]:
    """Return the modes by the number of the job; the first line of a job begins with it."""
    found: dict[int, list[_ModeLine]] = {}
    if header.renewable is None or header.nonrenewable is None:
        return found
    width = 2 + header.renewable + header.nonrenewable
    names = ["mode", "duration"]
    names += [f"R {i + 1}" for i in range(header.renewable)]
    names += [f"N {i + 1}" for i in range(header.nonrenewable)]
    job = 0
    for row, tokens in lines.rows:
        rest = tokens
        if len(tokens) == width + 1:
            number = complaints.whole(tokens[0], row, "jobnr.", 1)
            rest = tokens[1:]
            job += 1
            if number is not None and number != job:
                complaints.add("job_number", row, "jobnr.", f"job {number}", f"job {job}")
            found[job] = []
        elif len(tokens) != width or not job:
            expected = width + 1 if not job else width
            complaints.count(row, "", len(tokens), expected, "numbers")
            continue
        values = [
            complaints.whole(t, row, n, n == "mode") for t, n in zip(rest, names, strict=True)
        ]
        if None not in values:
            sound = [v for v in values if v is not None]
            cut = 2 + header.renewable
            mode = JobMode(sound[1], tuple(sound[2:cut]), tuple(sound[cut:]))
            found[job].append(_ModeLine(row, sound[0], mode))
    return found


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
        row = listed[0].row if listed else job.row
        complaints.count(row, "mode", len(listed), job.modes, f"modes of job {job.number}")
        for at, line in enumerate(listed, 1):
            if line.number != at:
                complaints.add("mode_number", line.row, "mode", f"mode {line.number}", f"mode {at}")
    known = {job.number for job in order}
    for number, listed in modes.items():
        if number not in known and listed:
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
        (Teacher(TEACHER, (0,) * calendar.horizon, goals=goals_on(names)),),
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
)
