"""What one teacher could take: every module in every mode with every start that is possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oracle.knowledge import Knowledge, Need, holds
from trajectory_engine.domain.catalogue import Mode, Module, Run
from trajectory_engine.domain.people import Decision, DecisionKind, Goal, Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import Selector


def covered(selector: Selector, module: Module, mode: Mode) -> bool:
    """Return whether a selector covers a module in a mode."""
    pairs = [
        (selector.modules, module.id),
        (selector.components, module.component),
        (selector.groups, module.group),
        (selector.forms, mode.form),
        (selector.providers, mode.provider),
    ]
    return all(value in allowed for allowed, value in pairs if allowed)


def spread(mode: Mode) -> tuple[int, ...]:
    """Return the hours of a mode in each of its periods."""
    hours = mode.contact_hours + mode.independent_hours + mode.practice_hours
    if mode.profile:
        return mode.profile
    even = [hours // mode.duration] * mode.duration if mode.duration else []
    for i in range(hours - sum(even)):
        even[i] += 1
    return tuple(even)


@dataclass(frozen=True)
class Offer:
    """A module in a mode.

    Attributes
    ----------
    rank : int
        Position of the mode in the module's list.
    starts : dict
        Possible starts; of the runs with one start, the one that comes first (position and id).
    """

    candidate: Candidate
    mode: Mode
    rank: int
    load: tuple[int, ...]
    hours: int
    starts: dict[int, tuple[int, str | None]]

    @property
    def module(self) -> Module:
        """The module."""
        return self.candidate.module


@dataclass(frozen=True, eq=False)
class Candidate:
    """A module that a teacher might take.

    Attributes
    ----------
    bit : int
        The module in a bit set of modules.
    gives : int
        Nodes formed at its end: those taught and the lower levels of their elements.
    entry_needs : tuple of Need
        Over nodes.
    entry_modules : tuple of int
        For every entry module without a completion record, the modules that satisfy it.
    """

    module: Module
    bit: int
    gives: int
    entry_needs: tuple[Need, ...]
    entry_modules: tuple[int, ...]

    def may_enter(self, formed: int, ended: int) -> bool:
        """Return whether the entry holds with these nodes formed and these modules ended."""
        return holds(self.entry_needs, formed) and all(ended & m for m in self.entry_modules)


def standing_in(scenario: Scenario, module: str, teacher: Teacher) -> set[str]:
    """Return the module, those that replace it, and what stands for it for a teacher."""
    granted = {
        s.module
        for s in scenario.substitutions
        if s.instead_of == module
        and s.teacher in ("*", teacher.id)
        and s.until >= scenario.calendar.boundaries[0]
    }
    return {module} | {m.id for m in scenario.modules if module in m.replaces} | granted


def done(scenario: Scenario, teacher: Teacher) -> set[str]:
    """Return what a teacher has completed: modules, and records valid beyond the calendar."""
    after = scenario.calendar.boundaries[-1]
    lasting = {r.module for r in teacher.records if r.expires is None or r.expires >= after}
    return set(teacher.completed) | lasting


def decisions_of(scenario: Scenario, teacher: Teacher) -> list[Decision]:
    """Return the decisions that concern a teacher."""
    return [d for d in scenario.decisions if d.teacher == teacher.id]


def goals_of(scenario: Scenario, teacher: Teacher) -> list[Goal]:
    """Return the goals of the profile and the teacher's own, which win on the same target."""
    goals: dict[object, Goal] = {}
    for profile in scenario.model.profiles:
        if profile.id == teacher.profile:
            goals.update({(g.node, g.task): g for g in profile.goals})
    goals.update({(g.node, g.task): g for g in teacher.goals})
    return list(goals.values())


def _entry(
    scenario: Scenario, teacher: Teacher, knowledge: Knowledge, module: Module
) -> tuple[tuple[Need, ...], tuple[int, ...]]:
    """Return what must be formed, and which modules must have ended, before a module starts."""
    position = {m.id: 1 << i for i, m in enumerate(scenario.modules)}
    if module.entry is not None:
        nodes: list[Need] = [(knowledge.bit[n], 1) for n in module.entry.nodes]
        satisfiers = [standing_in(scenario, m, teacher) for m in module.entry.modules]
        open_ones = [s for s in satisfiers if not s & done(scenario, teacher)]
        return tuple(nodes), tuple(sum(position.get(m, 0) for m in s) for s in open_ones)
    itself = knowledge.mask(module.teaches)
    needs = []
    for node in module.teaches:
        if knowledge.bit[node] & knowledge.known:
            continue
        for nodes_asked, least in knowledge.needs[node]:
            left = least - (nodes_asked & itself).bit_count()
            if left > 0:
                needs.append((nodes_asked & ~itself, left))
    return tuple(needs), ()


def _open_to(teacher: Teacher, mode: Mode) -> bool:
    """Return whether the teacher speaks the mode's language and has its technologies."""
    speaks = not mode.language or not teacher.languages or mode.language in teacher.languages
    has = teacher.technologies is None or set(mode.technologies) <= set(teacher.technologies)
    return speaks and has


def _can_be_held(run: Run) -> bool:
    """Return whether a run can be held for one participant."""
    return run.minimum_group <= 1 and (run.seats is None or run.seats >= 1)


def _starts(
    scenario: Scenario, teacher: Teacher, module: Module, mode: Mode
) -> dict[int, tuple[int, str | None]]:
    """Return every start that calendar, runs, windows, decisions and the load alone allow."""
    horizon = len(scenario.calendar.boundaries) - 1
    latest_end = horizon if teacher.deadline is None else min(horizon, teacher.deadline)
    blocked = {*scenario.calendar.blocked, *teacher.blocked}
    load = spread(mode)
    runs = [r for r in scenario.runs if (r.module, r.mode) == (module.id, mode.id)]
    windows = [w for w in scenario.windows if (w.module, w.mode) == (module.id, mode.id)]
    offered: Iterable[tuple[int, int, str | None]]
    if runs:
        offered = [(r.start, i, r.id) for i, r in enumerate(runs) if _can_be_held(r)]
    else:
        offered = [
            (s, 0, None)
            for s in range(horizon + 1)
            if all(w.earliest <= s <= w.latest for w in windows)
        ]
    for decision in decisions_of(scenario, teacher):
        if decision.subject == module.id and decision.kind is DecisionKind.RUN:
            offered = [o for o in offered if o[2] == decision.value]
        if decision.subject == module.id and decision.kind is DecisionKind.START:
            offered = [o for o in offered if o[0] == decision.period]
    result: dict[int, tuple[int, str | None]] = {}
    for start, rank, run in offered:
        periods = range(start, start + mode.duration)
        free = not sum(load) or all(
            p not in blocked and p < horizon and load[p - start] <= teacher.hours[p]
            for p in periods
        )
        if start >= 0 and start + mode.duration <= latest_end and free and start not in result:
            result[start] = (rank, run)
    return result


def offers_of(scenario: Scenario, teacher: Teacher, knowledge: Knowledge) -> list[list[Offer]]:
    """Return, for every module that can be taken at all, its offers."""
    pinned_mode = {
        d.subject: {
            e.value
            for e in decisions_of(scenario, teacher)
            if e.kind is DecisionKind.MODE and e.subject == d.subject
        }
        for d in decisions_of(scenario, teacher)
        if d.kind is DecisionKind.MODE
    }
    result = []
    for i, module in enumerate(scenario.modules):
        if module.id in done(scenario, teacher):
            continue
        gives = knowledge.with_lower(module.teaches)
        needs, entry_modules = _entry(scenario, teacher, knowledge, module)
        candidate = Candidate(module, 1 << i, gives, needs, entry_modules)
        offers = []
        for rank, mode in enumerate(module.modes):
            pins = pinned_mode.get(module.id, {mode.id})
            if not _open_to(teacher, mode) or pins != {mode.id}:
                continue
            starts = _starts(scenario, teacher, module, mode)
            if starts:
                load = spread(mode)
                offers.append(Offer(candidate, mode, rank, load, sum(load), starts))
        if offers:
            result.append(offers)
    return result
