"""Functions that are compiled to machine code when they are first called.

They take arrays and integers only, call nothing that is not compiled itself, and hold no lock of
the interpreter while they run.  What was compiled is kept beside the source, or in the user's
cache where that cannot be written, so that it is done once for each installation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

_Function = TypeVar("_Function", bound=Callable[..., Any])

ROOMS = ("heuristics", "landmarks")
"""Rooms of the package with functions that are compiled."""

RandomState = NDArray[np.uint64]
"""State of a generator of random numbers, an array of one word that is changed in place."""


def compiled(function: _Function) -> _Function:
    """Compile a function when it is first called with arguments of new types."""
    return _compiled(function, inner=False)


def inner(function: _Function) -> _Function:
    """Compile a function that only compiled ones call, which takes less time.

    It has no way in from Python: a call from there ends the process.
    """
    return _compiled(function, inner=True)


def _compiled(function: _Function, *, inner: bool) -> _Function:
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": inner}
    if inner:
        options["no_cpython_wrapper"] = True
    try:
        dispatcher: Any = numba.njit(function, cache=True, **options)
        # What is kept holds the code of everything that is called, of other files as well; by
        # itself it would be made again only if the file of the function has changed.
        index = dispatcher._cache._cache_file
        index._source_stamp = (index._source_stamp, _sources())
    except (RuntimeError, AttributeError):  # There is no folder to keep it in, or another index.
        dispatcher = numba.njit(function, **options)
    return cast("_Function", dispatcher)


@cache
def _sources() -> tuple[tuple[str, int, int], ...]:
    """Return name, time and size of all files that may have functions that are compiled."""
    package = Path(__file__).parents[1]
    files = sorted(path for room in ROOMS for path in (package / room).glob("*.py"))
    return tuple((path.name, (stat := path.stat()).st_mtime_ns, stat.st_size) for path in files)


def random_state(seed: int) -> RandomState:
    """Return the state that a seed begins with; the numbers that follow are the same anywhere.

    The seed is mixed, for states a multiple of the step apart are places in the same sequence.
    """
    mixed = seed % (1 << 64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> shift)) * factor % (1 << 64)
    return np.array([((mixed ^ (mixed >> 31)) + 0x1234567) % (1 << 64)], dtype=np.uint64)


@compiled
def draw(state: RandomState) -> float:
    """Return a number from 0 to below 1 (SplitMix64: Steele, Lea and Flood, 2014)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def draw_below(state: RandomState, bound: int) -> int:
    """Return an integer from 0 to below a bound."""
    return int(draw(state) * bound)
