"""Sources of money and what each may pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trajectory_engine.domain.catalogue import Mode, Module


@dataclass(frozen=True, slots=True)
class Share:
    """An exact ratio ``numerator / denominator`` between 0 and 1."""

    numerator: int
    denominator: int

    @property
    def text(self) -> str:
        """The ratio as people write it."""
        return f"{self.numerator}/{self.denominator}"

    def floor_of(self, amount: int) -> int:
        """Return ``floor(share x amount)``."""
        return self.numerator * amount // self.denominator


FULL_SHARE = Share(1, 1)

SELF = "self"
"""Id of the source that is the teacher's own pocket."""


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """When the year of money begins; a fiscal year is named after the year it begins in.

    Attributes
    ----------
    month, day : int
        First day; ``day`` is at most 28, so that every year has it.

    Examples
    --------
    >>> FiscalYear(9, 1).of(date(2027, 8, 31)), FiscalYear(9, 1).of(date(2027, 9, 1))
    (2026, 2027)
    """

    month: int = 1
    day: int = 1

    def of(self, day: date) -> int:
        """Return the fiscal year that contains a day."""
        return day.year - ((day.month, day.day) < (self.month, self.day))


CALENDAR_YEAR = FiscalYear()


@dataclass(frozen=True, slots=True)
class YearBudget:
    """What a fund may pay in one fiscal year, minor units, for all teachers together."""

    year: int
    budget: int


@dataclass(frozen=True, slots=True)
class Fund:
    """A source of money; ``self`` and ``employer`` are sources too, absent means ceiling 0.

    Attributes
    ----------
    budget : int or None
        Minor units for all teachers together; None is no limit.
    ceiling : int or None
        Minor units per teacher; None is no limit.
    share : Share
        Largest part of one module's price that the source pays, rounded down.
    teachers, groups : tuple of str
        Who is eligible, by teacher id or by teacher group; both empty means everybody.
    modules, components, forms, providers : tuple of str
        What is eligible; an empty tuple does not restrict.
    module_groups : tuple of str
        Groups of modules that are eligible; an empty tuple does not restrict.
    module_ceiling : int or None
        Most that the source pays for one module of one teacher, besides its share; None is no
        limit.
    yearly : tuple of YearBudget
        Budgets of fiscal years; if there are any, a year that is not among them has none.
    carry_over : bool
        Whether what a year leaves is added to the next; no meaning without ``yearly``.
    """

    id: str
    name: str = ""
    budget: int | None = None
    ceiling: int | None = None
    share: Share = FULL_SHARE
    teachers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    module_groups: tuple[str, ...] = ()
    module_ceiling: int | None = None
    yearly: tuple[YearBudget, ...] = ()
    carry_over: bool = False

    def serves(self, teacher_id: str, teacher_group: str) -> bool:
        """Return whether the teacher is eligible."""
        if not self.teachers and not self.groups:
            return True
        return teacher_id in self.teachers or (teacher_group != "" and teacher_group in self.groups)

    def covers(self, module: Module, mode: Mode) -> bool:
        """Return whether the module in this mode is eligible."""
        return (
            (not self.modules or module.id in self.modules)
            and (not self.components or module.component in self.components)
            and (not self.forms or mode.form in self.forms)
            and (not self.providers or mode.provider in self.providers)
            and (not self.module_groups or module.group in self.module_groups)
        )
