"""Relations between modules: what is refused before any search, and what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from oracle.tiny import goal, mode, module, tiny

from trajectory_engine.domain.catalogue import Entry, Module
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation import validate


def scenario(*modules: Module, **more: Any) -> Scenario:
    """Return a scenario of these modules."""
    return tiny(*modules, goals=(goal("x1", 1),), **more)


A, B, C = module("A", "x1"), module("B", "y1"), module("C", "z1")
INSTANT = mode(hours=0, duration=0)
AFTER_A = Entry(modules=("A",))

REFUSED: dict[str, tuple[tuple[Module, ...], str]] = {
    "unknown": ((replace(A, co=("Z",)),), "module 'Z'"),
    "unknown strict": ((replace(A, strict_co=("Z",)),), "module 'Z'"),
    "itself": ((replace(A, co=("A",)),), "module A co itself"),
    "itself strictly": ((replace(A, strict_co=("A",)),), "module A strict_co itself"),
    "excluded": ((replace(A, co=("B",), excludes=("B",)), B), "A and B exclude each other"),
    "excluded from the other side": (
        (replace(A, strict_co=("B",)), replace(B, excludes=("A",))),
        "A and B exclude each other",
    ),
    "two partners exclude each other": (
        (replace(A, co=("B",), strict_co=("C",)), replace(B, excludes=("C",)), C),
        "exclude each other",
    ),
    "over a relation of a relation": (
        (replace(A, co=("B",), excludes=("C",)), replace(B, strict_co=("C",)), C),
        "A and C exclude each other",
    ),
    "starts with what waits for it": (
        (replace(A, strict_co=("B",)), replace(B, entry=AFTER_A)),
        "but B needs A first",
    ),
    "starts with what starts with what waits for it": (
        (replace(A, strict_co=("C",)), replace(C, strict_co=("B",)), replace(B, entry=AFTER_A)),
        "but B needs A first",
    ),
    "ends after what waits for it": (
        (replace(A, co=("B",)), replace(B, entry=AFTER_A)),
        "which needs A before it starts",
    ),
}

ALLOWED: dict[str, Scenario] = {
    "both ways": scenario(replace(A, strict_co=("B",)), replace(B, strict_co=("A",))),
    "both ends": scenario(replace(A, co=("B",)), replace(B, co=("A",))),
    "a circle of three": scenario(
        replace(A, strict_co=("B",)), replace(B, strict_co=("C",)), replace(C, strict_co=("A",))
    ),
    "another may stand in": scenario(
        replace(A, co=("B",), excludes=("B",)), B, replace(C, replaces=("B",))
    ),
    "it may be completed": scenario(
        replace(A, co=("B",), excludes=("B",)), B, teacher={"completed": ("B",)}
    ),
    "no time passes": scenario(
        module("A", "x1", INSTANT, strict_co=("B",)), module("B", "y1", INSTANT, entry=AFTER_A)
    ),
    "ends in the instant in which it starts": scenario(
        module("A", "x1", co=("B",)), module("B", "y1", INSTANT, entry=AFTER_A)
    ),
    "waits for its partner": scenario(replace(A, co=("B",), entry=Entry(modules=("B",))), B),
}


@pytest.mark.parametrize("name", REFUSED)
def test_relations_that_no_plan_can_keep_are_refused(name: str) -> None:
    modules, words = REFUSED[name]
    found = validate(scenario(*modules))
    assert any(words in problem.found for problem in found), found


@pytest.mark.parametrize("name", ALLOWED)
def test_relations_that_a_plan_can_keep_are_accepted(name: str) -> None:
    assert validate(ALLOWED[name]) == ()
