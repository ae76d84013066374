"""What a growing set of modules forms, step by step, with a way back from the last step.

A state is a few sets, each the bits of one integer: what is formed, what was added, what of it
waits and for which facts.  So a copy costs nothing, and a step that must be taken back is one that
is not written down.
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
    """Who waits for which facts in a part: the same for all of its growths.

    Attributes
    ----------
    by_fact : list of int
        Operators that wait for a fact, as bits.
    facts : list of int
        Facts that an operator waits for, as bits.
    any_of : list of tuple of int
        By operator: sets of facts, as bits, of each of which one is enough.
    sums : list of tuple
        By operator: what else it wants, in sums of several facts.
    """

    def __init__(self, part: Part) -> None:
        self.by_fact = [0] * part.facts
        self.facts: list[int] = []
        self.any_of: list[tuple[int, ...]] = []
        self.sums: list[tuple[Wanted, ...]] = []
        for operator, (needs, wants) in enumerate(zip(part.needs, part.wants, strict=True)):
            facts = needs
            enough, sums = [], []
            for least, members in wants:
                mask = 0
                for fact, _ in members:
                    mask |= 1 << fact
                facts |= mask
                if all(weight >= least for _, weight in members):
                    enough.append(mask)
                else:
                    sums.append((least, members))
            self.any_of.append(tuple(enough))
            self.sums.append(tuple(sums))
            self.facts.append(facts)
            for fact in bits_of(facts):
                self.by_fact[fact] |= 1 << operator

    def has(self, operator: int, formed: int) -> bool:
        """Return whether facts, as bits, give an operator what it wants beside its needs."""
        for mask in self.any_of[operator]:
            if not mask & formed:
                return False
        return all(
            sum(weight for fact, weight in members if formed >> fact & 1) >= least
            for least, members in self.sums[operator]
        )


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

    __slots__ = ("_asleep", "_awaited", "_part", "_waiting", "added", "formed", "work")

    def __init__(self, part: Part) -> None:
        self._part = part
        self._waiting = Waiting(part)
        self.formed = self.added = self._asleep = self._awaited = self.work = 0
        self.extend(range(len(part.modules), len(part.forms)))

    def copy(self) -> Growth:
        """Return a growth that goes on from here by itself."""
        other = Growth.__new__(Growth)
        other._part, other._waiting = self._part, self._waiting
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
        added, missing = self.added, ~self.formed
        for operator in operators:
            bit = 1 << operator
            if added & bit:
                continue
            self.work += 1
            if needs[operator] & missing or (
                wants[operator] and not waiting.has(operator, self.formed)
            ):
                self._asleep |= bit
                self._awaited |= waiting.facts[operator]
            elif forms[operator] & missing:
                if not self._fire(forms[operator], forbidden):
                    left.append(operator)
                    continue
                missing = ~self.formed
            added |= bit
        self.added = added
        return left

    def _fire(self, forms: int, forbidden: int) -> bool:
        """Form facts and what follows; take all back if that is forbidden."""
        if forms & forbidden:
            return False
        part, waiting = self._part, self._waiting
        by_fact, awaited = waiting.by_fact, self._awaited
        needs, wants = part.needs, part.wants
        formed, asleep = self.formed | forms, self._asleep
        new = forms & ~self.formed & awaited
        while new:
            low = new & -new
            new ^= low
            woken = by_fact[low.bit_length() - 1] & asleep
            while woken:
                bit = woken & -woken
                woken ^= bit
                operator = bit.bit_length() - 1
                self.work += 1
                if needs[operator] & ~formed:
                    continue
                if wants[operator] and not waiting.has(operator, formed):
                    continue
                asleep ^= bit
                more = part.forms[operator] & ~formed
                if more & forbidden:
                    return False
                formed |= more
                new |= more & awaited
        self.formed, self._asleep = formed, asleep
        return True
