"""The sentences of explanations, in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from trajectory_engine.domain.messages import ENGLISH, Message, render

FUND_PARTS: Mapping[str, str] = {
    "total": "{total} for this teacher",
    "yearly": "what its fiscal years have ({yearly})",
    "carried": "what its fiscal years have, what they leave included ({carried})",
    "module": "{module} for one module",
    "share": "{share} of a price",
}
"""What restricts a source of money, in the order in which the code of a message names it."""


def _fund_sentences() -> Iterator[tuple[str, str]]:
    """Yield a sentence for every set of restrictions of a source of money."""
    for count in range(len(FUND_PARTS) + 1):
        for names in combinations(FUND_PARTS, count):
            parts = ", and ".join(FUND_PARTS[name] for name in names)
            code = "_".join(("limit_fund", *names))
            pays = f"the source {{fund}} pays at most {parts}" if parts else "the source {fund}"
            yield code, pays if parts else f"{pays} is as it is"
            yield f"{code}_only", f"{pays}{', only' if parts else ' pays only'} for {{only}}"


WHY_NOT: Mapping[str, str] = {
    **ENGLISH,
    **dict(_fund_sentences()),
    "limit_goal": "the goal {goal} must be reached",
    "limit_deadline": "the deadline is the end of {unit} {period} ({date})",
    "limit_hours": (
        "the teacher has {hours:hour} a {unit}, {total:hour} in all by the end of {unit} {period}"
    ),
    "limit_absences": "the teacher is away in {count} of the {unit}s",
    "limit_breaks": "the calendar has {count:{unit}} of breaks",
    "limit_decision": "it has been decided: {decision}",
    "limit_fund_closed": "the source {fund} does not pay for this teacher",
    "limit_no_source": "no source of money is listed",
    "limit_rule": "the rule {rule}: {title}{cited}",
    "limit_invariant": "the module {module} is mandatory",
    "limit_resource": "there is no more than {capacity:unit} of the resource {resource}",
    "limit_exclusion": "the modules {modules} exclude each other",
    "limit_relations": "the module {module} must be taken together with {others}",
    "limit_dates": "the module {module} starts on its dates only",
    "limit_languages": "the teacher studies in {names} only",
    "limit_technologies": "the teacher has these technologies only: {names}",
    "limit_catalogue": "the catalogue has {modules:module} and no others",
    "no_module_teaches": (
        "none of the {modules:module} teaches {nodes}, so {limit} is out of reach whatever else"
        " is changed"
    ),
    "chain_too_long": (
        "{goal} cannot be reached before the end of {unit} {earliest}: {chain}; the deadline is the"
        " end of {unit} {period} ({date}), {short:{unit}} too early"
    ),
    "hours_too_few": (
        "the modules take at least {least:hour}, the teacher has {available:hour} by the end of"
        " {unit} {period} ({date}): short by {short:hour}"
    ),
    "too_much_at_once": (
        "{modules} would take at least {least:hour} in one {unit}, the teacher never has more than"
        " {most}; without them there is no way to keep {limits}"
    ),
    "money_too_little": (
        "the modules cost at least {least}, the sources pay at most {available} in all: short by"
        " {short}"
    ),
    "change_off": "give up {limit}",
    "change_goal_dropped": "give up the goal {goal}",
    "change_goal_lower": "ask for {lower} instead of {goal} ({levels:level} less)",
    "change_deadline": (
        "move the deadline by {periods:{unit}}, to the end of {unit} {period} ({date})"
    ),
    "change_hours": (
        "give the teacher {hours:hour} a {unit} more ({total:hour} more by the deadline)"
    ),
    "change_absences": "let the teacher study in the time of the absences",
    "change_breaks": "let the teacher study in the breaks of the calendar",
    "change_decision": "drop the decision: {decision}",
    "change_fund": "take {amount} more from the source {fund} ({after} in all for this teacher)",
    "change_fund_year": (
        "take {amount} more from the source {fund} in the fiscal year {year} ({after} in that year)"
    ),
    "change_fund_module": "let the source {fund} pay as much as it takes for one module",
    "change_new_source": "take {amount} from a source that is not listed",
    "change_rule_off": "switch off the rule {rule}",
    "change_rule_least": "let the rule {rule} ask for {after} instead of {before} ({amount} less)",
    "change_rule_most": "let the rule {rule} allow {after} instead of {before} ({amount} more)",
    "change_invariant": "make the module {module} elective",
    "change_resource": "provide {after:unit} of the resource {resource} instead of {before}",
    "change_exclusion": "allow the modules {modules} together",
    "change_relations": "let the module {module} be taken by itself",
    "change_dates": "let the module {module} start at any time",
    "change_languages": "open the modules in every language to the teacher",
    "change_technologies": "give the teacher every technology",
    "open_time": "{what} (the time ran out)",
    "open_cancelled": "{what} (cancelled)",
    "no_repair": "no change of the negotiable limits brings a plan about",
}


def tell(message: Message, catalogue: Mapping[str, str] = WHY_NOT) -> str:
    """Return the sentence of a message of an explanation."""
    return render(message, catalogue)
