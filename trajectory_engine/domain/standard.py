"""The ministry standard: typed rules with a citation and their numbers as parameters.

In the formulas, x(m, k) is 1 if module m is taken in mode k, and the sums run over the modules
and modes that the rule's selector covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.funding import Share


class Measure(StrEnum):
    """What a rule adds up. Credits are hundredths, hours are academic hours."""

    CREDITS = "credits"
    HOURS = "hours"
    CONTACT_HOURS = "contact_hours"
    INDEPENDENT_HOURS = "independent_hours"
    PRACTICE_HOURS = "practice_hours"

    def of(self, mode: Mode) -> int:
        """Return the amount that a mode contributes."""
        return int(getattr(mode, self.value))


@dataclass(frozen=True, slots=True)
class Selector:
    """Which modules, in which modes, a rule speaks of; an empty tuple does not restrict."""

    modules: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()

    def covers(self, module: Module, mode: Mode) -> bool:
        """Return whether the module taken in this mode is selected."""
        return (
            (not self.modules or module.id in self.modules)
            and (not self.components or module.component in self.components)
            and (not self.groups or module.group in self.groups)
            and (not self.forms or mode.form in self.forms)
            and (not self.providers or mode.provider in self.providers)
        )


EVERYTHING = Selector()


@dataclass(frozen=True, slots=True)
class RequiredRule:
    """Every module in ``modules`` is taken, replaced or completed; every node in ``nodes`` formed.

    Formed means known, or attained by the end of the plan.
    """

    modules: tuple[str, ...] = ()
    nodes: tuple[NodeRef, ...] = ()


@dataclass(frozen=True, slots=True)
class AmountRule:
    """``least <= sum of measure(k) x(m, k) <= most``; None leaves a side open."""

    measure: Measure
    least: int | None = None
    most: int | None = None
    scope: Selector = EVERYTHING


@dataclass(frozen=True, slots=True)
class ShareRule:
    """``least <= part / whole <= most`` with part over ``part`` and whole over ``scope``.

    Exact in integers: ``denominator x part >= numerator x whole``; an empty plan satisfies it.
    A module counts in the part if both selectors cover it.
    """

    measure: Measure
    part: Selector
    least: Share | None = None
    most: Share | None = None
    scope: Selector = EVERYTHING


@dataclass(frozen=True, slots=True)
class OrderRule:
    """``end(a) <= start(b)`` for every taken a covered by ``before`` and b by ``after``, a != b."""

    before: Selector
    after: Selector


@dataclass(frozen=True, slots=True)
class ExclusionRule:
    """At most one module covered by ``scope`` is taken."""

    scope: Selector


@dataclass(frozen=True, slots=True)
class AtLeastRule:
    """At least ``k`` modules covered by ``scope`` are taken."""

    k: int
    scope: Selector


RuleBody = RequiredRule | AmountRule | ShareRule | OrderRule | ExclusionRule | AtLeastRule


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a standard.

    Attributes
    ----------
    seen : str
        How the citation was checked: ``stored_primary``, ``stored_secondary``,
        ``general_knowledge`` or ``invented``.
    valid_from, valid_to : date or None
        The rule binds a scenario whose calendar overlaps these dates (inclusive).
    enabled : bool
        A rule that is not enabled is documentation only.
    """

    id: str
    title: str
    body: RuleBody
    citation: str = ""
    seen: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    enabled: bool = True

    def binds(self, first: date, last: date) -> bool:
        """Return whether the rule binds an axis from ``first`` to ``last``, both inclusive."""
        return (
            self.enabled
            and (self.valid_from is None or self.valid_from <= last)
            and (self.valid_to is None or self.valid_to >= first)
        )


@dataclass(frozen=True, slots=True)
class Standard:
    """A set of rules with an identifier and a name."""

    id: str = ""
    name: str = ""
    rules: tuple[Rule, ...] = ()
