"""The formats that are read, and which of them a file has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from trajectory_engine.domain.memory import collection_paused
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.io.files import read_text
from trajectory_engine.io.problems import Problems, quoted
from trajectory_engine.io.public.bacp import BACP
from trajectory_engine.io.public.bacp_minizinc import BACP_MINIZINC
from trajectory_engine.io.public.base import MOST_BYTES, Conversion, Importer, Source
from trajectory_engine.io.public.case_package import CASE_PACKAGE
from trajectory_engine.io.public.complaints import TooManyFaults
from trajectory_engine.io.public.degree_plan import DEGREE_PLAN
from trajectory_engine.io.public.learning_graph import LEARNING_GRAPH
from trajectory_engine.io.public.psplib import PSPLIB
from trajectory_engine.io.public.set_cover import SET_COVER
from trajectory_engine.validation import find_faults

FORMATS: Mapping[str, Importer] = {
    importer.name: importer
    for importer in (
        PSPLIB,
        SET_COVER,
        BACP,
        BACP_MINIZINC,
        DEGREE_PLAN,
        LEARNING_GRAPH,
        CASE_PACKAGE,
    )
}
"""Importers by the name of their format."""


def read_public(path: Path | str, *, format: str | None = None) -> Scenario:
    """Return the scenario that a file of a public format stands for.

    Parameters
    ----------
    path : path-like or str
        A file, or for some formats a folder.
    format : str, optional
        A key of :data:`FORMATS`; by default it is told from the ending and the content.

    Raises
    ------
    InputError
        With every problem of the file, by line.
    """
    return import_public(path, format=format).scenario


@collection_paused()
def import_public(path: Path | str, *, format: str | None = None) -> Conversion:
    """Return the scenario of a file of a public format, with what was left out of it.

    Raises
    ------
    InputError
        As :func:`read_public`.
    """
    problems = Problems()
    conversion = _import(Path(path), format, problems)
    problems.raise_if_any()
    assert conversion is not None
    return conversion


def _import(path: Path, name: str | None, problems: Problems) -> Conversion | None:
    source = _source(path, problems)
    if source is None:
        return None
    importer = _named(name, source, problems) if name is not None else _told(source, problems)
    if importer is None:
        return None
    if len(source.text) > importer.most_characters:
        found = f"{len(source.text)} characters"
        expected = f"at most {importer.most_characters}"
        problems.refuse_file("file_too_large", source.shown, None, found, expected)
        return None
    try:
        conversion = importer.read(source, problems)
    except TooManyFaults:
        return None
    if conversion is not None and not problems:
        _add_faults(conversion, source, problems)
    return conversion


def _source(path: Path, problems: Problems) -> Source | None:
    shown = os.fspath(path)
    if _is_folder(path):
        problems.open(shown)
        return Source(path, shown)
    text = read_text(path, shown, MOST_BYTES, problems)
    return None if text is None else Source(path, shown, text)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _named(name: str, source: Source, problems: Problems) -> Importer | None:
    importer = FORMATS.get(name)
    if importer is None:
        similar = get_close_matches(name, FORMATS, n=1)
        expected = f"one of {_list_of(FORMATS)}{f'; perhaps {similar[0]}' if similar else ''}"
        problems.refuse_file("unknown_format", "", None, f"format {quoted(name)}", expected)
        return None
    if _is_folder(source.path) and not importer.folders:
        problems.refuse_file("missing_file", source.shown, None, "a folder", f"a {name} file")
        return None
    return importer


def recognised(source: Source) -> tuple[Importer, ...]:
    """Return the importers that could read a source: one, unless it is unknown or ambiguous.

    The ending decides where the content does not, and the content where the ending does not.
    """
    folder = _is_folder(source.path)
    able = [i for i in FORMATS.values() if i.folders or not folder]
    alike = [i for i in able if i.looks_like(source)]
    if folder:
        return tuple(alike)
    ending = source.path.suffix.lower()
    by_ending = [i for i in able if ending in i.suffixes]
    both = [i for i in alike if i in by_ending]
    return tuple(both or alike or by_ending)


def _told(source: Source, problems: Problems) -> Importer | None:
    found = recognised(source)
    if len(found) == 1:
        return found[0]
    if found:
        what = f"what could be {_list_of(i.name for i in found)}"
        expected = "its format to be named"
    else:
        what, expected = "no format that is known", f"one of {_list_of(FORMATS)}"
    problems.refuse_file("unknown_format", source.shown, None, what, expected)
    return None


def _list_of(names: Iterable[str]) -> str:
    return ", ".join(names)


def _add_faults(conversion: Conversion, source: Source, problems: Problems) -> None:
    """Report what makes the content of a well-formed file no scenario."""
    for fault in find_faults(conversion.scenario):
        problem = conversion.places.locate(fault)
        problems.extend([problem if problem.file else replace(problem, file=source.shown)])
