"""The sentences of explanations, in English."""

from __future__ import annotations

from collections.abc import Mapping

from trajectory_engine.domain.messages import ENGLISH, Message, render

WHY_NOT: Mapping[str, str] = {
    **ENGLISH,
    "limit_goal": "the goal {goal} must be reached",
    "limit_deadline": "the deadline is the end of {unit} {period} ({date})",
    "limit_hours": (
        "the teacher has {hours} hours a {unit}, {total} hours in all by the end of {unit} {period}"
    ),
    "limit_absences": "the teacher is away in {count} of the {unit}s",
    "limit_breaks": "the calendar has {count} {unit}s of breaks",
    "limit_decision": "it has been decided: {decision}",
    "limit_fund": "the source {fund} pays at most {amount} for this teacher",
    "limit_fund_open": "the source {fund} pays for some modules, or a share of a price, only",
    "limit_fund_closed": "the source {fund} does not pay for this teacher",
    "limit_no_source": "no source of money is listed",
    "limit_rule": "the rule {rule}: {title}{cited}",
    "limit_invariant": "the module {module} is mandatory",
    "limit_resource": "there are {capacity} units of the resource {resource}",
    "limit_exclusion": "the modules {modules} exclude each other",
    "limit_dates": "the module {module} starts on its dates only",
    "limit_languages": "the teacher studies in {names} only",
    "limit_technologies": "the teacher has these technologies only: {names}",
    "limit_catalogue": "the catalogue has these {modules} modules and no others",
    "no_module_teaches": (
        "none of the {modules} modules teaches {nodes}, so {limit} is out of reach whatever else"
        " is changed"
    ),
    "chain_too_long": (
        "{goal} cannot be reached before the end of {unit} {earliest}: {chain}; the deadline is the"
        " end of {unit} {period} ({date}), {short} {unit}s too early"
    ),
    "hours_too_few": (
        "the modules take at least {least} hours, the teacher has {available} hours by the end of"
        " {unit} {period} ({date}): short by {short} hours"
    ),
    "money_too_little": (
        "the modules cost at least {least}, the sources pay at most {available} in all: short by"
        " {short}"
    ),
    "change_off": "give up {limit}",
    "change_goal_dropped": "give up the goal {goal}",
    "change_goal_lower": "ask for {lower} instead of {goal} ({levels} levels less)",
    "change_deadline": (
        "move the deadline by {periods} {unit}s, to the end of {unit} {period} ({date})"
    ),
    "change_hours": (
        "give the teacher {hours} hours a {unit} more ({total} hours more by the deadline)"
    ),
    "change_absences": "let the teacher study in the time of the absences",
    "change_breaks": "let the teacher study in the breaks of the calendar",
    "change_decision": "drop the decision: {decision}",
    "change_fund": "take {amount} more from the source {fund} ({after} in all for this teacher)",
    "change_new_source": "take {amount} from a source that is not listed",
    "change_rule_off": "switch off the rule {rule}",
    "change_rule_least": "let the rule {rule} ask for {after} instead of {before} ({amount} less)",
    "change_rule_most": "let the rule {rule} allow {after} instead of {before} ({amount} more)",
    "change_invariant": "make the module {module} elective",
    "change_resource": "provide {after} units of the resource {resource} instead of {before}",
    "change_exclusion": "allow the modules {modules} together",
    "change_dates": "let the module {module} start at any time",
    "change_languages": "open the modules in every language to the teacher",
    "change_technologies": "give the teacher every technology",
    "open_time": "the time ran out: {what}",
    "open_cancelled": "cancelled: {what}",
    "no_repair": "no change of the negotiable limits brings a plan about",
}


def tell(message: Message, catalogue: Mapping[str, str] = WHY_NOT) -> str:
    """Return the sentence of a message of an explanation."""
    return render(message, catalogue)
