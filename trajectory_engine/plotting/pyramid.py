"""The competence pyramid as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.pyramid import CompetencePyramid, Distortion
from trajectory_engine.plotting import style

DISTORTION_NAMES: Mapping[Distortion, str] = {
    Distortion.WEAK_SUBJECT: "weak subject side",
    Distortion.WEAK_PEDAGOGICAL: "weak pedagogical side",
    Distortion.WEAK_SOCIAL: "weak social base",
}
BASE_DEPTH = 12.0
"""Thickness of the social base, in units of the vertical axis."""


def plot_pyramid(
    pyramid: CompetencePyramid, ax: Axes | None = None, title: str = "Competence pyramid"
) -> Axes:
    """Draw the pyramid of a state and name its distortions.

    The left half is as high as the subject share, the right half as the pedagogical one; the
    base is as wide as the social share.  The balanced form is an isosceles triangle.

    Parameters
    ----------
    pyramid : CompetencePyramid
    ax : Axes, optional
        Where to draw; by default on a figure of its own.
    title : str
        First line of the title.
    """
    ax = style.own_axes(ax, 6.0, 5.6)
    subject, pedagogical = _per_cent(pyramid.subject), _per_cent(pyramid.pedagogical)
    base = _per_cent(pyramid.social)
    half = base if pyramid.social is not None else 100.0
    ax.add_patch(
        Polygon(
            [(-100, 0), (0, 100), (100, 0)],
            fill=False,
            edgecolor="#777777",
            linestyle="--",
            linewidth=1.2,
            label="highest possible",
        )
    )
    for side, share, component in (
        (-1, subject, Component.SUBJECT),
        (1, pedagogical, Component.PEDAGOGICAL),
    ):
        ax.add_patch(
            Polygon(
                [(0, 0), (side * half, 0), (0, share)],
                edgecolor="black",
                linewidth=1.0,
                facecolor=style.COMPONENT_COLOURS[component],
                label=_label(component, share, _share(pyramid, component)),
            )
        )
    ax.add_patch(
        Rectangle(
            (-base, -BASE_DEPTH),
            2 * base,
            BASE_DEPTH - 2,
            edgecolor="black",
            linewidth=1.0,
            facecolor=style.COMPONENT_COLOURS[Component.SOCIAL],
            label=_label(Component.SOCIAL, base, pyramid.social),
        )
    )
    _frame(ax)
    ax.set_title(style.plain(f"{title}\n{verdict(pyramid)}"), fontsize=style.TITLE)
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.16),
        ncols=2,
        fontsize=style.SMALL,
        frameon=False,
    )
    return ax


def verdict(pyramid: CompetencePyramid) -> str:
    """Return "balanced" or the names of the distortions, with the tolerance."""
    names = ", ".join(DISTORTION_NAMES[d] for d in pyramid.distortions) or "balanced"
    return f"{names} (tolerance {pyramid.tolerance} percentage points)"


def _per_cent(share: Fraction | None) -> float:
    return 0.0 if share is None else float(share * 100)


def _share(pyramid: CompetencePyramid, component: Component) -> Fraction | None:
    return pyramid.subject if component is Component.SUBJECT else pyramid.pedagogical


def _label(component: Component, value: float, share: Fraction | None) -> str:
    name = style.COMPONENT_NAMES[component]
    return f"{name}: no elements" if share is None else f"{name}: {value:.1f} %"


def _frame(ax: Axes) -> None:
    ax.set_xlim(-110, 110)
    ax.set_ylim(-BASE_DEPTH - 4, 106)
    ax.set_xticks(range(-100, 101, 50), [str(abs(x)) for x in range(-100, 101, 50)])
    ax.set_yticks(range(0, 101, 20))
    ax.tick_params(labelsize=style.SMALL)
    ax.set_xlabel("social base, % of the highest possible on either side", fontsize=style.NORMAL)
    ax.set_ylabel("height: % of the highest possible", fontsize=style.NORMAL)
    ax.grid(color="#E5E5E5", linewidth=0.5)
    ax.set_axisbelow(True)
