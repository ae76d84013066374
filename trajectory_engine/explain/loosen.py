"""A teacher's problem with some limits loosened to their most, and these limits on top of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from trajectory_engine.domain.people import Teacher
from trajectory_engine.explain.families import FAMILIES, Knob, LooseView, given_way
from trajectory_engine.explain.families.money import money_constraints
from trajectory_engine.explain.families.rules import Rules, softened
from trajectory_engine.explain.ground import Ground
from trajectory_engine.problem.compile import compile_problem
from trajectory_engine.problem.coverage import keeps_covering_rules
from trajectory_engine.problem.decode import Decoded
from trajectory_engine.problem.elastic import (
    ElasticConstraint,
    ElasticKnob,
    ElasticProblem,
    ElasticRow,
)
from trajectory_engine.problem.facts import Mandatory, TeacherFacts, Wanted
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem
from trajectory_engine.whatif import Steps

SEED = "seed"

Turned = tuple[tuple[Knob, int], ...]
"""Knobs with amounts, each at least 1."""


class LooseFacts(TeacherFacts):
    """Facts without some limits, that still look at everything these limits speak of."""

    def __init__(
        self,
        index: ScenarioIndex,
        teacher: Teacher,
        *,
        alone: bool,
        goals: Sequence[Wanted],
        modules: Iterable[str],
    ) -> None:
        super().__init__(index, teacher, alone=alone)
        self._goals = tuple(replace(w, hard=False) for w in goals if () not in w.ways)
        self._modules = tuple(sorted(modules))

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """Goals that are left, and those that may be given up as soft ones."""
        return (*super().wanted, *self._goals)

    @cached_property
    def mandatory(self) -> tuple[Mandatory, ...]:
        """Modules that must be taken, and those worth looking at."""
        return (*super().mandatory, *(Mandatory(SEED, (m,)) for m in self._modules))


class Loosened:
    """The elastic problem of a teacher over some knobs.

    Parameters
    ----------
    knobs : sequence of Knob
        In the order of their ids; their limits give way, all others hold.
    priced : bool
        False: every unit costs 1.
    covers_all : bool
        False leaves away what covering rules ask for: a relaxation, see :func:`is_covered`.
    """

    def __init__(
        self, ground: Ground, knobs: Sequence[Knob], *, priced: bool = True, covers_all: bool = True
    ) -> None:
        self.ground = ground
        self.knobs = tuple(knobs)
        self.covers_all = covers_all
        self._limits = tuple(dict.fromkeys(k.limit for k in knobs))
        self._priced = priced
        self.problem = self._compile()
        self.elastic = self._elastic()

    def _compile(self) -> TeacherProblem:
        ground = self.ground
        most = [(knob, knob.most) for knob in self.knobs]
        scenario = softened(given_way(ground.scenario, ground, most), ground, self.knobs)
        goals: list[Wanted] = []
        modules: set[str] = set()
        for limit in self._limits:
            family = FAMILIES[limit.kind]
            more_goals, more_modules = family.seeds(ground, limit)
            goals += more_goals
            modules |= more_modules
            if self.covers_all and isinstance(family, Rules):
                modules |= family.covered(ground, limit)
        facts = LooseFacts(
            ground.index.over(scenario),
            scenario.teacher_by_id[ground.teacher.id],
            alone=ground.alone,
            goals=goals,
            modules=modules,
        )
        problem = compile_problem(facts, covers_all=self.covers_all)
        return replace(
            problem,
            soft_goals=(),
            base_unmet=0,
            clauses=tuple(c for c in problem.clauses if c.reason != SEED),
            obstacles=tuple(o for o in problem.obstacles if ("why", SEED) not in o.parameters),
        )

    def _elastic(self) -> ElasticProblem:
        positions = {knob.id: i for i, knob in enumerate(self.knobs)}
        view = LooseView(self.ground, self.problem, positions)
        constraints: list[ElasticConstraint] = []
        for limit in self._limits:
            names = {k.name: positions[k.id] for k in self.knobs if k.limit == limit}
            constraints += FAMILIES[limit.kind].constraints(view, limit, names)
        constraints += money_constraints(view)
        if not self.covers_all:
            constraints = [
                c for c in constraints if not (isinstance(c, ElasticRow) and c.row.covering)
            ]
        knobs = tuple(self._knob(knob) for knob in self.knobs)
        return ElasticProblem(self.problem, knobs, tuple(constraints))

    def _knob(self, knob: Knob) -> ElasticKnob:
        """Return a knob with its price, and with no more room than the modules on offer can use."""
        most = knob.most
        modes = [m.modes for m in self.problem.modules]
        if knob.unit == "minor-unit":
            most = min(most, sum(max((k.price for k in ks), default=0) for ks in modes))
        elif knob.unit == "hour-per-period":
            loads = (max((max(k.load, default=0) for k in ks), default=0) for ks in modes)
            most = min(most, sum(loads))
        return ElasticKnob(knob.id, most, (knob.price or 1) if self._priced else 1)

    def turned(self, amounts: Sequence[int]) -> Turned:
        """Return the knobs that are turned, with their amounts."""
        pairs = zip(self.knobs, amounts, strict=True)
        return tuple((knob, amount) for knob, amount in pairs if amount)

    def is_covered(self, choices: Sequence[Choice]) -> bool:
        """Return whether a plan of the relaxation keeps what covering rules ask for, as it is."""
        facts = self.ground.facts
        return keeps_covering_rules(facts, Decoded(facts, self.problem, choices))

    def located(self, steps: Steps) -> tuple[Choice, ...] | None:
        """Return steps as choices of the loosened problem, None where they do not fit."""
        positions = {m.id: i for i, m in enumerate(self.problem.modules)}
        found: list[Choice] = []
        for module, mode, start in steps:
            m = positions.get(module)
            modes = [] if m is None else self.problem.modules[m].modes
            k = next((k for k, option in enumerate(modes) if option.id == mode), None)
            if m is None or k is None or start not in modes[k].starts:
                return None
            found.append(Choice(m, k, start))
        return tuple(sorted(found, key=lambda c: (c.start, c.module)))

    def named(self, choices: Sequence[Choice]) -> Steps:
        """Return choices as (module, mode, start) in the planner's ids."""
        modules = self.problem.modules
        return tuple(
            (modules[c.module].id, modules[c.module].modes[c.mode].id, c.start) for c in choices
        )
