"""Canonical JSON of the frozen domain objects, and the fingerprint taken of it.

An object becomes a map of its fields by name (sorted), a node the text ``element@level``, a date
ISO text, an enumeration its value, a tuple a list; an object that is one of several alternatives
(the bodies of rules) carries its class under ``kind``.  Nothing depends on blanks, on the order
of keys or on Python's version, and reading gives back an equal object.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from trajectory_engine.domain.competence import NodeRef, parse_node
from trajectory_engine.domain.memory import collection_paused, remembered
from trajectory_engine.errors import InputError, InputProblem

if TYPE_CHECKING:
    from trajectory_engine.domain.scenario import Scenario

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Path = tuple[str | int, ...]

SCENARIO_FORMAT = "trajectory-engine/scenario-json"
SCENARIO_VERSION = 1
KIND = "kind"

_SCALARS = {str: "a text", int: "a whole number", bool: "true or false"}
_COLLECTIONS: dict[Any, Callable[[Any], Any]] = {frozenset: frozenset, Mapping: dict}
"""Sets and mappings are written as sorted lists; how a list becomes one again."""


def kind_of(cls: type) -> str:
    """Return the tag of an alternative: ``AtLeastRule`` is ``at_least``."""
    name = cls.__name__.removesuffix("Rule")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """Return the members of a union, the hint itself if it is none."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return (hint,)


@cache
def fields_of(cls: type) -> Mapping[str, Any]:
    """Return the fields of a dataclass with their resolved types, in the order of definition."""
    hints = typing.get_type_hints(cls)
    return {f.name: hints[f.name] for f in dataclasses.fields(cls)}


@cache
def _encoder(hint: Any) -> Encoder | None:
    """Return the function that turns a value of a type into JSON values, None if it is one."""
    members = [m for m in _alternatives(hint) if m is not type(None)]
    if len(members) > 1:
        encoders: dict[type, tuple[Encoder | None, str]] = {
            m: (_encoder(m), kind_of(m)) for m in members
        }

        def tagged(value: Any) -> Any:
            encode, kind = encoders[type(value)]
            assert encode is not None
            return {KIND: kind, **encode(value)}

        return tagged
    inner = _single_encoder(members[0])
    if inner is None or len(_alternatives(hint)) == 1:
        return inner
    return lambda value: None if value is None else inner(value)


def _single_encoder(hint: Any) -> Encoder | None:
    if typing.get_origin(hint) is tuple:
        return _tuple_encoder(typing.get_args(hint))
    if typing.get_origin(hint) in _COLLECTIONS:
        inner = _tuple_encoder((_collection_item(hint), Ellipsis))
        mapping = typing.get_origin(hint) is Mapping
        return lambda value: inner(sorted(value.items() if mapping else value))
    if hint is NodeRef:
        return str
    if hint is date:
        return date.isoformat
    if issubclass(hint, Enum):
        return lambda value: value.value
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        encoders = [(name, _encoder(h)) for name, h in fields_of(hint).items()]

        def encode(value: Any) -> dict[str, Any]:
            return {
                name: getattr(value, name) if inner is None else inner(getattr(value, name))
                for name, inner in encoders
            }

        return encode
    assert hint in _SCALARS, hint
    return None


def _collection_item(hint: Any) -> Any:
    """Return the type of one item of a set, or of one (key, value) pair of a mapping."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is frozenset:
        return arguments[0]
    return types.GenericAlias(tuple, arguments)


def _tuple_encoder(arguments: tuple[Any, ...]) -> Encoder:
    if arguments[-1] is Ellipsis:
        inner = _encoder(arguments[0])
        return list if inner is None else lambda value: list(map(inner, value))
    encoders = tuple(map(_encoder, arguments))
    return lambda value: [
        v if encode is None else encode(v) for v, encode in zip(value, encoders, strict=True)
    ]


def dumps(value: Any) -> str:
    """Return the canonical JSON of a domain object."""
    return "".join(_pieces(type(value), value))


_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)
BATCH = 256
"""Items of a long tuple that are turned into text at a time."""


def _pieces(hint: Any, value: Any) -> Iterator[str]:
    """Yield the canonical JSON of a value piece by piece.

    So a large object never stands in memory as plain values, of which there are several for
    every object: the collector of cyclic garbage would go through them again and again.
    """
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield "{"
        for i, (name, inner) in enumerate(sorted(fields_of(hint).items())):
            yield f'{"," if i else ""}"{name}":'
            yield from _pieces(inner, getattr(value, name))
        yield "}"
    elif typing.get_origin(hint) is tuple and typing.get_args(hint)[-1] is Ellipsis and value:
        encode = _encoder(typing.get_args(hint)[0])
        for begin in range(0, len(value), BATCH):
            items = value[begin : begin + BATCH]
            plain = list(items if encode is None else map(encode, items))
            yield ("," if begin else "[") + _ENCODER.encode(plain)[1:-1]
        yield "]"
    else:
        encode = _encoder(hint)
        yield _ENCODER.encode(value if encode is None else encode(value))


class _Reader:
    """Turns JSON values into domain objects and collects what does not fit."""

    def __init__(self) -> None:
        self.problems: list[InputProblem] = []
        self._nodes: dict[str, NodeRef] = {}

    def fail(self, path: Path, found: str, expected: str, code: str = "json_value") -> Any:
        """Report a fault at a JSON path; returns None in the place of the value."""
        self.problems.append(InputProblem(code, found, expected, column=json_path(path)))

    def read(self, hint: Any, value: Any, path: Path) -> Any:
        """Return ``value`` as an object of type ``hint``."""
        members = _alternatives(hint)
        if type(None) in members:
            if value is None:
                return None
            members = tuple(m for m in members if m is not type(None))
        if len(members) > 1:
            return self._read_tagged(members, value, path)
        return self._read_single(members[0], value, path)

    def _read_single(self, hint: Any, value: Any, path: Path) -> Any:
        if hint in _SCALARS:
            if type(value) is not hint:
                return self.fail(path, _shown(value), _SCALARS[hint])
            return value
        if typing.get_origin(hint) is tuple:
            return self._read_tuple(typing.get_args(hint), value, path)
        if typing.get_origin(hint) in _COLLECTIONS:
            items = self._read_tuple((_collection_item(hint), Ellipsis), value, path)
            return _COLLECTIONS[typing.get_origin(hint)](items or ())
        if hint is NodeRef:
            return self._read_node(value, path)
        if hint is date:
            return self._read_date(value, path)
        if issubclass(hint, Enum):
            words = [m.value for m in hint]
            if value not in words:
                return self.fail(path, _shown(value), f"one of {', '.join(map(str, words))}")
            return hint(value)
        return self._read_object(hint, value, path)

    def _read_tuple(self, arguments: tuple[Any, ...], value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            return self.fail(path, _shown(value), "a list")
        if arguments[-1] is Ellipsis:
            return tuple(self.read(arguments[0], v, (*path, i)) for i, v in enumerate(value))
        if len(value) != len(arguments):
            return self.fail(path, _shown(value), f"a list of {len(arguments)} values")
        return tuple(
            self.read(h, v, (*path, i))
            for i, (h, v) in enumerate(zip(arguments, value, strict=True))
        )

    def _read_node(self, value: Any, path: Path) -> Any:
        if not isinstance(value, str):
            return self.fail(path, _shown(value), "a node such as Sub[num-conv]@3")
        node = self._nodes.get(value) or parse_node(value)
        if node is None:
            return self.fail(path, _shown(value), "a node such as Sub[num-conv]@3")
        self._nodes[value] = node
        return node

    def _read_date(self, value: Any, path: Path) -> Any:
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            return self.fail(path, _shown(value), "a date such as 2027-01-18")
        return day

    def _read_tagged(self, members: tuple[Any, ...], value: Any, path: Path) -> Any:
        by_kind = {kind_of(m): m for m in members}
        kind = value.get(KIND) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in by_kind:
            expected = f"an object with {KIND} one of {', '.join(by_kind)}"
            return self.fail(path, _shown(value), expected)
        rest = {k: v for k, v in value.items() if k != KIND}
        return self._read_object(by_kind[kind], rest, path)

    def _read_object(self, cls: Any, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return self.fail(path, _shown(value), "an object")
        hints = _fields_and_defaults(cls)
        for name in value.keys() - hints.keys():
            self.fail((*path, name), "an unknown key", f"one of {', '.join(hints)}", "unknown_key")
        found = {}
        for name, (hint, optional) in hints.items():
            if name in value:
                found[name] = self.read(hint, value[name], (*path, name))
            elif not optional:
                self.fail((*path, name), "no such key", "a value", "missing_key")
        return None if self.problems else cls(**found)


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


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."


def from_plain(cls: type[T], plain: Any) -> T:
    """Return the domain object that JSON values stand for.

    Raises
    ------
    InputError
        With every fault; ``column`` holds the JSON path.
    """
    reader = _Reader()
    value: T = reader.read(cls, plain, ())
    if reader.problems:
        raise InputError(reader.problems)
    return value


def parse_json(text: str | bytes) -> Any:
    """Return the values of a JSON text, strictly: no NaN, no key twice.

    Raises
    ------
    InputError
        If the text is not JSON; the row is the line.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        problem = InputProblem("json", error.msg, "JSON", row=error.lineno)
    except (ValueError, RecursionError) as error:
        reason = "values nested too deeply" if isinstance(error, RecursionError) else str(error)
        problem = InputProblem("json", reason, "JSON in UTF-8")
    raise InputError([problem])


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"the value {word}")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(k for k in keys if keys.count(k) > 1)!r} twice")
    return found


def loads(cls: type[T], text: str | bytes) -> T:
    """Return the domain object of a canonical (or any equivalent) JSON text.

    Raises
    ------
    InputError
        If the text is not JSON or does not fit; only the structure is checked.
    """
    return from_plain(cls, parse_json(text))


def scenario_to_json(scenario: Scenario) -> str:
    """Return the canonical JSON of a scenario, with format and version."""
    return "".join(_document_pieces(scenario))


def _document_pieces(scenario: Scenario) -> Iterator[str]:
    yield f'{{"format":{_ENCODER.encode(SCENARIO_FORMAT)},"scenario":'
    yield from _pieces(type(scenario), scenario)
    yield f',"version":{SCENARIO_VERSION}}}'


def scenario_from_json(text: str | bytes) -> Scenario:
    """Return the scenario of a JSON text; only its structure is checked.

    Raises
    ------
    InputError
        If the text is not JSON, has another format or version, or does not fit.
    """
    from trajectory_engine.domain.scenario import Scenario

    document = parse_json(text)
    if not isinstance(document, dict):
        raise InputError([InputProblem("json_value", _shown(document), "an object")])
    problems = [
        InputProblem("json_value", _shown(document.get(key)), _shown(expected), column=key)
        for key, expected in (("format", SCENARIO_FORMAT), ("version", SCENARIO_VERSION))
        if document.get(key) != expected or isinstance(document.get(key), bool)
    ]
    problems += [
        InputProblem("unknown_key", "an unknown key", "format, version, scenario", column=key)
        for key in document.keys() - {"format", "version", "scenario"}
    ]
    if problems:
        raise InputError(problems)
    reader = _Reader()
    scenario: Scenario = reader.read(Scenario, document.get("scenario"), ("scenario",))
    if reader.problems:
        raise InputError(reader.problems)
    return scenario


def input_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of the canonical JSON of a scenario, 64 hexadecimal digits."""

    def compute() -> str:
        digest = hashlib.sha256()
        with collection_paused():
            for piece in _document_pieces(scenario):
                digest.update(piece.encode())
        return digest.hexdigest()

    return remembered(scenario, "_input_hash", compute)
