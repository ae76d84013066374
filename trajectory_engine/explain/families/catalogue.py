"""What the catalogue demands and forbids: mandatory modules, exclusions, dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from trajectory_engine.domain.catalogue import Module
from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import DecisionKind
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView, without_starts
from trajectory_engine.explain.families.decisions import decision_limit, run_starts
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.elastic import ElasticClause, ElasticConstraint, ElasticRow
from trajectory_engine.problem.facts import Wanted
from trajectory_engine.problem.options import open_run
from trajectory_engine.problem.rows import exclusion_rows


def _with_modules(
    scenario: Scenario, ids: frozenset[str], change: Callable[[Module], Module]
) -> Scenario:
    modules = tuple(change(m) if m.id in ids else m for m in scenario.modules)
    return replace(scenario, modules=modules)


class Invariants(Family):
    """Every invariant module that the teacher must take."""

    kind = LimitKind.INVARIANT

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per module that is mandatory by its mark."""
        prefix = f"{self.kind.value}:"
        reasons = (m.reason for m in ground.facts.mandatory)
        return [Limit(self.kind, why.removeprefix(prefix)) for why in reasons if prefix in why]

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return that the module is mandatory."""
        return Message.of("limit_invariant", module=limit.subject)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the module is elective."""
        ids = frozenset([limit.subject])
        return _with_modules(scenario, ids, lambda m: replace(m, invariant=False))

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return the whole mark."""
        return [Knob(limit, "whole", 1, ground.prices.invariant)]

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return that the module becomes elective."""
        return Message.of("change_invariant", module=knob.limit.subject)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return that the module, or one that replaces it, is taken."""
        ids = view.ground.facts.satisfying(limit.subject)
        offered = tuple(view.position[m] for m in ids if m in view.position)
        return [ElasticClause(offered, ((knobs[""], 1),))]

    def seeds(self, ground: Ground, limit: Limit) -> tuple[list[Wanted], set[str]]:
        """Return the module and those that replace it."""
        return [], set(ground.facts.satisfying(limit.subject))


class Exclusions(Family):
    """Every pair of modules that exclude each other."""

    kind = LimitKind.EXCLUSION

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per pair."""
        known = ground.scenario.module_by_id
        pairs = {
            tuple(sorted((m.id, other)))
            for m in ground.scenario.modules
            for other in m.excludes
            if other in known and other != m.id
        }
        return [Limit(self.kind, f"{a}+{b}") for a, b in sorted(pairs)]

    def _pair(self, ground: Ground, limit: Limit) -> frozenset[str]:
        known = ground.scenario.module_by_id
        for i, letter in enumerate(limit.subject):
            first, second = limit.subject[:i], limit.subject[i + 1 :]
            if letter == "+" and first in known and second in known:
                return frozenset((first, second))
        raise KeyError(limit.subject)

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the pair."""
        return Message.of("limit_exclusion", modules=limit.subject)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where both modules may be taken."""
        pair = self._pair(ground, limit)
        return _with_modules(
            scenario,
            pair,
            lambda m: replace(m, excludes=tuple(e for e in m.excludes if e not in pair)),
        )

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return the whole exclusion."""
        return [Knob(limit, "whole", 1, ground.prices.exclusion)]

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return that both may be taken."""
        return Message.of("change_exclusion", modules=knob.limit.subject)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return that one of the two is taken at most."""
        pair = self._pair(view.ground, limit)
        mine = [t for t in view.offered if t.module.id in pair]
        rows = (row for row in exclusion_rows(mine) if row.reason == limit.id)
        return [ElasticRow(row, ((knobs[""], 1),)) for row in rows]


class Dates(Family):
    """The run dates and windows of every module that has any."""

    kind = LimitKind.DATES

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return one limit per module."""
        dated = {r.module for r in ground.scenario.runs} | {
            w.module for w in ground.scenario.windows
        }
        return [Limit(self.kind, m.id) for m in ground.scenario.modules if m.id in dated]

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return that the module starts on its dates only."""
        return Message.of("limit_dates", module=limit.subject)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the module starts at any time; a chosen run has no date."""
        return self.all_removed(scenario, ground, [limit])

    def all_removed(self, scenario: Scenario, ground: Ground, limits: Sequence[Limit]) -> Scenario:
        """Return the scenario where several modules start at any time."""
        modules = {limit.subject for limit in limits}
        decisions = tuple(
            replace(d, kind=DecisionKind.TAKE, value="")
            if d.kind is DecisionKind.RUN and d.subject in modules
            else d
            for d in scenario.decisions
        )
        return replace(
            scenario,
            runs=tuple(r for r in scenario.runs if r.module not in modules),
            windows=tuple(w for w in scenario.windows if w.module not in modules),
            decisions=decisions,
        )

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return all dates of the module as one."""
        return [Knob(limit, "whole", 1, ground.prices.dates)]

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return that the module starts at any time."""
        return Message.of("change_dates", module=knob.limit.subject)

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return the starts that are no start of an open run, or outside the window."""
        index, alone = view.ground.index, view.ground.alone
        found: list[ElasticConstraint] = []
        for m, k, option in view.modes_of([limit.subject]):
            allowed = set(option.starts)
            runs = index.runs.get((limit.subject, option.id))
            if runs is not None:
                allowed &= {r.start for r in runs if open_run(r, alone)}
            window = index.windows.get((limit.subject, option.id))
            if window is not None:
                allowed &= set(range(window.earliest, window.latest + 1))
            found += without_starts(m, k, set(option.starts) - allowed, knobs[""])
        return found + self._chosen_runs(view, limit, knobs[""])

    def _chosen_runs(self, view: LooseView, limit: Limit, knob: int) -> list[ElasticConstraint]:
        """Return the starts that a decision for a run rules out, as long as runs have dates."""
        found: list[ElasticConstraint] = []
        for decision in view.ground.facts.decisions:
            if decision.kind is DecisionKind.RUN and decision.subject == limit.subject:
                own = view.knobs.get(decision_limit(decision).id)
                knobs = (knob,) if own is None else (knob, own)
                for m, k, option in view.modes_of([limit.subject]):
                    allowed = run_starts(view.ground, decision, option)
                    found += without_starts(m, k, set(option.starts) - allowed, *knobs)
        return found
