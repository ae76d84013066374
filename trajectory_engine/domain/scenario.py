"""A scenario: all facts of a planning run, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.catalogue import Module, Resource, Run, Window
from trajectory_engine.domain.competence import (
    ElementTable,
    PedagogicalCompetence,
    ProfessionalElement,
    ProfessionalMatrix,
    SocialCompetence,
    SubjectCompetence,
    SubjectMatrix,
)
from trajectory_engine.domain.formation import Formation, FormationRule
from trajectory_engine.domain.funding import CALENDAR_YEAR, SELF, FiscalYear, Fund
from trajectory_engine.domain.people import Decision, DiagnosisRule, Goal, Profile, Teacher
from trajectory_engine.domain.repair_prices import DEFAULT_PRICES, RepairPrices
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.standard import Rule, Standard
from trajectory_engine.domain.tasks import PedagogicalTask
from trajectory_engine.domain.waivers import Substitution, Waiver

DEFAULT_DIAGNOSIS = DiagnosisRule()
NO_STANDARD = Standard()


@dataclass(frozen=True)
class CompetenceModel:
    """Competences, f, prerequisites, tasks and profiles of one field.

    Attributes
    ----------
    formation : FormationRule
        f, for all elements of B.
    balance_tolerance : int
        Per cent by which the sides of a pyramid may differ and still count as balanced.
    """

    id: str
    name: str
    subject: tuple[SubjectCompetence, ...]
    pedagogical: tuple[PedagogicalCompetence, ...]
    social: tuple[SocialCompetence, ...]
    professional: tuple[ProfessionalElement, ...]
    formation: FormationRule
    prerequisites: tuple[Requirement, ...] = ()
    tasks: tuple[PedagogicalTask, ...] = ()
    profiles: tuple[Profile, ...] = ()
    diagnosis: DiagnosisRule = DEFAULT_DIAGNOSIS
    balance_tolerance: int = 20

    @cached_property
    def elements(self) -> ElementTable:
        """All elements by key."""
        return ElementTable((*self.subject, *self.pedagogical, *self.social, *self.professional))

    @cached_property
    def f(self) -> Formation:
        """The rule f over the levels that exist."""
        return self.formation.over(self.elements.levels)

    @cached_property
    def subject_matrix(self) -> SubjectMatrix:
        """A (5 x t)."""
        return SubjectMatrix(self.subject)

    @cached_property
    def professional_matrix(self) -> ProfessionalMatrix:
        """B, the cells that occur."""
        return ProfessionalMatrix(self.professional)

    @cached_property
    def task_by_id(self) -> Mapping[str, PedagogicalTask]:
        """Tasks by id."""
        return {t.id: t for t in self.tasks}

    @cached_property
    def profile_by_id(self) -> Mapping[str, Profile]:
        """Profiles by id."""
        return {p.id: p for p in self.profiles}


class ObjectiveName(StrEnum):
    """What a scenario can minimise."""

    UNMET_GOALS = "unmet_goals"
    COMPLETION = "completion"
    STUDY_HOURS = "study_hours"
    COST = "cost"
    PEAK_LOAD = "peak_load"
    OWN_COST = "own_cost"
    FUNDING_ORDER = "funding_order"
    SOFT_RULES = "soft_rules"


class RecognitionPolicy(StrEnum):
    """What a recognised level implies: the lower ones, or also what every way to it needs."""

    LADDER = "ladder"
    PREREQUISITES = "prerequisites"


class PastModules(StrEnum):
    """What a completion record is: history only, or also recognition of what the module teaches."""

    HISTORY = "history"
    RECOGNISE = "recognise"


@dataclass(frozen=True, slots=True)
class ObjectiveSpec:
    """One stage of the lexicographic order.

    Attributes
    ----------
    tolerance : int
        How much worse than its best value later stages may make it, in its own unit.
    """

    name: ObjectiveName
    tolerance: int = 0


DEFAULT_OBJECTIVES = tuple(
    ObjectiveSpec(n)
    for n in (
        ObjectiveName.UNMET_GOALS,
        ObjectiveName.COMPLETION,
        ObjectiveName.STUDY_HOURS,
        ObjectiveName.COST,
    )
)


def default_objectives(standard: Standard) -> tuple[ObjectiveSpec, ...]:
    """Return the objectives of a scenario that lists none.

    An enabled soft rule puts ``soft_rules`` right after ``unmet_goals``.
    """
    if all(r.hard or not r.enabled for r in standard.rules):
        return DEFAULT_OBJECTIVES
    first, *rest = DEFAULT_OBJECTIVES
    return (first, ObjectiveSpec(ObjectiveName.SOFT_RULES), *rest)


@dataclass(frozen=True)
class Scenario:
    """Everything that a planning run needs to know.

    Attributes
    ----------
    modules : tuple of Module
        The catalogue.
    currency : str
        ISO 4217 code; money everywhere is in its minor units.
    objectives : tuple of ObjectiveSpec
        Lexicographic order, first the most important; names are distinct.
    repairs : RepairPrices
        What changing a limit costs where a repair is looked for.
    fiscal_year : FiscalYear
        When the years of the funds' yearly budgets begin.
    recognition : RecognitionPolicy
    past_modules : PastModules
    """

    id: str
    name: str
    model: CompetenceModel
    modules: tuple[Module, ...]
    calendar: Calendar
    teachers: tuple[Teacher, ...]
    standard: Standard = NO_STANDARD
    funds: tuple[Fund, ...] = ()
    resources: tuple[Resource, ...] = ()
    runs: tuple[Run, ...] = ()
    windows: tuple[Window, ...] = ()
    decisions: tuple[Decision, ...] = ()
    objectives: tuple[ObjectiveSpec, ...] = DEFAULT_OBJECTIVES
    currency: str = "KZT"
    fiscal_year: FiscalYear = CALENDAR_YEAR
    recognition: RecognitionPolicy = RecognitionPolicy.LADDER
    past_modules: PastModules = PastModules.HISTORY
    waivers: tuple[Waiver, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    repairs: RepairPrices = DEFAULT_PRICES

    @cached_property
    def module_by_id(self) -> Mapping[str, Module]:
        """Modules by id."""
        return {m.id: m for m in self.modules}

    @cached_property
    def teacher_by_id(self) -> Mapping[str, Teacher]:
        """Teachers by id."""
        return {t.id: t for t in self.teachers}

    @cached_property
    def binding_rules(self) -> tuple[Rule, ...]:
        """Rules of the standard that are enabled and valid on the scenario's calendar.

        Of several versions of one id the first that is valid on the calendar.
        """
        first = self.calendar.boundaries[0]
        last = self.calendar.end_date(self.calendar.horizon)
        valid = [r for r in self.standard.rules if r.binds(first, last)]
        earliest: dict[str, Rule] = {}
        for rule in valid:
            other = earliest.get(rule.id)
            if other is None or (rule.valid_from or date.min) < (other.valid_from or date.min):
                earliest[rule.id] = rule
        return tuple(r for r in valid if earliest[r.id] is r)

    def rules_of(self, teacher: str) -> tuple[Rule, ...]:
        """Return the rules that bind a teacher: those that bind, without the ones waived."""
        waived = {w.rule for w in self.waivers if w.concerns(teacher) and self.in_force(w)}
        return tuple(r for r in self.binding_rules if r.id not in waived)

    def substitutes(self, teacher: str) -> dict[str, tuple[str, ...]]:
        """Return what stands for a module for a teacher by substitutions in force, by module."""
        found: dict[str, tuple[str, ...]] = {}
        for s in self.substitutions:
            if s.concerns(teacher) and self.in_force(s):
                found[s.instead_of] = (*found.get(s.instead_of, ()), s.module)
        return found

    def completed_by(self, teacher: Teacher) -> frozenset[str]:
        """Return what a teacher has completed: modules, and records that do not lapse.

        A module among them is not offered again, and satisfies references to it.
        """
        last = self.calendar.end_date(self.calendar.horizon)
        lasting = (r.module for r in teacher.records if not r.lapses_by(last))
        return frozenset((*teacher.completed, *lasting))

    def in_force(self, exception: Waiver | Substitution) -> bool:
        """Return whether an exception had not ended before the calendar's first day."""
        return exception.until >= self.calendar.boundaries[0]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Fiscal year of every period: that of its first day, on which its payments are booked."""
        return tuple(map(self.fiscal_year.of, self.calendar.boundaries[:-1]))

    def year_of(self, start: int) -> int:
        """Return the fiscal year in which a step with this start is paid.

        A step without duration that starts at H belongs to the year of the last period.
        """
        return self.years[min(start, self.calendar.horizon - 1)]

    @cached_property
    def preferred_funds(self) -> tuple[Fund, ...]:
        """Sources of money in the order in which they are used.

        That is the listed order; the teacher's own money goes last where ``own_cost`` is an
        objective.
        """
        own = any(o.name is ObjectiveName.OWN_COST for o in self.objectives)
        return tuple(sorted(self.funds, key=lambda f: own and f.id == SELF))

    def goals_of(self, teacher: Teacher) -> tuple[Goal, ...]:
        """Return the goals of a teacher: those of the profile, then the teacher's own.

        A goal of the teacher's own on the same node or task replaces the profile's.
        """
        profile = self.model.profile_by_id.get(teacher.profile)
        merged: dict[str, Goal] = {}
        for goal in (*(profile.goals if profile else ()), *teacher.goals):
            merged[str(goal)] = goal
        return tuple(merged.values())

    def to_json(self) -> str:
        """Return the canonical JSON of the scenario."""
        from trajectory_engine.domain.serial import scenario_to_json

        return scenario_to_json(self)

    @staticmethod
    def from_json(text: str | bytes) -> Scenario:
        """Return the scenario of a JSON text; only its structure is checked.

        Raises
        ------
        InputError
            If the text is not JSON or does not fit the structure.
        """
        from trajectory_engine.domain.serial import scenario_from_json

        return scenario_from_json(text)
