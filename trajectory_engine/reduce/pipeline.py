"""The steps in their order, and the way back to the problem as it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem
from trajectory_engine.reduce import (
    closure,
    executable,
    forced,
    horizon,
    merging,
    modes,
    modules,
    reach,
    reduced_costs,
    rows,
    transitive,
)
from trajectory_engine.reduce.arrays import Arrays
from trajectory_engine.reduce.components import component_labels
from trajectory_engine.reduce.contracts import PLAN, Contract, Preserves
from trajectory_engine.reduce.covering import leading_sum
from trajectory_engine.reduce.report import Outcome, ReductionReport, Size, StepReport

MOST_STARTS = 1_000_000
"""Modes times starts up to which steps are run that help a timetable only."""


def _always(_: Arrays) -> bool:
    return True


def _has_moderate_axis(arrays: Arrays) -> bool:
    """Return whether a timetable may be searched: beyond, only the choice of modules is."""
    return int(arrays.start_counts.sum()) <= MOST_STARTS


def _plain(reduced: Callable[[Arrays], TeacherProblem]) -> Callable[[Arrays, int], Outcome]:
    """Return a step that finds nothing but the smaller problem, and needs no seed."""
    return lambda arrays, _: Outcome(reduced(arrays))


@dataclass(frozen=True, slots=True)
class Step:
    """One reduction.

    Attributes
    ----------
    run : callable
        From a problem and a seed to a smaller problem; module ids and the ranks of modes stay what
        they are.
    preserves : Preserves
    survives_shared : bool
        Whether the promise holds beside limits that other teachers share, as long as those say
        "at most".
    why : str
        Code of the reason for which something goes.
    again : bool
        Whether another run may be worth its time once modules have gone.
    pays : callable
        Whether a problem is one for which the step is worth its time.
    """

    name: str
    run: Callable[[Arrays, int], Outcome]
    preserves: Preserves
    survives_shared: bool
    why: str
    again: bool = True
    pays: Callable[[Arrays], bool] = _always

    def keeps(self, contract: Contract) -> bool:
        """Return whether the step keeps what a caller needs."""
        enough = self.preserves >= contract.preserves
        return enough and (self.survives_shared or not contract.shared)


REACH = Step("reach", _plain(reach.reach), Preserves.ALL_SOLUTIONS, True, "cannot_be_entered")
CLOSURE = Step("closure", _plain(closure.closure), Preserves.ANSWER, True, "nothing_needs_it")
EXECUTABLE = Step(
    "non-executable modes", _plain(executable.executable), Preserves.ALL_SOLUTIONS, True, "no_room"
)
HORIZON = Step(
    "horizon",
    _plain(horizon.horizon),
    Preserves.ALL_SOLUTIONS,
    True,
    "outside_the_window",
    pays=_has_moderate_axis,
)
FORCED = Step("forced modules", _plain(forced.forced), Preserves.ALL_SOLUTIONS, True, "only_way")
MERGING = Step("merging", _plain(merging.merging), Preserves.ALL_SOLUTIONS, True, "always_together")
ROWS = Step(
    "row dominance", _plain(rows.rows), Preserves.ALL_SOLUTIONS, True, "follows_from_others"
)
TRANSITIVE = Step(
    "transitive reduction",
    _plain(transitive.transitive),
    Preserves.ALL_SOLUTIONS,
    True,
    "follows_from_others",
    pays=_has_moderate_axis,
)
MODES = Step(
    "inefficient modes", _plain(modes.modes), Preserves.ANSWER, False, "another_is_as_good"
)
MODULES = Step(
    "module dominance", _plain(modules.modules), Preserves.ANSWER, False, "another_is_as_good"
)
REDUCED_COSTS = Step(
    "reduced costs",
    reduced_costs.reduced_costs,
    Preserves.ANSWER,
    False,
    "only_in_worse_plans",
    again=False,
    pays=reduced_costs.pays,
)

STEPS = (
    REACH,
    CLOSURE,
    EXECUTABLE,
    HORIZON,
    FORCED,
    MERGING,
    ROWS,
    TRANSITIVE,
    MODES,
    REDUCED_COSTS,
    MODULES,
)
"""In this order; as long as modules go, a second time."""
PASSES = 2
WORTH_A_PASS = 50
"""One module of so many must have gone, at least, for the steps to run a second time."""


@dataclass(frozen=True)
class Reduced:
    """A reduced problem and the way back.

    Attributes
    ----------
    problem : TeacherProblem
        Has the same answer, as far as the contract says.
    original : TeacherProblem
    plan : tuple of Choice or None
        A plan of the original problem that a step found.
    """

    problem: TeacherProblem
    original: TeacherProblem
    report: ReductionReport
    plan: tuple[Choice, ...] | None = None

    def back(self, choices: Iterable[Choice]) -> tuple[Choice, ...]:
        """Return choices of the reduced problem in the indices of the original one."""
        return carried_over(self.problem, self.original, choices) or ()

    def forth(self, choices: Iterable[Choice]) -> tuple[Choice, ...] | None:
        """Return choices of the original problem in the reduced one; None if one was left out."""
        return carried_over(self.original, self.problem, choices)


def carried_over(
    source: TeacherProblem, target: TeacherProblem, choices: Iterable[Choice]
) -> tuple[Choice, ...] | None:
    """Return choices in the indices of another problem of the same modules, by id and rank.

    None if the other problem lacks a module, a mode or a start.
    """
    if source is target:
        return tuple(choices)
    position = {module.id: m for m, module in enumerate(target.modules)}
    found = []
    for choice in choices:
        option = source.modules[choice.module]
        m = position.get(option.id)
        ranks = [] if m is None else [k.rank for k in target.modules[m].modes]
        rank = option.modes[choice.mode].rank
        if m is None or rank not in ranks:
            return None
        k = ranks.index(rank)
        if choice.start not in target.modules[m].modes[k].starts:
            return None
        found.append(Choice(m, k, choice.start))
    return tuple(found)


@dataclass
class _Run:
    """A reduction under way."""

    original: TeacherProblem
    problem: TeacherProblem
    seed: int
    arrays: Arrays
    sizes: list[Size]
    reports: list[StepReport] = field(default_factory=list)
    any_best: bool = False
    plan: tuple[Choice, ...] | None = None
    bound: int | None = None
    is_settled: bool = False

    def all(self, steps: Sequence[Step]) -> None:
        """Run all steps; once more if modules went, those after which something has changed.

        None after a plan that is enough.
        """
        seen: dict[str, TeacherProblem] = {}
        for number in range(PASSES):
            before = len(self.problem.modules)
            for step in steps:
                fresh = number == 0 or (step.again and seen.get(step.name) is not self.problem)
                if fresh and step.pays(self.arrays):
                    self.apply(step)
                    seen[step.name] = self.problem
                if self.is_settled:
                    return
            if before - len(self.problem.modules) <= before // WORTH_A_PASS:
                break

    def apply(self, step: Step) -> None:
        """Run one step."""
        began = time.perf_counter()
        before = self.problem
        outcome = step.run(self.arrays, self.seed)
        if outcome.plan is not None:
            self.plan = carried_over(before, self.original, outcome.plan)
            only = len(self.original.objectives) == 1
            self.is_settled = self.any_best and only and outcome.is_best
        if outcome.bound is not None:
            self.bound = outcome.bound
        after = outcome.problem
        if after is not before:
            self.problem, self.arrays = after, self.arrays.after(after)
            self.sizes.append(Size.of(after))
        else:
            self.sizes.append(self.sizes[-1])
        seconds = time.perf_counter() - began
        self.reports.append(
            StepReport(step.name, step.why, self.sizes[-2], self.sizes[-1], seconds)
        )


def reduce_problem(
    problem: TeacherProblem,
    contract: Contract = PLAN,
    *,
    steps: Sequence[Step] = STEPS,
    seed: int = 0,
    any_best: bool = False,
) -> Reduced:
    """Return a smaller problem that keeps what the contract asks for.

    Parameters
    ----------
    contract : Contract
        Steps that break it are left out.
    steps : sequence of Step
        In this order.
    seed : int
        Of the heuristic behind reduced-cost fixing.
    any_best : bool
        Whether any plan that is best in the objectives is enough, whatever its ties: no step is
        run after one that finds such a plan, with its proof.
    """
    began = time.perf_counter()
    run = _Run(problem, problem, seed, Arrays(problem), [Size.of(problem)], any_best=any_best)
    kept = [step for step in steps if step.keeps(contract)]
    if not problem.obstacles:
        run.all(kept)
    leading = leading_sum(problem)
    parts = int(component_labels(run.arrays).max(initial=-1)) + 1
    report = ReductionReport(
        problem.teacher,
        tuple(run.reports),
        run.sizes[0],
        run.sizes[-1],
        time.perf_counter() - began,
        parts,
        run.bound,
        None if run.bound is None or leading is None else leading.name,
    )
    return Reduced(run.problem, problem, report, run.plan)
