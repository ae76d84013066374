"""Pictures of answers: fronts, and waterfalls of what limits cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from trajectory_engine.domain.answers import Easing, Front, Prices
from trajectory_engine.domain.figures import figure_text, objective_title, plain_figure
from trajectory_engine.domain.scenario import ObjectiveName, Scenario
from trajectory_engine.plotting import style

POINT_COLOUR = "#0072B2"
WORSE_COLOUR, BETTER_COLOUR, TOTAL_COLOUR = "#D55E00", "#009E73", "#0072B2"


def plot_front(
    scenario: Scenario, front: Front, x: int = 0, y: int = 1, ax: Axes | None = None
) -> Axes:
    """Draw two objectives of a front; points are numbered as in its table.

    Parameters
    ----------
    x, y : int
        Positions in ``front.over``.
    """
    ax = style.own_axes(ax, 6.4, 4.8)
    names = front.over[x], front.over[y]
    at = [
        tuple(plain_figure(n, p.values[i], scenario) for n, i in zip(names, (x, y), strict=True))
        for p in front.points
    ]
    if len(front.over) == 2:
        ax.step(
            [a for a, _ in at], [b for _, b in at], where="post", color=style.BREAK_COLOUR, zorder=1
        )
    for number, ((a, b), point) in enumerate(zip(at, front.points, strict=True), 1):
        fill = POINT_COLOUR if point.proven else "white"
        ax.scatter([a], [b], s=46, c=fill, edgecolors=POINT_COLOUR, zorder=2)
        ax.annotate(
            str(number),
            (a, b),
            xytext=(5, 5),
            textcoords="offset points",
            fontsize=style.NORMAL,
        )
    for axis, name in ((ax.xaxis, names[0]), (ax.yaxis, names[1])):
        axis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axis.set_label_text(style.plain(objective_title(name, scenario)), fontsize=style.NORMAL)
    ax.margins(0.12)
    ax.tick_params(labelsize=style.SMALL)
    ax.grid(color="#E5E5E5", linewidth=0.5)
    ax.set_axisbelow(True)
    return ax


def front_picture(scenario: Scenario, front: Front) -> Figure:
    """Return a figure of a front: one panel for every pair of objectives."""
    pairs = list(combinations(range(len(front.over)), 2))
    figure = style.new_figure(max(6.4, 5.2 * len(pairs)), 4.8)
    for ax, (x, y) in zip(figure.subplots(1, len(pairs), squeeze=False)[0], pairs, strict=True):
        plot_front(scenario, front, x, y, ax)
    said = "complete, every point proven" if front.complete else "may be incomplete"
    title = f"Teacher {front.teacher}: plans that no other beats ({said})"
    figure.suptitle(style.plain(title), fontsize=style.TITLE)
    return figure


def plot_waterfall(
    scenario: Scenario, prices: Prices, name: ObjectiveName, ax: Axes | None = None
) -> Axes:
    """Draw how an objective changes as the limits are added, one after the other.

    Only limits that change some objective of the scenario have a column.
    """
    ax = style.own_axes(ax, 7.0, 3.6)
    levels = [dict(stage.values)[name] for stage in prices.waterfall]
    columns = _columns(prices)
    labels = ["without\nany limit", *(easing_label(e) for _, e in columns), "the plan"]
    tops = [levels[0], *(levels[i] for i, _ in columns), levels[-1]]
    starts = [0, *(levels[i - 1] for i, _ in columns), 0]
    for column, (start, top) in enumerate(zip(starts, tops, strict=True)):
        total = column in (0, len(tops) - 1)
        low, high = (plain_figure(name, v, scenario) for v in sorted((start, top)))
        colour = WORSE_COLOUR if top > start else BETTER_COLOUR
        ax.bar(column, high - low, 0.62, low, color=TOTAL_COLOUR if total else colour)
        text = figure_text(name, top if total else top - start, scenario, signed=not total)
        ax.annotate(
            style.plain(text),
            (column, high),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=style.SMALL,
        )
        if column + 1 < len(tops):
            level = plain_figure(name, top, scenario)
            ax.plot([column + 0.31, column + 0.69], [level] * 2, color="#777777", linewidth=0.8)
    ax.set_xticks(range(len(labels)), [style.plain(text) for text in labels])
    ax.tick_params(labelsize=style.SMALL)
    ax.set_ylabel(style.plain(objective_title(name, scenario)), fontsize=style.NORMAL)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.margins(y=0.16)
    ax.set_ylim(bottom=0)
    return ax


def waterfall_picture(scenario: Scenario, prices: Prices) -> Figure | None:
    """Return a figure of the waterfall, a panel for every objective that changes.

    None where it cannot be drawn: there is no plan, no time was left, or nothing binds.
    """
    if not prices.waterfall or not all(stage.values for stage in prices.waterfall):
        return None
    names = _changing(prices)
    if not names:
        return None
    width = max(6.4, 1.25 * (len(_columns(prices)) + 2) + 1.2)
    figure = style.new_figure(width, 2.7 * len(names) + 0.8)
    panels = figure.subplots(len(names), 1, squeeze=False, sharex=True)[:, 0]
    for ax, name in zip(panels, names, strict=True):
        plot_waterfall(scenario, prices, name, ax)
    figure.suptitle(
        style.plain(f"Teacher {prices.teacher}: what the limits cost"), fontsize=style.TITLE
    )
    return figure


def easing_label(easing: Easing) -> str:
    """Return a limit as a label of at most two lines."""
    return f"{easing.kind.value}\n{style.shorten(easing.name, 18)}".rstrip("\n")


def _columns(prices: Prices) -> list[tuple[int, Easing]]:
    """Return the stages that change something, with the limit added there."""
    stages = prices.waterfall
    return [
        (i, stage.added)
        for i, stage in enumerate(stages)
        if stage.added is not None and stage.values != stages[i - 1].values
    ]


def _changing(prices: Prices) -> Sequence[ObjectiveName]:
    stages = [dict(stage.values) for stage in prices.waterfall]
    return [name for name in stages[0] if len({values[name] for values in stages}) > 1]


def save_front_picture(scenario: Scenario, front: Front, folder: Path) -> Path:
    """Write ``pareto.png`` and return its path."""
    return style.save(front_picture(scenario, front), folder / "pareto.png")


def save_waterfall(scenario: Scenario, prices: Prices, folder: Path) -> Path | None:
    """Write ``waterfall.png`` and return its path, None where nothing can be drawn."""
    figure = waterfall_picture(scenario, prices)
    return None if figure is None else style.save(figure, folder / "waterfall.png")
