"""Pointers and lines of JSON texts, against the parser of the standard library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectory_engine.io.public.json_text import places

TEXT = """\
{
 "a/b": [1,
  {"~": null}],

 "": "x\\ny, }", "c": {},
 "c": []
}
"""

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def pointers(value: Any, here: str = "") -> Iterator[str]:
    """Yield the pointers of a value and everything in it, in the order of a text."""
    yield here
    if isinstance(value, dict):
        for key, inner in value.items():
            name = key.replace("~", "~0").replace("/", "~1")
            yield from pointers(inner, f"{here}/{name}")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from pointers(inner, f"{here}/{i}")


def test_places_of_a_text() -> None:
    assert list(places(TEXT)) == [
        ("", 1, False),
        ("/a~1b", 2, False),
        ("/a~1b/0", 2, False),
        ("/a~1b/1", 3, False),
        ("/a~1b/1/~0", 3, False),
        ("/", 5, False),
        ("/c", 5, False),
        ("/c", 6, True),
    ]


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_every_value_has_its_pointer(value: Any, indent: int | None, plain: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    assert [pointer for pointer, _, _ in places(text)] == list(pointers(value))


@given(st.lists(SCALARS))
def test_lines_are_those_of_the_indented_text(value: list[Any]) -> None:
    """Tests that the line of a value is where its text begins: here a line for every value."""
    text = json.dumps(value, indent=1)
    lines = [line for _, line, _ in places(text)]
    assert lines == [1, *range(2, len(value) + 2)]


@pytest.mark.parametrize("text", ["1", '"a"', "[]", "{}"])
def test_small_texts(text: str) -> None:
    assert list(places(text)) == [("", 1, False)]
