"""Competences, the matrices A and B, and the names of their nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import sparse

from trajectory_engine.domain.levels import LEVEL_COUNT


class Component(StrEnum):
    """Part of a teacher's competence that a module belongs to."""

    SUBJECT = "subject"
    PEDAGOGICAL = "pedagogical"
    SOCIAL = "social"


class FormationMode(StrEnum):
    """How a cell of B comes into being for somebody who was not measured on it."""

    DERIVED = "derived"
    TAUGHT = "taught"


class NodeRef(NamedTuple):
    """An element at a level, written ``Sub[num-conv]@3`` or ``B[err-work,num-conv]@4``.

    ``element`` is the element's key (``"Sub[num-conv]"``), ``level`` is 1 to 5.
    """

    element: str
    level: int

    def __str__(self) -> str:
        return f"{self.element}@{self.level}"


_NODE = re.compile(
    r"(?P<element>(?:Sub|P|S)\[[^\[\],@]+\]|B\[[^\[\],@]+,[^\[\],@]+\])(?:@(?P<level>[1-9][0-9]{0,2}))?"
)


def parse_element(text: str) -> str | None:
    """Return ``text`` if it is an element's key such as ``P[video]``, else None."""
    match = _NODE.fullmatch(text)
    return text if match and match["level"] is None else None


def parse_node(text: str) -> NodeRef | None:
    """Return the node that ``text`` names, None if it is not written as ``element@level``.

    Examples
    --------
    >>> parse_node("B[err-work,num-conv]@4")
    NodeRef(element='B[err-work,num-conv]', level=4)
    >>> parse_node("num-conv@4") is None
    True
    """
    match = _NODE.fullmatch(text)
    if match is None or match["level"] is None:
        return None
    return NodeRef(match["element"], int(match["level"]))


def subject_key(identifier: str) -> str:
    """Return the key of a subject element: ``Sub[identifier]``."""
    return f"Sub[{identifier}]"


def pedagogical_key(identifier: str) -> str:
    """Return the key of a pedagogical element: ``P[identifier]``."""
    return f"P[{identifier}]"


def social_key(identifier: str) -> str:
    """Return the key of a social element: ``S[identifier]``."""
    return f"S[{identifier}]"


def professional_key(pedagogical: str, subject: str) -> str:
    """Return the key of the element of B in row ``pedagogical`` and column ``subject``."""
    return f"B[{pedagogical},{subject}]"


@dataclass(frozen=True, slots=True)
class SubjectCompetence:
    """A column of A: topic ``id`` and the levels at which it is studied.

    Attributes
    ----------
    id, name, group : str
        The planner's identifier, a short name, and the area the topic belongs to.
    levels : tuple of int
        Existing levels, strictly increasing, each 1 to 5: the non-zero cells of the column.
    weight : int
        Weight in the subject side of the pyramid and in balance rules, at least 1.
    hours : int
        Academic hours of study named by the source of the topic; 0 when it names none.
    """

    id: str
    name: str
    levels: tuple[int, ...]
    group: str = ""
    weight: int = 1
    hours: int = 0

    @property
    def key(self) -> str:
        """Key of the element."""
        return subject_key(self.id)


@dataclass(frozen=True, slots=True)
class PedagogicalCompetence:
    """P_i, a row of B: a technique or a pedagogical competence, with its existing levels."""

    id: str
    name: str
    levels: tuple[int, ...] = (1, 2, 3, 4, 5)
    group: str = ""
    weight: int = 1

    @property
    def key(self) -> str:
        """Key of the element."""
        return pedagogical_key(self.id)


@dataclass(frozen=True, slots=True)
class SocialCompetence:
    """S_k: a side of the environment in which the other competences form."""

    id: str
    name: str
    levels: tuple[int, ...] = (1, 2, 3, 4, 5)
    group: str = ""
    weight: int = 1

    @property
    def key(self) -> str:
        """Key of the element."""
        return social_key(self.id)


@dataclass(frozen=True, slots=True)
class ProfessionalElement:
    """B_ij: technique ``pedagogical`` applied to topic ``subject``.

    ``formation`` says whether f alone forms it (derived) or a module has to teach it (taught).
    """

    pedagogical: str
    subject: str
    levels: tuple[int, ...]
    formation: FormationMode = FormationMode.TAUGHT

    @property
    def key(self) -> str:
        """Key of the element."""
        return professional_key(self.pedagogical, self.subject)


class SubjectMatrix:
    """A (5 x t): ``A[l, j]`` is non-zero where topic j is studied at level l.

    Parameters
    ----------
    columns : tuple of SubjectCompetence
        The topics, in the planner's order.

    Attributes
    ----------
    columns : tuple of SubjectCompetence
    cells : scipy.sparse.csc_matrix
        Shape (5, t), dtype int8; row ``l - 1`` is level l; 1 where the cell exists.
    """

    def __init__(self, columns: tuple[SubjectCompetence, ...]) -> None:
        self.columns = columns
        lengths = np.fromiter((len(c.levels) for c in columns), dtype=np.int64, count=len(columns))
        rows = np.fromiter((lv - 1 for c in columns for lv in c.levels), dtype=np.int64)
        indptr = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        self.cells = sparse.csc_matrix(
            (np.ones(len(rows), dtype=np.int8), rows, indptr), shape=(LEVEL_COUNT, len(columns))
        )

    @property
    def density(self) -> float:
        """Share of the 5 x t cells that exist, 0.0 for an empty matrix."""
        total = LEVEL_COUNT * len(self.columns)
        return self.cells.nnz / total if total else 0.0


class ProfessionalMatrix:
    """B: the elements B_ij that occur, addressed by (pedagogical id, subject id)."""

    def __init__(self, elements: tuple[ProfessionalElement, ...]) -> None:
        self.elements = elements
        self._by_cell = {(e.pedagogical, e.subject): e for e in elements}

    def get(self, pedagogical: str, subject: str) -> ProfessionalElement | None:
        """Return B_ij, None where the cell does not occur."""
        return self._by_cell.get((pedagogical, subject))

    def __iter__(self) -> Iterator[ProfessionalElement]:
        return iter(self.elements)

    def __len__(self) -> int:
        return len(self.elements)


Element = SubjectCompetence | PedagogicalCompetence | SocialCompetence | ProfessionalElement


@dataclass(frozen=True)
class ElementTable:
    """All elements of a model by key, in the order subject, pedagogical, social, professional."""

    elements: tuple[Element, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Element]:
        """Element by key."""
        return {element.key: element for element in self.elements}

    @cached_property
    def levels(self) -> Mapping[str, tuple[int, ...]]:
        """Existing levels by element key."""
        return {element.key: element.levels for element in self.elements}
