"""Types of single values: what may stand in a cell of a table or at a leaf of a YAML file.

Every value arrives as text (YAML leaves are read as text too, so that ``1.10``, ``no`` and
``2027-01-18`` mean what is written).  Each type is a pydantic annotation whose error message is
the sentence after "expected".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic_core import PydanticCustomError, core_schema

from trajectory_engine.domain.catalogue import ResourceKind, ResourceScope, ResourceUse
from trajectory_engine.domain.competence import (
    Component,
    FormationMode,
    NodeRef,
    parse_element,
    parse_node,
)
from trajectory_engine.domain.funding import FiscalYear, Share
from trajectory_engine.domain.people import DecisionKind
from trajectory_engine.domain.repair_prices import LARGEST_PRICE
from trajectory_engine.validation.vocabulary import CURRENCY, FORMS, IDENTIFIER, LAST_DAY

T = TypeVar("T")

MOST_MONEY = 10**15
"""Largest amount of money in a cell, minor units."""
MOST_WHOLE = 10**6
"""Largest of all other whole numbers: hours, periods, seats, weights."""

NEVER = "never"
"""In the place of the price of a change: it is not negotiable."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_SHARE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?|[0-9]{1,9}/[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEVELS = re.compile(r"[1-5](-[1-5])?(\|[1-5](-[1-5])?)*")
_MARK = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Cell:
    """Pydantic annotation of a type that is read from text by ``parse``.

    Parameters
    ----------
    parse : callable
        Text to value; raises ``ValueError`` for text that does not fit.
    code : str
        Code of the problem.
    expected : str
        What the problem says after "expected".
    schema : mapping or None
        JSON Schema of the value in YAML; text without constraints by default.
    """

    def __init__(
        self,
        parse: Callable[[str], object],
        code: str,
        expected: str,
        schema: Mapping[str, Any] | None = None,
    ) -> None:
        self.parse, self.code, self.expected = parse, code, expected
        self.schema = dict(schema or {"type": "string"})

    def check(self, value: object) -> object:
        """Return the value that a text stands for."""
        if not isinstance(value, str):
            raise PydanticCustomError("one_value", "one value, not a list or a map")
        try:
            return self.parse(value)
        except ValueError:
            raise PydanticCustomError(self.code, self.expected) from None

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return dict(self.schema)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(_matching(_WHOLE, text))
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return parse


def _whole_cell(least: int, most: int) -> Cell:
    return Cell(
        _whole(least, most),
        "whole_number",
        f"a whole number from {least} to {most}",
        {"type": "integer", "minimum": least, "maximum": most},
    )


def _list(parse: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Return a parser of several values separated by ``|``."""

    def split(text: str) -> tuple[T, ...]:
        parts = [part.strip() for part in text.split("|")]
        if not all(parts):
            raise ValueError(text)
        return tuple(map(parse, parts))

    return split


def _identifier(text: str) -> str:
    return _matching(IDENTIFIER, text)


def _word(text: str) -> str:
    if not text.isprintable():
        raise ValueError(text)
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError(text)
    return _word(text)


def _one_of(words: Iterable[str]) -> Callable[[str], str]:
    allowed = frozenset(words)

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def choice(enum: type[StrEnum]) -> Cell:
    """Return the annotation of a value that must be one of the words of ``enum``."""
    words = [str(member.value) for member in enum]
    return Cell(enum, "one_of", f"one of {', '.join(words)}", {"type": "string", "enum": words})


def one_of(*words: str) -> Cell:
    """Return the annotation of a value that must be one of ``words``."""
    schema = {"type": "string", "enum": list(words)}
    return Cell(_one_of(words), "one_of", f"one of {', '.join(words)}", schema)


def literal(word: str, schema: object | None = None) -> Cell:
    """Return the annotation of a value that must be exactly ``word``."""
    return Cell(_one_of((word,)), "exactly", word, {"const": word if schema is None else schema})


def _flag(text: str) -> bool:
    return {"yes": True, "no": False}[_one_of(("yes", "no"))(text.lower())]


def _yaml_flag(text: str) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    return words[_one_of(words)(text.lower())]


def read_day(text: str) -> date:
    """Return the date that a text writes as 2027-01-18.

    Raises
    ------
    ValueError
        If it writes none, or one that no plan can be about.
    """
    day = date.fromisoformat(_matching(_DAY, text))
    if not 1900 <= day.year <= 2200:
        raise ValueError(text)
    return day


def _month_day(text: str) -> FiscalYear:
    day = read_day(f"2001-{text}")
    if day.day > LAST_DAY:
        raise ValueError(text)
    return FiscalYear(day.month, day.day)


def _levels(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in _matching(_LEVELS, text.replace(" ", "")).split("|"):
        first, _, last = part.partition("-")
        span = range(int(first), int(last or first) + 1)
        if not span:
            raise ValueError(text)
        found += span
    if len(set(found)) != len(found):
        raise ValueError(text)
    return tuple(sorted(found))


def _mark(text: str) -> bool:
    return Decimal(_matching(_MARK, text)) != 0


def _element(text: str) -> str:
    key = parse_element(text)
    if key is None:
        raise ValueError(text)
    return key


def _node(text: str) -> NodeRef:
    node = parse_node(text)
    if node is None:
        raise ValueError(text)
    return node


def _node_or_identifier(text: str) -> NodeRef | str:
    return parse_node(text) or _identifier(text)


def _credits(text: str) -> int:
    return int(Decimal(_matching(_DECIMAL, text)) * 100)


def _share(text: str) -> Share:
    whole, _, part = _matching(_SHARE, text.replace(" ", "")).partition("/")
    if part and not int(part):
        raise ValueError(text)
    ratio = Fraction(whole) / int(part or 1)
    if not 0 <= ratio <= 1:
        raise ValueError(text)
    return Share(ratio.numerator, ratio.denominator)


def _currency(text: str) -> str:
    return _matching(CURRENCY, text)


def _unit_price(text: str) -> int | None:
    return None if text == NEVER else _whole(1, LARGEST_PRICE)(text)


def _use(text: str) -> ResourceUse:
    resource, colon, amount = text.rpartition(":")
    if not colon:
        raise ValueError(text)
    return ResourceUse(_identifier(resource.strip()), _whole(0, MOST_WHOLE)(amount.strip()))


_ID = "an identifier: text without comma, @, brackets, |, blanks or characters that do not show"
_NODE_TEXT = "a node such as Sub[num-conv]@3 or B[err-work,num-conv]@4"
_ELEMENT = "an element such as P[err-work], Sub[num-conv] or B[err-work,num-conv]"
_DAY_TEXT = "a date such as 2027-01-18, of the years 1900 to 2200"
_CREDITS = "credits, at least 0, with at most two decimal places such as 1.25"
_AMOUNT = "a number, at least 0, with at most two decimal places such as 36 or 1.25"
_SHARE_TEXT = "a share from 0 to 1: a decimal such as 0.5 or a fraction such as 1/3"
_ID_SCHEMA = {"type": "string", "pattern": r"^[^\s,@\[\]|]+$"}
_NODE_SCHEMA = {"type": "string", "pattern": r"^(Sub|P|S|B)\[[^\[\]@]+\]@[1-5]$"}
_CURRENCY = "an ISO 4217 code of three capital letters such as KZT"
_CURRENCY_SCHEMA = {"type": "string", "pattern": "^[A-Z]{3}$"}
_RATIO_SCHEMA = {"type": ["number", "string"], "minimum": 0}

Identifier = Annotated[str, Cell(_identifier, "identifier", _ID, _ID_SCHEMA)]
Identifiers = Annotated[
    tuple[str, ...], Cell(_list(_identifier), "identifier", f"identifiers separated by | ({_ID})")
]
Text = Annotated[str, Cell(_word, "text", "text in one line")]
Name = Annotated[str, Cell(_filled, "text", "text in one line, not blank")]
Texts = Annotated[
    tuple[str, ...], Cell(_list(_word), "text", "texts separated by |, none of them blank")
]
Paragraph = Annotated[str, Cell(str, "text", "text")]
Flag = Annotated[bool, Cell(_flag, "flag", "yes or no")]
YamlFlag = Annotated[bool, Cell(_yaml_flag, "flag", "true or false", {"type": "boolean"})]
Day = Annotated[date, Cell(read_day, "date", _DAY_TEXT, {"type": "string", "format": "date"})]
Whole = Annotated[int, _whole_cell(0, MOST_WHOLE)]
Positive = Annotated[int, _whole_cell(1, MOST_WHOLE)]
LEVEL_KEY = Cell(_whole(1, 5), "level", "a level from 1 to 5", _ID_SCHEMA)
Currency = Annotated[str, Cell(_currency, "currency", _CURRENCY, _CURRENCY_SCHEMA)]
Money = Annotated[int, _whole_cell(0, MOST_MONEY)]
Year = Annotated[int, _whole_cell(1900, 2200)]
Score = Annotated[int, _whole_cell(0, 100)]
Month = Annotated[int, _whole_cell(1, 12)]
LevelNumber = Annotated[int, _whole_cell(1, 5)]
LevelOrZero = Annotated[int, _whole_cell(0, 5)]
FiscalYearCell = Annotated[
    FiscalYear,
    Cell(
        _month_day,
        "fiscal_year",
        f"a month and a day such as 09-01, the day at most {LAST_DAY}",
        {"type": "string", "pattern": r"^[0-9]{2}-[0-9]{2}$"},
    ),
]
PeriodCount = Annotated[int, _whole_cell(1, 2000)]
Wholes = Annotated[
    tuple[int, ...],
    Cell(
        _list(_whole(0, MOST_WHOLE)),
        "whole_number",
        f"whole numbers from 0 to {MOST_WHOLE} separated by |",
    ),
]
Levels = Annotated[
    tuple[int, ...],
    Cell(_levels, "levels", "levels 1 to 5, each once, such as 1|2|4 or 2-4"),
]
Mark = Annotated[
    bool, Cell(_mark, "matrix_cell", "a number, 0 or blank where the level does not exist")
]
ElementKey = Annotated[str, Cell(_element, "element", _ELEMENT)]
Node = Annotated[NodeRef, Cell(_node, "node", _NODE_TEXT, _NODE_SCHEMA)]
Nodes = Annotated[
    tuple[NodeRef, ...], Cell(_list(_node), "node", f"{_NODE_TEXT}; several are separated by |")
]
EntryItems = Annotated[
    tuple[NodeRef | str, ...],
    Cell(_list(_node_or_identifier), "entry", "nodes and module ids separated by |, or none"),
]
Credits = Annotated[int, Cell(_credits, "credits", _CREDITS, _RATIO_SCHEMA)]
Amount = Annotated[int, Cell(_credits, "amount", _AMOUNT, _RATIO_SCHEMA)]
ShareCell = Annotated[Share, Cell(_share, "share", _SHARE_TEXT, {**_RATIO_SCHEMA, "maximum": 1})]
ResourceUses = Annotated[
    tuple[ResourceUse, ...],
    Cell(_list(_use), "resource_use", "id:amount separated by |, such as lab:1"),
]
UnitPrice = Annotated[
    int | None,
    Cell(
        _unit_price,
        "unit_price",
        f"a whole number from 1 to {LARGEST_PRICE}, or {NEVER}",
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": LARGEST_PRICE}, {"const": NEVER}]},
    ),
]
Form = Annotated[str, one_of(*FORMS)]
ComponentCell = Annotated[Component, choice(Component)]
FormationCell = Annotated[FormationMode, choice(FormationMode)]
DecisionCell = Annotated[DecisionKind, choice(DecisionKind)]
ResourceKindCell = Annotated[ResourceKind, choice(ResourceKind)]
ResourceScopeCell = Annotated[ResourceScope, choice(ResourceScope)]
