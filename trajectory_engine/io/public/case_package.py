"""Packages of competencies and academic standards: CASE 1.1 of 1EdTech, and 1.0, as JSON.

A package (``CFPackage``) has a document, items and associations between them. Items with children
(``isChildOf``) are headings; the others are what is to be learnt. ``precedes`` says what comes
first.

References
----------
1EdTech, *Competencies and Academic Standards Exchange (CASE) Service, version 1.1: information
model* and *REST/JSON binding* (2025).
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from trajectory_engine.io.problems import Problems, quoted
from trajectory_engine.io.public.base import Conversion, Importer, Source
from trajectory_engine.io.public.case_hierarchy import (
    CHILD,
    PRECEDES,
    Association,
    Item,
    Package,
    concept_map,
)
from trajectory_engine.io.public.concepts import convert
from trajectory_engine.io.public.json_text import JsonText
from trajectory_engine.io.public.report import Report
from trajectory_engine.validation.vocabulary import IDENTIFIER

TYPES = (
    CHILD,
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    PRECEDES,
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
    "isTranslationOf",
)
"""Types of associations of CASE 1.1."""
EXTENSION = "ext:"
"""How types begin that an author has added."""
MOST_NAME = 200
"""Longest name of a competence; a longer statement is cut."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ids that an association may name."""

    items: frozenset[str]
    document: str


def parse(text: str, report: Report) -> Package:
    """Return the package of a JSON text; every fault goes to ``report``."""
    source = JsonText(text, report)
    value = source.load()
    if value is None and report.problems:
        return Package("", (), ())
    package = _parse(source, value, report)
    source.report()
    return package


def _parse(source: JsonText, value: Any, report: Report) -> Package:
    root, base = source.object(value, ""), ""
    if "CFPackage" in root:
        root, base = source.member(root, "CFPackage", ""), "/CFPackage"
    document = source.member(root, "CFDocument", base)
    here = f"{base}/CFDocument"
    identifier = source.text(document, "identifier", here, required=bool(document))
    title = source.text(document, "title", here, required=bool(document))
    items = _items(source, root, base)
    if not items and "CFItems" in root:
        source.fault("no_items", f"{base}/CFItems", "no items", "at least one item")
    elif not items:
        source.fault("missing_key", base, "no key 'CFItems'", "a list of items")
    ends = _Ends(frozenset(item.id for item in items), identifier)
    associations = _associations(source, root, base, ends, report)
    _remark_on_lists(root, report)
    return Package(title, items, associations)


# ---- items --------------------------------------------------------------------------------------


def _items(source: JsonText, root: dict[str, Any], base: str) -> tuple[Item, ...]:
    found: dict[str, Item] = {}
    for value, pointer in source.members(root, "CFItems", base):
        item = _item(source, value, pointer)
        if item.id in found:
            expected = f"it once, in {found[item.id].pointer}"
            where = f"{pointer}/identifier"
            source.fault("duplicate_id", where, f"item {quoted(item.id)} twice", expected)
        elif item.id:
            found[item.id] = item
    return tuple(found.values())


def _item(source: JsonText, value: dict[str, Any], pointer: str) -> Item:
    identifier = source.text(value, "identifier", pointer, required=True)
    if identifier and not IDENTIFIER.fullmatch(identifier):
        expected = "an identifier: text without comma, @, brackets, | or blanks"
        source.fault("identifier", f"{pointer}/identifier", quoted(identifier), expected)
    statement = source.text(value, "fullStatement", pointer, required=True)
    short = source.text(value, "abbreviatedStatement", pointer, required=False)
    code = source.text(value, "humanCodingScheme", pointer, required=False)
    source.text(value, "CFItemType", pointer, required=False)
    return Item(identifier, code, _shortened(" ".join((short or statement).split())), pointer)


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_NAME else text[: MOST_NAME - 3] + "..."


# ---- associations -------------------------------------------------------------------------------


def _associations(
    source: JsonText, root: dict[str, Any], base: str, ends: _Ends, report: Report
) -> tuple[Association, ...]:
    """Return the associations that a scenario can hold; the others are counted in remarks."""
    found = []
    unused: Counter[str] = Counter()
    for value, pointer in source.members(root, "CFAssociations", base):
        kind = source.text(value, "associationType", pointer, required=True)
        source.check_whole(value, "sequenceNumber", pointer)
        if kind in (CHILD, PRECEDES):
            origin = _end(source, value, "originNodeURI", pointer, ends)
            target = _end(source, value, "destinationNodeURI", pointer, ends)
            found.append(Association(kind, origin, target, pointer))
            _check_document(source, found[-1], ends)
        elif kind in TYPES or kind.startswith(EXTENSION):
            unused[kind] += 1
        elif kind:
            close = difflib.get_close_matches(kind, TYPES, n=1)
            expected = f"{close[0]} (maybe)" if close else f"one of {', '.join(TYPES)}"
            source.fault("one_of", f"{pointer}/associationType", quoted(kind), expected)
    for kind, count in sorted(unused.items()):
        unused_text = f"{count} associations {quoted(kind)}, which are not used"
        report.remark("association_not_used", None, f"{base}/CFAssociations", unused_text, _USED)
    known = ends.items | {ends.document}
    return tuple(a for a in found if a.origin in known and a.destination in known)


_USED = f"associations {CHILD} and {PRECEDES}"


def _end(source: JsonText, value: dict[str, Any], key: str, pointer: str, ends: _Ends) -> str:
    """Return the id at one end of an association, after noting what does not exist."""
    node = source.member(value, key, pointer)
    if not node:
        return ""
    here = f"{pointer}/{key}"
    identifier = source.text(node, "identifier", here, required=True)
    if identifier and identifier not in ends.items and identifier != ends.document:
        found = f"item {quoted(identifier)}"
        source.fault("unknown_id", f"{here}/identifier", found, "an item of the package")
    return identifier


def _check_document(source: JsonText, association: Association, ends: _Ends) -> None:
    """Note the document where only an item can stand: it may have children and nothing else."""
    sides = {"originNodeURI": association.origin}
    if association.kind == PRECEDES:
        sides["destinationNodeURI"] = association.destination
    for key, identifier in sides.items():
        if identifier and identifier == ends.document and identifier not in ends.items:
            where = f"{association.pointer}/{key}/identifier"
            source.fault("unknown_id", where, "the document itself", "an item of the package")


def _remark_on_lists(root: dict[str, Any], report: Report) -> None:
    rubrics = root.get("CFRubrics")
    if isinstance(rubrics, list) and rubrics:
        found = f"{len(rubrics)} rubrics, which are not used"
        report.remark("rubrics_not_used", None, "CFRubrics", found, "items and associations")


# ---- the importer -------------------------------------------------------------------------------


def _read(source: Source, problems: Problems) -> Conversion | None:
    report = Report(problems, source.shown)
    package = parse(source.text, report)
    if problems:
        return None
    concepts = concept_map(package, JsonText(source.text, report), report)
    return None if problems else convert(concepts, source, report)


def _looks_like(source: Source) -> bool:
    begin = source.text.lstrip()[:1]
    return begin == "{" and any(f'"{key}"' in source.text for key in ("CFDocument", "CFItems"))


CASE_PACKAGE = Importer(
    "case",
    "competencies and academic standards: 1EdTech CASE 1.1 packages",
    (".json",),
    _looks_like,
    _read,
)
