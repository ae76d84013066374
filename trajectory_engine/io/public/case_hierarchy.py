"""From the items of a CASE package to competences: headings, leaves, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trajectory_engine.graph.circles import find_circles
from trajectory_engine.io.public.concepts import (
    Concept,
    ConceptMap,
    are_too_many,
    arrows,
)
from trajectory_engine.io.public.json_text import JsonText
from trajectory_engine.io.public.report import Report
from trajectory_engine.validation.vocabulary import IDENTIFIER, NOTHING

CHILD, PRECEDES = "isChildOf", "precedes"
MOST_PAIRS = 1_000_000
"""Most prerequisites that `precedes` between headings may come to."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a framework.

    Attributes
    ----------
    code : str
        The code that people know it by; may be empty.
    name : str
        Its statement, the abbreviated one if there is one.
    pointer : str
        Its place in the file, as a JSON pointer.
    """

    id: str
    code: str
    name: str
    pointer: str

    @property
    def label(self) -> str:
        """The code and the statement."""
        return " ".join(filter(None, (self.code, self.name)))


@dataclass(frozen=True, slots=True)
class Association:
    """That the origin is a child of, or precedes, the destination."""

    kind: str
    origin: str
    destination: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Package:
    """A framework: its title, items with distinct ids, and associations between them."""

    title: str
    items: tuple[Item, ...]
    associations: tuple[Association, ...]


def concept_map(package: Package, source: JsonText, report: Report) -> ConceptMap:
    """Return the leaves of a package as competences.

    A leaf belongs to the group of its first parent. What precedes a heading precedes every leaf
    below it, and a heading that precedes something does so with every leaf below it.
    """
    tree = _Tree(package)
    _note_circles(tree.parents, source, CHILD)
    source.report()
    leaves = len(package.items) - len(tree.children)
    if report.problems or are_too_many(leaves, report):
        return ConceptMap(package.title, ())
    needs = tree.needs(source)
    if needs is not None:
        _note_circles(needs, source, PRECEDES)
    source.report()
    if tree.several_parents:
        found = f"{tree.several_parents} items with several parents: the first names the group"
        report.remark("several_parents", None, "CFAssociations", found, "one parent an item")
    return ConceptMap(package.title, _concepts(package, tree, needs or {}))


def _concepts(
    package: Package, tree: _Tree, needs: Mapping[str, Mapping[str, str]]
) -> tuple[Concept, ...]:
    """Return the leaves under their codes if these can be ids, else under their identifiers."""
    leaves = [item for item in package.items if item.id not in tree.children]
    codes = {item.code for item in leaves}
    usable = len(codes - {NOTHING}) == len(leaves) and all(map(IDENTIFIER.fullmatch, codes))
    name = {item.id: item.code if usable else item.id for item in leaves}
    return tuple(
        Concept(
            id=name[item.id],
            name=item.name if usable else item.label,
            group=tree.group(item),
            needs=tuple(name[need] for need in needs.get(item.id, ())),
        )
        for item in leaves
    )


class _Tree:
    """Which items are headings, and what is below them.

    Attributes
    ----------
    parents : dict
        Parents of every item, each with the pointer of the association that says so.
    children : dict
        Children of every heading.
    """

    def __init__(self, package: Package) -> None:
        self.items = {item.id: item for item in package.items}
        self._precedes = [a for a in package.associations if a.kind == PRECEDES]
        self.parents: dict[str, dict[str, str]] = {item: {} for item in self.items}
        self.children: dict[str, dict[str, None]] = {}
        for association in package.associations:
            if association.kind == CHILD and association.destination in self.items:
                parents = self.parents[association.origin]
                parents.setdefault(association.destination, association.pointer)
                self.children.setdefault(association.destination, {})[association.origin] = None
        self.several_parents = sum(len(parents) > 1 for parents in self.parents.values())

    def group(self, item: Item) -> str:
        """Return the label of the first parent, empty for an item below the document."""
        parent = next(iter(self.parents[item.id]), None)
        return "" if parent is None else self.items[parent].label

    def leaves(self, item: str) -> tuple[list[str], int]:
        """Return the leaves below an item, or itself if it is one, and how many items were seen."""
        found: list[str] = []
        seen, waiting = {item}, [item]
        while waiting:
            here = waiting.pop()
            below = self.children.get(here)
            if below is None:
                found.append(here)
            else:
                fresh = [child for child in reversed(below) if child not in seen]
                seen.update(fresh)
                waiting += fresh
        return found, len(seen)

    def needs(self, source: JsonText) -> dict[str, dict[str, str]] | None:
        """Return what every leaf needs, with the pointer of an association that says so.

        None after noting that it is too much.
        """
        needs: dict[str, dict[str, str]] = {i: {} for i in self.items if i not in self.children}
        below: dict[str, list[str]] = {}
        work = 0
        for association in self._precedes:
            for end in (association.origin, association.destination):
                if end not in below:
                    below[end], seen = self.leaves(end)
                    work += seen
            before, after = below[association.origin], below[association.destination]
            work += len(before) * len(after)
            if work > MOST_PAIRS:
                found = f"headings that precede each other, with more than {MOST_PAIRS} pairs"
                source.fault("too_many", association.pointer, found, "fewer items below them")
                return None
            for leaf in after:
                for need in before:
                    needs[leaf].setdefault(need, association.pointer)
        return needs


def _note_circles(waits: Mapping[str, Mapping[str, str]], source: JsonText, kind: str) -> None:
    """Note every circle, at the association that closes it."""
    for circle in find_circles(waits):
        chain = circle if kind == PRECEDES else (circle[0], *reversed(circle[1:]))
        pointer = waits[circle[0]][circle[-1]]
        found = f"the cycle {arrows(chain)}"
        source.fault("cycle", pointer, found, f"associations {kind} without a cycle")
