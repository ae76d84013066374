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
import re
import typing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cache
from itertools import chain, islice, repeat
from json.encoder import encode_basestring
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any, TypeVar

from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.json_reader import (
    COLLECTIONS,
    FAULTY,
    KIND,
    NO_STAND_INS,
    SCALARS,
    JsonReader,
    Path,
    StandIns,
    alternatives,
    collection_item,
    fields_of,
    kind_of,
    shown,
)
from trajectory_engine.domain.memory import collection_paused, remembered
from trajectory_engine.errors import InputError, InputProblem

if TYPE_CHECKING:
    from trajectory_engine.domain.scenario import Scenario

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Column = Callable[[Sequence[Any]], list[str]]

SCENARIO_FORMAT = "trajectory-engine/scenario-json"
SCENARIO_VERSION = 1


@cache
def _encoder(hint: Any) -> Encoder | None:
    """Return the function that turns a value of a type into JSON values, None if it is one."""
    members = [m for m in alternatives(hint) if m is not type(None)]
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
    if inner is None or len(alternatives(hint)) == 1:
        return inner
    return lambda value: None if value is None else inner(value)


def _single_encoder(hint: Any) -> Encoder | None:
    if typing.get_origin(hint) is tuple:
        return _tuple_encoder(typing.get_args(hint))
    if typing.get_origin(hint) in COLLECTIONS:
        inner = _tuple_encoder((collection_item(hint), Ellipsis))
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
    assert hint in SCALARS, hint
    return None


def _tuple_encoder(arguments: tuple[Any, ...]) -> Encoder:
    if arguments[-1] is Ellipsis:
        inner = _encoder(arguments[0])
        return list if inner is None else lambda value: list(map(inner, value))
    encoders = tuple(map(_encoder, arguments))
    return lambda value: [
        v if encode is None else encode(v) for v, encode in zip(value, encoders, strict=True)
    ]


@cache
def _column(hint: Any) -> Column:
    """Return the function that turns many values of a type into canonical JSON texts.

    A scenario holds very many values of few types: they are written column by column, since to
    go through a list is cheap and to call a function for every value is not.
    """
    members = [m for m in alternatives(hint) if m is not type(None)]
    if len(members) == 1 and members[0] is not hint:
        return _optional_column(_column(members[0]))
    if hint in _COLUMNS:
        return _COLUMNS[hint]
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _object_column(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        texts = {member: _ENCODER.encode(member.value) for member in hint}
        return lambda values: [texts[value] for value in values]
    if typing.get_origin(hint) is tuple and typing.get_args(hint)[-1] is Ellipsis:
        return _list_column(_column(typing.get_args(hint)[0]))
    encode = _encoder(hint)
    return lambda values: [_ENCODER.encode(v if encode is None else encode(v)) for v in values]


def _optional_column(inner: Column) -> Column:
    def write(values: Sequence[Any]) -> list[str]:
        texts = iter(inner([value for value in values if value is not None]))
        return ["null" if value is None else next(texts) for value in values]

    return write


def _object_column(cls: type) -> Column:
    columns = [
        (name, attrgetter(name), _column(hint)) for name, hint in sorted(fields_of(cls).items())
    ]

    def write(values: Sequence[Any]) -> list[str]:
        if not values:
            return []
        template, texts = [], []
        for name, look_up, column in columns:
            items = list(map(look_up, values))
            if all(map(is_, items, repeat(items[0]))):  # most often the default: written once
                (text,) = column(items[:1])
                template.append(f'"{name}":{text.replace("%", "%%")}')
            else:
                template.append(f'"{name}":%s')
                texts.append(column(items))
        form = "{" + ",".join(template) + "}"
        if not texts:
            return [form % ()] * len(values)
        return list(map(form.__mod__, zip(*texts, strict=True)))

    return write


def _list_column(inner: Column) -> Column:
    def write(values: Sequence[Any]) -> list[str]:
        lengths = list(map(len, values))
        if not any(lengths):
            return ["[]"] * len(lengths)
        texts = iter(inner(list(chain.from_iterable(values))))
        return [f"[{','.join(islice(texts, length))}]" for length in lengths]

    return write


def _scalar_column(kind: type, text: Callable[[Any], str]) -> Column:
    """Return the column of a type; what is there against its annotation is written all the same."""

    def write(values: Sequence[Any]) -> list[str]:
        if set(map(type, values)) <= {kind}:
            return list(map(text, values))
        return [text(v) if type(v) is kind else _ENCODER.encode(v) for v in values]

    return write


_ELEMENT = attrgetter("element")


def _node_column(values: Sequence[NodeRef]) -> list[str]:
    elements = "".join(map(_ELEMENT, values))
    if len(encode_basestring(elements)) == len(elements) + 2:  # nothing to escape
        return list(map('"%s@%s"'.__mod__, values))
    return [encode_basestring(str(node)) for node in values]


_COLUMNS: Mapping[Any, Column] = {
    str: _scalar_column(str, encode_basestring),
    int: _scalar_column(int, repr),
    bool: _scalar_column(bool, {True: "true", False: "false"}.__getitem__),
    NodeRef: _node_column,
}


def dumps(value: Any) -> str:
    """Return the canonical JSON of a domain object."""
    return "".join(_pieces(type(value), value))


_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)
BATCH = 1024
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
        write = _column(typing.get_args(hint)[0])
        for begin in range(0, len(value), BATCH):
            yield ("," if begin else "[") + ",".join(write(value[begin : begin + BATCH]))
        yield "]"
    else:
        yield from _column(hint)((value,))


def from_plain(cls: type[T], plain: Any) -> T:
    """Return the domain object that JSON values stand for.

    Raises
    ------
    InputError
        With every fault; ``column`` holds the JSON path.
    """
    reader = JsonReader()
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
        whole = text if isinstance(text, str) else text.decode(json.detect_encoding(text))
        whole.encode()  # A half of a character may stand in a text that was never in a file.
        found = json.loads(whole, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        problem = InputProblem("json", error.msg, "JSON", row=error.lineno)
    except (ValueError, RecursionError) as error:
        reason = "values nested too deeply" if isinstance(error, RecursionError) else str(error)
        problem = InputProblem("json", reason, "JSON in UTF-8")
    else:
        half = _half_character(whole)
        if half is None:
            return found
        row, escape = half
        problem = InputProblem("json", f"half a character, {escape}", "whole characters", row=row)
    raise InputError([problem])


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


def _half_character(text: str) -> tuple[int, str] | None:
    """Return line and escape of a surrogate without its other half in a JSON text, or None."""
    if "\\ud" not in text and "\\uD" not in text:
        return None
    high: re.Match[str] | None = None
    for escape in _ESCAPE.finditer(text):
        code = int(escape[1] or "0", 16)
        is_low = 0xDC00 <= code < 0xE000
        if high is not None and not (is_low and escape.start() == high.end()):
            break
        if high is None and is_low:
            high = escape
            break
        high = escape if 0xD800 <= code < 0xDC00 else None
    if high is None:
        return None
    return text.count("\n", 0, high.start()) + 1, high[0]


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"the value {word}")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise ValueError(f"the key {next(k for k, n in counts.items() if n > 1)!r} twice")
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


@dataclasses.dataclass(frozen=True)
class PartlyRead:
    """What fits of a scenario in JSON.

    Attributes
    ----------
    scenario : Scenario or None
        Without what does not fit; None if there is none at all.
    problems : tuple of InputProblem
    lost : mapping
        JSON values that do not fit and are left out, by their paths into the scenario.
    """

    scenario: Scenario | None
    problems: tuple[InputProblem, ...]
    lost: Mapping[Path, Any]


def scenario_parts_from_json(text: str | bytes, stand_ins: StandIns = NO_STAND_INS) -> PartlyRead:
    """Return what fits of the scenario of a JSON text; only its structure is checked.

    Parameters
    ----------
    text : str or bytes
    stand_ins : mapping, optional
        Classes whose faulty fields are left out, with values of the fields that have no default.

    Raises
    ------
    InputError
        If the text is not JSON, or has another format or version.
    """
    from trajectory_engine.domain.scenario import Scenario

    document = parse_json(text)
    if not isinstance(document, dict):
        raise InputError([InputProblem("json_value", shown(document), "an object")])
    problems = [
        InputProblem("json_value", shown(document.get(key)), shown(expected), column=key)
        for key, expected in (("format", SCENARIO_FORMAT), ("version", SCENARIO_VERSION))
        if document.get(key) != expected or type(document.get(key)) is not type(expected)
    ]
    problems += [
        InputProblem("unknown_key", "an unknown key", "format, version, scenario", column=key)
        for key in document.keys() - {"format", "version", "scenario"}
    ]
    if problems:
        raise InputError(problems)
    reader = JsonReader(stand_ins)
    found = reader.read(Scenario, document.get("scenario"), ("scenario",))
    lost = {path[1:]: value for path, value in reader.lost.items()}
    return PartlyRead(None if found is FAULTY else found, tuple(reader.problems), lost)


def scenario_from_json(text: str | bytes) -> Scenario:
    """Return the scenario of a JSON text; only its structure is checked.

    Raises
    ------
    InputError
        If the text is not JSON, has another format or version, or does not fit.
    """
    read = scenario_parts_from_json(text)
    if read.problems or read.scenario is None:
        raise InputError(read.problems)
    return read.scenario


def input_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of the canonical JSON of a scenario, 64 hexadecimal digits."""

    def compute() -> str:
        digest = hashlib.sha256()
        with collection_paused():
            for piece in _document_pieces(scenario):
                digest.update(piece.encode())
        return digest.hexdigest()

    return remembered(scenario, "_input_hash", compute)
