"""What several commands read: the scenario, ids named on the command line, output folders."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from trajectory_engine.cli.output import say
from trajectory_engine.domain.recognition import EVERYTHING, recognition_names
from trajectory_engine.domain.recognition import without_recognition as switched_off
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.errors import InputError, InputProblem, OutputError

if TYPE_CHECKING:
    from trajectory_engine.io.any_scenario import ReadScenario

WARNINGS_SHOWN = 20
MOST_PLAN_BYTES = 256 * 1024 * 1024
"""Largest plan that is read."""


def read_scenario(
    path: Path, without_recognition: Sequence[str] = (), *, format: str | None = None
) -> Scenario:
    """Return a scenario in any form, without the prior learning that is switched off.

    What is odd but allowed is said.

    Raises
    ------
    InputError
        With every problem found.
    """
    read = read_with_warnings(path, format=format)
    say_warnings([*read.remarks, *read.warnings])
    scenario = read.scenario
    if not without_recognition:
        return scenario
    known = {*recognition_names(scenario), EVERYTHING}
    require_known("--without-recognition", without_recognition, known)
    return switched_off(scenario, without_recognition)


def read_with_warnings(path: Path, *, format: str | None = None) -> ReadScenario:
    """Return a scenario in any form with what is odd but allowed in it.

    Raises
    ------
    InputError
        With every problem found.
    """
    from trajectory_engine.io.any_scenario import read_any_scenario

    return read_any_scenario(path, format=format)


def say_warnings(warnings: Sequence[InputProblem]) -> None:
    """Say what is odd but allowed, the first of it word by word."""
    for warning in warnings[:WARNINGS_SHOWN]:
        say(f"warning: {warning}")
    if len(warnings) > WARNINGS_SHOWN:
        say(f"... and {len(warnings) - WARNINGS_SHOWN} more warnings")


def read_text(path: Path) -> str:
    """Return a file as text.

    Raises
    ------
    InputError
        If it cannot be read, is too large, or is not UTF-8.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_PLAN_BYTES + 1)
        if len(data) <= MOST_PLAN_BYTES:
            return data.decode("utf-8-sig")
        limit = f"{MOST_PLAN_BYTES // (1024 * 1024)} MB"
        problem = InputProblem(
            "file_too_large", f"more than {limit}", f"at most {limit}", str(path)
        )
        raise InputError([problem])
    except UnicodeDecodeError as error:
        fault, found = "wrong_encoding", f"a byte that is not UTF-8 at position {error.start}"
    except OSError as error:
        fault, found = "unreadable_file", (error.strerror or str(error)).lower()
    raise InputError([InputProblem(fault, found, "a readable text file in UTF-8", str(path))])


def require_known(option: str, wanted: Sequence[str], known: Collection[str]) -> None:
    """Check ids that were given with an option.

    Raises
    ------
    InputError
        Naming every id that does not exist, with similar ones that do.
    """
    problems = []
    for identifier in wanted:
        if identifier not in known:
            similar = get_close_matches(identifier, known, n=3)
            hint = f", such as {', '.join(similar)}" if similar else ""
            problems.append(
                InputProblem(
                    "unknown_id", f"{identifier!r}", f"an id of the scenario{hint}", column=option
                )
            )
    if problems:
        raise InputError(problems)


@contextmanager
def output_folder(path: Path) -> Iterator[Path]:
    """Create a folder and make sure that it can be written, before any work is done.

    A folder that was created here and is still empty at the end is removed again.

    Raises
    ------
    OutputError
        If the folder cannot be created or written.
    """
    created = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"\0")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"the output folder {path} cannot be written: {reason}") from error
    try:
        yield path
    finally:
        if created and not any(path.iterdir()):
            path.rmdir()
