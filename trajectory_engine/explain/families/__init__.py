"""The registry of limits: one file per family, in the order in which a conflict prefers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.access import Languages, Technologies
from trajectory_engine.explain.families.base import Family as Family
from trajectory_engine.explain.families.base import Knob as Knob
from trajectory_engine.explain.families.base import LooseView as LooseView
from trajectory_engine.explain.families.catalogue import Dates, Exclusions, Invariants
from trajectory_engine.explain.families.decisions import Decisions
from trajectory_engine.explain.families.goals import Goals
from trajectory_engine.explain.families.money import FUNDS, NewSource
from trajectory_engine.explain.families.relations import Relations
from trajectory_engine.explain.families.resources import Resources
from trajectory_engine.explain.families.rules import Rules
from trajectory_engine.explain.families.time import Absences, Breaks, Deadline, Hours
from trajectory_engine.explain.ground import Ground

FAMILIES: Mapping[LimitKind, Family] = {
    family.kind: family
    for family in (
        Goals(),
        Deadline(),
        Hours(),
        Absences(),
        Breaks(),
        Decisions(),
        FUNDS,
        NewSource(),
        Rules(),
        Invariants(),
        Resources(),
        Exclusions(),
        Relations(),
        Dates(),
        Languages(),
        Technologies(),
    )
}
"""By kind.  Removals are applied in this order: dates after decisions for runs."""


def limits_of(ground: Ground) -> tuple[Limit, ...]:
    """Return every limit of a teacher, in the order of the families."""
    return tuple(limit for family in FAMILIES.values() for limit in family.limits(ground))


def without(scenario: Scenario, ground: Ground, limits: Iterable[Limit]) -> Scenario:
    """Return a scenario with some limits removed."""
    removed = tuple(limits)
    for kind, family in FAMILIES.items():
        mine = [limit for limit in removed if limit.kind is kind]
        if mine:
            scenario = family.all_removed(scenario, ground, mine)
    return scenario


def negotiable_knobs(ground: Ground, limits: Iterable[Limit]) -> list[Knob]:
    """Return the knobs of limits that have a price, in the order of their ids."""
    knobs = (k for limit in limits for k in FAMILIES[limit.kind].knobs(ground, limit))
    return sorted((k for k in knobs if k.price is not None), key=lambda k: k.id)


def given_way(scenario: Scenario, ground: Ground, amounts: Iterable[tuple[Knob, int]]) -> Scenario:
    """Return a scenario in which limits have given way by amounts, each at least 1."""
    order = list(FAMILIES)
    for knob, amount in sorted(amounts, key=lambda item: order.index(item[0].limit.kind)):
        family = FAMILIES[knob.limit.kind]
        scenario = family.given_way(scenario, ground, knob, amount)
    return scenario
