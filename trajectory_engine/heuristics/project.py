"""Chosen modules as a project: activities with modes, precedence, and one packed calendar.

What must fit into a period (study hours, renewable resources, limits on what runs in parallel) is
packed into one integer, a field of bits for each with a guard bit above it.  Subtracting a demand
clears a guard bit exactly where it overdraws its field, so one operation answers for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.teacher_problem import (
    Choice,
    Group,
    ModeOption,
    Ordering,
    Row,
    TeacherProblem,
)

Limits = Sequence[tuple[ObjectiveName, int]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to do an activity.

    Attributes
    ----------
    mode : int
        Index into the module's ``modes``.
    first, last : int
        Earliest and latest start.
    allowed : frozenset of int or None
        The starts, None if every period from ``first`` to ``last`` is one.
    demand : tuple of int
        What it takes in every period that it lasts, packed.
    is_even : bool
        Whether it takes the same in all of them, so that a full period can be jumped over.
    uses : tuple of int
        What it takes of every budget; may be negative.
    """

    mode: int
    duration: int
    first: int
    last: int
    allowed: frozenset[int] | None
    demand: tuple[int, ...]
    is_even: bool
    uses: tuple[int, ...]

    def starts_between(self, earliest: int, latest: int) -> Iterator[int]:
        """Yield the starts from one period to another, both included."""
        for start in range(max(self.first, earliest), min(self.last, latest) + 1):
            if self.allowed is None or start in self.allowed:
                yield start


@dataclass(frozen=True, slots=True)
class Project:
    """Activities, all of which are to be done.

    Attributes
    ----------
    modules : tuple of int
        Module index by activity.
    ways : tuple of tuple of Way
        By activity; none is empty.
    before, after : tuple of tuple of int
        Activities that end by the start of an activity; that start after its end.
    order : tuple of int
        The activities, none before one that it waits for.
    free : tuple of int
        What every period offers, packed, with all guard bits set.
    guards : int
        The guard bits.
    budgets : tuple of int
        The most that the uses of all ways taken may sum to.
    fields : tuple of (int, int)
        Of what is packed: by how many bits it is shifted, and the mask of its bits without shift.
    is_strict : bool
        Whether precedence is stricter than what was asked, as where an order binds some modes
        only: what is proven about the project is then not proven of the problem.
    """

    modules: tuple[int, ...]
    ways: tuple[tuple[Way, ...], ...]
    before: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    free: tuple[int, ...]
    guards: int
    budgets: tuple[int, ...]
    fields: tuple[tuple[int, int], ...]
    is_strict: bool

    def offers(self, field: int) -> tuple[int, ...]:
        """Return what every period offers of a field."""
        shift, mask = self.fields[field]
        return tuple(packed >> shift & mask for packed in self.free)

    def load(self, way: Way, field: int) -> tuple[int, ...]:
        """Return what a way takes of a field in every period that it lasts."""
        shift, mask = self.fields[field]
        return tuple(packed >> shift & mask for packed in way.demand)

    def shortest(self, activity: int) -> int:
        """Return how long an activity lasts in its shortest way."""
        return min(way.duration for way in self.ways[activity])

    def latest_end(self, picks: Sequence[int], starts: Sequence[int]) -> int:
        """Return the end of the last activity of a schedule, 0 without one."""
        chosen = zip(self.ways, picks, starts, strict=True)
        return max((start + ways[pick].duration for ways, pick, start in chosen), default=0)

    @property
    def has_modes(self) -> bool:
        """Whether some activity can be done in more than one way."""
        return any(len(ways) > 1 for ways in self.ways)

    def positions(self, choices: Iterable[Choice]) -> tuple[list[int], list[int]] | None:
        """Return ways and starts of a plan, None if it is not one of these activities."""
        taken = {c.module: c for c in choices}
        if set(taken) != set(self.modules):
            return None
        picks, starts = [], []
        for module, ways in zip(self.modules, self.ways, strict=True):
            of_mode = [i for i, way in enumerate(ways) if way.mode == taken[module].mode]
            if not of_mode:
                return None
            picks.append(of_mode[0])
            starts.append(taken[module].start)
        return picks, starts

    def choices(self, picks: Sequence[int], starts: Sequence[int]) -> tuple[Choice, ...]:
        """Return a schedule as choices, ordered by start and module."""
        found = (
            Choice(module, ways[pick].mode, start)
            for module, ways, pick, start in zip(
                self.modules, self.ways, picks, starts, strict=True
            )
        )
        return tuple(sorted(found, key=lambda c: (c.start, c.module)))


def project_of(
    problem: TeacherProblem, modules: Iterable[int], limits: Limits = ()
) -> Project | None:
    """Return the modules as a project, None if what the problem asks for has no place there.

    There is no place for modules that start or end together, for entries that several of the
    modules could satisfy, and for hard rows over starts.

    Parameters
    ----------
    limits : sequence of (ObjectiveName, int)
        The most that study hours and cost may be; others are not looked at.
    """
    chosen = tuple(sorted(set(modules)))
    if not _is_plain(problem, chosen):
        return None
    before = _precedence(problem, chosen)
    order = None if before is None else _topological(before)
    if before is None or order is None:
        return None
    fields = _fields(problem)
    budgets = [*_rows(problem), *_limited(problem, limits)]
    ways = tuple(tuple(_ways(problem, fields, budgets, m)) for m in chosen)
    if not all(ways):
        return None
    after: list[list[int]] = [[] for _ in chosen]
    for activity, earlier in enumerate(before):
        for other in earlier:
            after[other].append(activity)
    free, guards = _offers(problem, fields)
    return Project(
        chosen,
        ways,
        tuple(tuple(sorted(b)) for b in before),
        tuple(tuple(a) for a in after),
        order,
        free,
        guards,
        tuple(most for _, most in budgets),
        tuple((f.shift, (f.guard >> f.shift) - 1) for f in fields),
        any(_binds_some_modes(problem, ordering) for ordering in problem.orderings),
    )


def tails(project: Project) -> list[int]:
    """Return, by activity, the longest chain from its start, each in its shortest way."""
    tail = [0] * len(project.ways)
    for activity in reversed(project.order):
        tail[activity] = project.shortest(activity) + max(
            (tail[a] for a in project.after[activity]), default=0
        )
    return tail


def _is_plain(problem: TeacherProblem, chosen: Sequence[int]) -> bool:
    """Return whether nothing but precedence, periods and budgets is asked of the modules."""
    related = any(problem.modules[m].co or problem.modules[m].strict_co for m in chosen)
    timed = any((r.timed or r.when) and r.guard is None for r in problem.rows)
    return not related and not timed


# ---- precedence ----------------------------------------------------------------------------------


def _precedence(problem: TeacherProblem, chosen: Sequence[int]) -> list[set[int]] | None:
    """Return the activities before each activity; None if there is a choice."""
    position = {m: a for a, m in enumerate(chosen)}
    before: list[set[int]] = [set() for _ in chosen]
    sources = _Sources(problem, position)
    for activity, module in enumerate(chosen):
        option = problem.modules[module]
        for group in option.entry:
            found = sources.of_group(group)
            if found is None:
                return None
            before[activity] |= found
        for alternatives in option.entry_modules:
            known = [position[m] for m in alternatives if m in position]
            if len(known) != 1:
                return None
            before[activity].add(known[0])
    for ordering in problem.orderings:
        if ordering.guard is None:
            first = {position[m] for m, _ in ordering.before if m in position}
            for m in {m for m, _ in ordering.after if m in position}:
                before[position[m]] |= first - {position[m]}
    return before


def _binds_some_modes(problem: TeacherProblem, ordering: Ordering) -> bool:
    """Return whether modules are under an order in some of their modes only."""
    return ordering.guard is None and any(
        (m, k) not in side
        for side in (set(ordering.before), set(ordering.after))
        for m in {m for m, _ in side}
        for k in range(len(problem.modules[m].modes))
    )


class _Sources:
    """Which activities a class waits for."""

    def __init__(self, problem: TeacherProblem, position: Mapping[int, int]) -> None:
        self._problem = problem
        self._position = position
        self._found: dict[int, set[int] | None] = {}

    def of_group(self, group: Group) -> set[int] | None:
        """Return the activities that all must have ended; None if there is a choice."""
        if not group.needs_all:
            return None
        return self._union(c for c, _ in group.members)

    def _union(self, classes: Iterable[int]) -> set[int] | None:
        total: set[int] = set()
        for c in classes:
            found = self._of_class(c)
            if found is None:
                return None
            total |= found
        return total

    def _of_class(self, c: int) -> set[int] | None:
        if c not in self._found:
            node_class = self._problem.classes[c]
            known = [self._position[m] for m in node_class.providers if m in self._position]
            needs = node_class.rule_needs
            if needs is None:
                self._found[c] = set(known) if len(known) == 1 else None
            else:
                self._found[c] = None if known else self._union(needs)
        return self._found[c]


def _topological(before: Sequence[set[int]]) -> tuple[int, ...] | None:
    """Return the activities so that none comes before one that it waits for; None in a circle."""
    order: list[int] = []
    waits = [len(earlier) for earlier in before]
    after: list[list[int]] = [[] for _ in before]
    for a, earlier in enumerate(before):
        for b in earlier:
            after[b].append(a)
    ready = [a for a, count in enumerate(waits) if not count]
    while ready:
        order += ready
        following = []
        for a in ready:
            for b in after[a]:
                waits[b] -= 1
                if not waits[b]:
                    following.append(b)
        ready = sorted(following)
    return tuple(order) if len(order) == len(before) else None


# ---- periods -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Field:
    """Bits of the packed integers: study hours, a resource, or a limit on parallel modes."""

    shift: int
    guard: int
    offers: Sequence[int]
    resource: int | None = None
    beside: frozenset[tuple[int, int]] | None = None

    def amount(self, module: int, k: int, mode: ModeOption, offset: int) -> int:
        """Return what a mode takes in one of its periods."""
        if self.resource is not None:
            return dict(mode.renewable).get(self.resource, 0)
        if self.beside is not None:
            return int((module, k) in self.beside)
        return mode.load[offset] if mode.load else 0


def _fields(problem: TeacherProblem) -> list[_Field]:
    fields: list[_Field] = []
    shift = 0

    def add(
        offers: Sequence[int],
        resource: int | None = None,
        beside: frozenset[tuple[int, int]] | None = None,
    ) -> None:
        nonlocal shift
        width = max(offers, default=0).bit_length()
        fields.append(_Field(shift, 1 << (shift + width), offers, resource, beside))
        shift += width + 1

    deadline = problem.deadline
    if any(k.hours for m in problem.modules for k in m.modes):
        add(problem.capacity)
    for resource, capacity in problem.renewable_capacity.items():
        add([capacity] * deadline, resource)
    for parallel in problem.parallels:
        if parallel.guard is None:
            add([parallel.most] * deadline, None, frozenset(parallel.modes))
    return fields


def _offers(problem: TeacherProblem, fields: Sequence[_Field]) -> tuple[tuple[int, ...], int]:
    guards = sum(field.guard for field in fields)
    periods = range(problem.deadline)
    free = tuple(guards + sum(f.offers[p] << f.shift for f in fields) for p in periods)
    return free, guards


def _ways(
    problem: TeacherProblem,
    fields: Sequence[_Field],
    budgets: Sequence[tuple[Mapping[tuple[int, int], int], int]],
    module: int,
) -> Iterator[Way]:
    """Yield the ways of a module; what alone overdraws something is none."""
    for k, mode in enumerate(problem.modules[module].modes):
        amounts = [
            [field.amount(module, k, mode, offset) for field in fields]
            for offset in range(mode.duration)
        ]
        most = [max(field.offers, default=0) for field in fields]
        fits = all(a <= m for row in amounts for a, m in zip(row, most, strict=True))
        if not mode.starts or not fits:
            continue
        first, last = mode.starts[0], mode.starts[-1]
        dense = len(mode.starts) == last - first + 1
        demand = tuple(
            sum(a << field.shift for a, field in zip(row, fields, strict=True)) for row in amounts
        )
        uses = tuple(use.get((module, k), 0) for use, _ in budgets)
        allowed = None if dense else frozenset(mode.starts)
        even = len(set(demand)) <= 1
        yield Way(k, mode.duration, first, last, allowed, demand, even, uses)


# ---- budgets -------------------------------------------------------------------------------------


def _rows(problem: TeacherProblem) -> Iterator[tuple[Mapping[tuple[int, int], int], int]]:
    """Yield hard rows as budgets: uses by mode, and the most of their sum."""
    for row in problem.rows:
        if row.guard is None:
            yield from _sides(row)


def _sides(row: Row) -> Iterator[tuple[Mapping[tuple[int, int], int], int]]:
    uses: dict[tuple[int, int], int] = {}
    for literal, coefficient in row.terms:
        uses[literal] = uses.get(literal, 0) + coefficient
    if row.most is not None:
        yield uses, row.most
    if row.least is not None:
        yield {literal: -v for literal, v in uses.items()}, -row.least


def _limited(
    problem: TeacherProblem, limits: Limits
) -> Iterator[tuple[Mapping[tuple[int, int], int], int]]:
    for name, most in (*problem.limits, *limits):
        if name in (ObjectiveName.STUDY_HOURS, ObjectiveName.COST):
            yield (
                {
                    (m, k): mode.hours if name is ObjectiveName.STUDY_HOURS else mode.price
                    for m, module in enumerate(problem.modules)
                    for k, mode in enumerate(module.modes)
                },
                most,
            )
