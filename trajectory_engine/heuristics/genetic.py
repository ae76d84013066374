"""Genetic search over activity lists and modes, every schedule improved forwards and backwards.

After Hartmann (2002) and Valls, Ballestin and Quintanilla (2008): an individual is a list of
activities with a way for each; a child takes stretches of the lists of two parents, and the ways
with them; swaps of modes are repaired until the budgets hold; and while a child is improved, in
both directions, some activities change their way (``mode_justification``).  What is reached depends
on the seed and on counted effort, never on the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from trajectory_engine.heuristics.generation import (
    Effort,
    by_start,
    forward,
    justify,
    latest_end,
)
from trajectory_engine.heuristics.mode_choice import greedy, repair
from trajectory_engine.heuristics.mode_justification import justify_modes
from trajectory_engine.heuristics.project import Project

POPULATION = 40
TRIALS = 2
"""Tries at ways that keep the budgets before the search gives up, for each individual."""
MUTATION = 0.05
SWITCH = 0.5
"""Part of the activities that look for a better way whenever a schedule is improved."""
STALE = 25
"""Children, as a multiple of the population, without gain after which a new one is founded."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule that keeps the budgets.

    Attributes
    ----------
    order : tuple of int
        Activities by start.
    picks, starts : tuple of int
        By activity.
    end : int
    total : int
        Sum of all ends: of schedules that end alike, the smaller is the more promising.
    """

    order: tuple[int, ...]
    picks: tuple[int, ...]
    starts: tuple[int, ...]
    end: int
    total: int

    @property
    def rank(self) -> tuple[int, int]:
        """Return what is minimised."""
        return self.end, self.total


class GeneticSearch:
    """Search for a short schedule of one project; may be continued.

    Parameters
    ----------
    project : Project
    seed : int

    Attributes
    ----------
    population : list of Schedule
        The shortest first.
    """

    def __init__(self, project: Project, seed: int) -> None:
        self.project = project
        self.population: list[Schedule] = []
        self._random = Random(seed)
        self._effort = Effort()
        self._tail = tails(project)

    @property
    def placements(self) -> int:
        """Activities put on a calendar so far: the effort."""
        return self._effort.placements

    def run(self, placements: int, least: int) -> Iterator[Schedule]:
        """Yield ever shorter schedules, shorter than any found before.

        Parameters
        ----------
        placements : int
            Effort after which the search ends.
        least : int
            End that no schedule can beat: the search ends when it is reached.
        """
        limit = self.placements + placements
        best = self.population[0].end if self.population else None
        if best is not None and best <= least:
            return
        for found in self._candidates(limit):
            if best is None or found.end < best:
                best = found.end
                yield found
                if best <= least:
                    return

    def add(self, picks: Sequence[int], starts: Sequence[int]) -> None:
        """Add a schedule that was found elsewhere."""
        self._enter(self._schedule(list(picks), list(starts)))

    def _candidates(self, limit: int) -> Iterator[Schedule]:
        """Yield individuals: a founded population, its children, then a new population."""
        while self.placements < limit:
            if len(self.population) < POPULATION:
                founder = self._found(len(self.population))
                if founder is None:
                    return
                self._enter(founder)
                yield founder
                continue
            yield from self._breed(limit)
            elite = self.population[: POPULATION // 10]
            self.population = elite if self.placements < limit else self.population

    def _breed(self, limit: int) -> Iterator[Schedule]:
        """Yield children until they bring nothing for long."""
        stale = 0
        while stale < STALE * POPULATION and self.placements < limit:
            child = self._child()
            stale += 1
            if child is not None and self._enter(child):
                if child.rank <= self.population[0].rank:
                    stale = 0
                yield child

    def _enter(self, new: Schedule) -> bool:
        """Take a schedule into the population unless it is there or the worst of a full one."""
        if any(new.rank == old.rank and new.starts == old.starts for old in self.population):
            return False
        full = len(self.population) >= POPULATION
        if full and new.rank >= self.population[-1].rank:
            return False
        self.population = sorted([*self.population, new], key=lambda s: s.rank)[:POPULATION]
        return True

    # ---- individuals -----------------------------------------------------------------------------

    def _found(self, number: int) -> Schedule | None:
        """Return a founder: activities with a long tail go first, more or less."""
        random, project = self._random, self.project
        for trial in range(TRIALS):
            hurry = random.random() if number + trial else 1.0
            picks = greedy(project, random, hurry)
            if picks is None:
                continue
            noise = random.random() if number else 0.0
            longest = max(self._tail, default=0) + 1
            weight = [(1 - noise) * tail + noise * longest * random.random() for tail in self._tail]
            found = self._built(_listed(project, weight), picks)
            if found is not None:
                return found
        return None

    def _child(self) -> Schedule | None:
        """Return a child of two parents, None if it cannot be scheduled."""
        random = self._random
        mother, father = (self._parent() for _ in range(2))
        first, last = sorted(random.sample(range(len(mother.order) + 1), 2))
        middle = set(mother.order[first:last])
        if random.random() < 0.5:
            # The stretch comes from the mother, what is before and after it from the father.
            order, own = _spliced(mother.order, father.order, first, last), middle
        else:
            inside = set(_spliced(father.order, mother.order, first, last)[first:last])
            order, own = _spliced(father.order, mother.order, first, last), inside
            mother, father = father, mother
        picks = [mother.picks[a] if a in own else father.picks[a] for a in range(len(mother.order))]
        self._mutate(order, picks)
        if self.project.has_modes and not repair(self.project, picks, random):
            return None
        return self._built(order, picks)

    def _parent(self) -> Schedule:
        """Return the better of two individuals."""
        size = len(self.population)
        return self.population[min(self._random.randrange(size) for _ in range(2))]

    def _mutate(self, order: list[int], picks: list[int]) -> None:
        """Exchange neighbours that do not wait for each other, and modes, here and there."""
        random, before = self._random, self.project.before
        for i in range(len(order) - 1):
            if random.random() < MUTATION and order[i] not in before[order[i + 1]]:
                order[i], order[i + 1] = order[i + 1], order[i]
        for activity, ways in enumerate(self.project.ways):
            if len(ways) > 1 and random.random() < MUTATION:
                picks[activity] = random.randrange(len(ways))

    def _built(self, order: Sequence[int], picks: list[int]) -> Schedule | None:
        """Return the schedule of a list, improved; None if it does not fit on the calendar."""
        project, effort = self.project, self._effort
        starts = forward(project, order, picks, effort)
        if starts is None:
            return None
        if project.has_modes:
            picks, starts = justify_modes(project, picks, starts, SWITCH, self._random, effort)
        else:
            starts = justify(project, picks, starts, effort)
        return self._schedule(picks, starts)

    def _schedule(self, picks: list[int], starts: list[int]) -> Schedule:
        ways = self.project.ways
        return Schedule(
            tuple(by_start(self.project, picks, starts)),
            tuple(picks),
            tuple(starts),
            latest_end(self.project, picks, starts),
            sum(s + ways[a][picks[a]].duration for a, s in enumerate(starts)),
        )


def _spliced(first: Sequence[int], second: Sequence[int], begin: int, end: int) -> list[int]:
    """Return a list: ``second`` around ``[begin, end)`` positions filled from ``first``.

    The positions before ``begin`` come from ``second``; those up to ``end`` from ``first``, in its
    order, without what is there; the rest from ``second``.  Both lists respect precedence, and so
    does the result (Hartmann, 1998).
    """
    child = list(second[:begin])
    there = set(child)
    for activity in first:
        if len(child) == end:
            break
        if activity not in there:
            child.append(activity)
            there.add(activity)
    child += [a for a in second if a not in there]
    return child


def _listed(project: Project, weight: Sequence[float]) -> list[int]:
    """Return a list that respects precedence, of what may come next the heaviest first."""
    open_ones = {a for a, before in enumerate(project.before) if not before}
    left = [len(before) for before in project.before]
    order: list[int] = []
    while open_ones:
        activity = max(open_ones, key=lambda a: (weight[a], -a))
        open_ones.remove(activity)
        order.append(activity)
        for later in project.after[activity]:
            left[later] -= 1
            if not left[later]:
                open_ones.add(later)
    return order


def tails(project: Project) -> list[int]:
    """Return, by activity, the longest chain from its start, each in its shortest way."""
    tail = [0] * len(project.ways)
    for activity in reversed(project.order):
        tail[activity] = project.shortest(activity) + max(
            (tail[a] for a in project.after[activity]), default=0
        )
    return tail
