"""Reading a scenario in whatever form it comes: a folder, one JSON text, a public format."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.serial import SCENARIO_FORMAT
from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io.files import read_text
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.public.base import Source
from trajectory_engine.io.public.registry import import_public, recognised
from trajectory_engine.io.scenario_folder import read_scenario_folder, read_scenario_json
from trajectory_engine.validation import warn
from trajectory_engine.validation.faults import Locator

AnyPath = str | os.PathLike[str]
MOST_JSON_BYTES = 512 * 1024 * 1024
"""Largest scenario in JSON that is read."""
_LOOKED_AT = 4_096


@dataclass(frozen=True)
class ReadScenario:
    """A scenario, and what is odd but allowed in the file that it was read from.

    Attributes
    ----------
    scenario : Scenario
    remarks : tuple of InputProblem
        What is odd in the folder, what a public format says or leaves out.
    locate : callable or None
        Tells where in the files something of the scenario stands.
    """

    scenario: Scenario
    remarks: tuple[InputProblem, ...] = ()
    locate: Locator | None = None

    @property
    def warnings(self) -> tuple[InputProblem, ...]:
        """What is odd but allowed in the scenario, with its places."""
        return warn(self.scenario, self.locate)


def read_any_scenario(path: AnyPath, *, format: str | None = None) -> ReadScenario:
    """Return the scenario of a folder, of a file of its JSON, or of a file of a public format.

    Parameters
    ----------
    format : str, optional
        Name of the public format; by default what is found there tells.

    Raises
    ------
    InputError
        With every problem found.
    """
    source = Path(path)
    if format is None and _is_ordinary_folder(source):
        folder = read_scenario_folder(path)
        return ReadScenario(folder.scenario, folder.remarks, folder.locate)
    if format is None and _is_scenario_json(source):
        return ReadScenario(_from_json(source))
    conversion = import_public(source, format=format)
    return ReadScenario(conversion.scenario, conversion.remarks)


def _is_ordinary_folder(path: Path) -> bool:
    """Return whether a path is, or should be, the folder of a scenario."""
    try:
        if path.is_file():
            return False
        if not path.is_dir() or (path / "scenario.yaml").exists():
            return True
    except (OSError, ValueError):
        return True
    return not recognised(Source(path, os.fspath(path)))


def _is_scenario_json(path: Path) -> bool:
    """Return whether a file says of itself near its beginning that it is a scenario."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            return SCENARIO_FORMAT in stream.read(_LOOKED_AT)
    except (OSError, ValueError):
        return False


def _from_json(path: Path) -> Scenario:
    """Return the scenario of a JSON file; what is wrong with it names the file."""
    shown = os.fspath(path)
    problems = Problems()
    text = read_text(path, shown, MOST_JSON_BYTES, problems)
    problems.raise_if_any()
    assert text is not None
    try:
        return read_scenario_json(text)
    except InputError as error:
        raise InputError([replace(p, file=shown) for p in error.problems]) from None
