"""Plans that end soon where modules may be chosen: first a choice, then its schedules.

The choice of least hours may wait for long chains, and the quickest way to everything may take many
hours.  Between them lie choices that are cheapest if a module costs the more, the later it is done
with what it forms.  Each is found by landmarks, made into a project, and packed by the genetic
search and by filling its periods for ever earlier deadlines.  If a gap is left, deadlines are asked
for the least that keeps them, which raises the bound and gives choices with short chains.  Then
follow choices around the best one: costs are noised (Charon and Hudry, 1993), modules of the best
choice are a little cheaper, some of its longest chain dearer, and so is what would be late for what
waits behind it; beside them the schedules of the best choice are bred further, its periods filled
with more beginnings side by side, and stretches of the best plan searched again.

Where no schedule keeps the deadline, the calendar goes on behind it: a plan that ends too late may
become one that does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from random import Random

from trajectory_engine.cpsat.deadlines import Deadlines
from trajectory_engine.cpsat.hitting import Choosing, choose_by
from trajectory_engine.cpsat.session import (
    EFFORT_OF_FILLING,
    EFFORT_OF_PLACEMENT,
    EFFORT_OF_STEP,
    Session,
)
from trajectory_engine.cpsat.stretches import Stretches
from trajectory_engine.heuristics.filling import MANNERS, FillingSearch
from trajectory_engine.heuristics.genetic import GeneticSearch
from trajectory_engine.heuristics.lateness import chains_through
from trajectory_engine.heuristics.project import Project
from trajectory_engine.heuristics.settled import first_end, settled_project
from trajectory_engine.landmarks.annealing import Annealing
from trajectory_engine.landmarks.packing import room_of, sharpest
from trajectory_engine.problem.evaluate import completion_of, is_plan
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.teacher_problem import (
    Choice,
    TeacherProblem,
    going_on,
)

Plan = tuple[Choice, ...]

HASTE = (0, 2, 8, 32)
"""By how many tenths of its hours a module costs more for every period of delay."""
GRID = 100
"""Costs are hours times ten times this, so that noise has room."""
NOISES = (5, 10, 30)
"""By how many hundredths of themselves costs are noised at most."""
LOYALTY = (0.6, 0.85)
"""What modules of the best choice cost, as a part of their cost."""
DEARER, CHAINED = 1.6, 4
"""What so many modules of its longest chain cost."""
PUNCTUAL = 0.9
"""Part of the best plan's length from which on chains may be called late."""
CHOOSING = 0.2
"""Most effort of one choice."""
PLACEMENTS = 400_000
"""Ways tried on the calendar for one choice, and for the best one again."""
FEWER_PLACEMENTS = 150_000
"""The same for a choice around the best one."""
FILLED, MOST_FILLED = 40_000, 640_000
"""Activities tried while periods are filled once: at first, and at most."""
ANNEALED = 3_000_000
"""Steps of one walk over choices."""
FAILURES = 2
"""Fillings without success after which a choice is left."""
CLIMB = 0.6
"""Part of the effort that deadlines may have before choices are noised."""
REWARD = 0.5
"""What remains of the effort counted for a way to shorter plans that has found one."""
LATER = 2
"""The calendar goes on behind the deadline by one over this of its length."""


@dataclass(slots=True)
class _Candidate:
    """A choice of modules with the searches for its schedules.

    Attributes
    ----------
    effort : int
        Activities to be tried when its periods are filled next.
    """

    genetic: GeneticSearch
    filling: FillingSearch
    effort: int = FILLED

    @property
    def project(self) -> Project:
        """The modules of the choice."""
        return self.genetic.project


class EarlyPlans:
    """Looks for plans that end soon.

    Parameters
    ----------
    problem : TeacherProblem
    heads : Heads
    cheapest : Choosing
        The choice of least hours.
    session : Session
    offer : callable
        Takes a plan that ends sooner than those before.
    """

    def __init__(
        self,
        problem: TeacherProblem,
        heads: Heads,
        cheapest: Choosing,
        session: Session,
        offer: Callable[[Plan], None],
    ) -> None:
        self._given = problem
        self._problem = problem
        self._heads = heads
        self._cheapest = cheapest
        self._session = session
        self._offer = offer
        self._random = Random(session.seed)
        self._delays = [_delay(problem, heads, m) for m in range(len(problem.modules))]
        self._chains: list[int] = []
        whole = max(problem.capacity, default=0)
        self._costs = (
            [[mode.hours for mode in module.modes] for module in problem.modules],
            [[room_of(mode, whole) for mode in module.modes] for module in problem.modules],
        )
        self._end = problem.deadline + 1
        self._plan: Plan = ()
        self._best: _Candidate | None = None
        self._chain: list[int] = []
        self._annealing: Annealing | None = None

    def begin(self, least: int, effort: float) -> None:
        """Try the choice of least hours, then those that hasten more and more.

        Parameters
        ----------
        least : int
            No plan ends earlier.
        effort : float
            Most effort.
        """
        until = self._session.spent + effort
        self._hasten(least, until)
        if self._best is None and not self._is_over(until, least):
            problem = self._given
            self._problem = going_on(problem, problem.deadline // LATER)
            self._end = self._problem.deadline + 1
            self._hasten(least, until)

    def _hasten(self, least: int, until: float) -> None:
        self._try(self._cheapest.modes, least)
        for haste in HASTE[1:]:
            if self._is_over(until, least):
                return
            self._try(self._choose(self._costs[0], self._delays, haste), least)

    def improve(self, least: int, end: int | None, effort: float) -> int:
        """Raise the bound, and try choices around the best one until the effort is spent.

        Parameters
        ----------
        least : int
            No plan ends earlier.
        end : int or None
            Completion of the best plan that is known, None without one.
        effort : float
            Most effort.

        Returns
        -------
        int
            No plan ends earlier.
        """
        until = self._session.spent + effort
        if end is not None:
            self._end = min(self._end, end)
        least = self._climb(least, CLIMB * effort)
        stretches = Stretches(self._problem, self._heads, self._session.seed)
        ways: list[Callable[[], None]] = [
            lambda: self._try(self._chosen_around(), least, FEWER_PLACEMENTS),
            lambda: self._breed_on(least),
            lambda: self._fill_on(least),
            lambda: self._shorten(stretches),
            lambda: self._anneal(least),
        ]
        shares = [0.0] * len(ways)
        while self._best is not None and not self._is_over(until, least):
            # All have the same effort, but what has just brought something goes on for longer.
            way = shares.index(min(shares))
            spent, reached = self._session.spent, self._end
            ways[way]()
            shares[way] += self._session.spent - spent
            shares[way] *= REWARD if self._end < reached else 1.0
        return least

    def _climb(self, least: int, effort: float) -> int:
        """Ask deadlines, and try the choices that keep them."""
        problem, modes = self._given, self._cheapest.modes
        if modes is None:
            return least
        packing = sharpest(
            [mode for module in problem.modules for mode in module.modes],
            [problem.modules[m].modes[k] for m, k in modes.items()],
            problem.capacity,
        )
        deadlines = Deadlines(problem, packing, self._cheapest.landmarks, self._session)

        def take(chosen: Collection[int]) -> int:
            self._try(chosen, least)
            return self._end

        high = min(self._end, problem.deadline + 1)
        return min(deadlines.climb(least, high, effort, take), problem.deadline)

    def _is_over(self, until: float, least: int) -> bool:
        session = self._session
        reached = self._end <= least
        return reached or session.spent >= until or not session.effort_left or session.stopped

    def _chosen_around(self) -> Collection[int] | None:
        """Return a choice that is like the best one."""
        random = self._random
        late_from = random.randint(round(PUNCTUAL * self._end), self._end)
        late = [max(0, length - late_from) for length in self._chains]
        return self._choose(
            random.choice(self._costs), late, random.choice(HASTE[1:]), self._noised()
        )

    def _noised(self) -> list[int]:
        """Return by how many hundredths the cost of every module counts."""
        random = self._random
        noise, loyalty = random.choice(NOISES) / 100, random.choice(LOYALTY)
        factors = [1 + noise * (2 * random.random() - 1) for _ in self._delays]
        for m in {c.module for c in self._plan}:
            factors[m] *= loyalty
        for m in random.sample(self._chain, min(CHAINED, len(self._chain))):
            factors[m] *= DEARER
        return [round(GRID * factor) for factor in factors]

    def _choose(
        self,
        costs: Sequence[Sequence[int]],
        late: Sequence[int],
        haste: int,
        factors: Sequence[int] | None = None,
    ) -> Collection[int] | None:
        """Return the choice that is cheapest if being late costs more."""
        by_module = [GRID] * len(late) if factors is None else factors
        dearer = [
            [cost * (10 + haste * periods) * factor for cost in own]
            for own, periods, factor in zip(costs, late, by_module, strict=True)
        ]
        own = self._session.part(CHOOSING)
        found = choose_by(self._problem, dearer, own).modes
        self._session.absorb(own)
        return found

    def _try(
        self, chosen: Collection[int] | None, least: int, placements: int = PLACEMENTS
    ) -> None:
        """Look for a short schedule of a choice; keep the choice if none is better."""
        project = None if chosen is None else settled_project(self._problem, chosen)
        if project is not None:
            candidate = self._candidate(project)
            self._breed(candidate, least, placements)
            self._fill(candidate, least)

    def _candidate(self, project: Project) -> _Candidate:
        seed = self._session.seed
        return _Candidate(GeneticSearch(project, seed), FillingSearch(project, seed))

    def _breed(self, candidate: _Candidate, least: int, placements: int) -> None:
        """Look for shorter schedules of a choice, from where the search of it has stopped."""
        genetic = candidate.genetic
        before, equal = genetic.placements, False
        for found in genetic.run(placements, least):
            plan = candidate.project.choices(found.picks, found.starts)
            if found.end <= self._end and is_plan(self._problem, plan):
                self._take(plan, found.end)
                equal = True
        self._session.charge(EFFORT_OF_PLACEMENT * (genetic.placements - before))
        if equal:
            self._go_on_with(candidate)

    def _breed_on(self, least: int) -> None:
        """Look for shorter schedules of the best choice."""
        if self._best is not None:
            self._breed(self._best, least, PLACEMENTS)

    def _fill(self, candidate: _Candidate, least: int) -> None:
        """Fill the periods with a choice for ever earlier deadlines, until that fails twice."""
        filling, project = candidate.filling, candidate.project
        deadline = min(self._problem.deadline, self._end - (candidate is self._best))
        failures, before = 0, filling.tried
        while failures < FAILURES and least <= deadline and not self._session.stopped:
            found = filling.run(deadline, candidate.effort, lambda: self._session.stopped)
            if found is None:
                failures += 1
                continue
            better = candidate.genetic.improved(*found)
            plan, end = project.choices(better.picks, better.starts), better.end
            if not is_plan(self._problem, plan):
                break
            candidate.genetic.add(better.picks, better.starts)
            self._take(plan, end)
            self._go_on_with(candidate)
            deadline, failures = end - 1, 0
        self._session.charge(EFFORT_OF_FILLING * (filling.tried - before))

    def _fill_on(self, least: int) -> None:
        """Fill the periods with the best choice, and with more effort after each turn of ways."""
        best = self._best
        if best is not None:
            self._fill(best, least)
            if best.filling.manner % len(MANNERS) < FAILURES:
                best.effort = min(2 * best.effort, MOST_FILLED)

    def _anneal(self, least: int) -> None:
        """Try a choice that a walk from the best one has led to, each step judged by a schedule."""
        if self._annealing is None:
            # Quick schedules may be longer than there are periods, and good choices behind them.
            calendar = going_on(self._given, self._given.deadline // LATER)
            self._annealing = Annealing(calendar, self._session.seed)
        before, own = self._annealing.steps, {c.module for c in self._plan}
        steps = min(ANNEALED, round(self._session.effort_left / EFFORT_OF_STEP))
        found = self._annealing.run(own, steps, lambda: self._session.stopped)
        self._session.charge(EFFORT_OF_STEP * (self._annealing.steps - before))
        if found is not None and own != set(found.modules):
            self._try(found.modules, least, FEWER_PLACEMENTS)

    def _shorten(self, stretches: Stretches) -> None:
        """Search a stretch of the best plan again."""
        plan = stretches.improve(self._plan, self._session)
        if plan is None or not is_plan(self._problem, plan):
            return
        self._take(plan, completion_of(self._problem, plan))
        project = settled_project(self._problem, {c.module for c in plan})
        if project is not None:
            candidate = self._candidate(project)
            _add(candidate.genetic, plan)
            self._go_on_with(candidate)

    def _go_on_with(self, candidate: _Candidate) -> None:
        """Let a choice be the best one, around which others are looked for."""
        if candidate is not self._best:
            self._best, self._chain = candidate, _longest_chain(candidate.project)
            self._chains = chains_through(self._problem, self._heads, candidate.project)

    def _take(self, plan: Plan, end: int) -> None:
        """Go on with a plan, and offer it if it ends sooner than those before."""
        if end < self._end and end <= self._given.deadline:
            self._offer(plan)
        self._plan, self._end = plan, min(end, self._end)


def _add(genetic: GeneticSearch, plan: Plan) -> None:
    """Let a search go on from a plan, if it is a schedule of its project."""
    project = genetic.project
    positions = project.positions(plan)
    if positions is not None:
        picks, starts = positions
        ends = [s + project.ways[a][picks[a]].duration for a, s in enumerate(starts)]
        if all(ends[b] <= starts[a] for a, before in enumerate(project.before) for b in before):
            genetic.add(picks, starts)


def _delay(problem: TeacherProblem, heads: Heads, module: int) -> int:
    """Return by how many periods a module is done later than what it forms could be formed."""
    end = first_end(problem, heads, module)
    instants = [heads.formed[c] for c in problem.modules[module].attains]
    formed = [at for at in instants if at is not None]
    return 0 if end is None or not formed else end - max(formed)


def _longest_chain(project: Project) -> list[int]:
    """Return the modules of a longest chain, each in its shortest way, the first one first."""
    ends: dict[int, int] = {}
    for a in project.order:
        begin = max((ends[b] for b in project.before[a]), default=0)
        ends[a] = begin + project.shortest(a)
    chain: list[int] = []
    waited: Collection[int] = ends
    while waited:
        last = max(waited, key=lambda a: ends[a])
        chain.append(project.modules[last])
        waited = project.before[last]
    return chain[::-1]
