"""Learning graphs: concepts with the concepts that they depend on.

Two forms are read. A file has a row a concept: ``ConceptID, ConceptLabel, Dependencies`` (ids
separated by ``|``) and, if the concepts are grouped, ``TaxonomyID`` (the format of McCreary's
open textbooks, ``learning-graph.csv``). A folder has ``elements.csv`` (``id, title, group``) and
``prerequisites.csv`` (``source`` before ``target``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from trajectory_engine.graph.circles import find_circles
from trajectory_engine.io.files import read_text
from trajectory_engine.io.problems import Problems, quoted
from trajectory_engine.io.public.base import MOST_BYTES, Conversion, Importer, Source
from trajectory_engine.io.public.concepts import (
    Concept,
    ConceptMap,
    are_too_many,
    arrows,
    convert,
)
from trajectory_engine.io.public.report import Report
from trajectory_engine.io.public.sheets import (
    Columns,
    Row,
    Sheet,
    read_rows,
    read_sheet,
    split_cell,
)
from trajectory_engine.validation.vocabulary import IDENTIFIER

CONCEPTS = Columns(("ConceptID", "ConceptLabel", "Dependencies"), ("TaxonomyID",))
ELEMENTS_FILE, EDGES_FILE = "elements.csv", "prerequisites.csv"
ELEMENTS = Columns(("id", "title"), ("group", "group_title"))
EDGES = Columns(("source", "target"), ("kind",))
BEFORE = "pre"
"""The one kind of dependency that a graph of concepts has, where a table names kinds."""


@dataclass
class _Reader:
    """Concepts in the order of their rows, and the faults of ids and dependencies."""

    report: Report
    concepts: dict[str, Concept] = field(default_factory=dict)

    def add(self, row: Row, column: str, concept: Concept) -> None:
        """Add a concept unless its id is taken; one with a wrong id can still be referred to."""
        before = self.concepts.get(concept.id)
        if not IDENTIFIER.fullmatch(concept.id):
            expected = "an identifier: text without comma, @, brackets, | or blanks"
            found = quoted(concept.id) if concept.id else "a blank cell"
            self.report.add("identifier", row.line, column, found, expected)
        elif before is not None:
            found, expected = (
                f"concept {quoted(concept.id)} twice",
                f"it once, in line {before.line}",
            )
            self.report.add("duplicate_id", row.line, column, found, expected)
        else:
            self.concepts[concept.id] = concept

    def name(self, sheet: Sheet, row: Row, column: str) -> str:
        """Return the name that stands in a column, a blank one is reported."""
        found = sheet.cell(row, column)
        if not found and column in sheet.heading:
            self.report.add("missing_value", row.line, column, "a blank cell", "a value")
        return found

    def check_reference(self, row: int, column: str, identifier: str, report: Report) -> bool:
        """Return whether a concept is known; report it if not."""
        if identifier not in self.concepts:
            shown = f"concept {quoted(identifier)}" if identifier else "a blank cell"
            report.add("unknown_id", row, column, shown, "a known concept")
        return identifier in self.concepts

    def finish(self, name: str, rows_of: dict[tuple[str, str], int], column: str) -> ConceptMap:
        """Return the map, after reporting circles at the row of one of their dependencies.

        Parameters
        ----------
        rows_of : dict
            Row of every dependency (what needs, what is needed).
        column : str
            Column in which dependencies stand.
        """
        circles = find_circles({c.id: c.needs for c in self.concepts.values()})
        for circle in circles:
            row = rows_of.get((circle[0], circle[-1]))
            found = f"the cycle {arrows(circle)}"
            self.report.add("cycle", row, column, found, "dependencies without a cycle")
        if not self.concepts and not self.report.problems:
            self.report.add("no_concepts", None, "", "no concept", "at least one concept")
        return ConceptMap(name, tuple(self.concepts.values()))


# ---- one file -----------------------------------------------------------------------------------


def parse(text: str, name: str, report: Report) -> ConceptMap:
    """Return the graph of a file; every fault goes to ``report``."""
    sheet = read_sheet(read_rows(text, report), CONCEPTS, report, 1)
    reader = _Reader(report)
    if "ConceptID" not in sheet.heading or are_too_many(len(sheet.rows), report):
        return ConceptMap(name, ())
    for row in sheet.rows:
        reader.add(row, "ConceptID", _concept(sheet, row, reader))
    rows_of = {
        (concept.id, need): concept.line or 1
        for concept in reader.concepts.values()
        for need in concept.needs
    }
    _drop_unknown(reader)
    return reader.finish(name, rows_of, "Dependencies")


def _concept(sheet: Sheet, row: Row, reader: _Reader) -> Concept:
    return Concept(
        id=sheet.cell(row, "ConceptID"),
        name=reader.name(sheet, row, "ConceptLabel"),
        group=sheet.cell(row, "TaxonomyID"),
        needs=tuple(split_cell(sheet.cell(row, "Dependencies"), "|")),
        line=row.line,
    )


def _drop_unknown(reader: _Reader) -> None:
    """Report the dependencies that name no concept, and leave them out."""
    for concept in list(reader.concepts.values()):
        known = tuple(
            need
            for need in concept.needs
            if reader.check_reference(concept.line or 1, "Dependencies", need, reader.report)
        )
        reader.concepts[concept.id] = replace(concept, needs=known)


# ---- a folder -----------------------------------------------------------------------------------


def parse_folder(source: Source, problems: Problems) -> tuple[ConceptMap, Report]:
    """Return the graph of a folder, with the report on its elements."""
    report = Report(problems, f"{source.shown}/{ELEMENTS_FILE}")
    edges_report = Report(problems, f"{source.shown}/{EDGES_FILE}", report.remarks)
    reader = _Reader(report)
    elements = _sheet(source.path / ELEMENTS_FILE, ELEMENTS, report)
    too_many = are_too_many(len(elements.rows), report)
    for row in elements.rows if "id" in elements.heading and not too_many else ():
        reader.add(row, "id", _element(elements, row, reader))
    edges = _sheet(source.path / EDGES_FILE, EDGES, edges_report)
    if not reader.concepts:  # nothing that a dependency could name: said already
        edges = Sheet(edges.heading, ())
    rows_of = {
        (target, needed): row
        for row, needed, target in _edges(edges, reader, edges_report)
        if target in reader.concepts
    }
    needs: dict[str, list[str]] = {}
    for target, needed in rows_of:
        needs.setdefault(target, []).append(needed)
    for target, of_it in needs.items():
        reader.concepts[target] = replace(reader.concepts[target], needs=tuple(of_it))
    finishing = _Reader(edges_report, reader.concepts)
    return finishing.finish(source.identifier, rows_of, "target"), report


def _sheet(path: Path, columns: Columns, report: Report) -> Sheet:
    text = read_text(path, report.shown, MOST_BYTES, report.problems)
    return (
        Sheet({}, ()) if text is None else read_sheet(read_rows(text, report), columns, report, 1)
    )


def _element(sheet: Sheet, row: Row, reader: _Reader) -> Concept:
    group = sheet.cell(row, "group_title") or sheet.cell(row, "group")
    name = reader.name(sheet, row, "title")
    return Concept(sheet.cell(row, "id"), name, group, line=row.line)


def _edges(sheet: Sheet, reader: _Reader, report: Report) -> Iterator[tuple[int, str, str]]:
    """Yield row, what is needed and what needs it, of every dependency that is sound."""
    columns = [name for name in EDGES.required if name in sheet.heading]
    for row in sheet.rows:
        kind = sheet.cell(row, "kind")
        if kind not in ("", BEFORE):
            expected = f"{BEFORE}: concepts have no other dependencies"
            report.add("one_of", row.line, "kind", quoted(kind), expected)
        known = [reader.check_reference(row.line, c, sheet.cell(row, c), report) for c in columns]
        if len(known) == len(EDGES.required) and all(known):
            yield row.line, sheet.cell(row, "source"), sheet.cell(row, "target")


# ---- the importer -------------------------------------------------------------------------------


def _read(source: Source, problems: Problems) -> Conversion | None:
    folder = _folder_of(source)
    if folder is not None:
        source = Source(folder, str(folder))
        graph, report = parse_folder(source, problems)
    else:
        report = Report(problems, source.shown)
        graph = parse(source.text, source.identifier, report)
    return None if problems else convert(graph, source, report)


def _folder_of(source: Source) -> Path | None:
    """Return the folder that a source is, or whose table it is; None if it is a file by itself."""
    try:
        if source.path.is_dir():
            return source.path
        if source.path.name in (ELEMENTS_FILE, EDGES_FILE) and _has_tables(source.path.parent):
            return source.path.parent
    except (OSError, ValueError):
        pass
    return None


def _has_tables(folder: Path) -> bool:
    return (folder / ELEMENTS_FILE).is_file() and (folder / EDGES_FILE).is_file()


def _looks_like(source: Source) -> bool:
    folder = _folder_of(source)
    if folder is not None:
        return _has_tables(folder)
    first = source.text.lstrip("\r\n").partition("\n")[0]
    return "ConceptID" in first or "ConceptLabel" in first


LEARNING_GRAPH = Importer(
    "learning-graph",
    "learning graphs: a CSV file of concepts, or a folder of elements and prerequisites",
    (".csv",),
    _looks_like,
    _read,
    folders=True,
)
