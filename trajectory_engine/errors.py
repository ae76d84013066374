"""Everything that the library raises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHOWN_AT_MOST = 100


class TrajectoryError(Exception):
    """Base of all errors that the library raises on purpose."""


@dataclass(frozen=True, slots=True)
class InputProblem:
    """One fault of the input, with its place.

    Attributes
    ----------
    code : str
        Stable identifier of the kind of fault, such as ``unknown_id``.
    found, expected : str
        What stands there and what should.
    file, row, column : str, int or None, str
        Place; ``row`` is the line of the file (the heading of a table is line 1), None where a
        fault concerns the whole file; ``file`` is empty for a scenario built in memory, where
        ``column`` then names the object and its field.
    """

    code: str
    found: str
    expected: str
    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = (self.file, "" if self.row is None else str(self.row), self.column)
        prefix = ":".join(part for part in place if part)
        sentence = f"{self.found}; expected {self.expected}"
        return f"{prefix}: {sentence}" if prefix else sentence


NOTHING_OMITTED: Mapping[tuple[str, str], int] = {}


class InputError(TrajectoryError):
    """The input is invalid; carries every problem that was found, in the order of the files.

    Attributes
    ----------
    problems : tuple of InputProblem
    omitted : mapping
        How many more were found, by file and code, where one kind fills a file.
    """

    def __init__(
        self,
        problems: Sequence[InputProblem],
        omitted: Mapping[tuple[str, str], int] = NOTHING_OMITTED,
    ) -> None:
        self.problems = tuple(problems)
        self.omitted = dict(omitted)
        super().__init__(self.report())

    def __reduce__(self) -> tuple[type[InputError], tuple[object, ...]]:
        """Be made again from what it carries, not from its text, in another process too."""
        return type(self), (self.problems, self.omitted)

    @property
    def count(self) -> int:
        """How many problems were found."""
        return len(self.problems) + sum(self.omitted.values())

    def report(self, most: int = SHOWN_AT_MOST) -> str:
        """Return the problems, a line each, at most ``most`` of them, then counts of the rest."""
        lines = [str(p) for p in self.problems[:most]]
        rest = self.problems[most:]
        if rest or self.omitted:
            counts = Counter((p.file, p.code) for p in rest) + Counter(self.omitted)
            lines.append(f"... and {counts.total()} more problems:")
            lines += [
                f"  {file or 'scenario'}: {n} x {code}"
                for (file, code), n in counts.most_common(20)
            ]
        lines.append(f"{self.count} problem{'s' * (self.count != 1)} found")
        return "\n".join(lines)


class SharedLimitError(TrajectoryError):
    """A limit that teachers share could bind; they cannot be planned one by one.

    Attributes
    ----------
    limits : tuple of str
        The limits by name, with figures.
    """

    def __init__(self, limits: Sequence[str]) -> None:
        self.limits = tuple(limits)
        super().__init__("limits shared by the teachers could bind:\n" + "\n".join(self.limits))

    def __reduce__(self) -> tuple[type[SharedLimitError], tuple[object, ...]]:
        """Be made again from what it carries."""
        return type(self), (self.limits,)


class PlanRejected(TrajectoryError):
    """The verifier rejected a plan that the engine had made: a fault of the engine."""


class OutputError(TrajectoryError):
    """A result could not be written."""
