"""Choices of modules judged by a schedule, each like the last one but for a few modules.

A choice with little work has long chains, one with short chains has much work, and which of them
ends sooner only a schedule tells: chains leave gaps, and gaps are filled with what may run beside
them.  Simulated annealing (Kirkpatrick, Gelatt and Vecchi, 1983) takes one module out of a choice,
most often of the chain that ends last, lets others form what is then missing, leaves out what has
become needless, and judges the new choice by a serial schedule in the order of the chains behind
(Kolisch, 1996).  A choice is only looked for: whether a plan can be made of it, and how short a
one, is for others to say.  What is reached depends on the seed and on counted steps, never on the
clock.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import chain
from random import Random

from trajectory_engine.landmarks.foundation import System, system_of
from trajectory_engine.landmarks.packing import room_of
from trajectory_engine.problem.teacher_problem import ModeOption, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays

CHAINED = 0.4
"""Part of the moves that take out a module of the chain that ends last."""
ADDED = 7
"""Modules added at most to form what is missing after one is taken out."""
DEARER = 6.0
"""Periods of work by which a choice may exceed the last one while that is done."""
TRIMMED = 4
"""Needless modules that are tried to be left out after that, at most."""
ROOM = 0.3
"""What a period of work counts, in periods at the end of the schedule."""
CHAIN = 0.05
"""What a period of the longest chain counts."""
UNFORMED = 2.0
"""Periods that a module counts as dearer for everything that it waits for in vain."""
HEAT = (0.15, 0.05)
"""Periods by which choices of a run may be worse at first, and at last."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A choice that reaches everything, by a quick schedule.

    Attributes
    ----------
    modules : tuple of int
        Those that can be entered; a choice may have named more.
    starts : mapping
        Period by module, each in its mode of least work.
    last : tuple of int
        Modules of the chain that ends last.
    worth : float
        What is minimised.
    """

    modules: tuple[int, ...]
    starts: Mapping[int, int]
    last: tuple[int, ...]
    worth: float


@dataclass(frozen=True, slots=True)
class _Growth:
    """What operators form, each at its earliest instant, hours left aside.

    Attributes
    ----------
    order : list of int
        Operators by their ends.
    formed : bytearray
        By fact.
    waited_for : list of int
        By operator: the one after which it could begin at last, -1 without one.
    end : int
    """

    order: list[int]
    formed: bytearray
    waited_for: list[int]
    end: int


class Annealing:
    """Looks for choices of which a short schedule can be made.

    Parameters
    ----------
    problem : TeacherProblem
    seed : int

    Attributes
    ----------
    steps : int
        Operators started so far, on a calendar or without one: the effort.
    """

    def __init__(self, problem: TeacherProblem, seed: int) -> None:
        system = system_of(Arrays(problem))
        self.steps = 0
        self._random = Random(seed)
        self._modules = len(problem.modules)
        self._whole = max((1, *problem.capacity))
        self._room = [*problem.capacity]
        modes = [min(m.modes, key=self._smallness) for m in problem.modules]
        free = len(system.operators) - self._modules
        self._free = range(self._modules, len(system.operators))
        self._starts = [mode.starts for mode in modes]
        self._loads: list[tuple[int, ...]] = [mode.load for mode in modes]
        self._durations = [mode.duration for mode in modes] + [0] * free
        self._work = [room_of(mode, self._whole) / self._whole for mode in modes] + [0.0] * free
        self._connect(system)

    def _smallness(self, mode: ModeOption) -> tuple[int, int]:
        return room_of(mode, self._whole), mode.duration

    def _connect(self, system: System) -> None:
        """Note who forms what, and who waits for what, by operator and by fact."""
        operators, facts = system.operators, len(system.certain)
        self._forms = [tuple(op.forms) for op in operators]
        self._needs = [tuple(op.awaits()) for op in operators]
        self._required = [fact for fact in range(facts) if system.certain[fact]]
        self._asked = bytearray(facts)
        for fact in self._required:
            self._asked[fact] = 1
        self._suppliers: list[list[int]] = [[] for _ in range(facts)]
        self._alone: list[list[int]] = [[] for _ in range(facts)]
        self._summed: list[list[tuple[int, int]]] = [[] for _ in range(facts)]
        self._open = [0] * len(operators)
        self._least: list[int] = []
        self._owner: list[int] = []
        for o, operator in enumerate(operators):
            for fact in operator.forms:
                self._suppliers[fact].append(o)
            for fact in dict.fromkeys(operator.needs):
                self._alone[fact].append(o)
                self._open[o] += 1
            for least, members in operator.wants:
                for fact, weight in members:
                    self._summed[fact].append((len(self._least), weight))
                self._least.append(least)
                self._owner.append(o)
                self._open[o] += 1

    # ---- the search ------------------------------------------------------------------------------

    def run(
        self, chosen: Collection[int], steps: int, stopped: Callable[[], bool]
    ) -> Judged | None:
        """Return the best choice met on a walk from one that reaches everything; None if none is.

        Parameters
        ----------
        chosen : collection of int
            Modules.
        steps : int
            Effort of the walk.
        stopped : callable
            Whether to end now.
        """
        begun, (hot, cold) = self.steps, HEAT
        state = self.judged(chosen)
        if state is None:
            return None
        best = state
        while self.steps - begun < steps and not stopped():
            heat = hot * (cold / hot) ** ((self.steps - begun) / steps)
            new = self._neighbour(state)
            if new is None:
                continue
            worse = new.worth - state.worth
            if worse <= 0 or self._random.random() < math.exp(-worse / heat):
                state = new
                if state.worth < best.worth:
                    best = state
        return best

    def _mask(self, modules: Iterable[int]) -> bytearray:
        """Return which operators are taken: modules, and all that happens for nothing."""
        taken = bytearray(len(self._forms))
        for o in chain(modules, self._free):
            taken[o] = 1
        return taken

    def judged(self, chosen: Iterable[int]) -> Judged | None:
        """Return what a choice is worth, None if it does not reach everything or has no room."""
        return self._judged(self._mask(chosen))

    def _judged(self, taken: bytearray) -> Judged | None:
        growth = self._grown(taken)
        if not all(map(growth.formed.__getitem__, self._required)):
            return None
        starts = self._scheduled(taken, growth)
        if starts is None:
            return None
        end = max((start + self._durations[m] for m, start in starts.items()), default=0)
        # What can no longer be entered is left out.
        modules = tuple(sorted(o for o in growth.order if o < self._modules))
        work = sum(self._work[m] for m in modules)
        last = tuple(o for o in _chain(growth) if o < self._modules)
        return Judged(modules, starts, last, end + ROOM * work + CHAIN * growth.end)

    def _neighbour(self, state: Judged) -> Judged | None:
        """Return a choice without some module of another one, None if none is found."""
        random = self._random
        if not state.modules:
            self.steps += 1
            return None
        chained = state.last and random.random() < CHAINED
        out = random.choice(state.last if chained else state.modules)
        taken = self._mask(state.modules)
        taken[out] = 0
        added = self._mended(taken, out)
        new = None if added is None else self._judged(taken)
        if added is None or new is None:
            return None
        taken = self._mask(new.modules)
        for module in self._needless(taken, added):
            taken[module] = 0
            smaller = self._judged(taken)
            if smaller is not None and smaller.worth <= new.worth:
                new = smaller
            else:
                taken[module] = 1
        return new

    def _mended(self, taken: bytearray, out: int) -> list[int] | None:
        """Add modules until everything is reached; return them, None if that takes too many."""
        added: list[int] = []
        dearer = -self._work[out]
        while len(added) <= ADDED and dearer <= DEARER:
            formed = self._grown(taken).formed
            missing = [fact for fact in self._required if not formed[fact]]
            if not missing:
                return added
            fact = self._cause(self._random.choice(missing), taken, formed)
            open_ones = [
                o for o in self._suppliers[fact] if not taken[o] and o != out and o < self._modules
            ]
            if not open_ones:
                return None
            rates = [
                1 / (UNFORMED + self._work[o] + UNFORMED * self._lacking(o, formed))
                for o in open_ones
            ]
            chosen = self._random.choices(open_ones, rates)[0]
            taken[chosen] = 1
            added.append(chosen)
            dearer += self._work[chosen]
        return None

    def _lacking(self, operator: int, formed: bytearray) -> int:
        return sum(not formed[fact] for fact in self._needs[operator])

    def _cause(self, fact: int, taken: bytearray, formed: bytearray) -> int:
        """Return a fact that nothing taken forms, and for want of which another one is missing."""
        seen = {fact}
        while True:
            supplier = next((o for o in self._suppliers[fact] if taken[o]), None)
            if supplier is None:
                return fact
            lacking = [f for f in self._needs[supplier] if not formed[f] and f not in seen]
            if not lacking:  # a circle: something else must form it
                return fact
            fact = self._random.choice(lacking)
            seen.add(fact)

    def _needless(self, taken: bytearray, added: Collection[int]) -> list[int]:
        """Return some modules whose facts others form as well, or nobody waits for."""
        supply = [0] * len(self._suppliers)
        asked = bytearray(self._asked)
        members = [o for o in range(len(taken)) if taken[o]]
        for o in members:
            for fact in self._forms[o]:
                supply[fact] += 1
            for fact in self._needs[o]:
                asked[fact] = 1
        found = [
            o
            for o in members
            if o < self._modules
            and o not in added
            and all(supply[fact] > 1 or not asked[fact] for fact in self._forms[o])
        ]
        self._random.shuffle(found)
        return found[:TRIMMED]

    # ---- what a choice forms, and by when --------------------------------------------------------

    def _grown(self, taken: Sequence[int]) -> _Growth:
        """Return what a choice forms, each module at its earliest, hours left aside."""
        waits, formed = _Waits(self, taken), bytearray(len(self._suppliers))
        durations, forms = self._durations, self._forms
        waited_for, order = [-1] * len(durations), []
        heap = [(durations[o], o) for o in range(len(durations)) if taken[o] and not self._open[o]]
        heapify(heap)
        end = 0
        while heap:
            now, operator = heappop(heap)
            end = now
            order.append(operator)
            for fact in forms[operator]:
                if formed[fact]:
                    continue
                formed[fact] = 1
                for waiting in waits.woken(fact):
                    waited_for[waiting] = operator
                    heappush(heap, (now + durations[waiting], waiting))
        self.steps += 1 + len(order)
        return _Growth(order, formed, waited_for, end)

    def _scheduled(self, taken: Sequence[int], growth: _Growth) -> dict[int, int] | None:
        """Return starts by module, None if something finds no room on the calendar.

        Of what waits for nothing, that with the longest chain behind it is put on the calendar
        next.
        """
        tails = self._tails(growth.order)
        waits, formed = _Waits(self, taken), [-1] * len(self._suppliers)
        room = self._room.copy()
        ready = [(-tails[o], o, 0) for o in growth.order if not self._open[o]]
        heapify(ready)
        starts: dict[int, int] = {}
        while ready:
            _, operator, begin = heappop(ready)
            end = begin
            if operator < self._modules:
                start = self._placed(operator, begin, room)
                if start is None:
                    return None
                starts[operator], end = start, start + self._durations[operator]
            for fact in self._forms[operator]:
                if formed[fact] >= 0:
                    formed[fact] = min(formed[fact], end)
                    continue
                formed[fact] = end
                for waiting in waits.woken(fact):
                    after = max(
                        (formed[f] for f in self._needs[waiting] if formed[f] >= 0), default=0
                    )
                    heappush(ready, (-tails[waiting], waiting, after))
        self.steps += 1 + len(growth.order)
        return starts

    def _tails(self, order: Sequence[int]) -> list[int]:
        """Return by operator the longest chain from its start, 0 for those not in the order."""
        tails = [0] * len(self._durations)
        for operator in reversed(order):
            behind = 0
            for fact in self._forms[operator]:
                for waiting in self._alone[fact]:
                    behind = max(behind, tails[waiting])
                for group, _ in self._summed[fact]:
                    behind = max(behind, tails[self._owner[group]])
            tails[operator] = behind + self._durations[operator]
        return tails

    def _placed(self, module: int, begin: int, room: list[int]) -> int | None:
        """Return the first start from ``begin`` on at which a module has room, and take it."""
        load, starts = self._loads[module], self._starts[module]
        for start in starts[bisect_left(starts, begin) :]:
            for period, hours in enumerate(load, start):
                if room[period] < hours:
                    break
            else:
                for period, hours in enumerate(load, start):
                    room[period] -= hours
                return start
        return None


class _Waits:
    """What the operators of a choice still wait for while facts are formed one by one."""

    __slots__ = ("_least", "_of", "_open", "_taken")

    def __init__(self, of: Annealing, taken: Sequence[int]) -> None:
        self._of = of
        self._taken = taken
        self._open = of._open.copy()
        self._least = of._least.copy()

    def woken(self, fact: int) -> Iterator[int]:
        """Yield the operators that wait for nothing more once a fact is formed."""
        taken, still_open = self._taken, self._open
        for operator in self._of._alone[fact]:
            if taken[operator]:
                still_open[operator] -= 1
                if not still_open[operator]:
                    yield operator
        for group, weight in self._of._summed[fact]:
            operator = self._of._owner[group]
            if taken[operator] and self._least[group] > 0:
                self._least[group] -= weight
                if self._least[group] <= 0:
                    still_open[operator] -= 1
                    if not still_open[operator]:
                        yield operator


def _chain(growth: _Growth) -> Iterator[int]:
    """Yield the operators of the chain that ends last, the last one first."""
    operator = growth.order[-1] if growth.order else -1
    while operator >= 0:
        yield operator
        operator = growth.waited_for[operator]
