"""Choices of modules judged by a schedule, each like the last one but for a few modules.

A choice with little work has long chains, one with short chains has much work, and which of them
ends sooner only a schedule tells: chains leave gaps, and gaps are filled with what may run beside
them.  Simulated annealing (Kirkpatrick, Gelatt and Vecchi, 1983) takes one module out of a choice,
most often of the chain that ends last, lets others form what is then missing, leaves out what has
become needless (:mod:`trajectory_engine.landmarks.walking`), and judges the new choice by a quick
schedule (:mod:`trajectory_engine.landmarks.quick_schedule`).  A choice is only looked for: whether
a plan can be made of it, and how short a one, is for others to say.  What is reached depends on the
seed and on counted steps, never on the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from trajectory_engine.heuristics.compiled import random_state
from trajectory_engine.heuristics.project_arrays import Integers, integers, rows_of
from trajectory_engine.landmarks.foundation import System, system_of
from trajectory_engine.landmarks.network import Network, State, no_state
from trajectory_engine.landmarks.packing import room_of
from trajectory_engine.landmarks.quick_schedule import judge
from trajectory_engine.landmarks.walking import walk
from trajectory_engine.problem.teacher_problem import ModeOption, TeacherProblem
from trajectory_engine.reduce.arrays import Arrays

HEAT = (0.5, 0.1)
"""Periods by which choices of a run may be worse at first, and at last."""
SLICE = 500_000
"""Steps between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A choice that reaches everything, by a quick schedule.

    Attributes
    ----------
    modules : tuple of int
        Those that can be entered; a choice may have named more.
    starts : mapping
        Period by module, each in its mode of least work.
    worth : float
        What is minimised.
    """

    modules: tuple[int, ...]
    starts: Mapping[int, int]
    worth: float


class Annealing:
    """Looks for choices of which a short schedule can be made.

    Parameters
    ----------
    problem : TeacherProblem
    seed : int
    """

    def __init__(self, problem: TeacherProblem, seed: int) -> None:
        self._modules = len(problem.modules)
        self._network = _network_of(problem)
        self._steps = np.zeros(1, dtype=np.int64)
        self._random = random_state(seed)

    @property
    def steps(self) -> int:
        """Operators started so far, on a calendar or without one: the effort."""
        return int(self._steps[0])

    def run(self, chosen: Iterable[int], steps: int, stopped: Callable[[], bool]) -> Judged | None:
        """Return the best choice met on a walk from one that reaches everything; None if none is.

        Parameters
        ----------
        chosen : iterable of int
            Modules.
        steps : int
            Effort of the walk; without any the choice itself is judged.
        stopped : callable
            Whether to end now.
        """
        begun = self.steps
        state, best = self._state(chosen), self._state(chosen)
        while self.steps < begun + steps and np.isfinite(state.worth[0]) and not stopped():
            goal = min(begun + steps, self.steps + SLICE)
            walk(self._network, state, best, self._steps, goal, begun, steps, HEAT, self._random)
        return self._judged(best)

    def _state(self, chosen: Iterable[int]) -> State:
        """Return a choice of modules, and of all that happens for nothing, with its schedule."""
        state = no_state(len(self._network.duration))
        state.taken[self._modules :] = True
        state.taken[list(chosen)] = True
        judge(self._network, state, self._steps)
        return state

    def _judged(self, state: State) -> Judged | None:
        if not np.isfinite(state.worth[0]):
            return None
        modules = np.flatnonzero(state.taken[: self._modules]).tolist()
        starts = {m: int(state.starts[m]) for m in modules}
        return Judged(tuple(modules), starts, float(state.worth[0]))


def prepare() -> None:
    """Compile what a walk calls, or load it."""
    none, no = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    rows = np.zeros(1, dtype=np.int64)
    nothing = Network(
        forms_at=rows,
        forms=none,
        awaits_at=rows,
        awaits=none,
        suppliers_at=rows,
        suppliers=none,
        alone_at=rows,
        alone=none,
        summed_at=rows,
        summed=none,
        weights=none,
        least=none,
        owner=none,
        open=none,
        required=no,
        duration=none,
        work=np.zeros(0),
        load_at=rows,
        load=none,
        allowed=no.reshape(0, 0),
        room=none,
    )
    state, steps = no_state(0), np.zeros(1, dtype=np.int64)
    judge(nothing, state, steps)
    walk(nothing, state, no_state(0), steps, 0, 0, 1, HEAT, random_state(0))


def _network_of(problem: TeacherProblem) -> Network:
    """Return who forms what, and who waits for what, each module in its mode of least room."""
    system = system_of(Arrays(problem))
    whole = max((1, *problem.capacity))

    def smallness(mode: ModeOption) -> tuple[int, int]:
        return room_of(mode, whole), mode.duration

    modes = [min(module.modes, key=smallness) for module in problem.modules]
    free = len(system.operators) - len(modes)
    allowed = np.zeros((len(modes), len(problem.capacity) + 1), dtype=np.bool_)
    for m, mode in enumerate(modes):
        allowed[m, list(mode.starts)] = True
    load_at, load = rows_of([mode.load for mode in modes])
    waits = _waits_of(system)
    forms_at, forms = rows_of([op.forms for op in system.operators])
    awaits_at, awaits = rows_of([op.awaits() for op in system.operators])
    return Network(
        forms_at=forms_at,
        forms=forms,
        awaits_at=awaits_at,
        awaits=awaits,
        **waits,
        required=system.certain.astype(np.bool_),
        duration=integers([*(mode.duration for mode in modes), *[0] * free]),
        work=np.array([*(room_of(mode, whole) / whole for mode in modes), *[0.0] * free]),
        load_at=load_at,
        load=load,
        allowed=allowed,
        room=integers(problem.capacity),
    )


def _waits_of(system: System) -> dict[str, Integers]:
    """Return what the facts are to the operators, as the network has it."""
    facts = len(system.certain)
    suppliers: list[list[int]] = [[] for _ in range(facts)]
    alone: list[list[int]] = [[] for _ in range(facts)]
    summed: list[list[int]] = [[] for _ in range(facts)]
    weights: list[list[int]] = [[] for _ in range(facts)]
    still_open: list[int] = []
    least: list[int] = []
    owner: list[int] = []
    for o, operator in enumerate(system.operators):
        needs = dict.fromkeys(operator.needs)
        still_open.append(len(needs) + len(operator.wants))
        for fact in operator.forms:
            suppliers[fact].append(o)
        for fact in needs:
            alone[fact].append(o)
        for most, members in operator.wants:
            for fact, weight in members:
                summed[fact].append(len(least))
                weights[fact].append(weight)
            least.append(most)
            owner.append(o)
    suppliers_at, all_suppliers = rows_of(suppliers)
    alone_at, all_alone = rows_of(alone)
    summed_at, all_summed = rows_of(summed)
    return {
        "suppliers_at": suppliers_at,
        "suppliers": all_suppliers,
        "alone_at": alone_at,
        "alone": all_alone,
        "summed_at": summed_at,
        "summed": all_summed,
        "weights": rows_of(weights)[1],
        "least": integers(least),
        "owner": integers(owner),
        "open": integers(still_open),
    }
