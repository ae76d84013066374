"""Is there a plan at all?  The first one found, or a proof that there is none.

Cheapest first: obstacles and earliest instants on the graph, the choice of modules with the
calendar left aside, a serial schedule of it, then the whole problem with intervals and with period
literals.  No objective is minimised for its own sake.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trajectory_engine.cpsat.lexicographic import LARGEST_TIMETABLE, Answer
from trajectory_engine.cpsat.periods import PeriodTimetable, supports
from trajectory_engine.cpsat.selection import SelectionModel
from trajectory_engine.cpsat.session import Outcome, Profile, Session, SolverFault
from trajectory_engine.cpsat.timetable import Timetable
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName
from trajectory_engine.heuristics.serial import schedule
from trajectory_engine.problem.evaluate import attain, is_plan, objective_values
from trajectory_engine.problem.heads import Heads, compute_heads
from trajectory_engine.problem.teacher_problem import Choice, TeacherProblem

SHARE = 0.3
"""Part of the effort left that one call may use."""


def find_plan(
    problem: TeacherProblem,
    session: Session,
    *,
    confirm: bool = True,
    guesses: Iterable[tuple[Choice, ...]] = (),
) -> Answer:
    """Return the first plan found, or that there is none, or that neither was shown.

    Parameters
    ----------
    guesses : iterable of plans
        Tried before anything is searched.
    confirm : bool
        Say "infeasible" only if a second configuration of the solver agrees; what the graph
        alone refutes needs no confirmation.
    """
    if problem.obstacles:
        return _without_plan(problem, Status.INFEASIBLE, problem.obstacles)
    for guess in guesses:
        if is_plan(problem, guess):
            return _with_plan(problem, guess)
    heads = compute_heads(problem)
    if not _within_reach(problem, heads):
        return _without_plan(problem, Status.INFEASIBLE, (Message.of("schedule_infeasible"),))
    selection = SelectionModel(problem, heads).minimise(
        ObjectiveName.STUDY_HOURS, session, SHARE * session.effort_left
    )
    if selection.infeasible:
        return _refuted(problem, heads, session, "selection_infeasible", confirm=confirm)
    if selection.modes is not None:
        choices = schedule(problem, selection.modes)
        if choices is not None:
            return _with_plan(problem, choices)
    outcome, choices = _search(problem, heads, session)
    if choices is not None:
        return _with_plan(problem, choices)
    if outcome.infeasible:
        return _refuted(problem, heads, session, "schedule_infeasible", confirm=confirm)
    return _unknown(problem, session)


def _within_reach(problem: TeacherProblem, heads: Heads) -> bool:
    """Return whether every goal can be formed, and every clause met, by the deadline at all."""
    goals = all(
        any(all(heads.formed[c] is not None for c in way) for way in goal.ways)
        for goal in problem.hard_goals
    )
    return goals and all(
        any(
            heads.first_start(problem, m, k) is not None
            for m in clause.modules
            for k in range(len(problem.modules[m].modes))
        )
        for clause in problem.clauses
    )


def _search(
    problem: TeacherProblem, heads: Heads, session: Session
) -> tuple[Outcome, tuple[Choice, ...] | None]:
    """Try the encodings of the whole problem, the cheaper one first."""
    outcome = Outcome(False, None, None, None)
    for encoding, profile in ((Timetable, Profile.INTERVALS), (PeriodTimetable, Profile.PERIODS)):
        if encoding is PeriodTimetable and not supports(problem):
            continue
        table: Timetable | PeriodTimetable = encoding(problem, heads)
        outcome = session.solve(table.model, profile, effort=SHARE * session.effort_left)
        if outcome.solution is not None:
            return outcome, table.read(outcome.solution)
        if outcome.infeasible or session.stopped:
            break
    return outcome, None


def _refuted(
    problem: TeacherProblem, heads: Heads, session: Session, code: str, *, confirm: bool
) -> Answer:
    if not confirm:
        return _without_plan(problem, Status.INFEASIBLE, (Message.of(code),))
    size = sum(len(k.starts) for m in problem.modules for k in m.modes)
    if session.stopped or size > LARGEST_TIMETABLE:
        return _unknown(problem, session)
    encoding = PeriodTimetable if supports(problem) else Timetable
    table: Timetable | PeriodTimetable = encoding(problem, heads)
    outcome = session.solve(table.model, Profile.CONFIRM, effort=session.effort_left)
    if outcome.solution is not None:
        raise SolverFault("two configurations of the solver contradict each other")
    if outcome.infeasible:
        return _without_plan(problem, Status.INFEASIBLE, (Message.of(code),))
    return _unknown(problem, session)


def _with_plan(problem: TeacherProblem, choices: tuple[Choice, ...]) -> Answer:
    state = attain(problem, choices)
    if state is None or not is_plan(problem, choices):
        raise SolverFault("a plan does not satisfy its own problem")
    values = objective_values(problem, choices, state)
    names = [s.name for s in problem.objectives]
    plan = tuple(sorted(choices, key=lambda c: (c.start, c.module)))
    return Answer(Status.FEASIBLE, plan, {n: values[n] for n in names}, dict.fromkeys(names))


def _without_plan(problem: TeacherProblem, status: Status, reasons: Sequence[Message]) -> Answer:
    return Answer(status, None, {}, {s.name: None for s in problem.objectives}, tuple(reasons))


def _unknown(problem: TeacherProblem, session: Session) -> Answer:
    code = "cancelled" if session.is_cancelled else "time_ran_out"
    return _without_plan(problem, Status.UNKNOWN, (Message.of(code),))
