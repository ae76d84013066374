"""The four kinds of problem as plain arrays: what every solver of the comparison is given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to do a job: periods, demands per period, and what it takes of each budget."""

    duration: int
    demands: tuple[int, ...]
    takes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A job with its modes and the indices of the jobs that start at or after its end."""

    modes: tuple[Mode, ...]
    successors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProjectProblem:
    """Resource-constrained project scheduling; the value is the largest end.

    A solution is a pair (index of the mode, start) for every job.
    """

    jobs: tuple[Job, ...]
    capacities: tuple[int, ...]
    budgets: tuple[int, ...] = ()

    @property
    def horizon(self) -> int:
        """Sum of the longest durations."""
        return sum(max(mode.duration for mode in job.modes) for job in self.jobs)


@dataclass(frozen=True, slots=True)
class CoverProblem:
    """Weighted set covering; a solution is the indices of the chosen columns.

    Attributes
    ----------
    rows : tuple of tuple of int
        Indices of the columns that cover each row.
    """

    costs: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class CurriculumProblem:
    """The balanced academic curriculum; the value is the largest load of a period.

    A solution is the period (from 0) of every course.

    Attributes
    ----------
    prerequisites : tuple of (int, int)
        The first course lies in an earlier period than the second.
    """

    periods: int
    loads: tuple[int, ...]
    prerequisites: tuple[tuple[int, int], ...]
    least_load: int
    most_load: int
    least_courses: int
    most_courses: int


Problem = ProjectProblem | CoverProblem | CurriculumProblem
