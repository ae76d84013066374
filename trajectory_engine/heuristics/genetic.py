"""Genetic search over activity lists and modes, every schedule improved forwards and backwards.

What is reached depends on the seed and on counted effort, never on the clock; see
:mod:`trajectory_engine.heuristics.breeding` for how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from trajectory_engine.heuristics import breeding, population
from trajectory_engine.heuristics.compiled import random_state
from trajectory_engine.heuristics.generation import improve
from trajectory_engine.heuristics.project import Project, Way, tails
from trajectory_engine.heuristics.project_arrays import arrays_of, integers

NOT_YET = 1 << 62
"""The end to beat while there is none."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule that keeps the budgets.

    Attributes
    ----------
    picks, starts : tuple of int
        By activity.
    end : int
    """

    picks: tuple[int, ...]
    starts: tuple[int, ...]
    end: int


class GeneticSearch:
    """Search for a short schedule of one project; may be continued.

    Parameters
    ----------
    project : Project
    seed : int
    """

    def __init__(self, project: Project, seed: int) -> None:
        self.project = project
        self._arrays = arrays_of(project)
        self._tails = np.array(tails(project), dtype=np.int64)
        self._population = population.nobody(len(project.ways))
        self._random = random_state(seed)

    @property
    def placements(self) -> int:
        """Ways tried on a calendar so far: the effort."""
        return int(self._population.counters[population.TRIED])

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
        known = self.best(1)
        end = known[0].end if known else NOT_YET
        while end > least:
            outcome = breeding.evolve(
                self._arrays, self._tails, self._population, limit, end, self._random
            )
            if outcome != breeding.FOUND:
                return
            found = self.best(1)[0]
            end = found.end
            yield found

    def best(self, most: int) -> list[Schedule]:
        """Return the shortest schedules of the population, the shortest first.

        Parameters
        ----------
        most : int
            How many at most.
        """
        known = self._population
        rows = range(min(most, int(known.counters[population.SIZE])))
        return [
            Schedule(
                tuple(known.picks[row].tolist()),
                tuple(known.starts[row].tolist()),
                int(known.ends[row]),
            )
            for row in rows
        ]

    def add(self, picks: Sequence[int], starts: Sequence[int]) -> None:
        """Add a schedule that was found elsewhere."""
        population.enter(self._arrays, self._population, integers(picks), integers(starts))

    def improved(self, picks: Sequence[int], starts: Sequence[int]) -> Schedule:
        """Return a schedule in the same ways, moved to and fro, that ends no later."""
        moved = integers(starts)
        improve(self._arrays, integers(picks), moved, 0.0, self._random)
        found = tuple(moved.tolist())
        return Schedule(tuple(picks), found, self.project.latest_end(picks, found))


def prepare() -> None:
    """Compile what a search calls, or load it."""
    way = Way(0, 1, 0, 0, None, (0,), True, ())
    nothing = Project((0,), ((way,),), ((),), ((),), (0,), (0,), 0, (), (), False)
    search = GeneticSearch(nothing, 0)
    search.add([0], [0])
    search.improved([0], [0])
    list(search.run(1, 0))
