"""What a growing set of modules forms, step by step, with a way back from the last step.

A state is a few sets, each the bits of one integer: what is formed, what was added, what of it
waits and for which facts.  So a copy costs little, and a step that must be taken back is one that
is not written down.  What waits watches only one fact that it lacks, or one set of which any fact
may be enough: until one of those is formed it is not looked at (as clauses with two watched
literals are not; Moskewicz et al., 2001).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trajectory_engine.landmarks.foundation import Part, Wanted


def bits_of(mask: int) -> Iterator[int]:
    """Yield the positions of the bits of a mask, rising."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Waiting:
    """What operators of a part wait for beside their needs: the same for all of its growths.

    Attributes
    ----------
    any_of : list of tuple of int
        By operator: sets of facts, as bits, of each of which one is enough.
    sums : list of tuple
        By operator: what else it wants, in sums of several facts.
    """

    def __init__(self, part: Part) -> None:
        self.any_of: list[tuple[int, ...]] = []
        self.sums: list[tuple[Wanted, ...]] = []
        for wants in part.wants:
            enough, sums = [], []
            for least, members in wants:
                if all(weight >= least for _, weight in members):
                    enough.append(_bits(fact for fact, _ in members))
                else:
                    sums.append((least, members))
            self.any_of.append(tuple(enough))
            self.sums.append(tuple(sums))

    def missing(self, operator: int, formed: int) -> int:
        """Return facts, as bits, one of which must still be formed; 0 if nothing is wanted."""
        for mask in self.any_of[operator]:
            if not mask & formed:
                return mask
        for least, members in self.sums[operator]:
            if sum(weight for fact, weight in members if formed >> fact & 1) < least:
                return _bits(fact for fact, _ in members) & ~formed
        return 0


def _bits(facts: Iterable[int]) -> int:
    found = 0
    for fact in facts:
        found |= 1 << fact
    return found


class Growth:
    """Facts formed by the operators added so far.

    Parameters
    ----------
    part : Part

    Attributes
    ----------
    formed, added : int
        Facts and operators, as bits.
    work : int
        Steps of the closure so far, a measure of time.
    """

    __slots__ = ("_asleep", "_awaited", "_part", "_waiting", "_watchers", "added", "formed", "work")

    def __init__(self, part: Part) -> None:
        self._part = part
        self._waiting = Waiting(part)
        self._watchers = [0] * part.facts
        self.formed = self.added = self._asleep = self._awaited = self.work = 0
        self.extend(range(len(part.modules), len(part.forms)))

    def copy(self) -> Growth:
        """Return a growth that goes on from here by itself."""
        other = Growth.__new__(Growth)
        other._part, other._waiting = self._part, self._waiting
        other._watchers = self._watchers.copy()
        other.formed, other.added, other.work = self.formed, self.added, 0
        other._asleep, other._awaited = self._asleep, self._awaited
        return other

    def add(self, operator: int, forbidden: int = 0) -> bool:
        """Add an operator and all that follows; change nothing if a forbidden fact follows.

        Returns
        -------
        bool
            Whether it was added.
        """
        return not self.extend((operator,), forbidden)

    def extend(self, operators: Iterable[int], forbidden: int = 0) -> list[int]:
        """Add operators one by one, each only if no forbidden fact follows.

        Returns
        -------
        list of int
            Those left out, in the same order.
        """
        part, waiting, left = self._part, self._waiting, []
        needs, forms, wants = part.needs, part.forms, part.wants
        watchers = self._watchers
        added, missing = self.added, ~self.formed
        for operator in operators:
            bit = 1 << operator
            if added & bit:
                continue
            self.work += 1
            needed = needs[operator] & missing
            if needed:
                fact = needed.bit_length() - 1
                watchers[fact] |= bit
                self._awaited |= 1 << fact
                self._asleep |= bit
            elif wants[operator] and (wanted := waiting.missing(operator, self.formed)):
                self._watch(bit, wanted)
                self._asleep |= bit
            elif forms[operator] & missing:
                if not self._fire(forms[operator], forbidden):
                    left.append(operator)
                    continue
                missing = ~self.formed
            added |= bit
        self.added = added
        return left

    def _watch(self, bit: int, facts: int) -> None:
        """Have an operator, as a bit, woken by the first of some facts, none of them formed."""
        self._awaited |= facts
        for fact in bits_of(facts):
            self._watchers[fact] |= bit

    def _fire(self, forms: int, forbidden: int) -> bool:
        """Form facts and what follows; take all back if that is forbidden.

        Who watches a fact goes on watching it, so that nothing is to be taken back there.
        """
        if forms & forbidden:
            return False
        part, waiting, watchers = self._part, self._waiting, self._watchers
        needs, wants = part.needs, part.wants
        formed, asleep = self.formed | forms, self._asleep
        new = forms & ~self.formed & self._awaited
        while new:
            fact = new.bit_length() - 1
            new ^= 1 << fact
            woken = watchers[fact] & asleep
            while woken:
                operator = woken.bit_length() - 1
                bit = 1 << operator
                woken ^= bit
                self.work += 1
                needed = needs[operator] & ~formed
                if needed:
                    fact = needed.bit_length() - 1
                    watchers[fact] |= bit
                    self._awaited |= 1 << fact
                    continue
                if wants[operator] and (wanted := waiting.missing(operator, formed)):
                    self._watch(bit, wanted)
                    continue
                asleep ^= bit
                more = part.forms[operator] & ~formed
                if more & forbidden:
                    return False
                formed |= more
                new |= more & self._awaited
        self.formed, self._asleep = formed, asleep
        return True
