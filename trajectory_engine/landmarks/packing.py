"""What periods hold of weighted hours: a sharper measure of work than hours where they pack badly.

Let loads have any weights >= 0.  What runs side by side in a period of capacity c weighs at most
the value of the knapsack of size c filled with loads, each as often as one likes; so all that is
taken weighs at most the sum of these values over the periods before the end.  Weights that make
this sharp are the multipliers of the linear relaxation of packing loads into periods (Gilmore and
Gomory, 1961).  They are rounded before use: every weights will do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import TypeVar

from ortools.linear_solver import pywraplp

from trajectory_engine.problem.teacher_problem import ModeOption

Weight = TypeVar("Weight", int, float)

GRID = 2520
"""What a whole period weighs, before rounding."""
PATTERNS = 200
"""Most ways to fill a period that are looked at."""
UNITS = 400
"""Into how many units a period is divided at most: filling one takes time for each."""
ENTRIES = 2_000_000
"""Loads tried at most, over all capacities and patterns."""
VIOLATED = 1 + 1e-6
"""Weight of a filled period from which it is added."""


@dataclass(frozen=True)
class Packing:
    """Weights of loads, and what periods hold of them.

    Loads and capacities are counted in whole units, rounded down: what fits side by side in hours
    does so in units.

    Attributes
    ----------
    weight : mapping
        Weight by load, units in one period.
    capacity : sequence of int
        Units of the periods.
    unit : int
        Hours.
    """

    weight: Mapping[int, int]
    capacity: Sequence[int]
    unit: int = 1

    def of_mode(self, mode: ModeOption) -> int:
        """Return what a mode weighs in all."""
        return sum(self.weight[hours // self.unit] for hours in mode.load)

    @cached_property
    def _room(self) -> list[int]:
        return filled(self.weight, max(self.capacity, default=0))

    def room(self, deadline: int) -> int:
        """Return what the periods before a deadline hold at most."""
        return sum(self._room[units] for units in self.capacity[:deadline])


def filled(weight: Mapping[int, int], size: int) -> list[int]:
    """Return the largest weight of loads that fit, for every capacity up to ``size``."""
    return _knapsack(weight, size, 0)[0]


def _knapsack(
    weight: Mapping[int, Weight], size: int, nothing: Weight
) -> tuple[list[Weight], list[int]]:
    """Return, by capacity, the largest weight of loads that fit, and the load added last.

    Each load is there as often as one likes; 0 is added where a smaller capacity holds as much.
    """
    best, last = [nothing] * (size + 1), [0] * (size + 1)
    for capacity in range(1, size + 1):
        best[capacity] = best[capacity - 1]
        for load, own in weight.items():
            if 0 < load <= capacity and best[capacity - load] + own > best[capacity]:
                best[capacity], last[capacity] = best[capacity - load] + own, load
    return best, last


def sharpest(
    modes: Sequence[ModeOption], taken: Sequence[ModeOption], capacity: Sequence[int]
) -> Packing:
    """Return weights with which modes that are taken fill the most periods.

    Parameters
    ----------
    modes : sequence of ModeOption
        All that need weights.
    taken : sequence of ModeOption
        For which the weights are as large as can be.
    """
    unit = _unit((hours for mode in modes for hours in mode.load), max(capacity, default=0))
    demand = Counter(hours // unit for mode in taken for hours in mode.load if hours >= unit)
    units = [hours // unit for hours in capacity]
    shares = _multipliers(demand, max(units, default=0))
    weight = {}
    for load in {hours // unit for mode in modes for hours in mode.load}:
        # A load that nothing taken has weighs as the largest one below it.
        below = [share for known, share in shares.items() if known <= load]
        weight[load] = round(GRID * max(below, default=0.0))
    return Packing(weight, units, unit)


def _unit(loads: Iterable[int], size: int) -> int:
    """Return hours in which loads are counted: what they have in common, or more in long periods.

    What is lost by rounding loads down is little where periods have so many units.
    """
    common = gcd(*loads) or 1
    return common if size <= UNITS * common else -(-size // UNITS)


def _multipliers(demand: Mapping[int, int], size: int) -> dict[int, float]:
    """Return the weights of largest sum over a demand with which no period weighs more than 1."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    variables = {load: solver.NumVar(0.0, 1.0, "") for load in sorted(demand) if load <= size}
    solver.Maximize(sum(demand[load] * x for load, x in variables.items()))
    shares = dict.fromkeys(variables, 0.0)
    for _ in range(min(PATTERNS, 1 + ENTRIES // (1 + size * len(variables)))):
        if solver.Solve() != pywraplp.Solver.OPTIMAL:
            break
        shares = {load: max(0.0, x.solution_value()) for load, x in variables.items()}
        pattern = _fullest(shares, size)
        if sum(shares[load] * count for load, count in pattern.items()) <= VIOLATED:
            break
        solver.Add(sum(count * variables[load] for load, count in pattern.items()) <= 1.0)
    return shares


def _fullest(shares: Mapping[int, float], size: int) -> Counter[int]:
    """Return the loads, with their counts, that weigh the most in one period."""
    _, last = _knapsack(shares, size, 0.0)
    pattern: Counter[int] = Counter()
    while size:
        if last[size]:
            pattern[last[size]] += 1
        size -= last[size] or 1
    return pattern


def room_of(mode: ModeOption, whole: int) -> int:
    """Return what a mode takes of its periods if each is filled with loads like its own.

    Parameters
    ----------
    whole : int
        Hours of a period.
    """
    return sum(whole // (whole // hours) for hours in mode.load if 0 < hours <= whole)
