"""Structural reasons for a conflict, with figures, from the graph or the modules alone."""

from __future__ import annotations

from collections.abc import Iterator

from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.explain.conflicts import Conflicts
from trajectory_engine.explain.families.money import shown
from trajectory_engine.explain.families.time import when
from trajectory_engine.problem.chains import chain_to, holes
from trajectory_engine.problem.compile import compile_problem
from trajectory_engine.problem.facts import TeacherFacts
from trajectory_engine.problem.heads import compute_heads
from trajectory_engine.problem.money import Source
from trajectory_engine.problem.teacher_problem import TeacherProblem

MOST_NAMED = 5
"""Nodes, modules or limits named in one sentence."""
MONEY = (LimitKind.FUND, LimitKind.NEW_SOURCE)


class Causes:
    """Structural reasons for conflicts of one teacher."""

    def __init__(self, conflicts: Conflicts) -> None:
        self.conflicts = conflicts
        self.ground = conflicts.ground

    def of(self, found: tuple[Limit, ...]) -> tuple[Message, ...]:
        """Return the structural reasons for a conflict, given by its limits."""
        kinds = {limit.kind for limit in found}
        causes: list[Message] = []
        if len(found) == 1:
            causes += self._holes(found)
        if LimitKind.DEADLINE in kinds:
            causes += self._chains(found)
        if LimitKind.HOURS in kinds:
            causes += self._load(found)
            causes += () if LimitKind.DEADLINE in kinds else self._at_once(found)
        if kinds & set(MONEY):
            causes += self._money(found)
        return tuple(causes)

    def _facts(self, kept: tuple[Limit, ...]) -> TeacherFacts:
        scenario = self.conflicts.keeping(kept)
        teacher = scenario.teacher_by_id[self.ground.teacher.id]
        return TeacherFacts(self.ground.index.over(scenario), teacher, alone=self.ground.alone)

    def _problem(self, kept: tuple[Limit, ...]) -> TeacherProblem:
        return compile_problem(self._facts(kept), covers_all=True)

    def _holes(self, found: tuple[Limit, ...]) -> Iterator[Message]:
        """Yield the nodes that nobody teaches; without any, what the compiler says."""
        facts = self._facts(found)
        obstacles = compile_problem(facts, covers_all=True).obstacles
        targets = {n for wanted in facts.wanted for way in wanted.ways for n in way}
        dead = holes(facts.index, facts.knowledge, facts.options, targets) if obstacles else []
        if not dead:
            yield from obstacles
            return
        yield Message.of(
            "no_module_teaches",
            nodes=_listed([str(facts.index.node_ref(n)) for n in dead]),
            modules=len(self.ground.scenario.modules),
            limit=found[0].id,
        )

    def _chains(self, found: tuple[Limit, ...]) -> Iterator[Message]:
        """Yield the chains of modules that end after the deadline whatever else is chosen."""
        kept = tuple(limit for limit in found if limit.kind is not LimitKind.DEADLINE)
        problem = self._problem(kept)
        if problem.obstacles:
            return
        heads = compute_heads(problem)
        for goal in problem.hard_goals:
            ends = [
                max(((heads.formed[c] or 0, c) for c in way), default=(0, -1))
                for way in goal.ways
                if all(heads.formed[c] is not None for c in way)
            ]
            earliest, last = min(ends, default=(0, -1))
            if earliest > self.ground.deadline:
                steps = chain_to(problem, heads, last)
                yield Message.of(
                    "chain_too_long",
                    goal=goal.name,
                    chain=" -> ".join(
                        f"{problem.modules[m].id} ({start} to {end})" for m, start, end in steps
                    ),
                    earliest=earliest,
                    short=earliest - self.ground.deadline,
                    **when(self.ground, self.ground.deadline),
                )

    def _least(self, problem: TeacherProblem, name: ObjectiveName) -> int | None:
        """Return a proven lower bound of an objective, the calendar left aside."""
        if problem.obstacles:
            return None
        effort = self.conflicts.question.effort
        model = SelectionModel(problem, compute_heads(problem))
        return model.minimise(name, effort.session(), effort.seconds).bound

    def _load(self, found: tuple[Limit, ...]) -> Iterator[Message]:
        """Yield that the least hours exceed the hours there are, if they do."""
        without_hours = tuple(limit for limit in found if limit.kind is not LimitKind.HOURS)
        least = self._least(self._problem(without_hours), ObjectiveName.STUDY_HOURS)
        time = self._facts(found).time
        available = sum(time.capacity)
        if least is not None and least > available:
            yield Message.of(
                "hours_too_few",
                least=least,
                available=available,
                short=least - available,
                **when(self.ground, time.deadline),
            )

    def _at_once(self, found: tuple[Limit, ...]) -> Iterator[Message]:
        """Yield which modules take more in one period than there ever is, if nothing else does."""
        facts = self._facts(found)
        if not compile_problem(facts, covers_all=True).obstacles:
            return
        others = tuple(limit for limit in found if limit.kind is not LimitKind.HOURS)
        most = max(facts.time.capacity, default=0)
        peaks = {
            module.id: min(max(mode.load, default=0) for mode in module.modes)
            for module in self._problem(others).modules
        }
        heavy = {name: peak for name, peak in peaks.items() if peak > most}
        if heavy:
            yield Message.of(
                "too_much_at_once",
                modules=_listed(list(heavy)),
                least=min(heavy.values()),
                most=most,
                unit=self.ground.calendar.unit.value,
                limits=_listed([limit.id for limit in others]),
            )

    def _money(self, found: tuple[Limit, ...]) -> Iterator[Message]:
        """Yield that the least cost exceeds all the money there is, if it does."""
        without_money = tuple(limit for limit in found if limit.kind not in MONEY)
        least = self._least(self._problem(without_money), ObjectiveName.COST)
        limits = [_most_of(source) for source in self.ground.facts.sources]
        known = [limit for limit in limits if limit is not None]
        if least is not None and len(known) == len(limits) and least > sum(known):
            yield Message.of(
                "money_too_little",
                least=shown(least, self.ground),
                available=shown(sum(known), self.ground),
                short=shown(least - sum(known), self.ground),
            )


def _most_of(source: Source) -> int | None:
    """Return the most that a source can pay in all, None for no limit."""
    limits = [] if source.limit is None else [source.limit]
    if source.yearly:
        amounts = [limit.amount for limit in source.yearly]
        # With carry-over the last limit is that of all years together.
        limits.append(amounts[-1] if source.fund.carry_over else sum(amounts))
    return min(limits, default=None)


def _listed(names: list[str]) -> str:
    """Return the first of some names, and how many there are more."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
