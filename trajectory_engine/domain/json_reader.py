"""Reading domain objects out of JSON values: by the types of their fields, all faults at once."""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from trajectory_engine.domain.competence import NodeRef, parse_node
from trajectory_engine.errors import InputProblem

Path = tuple[str | int, ...]

KIND = "kind"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

SCALARS = {str: "a text", int: "a whole number", bool: "true or false"}
COLLECTIONS: dict[Any, Callable[[Any], Any]] = {frozenset: frozenset, Mapping: dict}
"""Sets and mappings are written as sorted lists; how a list becomes one again."""


def kind_of(cls: type) -> str:
    """Return the tag of an alternative: ``AtLeastRule`` is ``at_least``."""
    name = cls.__name__.removesuffix("Rule")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def alternatives(hint: Any) -> tuple[Any, ...]:
    """Return the members of a union, the hint itself if it is none."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return (hint,)


@cache
def fields_of(cls: type) -> Mapping[str, Any]:
    """Return the fields of a dataclass with their resolved types, in the order of definition."""
    hints = typing.get_type_hints(cls)
    return {f.name: hints[f.name] for f in dataclasses.fields(cls)}


def collection_item(hint: Any) -> Any:
    """Return the type of one item of a set, or of one (key, value) pair of a mapping."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is frozenset:
        return arguments[0]
    return types.GenericAlias(tuple, arguments)


FAULTY: Any = object()
"""Stands in the place of a value that does not fit."""

StandIns = Mapping[type, Mapping[str, Any]]
"""Classes whose faulty fields are left out, with values of the fields that have no default."""
NO_STAND_INS: StandIns = {}


class JsonReader:
    """Turns JSON values into domain objects and collects what does not fit.

    Objects that do not fit are left out of the lists in which they stand.

    Attributes
    ----------
    problems : list of InputProblem
    lost : dict
        JSON values that are left out, by their paths.
    """

    def __init__(self, stand_ins: StandIns = NO_STAND_INS) -> None:
        self.problems: list[InputProblem] = []
        self.lost: dict[Path, Any] = {}
        self._stand_ins = stand_ins
        self._nodes: dict[str, NodeRef] = {}

    def fail(self, path: Path, found: str, expected: str, code: str = "json_value") -> Any:
        """Report a fault at a JSON path; returns what stands in the place of the value."""
        self.problems.append(InputProblem(code, found, expected, column=json_path(path)))
        return FAULTY

    def read(self, hint: Any, value: Any, path: Path) -> Any:
        """Return ``value`` as an object of type ``hint``."""
        members = alternatives(hint)
        if type(None) in members:
            if value is None:
                return None
            members = tuple(m for m in members if m is not type(None))
        if len(members) > 1:
            return self._read_tagged(members, value, path)
        return self._read_single(members[0], value, path)

    def _read_single(self, hint: Any, value: Any, path: Path) -> Any:
        if hint in SCALARS:
            if type(value) is not hint:
                return self.fail(path, shown(value), SCALARS[hint])
            return value
        if typing.get_origin(hint) is tuple:
            return self._read_tuple(typing.get_args(hint), value, path)
        if typing.get_origin(hint) in COLLECTIONS:
            items = self._read_tuple((collection_item(hint), Ellipsis), value, path)
            return items if items is FAULTY else COLLECTIONS[typing.get_origin(hint)](items)
        if hint is NodeRef:
            return self._read_node(value, path)
        if hint is date:
            return self._read_date(value, path)
        if issubclass(hint, Enum):
            words = [m.value for m in hint]
            if value not in words:
                return self.fail(path, shown(value), f"one of {', '.join(map(str, words))}")
            return hint(value)
        return self._read_object(hint, value, path)

    def _read_tuple(self, arguments: tuple[Any, ...], value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            return self.fail(path, shown(value), "a list")
        if arguments[-1] is Ellipsis:
            items = [self.read(arguments[0], v, (*path, i)) for i, v in enumerate(value)]
            return self._sound(arguments[0], items, value, path)
        if len(value) != len(arguments):
            return self.fail(path, shown(value), f"a list of {len(arguments)} values")
        pairs = enumerate(zip(arguments, value, strict=True))
        found = tuple(self.read(h, v, (*path, i)) for i, (h, v) in pairs)
        return FAULTY if FAULTY in found else found

    def _sound(self, hint: Any, items: list[Any], plain: list[Any], path: Path) -> Any:
        """Return the items of a list without the objects that do not fit."""
        if not self.problems or all(item is not FAULTY for item in items):
            return tuple(items)
        if not dataclasses.is_dataclass(hint):
            return FAULTY
        for i, item in enumerate(items):
            if item is FAULTY:
                self.lost[*path, i] = plain[i]
        return tuple(item for item in items if item is not FAULTY)

    def _read_node(self, value: Any, path: Path) -> Any:
        if not isinstance(value, str):
            return self.fail(path, shown(value), "a node such as Sub[num-conv]@3")
        node = self._nodes.get(value) or parse_node(value)
        if node is None:
            return self.fail(path, shown(value), "a node such as Sub[num-conv]@3")
        self._nodes[value] = node
        return node

    def _read_date(self, value: Any, path: Path) -> Any:
        try:
            if not _DAY.fullmatch(value):
                raise ValueError(value)
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            return self.fail(path, shown(value), "a date such as 2027-01-18")
        return day

    def _read_tagged(self, members: tuple[Any, ...], value: Any, path: Path) -> Any:
        by_kind = {kind_of(m): m for m in members}
        kind = value.get(KIND) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in by_kind:
            expected = f"an object with {KIND} one of {', '.join(by_kind)}"
            return self.fail(path, shown(value), expected)
        rest = {k: v for k, v in value.items() if k != KIND}
        return self._read_object(by_kind[kind], rest, path)

    def _read_object(self, cls: Any, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return self.fail(path, shown(value), "an object")
        hints = _fields_and_defaults(cls)
        misspelt = value.keys() - hints.keys()
        for name in misspelt:
            self.fail((*path, name), "an unknown key", f"one of {', '.join(hints)}", "unknown_key")
        found = {}
        for name, (hint, optional) in hints.items():
            if name in value:
                found[name] = self.read(hint, value[name], (*path, name))
            elif not optional:
                found[name] = self.fail((*path, name), "no such key", "a value", "missing_key")
        if not self.problems:
            return cls(**found)
        return self._whole(cls, found, value, path, bool(misspelt))

    def _whole(
        self, cls: Any, found: dict[str, Any], plain: dict[str, Any], path: Path, misspelt: bool
    ) -> Any:
        """Return an object; what does not fit is replaced if there is something for that class."""
        faulty = {name for name, value in found.items() if value is FAULTY}
        hints = _fields_and_defaults(cls)
        if cls not in self._stand_ins:
            return FAULTY if faulty or misspelt else cls(**found)
        stand_ins = self._stand_ins[cls]
        if any(name not in stand_ins and not hints[name][1] for name in faulty):
            return FAULTY
        absent = hints.keys() - found.keys() if misspelt else set[str]()
        for name in faulty | absent:
            self.lost[*path, name] = plain.get(name)
        sound = {name: value for name, value in found.items() if name not in faulty}
        return cls(**{**{name: stand_ins[name] for name in faulty & stand_ins.keys()}, **sound})


@cache
def _fields_and_defaults(cls: type) -> dict[str, tuple[Any, bool]]:
    hints = fields_of(cls)
    missing = dataclasses.MISSING
    return {
        f.name: (hints[f.name], f.default is not missing or f.default_factory is not missing)
        for f in dataclasses.fields(cls)
    }


def json_path(path: Path) -> str:
    """Return a JSON path as people write it: ``teachers[3].hours``."""
    parts = [f"[{p}]" if isinstance(p, int) else f".{p}" for p in path]
    return "".join(parts).lstrip(".")


def shown(value: Any) -> str:
    """Return a JSON value as a problem shows it, not too long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."
