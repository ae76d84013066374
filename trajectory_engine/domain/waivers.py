"""Exceptions from a standard: waivers of rules and substitutions of modules, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

EVERYBODY = "*"
"""Stands for all teachers."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A rule does not bind a teacher.

    Attributes
    ----------
    teacher : str
        Teacher id, or ``*`` for everybody.
    why, by : str
        Reason, and the person or body who granted it.
    until : date
        Last day on which it is in force.
    """

    teacher: str
    rule: str
    why: str
    by: str
    until: date

    def concerns(self, teacher: str) -> bool:
        """Return whether it is for a teacher."""
        return self.teacher in (teacher, EVERYBODY)


@dataclass(frozen=True, slots=True)
class Substitution:
    """A module, or something with a record, counts in the place of another module for a teacher.

    Attributes
    ----------
    teacher : str
        Teacher id, or ``*`` for everybody.
    module : str
        What counts: a module of the catalogue or the id of a completion record.
    instead_of : str
        Module of the catalogue in whose place it counts.
    why, by : str
        Reason, and the person or body who granted it.
    until : date
        Last day on which it is in force.
    """

    teacher: str
    module: str
    instead_of: str
    why: str
    by: str
    until: date

    def concerns(self, teacher: str) -> bool:
        """Return whether it is for a teacher."""
        return self.teacher in (teacher, EVERYBODY)
