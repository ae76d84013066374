"""Where every object of a scenario was read, so that what is wrong with it can be shown there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trajectory_engine.errors import InputProblem
from trajectory_engine.io.yaml_files import YamlFile, dotted
from trajectory_engine.validation.faults import Fault, Where

_NO_COLUMNS: Mapping[str, str] = {}


@dataclass(frozen=True)
class _Rows:
    """Objects that stand in the rows of a table, one each."""

    file: str
    lines: Sequence[int]
    columns: Mapping[str, str]


@dataclass(frozen=True)
class _Keys:
    """An object that stands in a YAML file at the path ``base``."""

    document: YamlFile[Any]
    base: Where


@dataclass
class Provenance:
    """Places by path into the scenario; the longest path that is known wins."""

    _rows: dict[Where, _Rows] = field(default_factory=dict)
    _keys: dict[Where, _Keys] = field(default_factory=dict)

    def add_rows(
        self,
        where: Where,
        file: str,
        lines: Sequence[int],
        columns: Mapping[str, str] = _NO_COLUMNS,
    ) -> None:
        """Note that item i at ``where`` stands in line ``lines[i]`` of ``file``.

        Parameters
        ----------
        columns : mapping
            Column by field of the object, where the names differ; the empty field stands for
            the object itself.
        """
        self._rows[where] = _Rows(file, lines, columns)

    def add_keys(self, where: Where, document: YamlFile[Any], base: Where = ()) -> None:
        """Note that the object at ``where`` is the one at ``base`` of a YAML file."""
        self._keys[where] = _Keys(document, base)

    def locate(self, fault: Fault) -> InputProblem:
        """Return the problem of a fault, with file, row and column."""
        file, row, column = self._place(fault.where)
        return InputProblem(fault.code, fault.found, fault.expected, file, row, column)

    def _place(self, where: Where) -> tuple[str, int | None, str]:
        if where in self._rows and not any(isinstance(part, int) for part in where):
            return self._rows[where].file, None, ""
        for length in range(len(where), -1, -1):
            prefix = where[:length]
            rows = self._rows.get(prefix)
            item = where[length] if length < len(where) else None
            if rows is not None and isinstance(item, int) and item < len(rows.lines):
                names = [part for part in where[length + 1 :] if isinstance(part, str)]
                name = names[0] if names else ""
                return rows.file, rows.lines[item], rows.columns.get(name, name)
            keys = self._keys.get(prefix)
            if keys is not None:
                path = (*keys.base, *(p for p in where[length:] if p not in ("body", "time")))
                return keys.document.file, *keys.document.place(path)
        return "", None, dotted(where)
