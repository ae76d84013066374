"""Writes a synthetic model and its teacher in the file formats of the project."""

from __future__ import annotations

import csv
import hashlib
import math
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from synthetic_model import SOCIAL, Node, SyntheticModel, generate, rows

HOURS_PER_MODULE_WEEK = 16

_MODEL = """\
format: trajectory-engine/model
version: 1
id: synthetic-{columns}
name: Synthetic model of {columns} columns
formation:
  rule: weakest-link
  social:
{social}
"""

_SCENARIO = """\
format: trajectory-engine/scenario
version: 1
id: synthetic
name: One teacher in a large matrix
model: ../model
calendar:
  start: 2027-01-04
  periods: {weeks}
objectives: [{objective}]
"""


def write(model: SyntheticModel, folder: Path, objective: str = "study_hours") -> Path:
    """Write the model folder and the scenario folder; return the latter."""
    (folder / "model").mkdir(parents=True)
    (folder / "scenario").mkdir()
    _write_competences(model, folder / "model")
    _write_catalogue(model, folder / "model")
    _write_scenario(model, folder / "scenario", objective)
    return folder / "scenario"


FROZEN = "75fcf1e3e25bf7b8"
"""Checksum of a small model: the generator is the one that earlier figures were measured with."""


def checksum_of_generator() -> str:
    """Return the checksum of the files of models of 60 columns, of both kinds of gap."""
    digest = hashlib.sha256()
    for missing, overlap in ((None, 2.0), (20, 4.0), (None, 8.0)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(generate(60, 0, missing, overlap), folder)
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _table(path: Path, heading: str, lines: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading.split())
        writer.writerows(lines)


def _name(node: Node) -> str:
    return f"{node[0]}@{node[1]}"


def _levels(levels: Iterable[int]) -> str:
    return "|".join(map(str, levels))


def _write_competences(model: SyntheticModel, folder: Path) -> None:
    social = "\n".join(f"    {name}: 2" for name in SOCIAL)
    text = _MODEL.format(columns=len(model.topics), social=social)
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    _table(
        folder / "subject.csv",
        "id name levels group",
        ((t.id, f"Topic {t.id}", _levels(t.levels), f"field{t.field}") for t in model.topics),
    )
    _table(folder / "pedagogical.csv", "id name", ((r, f"Technique {r}") for r in rows()))
    _table(folder / "social.csv", "id name", ((s, s.title()) for s in SOCIAL))
    _table(
        folder / "professional.csv",
        "pedagogical subject formation",
        ((c.row, c.topic.id, "derived" if c.derived else "taught") for c in model.cells),
    )
    _table(
        folder / "prerequisites.csv",
        "node needs least",
        (
            (_name(node), "|".join(map(_name, of)), least)
            for node, groups in model.needs.items()
            for least, of in groups
        ),
    )
    _table(folder / "tasks.csv", "id free", ((task, "yes") for task in model.paths))
    _table(
        folder / "task_paths.csv",
        "task path links",
        (
            (task, f"way{i}", "|".join(map(_name, links)))
            for task, ways in model.paths.items()
            for i, links in enumerate(ways)
        ),
    )


def _write_catalogue(model: SyntheticModel, folder: Path) -> None:
    _table(
        folder / "modules.csv",
        "id name component",
        ((m.id, f"Module {m.id}", m.component) for m in model.lessons),
    )
    _table(
        folder / "teaches.csv",
        "module element from to",
        ((m.id, i.element, i.low, i.high) for m in model.lessons for i in m.items),
    )
    _table(
        folder / "modes.csv",
        "module mode form contact_hours independent_hours duration credits price",
        (
            (
                m.id,
                form,
                form,
                hours // 2,
                hours - hours // 2,
                math.ceil(hours / HOURS_PER_MODULE_WEEK),
                f"{hours / 30:.2f}",
                hours * 1500_00,
            )
            for m in model.lessons
            for form, hours in zip(("blended", "distance"), m.hours, strict=True)
        ),
    )


def _write_scenario(model: SyntheticModel, folder: Path, objective: str) -> None:
    text = _SCENARIO.format(weeks=model.weeks, objective=objective)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    _table(folder / "teachers.csv", "id name hours", [("T1", "Teacher 1", model.hours_per_week)])
    _table(
        folder / "diagnosis.csv",
        "teacher element level instrument",
        (("T1", element, level, "test") for element, level in model.measured.items()),
    )
    _table(
        folder / "goals.csv",
        "teacher node task",
        [("T1", _name(goal), "") for goal in model.goals]
        + [("T1", "", task) for task in model.tasks],
    )
    _table(folder / "funds.csv", "id name", [("employer", "Employer")])
