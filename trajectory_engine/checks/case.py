"""What the checks look at: a scenario indexed once, and one teacher's plan laid beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from trajectory_engine.checks.attainment import Attainment, Graph, Taken, follow
from trajectory_engine.checks.codes import Code
from trajectory_engine.domain.catalogue import Module, Run, Window
from trajectory_engine.domain.diagnosis import Diagnosis, diagnosis_of
from trajectory_engine.domain.funding import Fund
from trajectory_engine.domain.people import Decision, Goal, Teacher
from trajectory_engine.domain.plan import Step, TeacherPlan, Violation
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import Rule


def listing(items: Iterable[object], most: int = 8) -> str:
    """Return the items as text, at most ``most`` of them by name; "nothing" for none."""
    texts = [str(i) for i in items]
    rest = len(texts) - most
    shown = ", ".join(texts[:most])
    return (f"{shown} and {rest} more" if rest > 0 else shown) or "nothing"


class Facts:
    """A scenario with the look-ups that the checks need; built once for all teachers.

    Parameters
    ----------
    scenario : Scenario
        Taken to be valid input.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.horizon = scenario.calendar.horizon
        self.modules: Mapping[str, Module] = scenario.module_by_id
        self.funds: Mapping[str, Fund] = {f.id: f for f in scenario.funds}
        self.fund_rank: Mapping[str, int] = {f.id: i for i, f in enumerate(scenario.funds)}
        self.graph = Graph.of(scenario.model)
        self.runs: dict[tuple[str, str], dict[str, Run]] = defaultdict(dict)
        for run in scenario.runs:
            self.runs[run.module, run.mode][run.id] = run
        self.windows: dict[tuple[str, str], list[Window]] = defaultdict(list)
        for window in scenario.windows:
            self.windows[window.module, window.mode].append(window)
        self.replacers: dict[str, list[str]] = defaultdict(list)
        for module in scenario.modules:
            for replaced in module.replaces:
                self.replacers[replaced].append(module.id)

    def stand_ins(self, module: str) -> Sequence[str]:
        """Return the module and those that replace it."""
        return (module, *self.replacers.get(module, ()))

    def decisions_of(self, teacher: Teacher) -> list[Decision]:
        """Return the decisions that bind the teacher."""
        return [d for d in self.scenario.decisions if d.teacher in (teacher.id, "*")]


def recognise_steps(facts: Facts, steps: Sequence[Step]) -> tuple[list[Taken], list[Step]]:
    """Return the steps whose module and mode exist, and those with an unknown module or mode."""
    taken, unknown = [], []
    for step in steps:
        module = facts.modules.get(step.module)
        mode = next((m for m in module.modes if m.id == step.mode), None) if module else None
        if module is None or mode is None:
            unknown.append(step)
        else:
            taken.append(Taken(step, module, mode))
    return taken, unknown


@dataclass(frozen=True)
class Case:
    """One teacher's plan under examination.

    Attributes
    ----------
    taken : list of Taken
        Steps that could be found in the catalogue, in the order of the plan.
    unknown : list of Step
        The others; no check but their own looks at them.
    """

    facts: Facts
    teacher: Teacher
    plan: TeacherPlan
    taken: list[Taken]
    unknown: list[Step]

    @classmethod
    def of(cls, facts: Facts, teacher: Teacher, plan: TeacherPlan) -> Case:
        """Return the case of a plan."""
        taken, unknown = recognise_steps(facts, plan.steps)
        return cls(facts, teacher, plan, taken, unknown)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.facts.scenario

    @cached_property
    def taken_ids(self) -> frozenset[str]:
        """Modules taken."""
        return frozenset(t.module.id for t in self.taken)

    @cached_property
    def completed(self) -> frozenset[str]:
        """Modules, and other things, with a completion record that does not lapse."""
        return self.scenario.completed_by(self.teacher)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Rules of the standard that bind the teacher."""
        return self.scenario.rules_of(self.teacher.id)

    @cached_property
    def substitutes(self) -> Mapping[str, tuple[str, ...]]:
        """What stands for a module for this teacher, by module."""
        return self.scenario.substitutes(self.teacher.id)

    def stand_ins(self, module: str) -> Sequence[str]:
        """Return the module, those that replace it, and what stands for it for this teacher."""
        return (*self.facts.stand_ins(module), *self.substitutes.get(module, ()))

    @cached_property
    def decisions(self) -> list[Decision]:
        """Decisions that bind the teacher."""
        return self.facts.decisions_of(self.teacher)

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """Goals of the profile and the teacher's own."""
        return self.scenario.goals_of(self.teacher)

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What the teacher knows at time 0."""
        return diagnosis_of(self.scenario, self.teacher)

    @cached_property
    def attainment(self) -> Attainment:
        """What the plan forms, and when, as recomputed."""
        return follow(self.facts.graph, self.diagnosis, self.taken, self.completed, self.stand_ins)

    @cached_property
    def load(self) -> Mapping[int, int]:
        """Study hours by period, only for periods with a step."""
        hours: dict[int, int] = defaultdict(int)
        for t in self.taken:
            for period, amount in enumerate(t.mode.load, start=t.start):
                hours[period] += amount
        return hours

    def counts(self, module: str) -> bool:
        """Return whether the module or one that replaces it is taken or completed."""
        return any(m in self.taken_ids or m in self.completed for m in self.stand_ins(module))

    def fault(self, rule: Code | str, module: str, expected: object, found: object) -> Violation:
        """Return a violation that concerns the teacher; ``module`` may be empty."""
        return Violation(str(rule), self.teacher.id, module, str(expected), str(found))
