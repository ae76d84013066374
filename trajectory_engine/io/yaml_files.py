"""Reading a YAML file: safe, without aliases, every leaf as the text that was written."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from trajectory_engine.io.files import MOST_YAML_BYTES, read_text
from trajectory_engine.io.problems import Problems, quoted
from trajectory_engine.validation.faults import position_with

MOST_YAML_DEPTH = 30
"""Deepest nesting of lists and maps that is read."""

Where = tuple[str | int, ...]
Document = TypeVar("Document", bound=BaseModel)


@dataclass(frozen=True)
class Frame:
    """How a file is read although some of it has faults.

    Attributes
    ----------
    stand_ins : mapping
        Values of the required keys, which stand in for those that have a fault.
    lists : collection of tuple
        Lists whose items are read one by one: a fault leaves out the item, anywhere else the key
        of the document.
    filled : collection of str
        Keys that may not stand without a value, since that would mean something else than what
        was begun; other keys without a value are as if they were not there.
    """

    stand_ins: Mapping[str, object]
    lists: Collection[Where] = ()
    filled: Collection[str] = ()

    def part_around(self, path: Where) -> Where:
        """Return the path of what is left out for a fault at ``path``."""
        for items in self.lists:
            if path[: len(items)] == items and len(path) > len(items):
                return path[: len(items) + 1]
        return path[:1]


_NULL_TAG = "tag:yaml.org,2002:null"
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value")
)


@dataclass(frozen=True)
class YamlFile(Generic[Document]):
    """A YAML file that was read.

    Attributes
    ----------
    file : str
        Name of the file in messages.
    content : BaseModel
    lines : dict
        Line of every key and list item by its path in the file.
    unread : mapping
        What has a fault of its form and is not in ``content``, by its path in the file: items of
        lists, and else keys of the document.
    """

    file: str
    content: Document
    lines: dict[Where, int] = field(default_factory=dict)
    unread: Mapping[Where, Any] = field(default_factory=dict)

    def place(self, where: Where) -> tuple[int, str]:
        """Return the line and the column of a path into the content, counted as in the file."""
        path: Where = ()
        for part in where:
            is_item = isinstance(part, int)
            path = (*path, position_with(self.unread, path, int(part)) if is_item else part)
        return line_of(self.lines, path), dotted(path)

    @property
    def unread_keys(self) -> frozenset[str]:
        """Keys of the document that have a fault of their form, items of lists aside."""
        return frozenset(str(path[0]) for path in self.unread if len(path) == 1)

    @property
    def doubtful_keys(self) -> frozenset[str]:
        """Keys of the document whose values are not known.

        If there is an unknown key, every key that is not given: the unknown one may be any of
        them, misspelt.
        """
        fields = type(self.content).model_fields.keys()
        is_misspelt = not self.unread_keys <= fields
        absent = fields - self.content.model_fields_set if is_misspelt else frozenset[str]()
        return self.unread_keys | absent


def line_of(lines: dict[Where, int], where: Where) -> int:
    """Return the line of a path, or of the nearest path around it that exists."""
    for length in range(len(where), 0, -1):
        if where[:length] in lines:
            return lines[where[:length]]
    return 1


def dotted(where: Where) -> str:
    """Return a path as people write it: ``calendar.breaks[2].start``, counting from 1."""
    parts = [f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in where]
    return "".join(parts).lstrip(".")


def read_yaml(
    path: Path,
    shown: str,
    model: type[Document],
    problems: Problems,
    frame: Frame,
) -> YamlFile[Document]:
    """Return the sound content of a YAML file after reporting every fault.

    Parameters
    ----------
    frame : Frame
        What is left out for its faults, and what stands in for it.
    """
    text = read_text(path, shown, MOST_YAML_BYTES, problems)
    reader = _YamlReader(shown, problems, frame.filled)
    data = None if text is None else reader.read(text)
    if data is None:
        nothing = model.model_validate(frame.stand_ins)
        return YamlFile(shown, nothing, unread={(key,): None for key in model.model_fields})
    paths = {frame.part_around(path): path for path in reader.faulty}
    try:
        content = model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            where = _report(fault, _Faulty(shown, model, data, reader.lines), problems)
            paths[frame.part_around(where)] = where
    if paths:
        sound = {**frame.stand_ins, **_without(data, paths, ())}
        content = model.model_validate(sound)
    unread = {path: _at(data, path) for path in paths}
    return YamlFile(shown, content, reader.lines, unread)


@dataclass(frozen=True)
class _Faulty:
    """A file in which faults were found, with the type that its content should have."""

    shown: str
    model: type[BaseModel]
    data: dict[str, Any]
    lines: dict[Where, int]


def _at(data: Any, path: Where) -> Any:
    """Return what stands at a path, None if nothing does."""
    for part in path:
        data = data[int(part)] if isinstance(data, list) else data.get(part)
    return data


def _without(data: Any, unread: Container[Where], where: Where) -> Any:
    """Return lists and maps without the parts at some paths."""
    if isinstance(data, dict):
        inside = {k: (*where, k) for k in data if (*where, k) not in unread}
        return {k: _without(data[k], unread, path) for k, path in inside.items()}
    if isinstance(data, list):
        paths = [(*where, i) for i in range(len(data))]
        return [
            _without(item, unread, p)
            for item, p in zip(data, paths, strict=True)
            if p not in unread
        ]
    return data


class _YamlReader:
    """Turns the nodes of a YAML document into lists, maps and texts, noting their lines."""

    def __init__(self, shown: str, problems: Problems, filled: Collection[str]) -> None:
        self.shown, self.problems, self.filled = shown, problems, filled
        self.lines: dict[Where, int] = {}
        self.faulty: list[Where] = []
        self._sound = True

    def _refuse(self, row: int | None, found: str, expected: str) -> None:
        self.problems.refuse_file("yaml", self.shown, row, found, expected)
        self._sound = False

    def read(self, text: str) -> dict[str, Any] | None:
        """Return the document, None after reporting why not."""
        try:
            root = yaml.compose(text, yaml.SafeLoader) if self._is_plain(text) else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            row = mark.line + 1 if mark else None
            found = error.problem or error.context or "a YAML error"
            hint = ', with nodes such as "P[err]@3" in quotes' if "'@'" in found else ""
            self._refuse(row, found, f"valid YAML{hint}")
            return None
        except yaml.YAMLError as error:
            self._refuse(None, str(error).splitlines()[0], "valid YAML")
            return None
        if root is None:
            if self._sound:
                self._refuse(None, "an empty document", "a map of keys")
            return None
        if not isinstance(root, yaml.MappingNode):
            self._refuse(root.start_mark.line + 1, "no map of keys", "a map of keys")
            return None
        data: dict[str, Any] = self._value(root, ())
        return data if self._sound else None

    def _is_plain(self, text: str) -> bool:
        """Refuse anchors, aliases (they can multiply) and deep nesting before composing."""
        depth = 0
        for event in yaml.parse(text, yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                self._refuse(_line(event), "an alias (*)", "the values written out")
                return False
            anchor = getattr(event, "anchor", None)
            if anchor:
                found = f"the anchor &{anchor}"
                self._refuse(_line(event), found, "the values written out, without anchors")
                return False
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MOST_YAML_DEPTH:
                expected = f"at most {MOST_YAML_DEPTH} levels"
                self._refuse(_line(event), "lists or maps nested too deeply", expected)
                return False
        return True

    def _value(self, node: yaml.Node, where: Where) -> Any:
        if node.tag not in _PLAIN_TAGS:
            self._refuse(node.start_mark.line + 1, f"the tag {node.tag}", "no tag")
        if isinstance(node, yaml.MappingNode):
            return self._map(node, where)
        if isinstance(node, yaml.SequenceNode):
            items = []
            for i, item in enumerate(node.value):
                self.lines[(*where, i)] = item.start_mark.line + 1
                items.append(self._value(item, (*where, i)))
            return items
        text: str = node.value.strip()
        quoted_text = isinstance(node, yaml.ScalarNode) and node.style in ("'", '"')
        return None if node.tag == _NULL_TAG or not (text or quoted_text) else text

    def _map(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(line, "a list or a map as a key", "a text as a key")
                continue
            key = key_node.value
            if key in found:
                column = dotted((*where, key))
                text = f"the key {quoted(column)} twice"
                self.problems.add("yaml_key", self.shown, line, "", text, "every key once")
                self.faulty.append((*where, key))
                continue
            self.lines[(*where, key)] = line
            found[key] = self._value(value_node, (*where, key))
            if found[key] is None and key in self.filled:
                text, column = f"the key {quoted(key)} without a value", dotted((*where, key))
                expected = "a value; nothing is restricted if the key is left out"
                self.problems.add("blank_key", self.shown, line, column, text, expected)
                self.faulty.append((*where, key))
        return {k: v for k, v in found.items() if v is not None}


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 1 if event.start_mark else None


def _report(fault: Any, file: _Faulty, problems: Problems) -> Where:
    """Report a fault that pydantic has found in the words of this package; return its path."""
    where = _without_tags(tuple(fault["loc"]), file.data)
    code, expected, found = fault["type"], fault["msg"], quoted(str(fault["input"]))
    if fault["input"] is None:
        found = "no value"
    if code == "missing":
        code, found, expected = "missing_key", f"no key {quoted(str(where[-1]))}", "a value"
    elif code == "extra_forbidden":
        code, found = "unknown_key", f"the key {quoted(str(where[-1]))}"
        keys = _keys_at(file.model, tuple(fault["loc"][:-1]))
        close = get_close_matches(str(where[-1]), keys, n=1)
        expected = f"{close[0]} (maybe)" if close else f"one of {', '.join(keys)}"
    elif code in ("model_type", "dict_type", "model_attributes_type"):
        keys = _keys_at(file.model, tuple(fault["loc"]))
        code, expected = "yaml_map", f"a map of keys{': ' * bool(keys)}{', '.join(keys)}"
    elif code == "too_short":
        code, found, expected = "yaml_list", "an empty list", "at least one item"
    elif code in ("list_type", "tuple_type"):
        code, expected = "yaml_list", "a list"
    elif code == "union_tag_not_found":
        code, found, expected = "missing_key", "no key 'kind'", "the kind of the rule"
    elif code == "union_tag_invalid":
        context = fault["ctx"]
        code, found = "one_of", quoted(str(context["tag"]))
        expected, where = f"one of {context['expected_tags']}", (*where, "kind")
    problems.add(code, file.shown, line_of(file.lines, where), dotted(where), found, expected)
    return where


def _keys_at(model: Any, loc: Where) -> tuple[str, ...]:
    """Return the keys of the map at the location of a fault, none if there is no one kind of it."""
    for part in loc:
        members = _documents_in(model)
        tagged = [m for m in members if _tag_of(m) == part] if len(members) > 1 else []
        if tagged:
            model = tagged[0]
        elif len(members) == 1 and part in members[0].model_fields:
            model = members[0].model_fields[str(part)].annotation
    members = _documents_in(model)
    return tuple(members[0].model_fields) if len(members) == 1 else ()


def _documents_in(hint: Any) -> list[type[BaseModel]]:
    """Return the documents of which a type is made up: itself, items of a list, alternatives."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return [hint]
    return [document for inner in get_args(hint) for document in _documents_in(inner)]


def _tag_of(document: type[BaseModel]) -> str | None:
    kind = document.model_fields.get("kind")
    return None if kind is None else str(get_args(kind.annotation)[0])


def _without_tags(loc: Where, data: Any) -> Where:
    """Return a location without the tags of alternatives, which are no keys of the file."""
    kept: list[str | int] = []
    for i, part in enumerate(loc):
        inside = (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        )
        if inside:
            data = data[part]
            kept.append(part)
        elif i == len(loc) - 1 and not (isinstance(data, dict) and data.get("kind") == part):
            kept.append(part)
    return tuple(kept)
