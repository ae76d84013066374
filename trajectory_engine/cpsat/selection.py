"""Selection first: which modules, the calendar left aside, with bounds that hold for it too.

The model asks for the modules alone.  It is a relaxation of the whole problem: completion is
bounded by earliest ends and by energy (study hours taken must fit the hours available before
completion), peak load by the largest load and by the average.  Choices that justify each other
in a circle are cut off as they appear, with loop formulas (Lin and Zhao, 2004): a set of classes
can only be formed if something outside the set supports one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.choice import ChoiceVariables
from trajectory_engine.cpsat.session import Profile, Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.graph.circles import circles
from trajectory_engine.problem.evaluate import entered_by
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.landmarks import founders
from trajectory_engine.problem.teacher_problem import Group, TeacherProblem

Waiting = tuple[str, int]
"""A class or a module, by kind and index."""

LARGEST_HINT = 1 << 61
"""Largest sum that the solver adds up in 64 bits, with room for what presolve adds to it."""
WINDOWS = 6
"""Energy is also bounded over this many windows that begin at later heads."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Answer of the selection model.

    Attributes
    ----------
    infeasible : bool
        No choice of modules works, whatever the calendar.
    bound : int or None
        Proven lower bound of the objective.
    modes : mapping or None
        Mode by module of the best choice found that is free of circles.
    values : sequence of int
        Of that choice, by index of the model's variables.
    value : int
        Of the objective there.
    """

    infeasible: bool
    bound: int | None
    modes: Mapping[int, int] | None
    values: Sequence[int] = ()
    value: int = 0


class SelectionModel:
    """The selection of one teacher's problem; limits and loop cuts stay for later calls.

    Attributes
    ----------
    model : CpModel
    choice : ChoiceVariables
    beyond : list of BoolVar
        ``beyond[p]``: something ends after period p.
    rounds : int
        Calls of the solver so far.
    cuts : int
        Loop formulas added so far.
    """

    def __init__(self, problem: TeacherProblem, heads: Heads) -> None:
        self.problem = problem
        self.rounds = 0
        self.cuts = 0
        self._heads = heads
        self._founders = founders(problem)
        self.model = cp_model.CpModel()
        self.choice = ChoiceVariables(self.model, problem)
        self._infeasible = False
        self._hint: dict[int, int] = {}
        self._add_foundations()
        self.beyond = self._add_completion()
        self._peak = self._add_peak()
        self._shortfalls: dict[ObjectiveName, cp_model.LinearExprT] = {}

    def _add_foundations(self) -> None:
        model, choice = self.model, self.choice
        for c, node_class in enumerate(self.problem.classes):
            literal = choice.by_rule.get(c)
            if literal is None or node_class.providers:
                support = [choice.taken[m] for m in self._founders[c]]
                if literal is not None:
                    support.append(literal)
                model.add_bool_or([choice.formed[c].negated(), *support])
        for m, module in enumerate(self.problem.modules):
            for group in module.entry:
                self._require(choice.taken[m], group)
            for alternatives in module.entry_modules:
                model.add_bool_or(
                    [choice.taken[m].negated(), *(choice.taken[a] for a in alternatives)]
                )

    def _require(self, taken: cp_model.IntVar, group: Group) -> None:
        formed = self.choice.formed
        if group.needs_all:
            for c, _ in group.members:
                self.model.add_implication(taken, formed[c])
        else:
            total = cp_model.LinearExpr.weighted_sum(
                [formed[c] for c, _ in group.members], [w for _, w in group.members]
            )
            self.model.add(total >= group.least * taken)

    def _add_completion(self) -> list[cp_model.IntVar]:
        """Add literals "completion > p" with heads and energy; return them."""
        model, problem = self.model, self.problem
        beyond = [model.new_bool_var("") for _ in range(problem.deadline)]
        for later, earlier in zip(beyond[1:], beyond, strict=False):
            model.add_implication(later, earlier)
        energy: list[tuple[int, cp_model.IntVar, int]] = []
        for m, module in enumerate(problem.modules):
            for k, mode in enumerate(module.modes):
                literal = self.choice.mode[m][k]
                head = self._heads.first_start(problem, m, k)
                if head is None:
                    model.add(literal == 0)
                    continue
                if head + mode.duration:
                    model.add_implication(literal, beyond[head + mode.duration - 1])
                if mode.hours:
                    energy.append((head, literal, mode.hours))
        heads = sorted({head for head, _, _ in energy})
        step = max(1, len(heads) // WINDOWS)
        for head in heads[::step]:
            inside = [(x, hours) for h, x, hours in energy if h >= head]
            used = cp_model.LinearExpr.weighted_sum([x for x, _ in inside], [h for _, h in inside])
            room = cp_model.LinearExpr.weighted_sum(beyond[head:], list(problem.capacity[head:]))
            model.add(used <= room)
        return beyond

    def _add_peak(self) -> cp_model.IntVar:
        model, problem = self.model, self.problem
        peak = model.new_int_var(0, max(problem.capacity, default=0), "")
        usable = sum(c > 0 for c in problem.capacity)
        literals, hours = [], []
        for m, module in enumerate(problem.modules):
            for k, mode in enumerate(module.modes):
                if mode.hours:
                    literal = self.choice.mode[m][k]
                    model.add(peak >= max(mode.load) * literal)
                    literals.append(literal)
                    hours.append(mode.hours)
        model.add(cp_model.LinearExpr.weighted_sum(literals, hours) <= usable * peak)
        return peak

    def expression(self, name: ObjectiveName | None) -> cp_model.LinearExprT:
        """Return a lower bound of an objective as an expression; None is the module count."""
        if name is None:
            return self.choice.count()
        if name is ObjectiveName.COMPLETION:
            return cp_model.LinearExpr.sum(self.beyond)
        if name is ObjectiveName.PEAK_LOAD:
            return self._peak
        if name in self.problem.shortfalls:
            return self._money(name)
        return self.choice.weighted(name)

    def _money(self, name: ObjectiveName) -> cp_model.LinearExprT:
        """Return an objective of money, each payment in the year that is best for it."""
        if name not in self._shortfalls:
            most = sum(max((k.price for k in m.modes), default=0) for m in self.problem.modules)
            values, weights = [], []
            for shortfall in self.problem.shortfalls[name]:
                value = self.model.new_int_var(0, most, "")
                for cut in shortfall.cuts:
                    total = self.choice.timeless(cut, largest=False)
                    self.model.add(total - (cut.most or 0) <= value)
                values.append(value)
                weights.append(shortfall.weight)
            self._shortfalls[name] = cp_model.LinearExpr.weighted_sum(values, weights)
        return self._shortfalls[name]

    def hit(self, landmarks: Iterable[Sequence[int]]) -> None:
        """Demand a module of each of some sets of which every plan takes one."""
        for landmark in landmarks:
            self.model.add_bool_or([self.choice.taken[m] for m in landmark])

    def limit(self, name: ObjectiveName | None, most: int) -> None:
        """Keep an objective at most at ``most`` in later calls."""
        self.model.add(self.expression(name) <= most)

    def minimise(self, name: ObjectiveName | None, session: Session, effort: float) -> Selection:
        """Minimise an objective over choices that are free of circles.

        The bound of every round holds, since each round is a relaxation of the next.
        """
        return self.minimise_expression(self.expression(name), session, effort)

    def guide(
        self, name: ObjectiveName, session: Session, effort: float
    ) -> Mapping[int, int] | None:
        """Return a choice that is good in an objective and, among such, may end early.

        Only a hint where to look for a plan: the two are added up, with a weight that keeps
        their order, and nothing is proven.  None also where their sum may be too large.
        """
        ends = self.expression(ObjectiveName.COMPLETION)
        weight = self.problem.deadline + 1
        if weight * self._largest(name) > LARGEST_HINT:
            return None
        both = cp_model.LinearExpr.weighted_sum([self.expression(name), ends], [weight, 1])
        return self.minimise_expression(both, session, effort).modes

    def _largest(self, name: ObjectiveName) -> int:
        """Return what an objective is at most, or more."""
        problem = self.problem
        if name in (ObjectiveName.UNMET_GOALS, ObjectiveName.SOFT_RULES):
            goals = sum(goal.weight for goal in problem.soft_goals)
            rules = sum(rule.weight for rule in problem.soft_rules)
            return problem.base_unmet + goals + problem.base_broken + rules
        shortfalls = problem.shortfalls.get(name, ())
        factor = max(1, sum(shortfall.weight for shortfall in shortfalls))
        return factor * sum(
            max((max(mode.hours, mode.price) for mode in module.modes), default=0)
            for module in problem.modules
        )

    def minimise_expression(
        self, expression: cp_model.LinearExprT, session: Session, effort: float
    ) -> Selection:
        """Minimise an expression over the model's variables, as :meth:`minimise` does."""
        bound: int | None = None
        until = session.spent + effort
        while not self._infeasible:
            self.model.clear_hints()  # type: ignore[no-untyped-call]
            for index, value in self._hint.items():
                self.model.add_hint(self.model.get_bool_var_from_proto_index(index), value)
            self.model.minimize(expression)
            left = until - session.spent
            outcome = session.solve(self.model, Profile.SELECTION, effort=left, known_bound=bound)
            self.rounds += 1
            if outcome.infeasible:
                self._infeasible = True
                break
            if outcome.bound is not None:
                bound = outcome.bound if bound is None else max(bound, outcome.bound)
            if outcome.solution is None:
                return Selection(False, bound, None)
            solution = outcome.solution
            self._hint = {x.index: solution[x.index] for x in self.choice.taken}
            modes = {
                m: k
                for m, options in enumerate(self.choice.mode)
                for k, x in enumerate(options)
                if solution[x.index]
            }
            unfounded, stuck = self._unfounded(modes, solution)
            if not unfounded and not stuck:
                return Selection(False, bound, modes, solution, outcome.value or 0)
            self._cut(unfounded, stuck)
            if session.stopped or session.spent >= until:
                return Selection(False, bound, None)
        return Selection(True, None, None)

    def _unfounded(
        self, modes: Mapping[int, int], solution: list[int]
    ) -> tuple[set[int], set[int]]:
        """Return the classes and the chosen modules that wait for each other in every order."""
        problem = self.problem
        formed, entered = entered_by(problem, modes)
        claimed = {c for c, x in enumerate(self.choice.formed) if solution[x.index]}
        stuck = set(modes.keys() - entered)
        waiting = {c for m in stuck for c in problem.modules[m].attains}
        return (claimed | waiting) - formed, stuck

    def _cut(self, unfounded: set[int], stuck: set[int]) -> None:
        """Add the loop formula of every circle among what waits for each other.

        Most of what is unfounded only lies downstream of a circle; one formula for all of it
        would say little.
        """
        for circle in circles(self._waits(unfounded, stuck)):
            classes = {item for kind, item in circle if kind == "class"}
            modules = {item for kind, item in circle if kind == "module"}
            self._add_loop_formula(classes, modules)

    def _waits(self, unfounded: set[int], stuck: set[int]) -> Iterator[tuple[Waiting, Waiting]]:
        """Yield what waits for what, among unfounded classes and stuck modules."""
        for m in sorted(stuck):
            module = self.problem.modules[m]
            needs = {c for group in module.entry for c, _ in group.members} & unfounded
            before = {a for alternatives in module.entry_modules for a in alternatives} & stuck
            for c in sorted(needs):
                yield ("module", m), ("class", c)
            for a in sorted(before):
                yield ("module", m), ("module", a)
            for c in sorted(unfounded.intersection(module.attains)):
                yield ("class", c), ("module", m)
        for c in sorted(unfounded):
            for need in sorted(unfounded.intersection(self.problem.classes[c].rule_needs or ())):
                yield ("class", c), ("class", need)

    def _add_loop_formula(self, unfounded: set[int], stuck: set[int]) -> None:
        """Demand that something outside a set of classes and modules supports it."""
        model, problem, choice = self.model, self.problem, self.choice
        support: list[cp_model.IntVar] = []
        for m in sorted({p for c in unfounded for p in self._founders[c]} | stuck):
            literal = self._external(m, unfounded, stuck)
            if literal is not None:
                support.append(literal)
        for c in sorted(unfounded):
            needs = problem.classes[c].rule_needs
            if needs is not None and unfounded.isdisjoint(needs):
                support.append(choice.by_rule[c])
        for c in sorted(unfounded):
            model.add_bool_or([choice.formed[c].negated(), *support])
        for m in sorted(stuck):
            model.add_bool_or([choice.taken[m].negated(), *support])
        self.cuts += 1

    def _external(self, m: int, unfounded: set[int], stuck: set[int]) -> cp_model.IntVar | None:
        """Return a literal: the module is taken and its entry holds without the loop.

        None where its entry cannot hold without the loop.
        """
        module = self.problem.modules[m]
        outside_groups: list[Group] = []
        for group in module.entry:
            outside = tuple((c, w) for c, w in group.members if c not in unfounded)
            if sum(w for _, w in outside) < group.least:
                return None
            if len(outside) < len(group.members):
                outside_groups.append(Group(group.least, outside))
        waits = [tuple(a for a in ms if a not in stuck) for ms in module.entry_modules]
        if not all(waits):
            return None
        taken = self.choice.taken[m]
        changed = [w for w, ms in zip(waits, module.entry_modules, strict=True) if len(w) < len(ms)]
        if not outside_groups and not changed:
            return taken
        literal = self.model.new_bool_var("")
        self.model.add_implication(literal, taken)
        for group in outside_groups:
            self._require(literal, group)
        for alternatives in changed:
            self.model.add_bool_or(
                [literal.negated(), *(self.choice.taken[a] for a in alternatives)]
            )
        return literal
