"""Faults that may only follow from what could not be read, and so are left out of a report.

A report names every fault at once, so the content is checked also where parts of the input could
not be read.  What refers to such a part, or is concluded from something missing in it, may well
be right.  Parts are named like the tables of a scenario folder, without the ending; ``model``,
``scenario`` and ``standard`` are the YAML files, and ``scenario.calendar`` a key of one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trajectory_engine.validation.faults import Fault, Where

ELEMENTS = ("subject", "pedagogical", "social", "professional")
CALENDAR = ("scenario.calendar",)
CATALOGUE = ("modules", "teaches", "modes")
_GRAPH = (*ELEMENTS, "prerequisites", "model.formation")
_CELLS_OF_GRAPH = tuple(f"{part}.*" for part in (*ELEMENTS, "prerequisites"))
_OFFERS = ("modules", "modes")

_NAMED_IN = {
    "element": ELEMENTS,
    "node": ELEMENTS,
    "pedagogical competence": ("pedagogical",),
    "subject competence": ("subject",),
    "social competence": ("social",),
    "task": ("tasks",),
    "path": ("tasks", "task_paths"),
    "profile": ("profiles",),
    "module": ("modules",),
    "mode": _OFFERS,
    "module or record": ("modules", "completed"),
    "group of modules": ("modules", "modules.group"),
    "provider": ("modules", "modes", "modes.provider"),
    "teacher": ("teachers",),
    "group of teachers": ("teachers", "teachers.group"),
    "resource": ("resources",),
    "run": ("runs",),
    "rule": ("standard",),
    "fund": ("funds",),
}
"""Parts that name what a reference of a kind may name."""

_IDS_OF_ELEMENTS = ("subject.id", "pedagogical.id", "social.id", "professional.*")
_EXCEPTIONS = (
    *("completed", "completed.*", "substitutions", "substitutions.*", "teachers", "teachers.id"),
)
_WHAT_RULES_SELECT = (
    *("modules.component", "modules.group", "modes.module", "modes.form", "modes.provider"),
    *("modules", "modes"),
)
_CONCLUDED_FROM = {
    "unknown_level": ELEMENTS,
    "cycle": _GRAPH,
    "derived_prerequisite": ("professional", "model.formation"),
    "broken_chain": (
        *_GRAPH,
        *_CELLS_OF_GRAPH,
        "tasks",
        "tasks.free",
        "task_paths",
        "task_paths.*",
    ),
    "no_path": ("task_paths", "task_paths.task"),
    "no_mode": ("modes", "modes.module"),
    "teaches_nothing": (*ELEMENTS, *_IDS_OF_ELEMENTS, "teaches", "teaches.*"),
    "micro_goal": (*ELEMENTS, *_IDS_OF_ELEMENTS, "teaches", "teaches.*"),
    "relation": (
        *("modules", "modules.entry", "modules.excludes", "modules.replaces", "modules.co"),
        *("modules.strict_co", "modes", "modes.module", "modes.duration"),
        *_EXCEPTIONS,
    ),
    "no_teacher": ("teachers",),
    "no_goal": (
        *("profiles", "profiles.profile", "profiles.node", "profiles.task"),
        *("goals", "goals.teacher", "goals.node", "goals.task"),
    ),
    "calendar": CALENDAR,
    "off_calendar": (*CALENDAR, "scenario.fiscal_year", "modes", "modes.duration"),
    "hours": CALENDAR,
    "window": (*CALENDAR, "runs", "runs.module", "runs.mode"),
    "from_the_future": CALENDAR,
    "no_terms": CALENDAR,
    "no_years": ("fund_years", "fund_years.fund"),
    "no_eligible_module": _WHAT_RULES_SELECT,
    "too_many_funds": ("funds", "fund_years", *CALENDAR, "scenario.fiscal_year", "teachers"),
    "rules_contradict": (
        *_WHAT_RULES_SELECT,
        *("modes.contact_hours", "modes.independent_hours", "modes.practice_hours"),
        *("modes.credits", "modes.duration", "modules.excludes", "modules.replaces"),
        *("waivers", "waivers.*"),
        *_EXCEPTIONS,
        *CALENDAR,
    ),
    "sum_too_large": (*_OFFERS, *ELEMENTS, "scenario.objectives", "scenario.repairs", "funds"),
    "no_objective": ("scenario.objectives",),
}
"""Parts from which a fault of a kind is concluded; ``modes.*`` is any cell of a row."""

_LISTS = {
    ("model", "tasks", "paths"): "task_paths",
    ("modules", "teaches"): "teaches",
    ("modules", "micro_goals"): "teaches",
    ("modules", "modes"): "modes",
    ("teachers", "goals"): "goals",
    ("teachers", "measurements"): "diagnosis",
    ("teachers", "recognised"): "recognition",
    ("teachers", "completed"): "completed",
    ("teachers", "records"): "completed",
    ("teachers", "blocked"): "absences",
    ("funds", "yearly"): "fund_years",
}
"""Parts by the lists in which their objects stand, where these are inside of other objects."""

_KEYS_OF_SCENARIO = frozenset(
    ("calendar", "objectives", "currency", "fiscal_year", "recognition", "past_modules", "repairs")
)
_TABLES_OF_MODEL = frozenset((*ELEMENTS, "prerequisites", "tasks", "profiles"))


def _names_of(part: str) -> tuple[str, ...]:
    """Return a part and the column in which it names its objects."""
    names = {"professional": ("professional.pedagogical", "professional.subject")}
    columns = {"modes": "mode", "task_paths": "path", "profiles": "profile", "completed": "module"}
    if "." in part:
        return (part,)
    return (part, *names.get(part, (f"{part}.{columns.get(part, 'id')}",)))


def named_in(what: str) -> tuple[str, ...]:
    """Return the parts that name what a reference of a kind may name."""
    return _NAMED_IN.get(what, ())


def part_of(where: Where) -> str:
    """Return the part in which the object at a path of a scenario stands."""
    names = tuple(name for name in where if isinstance(name, str))
    for length in range(len(names), 1, -1):
        if names[:length] in _LISTS:
            return _LISTS[names[:length]]
    if not names or names[0] in _KEYS_OF_SCENARIO or names[0] in ("id", "name"):
        return ".".join(("scenario", *names[:1]))
    if names[0] == "model":
        inside = names[1:2] if len(names) > 1 else ()
        return inside[0] if inside and inside[0] in _TABLES_OF_MODEL else ".".join(names[:2])
    return names[0]


@dataclass(frozen=True)
class Unread:
    """What of a scenario could not be read.

    Attributes
    ----------
    parts : frozenset of str
        Parts of which whole objects or columns are missing.
    doubtful : frozenset of str
        Those of them of which no object is sure to be what was meant.
    cells : frozenset of str
        Single values that could not be read, in parts that are complete otherwise:
        ``modules.group``; ``modules.`` where it is not known which.
    rules : frozenset of str
        Ids of the rules that are missing, an empty one if there is a rule without a readable id.
    """

    parts: frozenset[str] = frozenset()
    cells: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()

    @classmethod
    def of(cls, doubtful: Iterable[str]) -> Unread:
        """Return that parts could not be read at all, or not as a whole."""
        parts = frozenset(doubtful)
        return cls(parts, doubtful=parts)

    def __or__(self, other: Unread) -> Unread:
        return Unread(
            self.parts | other.parts,
            self.cells | other.cells,
            self.rules | other.rules,
            self.doubtful | other.doubtful,
        )

    def __bool__(self) -> bool:
        return bool(self.parts or self.cells or self.rules)

    def hides(self, what: str) -> bool:
        """Return whether something of a kind may exist of which the id was not read."""
        return self._touches(source for part in named_in(what) for source in _names_of(part))

    def without_doubtful(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Yield the faults that hold whatever stands in the parts that could not be read."""
        return (fault for fault in faults if not (self and self._is_doubtful(fault)))

    def _is_doubtful(self, fault: Fault) -> bool:
        if part_of(fault.where) in self.doubtful:
            return True
        if fault.code == "unknown_id":
            what, found = fault.about
            if what == "rule" and (found in self.rules or "" in self.rules):
                return True
            return self.hides(what)
        if fault.code == "rules_contradict" and not self.rules.isdisjoint(fault.about):
            return True
        return self._touches(_CONCLUDED_FROM.get(fault.code, ()))

    def _touches(self, sources: Iterable[str]) -> bool:
        return any(
            source in self.parts or source in self.cells or self._touches_row(source)
            for source in sources
        )

    def _touches_row(self, source: str) -> bool:
        """Return whether a cell of a source, or one of several, could not be read."""
        part, dot, name = source.partition(".")
        if name == "*":
            return any(cell.startswith(f"{part}.") for cell in self.cells)
        return bool(dot) and f"{part}." in self.cells


NOTHING_UNREAD = Unread()


def unread_objects(lost: Mapping[Where, object]) -> Unread:
    """Return what could not be read of a scenario in JSON.

    Parameters
    ----------
    lost : mapping
        JSON values that are left out, by their paths into the scenario.
    """
    rules = [rule for where, rule in lost.items() if where[:2] == ("standard", "rules")]
    ids = (rule.get("id") if isinstance(rule, Mapping) else None for rule in rules)
    named = frozenset(found if isinstance(found, str) else "" for found in ids)
    keys = {where: part_of(where) for where in lost if not isinstance(where[-1], int)}
    items = {part_of(where) for where in lost if isinstance(where[-1], int)}
    whole = {part for where, part in keys.items() if part != "standard" or len(where) == 1}
    whole |= {part for part in items if "." in part}
    return Unread(frozenset(items - {"standard"}), rules=named) | Unread.of(whole)
