"""Reading a model folder: competences, tasks, profiles and the catalogue of modules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from trajectory_engine.domain.calendar import PeriodUnit
from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.competence import (
    FormationMode,
    PedagogicalCompetence,
    ProfessionalElement,
    SocialCompetence,
    SubjectCompetence,
)
from trajectory_engine.domain.formation import FormationRule, LevelThresholds
from trajectory_engine.domain.people import DiagnosisRule, Goal, Profile
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.errors import InputProblem
from trajectory_engine.io.catalogue_tables import read_modules
from trajectory_engine.io.documents import MODEL_FRAME, ModelDocument
from trajectory_engine.io.folder_reader import FolderReader, read_goal
from trajectory_engine.io.problems import Problems, quoted
from trajectory_engine.io.rows import (
    CompetenceRow,
    PrerequisiteRow,
    ProfessionalRow,
    ProfileRow,
    SubjectRow,
    WideSubjectRow,
)
from trajectory_engine.io.tables import Table, read_heading
from trajectory_engine.io.task_tables import read_tasks
from trajectory_engine.io.yaml_files import YamlFile, read_yaml
from trajectory_engine.validation.doubts import CATALOGUE, ELEMENTS, NOTHING_UNREAD, Unread

_KEYS = {
    "formation": "model.formation",
    "period": "model.period",
    "diagnosis": "model.diagnosis",
    "pyramid": "model.balance_tolerance",
}
"""Parts of the input by key of ``model.yaml``."""
_TABLES = (*ELEMENTS, "prerequisites", "tasks", "task_paths", "profiles", *CATALOGUE)
"""Tables of a model folder."""
_WIDE_COLUMNS = frozenset(("low", "acceptable", "average", "high", "advanced"))


@dataclass(frozen=True)
class LoadedModel:
    """What a model folder holds.

    Attributes
    ----------
    model : CompetenceModel
    modules : tuple of Module
    period : PeriodUnit
        Unit of the durations of modes.
    unread : Unread
        What of ``model.yaml`` could not be read; the rest is as if it were not given.
    remarks : tuple of InputProblem
        What is odd in the folder.
    """

    model: CompetenceModel
    modules: tuple[Module, ...] = ()
    period: PeriodUnit = PeriodUnit.WEEK
    unread: Unread = NOTHING_UNREAD
    remarks: tuple[InputProblem, ...] = ()


def no_model() -> LoadedModel:
    """Return what is known of a model that cannot be read at all."""
    weakest_link = FormationRule.weakest_link()
    model = CompetenceModel("unread", "unread", (), (), (), (), weakest_link)
    return LoadedModel(model, unread=Unread.of((*_KEYS.values(), *_TABLES)))


def read_model(reader: FolderReader) -> LoadedModel:
    """Return what can be read of a model folder, after reporting what cannot."""
    problems, places, prefix = reader.problems, reader.places, reader.prefix
    path = reader.folder / "model.yaml"
    document = read_yaml(path, prefix + "model.yaml", ModelDocument, problems, MODEL_FRAME)
    content = document.content
    doubtful = document.doubtful_keys & _KEYS.keys()
    unread = Unread.of(_KEYS[key] for key in doubtful)
    subject = _read_subject(reader)
    pedagogical = _read_competences(reader, "pedagogical", PedagogicalCompetence, required=True)
    social = _read_competences(reader, "social", SocialCompetence, required=False)
    professional = _read_professional(reader, subject, content.formation.default)
    model = CompetenceModel(
        id=content.id,
        name=content.name,
        subject=subject,
        pedagogical=pedagogical,
        social=social,
        professional=professional,
        formation=_formation_rule(document, problems),
        prerequisites=_read_prerequisites(reader),
        profiles=_read_profiles(reader),
        diagnosis=_diagnosis_rule(content),
        balance_tolerance=content.pyramid.tolerance,
    )
    model = read_tasks(reader, model, is_graph_known="model.formation" not in unread.parts)
    modules = read_modules(reader, model)
    places.add_keys(("model",), document)
    for field in ("formation", "diagnosis"):
        places.add_keys(("model", field), document, (field,))
    return LoadedModel(model, modules, content.period, unread, tuple(reader.misspelt()))


def _read_subject(reader: FolderReader) -> tuple[SubjectCompetence, ...]:
    heading = read_heading(reader.folder / "subject.csv")
    wide = bool(heading & _WIDE_COLUMNS) and "levels" not in heading
    row_type: type[Any] = WideSubjectRow if wide else SubjectRow
    table = reader.table("subject.csv", row_type, required=True)
    columns = {"levels": "low"} if wide else {}
    reader.places.add_rows(("model", "subject"), table.file, table.lines, columns)
    return tuple(
        SubjectCompetence(
            r.id, r.name or r.id, _levels(reader, table, r, line), r.group, r.weight, r.hours
        )
        for r, line in table
    )


def _levels(reader: FolderReader, table: Table[Any], row: Any, line: int) -> tuple[int, ...]:
    """Return the levels of a topic; all of them if they could not be read.

    So what refers to a topic whose row is at fault is not reported as well.
    """
    levels: tuple[int, ...] = row.levels
    return levels or (1, 2, 3, 4, 5) if reader.problems.has_row(table.file, line) else levels


def _read_competences(reader: FolderReader, name: str, cls: Any, *, required: bool) -> Any:
    table = reader.table(f"{name}.csv", CompetenceRow, required=required)
    reader.places.add_rows(("model", name), table.file, table.lines)
    return tuple(cls(r.id, r.name or r.id, r.levels, r.group, r.weight) for r in table.rows)


def _read_professional(
    reader: FolderReader, subject: Sequence[SubjectCompetence], default: FormationMode
) -> tuple[ProfessionalElement, ...]:
    table = reader.table("professional.csv", ProfessionalRow)
    reader.places.add_rows(("model", "professional"), table.file, table.lines)
    levels = {s.id: s.levels for s in subject}
    return tuple(
        ProfessionalElement(
            r.pedagogical,
            r.subject,
            r.levels or levels.get(r.subject, (1,)),
            r.formation or default,
        )
        for r in table.rows
    )


def _read_prerequisites(reader: FolderReader) -> tuple[Requirement, ...]:
    table = reader.table("prerequisites.csv", PrerequisiteRow)
    sound = [(r, line) for r, line in table if r.node is not None and r.needs]
    lines = [line for _, line in sound]
    reader.places.add_rows(("model", "prerequisites"), table.file, lines)
    return tuple(Requirement(r.node, r.needs, r.least or len(r.needs)) for r, _ in sound)


def _formation_rule(document: YamlFile[ModelDocument], problems: Problems) -> FormationRule:
    formation = document.content.formation
    thresholds = formation.rule == "thresholds"
    unused = "social" if thresholds else "levels"
    if unused in formation.model_fields_set:
        line, column = document.place(("formation", unused))
        expected = f"no such key for the rule {formation.rule}"
        problems.add("unknown_key", document.file, line, column, f"the key '{unused}'", expected)
    if not thresholds:
        return FormationRule.weakest_link(formation.social)
    levels = formation.levels or {}
    if set(levels) != {1, 2, 3, 4, 5}:
        line, column = document.place(("formation", "levels"))
        found = f"thresholds for the levels {', '.join(map(str, sorted(levels))) or 'none'}"
        expected = "thresholds for the levels 1 to 5"
        problems.add("missing_key", document.file, line, column, found, expected)
        return FormationRule.weakest_link()
    return FormationRule(
        tuple(
            LevelThresholds(
                levels[lv].subject, levels[lv].pedagogical, tuple(sorted(levels[lv].social.items()))
            )
            for lv in sorted(levels)
        )
    )


def _diagnosis_rule(content: ModelDocument) -> DiagnosisRule:
    weights = content.diagnosis.weights
    return DiagnosisRule(
        weights.content, weights.activity, weights.communicative, content.diagnosis.cut_points
    )


def _read_profiles(reader: FolderReader) -> tuple[Profile, ...]:
    table = reader.table("profiles.csv", ProfileRow)
    goals: defaultdict[str, list[tuple[Goal, int]]] = defaultdict(list)
    names: dict[str, str] = {}
    first: dict[str, int] = {}
    for row, line in table:
        first.setdefault(row.profile, line)
        if row.name and names.setdefault(row.profile, row.name) != row.name:
            found, expected = quoted(row.name), f"the name given before, {names[row.profile]!r}"
            reader.problems.add("two_names", table.file, line, "name", found, expected)
        goal = read_goal(reader, table, row, line)
        if goal is not None:
            goals[row.profile].append((goal, line))
    reader.places.add_rows(
        ("model", "profiles"), table.file, list(first.values()), {"id": "profile"}
    )
    for i, profile in enumerate(first):
        lines = [line for _, line in goals[profile]]
        reader.places.add_rows(("model", "profiles", i, "goals"), table.file, lines)
    return tuple(Profile(p, names.get(p, p), _first_of(goals[p])) for p in first)


def _first_of(pairs: Iterable[tuple[Goal, int]]) -> tuple[Goal, ...]:
    return tuple(goal for goal, _ in pairs)
