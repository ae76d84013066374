"""How far a neighbourhood reaches: as far as its question is just still easy."""

from __future__ import annotations

EASY = 0.3
"""Part of the most effort below which a refutation was so easy that the next may reach further."""
LARGER, SMALLER = 1.1, 0.9
"""By how much it grows after an easy refutation, and shrinks after no answer."""


class Reach:
    """The size of the next neighbourhood, which follows what the last one cost.

    Parameters
    ----------
    first, least : float
        Of a neighbourhood at first, and of any.
    effort : float
        Most effort of a question.
    """

    def __init__(self, first: float, least: float, effort: float) -> None:
        self.size = float(first)
        self._least = least
        self._effort = effort

    def learn(self, effort: float, most: float, *, refuted: bool) -> None:
        """Follow the answer to a question.

        Parameters
        ----------
        effort : float
            What it cost.
        most : float
            Size of all there is.
        """
        if refuted and effort < EASY * self._effort:
            self.size = min(self.size * LARGER, most)
        elif effort >= self._effort:
            self.size = max(self.size * SMALLER, self._least)
