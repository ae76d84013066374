"""What every function of the library asks of its arguments, in one place.

Arguments are checked before anything is read or solved, so that a wrong one is named by its name
and value and not by a fault somewhere inside.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from trajectory_engine.domain.scenario import Scenario

MOST_SEED = 2**31 - 1
MOST_COUNT = 10**6
MOST_SECONDS = 10**15

WordT = TypeVar("WordT", bound=StrEnum)


def check_call(
    scenario: object,
    *,
    time_limit: object,
    seed: object,
    workers: object = 1,
    cancel: object = None,
    on_progress: object = None,
) -> None:
    """Check the arguments that all questions share.

    Raises
    ------
    TypeError
        If ``scenario`` is none, ``cancel`` is no event or ``on_progress`` cannot be called.
    ValueError
        If ``time_limit`` is not a positive number, ``workers`` is below 1, or ``seed`` is outside
        ``0 .. 2**31 - 1``.
    """
    if not isinstance(scenario, Scenario):
        advice = " (load_scenario reads a folder)" if isinstance(scenario, str) else ""
        raise TypeError(f"scenario must be a Scenario, not {_kind(scenario)}{advice}")
    is_number = isinstance(time_limit, int | float) and not isinstance(time_limit, bool)
    if isinstance(time_limit, int) and time_limit > MOST_SECONDS:
        raise ValueError(f"time_limit must be at most {MOST_SECONDS} seconds")
    if not is_number or math.isnan(float(time_limit)) or time_limit <= 0:  # type: ignore[operator, arg-type]
        raise ValueError(f"time_limit ({time_limit!r}) must be a positive number of seconds")
    whole("workers", workers, least=1)
    whole("seed", seed, most=MOST_SEED)
    if cancel is not None and not callable(getattr(cancel, "is_set", None)):
        raise TypeError(f"cancel must be an event such as threading.Event, not {_kind(cancel)}")
    if on_progress is not None and not callable(on_progress):
        raise TypeError(f"on_progress must be callable, not {_kind(on_progress)}")


def whole(name: str, value: object, *, least: int = 0, most: int = MOST_COUNT) -> None:
    """Check a whole number.

    Raises
    ------
    ValueError
        If it is none, or outside its range.
    """
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not least <= value <= most:  # type: ignore[operator]
        raise ValueError(f"{name} ({value!r}) must be a whole number from {least} to {most}")


def teacher_id(scenario: Scenario, teacher: object) -> None:
    """Check the id of one teacher.

    Raises
    ------
    ValueError
        If it is no text.
    KeyError
        If the scenario has no such teacher.
    """
    if not isinstance(teacher, str):
        raise ValueError(f"teacher ({teacher!r}) must be the id of a teacher, a text")
    if teacher not in scenario.teacher_by_id:
        raise KeyError(teacher)


def teacher_ids(scenario: Scenario, teachers: Iterable[str] | None) -> list[str]:
    """Return the ids of chosen teachers, each once; None chooses all.

    Raises
    ------
    ValueError
        If ``teachers`` is a text, is no collection of texts, or names nobody.
    KeyError
        If the scenario has no such teacher.
    """
    if teachers is None:
        return [t.id for t in scenario.teachers]
    chosen = None if isinstance(teachers, str) else _listed(teachers)
    if not chosen:
        raise ValueError(f"teachers ({teachers!r}) must be a sequence of ids, one at least")
    for teacher in chosen:
        teacher_id(scenario, teacher)
    return list(dict.fromkeys(chosen))


def word(name: str, value: object, words: type[WordT]) -> WordT:
    """Return the member of an enumeration that a value names.

    Raises
    ------
    ValueError
        If it names none.
    """
    try:
        return words(str(value))
    except ValueError:
        known = ", ".join(words)
        raise ValueError(f"{name} ({value!r}) must be one of {known}") from None


def texts(name: str, values: object) -> list[str]:
    """Return a collection of texts as a list.

    Raises
    ------
    ValueError
        If it is a single text, or no collection, or not of texts.
    """
    listed = None if isinstance(values, str) else _listed(values)
    if listed is None or not all(isinstance(v, str) for v in listed):
        raise ValueError(f"{name} ({values!r}) must be a collection of texts")
    return listed


def limits(name: str, values: Mapping[WordT, int] | None, words: type[WordT]) -> dict[WordT, int]:
    """Return whole numbers by the members of an enumeration that their keys name.

    Raises
    ------
    ValueError
        If a key names no member, or a number is none, or negative.
    """
    if values is not None and not isinstance(values, Mapping):
        raise ValueError(f"{name} ({values!r}) must be a mapping")
    found: dict[WordT, int] = {}
    for key, value in (values or {}).items():
        whole(f"{name}[{key}]", value, most=2**62)
        found[word(name, key, words)] = value
    return found


def _listed(values: object) -> list[str] | None:
    return list(values) if isinstance(values, Collection) else None


def _kind(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"
