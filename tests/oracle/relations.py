"""Relations between modules: what must be taken beside a module, and when. Draws and judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from oracle.offers import Offer, done, standing_in
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation import find_faults


class Relations:
    """The relations of one teacher's problem."""

    def __init__(self, scenario: Scenario, teacher: Teacher) -> None:
        completed = done(scenario, teacher)
        self.co, self.strict = (
            {
                m.id: [
                    accepted
                    for wanted in listed
                    if not (accepted := standing_in(scenario, wanted, teacher)) & completed
                ]
                for m, listed in lists
            }
            for lists in (
                [(m, m.co) for m in scenario.modules],
                [(m, m.strict_co) for m in scenario.modules],
            )
        )

    def complete(self, ids: set[str]) -> bool:
        """Return whether everything is taken that must be taken beside these modules."""
        return not self.lonely(ids)

    def lonely(self, ids: set[str]) -> set[str]:
        """Return the modules of which something is not taken that must be taken beside them."""
        return {
            module
            for module in ids
            if not all(accepted & ids for accepted in (*self.co[module], *self.strict[module]))
        }

    def broken(self, offers: Sequence[Offer], starts: Sequence[int]) -> set[str]:
        """Return the modules of which a relation does not hold, whatever the others do."""
        start = {o.module.id: s for o, s in zip(offers, starts, strict=True)}
        end = {o.module.id: s + o.mode.duration for o, s in zip(offers, starts, strict=True)}
        late = {
            module
            for module in end
            for accepted in self.co[module]
            if not any(m in end and end[m] <= end[module] for m in accepted)
        }
        apart = {
            module
            for module in start
            for accepted in self.strict[module]
            if not any(start.get(m) == start[module] for m in accepted)
        }
        return late | apart

    def hold(self, offers: Sequence[Offer], starts: Sequence[int]) -> bool:
        """Return whether ends and starts are as the relations ask."""
        return not self.broken(offers, starts)


def with_relations(scenario: Scenario, rng: Random, per_cent: int = 100) -> Scenario:
    """Return the scenario with relations between some modules, as far as they are valid input.

    Parameters
    ----------
    per_cent : int
        Share of the scenarios that get any.
    """
    if rng.randrange(100) >= per_cent or len(scenario.modules) < 2:
        return scenario
    for _ in range(rng.choice([1, 1, 2, 3])):
        one, other = rng.sample(range(len(scenario.modules)), 2)
        modules = list(scenario.modules)
        wanted = modules[other].id
        if rng.random() < 0.5:
            modules[one] = replace(modules[one], co=_more(modules[one].co, wanted))
        else:
            modules[one] = replace(modules[one], strict_co=_more(modules[one].strict_co, wanted))
        changed = replace(scenario, modules=tuple(modules))
        if not find_faults(changed):
            scenario = changed
    return scenario


def _more(ids: tuple[str, ...], wanted: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ids, wanted)))
