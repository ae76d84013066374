"""Checks of the catalogue: modules, modes, resources, runs and windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from trajectory_engine.domain.catalogue import Entry, Mode, Module
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.validation.competences import MOST, check_identifier
from trajectory_engine.validation.faults import Fault, Where, duplicates, out_of_range
from trajectory_engine.validation.references import References, known, unknown
from trajectory_engine.validation.vocabulary import FORMS, IDENTIFIER, NOTHING

MOST_MONEY = 10**15
RANGES = {
    "contact_hours": MOST,
    "independent_hours": MOST,
    "practice_hours": MOST,
    "duration": MOST,
    "credits": 10**11,
    "price": MOST_MONEY,
}
"""Largest value of the figures of a mode, of which none is negative."""
_FIGURES = attrgetter(*RANGES)
_FORM = attrgetter("form")
_REFERENCES = ("excludes", "replaces", "co", "strict_co")
_REFERRED = attrgetter(*_REFERENCES)


@dataclass(frozen=True, slots=True)
class _Sound:
    """What holds of all modules of a catalogue, so that it is not looked for in each of them.

    Attributes
    ----------
    identifiers : bool
        Every id of a module or a mode is written as one.
    teaching : bool
        Every module teaches something, existing nodes only, each once.
    figures : bool
        Every figure of a mode is a whole number in its range, and the forms are known.
    """

    identifiers: bool
    teaching: bool
    figures: bool


def _sound(references: References) -> _Sound:
    modules = references.modules
    modes = [mode for module in modules for mode in module.modes]
    names = [module.id for module in modules] + [mode.id for mode in modes]
    columns = zip(zip(*map(_FIGURES, modes), strict=True), RANGES.values(), strict=False)
    taught = [set(module.teaches) for module in modules]
    return _Sound(
        identifiers=all(names)
        and NOTHING not in names
        and IDENTIFIER.fullmatch("".join(names)) is not None,
        teaching=all(taught)
        and all(map(references.known_nodes.issuperset, taught))
        and sum(map(len, taught)) == sum(len(module.teaches) for module in modules),
        figures=all(
            set(map(type, column)) == {int} and min(column) >= 0 and max(column) <= most
            for column, most in columns
        )
        and set(map(_FORM, modes)) <= set(FORMS),
    )


def check_modules(references: References) -> Iterator[Fault]:
    """Yield the faults of a catalogue."""
    yield from duplicates(("modules",), (m.id for m in references.modules), "module")
    sound = _sound(references)
    for i, module in enumerate(references.modules):
        yield from _check_module(("modules", i), module, references, sound)


def _check_module(
    where: Where, module: Module, references: References, sound: _Sound
) -> Iterator[Fault]:
    if not sound.identifiers:
        yield from check_identifier((*where, "id"), module.id, NOTHING)
    if not sound.teaching:
        yield from _check_taught((*where, "teaches"), module, references)
    if any(_REFERRED(module)):
        yield from _check_referred(where, module, references)
    if module.entry is not None and (module.entry.nodes or module.entry.modules):
        yield from _check_entry((*where, "entry"), module, module.entry, references)
    if module.micro_goals:
        yield from _check_micro_goals(where, module, references)
    if not module.modes:
        yield Fault("no_mode", (*where, "modes"), f"module {module.id} without a mode", "a mode")
    if len(module.modes) > 1:
        yield from duplicates((*where, "modes"), (mode.id for mode in module.modes), "mode")
    for k, mode in enumerate(module.modes):
        if not sound.identifiers or not sound.figures:
            yield from _check_figures((*where, "modes", k), mode)
        if mode.duration == 0 or mode.profile or mode.resources:
            yield from _check_mode((*where, "modes", k), mode)


def _check_taught(where: Where, module: Module, references: References) -> Iterator[Fault]:
    if not module.teaches:
        found = f"module {module.id} teaches nothing"
        yield Fault("teaches_nothing", where, found, "at least one node")
    yield from references.nodes(where, module.teaches)
    seen = set()
    for k, node in enumerate(module.teaches):
        if node in seen:
            found = f"module {module.id} teaches {node} twice"
            yield Fault("duplicate_node", (*where, k), found, "every node once")
        seen.add(node)


def _check_referred(where: Where, module: Module, references: References) -> Iterator[Fault]:
    for field, ids in zip(_REFERENCES, _REFERRED(module), strict=True):
        yield from references.module_ids((*where, field), ids)
        if module.id in ids:
            found = f"module {module.id} {field} itself"
            yield Fault("itself", (*where, field), found, "another module")


def _check_entry(
    where: Where, module: Module, entry: Entry, references: References
) -> Iterator[Fault]:
    if not references.known_nodes.issuperset(entry.nodes):
        yield from references.nodes((*where, "nodes"), entry.nodes)
    yield from references.module_ids((*where, "modules"), entry.modules)
    if module.id in entry.modules:
        yield Fault("itself", where, f"module {module.id} needs itself", "another module")


def _check_micro_goals(where: Where, module: Module, references: References) -> Iterator[Fault]:
    taught = set(module.teaches)
    goals = module.micro_goals
    yield from duplicates((*where, "micro_goals"), (g.id for g in goals), "micro-goal")
    for k, goal in enumerate(goals):
        here: Where = (*where, "micro_goals", k)
        yield from references.task_ids((*here, "tasks"), goal.tasks)
        for node in goal.nodes:
            if node not in taught:
                found = f"{node}, which the module does not teach"
                yield Fault("micro_goal", (*here, "nodes"), found, "a node that it teaches")


def _check_figures(where: Where, mode: Mode) -> Iterator[Fault]:
    yield from check_identifier((*where, "id"), mode.id)
    if mode.form not in FORMS:
        found, expected = f"form '{mode.form}'", f"one of {', '.join(FORMS)}"
        yield Fault("one_of", (*where, "form"), found, expected)
    for (name, most), value in zip(RANGES.items(), _FIGURES(mode), strict=True):
        if not isinstance(value, int) or not 0 <= value <= most:
            yield from out_of_range((*where, name), name, value, 0, most)


def _check_mode(where: Where, mode: Mode) -> Iterator[Fault]:
    if mode.duration == 0 and mode.hours:
        found = f"{mode.hours} hours in 0 periods"
        yield Fault("duration", (*where, "duration"), found, "at least 1 period")
    if mode.profile:
        yield from _check_profile((*where, "profile"), mode)
    if mode.resources:
        yield from _check_uses((*where, "resources"), mode)


def _check_uses(where: Where, mode: Mode) -> Iterator[Fault]:
    resources = [use.resource for use in mode.resources]
    yield from duplicates(where, resources, "resource", "resource")
    for use in mode.resources:
        yield from out_of_range(where, "amount", use.amount, 0, MOST)


def _check_profile(where: Where, mode: Mode) -> Iterator[Fault]:
    if len(mode.profile) != mode.duration:
        found = f"hours for {len(mode.profile)} periods"
        yield Fault("profile", where, found, f"{mode.duration}, the duration")
    if sum(mode.profile) != mode.hours or min(mode.profile) < 0:
        found = f"hours that sum to {sum(mode.profile)}"
        yield Fault("profile", where, found, f"{mode.hours} hours, none negative")


def check_offers(scenario: Scenario, references: References) -> Iterator[Fault]:
    """Yield the faults of resources, runs and windows, which belong to a scenario."""
    yield from _check_resources(scenario)
    horizon = scenario.calendar.horizon
    runs = scenario.runs
    keys = ((r.module, r.mode, r.id) for r in runs)
    seen: set[tuple[str, str, str]] = set()
    for i, key in enumerate(keys):
        if key in seen:
            found = f"run '{key[2]}' of {key[0]} in mode {key[1]} twice"
            yield Fault("duplicate_id", ("runs", i, "id"), found, "it once")
        seen.add(key)
    for i, run in enumerate(runs):
        where: Where = ("runs", i)
        yield from check_identifier((*where, "id"), run.id)
        mode = references.mode_by_id.get((run.module, run.mode))
        yield from _check_mode_reference(where, run.module, run.mode, references)
        if run.seats is not None:
            yield from out_of_range((*where, "seats"), "seats", run.seats, 0, MOST)
        group = run.minimum_group
        yield from out_of_range((*where, "minimum_group"), "minimum group", group, 0, MOST)
        last = horizon - (mode.duration if mode else 0)
        if not 0 <= run.start <= last:
            found = f"a start in period {run.start}"
            expected = f"a period from 0 to {last}, so that the run ends on the calendar"
            if last < 0:
                expected = f"a mode not longer than the calendar ({horizon} periods)"
            yield Fault("off_calendar", (*where, "start"), found, expected)
    yield from _check_windows(scenario, references)


def _check_mode_reference(
    where: Where, module: str, mode: str, references: References
) -> Iterator[Fault]:
    if module not in references.module_by_id:
        yield unknown((*where, "module"), "module", module)
    elif (module, mode) not in references.mode_by_id:
        yield unknown((*where, "mode"), "mode", mode, module)


def _check_resources(scenario: Scenario) -> Iterator[Fault]:
    resources = scenario.resources
    yield from duplicates(("resources",), (r.id for r in resources), "resource")
    for i, resource in enumerate(resources):
        yield from check_identifier(("resources", i, "id"), resource.id)
        capacity = resource.capacity
        yield from out_of_range(("resources", i, "capacity"), "capacity", capacity, 0, MOST)
    names = {r.id for r in resources}
    for i, module in enumerate(scenario.modules):
        for k, mode in enumerate(module.modes):
            if mode.resources:
                where = ("modules", i, "modes", k, "resources")
                yield from known(where, "resource", (u.resource for u in mode.resources), names)


def _check_windows(scenario: Scenario, references: References) -> Iterator[Fault]:
    with_runs = {(r.module, r.mode) for r in scenario.runs}
    seen: set[tuple[str, str]] = set()
    for i, window in enumerate(scenario.windows):
        where: Where = ("windows", i)
        key = (window.module, window.mode)
        yield from _check_mode_reference(where, *key, references)
        if key in seen:
            found = f"a second window for {window.module} in mode {window.mode}"
            yield Fault("duplicate_id", (*where, "mode"), found, "one window for a mode")
        seen.add(key)
        if key in with_runs:
            found = f"a window for {window.module} in mode {window.mode}, which has runs"
            yield Fault("window", (*where, "mode"), found, "a mode without runs")
        if not 0 <= window.earliest <= window.latest <= scenario.calendar.horizon:
            found = f"starts from period {window.earliest} to {window.latest}"
            expected = "an earliest start not after the latest, both on the calendar"
            yield Fault("window", (*where, "earliest"), found, expected)
