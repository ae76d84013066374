"""Plans that end soon where modules may be chosen: first a choice, then its schedules.

The choice of least hours may wait for long chains, and the quickest way to everything may take many
hours.  Between them lie choices that are cheapest if a module costs the more, the later it is done
with what it forms.  Each is found by landmarks, made into a project, and packed by the genetic
search.  If a gap is left, deadlines are asked for the least that keeps them, which raises the bound
and gives choices with short chains.  Then follow choices around the best one: costs are noised
(Charon and Hudry, 1993), modules of the best choice are a little cheaper, and some of its longest
chain dearer; in turn with them the schedules of the best choice are bred further.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random

from trajectory_engine.cpsat.deadlines import Deadlines
from trajectory_engine.cpsat.hitting import Choosing, choose_by
from trajectory_engine.cpsat.session import Session
from trajectory_engine.heuristics.genetic import GeneticSearch
from trajectory_engine.heuristics.project import Project
from trajectory_engine.heuristics.settled import first_end, settled_project
from trajectory_engine.landmarks.packing import sharpest
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.heads import Heads
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem

Plan = tuple[Choice, ...]

HASTE = (0, 2, 8, 32)
"""By how many tenths of its hours a module costs more for every period of delay."""
GRID = 100
"""Costs are hours times ten times this, so that noise has room."""
NOISES = (10, 30)
"""By how many hundredths of themselves costs are noised at most."""
LOYALTY = 0.85
"""What modules of the best choice cost, as a part of their cost."""
DEARER, CHAINED = 1.6, 6
"""What so many modules of its longest chain cost."""
CHOOSING = 0.2
"""Most effort of one choice."""
PLACEMENT = 2.5e-6
"""Effort of putting one activity on the calendar."""
PLACEMENTS = 40_000
"""Activities put on the calendar for one choice, and for the best one again."""
CLIMB = 0.6
"""Part of the effort that deadlines may have before choices are noised."""


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
        self._problem = problem
        self._cheapest = cheapest
        self._session = session
        self._offer = offer
        self._random = Random(session.seed)
        self._delays = [_delay(problem, heads, m) for m in range(len(problem.modules))]
        self._end = problem.deadline + 1
        self._best: GeneticSearch | None = None
        self._chain: list[int] = []

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
        self._try(self._cheapest.modes, least)
        for haste in HASTE[1:]:
            if self._is_over(until, least):
                return
            self._try(self._choose(haste, [GRID] * len(self._delays)), least)

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
        while self._best is not None and not self._is_over(until, least):
            self._try(self._choose(self._random.choice(HASTE[1:]), self._noised()), least)
            if not self._is_over(until, least):
                self._breed(self._best, least)
        return least

    def _climb(self, least: int, effort: float) -> int:
        """Ask deadlines, and try the choices that keep them."""
        problem, modes = self._problem, self._cheapest.modes
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

        return min(deadlines.climb(least, self._end, effort, take), problem.deadline)

    def _is_over(self, until: float, least: int) -> bool:
        session = self._session
        reached = self._end <= least
        return reached or session.spent >= until or not session.effort_left or session.stopped

    def _noised(self) -> list[int]:
        """Return by how many hundredths the cost of every module counts."""
        random = self._random
        noise = random.choice(NOISES) / 100
        factors = [1 + noise * (2 * random.random() - 1) for _ in self._delays]
        for m in self._best.project.modules if self._best is not None else ():
            factors[m] *= LOYALTY
        for m in random.sample(self._chain, min(CHAINED, len(self._chain))):
            factors[m] *= DEARER
        return [round(GRID * factor) for factor in factors]

    def _choose(self, haste: int, factors: Sequence[int]) -> Collection[int] | None:
        """Return the choice that is cheapest with dearer delays."""
        costs = [
            [mode.hours * (10 + haste * delay) * factor for mode in module.modes]
            for module, delay, factor in zip(
                self._problem.modules, self._delays, factors, strict=True
            )
        ]
        own = self._session.part(CHOOSING)
        found = choose_by(self._problem, costs, own).modes
        self._session.absorb(own)
        return found

    def _try(self, chosen: Collection[int] | None, least: int) -> None:
        """Look for a short schedule of a choice; keep the choice if none is better."""
        project = None if chosen is None else settled_project(self._problem, chosen)
        if project is not None:
            self._breed(GeneticSearch(project, self._session.seed), least)

    def _breed(self, genetic: GeneticSearch, least: int) -> None:
        """Look for shorter schedules of a choice, from where the search of it has stopped."""
        before, equal = genetic.placements, False
        for found in genetic.run(PLACEMENTS, least):
            plan = genetic.project.choices(found.picks, found.starts)
            if found.end > self._end or not is_plan(self._problem, plan):
                continue
            if found.end < self._end:
                self._offer(plan)
            self._end, equal = found.end, True
        self._session.charge(PLACEMENT * (genetic.placements - before))
        if equal and genetic is not self._best:
            self._best, self._chain = genetic, _longest_chain(genetic.project)


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
