"""Messages as a code with parameters, turned into a sentence only at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell a person.

    Attributes
    ----------
    code : str
        Stable identifier, such as ``goal_unreachable``.
    parameters : tuple of (str, str)
        Names and values that the sentence needs, in the planner's own ids.
    """

    code: str
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **parameters: object) -> Message:
        """Return a message with its parameters as text."""
        return cls(code, tuple((k, str(v)) for k, v in parameters.items()))


ENGLISH: Mapping[str, str] = {
    "goal_unreachable": (
        "goal {goal}: no combination of modules that are open to the teacher, can be paid and have"
        " room in the time there is forms {nodes}"
    ),
    "rule_unreachable": (
        "rule {rule}: no module that is open to the teacher, can be paid and has room in the time"
        " there is satisfies it ({nodes})"
    ),
    "module_not_open": (
        "module {module} is mandatory ({why}) but the teacher cannot take it in any mode"
    ),
    "without_partner": (
        "module {module} must be taken together with one of {partners}, and the teacher can take"
        " none of them"
    ),
    "goal_too_late": (
        "goal {goal}: {chain}, one after the other, end after {earliest} periods at the earliest;"
        " the deadline is after {deadline}"
    ),
    "rule_too_late": (
        "rule {rule}: {chain}, one after the other, end after {earliest} periods at the earliest;"
        " the deadline is after {deadline}"
    ),
    "hours_short": (
        "every plan takes {modules}: at least {least} hours; by the deadline the teacher has"
        " {available} hours, short by {short}"
    ),
    "money_short": (
        "every plan takes {modules}: at least {least}; the sources pay at most {available} for the"
        " teacher, short by {short}"
    ),
    "hours_short_in_all": (
        "every choice of modules takes at least {least} hours; by the deadline the teacher has"
        " {available} hours, short by {short}"
    ),
    "money_short_in_all": (
        "every choice of modules costs at least {least}; the sources pay at most {available} for"
        " the teacher, short by {short}"
    ),
    "limits_infeasible": (
        "no plan keeps what was asked for, at most {limits}, together with all hard goals, rules,"
        " funds and decisions"
    ),
    "selection_infeasible": (
        "no choice of modules meets all hard goals, rules, funds and decisions together"
    ),
    "schedule_infeasible": (
        "modules can be chosen, but no calendar fits the study hours, runs, breaks and the deadline"
    ),
    "time_ran_out": "the time ran out before a plan was found",
    "cancelled": "planning was cancelled before a plan was found",
    "level_rounded": (
        "{element}: diagnosed level {level} does not exist and counts as level {rounded}"
    ),
    "recognition_expired": (
        "recognition {recognition} of {element} expired on {expires} and counts for nothing"
    ),
    "known_without_prerequisite": "{node} is known although its prerequisites are not all formed",
    "derived_refuted": (
        "{element}: measured at level {level}, f gives {formed}; the measurement stands"
    ),
}


class _Value(str):
    """A parameter of a sentence; ``{weeks:week}`` is "1 week" or "5 weeks"."""

    __slots__ = ()

    def __format__(self, noun: str) -> str:
        """Return the value, or so many of the things that a format names."""
        if not noun:
            return str(self)
        return f"{self} {noun}" if self == "1" else f"{self} {noun}s"


def render(message: Message, catalogue: Mapping[str, str] = ENGLISH) -> str:
    """Return the sentence of ``message`` in the language of ``catalogue``.

    An unknown code, or one that lacks a parameter, is rendered as the code with its parameters,
    so nothing is lost. A template counts with ``{parameter:noun}``; a noun may be a parameter
    itself: ``{periods:{unit}}``.
    """
    parameters = dict(message.parameters)
    try:
        return catalogue[message.code].format_map({n: _Value(v) for n, v in parameters.items()})
    except KeyError:
        return f"{message.code} {parameters}"
