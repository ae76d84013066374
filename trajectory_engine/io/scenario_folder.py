"""Reading a scenario folder, and the model and the standard that it refers to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trajectory_engine.domain.calendar import Calendar, PeriodUnit
from trajectory_engine.domain.catalogue import Mode, Module, Resource, Run, Window
from trajectory_engine.domain.formation import FormationRule
from trajectory_engine.domain.memory import collection_paused
from trajectory_engine.domain.repair_prices import RepairPrices
from trajectory_engine.domain.scenario import (
    CompetenceModel,
    ObjectiveSpec,
    Scenario,
    default_objectives,
)
from trajectory_engine.domain.serial import scenario_parts_from_json
from trajectory_engine.domain.standard import Standard
from trajectory_engine.domain.waivers import Substitution, Waiver
from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io.axis import axis_text, read_calendar
from trajectory_engine.io.documents import SCENARIO_FRAME, ScenarioDocument
from trajectory_engine.io.folder_reader import FolderReader, unread_tables
from trajectory_engine.io.fund_tables import read_funds
from trajectory_engine.io.model_folder import LoadedModel, no_model, read_model
from trajectory_engine.io.people_tables import read_decisions, read_teachers
from trajectory_engine.io.problems import Problems
from trajectory_engine.io.provenance import Provenance
from trajectory_engine.io.rows import (
    ResourceRow,
    RunRow,
    SubstitutionRow,
    WaiverRow,
    WindowRow,
)
from trajectory_engine.io.standard_file import LoadedStandard, read_standard
from trajectory_engine.io.tables import Table
from trajectory_engine.io.yaml_files import YamlFile, read_yaml
from trajectory_engine.validation import find_faults, find_model_faults
from trajectory_engine.validation.doubts import ELEMENTS, Unread, unread_objects
from trajectory_engine.validation.faults import Fault, Locator, located_in

YAML_ENDINGS = (".yaml", ".yml")
REFERENCES = ("unknown_id", "unknown_level")
"""Faults of a cell that do not depend on the other cells of its row."""

AnyPath = str | os.PathLike[str]

_STAND_IN = Calendar(PeriodUnit.TERM, (date(1900, 1, 1), date(2201, 1, 1)))
"""Axis on which tables are read when the calendar is at fault: every date lies on it."""

_JSON_STAND_INS = {
    Scenario: {
        **{"id": "unread", "name": "unread", "model": no_model().model, "calendar": _STAND_IN},
        **{"modules": (), "teachers": ()},
    },
    CompetenceModel: {
        **{"id": "unread", "name": "unread", "formation": FormationRule.weakest_link()},
        **dict.fromkeys(ELEMENTS, ()),
    },
    Standard: {},
}
"""What stands in for fields of a scenario in JSON that do not fit."""


@dataclass(frozen=True)
class FolderScenario:
    """The scenario of a folder.

    Attributes
    ----------
    scenario : Scenario
    locate : callable
        Tells where in the files something of the scenario stands.
    remarks : tuple of InputProblem
        What is odd in the folder.
    """

    scenario: Scenario
    locate: Locator
    remarks: tuple[InputProblem, ...]


def load_scenario(path: AnyPath) -> Scenario:
    """Return the scenario of a folder.

    Parameters
    ----------
    path : str or path-like
        Folder with ``scenario.yaml``, as described in the file formats.

    Raises
    ------
    InputError
        With every fault of every file, by file (relative to the folder), row and column.

    See Also
    --------
    read_scenario_json : the same from one JSON text.
    """
    return read_scenario_folder(path).scenario


@collection_paused()
def read_scenario_folder(path: AnyPath) -> FolderScenario:
    """Return the scenario of a folder with what is known of its files.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    problems, places = Problems(), Provenance()
    folder = _folder(path)
    reader = FolderReader(folder, "", problems, places)
    document = read_yaml(
        folder / "scenario.yaml", "scenario.yaml", ScenarioDocument, problems, SCENARIO_FRAME
    )
    loaded = _read_model_of(document, folder, problems, places)
    standard = _read_standard_of(document, folder, problems, places)
    scenario, unread = _assemble(reader, document, loaded, standard.standard)
    unread = unread | loaded.unread | standard.unread | unread_tables(problems)
    _add_located(problems, places, unread.without_doubtful(find_faults(scenario)))
    problems.raise_if_any()
    remarks = (*loaded.remarks, *reader.misspelt(), *_unnamed_standards(document, folder))
    return FolderScenario(scenario, places.locate, remarks)


@collection_paused()
def load_model(path: AnyPath) -> LoadedModel:
    """Return the competence model and the catalogue of a model folder.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    problems, places = Problems(), Provenance()
    loaded = read_model(FolderReader(_folder(path), "", problems, places))
    unread = loaded.unread | unread_tables(problems)
    faults = find_model_faults(loaded.model, loaded.modules)
    _add_located(problems, places, unread.without_doubtful(faults))
    problems.raise_if_any()
    return loaded


def load_standard(path: AnyPath) -> Standard:
    """Return the ministry standard of a file; what its rules refer to is not checked.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    problems = Problems()
    loaded = read_standard(Path(path), os.fspath(path), problems, Provenance())
    problems.raise_if_any()
    return loaded.standard


@collection_paused()
def read_scenario_json(text: str | bytes) -> Scenario:
    """Return the scenario of a JSON text, checked like one that was read from a folder.

    Raises
    ------
    InputError
        With every fault; ``column`` names the object.
    """
    read = scenario_parts_from_json(text, _JSON_STAND_INS)
    problems = list(read.problems)
    if read.scenario is not None:
        unread = unread_objects(read.lost)
        locate = located_in(read.scenario, read.lost)
        problems += map(locate, unread.without_doubtful(find_faults(read.scenario)))
    if problems or read.scenario is None:
        raise InputError(problems)
    return read.scenario


def _folder(path: AnyPath) -> Path:
    folder = Path(path)
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if not is_folder:
        found = "a file" if folder.is_file() else "no such folder"
        problem = InputProblem("missing_folder", found, "a folder", os.fspath(path))
        raise InputError([problem])
    return folder


def _add_located(problems: Problems, places: Provenance, faults: Iterable[Fault]) -> None:
    """Add faults of the content, except where there is a fault of the form already.

    The cells of a row belong together, so of a row with a fault only references are looked at; in
    a YAML file every key is looked at by itself.
    """

    def is_doubtful(problem: InputProblem) -> bool:
        place = (problem.file, problem.row)
        alone = problem.code in REFERENCES or problem.file.endswith(YAML_ENDINGS)
        return problems.has_place(*place, problem.column) if alone else problems.has_row(*place)

    located = [places.locate(fault) for fault in faults]
    problems.extend([problem for problem in located if not is_doubtful(problem)])


def _read_model_of(
    document: YamlFile[ScenarioDocument], folder: Path, problems: Problems, places: Provenance
) -> LoadedModel:
    name = document.content.model
    if "model" in document.unread_keys:
        return no_model()
    model_folder = folder / name
    if not model_folder.is_dir():
        line, _ = document.place(("model",))
        found = f"no folder {name!r}"
        problems.add("missing_folder", document.file, line, "", found, "a model folder")
        return no_model()
    prefix = name.rstrip("/") + "/"
    return read_model(FolderReader(model_folder, prefix, problems, places))


def _read_standard_of(
    document: YamlFile[ScenarioDocument], folder: Path, problems: Problems, places: Provenance
) -> LoadedStandard:
    name = document.content.standard
    if name is None:
        is_in_doubt = "standard" in document.doubtful_keys
        return LoadedStandard(unread=Unread.of(("standard",) if is_in_doubt else ()))
    return read_standard(folder / name, name, problems, places)


def _unnamed_standards(
    document: YamlFile[ScenarioDocument], folder: Path
) -> Iterator[InputProblem]:
    """Yield the files that look like a standard, where the scenario names none."""
    if document.content.standard is not None:
        return
    for path in sorted(folder.glob("standard*.y*ml")):
        expected = f"the line 'standard: {path.name}' in scenario.yaml"
        yield InputProblem("unread_standard", "a standard that is not read", expected, path.name)


def _assemble(
    reader: FolderReader,
    document: YamlFile[ScenarioDocument],
    loaded: LoadedModel,
    standard: Standard,
) -> tuple[Scenario, Unread]:
    """Read the tables of the scenario; return it with what of ``scenario.yaml`` is not known."""
    content = document.content
    doubtful = document.doubtful_keys
    calendar = _read_calendar(document, loaded, reader.problems)
    unread = {f"scenario.{key}" for key in doubtful | ({"calendar"} if not calendar else set())}
    axis = calendar or _STAND_IN
    modules = _Modules({m.id: m for m in loaded.modules}, axis)
    reader.places.add_keys((), document)
    teachers = read_teachers(reader, axis, modules.by_id)
    funds = read_funds(reader)
    resources = _read_resources(reader)
    runs = _read_runs(reader, modules)
    windows = _read_windows(reader, modules)
    decisions = read_decisions(reader, axis, teachers)
    waivers = _read_waivers(reader)
    substitutions = _read_substitutions(reader)
    scenario = Scenario(
        id=content.id,
        name=content.name,
        model=loaded.model,
        modules=loaded.modules,
        calendar=axis,
        teachers=teachers,
        standard=standard,
        funds=funds,
        resources=resources,
        runs=runs,
        windows=windows,
        decisions=decisions,
        objectives=default_objectives(standard)
        if content.objectives is None
        else tuple(ObjectiveSpec(o.name, o.tolerance) for o in content.objectives),
        currency=content.currency,
        fiscal_year=content.fiscal_year,
        recognition=content.recognition,
        past_modules=content.past_modules,
        waivers=waivers,
        substitutions=substitutions,
        repairs=RepairPrices(**content.repairs.model_dump()),
    )
    items = {f"scenario.{path[0]}" for path in document.unread if len(path) > 1}
    return scenario, Unread.of(unread) | Unread(cells=frozenset(items))


def _read_calendar(
    document: YamlFile[ScenarioDocument], loaded: LoadedModel, problems: Problems
) -> Calendar | None:
    """Return the axis, None if it is not known."""
    unit = document.content.calendar.unit
    if "model.period" not in loaded.unread.parts:
        unit = loaded.period
    if "calendar" in document.unread_keys or unit is None:
        return None
    return read_calendar(document, unit, problems)


@dataclass(frozen=True)
class _Modules:
    """The catalogue and the axis, for the tables of starts."""

    by_id: Mapping[str, Module]
    axis: Calendar

    def mode(self, module: str, mode: str) -> Mode | None:
        """Return a mode, None if it does not exist."""
        found = self.by_id.get(module)
        return next((m for m in found.modes if m.id == mode), None) if found else None

    def period(
        self, reader: FolderReader, table: Table[Any], line: int, column: str, day: date
    ) -> int:
        """Return the period of a day, 0 after reporting that it lies off the axis."""
        period = self.axis.period_of(day)
        if period is None:
            found, expected = day.isoformat(), axis_text(self.axis)
            reader.problems.add("off_calendar", table.file, line, column, found, expected)
        return period or 0


def _read_resources(reader: FolderReader) -> tuple[Resource, ...]:
    table = reader.table("resources.csv", ResourceRow)
    reader.places.add_rows(("resources",), table.file, table.lines)
    return tuple(Resource(r.id, r.kind, r.scope, r.capacity, r.name or r.id) for r in table.rows)


def _read_waivers(reader: FolderReader) -> tuple[Waiver, ...]:
    return tuple(Waiver(*row) for row in _exceptions(reader, "waivers", WaiverRow))


def _read_substitutions(reader: FolderReader) -> tuple[Substitution, ...]:
    rows = _exceptions(reader, "substitutions", SubstitutionRow)
    return tuple(Substitution(*row) for row in rows)


def _exceptions(reader: FolderReader, name: str, row_type: type[Any]) -> list[Any]:
    """Return the rows of a table; one without a readable last day never ends."""
    table = reader.table(f"{name}.csv", row_type)
    reader.places.add_rows((name,), table.file, table.lines)
    return [row._replace(until=row.until or date.max) for row in table.rows]


def _read_runs(reader: FolderReader, modules: _Modules) -> tuple[Run, ...]:
    table = reader.table("runs.csv", RunRow)
    reader.places.add_rows(("runs",), table.file, table.lines)
    return tuple(
        Run(
            r.id,
            r.module,
            r.mode,
            0 if r.start is None else modules.period(reader, table, line, "start", r.start),
            r.seats,
            r.minimum_group,
        )
        for r, line in table
    )


def _read_windows(reader: FolderReader, modules: _Modules) -> tuple[Window, ...]:
    table = reader.table("windows.csv", WindowRow)
    reader.places.add_rows(("windows",), table.file, table.lines)
    found = []
    for row, line in table:
        mode = modules.mode(row.module, row.mode)
        latest = max(0, modules.axis.horizon - (mode.duration if mode else 0))
        earliest = 0
        if row.earliest is not None:
            earliest = modules.period(reader, table, line, "earliest", row.earliest)
        if row.latest is not None:
            latest = modules.period(reader, table, line, "latest", row.latest)
        found.append(Window(row.module, row.mode, earliest, latest))
    return tuple(found)
