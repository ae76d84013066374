"""The answer to a small planning problem by enumeration, from the semantics alone.

Every choice of modules and modes is listed, every calendar of it is walked through period by
period.  The only cuts are of calendars that already break a limit: a limit of the problem, a
value reached by an earlier stage of the lexicographic order, or the best value seen so far.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from oracle.calendars import NO_LIMIT, Calendar, Calendars, Limit
from oracle.deciding import VARIANTS
from oracle.knowledge import knowledge_of
from oracle.priors import settled
from oracle.purses import MONEY
from oracle.selections import Chooser, Selection
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.plan import Status
from trajectory_engine.domain.scenario import ObjectiveName, Scenario

SignatureRow = tuple[str, str, str | None, int]
"""Module, mode, run, start."""


@dataclass(frozen=True)
class OracleAnswer:
    """The one right answer.

    Attributes
    ----------
    status : Status
        ``optimal`` or ``infeasible``.
    objectives : dict or None
        Values of the unique plan, in the scenario's order.
    plan_signature : tuple of SignatureRow or None
        The steps of the unique plan by module id.
    deciding : set of str
        Which of ``circular``, ``or``, ``derived`` decide the optimum.
    best : dict or None
        The best value of every objective at its own stage; the plan's value may exceed it by
        the tolerance.
    """

    status: Status
    objectives: dict[str, int] | None
    plan_signature: tuple[SignatureRow, ...] | None
    deciding: set[str] = field(default_factory=set)
    best: dict[str, int] | None = None


class Search:
    """The lexicographic optimum over every selection and calendar of one teacher."""

    def __init__(self, scenario: Scenario, teacher: Teacher, circular: bool) -> None:
        knowledge = knowledge_of(scenario.model, settled(scenario, teacher))
        self.scenario = scenario
        self.calendars = Calendars(scenario, teacher, knowledge)
        self.selections = list(Chooser(scenario, teacher, knowledge, circular).selections())

    def best_values(self) -> dict[ObjectiveName, int] | None:
        """Return the best value of every objective at its stage, None if there is no plan."""
        self.selections = [
            s for s in self.selections if next(self.calendars.of(s, Limit()), None) is not None
        ]
        if not self.selections:
            return None
        best: dict[ObjectiveName, int] = {}
        caps: dict[ObjectiveName, int] = {}
        for spec in self.scenario.objectives:
            best[spec.name] = self._least(spec.name, caps)
            caps[spec.name] = best[spec.name] + spec.tolerance
        return best

    def unique_plan(
        self, best: dict[ObjectiveName, int]
    ) -> tuple[dict[str, int], tuple[SignatureRow, ...]]:
        """Return objectives and signature of the first plan by the chain of tie-breaks."""
        caps = {s.name: best[s.name] + s.tolerance for s in self.scenario.objectives}
        limit = self._limit(caps)
        found: tuple[_TieKey, Selection, Calendar] | None = None
        for selection in sorted(self._allowed(caps), key=lambda s: len(s.offers)):
            if found is not None and len(selection.offers) > found[0][0]:
                break
            for calendar in self.calendars.of(selection, limit):
                key = _tie_key(selection, calendar)
                if found is None or key < found[0]:
                    found = key, selection, calendar
                    limit.start_sum = key[1]
        if found is None:
            raise AssertionError("the best values of the stages are not reached together")
        _, selection, calendar = found
        values = {
            str(s.name): _value(s.name, selection, calendar) for s in self.scenario.objectives
        }
        rows = sorted(
            (o.module.id, o.mode.id, o.starts[start][1], start)
            for o, start in zip(selection.offers, calendar.starts, strict=True)
        )
        return values, tuple(rows)

    def _least(self, name: ObjectiveName, caps: dict[ObjectiveName, int]) -> int:
        """Return the least value of an objective among the plans within the caps."""
        limit = self._limit(caps)
        least = NO_LIMIT
        for selection in self._allowed(caps):
            if name not in _OF_CALENDAR:
                value = _OF_SELECTION[name](selection)
                if value < least and next(self.calendars.of(selection, limit), None) is not None:
                    least = value
                continue
            for calendar in self.calendars.of(selection, limit):
                least = _value(name, selection, calendar)
                if name is ObjectiveName.COMPLETION:
                    limit.completion = least - 1
                elif name in MONEY:
                    limit.money[name] = least - 1
                elif name is ObjectiveName.PEAK_LOAD:
                    limit.peak = least - 1
                else:
                    limit.broken = least - 1
        return least

    def _allowed(self, caps: dict[ObjectiveName, int]) -> list[Selection]:
        return [
            s
            for s in self.selections
            if all(value(s) <= caps.get(name, NO_LIMIT) for name, value in _OF_SELECTION.items())
        ]

    def _limit(self, caps: dict[ObjectiveName, int]) -> Limit:
        return Limit(
            caps.get(ObjectiveName.COMPLETION, NO_LIMIT),
            caps.get(ObjectiveName.PEAK_LOAD, NO_LIMIT),
            money={name: caps[name] for name in MONEY if name in caps},
            broken=caps.get(ObjectiveName.SOFT_RULES, NO_LIMIT),
        )


_OF_SELECTION = {
    ObjectiveName.UNMET_GOALS: lambda s: s.unmet,
    ObjectiveName.STUDY_HOURS: lambda s: s.hours,
    ObjectiveName.COST: lambda s: s.cost,
}
_OF_CALENDAR = {
    ObjectiveName.COMPLETION: lambda c: c.completion,
    ObjectiveName.PEAK_LOAD: lambda c: c.peak,
    ObjectiveName.OWN_COST: lambda c: c.money[ObjectiveName.OWN_COST],
    ObjectiveName.FUNDING_ORDER: lambda c: c.money[ObjectiveName.FUNDING_ORDER],
    ObjectiveName.SOFT_RULES: lambda c: c.broken,
}

_TieKey = tuple[int, int, tuple[str, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""Modules, sum of starts, ids, ranks of the modes, starts, ranks of the runs."""


def _value(name: ObjectiveName, selection: Selection, calendar: Calendar) -> int:
    if name in _OF_CALENDAR:
        return _OF_CALENDAR[name](calendar)
    return _OF_SELECTION[name](selection)


def _tie_key(selection: Selection, calendar: Calendar) -> _TieKey:
    steps = sorted(
        zip(selection.offers, calendar.starts, strict=True), key=lambda step: step[0].module.id
    )
    return (
        len(steps),
        sum(start for _, start in steps),
        tuple(o.module.id for o, _ in steps),
        tuple(o.rank for o, _ in steps),
        tuple(start for _, start in steps),
        tuple(o.starts[start][0] for o, start in steps),
    )


def optimum(scenario: Scenario, teacher_id: str, circular: bool = False) -> OracleAnswer:
    """Return the answer without saying what decides it.

    Parameters
    ----------
    circular : bool
        Let modules that only justify each other be taken all the same.
    """
    teacher = next(t for t in scenario.teachers if t.id == teacher_id)
    search = Search(scenario, teacher, circular)
    best = search.best_values()
    if best is None:
        return OracleAnswer(Status.INFEASIBLE, None, None)
    values, signature = search.unique_plan(best)
    return OracleAnswer(
        Status.OPTIMAL, values, signature, best={str(n): v for n, v in best.items()}
    )


def solve_by_enumeration(scenario: Scenario, teacher_id: str) -> OracleAnswer:
    """Return the one right answer for a teacher planned alone, and what decides it.

    Parameters
    ----------
    scenario : Scenario
        Small: up to about seven modules with two modes and ten periods.
    teacher_id : str
    """
    answer = optimum(scenario, teacher_id)
    return OracleAnswer(
        answer.status,
        answer.objectives,
        answer.plan_signature,
        deciding_features(scenario, teacher_id, answer),
        answer.best,
    )


def deciding_features(
    scenario: Scenario, teacher_id: str, answer: OracleAnswer | None = None
) -> set[str]:
    """Return which features decide the answer: without them it is another.

    ``circular``: if modules that only justify each other could be taken, ``or``: if only the
    first alternatives of every requirement counted, ``derived``: if f formed nothing by
    itself, or if measurements did not refute it.
    """
    answer = answer or optimum(scenario, teacher_id)
    found = set()
    if optimum(scenario, teacher_id, circular=True).best != answer.best:
        found.add("circular")
    for feature, without in VARIANTS:
        variant = without(scenario)
        if variant is not scenario and optimum(variant, teacher_id).best != answer.best:
            found.add(feature)
    return found
