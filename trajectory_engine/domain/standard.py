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
    """What a rule adds up. Credits are hundredths, hours academic hours; a module counts 1."""

    CREDITS = "credits"
    HOURS = "hours"
    CONTACT_HOURS = "contact_hours"
    INDEPENDENT_HOURS = "independent_hours"
    PRACTICE_HOURS = "practice_hours"
    MODULES = "modules"

    def of(self, mode: Mode) -> int:
        """Return the amount that a module taken in a mode contributes."""
        return 1 if self is Measure.MODULES else int(getattr(mode, self.value))

    def text(self, amount: int) -> str:
        """Return an amount with its unit as people write it.

        Examples
        --------
        >>> Measure.CREDITS.text(110), Measure.CONTACT_HOURS.text(20), Measure.MODULES.text(1)
        ('1.10 credits', '20 contact hours', '1 module')
        """
        unit = self.value.replace("_", " ")
        if self is Measure.CREDITS:
            return f"{amount // 100}.{amount % 100:02} {unit}"
        return f"{amount} {unit.removesuffix('s') if amount == 1 else unit}"


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


class Stretch(StrEnum):
    """The stretches of time for each of which a rule holds by itself."""

    PLAN = "plan"
    YEAR = "year"
    TERM = "term"
    PERIOD = "period"


class Over(StrEnum):
    """In which stretches a least amount holds: in all, or where a step of the plan ends."""

    ALL = "all"
    USED = "used"


@dataclass(frozen=True, slots=True)
class TimeScope:
    """A rule holds for every ``per`` by itself; a step counts where it ends.

    Attributes
    ----------
    year_starts : int
        Month (1 to 12) on whose first day a year begins: 1 for calendar years, 9 for academic
        ones; of no meaning for the other stretches.
    over : Over
        In which stretches a least amount holds.
    except_last : bool
        Whether a least amount holds only before the last stretch in which a step ends.
    """

    per: Stretch = Stretch.PLAN
    year_starts: int = 1
    over: Over = Over.ALL
    except_last: bool = False

    @property
    def is_conditional(self) -> bool:
        """Whether it depends on the plan in which stretches a least amount holds."""
        return self.over is not Over.ALL or self.except_last


WHOLE_PLAN = TimeScope()


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
    time: TimeScope = WHOLE_PLAN


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
    time: TimeScope = WHOLE_PLAN


@dataclass(frozen=True, slots=True)
class AtLeastRule:
    """At least ``k`` modules covered by ``scope`` are taken."""

    k: int
    scope: Selector
    time: TimeScope = WHOLE_PLAN


@dataclass(frozen=True, slots=True)
class AtMostRule:
    """At most ``k`` modules covered by ``scope`` are taken; 0 forbids them."""

    k: int
    scope: Selector
    time: TimeScope = WHOLE_PLAN


class Qualification(StrEnum):
    """What is one qualification: a module, or the modules of a group together."""

    MODULE = "module"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class SizeRule:
    """``least <= measure <= most`` for each qualification of which something is taken."""

    measure: Measure
    least: int | None = None
    most: int | None = None
    each: Qualification = Qualification.MODULE
    scope: Selector = EVERYTHING


@dataclass(frozen=True, slots=True)
class RecencyRule:
    """Records and steps of the last ``months`` before the end of ``by`` reach ``least``.

    Attributes
    ----------
    measure : Measure
        Hours, credits or modules: what a record can state.
    by : date or None
        Day on which it is judged; None is the last day of the calendar.
    """

    measure: Measure
    least: int
    months: int
    scope: Selector = EVERYTHING
    by: date | None = None

    def counts(self, day: date, last: date) -> bool:
        """Return whether a day lies in the window; ``last`` is the calendar's last day."""
        judged = self.by or last
        return months_before(judged, self.months) < day <= judged


def months_before(day: date, months: int) -> date:
    """Return the same day of the month so many months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    length = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, length))


@dataclass(frozen=True, slots=True)
class RenewalRule:
    """Records that lapse on the calendar are renewed in time by a module.

    Attributes
    ----------
    records : tuple of str
        Ids of the records it speaks of; empty means every record that expires.
    by : Selector or None
        Modules that renew; None is the module of the record's own id.
    """

    records: tuple[str, ...] = ()
    by: Selector | None = None


@dataclass(frozen=True, slots=True)
class Accreditation:
    """A provider with the days, both inclusive, on which it is accredited; None is open."""

    provider: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, first: date, last: date) -> bool:
        """Return whether it is valid from ``first`` to ``last``."""
        return (self.valid_from is None or self.valid_from <= first) and (
            self.valid_to is None or last <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class AccreditedRule:
    """Every taken module covered by ``scope`` is at a provider accredited for all its days."""

    providers: tuple[Accreditation, ...]
    scope: Selector = EVERYTHING


@dataclass(frozen=True, slots=True)
class ParallelRule:
    """In no period do more than ``most`` modules covered by ``scope`` run."""

    most: int
    scope: Selector = EVERYTHING


@dataclass(frozen=True, slots=True)
class BalanceRule:
    """The competence pyramid after the plan is balanced.

    Attributes
    ----------
    tolerance : int or None
        Per cent; None is the tolerance of the competence model.
    """

    tolerance: int | None = None


RuleBody = (
    RequiredRule
    | AmountRule
    | ShareRule
    | OrderRule
    | ExclusionRule
    | AtLeastRule
    | AtMostRule
    | SizeRule
    | RecencyRule
    | RenewalRule
    | AccreditedRule
    | ParallelRule
    | BalanceRule
)


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
    hard : bool
        A plan keeps a hard rule; a soft one costs ``weight`` in ``soft_rules`` if it is broken.
    weight : int
        At least 1; no meaning for hard rules.
    """

    id: str
    title: str
    body: RuleBody
    citation: str = ""
    seen: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    enabled: bool = True
    hard: bool = True
    weight: int = 1

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
