"""Writing a scenario as a folder in the ordinary form, with its model and standard inside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from trajectory_engine.domain.scenario import NO_STANDARD, Scenario
from trajectory_engine.errors import InputError, OutputError
from trajectory_engine.io.atomic import beside, write_files
from trajectory_engine.io.model_writer import model_texts
from trajectory_engine.io.scenario_folder import load_scenario
from trajectory_engine.io.scenario_texts import scenario_texts
from trajectory_engine.io.standard_writer import standard_text

AnyPath = str | os.PathLike[str]

MODEL, STANDARD = "model", "standard.yaml"
"""Where the model and the standard stand in the folder."""


def write_scenario(scenario: Scenario, path: AnyPath) -> Path:
    """Write a scenario into a folder that does not exist yet or is empty; return its path.

    The files are written beside it, read again and compared, and only then take their place, so
    that the folder is there whole and means the same, or is not there.  What has no name is
    written, as it is read, with its id for a name.

    Raises
    ------
    OutputError
        If the folder is not empty, if it cannot be written, or if the scenario holds what files
        cannot say, such as a calendar of unequal weeks.
    """
    folder = Path(path)
    _require_free(folder)
    staged = beside(folder)
    standard = None if scenario.standard == NO_STANDARD else STANDARD
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        write_files(staged, scenario_texts(scenario, MODEL, standard))
        if standard is not None:
            write_files(staged, {standard: standard_text(scenario.standard)})
        period = scenario.calendar.unit
        write_files(staged / MODEL, model_texts(scenario.model, scenario.modules, period))
        _compare(folder, scenario, staged)
        staged.replace(folder)
    except OSError as error:
        message = f"the scenario could not be written to {folder}: {error.strerror or error}"
        raise OutputError(message) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder


def _require_free(folder: Path) -> None:
    try:
        if folder.is_dir():
            if any(folder.iterdir()):
                raise OutputError(f"{folder}: the folder is not empty")
        elif folder.exists():
            raise OutputError(f"{folder}: there is a file of that name")
    except (OSError, ValueError) as error:
        raise OutputError(f"{folder}: {getattr(error, 'strerror', None) or error}") from error


def _compare(folder: Path, scenario: Scenario, written: Path) -> None:
    """Read what was written, and refuse it if it is another scenario."""
    try:
        read = load_scenario(written)
    except InputError as error:
        reason = str(error.problems[0])
        raise OutputError(f"{folder}: files cannot say this scenario: {reason}") from error
    differing = list(_differences(_with_names(scenario), read))
    if differing:
        where = ", ".join(differing)
        raise OutputError(
            f"{folder}: files cannot say this scenario: {where} would be read as another"
        )


def _differences(wanted: Any, found: Any) -> Iterator[str]:
    """Yield the names of the fields that differ, those of the model one by one."""
    for field in fields(wanted):
        mine, theirs = getattr(wanted, field.name), getattr(found, field.name)
        if mine == theirs:
            continue
        if is_dataclass(mine) and field.name == "model":
            yield from (f"model.{name}" for name in _differences(mine, theirs))
        else:
            yield field.name


def _with_names(scenario: Scenario) -> Scenario:
    """Return the scenario with ids where names are blank."""
    model = scenario.model
    return replace(
        scenario,
        model=replace(
            model,
            subject=_named(model.subject),
            pedagogical=_named(model.pedagogical),
            social=_named(model.social),
            tasks=_named(model.tasks),
            profiles=_named(model.profiles),
        ),
        modules=_named(scenario.modules),
        teachers=_named(scenario.teachers),
        funds=_named(scenario.funds),
        resources=_named(scenario.resources),
    )


def _named(items: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(item if item.name else replace(item, name=item.id) for item in items)
