"""The cheapest choice of modules that stands on what is known, proven part by part.

An implicit hitting set (Moreno-Centeno and Karp, 2013): landmarks are found as choices miss them,
first by the linear relaxation, then by the integer problem that reduced costs leave over.  What
is no matter of goals, clauses, entries and f (rows, the calendar, relations, what is soft) is left
aside: the bound holds with it too, and a choice that fits it as well is best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

from ortools.sat.python import cp_model

from trajectory_engine.cpsat.session import Outcome, Profile, Session
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.landmarks.branching import Branching, fits
from trajectory_engine.landmarks.foundation import Part, parts_of
from trajectory_engine.landmarks.minimal import LandmarkSearch
from trajectory_engine.landmarks.relaxation import Dual, Relaxation, is_violated
from trajectory_engine.landmarks.rounding import Landmark
from trajectory_engine.problem.teacher_problem import TeacherProblem
from trajectory_engine.reduce.arrays import Arrays

ROUNDS = 40
"""Most rounds of the linear relaxation."""
HALF, LARGE, ANY = 0.5, 0.9, 0.02
"""Shares from which a module is taken when landmarks are looked for, in this order."""
PATIENCE = 8
"""Landmarks in a row that are not violated, after which a rounding is asked for no more."""
EFFORT_OF_WORK = 2e-7
"""Effort, about seconds, of one step of a closure."""
DENSE = 5
"""Mean size of landmarks from which cuts cost the integer problem more time than their bound saves:
between large sets there are few of the odd circles that they are made of."""
PARTS, FEW_PARTS = 3000, 40
"""Parts of a branch and bound after which the solver is asked instead, where landmarks are large,
and where they are not: there, cuts soon prove more."""
LARGEST_DENSE, LARGEST_SPARSE = 300_000, 60_000
"""Landmarks times modules in doubt up to which a branch and bound is tried, in either case."""
SHARINGS = 3
"""How often effort is shared out among the parts that are left open."""
IMPROVE = 2
"""Choices tried around the last relaxation, each with other ties."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """The answer for a whole problem.

    Attributes
    ----------
    bound : int
        Proven lower bound of the objective in any plan.
    modes : mapping or None
        Cheapest mode by module of a choice that stands on what is known, None without one.
    landmarks : tuple of tuple of int
        Sets of modules of which every plan takes one.
    """

    bound: int
    modes: Mapping[int, int] | None
    landmarks: tuple[tuple[int, ...], ...]


def choose(
    problem: TeacherProblem,
    name: ObjectiveName,
    session: Session,
    known: Collection[int] | None = None,
) -> Choosing:
    """Return the cheapest choice of modules, all but entries, goals and clauses left aside.

    Parameters
    ----------
    name : ObjectiveName
        Hours or cost: a sum over the modes taken.
    known : collection of int, optional
        Modules of a plan.
    """
    hours = name is ObjectiveName.STUDY_HOURS
    costs = [[k.hours if hours else k.price for k in m.modes] for m in problem.modules]
    return choose_by(problem, costs, session, known)


def choose_by(
    problem: TeacherProblem,
    costs: Sequence[Sequence[int]],
    session: Session,
    known: Collection[int] | None = None,
) -> Choosing:
    """Return the choice of modules of least cost, all but entries, goals and clauses left aside.

    Parameters
    ----------
    costs : sequence of sequence of int
        By module and mode, at least 0.
    known : collection of int, optional
        Modules of a plan: what it takes in a part is a choice there.
    """
    cheapest = [min((cost, k) for k, cost in enumerate(own)) for own in costs]
    parts = parts_of(Arrays(problem))
    searches = [
        PartSearch(part, [cheapest[m][0] for m in part.modules], session.seed) for part in parts
    ]
    if known is not None:
        for part, search in zip(parts, searches, strict=True):
            search.adopt([i for i, m in enumerate(part.modules) if m in known])
    _run_all(searches, session)
    modes: dict[int, int] | None = {}
    landmarks: list[tuple[int, ...]] = []
    for part, search in zip(parts, searches, strict=True):
        landmarks += [tuple(part.modules[m] for m in found) for found in search.landmarks]
        if search.best is None or modes is None:
            modes = None
        else:
            modes |= {part.modules[m]: cheapest[part.modules[m]][1] for m in search.best}
    return Choosing(sum(search.bound for search in searches), modes, tuple(landmarks))


def _run_all(searches: Sequence[PartSearch], session: Session) -> None:
    """Search all parts, as many side by side as the session has threads.

    Each part gets the same share of the effort, and those that are left open share what the
    others have not used.  A part sees nothing of the others, so the outcome is the same with any
    number of threads.
    """
    for _ in range(SHARINGS):
        todo = [search for search in searches if not search.is_closed]
        if not todo or session.stopped or not session.effort_left:
            return
        own = [session.part(session.effort_left / len(todo)) for _ in todo]
        if len(todo) == 1:
            own[0].threads = session.threads
        if session.threads > 1 and len(todo) > 1:
            with ThreadPoolExecutor(max_workers=session.threads) as pool:
                list(pool.map(PartSearch.run, todo, own))
        else:
            for search, part in zip(todo, own, strict=True):
                search.run(part)
        for part in own:
            session.absorb(part)


class PartSearch:
    """The least cost of one part.

    Attributes
    ----------
    bound : int
        Proven so far.
    best : list of int or None
        Operators of the cheapest choice found.
    """

    def __init__(self, part: Part, costs: Sequence[int], seed: int) -> None:
        self._costs = costs
        self._search = LandmarkSearch(part, costs, seed)
        self._relaxation = Relaxation(costs, self._search.obvious())
        self._dual: Dual | None = None
        self._relaxed = False
        self._may_branch = True
        self._counted = 0.0
        self.bound = 0
        self.best: list[int] | None = None

    @property
    def landmarks(self) -> list[Landmark]:
        """The landmarks found."""
        return self._relaxation.landmarks

    @property
    def _cost(self) -> int:
        return self._search.cost_of(self.best or ())

    @property
    def is_closed(self) -> bool:
        """Whether the cheapest choice is proven."""
        return self.best is not None and self._cost <= self.bound

    def run(self, session: Session) -> None:
        """Search until the cheapest choice is proven, or the session's limits are reached.

        It may be run again, with another session.
        """
        if not self._relaxed:
            self._relax(session)
        while not self.is_closed and not session.stopped and session.effort_left:
            if not self._hit(session):
                break

    def _count_effort(self, session: Session) -> None:
        """Add what was done since the last call to the effort spent."""
        done = EFFORT_OF_WORK * self._search.work + self._relaxation.effort
        session.charge(done - self._counted)
        self._counted = done

    def adopt(self, taken: Sequence[int] | None) -> None:
        """Keep a choice that reaches all facts, without what it can do without, if it is better.

        None is no choice.
        """
        if taken is None:
            return
        trimmed = self._search.trimmed(taken)
        if self.best is None or self._search.cost_of(trimmed) < self._cost:
            self.best = trimmed

    # ---- the linear relaxation -------------------------------------------------------------

    def _relax(self, session: Session) -> None:
        """Add violated landmarks to the relaxation until there are none, and round it."""
        shares: list[float] | None = None
        for turn in range(ROUNDS):
            shares = self._relaxation.solve()
            if shares is None or session.stopped or not session.effort_left:
                break  # to go on if there is more effort
            if turn + 1 == ROUNDS:
                break  # What is added now would have no multipliers.
            added = any(self._separate(shares, least) for least in (HALF, LARGE, ANY))
            self._count_effort(session)
            if not added:
                self._relaxed = True
                break
        if shares is None:
            return
        self._dual = self._relaxation.dual()
        self.bound = max(self.bound, self._dual.bound)
        for _ in range(IMPROVE):
            if self.is_closed:
                break
            self._round(shares)
        self._count_effort(session)

    def _separate(self, shares: Sequence[float], least: float) -> bool:
        """Add the violated landmarks that one rounding misses; return whether there was one."""
        found: list[Landmark] = []
        idle = 0
        for landmark in self._search.missed(shares, least, self._search.part.certain, []):
            violated = is_violated(landmark, shares)
            found += [landmark] if violated else []
            idle = 0 if violated else idle + 1
            if idle == PATIENCE:
                break
        return self._relaxation.add(found)

    def _round(self, shares: Sequence[float]) -> None:
        self.adopt(self._search.complete(shares, HALF, []))

    # ---- the integer problem that is left --------------------------------------------------

    def _hit(self, session: Session) -> bool:
        """Solve the hitting set over what may be in a better choice; return whether to go on."""
        never, always = self._fixed()
        asked = [
            [m for m in landmark if not never[m]]
            for landmark in self.landmarks
            if not any(always[m] for m in landmark)
        ]
        is_dense = sum(map(len, asked)) >= DENSE * len(asked)
        doubt = len(never) - sum(never) - sum(always)
        parts = self._parts_to_try(is_dense, doubt)
        if parts and fits(self.landmarks, self._costs):
            return self._branch(never, always, parts, session)
        return self._solve(never, always, asked, is_dense, session)

    def _parts_to_try(self, is_dense: bool, doubt: int) -> int:
        """Return how many parts a branch and bound is worth; 0 if the solver is sooner done."""
        if not self._may_branch:
            return 0
        size = len(self.landmarks) * doubt
        if is_dense:
            return PARTS if size <= LARGEST_DENSE else 0
        return FEW_PARTS if size <= LARGEST_SPARSE else 0

    def _branch(
        self, never: Sequence[bool], always: Sequence[bool], parts: int, session: Session
    ) -> bool:
        """Look for a cheaper hitting set by branch and bound; return whether to go on."""
        most = self._cost if self.best is not None else sum(self._costs) + 1
        tree = Branching(
            self._relaxation, self._costs, never, always, most, threads=session.threads
        )
        tree.run(session.effort_left, parts, lambda: session.stopped)
        session.charge(tree.effort)
        self._count_effort(session)
        self.bound = max(self.bound, tree.bound)
        if not tree.is_done:
            self._may_branch = False
        if tree.best is None:
            return not tree.is_done
        return self._complete(tree.best, session) or not tree.is_done

    def _solve(
        self,
        never: Sequence[bool],
        always: Sequence[bool],
        asked: Sequence[Sequence[int]],
        is_dense: bool,
        session: Session,
    ) -> bool:
        """Look for a cheaper hitting set by the solver; return whether to go on."""
        model = cp_model.CpModel()
        free = [m for m in self._cheapest_first() if not never[m] and not always[m]]
        literal = {m: model.new_bool_var("") for m in free}
        for landmark in asked:
            model.add_bool_or([literal[m] for m in landmark])
        sure = sum(c for c, fixed in zip(self._costs, always, strict=True) if fixed)
        total = cp_model.LinearExpr.weighted_sum(
            list(literal.values()), [self._costs[m] for m in literal]
        )
        if self.best is not None:
            model.add(total <= self._cost - 1 - sure)
        model.minimize(total)
        profile = Profile.DENSE_COVER if is_dense else Profile.COVER
        outcome = session.solve(
            model, profile, effort=session.effort_left, known_bound=self.bound - sure
        )
        taken = [m for m, fixed in enumerate(always) if fixed]
        return self._learn(outcome, sure, taken, free, session)

    def _cheapest_first(self) -> list[int]:
        """Return the modules by cost, of equal cost those first that hit most landmarks.

        The solver decides in the order of its variables where nothing tells it otherwise, and
        goes through far more choices where dear modules come first.
        """
        hits = Counter(chain.from_iterable(self.landmarks))
        return sorted(range(len(self._costs)), key=lambda m: (self._costs[m], -hits[m]))

    def _fixed(self) -> tuple[list[bool], list[bool]]:
        """Return which modules no better choice takes, and which each better one takes."""
        if self._dual is None or self.best is None:
            nothing = [False] * len(self._costs)
            return nothing, nothing
        return self._dual.never(self._cost - 1), self._dual.always(self._cost - 1)

    def _learn(
        self,
        outcome: Outcome,
        sure: int,
        taken: list[int],
        free: Sequence[int],
        session: Session,
    ) -> bool:
        """Take over what the integer problem says of better choices; return whether to go on."""
        if outcome.infeasible:
            if self.best is not None:
                self.bound = self._cost
            return False
        if outcome.bound is not None:
            self.bound = max(self.bound, outcome.bound + sure)
        if outcome.solution is None:
            return False
        chosen = taken + [m for i, m in enumerate(free) if outcome.solution[i]]
        return self._complete(chosen, session)

    def _complete(self, chosen: Iterable[int], session: Session) -> bool:
        """Keep modules that hit all landmarks known, with what else all facts ask for.

        Returns whether that taught new landmarks.
        """
        shares = [0.0] * len(self._costs)
        for m in chosen:
            shares[m] = 1.0
        found: list[Landmark] = []
        self.adopt(self._search.complete(shares, HALF, found))
        self._count_effort(session)
        return self._relaxation.add(found)
