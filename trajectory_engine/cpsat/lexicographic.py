"""Lexicographic search for one teacher: bounds first, then plans, then the unique answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trajectory_engine.cpsat.best_plan import BestPlan
from trajectory_engine.cpsat.early_plans import EarlyPlans
from trajectory_engine.cpsat.hitting import choose
from trajectory_engine.cpsat.models import Models
from trajectory_engine.cpsat.periods import has_terms, supports
from trajectory_engine.cpsat.scheduling import ScheduleSearch
from trajectory_engine.cpsat.serial_plans import SerialPlans
from trajectory_engine.cpsat.session import Outcome, Profile, Session, SolverFault
from trajectory_engine.cpsat.ties import Table, TieBreaker
from trajectory_engine.domain.memory import collection_paused
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.problem.evaluate import is_plan
from trajectory_engine.problem.required import takes_all
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem
from trajectory_engine.reduce.covering import leading_sum

SHARE = 0.4
"""Part of the effort left that one call may use."""
LESS = 0.15
"""The same for the choice of modules alone, where deadlines will be asked for more."""
QUICK = 0.35
"""Effort of the first try of an objective, with intervals."""
LEAST_FOR_PERIODS = 1.5
"""Effort left below which the period encoding is not tried: its presolve alone takes that."""
SCHEDULING = 0.9
"""Part of the effort left for the completion of modules that all must be taken."""
LAST_SCHEDULING = 0.98
"""The same where nothing follows: a second search would begin with nothing but the plan."""
EARLY = 0.05
"""Part of the effort left for first plans that end soon."""
MORE_EARLY, MOST_EARLY = 0.3, 0.9
"""The same for more of them once the solver has tried intervals; the latter where periods are not
supported, before intervals are tried."""
MANY = 40
"""Modules from which on the cheapest choice is looked for by landmarks first."""
MANY_FOR_HOURS = 200
"""Modules from which on the choice of least hours is looked for before the shortest plan: with
fewer of them the encodings alone are sooner done."""
LARGEST_TIMETABLE = 60_000
"""Modes times starts above which ties are not broken: the listed objectives come first."""

Builder = Callable[[ObjectiveName | None], Table]
Report = Callable[[str, int | None, int | None], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the search found for one teacher.

    Attributes
    ----------
    choices : tuple of Choice or None
        The plan, None without one.
    values, bounds : dict
        By objective.
    unique : bool
        Whether the ties were broken to the end, so that the answer is the only one.
    """

    status: Status
    choices: tuple[Choice, ...] | None
    values: dict[ObjectiveName, int]
    bounds: dict[ObjectiveName, int | None]
    reasons: tuple[Message, ...] = ()
    unique: bool = False


class LexicographicSearch:
    """Search over one problem.

    Parameters
    ----------
    problem : TeacherProblem
    session : Session
    report : callable, optional
        Gets (stage, incumbent, bound) as they change.
    start : tuple of Choice, optional
        A plan to begin from.
    bounds : mapping, optional
        Lower bounds proven by an earlier search of the same problem whose plan is ``start``.
    break_ties : bool
        Whether to go on to the unique answer once the listed objectives are done.
    """

    def __init__(
        self,
        problem: TeacherProblem,
        session: Session,
        report: Report | None = None,
        start: tuple[Choice, ...] | None = None,
        bounds: Mapping[ObjectiveName, int | None] | None = None,
        *,
        break_ties: bool = True,
    ) -> None:
        self.problem = problem
        self.session = session
        self._report = report or (lambda *_: None)
        self._early: EarlyPlans | None = None
        self._known = dict(bounds or {})
        self._takes_all = takes_all(problem)
        self._breaks_ties = break_ties
        self._has_terms = has_terms(problem)
        self._models = Models(problem)
        self._best = BestPlan(problem)
        self._serial = SerialPlans(
            problem, self._models, self._best, session, takes_all=self._takes_all
        )
        self._bounds: dict[ObjectiveName, int | None] = {}
        if start is not None and is_plan(problem, start):
            self._best.adopt(start)

    def run(self) -> Answer:
        """Return the best answer within the session's limits."""
        if self.problem.obstacles:
            return self._no_plan(Status.INFEASIBLE, self.problem.obstacles)
        for spec in self.problem.objectives:
            failure = self._stage(spec.name)
            if failure is not None:
                return failure
            self._models.limit(spec.name, self._best.values[spec.name] + spec.tolerance)
        unique = self._break_ties()
        if self._best.choices is None:
            raise SolverFault("a search without objectives")
        tolerances = {s.name: s.tolerance for s in self.problem.objectives}
        proven = all(
            bound is not None and self._best.values[name] <= bound + tolerances[name]
            for name, bound in self._bounds.items()
        )
        status = Status.OPTIMAL if proven else Status.FEASIBLE
        return Answer(
            status, self._best.choices, dict(self._best.values), dict(self._bounds), unique=unique
        )

    # ---- one objective ---------------------------------------------------------------------

    def _stage(self, name: ObjectiveName) -> Answer | None:
        """Minimise one objective; return an answer only if there is no plan."""
        bound = self._choose(name)
        if self._best.is_proven(name, bound):
            self._ended(name, bound)
            return None
        scheduling = self._scheduling(name, bound)
        if scheduling is not None:
            # It reports the plans that are accepted: what the solver finds may be refused yet.
            self.session.on_incumbent = None
            scheduling.begin()
            bound = self._bound_of(scheduling)
        if self._pays_to_select(name, bound, scheduling):
            self._report_incumbents(name)
            share = SHARE if self._early is None else LESS
            selection = self._models.selection.minimise(
                name, self.session, share * self.session.effort_left
            )
            if selection.infeasible:
                if self._best.choices is not None:
                    raise SolverFault(f"selection refutes a plan at {name}")
                return self._no_plan(Status.INFEASIBLE, (Message.of("selection_infeasible"),))
            bound = _larger(selection.bound, bound)
            self._serial.construct_from(selection.modes, name, bound)
        if scheduling is not None and not self._best.is_proven(name, bound):
            self.session.on_incumbent = None
            scheduling.learn(bound or 0, self._best.choices)
            follows = any(self.problem.capacity) or name is not self.problem.objectives[-1].name
            share = SCHEDULING if follows else LAST_SCHEDULING
            scheduling.run(share * self.session.effort_left)
            bound = self._bound_of(scheduling)
        if not supports(self.problem):
            bound = self._improve_early(name, bound)
        self._report_incumbents(name)
        for table, profile, effort in self._attempts(after_schedule=scheduling is not None):
            if self._best.is_proven(name, bound) or self.session.stopped:
                break  # Even to build an encoding takes time.
            outcome = self._try(table(name), profile, effort, name, bound)
            if outcome.infeasible:
                return self._confirm_infeasible()
            bound = _larger(bound, outcome.bound)
            bound = self._improve_early(name, bound)
        if self._best.choices is None:
            code = "cancelled" if self.session.is_cancelled else "time_ran_out"
            self._bounds[name] = bound
            return self._no_plan(Status.UNKNOWN, (Message.of(code),))
        self._ended(name, bound)
        return None

    def _report_incumbents(self, name: ObjectiveName) -> None:
        """Report what the solver finds from now on as values of an objective."""
        self.session.on_incumbent = lambda value, bound: self._report(name.value, value, bound)

    def _ended(self, name: ObjectiveName, bound: int | None) -> None:
        """Take down what an objective has reached."""
        self._bounds[name] = bound
        self._report(name.value, self._best.values[name], bound)

    def _choose(self, name: ObjectiveName) -> int | None:
        """Look for the cheapest choice of modules where the first objective is their sum.

        Returns the largest bound that is known.
        """
        known = self._known.get(name)
        if self._pays_to_look_ahead(name) and not self._best.is_proven(name, known):
            self._look_ahead(name, known)
        if not self._pays_to_choose(name) or self._best.is_proven(name, known):
            return known
        self.session.on_incumbent = None
        with collection_paused():
            plan = self._best.choices
            taken = None if plan is None else {choice.module for choice in plan}
            chosen = choose(self.problem, name, self.session, taken)
            self._models.hit(chosen.landmarks)
            bound = _larger(known, chosen.bound)
            self._serial.construct(chosen.modes, name, bound)
        self._report(name.value, self._best.values.get(name), bound)
        return bound

    def _pays_to_choose(self, name: ObjectiveName) -> bool:
        """Return whether the sum over modules comes first, and there are many of them."""
        spec = leading_sum(self.problem)
        return spec is not None and spec.name is name and len(self.problem.modules) >= MANY

    def _pays_to_look_ahead(self, name: ObjectiveName) -> bool:
        """Return whether the choice of least hours tells what a plan that ends soon may take."""
        many = len(self.problem.modules) >= MANY_FOR_HOURS
        return name is ObjectiveName.COMPLETION and many and not self._takes_all

    def _look_ahead(self, name: ObjectiveName, bound: int | None) -> None:
        """Look for the choice of least hours, for its landmarks and for a first plan."""
        own = self.session.part(min(QUICK, SHARE * self.session.effort_left))
        with collection_paused():
            chosen = choose(self.problem, ObjectiveName.STUDY_HOURS, own)
            self._models.hit(chosen.landmarks)
            self.session.absorb(own)
            self._serial.construct(chosen.modes, name, bound)
            self._early = EarlyPlans(
                self.problem,
                self._models.heads,
                chosen,
                self.session,
                lambda plan: self._offer(plan, name),
            )
            self._early.begin(bound or 0, EARLY * self.session.effort_left)

    def _improve_early(self, name: ObjectiveName, bound: int | None) -> int | None:
        """Look for a better bound and better plans once, where there is a gap."""
        early, self._early = self._early, None
        if early is None or self._best.is_proven(name, bound):
            return bound
        self.session.on_incumbent = None
        share = MORE_EARLY if supports(self.problem) else MOST_EARLY
        effort = share * self.session.effort_left
        bound = _larger(bound, early.improve(bound or 0, self._best.values.get(name), effort))
        self._report_incumbents(name)
        return bound

    def _scheduling(self, name: ObjectiveName, bound: int | None) -> ScheduleSearch | None:
        """Return a search for the completion of modules that all must be taken, else None."""
        if name is not ObjectiveName.COMPLETION or not self._takes_all:
            return None

        def offer(choices: tuple[Choice, ...]) -> int | None:
            self._offer(choices, name)
            self._report(name.value, self._best.values.get(name), None)
            return self._best.values.get(name)

        return ScheduleSearch(
            self.problem, self._models.limits, self.session, offer, bound or 0, self._best.choices
        )

    def _bound_of(self, scheduling: ScheduleSearch) -> int:
        """Return the bound of completion that a search has proven."""
        low = scheduling.proof.low
        return min(low, self._best.values.get(ObjectiveName.COMPLETION, low))

    def _pays_to_select(
        self, name: ObjectiveName, bound: int | None, scheduling: ScheduleSearch | None
    ) -> bool:
        """Return whether the choice of modules and modes alone can tell anything new.

        Where they all must be taken and there is a plan, it could tell how study hours bound it.
        """
        if scheduling is None or self._best.choices is None:
            return True
        return any(self.problem.capacity) and not self._best.is_proven(name, bound)

    def _attempts(self, *, after_schedule: bool) -> Iterator[tuple[Builder, Profile, float]]:
        """Yield encodings with a profile and the most effort, the cheapest first."""
        session = self.session
        if after_schedule and self._best.choices is not None and not any(self.problem.capacity):
            return  # The linear relaxation would see study hours, and there are none.
        if not supports(self.problem):
            yield self._intervals, Profile.INTERVALS, SHARE * session.effort_left
            return
        if not self._has_terms:
            yield self._intervals, Profile.INTERVALS, min(QUICK, SHARE * session.effort_left)
        for profile in (Profile.PERIODS_RELAXED, Profile.PERIODS):
            if session.effort_left >= LEAST_FOR_PERIODS and not session.stopped:
                yield self._over_periods, profile, SHARE * session.effort_left

    def _try(
        self, table: Table, profile: Profile, effort: float, name: ObjectiveName, bound: int | None
    ) -> Outcome:
        """Minimise one objective over one encoding, and adopt what it finds."""
        table.model.minimize(table.expression(name))
        if self._best.choices is not None:
            table.hint(self._best.choices)
        outcome = self.session.solve(table.model, profile, effort=effort, known_bound=bound)
        if outcome.infeasible and self._best.choices is not None:
            raise SolverFault(f"the timetable refutes a plan at {name}")
        if outcome.solution is not None:
            self._offer(table.read(outcome.solution), name)
        return outcome

    def _intervals(self, name: ObjectiveName | None = None) -> Table:
        return self._models.intervals(self._serial.latest_end(name))

    def _over_periods(self, name: ObjectiveName | None = None) -> Table:
        return self._models.over_periods(self._serial.latest_end(name))

    def _confirm_infeasible(self) -> Answer:
        """Return infeasible only if a second configuration of the solver agrees."""
        table = self._models.confirming()
        outcome = self.session.solve(
            table.model, Profile.CONFIRM, effort=max(QUICK, self.session.effort_left)
        )
        if outcome.solution is not None:
            raise SolverFault("two configurations of the solver contradict each other")
        if outcome.infeasible:
            return self._no_plan(Status.INFEASIBLE, (Message.of("schedule_infeasible"),))
        return self._no_plan(Status.UNKNOWN, (Message.of("time_ran_out"),))

    def _offer(self, choices: tuple[Choice, ...] | None, name: ObjectiveName) -> None:
        """Adopt a plan if it keeps the limits and is better in the objective at hand."""
        self._best.offer(choices, name, self._models.limits)

    def _no_plan(self, status: Status, reasons: Sequence[Message]) -> Answer:
        bounds = {s.name: self._bounds.get(s.name) for s in self.problem.objectives}
        return Answer(status, None, {}, bounds, tuple(reasons))

    # ---- ties ------------------------------------------------------------------------------

    def _break_ties(self) -> bool:
        """Go on to the unique answer; return whether all was proven."""
        size = sum(len(k.starts) for m in self.problem.modules for k in m.modes)
        if not self._breaks_ties or size > LARGEST_TIMETABLE:
            return False
        if self._best.choices is None or self.session.stopped:
            return False
        self._report("ties", None, None)
        self.session.on_incumbent = None
        breaker = TieBreaker(
            self.problem,
            self.session,
            self._best.choices,
            adopt=self._best.adopt,
            table=self._over_periods if self._has_terms else self._intervals,
            selection=lambda: self._models.selection,
        )
        return breaker.run()


def _larger(first: int | None, second: int | None) -> int | None:
    """Return the larger of two bounds, either of which may be missing."""
    return max((b for b in (first, second) if b is not None), default=None)


def search(
    problem: TeacherProblem,
    session: Session,
    report: Report | None = None,
    start: tuple[Choice, ...] | None = None,
    bounds: Mapping[ObjectiveName, int | None] | None = None,
    *,
    break_ties: bool = True,
) -> Answer:
    """Return the lexicographic optimum of a problem, or the best within the limits."""
    return LexicographicSearch(problem, session, report, start, bounds, break_ties=break_ties).run()
