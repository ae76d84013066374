"""Periods filled one after the other, with the most promising beginnings kept side by side.

Where work hardly fits into the periods before a deadline, what counts is that each period is full,
not which activity goes first: a list of activities cannot say that.  A beam search (Lowerre, 1976;
for schedules Ow and Morton, 1988) goes from period to period.  What starts in a period is chosen as
for a knapsack: of the sets of activities that leave the same, the one with the longest chains
behind it.  Of the beginnings of schedules those go on that have wasted little and have little left
before long chains.  One is given up as soon as a chain, the work left, or a budget cannot be kept,
so that a hopeless deadline costs nearly nothing.

The periods may as well be filled from the last one back to the first.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, product
from operator import sub
from random import Random
from typing import NamedTuple

from trajectory_engine.heuristics.project import Project, Way

FILLINGS = 4
"""Sets of activities for one period with which a beginning goes on."""
ALIKE = (1, 3)
"""Of the sets that leave the same so many are kept: one is enough where chains count."""
ENTRIES = 48
"""Different amounts left of a period that are kept while it is filled."""
NOISE = 0.1
"""By what part of itself the worth of an activity is noised at most."""
LEAST_WORTH = 0.01
"""What an activity is worth at least: of sets that leave the same the larger one is better."""
WEIGHTS = (0.3, 1.0, 3.0)
"""What work left before long chains counts beside wasted work."""
EFFORT_OF_BEGINNING = 4
"""What a beginning costs, counted as activities tried in a period."""

MANNERS = tuple(product(ALIKE, WEIGHTS, (False, True)))
"""How many are alike, weights, and whether the last period is filled first."""


class _Option(NamedTuple):
    """A way of an activity, as the periods are filled.

    ``demand`` is by period in the direction of filling; ``excess`` and ``uses`` are its work in
    the scarce field and what it takes of budgets, over the least of the activity.
    """

    activity: int
    pick: int
    way: Way
    demand: tuple[int, ...]
    load: int
    excess: int
    uses: tuple[int, ...]


class _Filling(NamedTuple):
    """What starts in a period: as options and as bits, its worth, and what the periods offer then.

    ``window`` is what this period and those after it offer, packed.
    """

    worth: float
    window: tuple[int, ...]
    options: tuple[_Option, ...]
    bits: int


class _Beginning(NamedTuple):
    """A schedule of what starts before some period.

    Attributes
    ----------
    waste : int
        What the periods so far have not used of the scarce field, with all excess.
    left : float
        Work that has not started, each with the part of the longest chain that is behind it.
    started, ended : int
        Activities as bits.
    running : tuple of (int, int)
        End and activity.
    ready : tuple of int
        Activities that have not started and wait for nothing.
    window : tuple of int
        What the next periods offer, packed.
    uses : tuple of int
        Of every budget, over the least.
    history : tuple or None
        The history before, a period, and what started in it.
    """

    waste: int
    left: float
    started: int
    ended: int
    running: tuple[tuple[int, int], ...]
    ready: tuple[int, ...]
    window: tuple[int, ...]
    uses: tuple[int, ...]
    history: _History | None


_History = tuple["_History | None", int, tuple[_Option, ...]]


class _Direction:
    """What is known of the activities for all deadlines, in one direction of time."""

    def __init__(self, project: Project, *, backwards: bool) -> None:
        self.project = project
        self.backwards = backwards
        self.before = project.after if backwards else project.before
        self.after = project.before if backwards else project.after
        self.order = project.order[::-1] if backwards else project.order
        scarce = _scarce(project)
        self.offers = (0,) * len(project.free) if scarce is None else project.offers(scarce)
        self.shift, mask = (0, 0) if scarce is None else project.fields[scarce]
        self.mask = mask << self.shift
        work = [
            [0 if scarce is None else sum(project.load(way, scarce)) for way in ways]
            for ways in project.ways
        ]
        self.work = [min(own) for own in work]
        self.tails = self._tails()
        uses = [
            [min(u) for u in zip(*(w.uses for w in ways), strict=True)] for ways in project.ways
        ]
        self.spare = [
            most - sum(least[b] for least in uses) for b, most in enumerate(project.budgets)
        ]
        self.options = [
            [self._option(a, k, work[a][k] - self.work[a], uses[a]) for k in range(len(ways))]
            for a, ways in enumerate(project.ways)
        ]
        longest = max(self.tails, default=0) or 1
        self.urgency = [tail / longest for tail in self.tails]
        self.left = [max(1, work) * u for work, u in zip(self.work, self.urgency, strict=True)]
        self.waits = [sum(1 << b for b in before) for before in self.before]

    def _option(self, activity: int, pick: int, excess: int, least: Sequence[int]) -> _Option:
        way = self.project.ways[activity][pick]
        demand = way.demand[::-1] if self.backwards else way.demand
        load = self.of_scarce(demand[0]) if demand else 0
        uses = tuple(map(sub, way.uses, least))
        return _Option(activity, pick, way, demand, load, excess, uses)

    def of_scarce(self, packed: int) -> int:
        """Return the scarce field of what is packed."""
        return (packed & self.mask) >> self.shift

    def _tails(self) -> list[int]:
        """Return, by activity, how long before the end it must start.

        All work behind it that has itself at least so much behind it must be done before that.
        """
        size, most = len(self.before), max(self.offers, default=0) or 1
        shortest = [self.project.shortest(a) for a in range(size)]
        tails, behind = [0] * size, [0] * size
        for a in reversed(self.order):
            for b in self.after[a]:
                behind[a] |= 1 << b | behind[b]
            wait = max((tails[b] for b in self.after[a]), default=0)
            done = 0
            later = [b for b in range(size) if behind[a] >> b & 1]
            for b in sorted(later, key=lambda b: shortest[b] - tails[b]):
                done += self.work[b]
                wait = max(wait, tails[b] - shortest[b] - (-done // most))
            tails[a] = shortest[a] + wait
        return tails


class _Calendar:
    """The periods before a deadline, in the direction in which they are filled."""

    def __init__(self, direction: _Direction, deadline: int, alike: int, random: Random) -> None:
        self._direction = direction
        self._alike = alike
        self._deadline = deadline
        self._guards = guards = direction.project.guards
        size = len(direction.tails)
        free = direction.project.free[:deadline]
        self._reach = max((way.duration for w in direction.project.ways for way in w), default=1)
        self._free = (free[::-1] if direction.backwards else free) + (guards,) * (self._reach + 1)
        self._slack = sum(direction.offers[:deadline]) - sum(direction.work)
        self._worth = [u * (1 + NOISE * random.random()) for u in direction.urgency]
        starting: list[int] = [0] * (deadline + 1)
        for a, tail in enumerate(direction.tails):
            starting[max(0, deadline - tail)] |= 1 << a
        self._urgent = [0] * (deadline + 1)
        urgent = 0
        for period, bits in enumerate(starting):
            urgent |= bits
            self._urgent[period] = urgent
        self.is_hopeless = (
            max(direction.tails, default=0) > deadline
            or self._slack < 0
            or min(direction.spare, default=0) < 0
        )
        self.all = (1 << size) - 1
        self.tried = 0

    def begin(self) -> _Beginning:
        """Return the schedule of nothing."""
        direction = self._direction
        ready = tuple(a for a, waits in enumerate(direction.waits) if not waits)
        window, uses = self._free[: self._reach], (0,) * len(direction.spare)
        return _Beginning(0, sum(direction.left), 0, 0, (), ready, window, uses, None)

    def entered(self, beginning: _Beginning, period: int) -> _Beginning:
        """Return a beginning with what has ended by a period."""
        over = [a for end, a in beginning.running if end <= period]
        if not over:
            return beginning
        ended, ready = beginning.ended, list(beginning.ready)
        for a in over:
            ended |= 1 << a
        waits = self._direction.waits
        for b in dict.fromkeys(b for a in over for b in self._direction.after[a]):
            if not waits[b] & ~ended:
                ready.append(b)
        running = tuple(entry for entry in beginning.running if entry[0] > period)
        return beginning._replace(ended=ended, ready=tuple(ready), running=running)

    def followed(self, beginning: _Beginning, period: int) -> Iterator[_Beginning]:
        """Yield what may become of a beginning in a period."""
        must = self._urgent[period] & ~beginning.started
        mask = self._direction.mask
        fillings = [f for f in self._fillings(beginning, period, must) if not must & ~f.bits]
        self.tried += EFFORT_OF_BEGINNING * min(FILLINGS, len(fillings))
        fillings.sort(key=lambda f: (f.window[0] & mask, -f.worth))
        for filling in fillings[:FILLINGS]:
            new = self._filled(beginning, period, filling)
            if new is not None:
                yield new

    def _fillings(self, beginning: _Beginning, period: int, must: int) -> list[_Filling]:
        """Return sets of activities that may start in a period, the worthiest that leave the same.

        ``must`` says which of them cannot start later.
        """
        guards, window = self._guards, beginning.window

        def rank(filling: _Filling) -> tuple[bool, float]:
            return bool(must & ~filling.bits), -filling.worth

        entries = {window[0]: [_Filling(0.0, window, (), 0)]}
        for activity in beginning.ready:
            options = [o for o in self._direction.options[activity] if self._may_start(o, period)]
            if not options:
                continue
            bit, hurry = 1 << activity, self._worth[activity]
            for old in list(chain.from_iterable(entries.values())):
                for option in options:
                    self.tried += 1
                    demand = option.demand
                    for free, amount in zip(old.window, demand, strict=False):
                        if (free - amount) & guards != guards:
                            break
                    else:
                        worth = old.worth + max(1, option.load) * hurry + LEAST_WORTH
                        after = (*map(sub, old.window, demand), *old.window[len(demand) :])
                        new = _Filling(worth, after, (*old.options, option), old.bits | bit)
                        known = entries.setdefault(after[0], [])
                        if len(known) < self._alike or rank(new) < rank(known[-1]):
                            insort(known, new, key=rank)
                            del known[self._alike :]
            if len(entries) > ENTRIES:
                kept = sorted(entries.items(), key=lambda entry: rank(entry[1][0]))
                entries = dict(kept[:ENTRIES])
        return list(chain.from_iterable(entries.values()))

    def _may_start(self, option: _Option, period: int) -> bool:
        start, way = self._start(option, period), option.way
        return way.first <= start <= way.last and (way.allowed is None or start in way.allowed)

    def _start(self, option: _Option, period: int) -> int:
        """Return the start of what begins in a period of the direction of filling."""
        if self._direction.backwards:
            return self._deadline - period - option.way.duration
        return period

    def _filled(self, beginning: _Beginning, period: int, filling: _Filling) -> _Beginning | None:
        """Return a beginning one period later, None if it cannot end by the deadline."""
        direction, options = self._direction, filling.options
        waste = beginning.waste + direction.of_scarce(filling.window[0])
        waste += sum(option.excess for option in options)
        uses = tuple(
            used + sum(option.uses[b] for option in options)
            for b, used in enumerate(beginning.uses)
        )
        if waste > self._slack or any(u > s for u, s in zip(uses, direction.spare, strict=True)):
            return None
        running = [(period + option.way.duration, option.activity) for option in options]
        if any(end > self._deadline for end, _ in running):
            return None
        return _Beginning(
            waste,
            beginning.left - sum(direction.left[option.activity] for option in options),
            beginning.started | filling.bits,
            beginning.ended,
            tuple(sorted([*beginning.running, *running])),
            tuple(a for a in beginning.ready if not filling.bits >> a & 1),
            (*filling.window[1:], self._free[period + self._reach]),
            uses,
            (beginning.history, period, options) if options else beginning.history,
        )

    def schedule(self, beginning: _Beginning) -> tuple[list[int], list[int]]:
        """Return ways and starts, all activities being there."""
        size = len(self._direction.tails)
        picks, starts = [0] * size, [0] * size
        history = beginning.history
        while history is not None:
            history, period, options = history
            for option in options:
                picks[option.activity] = option.pick
                starts[option.activity] = self._start(option, period)
        return picks, starts


class FillingSearch:
    """Search for schedules of one project that end by a deadline.

    Parameters
    ----------
    project : Project
    seed : int

    Attributes
    ----------
    tried : int
        Activities tried in a period so far: the effort.
    manner : int
        How many ways to fill have failed so far; they take turns.
    """

    def __init__(self, project: Project, seed: int) -> None:
        self.project = project
        self.tried = 0
        self.manner = 0
        self._random = Random(seed)
        self._directions: dict[bool, _Direction] = {}

    def run(
        self, deadline: int, effort: int, stopped: Callable[[], bool]
    ) -> tuple[list[int], list[int]] | None:
        """Return ways and starts of a schedule that ends by a deadline, None if none is found.

        Parameters
        ----------
        deadline : int
            At most the number of periods.
        effort : int
            Activities to try, about: as many beginnings are kept after each period as it allows.
        stopped : callable
            Whether to end now.
        """
        alike, weight, backwards = MANNERS[self.manner % len(MANNERS)]
        if backwards not in self._directions:
            self._directions[backwards] = _Direction(self.project, backwards=backwards)
        calendar = _Calendar(self._directions[backwards], deadline, alike, self._random)
        found = self._search(calendar, weight, deadline, effort, stopped)
        self.manner += found is None
        self.tried += calendar.tried
        return found

    @staticmethod
    def _search(
        calendar: _Calendar,
        weight: float,
        deadline: int,
        effort: int,
        stopped: Callable[[], bool],
    ) -> tuple[list[int], list[int]] | None:
        beginnings = [] if calendar.is_hopeless else [calendar.begin()]
        followed = 0
        for period in range(deadline + 1):
            if not beginnings or stopped():
                return None
            following: dict[tuple[int, tuple[tuple[int, int], ...]], _Beginning] = {}
            for before in beginnings:
                beginning = calendar.entered(before, period)
                if beginning.ended == calendar.all:
                    return calendar.schedule(beginning)
                for new in calendar.followed(beginning, period):
                    known = following.setdefault((new.started, new.running), new)
                    if new.waste < known.waste:
                        following[new.started, new.running] = new
            followed += len(beginnings)
            of_one = max(1, calendar.tried) / followed
            width = (effort - calendar.tried) / (of_one * max(1, deadline - period))
            beginnings = sorted(following.values(), key=lambda b: b.waste + weight * b.left)
            beginnings = beginnings[: max(1, round(width))]
        return None


def _scarce(project: Project) -> int | None:
    """Return the field of which the activities take the largest part, None without one."""

    def part(field: int) -> float:
        work = sum(min(sum(project.load(way, field)) for way in ways) for ways in project.ways)
        return work / max(1, sum(project.offers(field)))

    return max(range(len(project.fields)), key=part, default=None)
