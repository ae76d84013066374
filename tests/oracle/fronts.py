"""Fronts and alternatives of small problems by listing every plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from oracle.brute_force import MONEY, Search, _value
from oracle.calendars import Limit
from oracle.offers import Offer
from trajectory_engine.domain.scenario import ObjectiveName, Scenario

MOST_PLANS = 20_000

Values = tuple[int, ...]


@dataclass(frozen=True)
class Listed:
    """One plan: what is taken and what it amounts to."""

    offers: tuple[Offer, ...]
    starts: tuple[int, ...]
    values: dict[ObjectiveName, int]

    @cached_property
    def signature(self) -> tuple[tuple[str, str, int], ...]:
        """Module, mode and start, by module."""
        steps = zip(self.offers, self.starts, strict=True)
        return tuple(sorted((o.module.id, o.mode.id, start) for o, start in steps))


def every_plan(scenario: Scenario, teacher: str) -> list[Listed] | None:
    """Return every plan of a teacher, None if there are more than can be listed."""
    person = next(t for t in scenario.teachers if t.id == teacher)
    search = Search(scenario, person, circular=False)
    found: list[Listed] = []
    for selection in search.selections:
        calendars = search.calendars.of(selection, Limit())
        for calendar in islice(calendars, MOST_PLANS + 1 - len(found)):
            named = (n for n in ObjectiveName if n not in MONEY or n in calendar.money)
            values = {name: _value(name, selection, calendar) for name in named}
            found.append(Listed(selection.offers, calendar.starts, values))
        if len(found) > MOST_PLANS:
            return None
    return found


def front_of(plans: Iterable[Listed], over: Sequence[ObjectiveName]) -> list[Values]:
    """Return the values of the plans that no other dominates, rising."""
    values = {tuple(p.values[name] for name in over) for p in plans}
    return sorted(
        v
        for v in values
        if not any(w != v and all(a <= b for a, b in zip(w, v, strict=True)) for w in values)
    )


def keys_of(plan: Listed, difference: str) -> set[tuple[str, str]]:
    """Return the steps of a plan as far as a kind of difference tells them apart."""
    return {
        (o.module.id, "" if difference == "module" else getattr(o.mode, difference))
        for o in plan.offers
    }
