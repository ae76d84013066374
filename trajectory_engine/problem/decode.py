"""From choices back to a plan in the planner's own ids, with payments and reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.people import Goal
from trajectory_engine.domain.plan import Step
from trajectory_engine.domain.tasks import PedagogicalTask
from trajectory_engine.problem.evaluate import attain, rules_broken
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.money import YearAxis
from trajectory_engine.problem.options import NO_PINS, open_run
from trajectory_engine.problem.reasons import reasons_of
from trajectory_engine.problem.split import split_payments
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem


@dataclass(frozen=True, slots=True)
class Taking:
    """A choice with its domain objects."""

    index: int
    module: Module
    mode: Mode
    start: int

    @property
    def end(self) -> int:
        """End period."""
        return self.start + self.mode.duration


class Decoded:
    """A plan's content, worked out over all nodes of the model.

    Attributes
    ----------
    takings : list of Taking
        Ordered by start, end, module id; those of duration 0 in one instant in an order in which
        each one's entry holds.
    formed_at : dict
        Period by node, for nodes newly formed.
    cause : dict
        Position in ``takings`` by node, None where f formed the node.
    """

    def __init__(
        self, facts: TeacherFacts, problem: TeacherProblem, choices: Sequence[Choice]
    ) -> None:
        self.facts = facts
        self.index = facts.index
        modules = self.index.scenario.modules
        takings = []
        for choice in choices:
            option = problem.modules[choice.module]
            position = self.index.module_index[option.id]
            module = modules[position]
            mode = module.modes[option.modes[choice.mode].rank]
            takings.append(Taking(position, module, mode, choice.start))
        order = _order_of_events(problem, choices)
        self.takings = sorted(
            takings, key=lambda t: (t.start, t.end, order.get(t.module.id, 0), t.module.id)
        )
        self.formed_at: dict[int, int] = {}
        self.cause: dict[int, int | None] = {}
        self._simulate()

    def _simulate(self) -> None:
        known, by_rule = self.facts.knowledge.known, self.facts.knowledge.by_rule
        ends = sorted(range(len(self.takings)), key=lambda i: (self.takings[i].end, i))
        fresh: list[int] = []
        for position, i in enumerate(ends):
            taking = self.takings[i]
            new = [
                n
                for n in self.index.attained[taking.index]
                if not known[n] and n not in self.formed_at
            ]
            for node in new:
                self.formed_at[node], self.cause[node] = taking.end, i
            last = position + 1 == len(ends) or self.takings[ends[position + 1]].end > taking.end
            fresh += new
            if last:
                self._apply_rule(taking.end, fresh, known, by_rule)
                fresh = []

    def _apply_rule(
        self, period: int, fresh: list[int], known: list[bool], by_rule: list[bool]
    ) -> None:
        """Form derived nodes whose needs are met, from what was formed in this period."""
        while fresh:
            node = fresh.pop()
            for dependent in self.index.graph.dependents[node].tolist():
                if known[dependent] or dependent in self.formed_at or not by_rule[dependent]:
                    continue
                if all(known[n] or n in self.formed_at for n in self.index.rule_needs(dependent)):
                    self.formed_at[dependent], self.cause[dependent] = period, None
                    fresh.append(dependent)

    def is_formed(self, node: int) -> bool:
        """Return whether a node is formed at the end of the plan."""
        return self.facts.knowledge.known[node] or node in self.formed_at

    @cached_property
    def attained_by(self) -> Mapping[int, list[int]]:
        """Nodes newly formed by every taking, rising."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for node in sorted(self.formed_at):
            cause = self.cause[node]
            if cause is not None:
                found[cause].append(node)
        return found

    def formed_by_rule(self) -> tuple[tuple[str, int], ...]:
        """Return the nodes that f newly forms, with their periods, in the order of time."""
        nodes = [n for n, cause in self.cause.items() if cause is None]
        nodes.sort(key=lambda n: (self.formed_at[n], n))
        return tuple((str(self.index.node_ref(n)), self.formed_at[n]) for n in nodes)

    def task_solvable(self, task: PedagogicalTask) -> bool:
        """Return whether a task is solvable at the end of the plan."""
        return task.solved_by(lambda n: self.is_formed(self.index.graph.index(n))) is not None

    def goal_met(self, goal: Goal) -> bool:
        """Return whether a goal is met, decisions on paths considered."""
        wanted = next((w for w in self.facts.wanted if w.goal == _goal_name(goal)), None)
        if wanted is None:
            return True
        return any(all(map(self.is_formed, way)) for way in wanted.ways)

    def unmet(self) -> tuple[str, ...]:
        """Return the soft goals that are not met, in the order of the goals."""
        goals = self.index.scenario.goals_of(self.facts.teacher)
        return tuple(str(g) for g in goals if not g.hard and not self.goal_met(g))

    def broken_rules(self, problem: TeacherProblem, choices: Sequence[Choice]) -> tuple[str, ...]:
        """Return the soft rules that the plan breaks, in the order of the standard."""
        if not self.facts.rules.soft:
            return ()
        state = attain(problem, choices)
        if state is None:
            raise ValueError("a plan respects the order of attainment")
        broken = {rule.id for rule in problem.lost_rules}
        broken |= {problem.soft_rules[i].id for i in rules_broken(problem, choices, state)}
        return tuple(rule.id for rule in self.facts.rules.soft if rule.id in broken)

    def tasks_solvable(self) -> tuple[str, ...]:
        """Return the tasks that are solvable at the end of the plan, in the model's order."""
        return tuple(t.id for t in self.index.scenario.model.tasks if self.task_solvable(t))

    def steps(self) -> tuple[Step, ...]:
        """Return the steps with dates, payments, attained nodes and reasons."""
        payments = self._payments()
        reasons = reasons_of(self)
        return tuple(
            self._step(i, taking, payments[i], reasons[i]) for i, taking in enumerate(self.takings)
        )

    def _payments(self) -> list[tuple[tuple[str, int], ...]]:
        """Return who pays what for every step, the sources in listed order."""
        axis = YearAxis.of(self.index.scenario)
        bought = [(t.module, t.mode, axis.index_of(t.start)) for t in self.takings]
        payments = split_payments(self.facts.sources, bought)
        if payments is None:
            raise ArithmeticError("a plan was chosen that cannot be paid")
        rank = {f.id: i for i, f in enumerate(self.index.scenario.funds)}
        return [tuple(sorted(paid, key=lambda p: rank[p[0]])) for paid in payments]

    def _step(
        self, i: int, taking: Taking, paid: tuple[tuple[str, int], ...], because: tuple[str, ...]
    ) -> Step:
        calendar = self.index.scenario.calendar
        return Step(
            module=taking.module.id,
            mode=taking.mode.id,
            run=self._run(taking),
            start=taking.start,
            end=taking.end,
            start_date=calendar.first_date(taking.start, taking.end),
            end_date=calendar.end_date(taking.end),
            hours=taking.mode.hours,
            credits=taking.mode.credits,
            cost=taking.mode.price,
            paid_by=paid,
            attains=tuple(str(self.index.node_ref(n)) for n in self.attained_by.get(i, ())),
            because=because,
        )

    def _run(self, taking: Taking) -> str | None:
        pinned = self.facts.pins.get(taking.module.id, NO_PINS).run
        runs = self.index.runs.get((taking.module.id, taking.mode.id), ())
        for run in runs:
            open_to = open_run(run, self.facts.alone) and pinned in (None, run.id)
            if run.start == taking.start and open_to:
                return run.id
        return None


def _order_of_events(problem: TeacherProblem, choices: Sequence[Choice]) -> dict[str, int]:
    """Return the order of the steps of duration 0, by module; nothing where none share an instant.

    Of two in one instant, one can need what the other forms.
    """
    instants = [c for c in choices if not problem.modules[c.module].modes[c.mode].duration]
    if len({c.start for c in instants}) == len(instants):
        return {}
    state = attain(problem, choices)
    if state is None:
        return {}
    return {problem.modules[c.module].id: state.rank_of_module(c.module) for c in instants}


def _goal_name(goal: Goal) -> str:
    return f"goal:{goal.node}" if goal.node is not None else f"task:{goal.task}"
