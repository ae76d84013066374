"""What may be referred to, gathered once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from trajectory_engine.domain.catalogue import Mode, Module
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.validation.faults import Fault, Where


@dataclass(frozen=True)
class References:
    """Ids of a model and a catalogue, and faults for ids that are not among them."""

    model: CompetenceModel
    modules: tuple[Module, ...]

    @cached_property
    def levels(self) -> Mapping[str, tuple[int, ...]]:
        """Existing levels by element key."""
        return self.model.elements.levels

    @cached_property
    def known_nodes(self) -> frozenset[NodeRef]:
        """Every existing level of every element."""
        return frozenset(NodeRef(e, level) for e, levels in self.levels.items() for level in levels)

    @cached_property
    def module_by_id(self) -> Mapping[str, Module]:
        """Modules by id."""
        return {m.id: m for m in self.modules}

    @cached_property
    def mode_by_id(self) -> Mapping[tuple[str, str], Mode]:
        """Modes by module id and mode id."""
        return {(m.id, k.id): k for m in self.modules for k in m.modes}

    @cached_property
    def groups(self) -> frozenset[str]:
        """Groups of modules."""
        return frozenset(m.group for m in self.modules if m.group)

    @cached_property
    def providers(self) -> frozenset[str]:
        """Providers of modes."""
        return frozenset(k.provider for m in self.modules for k in m.modes if k.provider)

    def node(self, where: Where, node: NodeRef) -> Iterator[Fault]:
        """Yield a fault if an explicit reference names an element or a level that is not there."""
        levels = self.levels.get(node.element)
        if levels is None:
            yield unknown(where, "element", node.element)
        elif node.level not in levels:
            existing = ", ".join(map(str, levels)) or "none"
            yield Fault(
                "unknown_level", where, f"node {node}", f"an existing level of it: {existing}"
            )

    def nodes(self, where: Where, nodes: Iterable[NodeRef]) -> Iterator[Fault]:
        """Yield the faults of several references."""
        levels = self.levels
        for i, node in enumerate(nodes):
            if node.level not in levels.get(node.element, ()):
                yield from self.node((*where, i), node)

    def element(self, where: Where, key: str) -> Iterator[Fault]:
        """Yield a fault if an element does not exist."""
        if key not in self.levels:
            yield unknown(where, "element", key)

    def module_ids(self, where: Where, ids: Iterable[str]) -> Iterator[Fault]:
        """Yield a fault for every module that does not exist."""
        yield from known(where, "module", ids, self.module_by_id)

    def task_ids(self, where: Where, ids: Iterable[str]) -> Iterator[Fault]:
        """Yield a fault for every task that does not exist."""
        yield from known(where, "task", ids, self.model.task_by_id)


def excluding(modules: Mapping[str, Module], ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of some different modules of which one excludes the other, in their order."""
    names = list(ids)
    place = {name: i for i, name in enumerate(names)}
    pairs = {
        (min(i, place[other]), max(i, place[other]))
        for i, name in enumerate(names)
        for other in modules[name].excludes
        if other in place and other != name
    }
    for i, j in sorted(pairs):
        yield names[i], names[j]


def unknown(where: Where, what: str, found: str, inside: str = "") -> Fault:
    """Return the fault of a reference to something that does not exist (``inside`` another)."""
    shown = f"{what} of {inside}" if inside else what
    return Fault("unknown_id", where, f"{shown} '{found}'", f"a known {shown}", (what, found))


def known(where: Where, what: str, ids: Iterable[str], existing: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for every id at a path that is not among the existing ones."""
    allowed = existing if isinstance(existing, (Mapping, set, frozenset)) else set(existing)
    for i, found in enumerate(ids):
        if found not in allowed:
            yield unknown((*where, i), what, found)
