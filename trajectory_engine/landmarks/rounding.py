"""From shares of modules to landmarks that the large ones miss, and to choices that hit them all.

What "reaching" means, all certain facts or all goals by a deadline, is said by those who search.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from random import Random
from typing import Generic, Protocol, TypeVar

Landmark = tuple[int, ...]
"""Operators of a part, or modules of a problem, rising, of which every plan takes one."""
EXPLORE = 0.02
"""What a module counts at least, where the guide gives it no share, when a landmark is hit."""
NOISE = 1e-3
"""Below this, differences of shares do not decide the order of modules."""


class Formed(Protocol):
    """What a growing set of modules forms."""

    work: int

    def add(self, module: int, /) -> bool:
        """Add a module; return whether it was added."""


State = TypeVar("State", bound=Formed)
Aim = TypeVar("Aim")
Gap = TypeVar("Gap")


class Rounding(ABC, Generic[State, Aim, Gap]):
    """Landmarks that the modules of large share miss.

    Parameters
    ----------
    costs : sequence of int
        By module.
    seed : int

    Attributes
    ----------
    work : int
        Steps so far, a measure of time.
    """

    def __init__(self, costs: Sequence[int], seed: int) -> None:
        self.costs = costs
        self.work = 0
        self._random = Random(seed)

    def missed(
        self, shares: Sequence[float], least: float, aim: Aim, taken: list[int]
    ) -> Iterator[Landmark]:
        """Yield landmarks that modules of large share miss, each then hit by one more module.

        Parameters
        ----------
        shares : sequence of float
            How much of every module a guide takes.
        least : float
            Share from which a module is taken.
        aim
            What is to be reached; the last landmark is empty if nothing reaches it.
        taken : list of int
            Gets the modules taken.
        """
        taken += [m for m, share in enumerate(shares) if share >= least]
        state = self._grown(taken, aim)
        noise = self._random.random
        order = sorted(range(len(shares)), key=lambda m: -shares[m] + NOISE * noise())
        while gap := self._gap(state, aim):
            landmark = self._landmark(state, gap, aim, order)
            yield landmark
            if not landmark:
                return
            rate = {
                m: (shares[m] + EXPLORE) * self._gain(m, state, gap, aim) / max(1, self.costs[m])
                for m in landmark
            }
            best = max(landmark, key=rate.__getitem__)
            state.add(best)
            taken.append(best)
        self.work += state.work

    @abstractmethod
    def _grown(self, taken: Sequence[int], aim: Aim) -> State:
        """Return what modules form, as far as it counts for an aim."""

    @abstractmethod
    def _gap(self, state: State, aim: Aim) -> Gap:
        """Return what is still to be reached, something false if nothing is."""

    @abstractmethod
    def _landmark(self, state: State, gap: Gap, aim: Aim, order: Sequence[int]) -> Landmark:
        """Return the modules left out when all others, in this order, are added short of a fact."""

    @abstractmethod
    def _gain(self, module: int, state: State, gap: Gap, aim: Aim) -> int:
        """Return 1 and how much of a gap a module forms."""
