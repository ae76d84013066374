"""JSON that others wrote: every fault with its JSON pointer and its line.

The parser of the standard library is fast but forgets where things stood. Only where there is a
fault the text is gone through once more, to find the lines of the pointers in question.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NoReturn

from trajectory_engine.io.problems import quoted
from trajectory_engine.io.public.report import Report

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|\n|[^\s{}\[\],:"]+')
_HALF = re.compile("[\ud800-\udfff]")
MOST_DIGITS = 19
"""Longest whole number that is read."""
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


class JsonText:
    """A JSON text whose faults are gathered by pointer, and reported all at once with lines.

    Parameters
    ----------
    text : str
    report : Report
        Where faults go.
    """

    def __init__(self, text: str, report: Report) -> None:
        self._text, self._report = text, report
        self._faults: list[tuple[str, str, str, str]] = []
        self._repeated = False

    def load(self) -> Any:
        """Return the value of the text, None after reporting why there is none."""
        try:
            value = json.loads(
                self._text,
                object_pairs_hook=self._object,
                parse_constant=_refuse_constant,
                parse_int=_whole,
            )
        except json.JSONDecodeError as error:
            found = f"what is no JSON ({error.msg}, character {error.colno} of the line)"
            self._report.add("json", error.lineno, "", found, "valid JSON")
            return None
        except RecursionError:
            found = "lists or objects nested too deeply"
            self._report.add("json_depth", None, "", found, "at most some hundred levels")
            return None
        except ValueError as error:
            self._report.add("json", None, "", f"what is no JSON ({error})", "valid JSON")
            return None
        if self._repeated:
            self._report_repeated()
        return value

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        self._repeated = self._repeated or len(found) < len(pairs)
        return found

    def _report_repeated(self) -> None:
        for pointer, line, repeated in places(self._text):
            if repeated:
                shown = quoted(pointer)[1:-1]
                self._report.add("json_key", line, shown, "the same key again", "every key once")

    # ---- values of a type -------------------------------------------------------------------

    def fault(self, code: str, pointer: str, found: str, expected: str) -> None:
        """Note a fault; :meth:`report` reports it."""
        self._faults.append((code, pointer, found, expected))

    def report(self) -> None:
        """Report the faults noted since the last call, each with its line."""
        wanted = {pointer for _, pointer, _, _ in self._faults}
        lines: dict[str, int] = {}
        if wanted:
            for pointer, line, _ in places(self._text):
                if pointer in wanted:
                    lines.setdefault(pointer, line)
        for code, pointer, found, expected in self._faults:
            self._report.add(code, lines.get(pointer), pointer, found, expected)
        self._faults.clear()

    def object(self, value: Any, pointer: str) -> dict[str, Any]:
        """Return an object; an empty one after noting that it is something else."""
        if isinstance(value, dict):
            return value
        self.fault("json_type", pointer, kind_of(value), "an object")
        return {}

    def member(self, parent: dict[str, Any], key: str, pointer: str) -> dict[str, Any]:
        """Return the object under a key that must be there."""
        if key not in parent:
            self._missing(key, pointer)
            return {}
        return self.object(parent[key], f"{pointer}/{key}")

    def members(
        self, parent: dict[str, Any], key: str, pointer: str
    ) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield the objects of a list, which may be missing, with their pointers."""
        value = parent.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.fault("json_type", f"{pointer}/{key}", kind_of(value), "a list")
            return
        for i, item in enumerate(value):
            here = f"{pointer}/{key}/{i}"
            if isinstance(item, dict):
                yield item, here
            else:
                self.fault("json_type", here, kind_of(item), "an object")

    def text(self, parent: dict[str, Any], key: str, pointer: str, *, required: bool) -> str:
        """Return a text without blanks around it; empty if it is missing, or wrong (noted)."""
        value = parent.get(key)
        here = f"{pointer}/{key}"
        if not isinstance(value, str):
            if required and key not in parent:
                self._missing(key, pointer)
            elif required or value is not None:
                self.fault("json_type", here, kind_of(value), "a text")
            return ""
        if _HALF.search(value):
            self.fault("encoding", here, "half of a surrogate pair", "text in Unicode")
            return ""
        if required and not value.strip():
            self.fault("missing_value", here, "an empty text", "a value")
        return unicodedata.normalize("NFC", value).strip()

    def check_whole(self, parent: dict[str, Any], key: str, pointer: str) -> None:
        """Note a value that is there and is no whole number."""
        value = parent.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            self.fault("json_type", f"{pointer}/{key}", kind_of(value), "a whole number")

    def _missing(self, key: str, pointer: str) -> None:
        self.fault("missing_key", pointer, f"no key {quoted(key)}", "a value")


def kind_of(value: Any) -> str:
    """Return what a value of JSON is, in words."""
    return _KINDS.get(type(value), "a value")


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def places(text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield pointer and line of every value of a valid JSON text, and whether its key was there.

    References
    ----------
    RFC 6901, *JavaScript Object Notation (JSON) Pointer*.
    """
    line = 1
    stack: list[_Open] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == "\n":
            line += 1
        elif token in "]}":
            stack.pop()
        elif token == ",":
            stack[-1].advance()
        elif token != ":":
            if stack and stack[-1].takes_key:
                stack[-1].set_key(token)
                continue
            pointer, repeated = stack[-1].here() if stack else ("", False)
            yield pointer, line, repeated
            if token in "[{":
                stack.append(_Open(pointer, token == "{"))


class _Open:
    """A list or an object that has begun and not yet ended."""

    __slots__ = ("_index", "_key", "_keys", "_pointer", "_repeated", "takes_key")

    def __init__(self, pointer: str, is_object: bool) -> None:
        self._pointer, self.takes_key = pointer, is_object
        self._index, self._key, self._repeated = 0, "", False
        self._keys: set[str] | None = set() if is_object else None

    def advance(self) -> None:
        """Go on to the next item."""
        self._index += 1
        self.takes_key = self._keys is not None

    def set_key(self, token: str) -> None:
        """Take the key of the value that follows."""
        assert self._keys is not None
        self._key = json.loads(token).replace("~", "~0").replace("/", "~1")
        self._repeated = self._key in self._keys
        self._keys.add(self._key)
        self.takes_key = False

    def here(self) -> tuple[str, bool]:
        """Return the pointer of the current value, and whether its key was there before."""
        name = self._index if self._keys is None else self._key
        return f"{self._pointer}/{name}", self._repeated
