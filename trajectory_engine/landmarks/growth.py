"""What a growing set of modules forms, step by step, with a way back from the last step.

Forward closure by counting down is slow where steps must be taken back; here every module that
waits watches one missing fact (after the watched literals of Moskewicz et al., 2001): a watched
fact that is taken back is missing again, so that watches need no repair.
"""

from __future__ import annotations

from collections.abc import Iterator

from trajectory_engine.landmarks.foundation import Part, Wanted


def bits_of(mask: int) -> Iterator[int]:
    """Yield the positions of the bits of a mask, rising."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Growth:
    """Facts formed by the operators added so far.

    Parameters
    ----------
    part : Part

    Attributes
    ----------
    formed : int
        Facts, as bits.
    added : list of bool
        By operator.
    work : int
        Steps of the closure so far, a measure of time.
    """

    def __init__(self, part: Part) -> None:
        self._start(part)
        for operator in range(len(part.modules), len(part.forms)):
            self.add(operator)

    def _start(self, part: Part) -> None:
        self.part = part
        self.formed = 0
        self.added = [False] * len(part.forms)
        self.work = 0
        self._fired = [False] * len(part.forms)
        self._watch: list[list[int]] = [[] for _ in range(part.facts)]
        self._heard: dict[int, list[int]] = {}
        self._awaited = 0
        for needs in part.needs:
            self._awaited |= needs
        for operator, wants in enumerate(part.wants):
            for _, members in wants:
                for fact, _ in members:
                    self._awaited |= 1 << fact
                    self._heard.setdefault(fact, []).append(operator)

    def copy(self) -> Growth:
        """Return a growth that goes on from here by itself."""
        other = Growth.__new__(Growth)
        other.part, other.formed, other.added = self.part, self.formed, self.added.copy()
        other.work, other._fired = 0, self._fired.copy()
        other._watch, other._heard = [w.copy() for w in self._watch], self._heard
        other._awaited = self._awaited
        return other

    def add(self, operator: int, forbidden: int = 0) -> bool:
        """Add an operator and all that follows; change nothing if a forbidden fact follows.

        Returns
        -------
        bool
            Whether it was added.
        """
        part = self.part
        missing = part.needs[operator] & ~self.formed
        if missing:
            self._watch[(missing & -missing).bit_length() - 1].append(operator)
        elif part.wants[operator] and not self._has(part.wants[operator], self.formed):
            pass  # it is heard of when one of the facts that it wants is formed
        elif not part.forms[operator] & ~self.formed:
            self._fired[operator] = True
        elif not self._fire(operator, forbidden):
            return False
        self.added[operator] = True
        return True

    def _fire(self, first: int, forbidden: int) -> bool:
        """Form what an operator forms and what follows; take all back if that is forbidden."""
        part, fired, before = self.part, self._fired, self.formed
        trail = [first]
        fired[first] = True
        formed = before | part.forms[first]
        new = formed & ~before & self._awaited
        while new and not formed & forbidden:
            low = new & -new
            new ^= low
            fact = low.bit_length() - 1
            for operator in self._woken(fact, formed):
                fired[operator] = True
                trail.append(operator)
                new |= part.forms[operator] & ~formed & self._awaited
                formed |= part.forms[operator]
        self.work += len(trail)
        if formed & forbidden:
            for operator in trail:
                fired[operator] = False
            return False
        self.formed = formed
        return True

    def _woken(self, fact: int, formed: int) -> list[int]:
        """Return the added operators that a fact lets fire; others watch another fact."""
        part, fired = self.part, self._fired
        watchers = self._watch[fact]
        found, kept = [], []
        self.work += len(watchers)
        for operator in watchers:
            missing = part.needs[operator] & ~formed
            if missing:
                self._watch[(missing & -missing).bit_length() - 1].append(operator)
                continue
            kept.append(operator)
            wants = part.wants[operator]
            if not fired[operator] and (not wants or self._has(wants, formed)):
                found.append(operator)
        self._watch[fact] = kept
        for operator in self._heard.get(fact, ()):
            if (
                self.added[operator]
                and not fired[operator]
                and operator not in found
                and not part.needs[operator] & ~formed
                and self._has(part.wants[operator], formed)
            ):
                found.append(operator)
        return found

    @staticmethod
    def _has(wants: tuple[Wanted, ...], formed: int) -> bool:
        return all(
            sum(weight for fact, weight in members if formed >> fact & 1) >= least
            for least, members in wants
        )
