"""The linear relaxation of hitting all landmarks known, with a bound that is exact.

For any multipliers y >= 0 of the landmarks, the sum of y plus the sum of the negative ones among
the reduced costs ``c - sum of y over the landmarks of a module`` is a lower bound (weak duality),
so the multipliers of the linear solver are only advice.  They are rounded to a grid, and the bound
is worked out in integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ortools.linear_solver import pywraplp
from ortools.linear_solver.linear_solver_pb2 import MPModelProto, MPSolutionResponse

from trajectory_engine.landmarks.rounding import Landmark
from trajectory_engine.reduce.arrays import Bools

GRID = 1 << 16
"""Multipliers are whole multiples of one over this."""
_PARAMETERS = "use_preprocessing: false use_dual_simplex: true"
"""Rows that are added leave the last basis dual feasible, which preprocessing would throw away."""
VIOLATED = 0.999
"""Sum of shares below which a landmark is violated."""
EFFORT_OF_ITERATION = 2e-5
"""Effort, about seconds, of one iteration of the simplex method."""


@dataclass(frozen=True, slots=True)
class Dual:
    """A proven bound, as multiples of one over ``GRID``.

    Attributes
    ----------
    value : int
        Lower bound of the least cost.
    reduced : list of int
        Reduced costs: the bound rises by so much if a module of positive reduced cost is taken,
        or one of negative reduced cost is not.
    """

    value: int
    reduced: list[int]

    @property
    def bound(self) -> int:
        """The bound, rounded up."""
        return -(-self.value // GRID)

    def never(self, most: int) -> list[bool]:
        """Return for every module whether no choice of cost up to ``most`` takes it."""
        return [self.value + r > most * GRID for r in self.reduced]

    def always(self, most: int) -> list[bool]:
        """Return for every module whether each choice of cost up to ``most`` takes it."""
        return [self.value - r > most * GRID for r in self.reduced]


def is_violated(landmark: Landmark, shares: Sequence[float]) -> bool:
    """Return whether shares of modules hit a landmark less than once."""
    return sum(shares[m] for m in landmark) < VIOLATED


class Relaxation:
    """Shares of modules that hit every landmark once in sum, at least cost.

    Parameters
    ----------
    costs : sequence of int
    landmarks : iterable of Landmark, optional
        Those known at the start: in one piece they are taken over sooner than one by one.
    """

    def __init__(self, costs: Sequence[int], landmarks: Iterable[Landmark] = ()) -> None:
        self._costs = costs
        model = MPModelProto()
        for cost in costs:
            model.variable.add(lower_bound=0.0, upper_bound=1.0, objective_coefficient=float(cost))
        known = list(dict.fromkeys(landmarks))
        ones = [1.0] * max(map(len, known), default=0)
        for landmark in known:
            model.constraint.add(
                lower_bound=1.0, var_index=landmark, coefficient=ones[: len(landmark)]
            )
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(_PARAMETERS)
        fault = self._solver.LoadModelFromProto(model)
        if fault:
            raise RuntimeError(f"the linear solver refuses the landmarks: {fault}")
        self._shares = self._solver.variables()
        self._rows = dict.fromkeys(known)
        self._solution = MPSolutionResponse()
        self._is_read = False
        self.effort = 0.0

    @property
    def landmarks(self) -> list[Landmark]:
        """The landmarks known."""
        return list(self._rows)

    def add(self, landmarks: Iterable[Landmark]) -> bool:
        """Add landmarks; return whether one of them was new."""
        before = len(self._rows)
        for landmark in landmarks:
            if landmark not in self._rows:
                self._rows[landmark] = None
                row = self._solver.Constraint(1.0, self._solver.infinity())
                for module in landmark:
                    row.SetCoefficient(self._shares[module], 1.0)
        return len(self._rows) > before

    def solve(self) -> list[float] | None:
        """Return the share of every module, None if the linear solver fails."""
        return self.shares() if self.is_solved() else None

    def is_solved(self) -> bool:
        """Solve; return whether the linear solver did not fail."""
        self._is_read = False
        status = self._solver.Solve()
        self.effort += EFFORT_OF_ITERATION * self._solver.iterations()
        return bool(status == pywraplp.Solver.OPTIMAL)

    def shares(self) -> list[float]:
        """Return the share of every module in the last solution."""
        return list(self._read().variable_value)

    def _read(self) -> MPSolutionResponse:
        """Return the last solution, read as a whole: a tenth of the time that one by one takes."""
        if not self._is_read:
            self._solver.FillSolutionResponseProto(self._solution)
            self._is_read = True
        return self._solution

    def restrict(
        self, modules: Iterable[int], least: Sequence[bool] | Bools, most: Sequence[bool] | Bools
    ) -> None:
        """Have some modules taken from now on if ``least`` says so, and only if ``most`` does."""
        for module, low, high in zip(modules, least, most, strict=True):
            self._shares[module].SetBounds(float(low), float(high))

    def multipliers(self) -> list[float]:
        """Return the multiplier of every landmark in the last solution, as the solver names it."""
        return list(self._read().dual_value)

    def dual(self) -> Dual:
        """Return the bound of the last solution."""
        reduced = [cost * GRID for cost in self._costs]
        value = 0
        for landmark, named in zip(self._rows, self.multipliers(), strict=True):
            multiplier = int(max(0.0, named) * GRID)
            if multiplier:
                value += multiplier
                for module in landmark:
                    reduced[module] -= multiplier
        return Dual(value + sum(r for r in reduced if r < 0), reduced)
