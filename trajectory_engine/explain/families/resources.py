"""Resources other than hours and money: more units of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trajectory_engine.domain.catalogue import Resource, ResourceKind, ResourceScope
from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.elastic import ElasticConstraint, ElasticRow, ElasticUse
from trajectory_engine.problem.rows import resource_rows


class Resources(Family):
    """Every resource."""

    kind = LimitKind.RESOURCE

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per resource."""
        return [Limit(self.kind, resource.id) for resource in ground.scenario.resources]

    def _resource(self, ground: Ground, limit: Limit) -> Resource:
        return next(r for r in ground.scenario.resources if r.id == limit.subject)

    def _most(self, ground: Ground, limit: Limit) -> int:
        """Return what the whole catalogue uses."""
        return ground.most_used.get(limit.subject, 0)

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the capacity."""
        capacity = self._resource(ground, limit).capacity
        return Message.of("limit_resource", resource=limit.subject, capacity=capacity)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the whole catalogue can have what it uses."""
        return self._raised(scenario, limit, self._most(ground, limit))

    def _raised(self, scenario: Scenario, limit: Limit, by: int) -> Scenario:
        resources = tuple(
            replace(r, capacity=r.capacity + by) if r.id == limit.subject else r
            for r in scenario.resources
        )
        return replace(scenario, resources=resources)

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return units."""
        most = self._most(ground, limit)
        return [Knob(limit, "unit", most, ground.prices.resource)] if most else []

    def given_way(self, scenario: Scenario, ground: Ground, knob: Knob, amount: int) -> Scenario:
        """Return the scenario with a larger capacity."""
        return self._raised(scenario, knob.limit, amount)

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return the capacity before and after."""
        capacity = self._resource(ground, knob.limit).capacity
        after = capacity + amount
        name = knob.limit.subject
        return Message.of("change_resource", resource=name, before=capacity, after=after)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return the use in every period, or in all, and that no mode alone uses more."""
        if "" not in knobs:
            return []
        ground, knob = view.ground, knobs[""]
        resource = self._resource(ground, limit)
        found: list[ElasticConstraint] = []
        if resource.kind is ResourceKind.RENEWABLE:
            found.append(ElasticUse(ground.index.renewable[limit.subject], resource.capacity, knob))
            return found
        if ground.alone or resource.scope is ResourceScope.TEACHER:
            single = replace(ground.scenario, resources=(resource,))
            rows = resource_rows(single, view.offered, alone=ground.alone)
            found += [ElasticRow(row, ((knob, 1),)) for row in rows]
        return found
