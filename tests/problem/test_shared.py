"""Limits that teachers share: each kind is named with its figures, and only if it could bind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from oracle.tiny import goal, mode, module, tiny

from trajectory_engine.domain.catalogue import (
    Resource,
    ResourceKind,
    ResourceScope,
    ResourceUse,
    Run,
)
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.problem.shared import binding_limits

LAB = Resource("lab", ResourceKind.RENEWABLE, ResourceScope.SHARED, 3)
KIT = Resource("kit", ResourceKind.NON_RENEWABLE, ResourceScope.SHARED, 3)


def scenario(**more: object) -> Scenario:
    """Return two teachers and two modules: 100 or 60 for A, 40 for B; 2 units each of A or B."""
    use = (ResourceUse("lab", 2), ResourceUse("kit", 2)) if "resources" in more else ()
    modes = (mode(price=100, resources=use), mode("net", price=60))
    base = tiny(
        module("A", "x1", *modes),
        module("B", "y1", mode(price=40)),
        goals=(goal("x1"),),
        **more,  # type: ignore[arg-type]
    )
    return replace(base, teachers=(*base.teachers, replace(base.teachers[0], id="U", group="g")))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"funds": (Fund("state", budget=279),)},
            "fund state: budget 279, the teachers could draw 280",
        ),
        (
            {"funds": (Fund("half", budget=139, share=Share(1, 2)),)},
            "fund half: budget 139, the teachers could draw 140",
        ),
        (
            {"funds": (Fund("state", budget=99, ceiling=50),)},
            "fund state: budget 99, the teachers could draw 100",
        ),
        (
            {"runs": (Run("r", "A", "day", 0, seats=1),)},
            "run r of module A: 1 seats for 2 teachers",
        ),
        (
            {"runs": (Run("r", "A", "day", 0, minimum_group=2),)},
            "run r of module A: needs a group of at least 2",
        ),
        (
            {"resources": (LAB, replace(KIT, capacity=9))},
            "resource lab: capacity 3 per period, the teachers could use 4",
        ),
        (
            {"resources": (replace(LAB, capacity=9), KIT)},
            "resource kit: capacity 3, the teachers could use 4",
        ),
    ],
)
def test_every_kind_of_limit_is_named_for_two_and_not_for_one(
    more: dict[str, object], said: str
) -> None:
    both = scenario(**more)
    assert binding_limits(both, both.teachers) == [said]
    assert binding_limits(both, both.teachers[:1]) == []


@pytest.mark.parametrize(
    "more",
    [
        {"funds": (Fund("state", budget=280),)},
        {"funds": (Fund("state", budget=140, groups=("g",)),)},
        {"funds": (Fund("state", budget=80, modules=("B",)),)},
        {"funds": (Fund("state", ceiling=1),)},
        {"runs": (Run("r", "A", "day", 0, seats=2, minimum_group=1),)},
        {"resources": (replace(LAB, capacity=4), replace(KIT, capacity=4))},
        {"resources": tuple(replace(r, scope=ResourceScope.TEACHER) for r in (LAB, KIT))},
    ],
)
def test_limits_that_cannot_bind_are_passed_over(more: dict[str, object]) -> None:
    both = scenario(**more)
    assert binding_limits(both, both.teachers) == []
