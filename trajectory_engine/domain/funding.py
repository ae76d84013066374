"""Sources of money and what each may pay."""

from __future__ import annotations

from dataclasses import dataclass

from trajectory_engine.domain.catalogue import Mode, Module


@dataclass(frozen=True, slots=True)
class Share:
    """An exact ratio ``numerator / denominator`` between 0 and 1."""

    numerator: int
    denominator: int

    def floor_of(self, amount: int) -> int:
        """Return ``floor(share x amount)``."""
        return self.numerator * amount // self.denominator


FULL_SHARE = Share(1, 1)


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
        )
