"""Each kind of rule with the smallest plan that obeys it and the smallest that does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.funding import Share
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    ExclusionRule,
    Measure,
    OrderRule,
    RequiredRule,
    RuleBody,
    Selector,
    ShareRule,
)

from .builders import mode, module, nodes
from .tiny import HORIZON, judged, scenario_of, simple

A, B, C = simple("a", "x"), simple("b", "y"), simple("c", "z", form="g")
ZERO_A, ZERO_B = simple("a", "x", hours=0), simple("b", "y", hours=0)
PAIR = Selector(modules=("a", "b"))
HALF, WHOLE = Share(1, 2), Share(1, 1)

CASES: dict[str, tuple[RuleBody, Iterable[Module], dict[str, int], bool]] = {
    "required module taken": (RequiredRule(("a",)), (A,), {"a": 0}, True),
    "required module not taken": (RequiredRule(("a",)), (A,), {}, False),
    "required module replaced": (
        RequiredRule(("a",)),
        (A, replace(B, replaces=("a",))),
        {"b": 0},
        True,
    ),
    "replacement is not transitive": (
        RequiredRule(("a",)),
        (A, replace(B, replaces=("a",)), replace(C, replaces=("b",))),
        {"c": 0},
        False,
    ),
    "required node formed": (RequiredRule(nodes=nodes("Sub[x]@1")), (A,), {"a": 0}, True),
    "required node not formed": (RequiredRule(nodes=nodes("Sub[x]@2")), (A,), {"a": 0}, False),
    "least amount met": (AmountRule(Measure.CREDITS, least=20), (A,), {"a": 0}, True),
    "least amount missed": (AmountRule(Measure.CREDITS, least=21), (A,), {"a": 0}, False),
    "most amount met": (AmountRule(Measure.HOURS, most=2), (A,), {"a": 0}, True),
    "most amount passed": (AmountRule(Measure.HOURS, most=1), (A,), {"a": 0}, False),
    "nothing of another measure": (
        AmountRule(Measure.PRACTICE_HOURS, least=1),
        (A,),
        {"a": 0},
        False,
    ),
    "amount outside the scope": (
        AmountRule(Measure.HOURS, least=1, scope=Selector(forms=("g",))),
        (A,),
        {"a": 0},
        False,
    ),
    "share of an empty plan": (
        ShareRule(Measure.HOURS, Selector(forms=("g",)), least=WHOLE),
        (A,),
        {},
        True,
    ),
    "least share met exactly": (
        ShareRule(Measure.HOURS, Selector(forms=("g",)), least=HALF),
        (A, C),
        {"a": 0, "c": 0},
        True,
    ),
    "least share missed": (
        ShareRule(Measure.HOURS, Selector(forms=("g",)), least=Share(51, 100)),
        (A, C),
        {"a": 0, "c": 0},
        False,
    ),
    "most share met exactly": (
        ShareRule(Measure.HOURS, Selector(forms=("g",)), most=HALF),
        (A, C),
        {"a": 0, "c": 0},
        True,
    ),
    "most share passed": (
        ShareRule(Measure.HOURS, Selector(forms=("g",)), most=Share(49, 100)),
        (A, C),
        {"a": 0, "c": 0},
        False,
    ),
    "part counts only inside the scope": (
        ShareRule(
            Measure.HOURS,
            part=Selector(forms=("g",)),
            least=Share(1, 100),
            scope=Selector(modules=("a",)),
        ),
        (A, C),
        {"a": 0, "c": 0},
        False,
    ),
    "in order": (
        OrderRule(Selector(modules=("a",)), Selector(modules=("b",))),
        (A, B),
        {"a": 0, "b": 1},
        True,
    ),
    "out of order": (
        OrderRule(Selector(modules=("a",)), Selector(modules=("b",))),
        (A, B),
        {"a": 0, "b": 0},
        False,
    ),
    "order of one": (OrderRule(PAIR, PAIR), (A, B), {"a": 0}, True),
    "both sides cover both": (OrderRule(PAIR, PAIR), (A, B), {"a": 0, "b": 1}, False),
    "both sides cover both of duration 0": (
        OrderRule(PAIR, PAIR),
        (ZERO_A, ZERO_B),
        {"a": 2, "b": 2},
        True,
    ),
    "one of an exclusive pair": (ExclusionRule(PAIR), (A, B), {"a": 0}, True),
    "both of an exclusive pair": (ExclusionRule(PAIR), (A, B), {"a": 0, "b": 0}, False),
    "at least none": (AtLeastRule(0, PAIR), (A, B), {}, True),
    "at least two": (AtLeastRule(2, PAIR), (A, B), {"a": 0, "b": 0}, True),
    "one too few": (AtLeastRule(2, PAIR), (A, B, C), {"a": 0, "c": 0}, False),
}


@pytest.mark.parametrize("name", CASES)
def test_rule(name: str) -> None:
    body, modules, starts, obeyed = CASES[name]
    found = judged(scenario_of(modules, body), starts)
    assert {code for code, _ in found} == (set() if obeyed else {"R0"})


@pytest.mark.parametrize(
    ("body", "obeyed"),
    [
        (RequiredRule(("a",)), True),
        (AmountRule(Measure.HOURS, least=1), False),
        (ShareRule(Measure.HOURS, Selector(modules=("a",)), least=HALF), False),
        (ExclusionRule(PAIR), True),
        (AtLeastRule(2, PAIR), False),
    ],
)
def test_completed_modules_count_as_required_only(body: RuleBody, obeyed: bool) -> None:
    teacher = Teacher("T", hours=(10,) * HORIZON, completed=("a",))
    practical = module(
        "b", nodes("Sub[y]@1"), mode("f", 0, 0) if isinstance(body, AmountRule) else B.modes[0]
    )
    found = judged(scenario_of((A, practical), body, teacher=teacher), {"b": 0})
    assert {code for code, _ in found} == (set() if obeyed else {"R0"})


def test_coverage_is_judged_in_the_mode_taken() -> None:
    """A module that could be taken in form g does not count when it is taken in form f."""
    both = module("a", nodes("Sub[x]@1"), mode("f", 2, 1), mode("g", 2, 1))
    rule = AtLeastRule(1, Selector(forms=("g",)))
    assert judged(scenario_of((both,), rule), {"a": 0}) == [("R0", "")]
