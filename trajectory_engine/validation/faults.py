"""Faults of a scenario by the path of the object that is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from trajectory_engine.errors import InputProblem

Where = tuple[str | int, ...]
"""Path into a scenario: field names and positions, such as ``("modules", 12, "excludes", 0)``."""

MOST_NAMED = 5_000
"""Faults of one kind that are named one by one."""

Locator = Callable[["Fault"], InputProblem]
"""Turns a fault into a problem with a place."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the object at a path.

    Attributes
    ----------
    about : tuple of str
        Of a reference to something that does not exist: the kind of thing and the id that it
        names. Of a contradiction: the ids of the rules.
    """

    code: str
    where: Where
    found: str
    expected: str
    about: tuple[str, ...] = ()


NONE_LEFT_OUT: Collection[Where] = ()


def located_in(root: object, left_out: Collection[Where] = NONE_LEFT_OUT) -> Locator:
    """Return a locator for a scenario (or a part) in memory: it names objects by their ids.

    Parameters
    ----------
    root : object
    left_out : collection of tuple
        Paths of objects that are not there; positions are counted as if they were.
    """

    def locate(fault: Fault) -> InputProblem:
        return InputProblem(
            fault.code, fault.found, fault.expected, column=describe(root, fault.where, left_out)
        )

    return locate


def position_with(left_out: Collection[Where], items: Where, index: int) -> int:
    """Return the position of an item of a list, counted with the items that are left out."""
    for path in sorted(p for p in left_out if p[:-1] == items and isinstance(p[-1], int)):
        index += int(path[-1]) <= index
    return index


def describe(root: object, where: Where, left_out: Collection[Where] = NONE_LEFT_OUT) -> str:
    """Return a path with ids in the place of positions: ``modules[M12].excludes``.

    An object without an id is named by its position, counted from 0.
    """
    text, current = "", root
    path: Where = ()
    for part in where:
        if isinstance(part, int):
            is_text = isinstance(current, str)
            items = current if isinstance(current, Sequence) and not is_text else ()
            current = items[part] if part < len(items) else None
            position = position_with(left_out, path, part)
            path = (*path, position)
            text += f"[{getattr(current, 'id', '') or position}]"
        else:
            current = getattr(current, part, None)
            path = (*path, part)
            text += f".{part}"
    return text.lstrip(".")


def duplicates(
    where: Where, keys: Iterable[object], what: str, field: str = "id"
) -> Iterator[Fault]:
    """Yield a fault for every key that was there before; keys are those of the items at a path."""
    seen: set[object] = set()
    for i, key in enumerate(keys):
        if key in seen:
            yield Fault("duplicate_id", (*where, i, field), f"{what} '{key}' twice", "it once")
        seen.add(key)


def out_of_range(where: Where, name: str, value: int, least: int, most: int) -> Iterator[Fault]:
    """Yield a fault if a whole number is outside its range."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        yield Fault(
            "out_of_range", where, f"{name} {value}", f"a whole number from {least} to {most}"
        )


def first_of_each_kind(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield the first faults of each kind in each list, and how many more there are."""
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    last: dict[tuple[str, tuple[str, ...]], Fault] = {}
    for fault in faults:
        kind = (fault.code, tuple(part for part in fault.where if isinstance(part, str)))
        counts[kind] += 1
        if counts[kind] <= MOST_NAMED:
            yield fault
        else:
            last[kind] = fault
    for last_kind, fault in last.items():
        more = counts[last_kind] - MOST_NAMED - 1
        found = f"{fault.found}, and {more} more like this before it"
        yield replace(fault, found=found)
