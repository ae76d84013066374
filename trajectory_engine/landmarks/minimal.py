"""Minimal landmarks: sets of modules of which every plan takes one, none of them to spare.

Let a set of modules not reach a certain fact, and let each further module reach it together with
them: then every plan takes one of the others, and the others are a minimal such set (Haslum,
Slaney and Thiebaux, 2012; landmarks as hitting sets after Bonet and Helmert, 2010).  A choice of
modules reaches all certain facts iff it hits all landmarks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trajectory_engine.landmarks.foundation import Part
from trajectory_engine.landmarks.growth import Growth, bits_of
from trajectory_engine.landmarks.rounding import Landmark, Rounding


class LandmarkSearch(Rounding[Growth, int, int]):
    """Landmarks of one part, and choices that hit them all.

    Parameters
    ----------
    part : Part
    costs : sequence of int
        Of the part's modules.
    seed : int

    Attributes
    ----------
    work : int
        Steps of closures so far, a measure of time.
    """

    def __init__(self, part: Part, costs: Sequence[int], seed: int) -> None:
        super().__init__(costs, seed)
        self.part = part
        self._nothing = Growth(part)
        self._size = len(part.modules)
        self._suppliers: dict[int, list[int]] = {}
        for module in range(self._size):
            for fact in bits_of(part.forms[module] & part.certain):
                self._suppliers.setdefault(fact, []).append(module)

    def obvious(self) -> Iterator[Landmark]:
        """Yield, for every certain fact that only modules form, those that can be the first."""
        free = 0
        for operator in range(self._size, len(self.part.forms)):
            free |= self.part.forms[operator]
        for fact in bits_of(self.part.certain & ~free):
            bit = 1 << fact
            yield tuple(m for m in self._suppliers.get(fact, ()) if not self.part.needs[m] & bit)

    def reaches_all(self, taken: Sequence[int]) -> bool:
        """Return whether modules reach every certain fact."""
        growth = self._grown(taken, self.part.certain)
        return not self.part.certain & ~growth.formed

    def _grown(self, taken: Sequence[int], aim: int) -> Growth:
        growth = self._nothing.copy()
        growth.extend(taken)
        self.work += growth.work + self.part.facts
        return growth

    def complete(
        self, shares: Sequence[float], least: float, found: list[Landmark]
    ) -> list[int] | None:
        """Return modules that reach all facts: those of large share, and one of each gap.

        Parameters
        ----------
        shares : sequence of float
            How much of every module a guide takes.
        least : float
            Share from which a module is taken.
        found : list
            Gets the landmarks that were missed on the way.

        Returns
        -------
        list of int or None
            None if no choice reaches all facts.
        """
        taken: list[int] = []
        found += self.missed(shares, least, self.part.certain, taken)
        return None if () in found else taken

    def _gap(self, state: Growth, aim: int) -> int:
        return aim & ~state.formed

    def _one_of(self, facts: int) -> int:
        """Return one of several facts as a bit: the next one after a random position."""
        start = self._random.randrange(self.part.facts)
        above = (facts >> start << start) or facts
        return above & -above

    def _gain(self, module: int, state: Growth, gap: int, aim: int) -> int:
        return 1 + (self.part.forms[module] & gap).bit_count()

    def _landmark(self, state: Growth, gap: int, aim: int, order: Sequence[int]) -> Landmark:
        target, largest = self._one_of(gap), state.copy()
        left = largest.extend(order, target)
        self.work += largest.work + self.part.facts + self._size
        return tuple(sorted(left))

    def trimmed(self, taken: Sequence[int]) -> list[int]:
        """Return modules without those that the others can do without, the dearest first."""
        kept = set(taken)
        supply = {fact: len(kept.intersection(ms)) for fact, ms in self._suppliers.items()}
        rate = {m: -self.costs[m] / (1 + self.part.forms[m].bit_count()) for m in kept}
        for module in sorted(kept, key=lambda m: (rate[m], m)):
            facts = list(bits_of(self.part.forms[module] & self.part.certain))
            if all(supply[fact] > 1 for fact in facts) and self.reaches_all(
                [m for m in kept if m != module]
            ):
                kept.remove(module)
                for fact in facts:
                    supply[fact] -= 1
        return sorted(kept)

    def cost_of(self, taken: Sequence[int]) -> int:
        """Return the sum of the costs of modules."""
        return sum(self.costs[m] for m in taken)
