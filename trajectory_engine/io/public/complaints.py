"""The faults of one file of lines and numbers."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from trajectory_engine.io.problems import Problems, quoted

MOST_AMOUNT = 10**6
"""Largest number of units, hours or periods in a scenario."""
MOST_PERIODS = 2_000
"""Longest axis of periods."""
MOST_FAULTS = 1_000
"""Most faults of one file that are listed."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_TOO_LONG = re.compile(r"-?[0-9]{19,}")


class TooManyFaults(Exception):
    """Reading ends here: what was found so far is the report."""


@dataclass(frozen=True)
class Complaints:
    """Where the faults of one file go."""

    problems: Problems
    shown: str

    def add(self, code: str, row: int | None, column: str, found: str, expected: str) -> None:
        """Report a fault.

        Raises
        ------
        TooManyFaults
            After so many that the file is of another kind, or lost.
        """
        if self.problems.count >= MOST_FAULTS:
            shown, rest = "more problems than are listed", "a file of this format"
            self.problems.refuse_file("too_many", self.shown, row, shown, rest)
            raise TooManyFaults
        self.problems.add(code, self.shown, row, column, found, expected)

    def whole(
        self, token: str, row: int, column: str, least: int = 0, most: int = MOST_AMOUNT
    ) -> int | None:
        """Return the whole number that is written there, None after reporting why there is none."""
        expected = f"a whole number from {least} to {most}"
        if not _WHOLE.fullmatch(token):
            code = "out_of_range" if _TOO_LONG.fullmatch(token) else "whole_number"
            self.add(code, row, column, quoted(token), expected)
            return None
        value = int(token)
        if not least <= value <= most:
            self.add("out_of_range", row, column, str(value), expected)
            return None
        return value

    def count(self, row: int | None, column: str, found: int, expected: int, what: str) -> bool:
        """Return whether there are as many as there should be; report it if not."""
        if found != expected:
            self.add("wrong_count", row, column, f"{found} {what}", f"{expected} {what}")
        return found == expected

    def circle(self, row: int | None, names: Sequence[Hashable], what: str) -> None:
        """Report things that wait for each other, each before the one that it waits for."""
        shown = list(map(str, names))
        if len(shown) > 12:
            shown = [*shown[:6], "...", *shown[-5:]]
        found = " waits for ".join([*shown, shown[0]])
        self.add("cycle", row, "", f"{what} that wait for each other: {found}", "no circle")
