"""What the variables of the interval encoding are in a plan: one rule per kind of variable."""

from __future__ import annotations

from collections.abc import Sequence

from trajectory_engine.cpsat.encoding import Chosen, HintRule
from trajectory_engine.problem.evaluate import Attainment
from trajectory_engine.problem.teacher_problem import Literal, StartWindow


def starts_inside(window: StartWindow) -> HintRule:
    """Return the rule of "the mode starts inside the window"."""
    m, k = window.literal
    return lambda chosen, _: int(
        m in chosen and chosen[m].mode == k and window.contains(chosen[m].start)
    )


def by_mode(m: int, figures: Sequence[int]) -> HintRule:
    """Return the rule of "the figure of the module's mode", 0 if it is not taken."""
    return lambda chosen, _: figures[chosen[m].mode] if m in chosen else 0


def formed_at(c: int, never: int) -> HintRule:
    """Return the rule of the instant of a class; ``never`` where it is not formed."""

    def value(_: Chosen, state: Attainment) -> int:
        at = state.at[c]
        return never if at is None else at

    return value


def justifies(c: int, m: int) -> HintRule:
    """Return the rule of "the module forms the class"."""
    return lambda _, state: int(state.cause[c] == m)


def used(m: int, c: int) -> HintRule:
    """Return the rule of "the entry of the module counts on the class"."""

    def value(chosen: Chosen, state: Attainment) -> int:
        at = state.at[c]
        in_time = m in chosen and at is not None and at <= chosen[m].start
        return int(in_time and state.rank_of_class(c) < state.rank_of_module(m))

    return value


def follows(m: int, a: int) -> HintRule:
    """Return the rule of "module m starts after module a has ended"."""

    def value(chosen: Chosen, state: Attainment) -> int:
        in_time = m in chosen and a in chosen and state.ended[a] <= chosen[m].start
        return int(in_time and state.rank_of_module(a) < state.rank_of_module(m))

    return value


def ends_by_the_end_of(m: int, a: int) -> HintRule:
    """Return the rule of "module a has ended when module m ends"."""
    return lambda chosen, state: int(
        m in chosen and a in chosen and state.ended[a] <= state.ended[m]
    )


def starts_with(m: int, a: int) -> HintRule:
    """Return the rule of "module a starts with module m"."""
    return lambda chosen, _: int(m in chosen and a in chosen and chosen[a].start == chosen[m].start)


def divide(before: Sequence[Literal]) -> HintRule:
    """Return the rule of the instant by which all these modes have ended."""
    return lambda chosen, state: max(
        (state.ended[m] for m, k in before if m in chosen and chosen[m].mode == k), default=0
    )


def module_rank(m: int) -> HintRule:
    """Return the rule of the position of a module's start in the order of events."""
    return lambda _, state: state.rank_of_module(m)


def class_rank(c: int) -> HintRule:
    """Return the rule of the position of a class's formation in the order of events."""
    return lambda _, state: state.rank_of_class(c)
