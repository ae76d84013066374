"""Modules that must be taken beside others: each module may be excused from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.candidates import remaining_partners
from trajectory_engine.problem.elastic import ElasticConstraint, ElasticPartners
from trajectory_engine.problem.facts import Wanted


class Relations(Family):
    """Every module that names modules which must be taken beside it."""

    kind = LimitKind.RELATIONS

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per module that names others."""
        related = (m.id for m in ground.scenario.modules if m.co or m.strict_co)
        return [Limit(self.kind, name) for name in related]

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the modules named."""
        module = ground.scenario.module_by_id[limit.subject]
        names = dict.fromkeys((*module.co, *module.strict_co))
        return Message.of("limit_relations", module=module.id, others=", ".join(names))

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the module can be taken by itself."""
        modules = tuple(
            replace(m, co=(), strict_co=()) if m.id == limit.subject else m
            for m in scenario.modules
        )
        return replace(scenario, modules=modules)

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return all that the module names as one."""
        return [Knob(limit, "whole", 1, ground.prices.relation)]

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return that the module can be taken by itself."""
        return Message.of("change_relations", module=knob.limit.subject)

    def _partners(self, ground: Ground, limit: Limit) -> list[tuple[tuple[str, ...], bool]]:
        """Return, for every module named and not completed, what satisfies it; if together."""
        index, modules = ground.index, ground.scenario.modules
        both = remaining_partners(index, index.module_index[limit.subject], ground.facts.knowledge)
        return [
            (tuple(modules[a].id for a in alternatives), together)
            for references, together in zip(both, (False, True), strict=True)
            for alternatives in references
        ]

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return what must be taken beside the module, if it is offered."""
        mine = view.position.get(limit.subject)
        if mine is None:
            return []
        return [
            ElasticPartners(
                mine,
                tuple(view.position[a] for a in names if a in view.position),
                together,
                ((knobs[""], 1),),
            )
            for names, together in self._partners(view.ground, limit)
        ]

    def seeds(self, ground: Ground, limit: Limit) -> tuple[list[Wanted], set[str]]:
        """Return the modules that satisfy what the module names."""
        return [], {name for names, _ in self._partners(ground, limit) for name in names}
