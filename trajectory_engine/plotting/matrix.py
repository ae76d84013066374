"""The matrices A and B of a teacher as a heat map of levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from trajectory_engine.domain.competence import (
    NodeRef,
    PedagogicalCompetence,
    SocialCompetence,
    SubjectCompetence,
    pedagogical_key,
    professional_key,
    social_key,
    subject_key,
)
from trajectory_engine.domain.levels import LEVEL_COUNT, Level
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.plotting import style

ABSENT = -1
"""Code of a cell that does not exist; other cells hold a level, 0 to 5."""
FIRST_TOPIC = 2
"""Column of the first topic: column 0 holds a row's own level, column 1 is a gap."""
MOST_COLUMNS, MOST_ROWS = 60, 40
LEAST_COLUMNS = 14
"""Room for the titles above a narrow matrix, in columns."""
LABEL_WIDTH = 26
CELL_INCHES = 0.22
_COLOURS = ListedColormap(["white", *style.LEVEL_COLOURS])
_NORM = BoundaryNorm(np.arange(ABSENT - 0.5, LEVEL_COUNT + 1), LEVEL_COUNT + 2)


@dataclass(frozen=True)
class MatrixView:
    """Which topics, techniques and social elements a picture shows.

    Attributes
    ----------
    columns : tuple of SubjectCompetence
    rows : tuple of PedagogicalCompetence
    social : tuple of SocialCompetence
    columns_in_all, rows_in_all : int
        How many there were to choose from.
    """

    columns: tuple[SubjectCompetence, ...]
    rows: tuple[PedagogicalCompetence, ...]
    social: tuple[SocialCompetence, ...]
    columns_in_all: int
    rows_in_all: int

    @classmethod
    def whole(cls, model: CompetenceModel) -> MatrixView:
        """Return the view of everything."""
        return cls(
            model.subject,
            model.pedagogical,
            model.social,
            len(model.subject),
            len(model.pedagogical),
        )

    @classmethod
    def concerned(
        cls,
        model: CompetenceModel,
        before: Mapping[str, int],
        after: Mapping[str, int],
        nodes: Iterable[NodeRef] = (),
        most: tuple[int, int] = (MOST_COLUMNS, MOST_ROWS),
    ) -> MatrixView:
        """Return the view of what changes, or is asked for by ``nodes``.

        If more topics or techniques than ``most`` (columns, rows) are concerned, those with the
        largest change are shown.  If nothing is concerned, the first ones are.
        """
        changes = {key: after[key] - before.get(key, 0) for key in after}
        weight = {key: change for key, change in changes.items() if change > 0}
        for node in nodes:
            weight.setdefault(node.element, 0)
        columns: dict[str, int] = {}
        rows: dict[str, int] = {}
        for cell in model.professional:
            if cell.key in weight:
                column, row = subject_key(cell.subject), pedagogical_key(cell.pedagogical)
                columns[column] = columns.get(column, 0) + weight[cell.key]
                rows[row] = rows.get(row, 0) + weight[cell.key]
        for keys, side in (
            ([s.key for s in model.subject], columns),
            ([p.key for p in model.pedagogical], rows),
        ):
            for key in weight.keys() & keys:
                side[key] = side.get(key, 0) + weight[key]
        shown_columns = _largest(columns or {s.key: 0 for s in model.subject}, most[0])
        shown_rows = _largest(rows or {p.key: 0 for p in model.pedagogical}, most[1])
        return cls(
            tuple(s for s in model.subject if s.key in shown_columns),
            tuple(p for p in model.pedagogical if p.key in shown_rows),
            model.social[: most[1]],
            len(model.subject),
            len(model.pedagogical),
        )

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of a picture in inches."""
        height = LEVEL_COUNT + 2 + len(self.rows) + len(self.social)
        width = max(LEAST_COLUMNS, FIRST_TOPIC + len(self.columns))
        return 4.4 + CELL_INCHES * width, 2.9 + CELL_INCHES * height

    @property
    def caption(self) -> str:
        """What part of the matrices is shown."""
        return (
            f"{len(self.columns)} of {self.columns_in_all} topics,"
            f" {len(self.rows)} of {self.rows_in_all} pedagogical competences"
        )


def _largest(weights: Mapping[str, int], most: int) -> frozenset[str]:
    order = sorted(weights, key=lambda key: -weights[key])
    return frozenset(order[:most])


@dataclass(frozen=True)
class _Block:
    """A part of the picture: levels of cells whose first row and column are given."""

    row: int
    column: int
    codes: NDArray[np.int64]


def plot_matrix(
    model: CompetenceModel,
    levels: Mapping[str, int],
    view: MatrixView | None = None,
    ax: Axes | None = None,
    title: str = "Levels",
    before: Mapping[str, int] | None = None,
    legend: bool = True,
) -> Axes:
    """Draw A, B and the own levels of techniques and environment as a heat map.

    Parameters
    ----------
    model : CompetenceModel
    levels : mapping
        Level by element key; an element that is absent is not formed.
    view : MatrixView, optional
        What to show; by default everything.
    ax : Axes, optional
        Where to draw; by default on a figure of its own.
    title : str
    before : mapping, optional
        Earlier levels: cells that differ are outlined.
    legend : bool
        Whether to explain the colours.
    """
    view = view or MatrixView.whole(model)
    ax = style.own_axes(ax, *view.size)
    blocks = _blocks(model, view, levels)
    earlier = _blocks(model, view, before) if before is not None else blocks
    for block, old in zip(blocks, earlier, strict=True):
        _draw(ax, block)
        _outline(ax, block, old.codes)
    _label_axes(ax, view)
    ax.set_title(style.plain(f"{title}\n({view.caption})"), fontsize=style.TITLE)
    if legend:
        ax.legend(
            handles=_legend_handles(changes=before is not None),
            loc="upper left",
            bbox_to_anchor=(1.01, 1.0),
            fontsize=style.SMALL,
            frameon=False,
        )
    return ax


def _blocks(
    model: CompetenceModel, view: MatrixView, levels: Mapping[str, int]
) -> tuple[_Block, ...]:
    """Return A (advanced on top), B, the own levels of techniques and of the environment."""
    a = np.full((LEVEL_COUNT, len(view.columns)), ABSENT, dtype=np.int64)
    for j, column in enumerate(view.columns):
        reached = levels.get(column.key, 0)
        for level in column.levels:
            a[LEVEL_COUNT - level, j] = level if level <= reached else 0
    b = np.full((len(view.rows), len(view.columns)), ABSENT, dtype=np.int64)
    for i, row in enumerate(view.rows):
        for j, column in enumerate(view.columns):
            if model.professional_matrix.get(row.id, column.id) is not None:
                b[i, j] = levels.get(professional_key(row.id, column.id), 0)
    own = np.array([[levels.get(p.key, 0)] for p in view.rows], dtype=np.int64)
    social = np.array([[levels.get(social_key(s.id), 0)] for s in view.social], dtype=np.int64)
    first_row = LEVEL_COUNT + 1
    return (
        _Block(0, FIRST_TOPIC, a),
        _Block(first_row, FIRST_TOPIC, b),
        _Block(first_row, 0, own.reshape(-1, 1)),
        _Block(_first_social_row(view), 0, social.reshape(-1, 1)),
    )


def _first_social_row(view: MatrixView) -> int:
    return LEVEL_COUNT + 1 + len(view.rows) + bool(view.rows)


def _draw(ax: Axes, block: _Block) -> None:
    height, width = block.codes.shape
    if not height or not width:
        return
    ax.pcolormesh(
        np.arange(block.column, block.column + width + 1),
        np.arange(block.row, block.row + height + 1),
        block.codes,
        cmap=_COLOURS,
        norm=_NORM,
        edgecolors="#CFCFCF",
        linewidth=0.4,
    )
    for i, j in np.argwhere(block.codes > 0):
        level = int(block.codes[i, j])
        ax.text(
            block.column + j + 0.5,
            block.row + i + 0.5,
            str(level),
            ha="center",
            va="center",
            fontsize=style.SMALL - 1,
            color=style.text_colour(style.LEVEL_COLOURS[level]),
        )


def _outline(ax: Axes, block: _Block, earlier: NDArray[np.int64]) -> None:
    for i, j in np.argwhere(block.codes != earlier):
        corner = (block.column + int(j) + 0.06, block.row + int(i) + 0.06)
        ax.add_patch(Rectangle(corner, 0.88, 0.88, fill=False, edgecolor="#D55E00", linewidth=1.8))


def _label_axes(ax: Axes, view: MatrixView) -> None:
    own = ["own level"] if view.rows or view.social else []
    columns = list(map(style.plain, style.tell_apart([c.id for c in view.columns], LABEL_WIDTH)))
    positions = [0.5] * len(own) + [FIRST_TOPIC + j + 0.5 for j in range(len(columns))]
    ax.set_xticks(positions, own + columns, rotation=90)
    names = [f"A: {level} {style.LEVEL_NAMES[level]}" for level in reversed(list(Level)) if level]
    rows: list[tuple[float, str]] = [(i + 0.5, name) for i, name in enumerate(names)]
    rows += _row_labels(LEVEL_COUNT + 1, "P", [p.id for p in view.rows])
    rows += _row_labels(_first_social_row(view), "S", [s.id for s in view.social])
    ax.set_yticks([at for at, _ in rows], [text for _, text in rows])
    ax.tick_params(labelsize=style.SMALL, length=0)
    last = _first_social_row(view) + len(view.social)
    ax.set_xlim(-0.05, FIRST_TOPIC + max(1, len(columns)) + 0.05)
    ax.set_ylim(max(last, LEVEL_COUNT) + 0.05, -0.05)
    ax.set_xlabel("topics (columns of A and B)", fontsize=style.NORMAL)
    ax.set_ylabel("A by level; rows of B; environment", fontsize=style.NORMAL)
    for side in ax.spines.values():
        side.set_visible(False)


def _row_labels(first: int, prefix: str, ids: Sequence[str]) -> list[tuple[float, str]]:
    return [
        (first + i + 0.5, style.plain(f"{prefix}[{label}]"))
        for i, label in enumerate(style.tell_apart(ids, LABEL_WIDTH))
    ]


def _legend_handles(*, changes: bool) -> list[Patch]:
    handles = [
        Patch(facecolor=style.LEVEL_COLOURS[level], edgecolor="#999999", label=_level_label(level))
        for level in reversed(list(Level))
    ]
    handles.append(Patch(facecolor="white", edgecolor="#999999", label="does not exist"))
    if changes:
        handles.append(Patch(fill=False, edgecolor="#D55E00", linewidth=1.8, label="changed"))
    return handles


def _level_label(level: Level) -> str:
    return f"{int(level)} {style.LEVEL_NAMES[level]}" if level else "exists, not formed"
