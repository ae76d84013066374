"""What an importer is: it recognises files of one format, and makes a scenario of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.errors import InputProblem
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.provenance import Provenance

MOST_BYTES = 64 * 1024 * 1024
"""Largest file that is looked at."""
MOST_CHARACTERS = 16 * 1024 * 1024
"""Longest text that an importer reads, unless it says otherwise."""


@dataclass(frozen=True)
class Source:
    """A file or a folder of a public format.

    Attributes
    ----------
    shown : str
        Its name in messages.
    text : str
        Content of the file; empty for a folder.
    """

    path: Path
    shown: str
    text: str = ""

    @property
    def identifier(self) -> str:
        """The id of the scenario: the name of the file without its ending."""
        return identifier_of(self.path.stem) or "imported"


@dataclass(frozen=True)
class Conversion:
    """A scenario and what is to be said of how it came about.

    Attributes
    ----------
    places : Provenance
        Where its objects were read.
    remarks : tuple of InputProblem
        What is odd but allowed, or was left out; shown as warnings.
    """

    scenario: Scenario
    places: Provenance = field(default_factory=Provenance)
    remarks: tuple[InputProblem, ...] = ()


@dataclass(frozen=True)
class Importer:
    """The reader of one format.

    Attributes
    ----------
    name : str
        What a user calls the format by.
    title : str
        A line about it.
    suffixes : tuple of str
        Endings of its files, in lower case, each with its dot; none for a format of folders.
    looks_like : callable
        Tells, quickly and without failing, whether a source seems to be of the format.
    read : callable
        Returns the conversion, None after reporting why there is none.
    folders : bool
        Whether it reads folders, too.
    most_characters : int
        A longer text is refused.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    looks_like: Callable[[Source], bool]
    read: Callable[[Source, Problems], Conversion | None]
    folders: bool = False
    most_characters: int = MOST_CHARACTERS


def identifier_of(text: str) -> str:
    """Return a text as an identifier: what identifiers may not contain becomes a hyphen."""
    signs = (c if c.isprintable() and not c.isspace() and c not in ",@[]|" else " " for c in text)
    return "-".join("".join(signs).split())
