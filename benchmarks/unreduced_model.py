"""The choice of modules for least hours as one plain CP-SAT model of everything.

Every node and every module is a variable: nothing is closed, merged, fixed, or left out. Only what
makes the answer right is added: modules that justify each other in a circle are forbidden when
they occur (loop formulas after Lin and Zhao, 2004), since order variables for all would be slower.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from selection_arrays import Bools, Needs, SelectionArrays


@dataclass(frozen=True, slots=True)
class Unreduced:
    """What the unreduced model found.

    Attributes
    ----------
    hours, bound : int or None
        Equal if the optimum is proven.
    first_was_circular : bool
        Whether the first choice of least hours held modules that wait for each other.
    rounds, cuts : int
    seconds : float
        Building and solving, from the arrays on.
    """

    hours: int | None
    bound: int | None
    first_was_circular: bool
    rounds: int
    cuts: int
    seconds: float


PARAMETERS: dict[str, dict[str, int]] = {
    "portfolio": {"num_workers": 2},
    "linear": {"num_workers": 1, "linearization_level": 2},
}


def solve_unreduced(arrays: SelectionArrays, parameters: str, limit: float) -> Unreduced:
    """Minimise the hours over everything until the choice stands on what is known."""
    began = time.perf_counter()
    model = _Model(arrays)
    circular, cuts, rounds, bound = False, 0, 0, None
    while True:
        rounds += 1
        left = limit - (time.perf_counter() - began)
        found = model.solve(PARAMETERS[parameters], max(0.01, left))
        if found is None:
            return Unreduced(None, bound, circular, rounds, cuts, limit)
        hours, bound, taken, claimed = found
        formed = arrays.formed(taken)
        if arrays.met(formed):
            seconds = time.perf_counter() - began
            return Unreduced(hours, bound, circular, rounds, cuts, seconds)
        circular = True
        cuts += model.forbid(taken, claimed & ~formed, formed)


class _Model:
    """Variables and constraints; loop formulas are added later."""

    def __init__(self, arrays: SelectionArrays) -> None:
        self.arrays = arrays
        self.model = cp_model.CpModel()
        self.nodes = [self.model.new_bool_var("") for _ in range(len(arrays.known))]
        self.modules = [self.model.new_bool_var("") for _ in arrays.hours]
        self._entry_of = arrays.entry.by_owner(len(arrays.hours))
        self._add_nodes()
        self._add_needs(arrays.rules, self.nodes)
        self._add_needs(arrays.entry, self.modules)
        self._add_goals()
        self.model.minimize(cp_model.LinearExpr.weighted_sum(self.modules, arrays.hours))

    def _add_nodes(self) -> None:
        known, derived = self.arrays.known.tolist(), self.arrays.derived.tolist()
        for n, node in enumerate(self.nodes):
            if known[n]:
                self.model.add(node == 1)
            elif not derived[n]:
                taken = [self.modules[m] for m in self.arrays.providers[n]]
                self.model.add_bool_or([~node, *taken])

    def _add_needs(self, needs: Needs, owners: list[Any]) -> None:
        known = self.arrays.known
        least, owner_of = needs.least.tolist(), needs.owner.tolist()
        for i, owner in enumerate(owner_of):
            if owners is self.nodes and known[owner]:
                continue
            members = [self.nodes[n] for n in needs.members_of(i)]
            if least[i] == 1:
                self.model.add_bool_or([~owners[owner], *members])
            else:
                self.model.add(sum(members) >= least[i] * owners[owner])

    def _add_goals(self) -> None:
        for ways in self.arrays.goals:
            chosen = [self.model.new_bool_var("") for _ in ways]
            self.model.add_bool_or(chosen)
            for way, literal in zip(ways, chosen, strict=True):
                for n in way:
                    self.model.add_implication(literal, self.nodes[n])

    def solve(
        self, parameters: dict[str, int], limit: float
    ) -> tuple[int, int, Bools, Bools] | None:
        """Return hours, bound, taken modules and claimed nodes, None if nothing is proven."""
        solver = cp_model.CpSolver()
        for name, value in parameters.items():
            setattr(solver.parameters, name, value)
        solver.parameters.max_time_in_seconds = limit
        if solver.solve(self.model) != cp_model.OPTIMAL:
            return None
        values = np.array(solver.response_proto.solution, dtype=np.bool_)
        nodes = values[: len(self.nodes)]
        taken = values[len(self.nodes) : len(self.nodes) + len(self.modules)]
        hours = round(solver.objective_value)
        return hours, round(solver.best_objective_bound), taken, nodes

    def forbid(self, taken: Bools, unfounded: Bools, formed: Bools) -> int:
        """Add a loop formula for every circle that nothing outside of it supports."""
        count = 0
        for circle in self._circles(taken, unfounded, formed):
            inside = np.zeros(len(self.nodes), dtype=np.bool_)
            inside[circle] = True
            can = np.ones(len(self.modules), dtype=np.bool_)
            can[self.arrays.entry.owner[~self.arrays.entry.met(~inside)]] = False
            teaching = {m for n in circle for m in self.arrays.providers[n]}
            support = [self.modules[m] for m in sorted(teaching) if can[m]]
            for n in circle:
                self.model.add_bool_or([~self.nodes[n], *support])
            count += 1
        return count

    def _circles(self, taken: Bools, unfounded: Bools, formed: Bools) -> list[list[int]]:
        """Return the parts of what is claimed without ground that wait for nothing else.

        A node waits for the taken modules that attain it, they for unfounded nodes; a derived node
        waits for those of its rule.
        """
        size = len(self.nodes)
        heads, tails = [], []
        for need in np.flatnonzero(~self.arrays.entry.met(formed)).tolist():
            module = int(self.arrays.entry.owner[need])
            if taken[module]:
                for n in self.arrays.entry.members_of(need):
                    if unfounded[n]:
                        heads.append(size + module)
                        tails.append(n)
        for need in np.flatnonzero(~self.arrays.rules.met(formed)).tolist():
            node = int(self.arrays.rules.owner[need])
            if unfounded[node]:
                for n in self.arrays.rules.members_of(need):
                    if unfounded[n]:
                        heads.append(node)
                        tails.append(n)
        for n in np.flatnonzero(unfounded).tolist():
            for m in self.arrays.providers[n]:
                if taken[m]:
                    heads.append(n)
                    tails.append(size + m)
        return self._closed_parts(np.array(heads), np.array(tails), unfounded)

    def _closed_parts(self, heads: Any, tails: Any, unfounded: Bools) -> list[list[int]]:
        size = len(self.nodes) + len(self.modules)
        graph = csr_array((np.ones(len(heads)), (heads, tails)), shape=(size, size))
        parts, label = connected_components(graph, directed=True, connection="strong")
        leaves = np.ones(parts, dtype=np.bool_)
        leaves[label[heads[label[heads] != label[tails]]]] = False
        members: dict[int, list[int]] = {}
        for n in np.flatnonzero(unfounded).tolist():
            if leaves[label[n]]:
                members.setdefault(int(label[n]), []).append(n)
        return list(members.values())


def relaxed_hours(arrays: SelectionArrays) -> float:
    """Return the hours of the linear relaxation of the unreduced model, without loop formulas."""
    model = mathopt.Model()
    nodes = [
        model.add_variable(lb=1.0 if known else 0.0, ub=1.0) for known in arrays.known.tolist()
    ]
    modules = [model.add_variable(lb=0.0, ub=1.0) for _ in arrays.hours]
    for n, node in enumerate(nodes):
        if not arrays.known[n] and not arrays.derived[n]:
            taken = mathopt.fast_sum(modules[m] for m in arrays.providers[n])
            model.add_linear_constraint(node <= taken)
    for needs, owners in ((arrays.rules, nodes), (arrays.entry, modules)):
        least, owner_of = needs.least.tolist(), needs.owner.tolist()
        for i, owner in enumerate(owner_of):
            if owners is nodes and arrays.known[owner]:
                continue
            members = mathopt.fast_sum(nodes[n] for n in needs.members_of(i))
            model.add_linear_constraint(members >= least[i] * owners[owner])
    for ways in arrays.goals:
        chosen = [model.add_variable(lb=0.0, ub=1.0) for _ in ways]
        model.add_linear_constraint(mathopt.fast_sum(chosen) >= 1)
        for way, literal in zip(ways, chosen, strict=True):
            for n in way:
                model.add_linear_constraint(literal <= nodes[n])
    model.minimize(mathopt.fast_sum(h * m for h, m in zip(arrays.hours, modules, strict=True)))
    result = mathopt.solve(model, mathopt.SolverType.GLOP)
    return result.objective_value()
