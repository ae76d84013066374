"""Which nodes and modules can matter for a teacher: backward closure, then forward reach.

Backward: from what must or may be formed, through the modules that teach it, to everything
those modules need.  Forward: from what is known, what can be formed at all, time left aside.
A module also needs those that must be taken beside it: they belong to the closure, and a module
none of whose partners can be entered is dead.  What fails either test is in no plan that is worth
making; a module outside the closure can be left out of any plan without breaking anything but a
covering row (one that asks for a least amount), and such rows name their modules as seeds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from trajectory_engine.problem.entries import EntryNeed, RemainingEntries
from trajectory_engine.problem.scenario_index import ScenarioIndex
from trajectory_engine.problem.teacher_problem import ModeOption

Options = Callable[[int], tuple[ModeOption, ...]]
Alternatives = tuple[tuple[int, ...], ...]
"""For every module referred to, the modules any of which satisfies the reference."""


@dataclass(frozen=True)
class Knowledge:
    """What a teacher knows, by node index.

    Attributes
    ----------
    known : list of bool
    by_rule : list of bool
        Nodes that f may form during the plan: derived, not refuted.
    entries : RemainingEntries
        What of the entry conditions of modules is not known.
    completed : frozenset of str
        Ids of modules, and of other things, with a completion record.
    substitutes : mapping
        What else stands for a module for the teacher, by module id.
    """

    known: list[bool]
    by_rule: list[bool]
    entries: RemainingEntries
    completed: frozenset[str]
    substitutes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Candidates:
    """Nodes and modules that can matter.

    Attributes
    ----------
    modules : dict
        Entry conditions on nodes that are not known yet, by module index.
    entry_modules : dict
        For every module with conditions on modules: for each, the modules that satisfy it.
    co, strict_co : dict
        The same for the modules that must be taken beside a module.
    alone : dict
        Modules that are dead because none of these can be entered beside them, by module index.
    rule_needs : dict
        What f still asks for, by derived node.
    nodes : set of int
    """

    modules: dict[int, tuple[EntryNeed, ...]] = field(default_factory=dict)
    entry_modules: dict[int, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    co: dict[int, Alternatives] = field(default_factory=dict)
    strict_co: dict[int, Alternatives] = field(default_factory=dict)
    alone: dict[int, tuple[int, ...]] = field(default_factory=dict)
    rule_needs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    nodes: set[int] = field(default_factory=set)


def remaining_entry_modules(
    index: ScenarioIndex, module: int, knowledge: Knowledge
) -> Alternatives:
    """Return, for every entry module not completed, the modules that satisfy it."""
    entry = index.scenario.modules[module].entry
    return _remaining(index, entry.modules if entry else (), knowledge)


def remaining_partners(
    index: ScenarioIndex, module: int, knowledge: Knowledge
) -> tuple[Alternatives, Alternatives]:
    """Return, for every `co` and `strict_co` not completed, the modules that satisfy it.

    A reference that the module satisfies itself is left out.
    """
    record = index.scenario.modules[module]
    if not record.co and not record.strict_co:
        return (), ()
    co, strict = (
        tuple(ms for ms in _remaining(index, ids, knowledge) if module not in ms)
        for ids in (record.co, record.strict_co)
    )
    return co, strict


def _remaining(index: ScenarioIndex, ids: Sequence[str], knowledge: Knowledge) -> Alternatives:
    """Return, for every module of ``ids`` not completed, the modules that satisfy it."""
    if not ids:
        return ()
    remaining = []
    for wanted in ids:
        ids = index.satisfying(wanted, knowledge.substitutes)
        if not knowledge.completed.intersection(ids):
            modules = (index.module_index.get(i) for i in ids)
            remaining.append(tuple(m for m in dict.fromkeys(modules) if m is not None))
    return tuple(remaining)


def backward(
    index: ScenarioIndex,
    knowledge: Knowledge,
    options: Options,
    seed_nodes: Iterable[int],
    seed_modules: Iterable[int],
) -> Candidates:
    """Return the backward closure of the seeds over nodes and open modules."""
    found, entries = Candidates(), knowledge.entries
    nodes, modules = list(seed_nodes), list(seed_modules)
    while nodes or modules:
        while nodes:
            node = nodes.pop()
            if knowledge.known[node] or node in found.nodes:
                continue
            found.nodes.add(node)
            modules.extend(index.providers[node])
            if knowledge.by_rule[node]:
                needs = tuple(n for n in index.rule_needs(node) if not knowledge.known[n])
                found.rule_needs[node] = needs
                nodes.extend(needs)
        fresh = [m for m in dict.fromkeys(modules) if m not in found.modules and options(m)]
        modules = []
        for module in fresh:
            found.modules[module] = entries.of(module)
            for need in found.modules[module]:
                nodes.extend(need.members)
        for module in index.referring.intersection(fresh):
            before = remaining_entry_modules(index, module, knowledge)
            co, strict = remaining_partners(index, module, knowledge)
            for references, kept in (
                (before, found.entry_modules),
                (co, found.co),
                (strict, found.strict_co),
            ):
                if references:
                    kept[module] = references
                    modules.extend(chain.from_iterable(references))
    return found


class _Reach:
    """Forward fixpoint over AND-of-counts conditions, by work list.

    A module m is written as ``~m``, below 0, a node as itself: as what is reached, and as what a
    condition belongs to (to a node that f may form).
    """

    def __init__(self, index: ScenarioIndex, candidates: Candidates) -> None:
        self.index = index
        self.formable: set[int] = set()
        self.enterable: set[int] = set()
        self._open: dict[int, int] = {}
        self._least: list[int] = []
        self._owner: list[int] = []
        self._watch: defaultdict[int, list[int]] = defaultdict(list)
        self._ready: list[int] = []
        self._unformed = set(candidates.nodes)
        for module, needs in candidates.modules.items():
            groups: list[tuple[int, Sequence[int]]] = [*needs]
            for alternatives in candidates.entry_modules.get(module, ()):
                groups.append((1, [~m for m in alternatives]))
            self._condition(~module, groups)
        for node, members in candidates.rule_needs.items():
            self._condition(node, [(len(members), members)] if members else [])

    def _condition(self, owner: int, groups: Sequence[tuple[int, Sequence[int]]]) -> None:
        if not groups:
            self._ready.append(owner)
            return
        self._open[owner] = len(groups)
        for least, members in groups:
            for member in members:
                self._watch[member].append(len(self._least))
            self._least.append(least)
            self._owner.append(owner)

    def run(self) -> None:
        """Work until nothing new can be formed or entered."""
        unformed, attained = self._unformed, self.index.attained
        while self._ready:
            item = self._ready.pop()
            if item < 0:
                self.enterable.add(~item)
                self._reached(item)
                formed = unformed.intersection(attained[~item])
            else:
                formed = unformed.intersection((item,))
            unformed -= formed
            self.formable |= formed
            for node in formed:
                self._reached(node)

    def _reached(self, member: int) -> None:
        for group in self._watch.get(member, ()):
            self._least[group] -= 1
            if self._least[group] == 0:
                owner = self._owner[group]
                self._open[owner] -= 1
                if self._open[owner] == 0:
                    self._ready.append(owner)


def forward(index: ScenarioIndex, candidates: Candidates) -> tuple[set[int], set[int]]:
    """Return the nodes that can be formed and the modules that can be entered, time left aside."""
    reach = _Reach(index, candidates)
    reach.run()
    return reach.formable, reach.enterable


def find_candidates(
    index: ScenarioIndex,
    knowledge: Knowledge,
    options: Options,
    seed_nodes: Iterable[int],
    seed_modules: Iterable[int],
) -> Candidates:
    """Return what can matter: the closure, without what can never be formed or entered.

    Members of alternatives that cannot be formed are dropped, and the closure is taken again
    over what is left, since dead modules need nothing.
    """
    seed_nodes, seed_modules = tuple(seed_nodes), tuple(seed_modules)

    def closure_over(alive: set[int]) -> Candidates:
        def open_ones(module: int) -> tuple[ModeOption, ...]:
            return options(module) if module in alive else ()

        return backward(index, knowledge, open_ones, seed_nodes, seed_modules)

    closure = backward(index, knowledge, options, seed_nodes, seed_modules)
    alone: dict[int, tuple[int, ...]] = {}
    while True:
        formable, enterable = forward(index, closure)
        dead = _without_partner(closure, enterable)
        alone |= dead
        alive = enterable - alone.keys()
        if len(alive) < len(closure.modules):
            closure = closure_over(alive)
        if not dead:
            break
    closure.alone = alone
    all_formable = formable.issuperset(closure.nodes)
    closure.nodes &= formable
    closure.rule_needs = {
        node: needs
        for node, needs in closure.rule_needs.items()
        if node in formable and formable.issuperset(needs)
    }
    if not all_formable:
        closure.modules = {
            module: tuple(_within(need, formable) for need in needs)
            for module, needs in closure.modules.items()
        }
    closure.entry_modules = _alive(closure.entry_modules, enterable)
    closure.co = _alive(closure.co, enterable)
    closure.strict_co = _alive(closure.strict_co, enterable)
    return closure


def _within(need: EntryNeed, formable: set[int]) -> EntryNeed:
    """Return a condition without the members that can never be formed."""
    if formable.issuperset(need.members):
        return need
    return EntryNeed(need.least, tuple(m for m in need.members if m in formable))


def _alive(references: Mapping[int, Alternatives], alive: set[int]) -> dict[int, Alternatives]:
    """Return references to modules without the modules that cannot be taken."""
    return {
        module: tuple(tuple(m for m in ms if m in alive) for ms in alternatives)
        for module, alternatives in references.items()
    }


def _without_partner(closure: Candidates, enterable: set[int]) -> dict[int, tuple[int, ...]]:
    """Return the modules for which none of some partners can be entered, with these."""
    return {
        module: alternatives
        for partners in (closure.co, closure.strict_co)
        for module, references in partners.items()
        for alternatives in references
        if module in enterable and enterable.isdisjoint(alternatives)
    }
