"""The paths of a pedagogical task through the prerequisite graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch

from trajectory_engine.domain.calendar import Calendar
from trajectory_engine.domain.competence import NodeRef
from trajectory_engine.domain.levels import Level
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath
from trajectory_engine.graph.prerequisites import PrerequisiteGraph
from trajectory_engine.plotting import style

BOX_WIDTH, BOX_HEIGHT = 1.75, 0.74
NEED_HEIGHT = 0.56
GAP = 0.6
LINKS_PER_LINE = 6
MOST_NEEDS = 3
HEADER = 0.42
MARGIN = 0.3
LETTERS = 25


class NodeState(StrEnum):
    """How a node stands: formed now, formed by the plan, or neither; or nobody is asked about."""

    FORMED = "formed"
    PLANNED = "planned"
    MISSING = "missing"
    NEEDED = "needed"


@dataclass(frozen=True)
class NodeStates:
    """What is known of the nodes.

    Attributes
    ----------
    known : mapping or None
        Level by element key at time 0; None when no teacher is asked about.
    attained : mapping
        Period by which the plan forms a node.
    calendar : Calendar or None
        Turns periods into dates.
    """

    known: Mapping[str, int] | None = None
    attained: Mapping[NodeRef, int] | None = None
    calendar: Calendar | None = None

    def state(self, node: NodeRef) -> NodeState:
        """Return how ``node`` stands."""
        if self.known is None:
            return NodeState.NEEDED
        if self.known.get(node.element, 0) >= node.level:
            return NodeState.FORMED
        return NodeState.PLANNED if node in (self.attained or {}) else NodeState.MISSING

    def label(self, node: NodeRef) -> str:
        """Return the state in words, with the date for a planned node; empty if nobody asks."""
        state = self.state(node)
        if state is NodeState.NEEDED:
            return ""
        if state is not NodeState.PLANNED:
            return state.value
        period = (self.attained or {})[node]
        when = f"period {period}" if self.calendar is None else str(self.calendar.end_date(period))
        return f"planned: {when}"


_FACES: Mapping[NodeState, tuple[str, str, Literal["-", "--"]]] = {
    NodeState.FORMED: ("#D9F0E6", style.FORMED_COLOUR, "-"),
    NodeState.PLANNED: ("#DDF0FB", "#0072B2", "-"),
    NodeState.MISSING: ("#FBE3D6", style.MISSING_COLOUR, "--"),
    NodeState.NEEDED: ("#F5F5F5", "#555555", "-"),
}
"""Fill, edge and line of a box by state."""


def task_size(
    task: PedagogicalTask, graph: PrerequisiteGraph, states: NodeStates
) -> tuple[float, float]:
    """Return width and height in inches that leave room for all paths of a task."""
    longest = max(min(len(p.links), LINKS_PER_LINE) for p in task.paths)
    lines = sum(_line_height(graph, states, line) for p in task.paths for line in _lines(p))
    height = lines + len(task.paths) * HEADER
    return max(8.5, MARGIN * 2 + longest * (BOX_WIDTH + GAP)), height + 2 * MARGIN + 1.2


def plot_task_paths(
    task: PedagogicalTask,
    graph: PrerequisiteGraph,
    states: NodeStates | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw every path of a task, link by link, with the direct prerequisites of open links.

    An arrow is solid where the graph has the edge between two links, dashed where it leads over
    further nodes ("via n"), dotted where the links of a free task are not connected.

    Parameters
    ----------
    task : PedagogicalTask
    graph : PrerequisiteGraph
        Of the model the task belongs to.
    states : NodeStates, optional
        Which nodes are formed or planned; by default nobody is asked about.
    ax : Axes, optional
        Where to draw; by default on a figure of its own.
    title : str
        Second line of the title.
    """
    states = states or NodeStates()
    width, height = task_size(task, graph, states)
    ax = style.own_axes(ax, width, height)
    bottom = 0.0
    for path in task.paths:
        ax.text(
            MARGIN,
            bottom - HEADER / 2,
            style.plain(_header(path, states)),
            fontsize=style.NORMAL,
            fontweight="bold",
            va="center",
        )
        bottom -= HEADER
        for number, line in enumerate(_lines(path)):
            before = path.links[number * LINKS_PER_LINE - 1] if number else None
            _draw_line(ax, graph, states, line, before, bottom)
            bottom -= _line_height(graph, states, line)
    ax.set_xlim(0, width)
    ax.set_ylim(bottom, 0.05)
    ax.set_axis_off()
    name = f"{task.id} {task.name}" if task.name != task.id else task.id
    ax.set_title(
        style.plain("\n".join(filter(None, (f"Task {style.shorten(name, 90)}", title)))),
        fontsize=style.TITLE,
    )
    _legend(ax, states)
    return ax


def steps_between(graph: PrerequisiteGraph, source: NodeRef, target: NodeRef) -> int | None:
    """Return the fewest edges from ``source`` to ``target``, None if there is no way."""
    goal = graph.index(target)
    reached = np.zeros(graph.node_count, dtype=np.bool_)
    frontier = np.array([graph.index(source)], dtype=np.int64)
    count = 0
    while len(frontier):
        count += 1
        frontier = np.unique(graph.dependents.gather(frontier))
        frontier = frontier[~reached[frontier]]
        reached[frontier] = True
        if reached[goal]:
            return count
    return None


def _lines(path: TaskPath) -> list[tuple[NodeRef, ...]]:
    return [path.links[i : i + LINKS_PER_LINE] for i in range(0, len(path.links), LINKS_PER_LINE)]


def _line_height(graph: PrerequisiteGraph, states: NodeStates, links: Sequence[NodeRef]) -> float:
    deepest = max(len(_needs(graph, states, link)) for link in links)
    more = 0.25 if deepest > MOST_NEEDS else 0.0
    return BOX_HEIGHT + min(deepest, MOST_NEEDS) * (NEED_HEIGHT + 0.06) + more + 0.35


@dataclass(frozen=True, slots=True)
class _Need:
    """A direct prerequisite; ``asked`` says of how many alternatives how many are needed."""

    node: NodeRef
    asked: str = ""


def _needs(graph: PrerequisiteGraph, states: NodeStates, link: NodeRef) -> list[_Need]:
    """Return the direct prerequisites of a link that is not formed, open ones first.

    Of alternatives of which enough are formed, only these are of interest.
    """
    if states.state(link) is NodeState.FORMED:
        return []
    groups: list[tuple[bool, list[_Need]]] = []
    for group in graph.groups_of[graph.index(link)].tolist():
        members = [graph.node(int(i)) for i in graph.members[group]]
        least = int(graph.group_least[group])
        formed = [n for n in members if states.state(n) is NodeState.FORMED]
        if least == len(members):
            groups += [(n in formed, [_Need(n)]) for n in members]
        else:
            shown = formed if len(formed) >= least else members
            asked = f"{least} of {len(members)} needed"
            groups.append((len(formed) >= least, [_Need(n, asked) for n in shown]))
    found: dict[NodeRef, _Need] = {}
    for need in (need for _, needs in sorted(groups, key=lambda g: g[0]) for need in needs):
        if need.node not in found or not need.asked:
            found[need.node] = need
    return list(found.values())


def _header(path: TaskPath, states: NodeStates) -> str:
    count = len(path.links)
    found = [states.state(link) for link in path.links]
    text = f"path {style.shorten(path.id, 30)}: {count} link{'s' * (count != 1)}"
    if states.known is None:
        return text
    parts = [f"{found.count(s)} {s.value}" for s in (NodeState.FORMED, NodeState.PLANNED)]
    return f"{text}, {', '.join(parts)}, {found.count(NodeState.MISSING)} missing"


def _draw_line(
    ax: Axes,
    graph: PrerequisiteGraph,
    states: NodeStates,
    links: Sequence[NodeRef],
    before: NodeRef | None,
    top: float,
) -> None:
    for position, link in enumerate(links):
        left = MARGIN + GAP + position * (BOX_WIDTH + GAP)
        _box(ax, left, top, BOX_WIDTH, BOX_HEIGHT, _Need(link), states)
        if before is not None:
            _arrow(ax, left - GAP, left, top - BOX_HEIGHT / 2, steps_between(graph, before, link))
        _draw_needs(ax, _needs(graph, states, link), states, left, top - BOX_HEIGHT)
        before = link


def _draw_needs(
    ax: Axes, needs: Sequence[_Need], states: NodeStates, left: float, bottom: float
) -> None:
    """Draw the direct prerequisites of a link below it, alternatives with a dashed line."""
    if not needs:
        return
    y = bottom - 0.14
    for need in needs[:MOST_NEEDS]:
        _box(ax, left + 0.22, y, BOX_WIDTH - 0.22, NEED_HEIGHT, need, states, small=True)
        middle = y - NEED_HEIGHT / 2
        line = ":" if need.asked else "-"
        ends = ([left + 0.08, left + 0.22], [middle, middle])
        ax.plot(*ends, color="#777777", linewidth=0.9, linestyle=line)
        y -= NEED_HEIGHT + 0.06
    ax.annotate(
        "",
        (left + 0.08, bottom),
        (left + 0.08, middle),
        arrowprops={"arrowstyle": "-|>", "color": "#777777", "shrinkA": 0, "shrinkB": 0},
    )
    if len(needs) > MOST_NEEDS:
        ax.text(
            left + 0.22,
            y - 0.06,
            f"and {len(needs) - MOST_NEEDS} more",
            fontsize=style.SMALL - 1,
            va="top",
            color="#444444",
        )


def _box(
    ax: Axes,
    left: float,
    top: float,
    width: float,
    height: float,
    need: _Need,
    states: NodeStates,
    *,
    small: bool = False,
) -> None:
    node = need.node
    face, edge, line = _FACES[states.state(node)]
    ax.add_patch(
        FancyBboxPatch(
            (left + 0.04, top - height + 0.04),
            width - 0.08,
            height - 0.08,
            boxstyle="round,pad=0.04",
            facecolor=face,
            edgecolor=edge,
            linestyle=line,
            linewidth=1.0 if small else 1.6,
        )
    )
    level = f"level {node.level} {style.LEVEL_NAMES[Level(node.level)]}"
    name = style.wrap(node.element, LETTERS - 3 * small, 2)
    last = states.label(node)
    small_rows = [need.asked, name, f"{node.level}: {last or level}"]
    rows = small_rows if small else [name, level, last]
    ax.text(
        left + width / 2,
        top - height / 2,
        style.plain("\n".join(filter(None, rows))),
        fontsize=style.SMALL - 1.5,
        ha="center",
        va="center",
        linespacing=1.15,
    )


def _arrow(ax: Axes, start: float, end: float, y: float, steps: int | None) -> None:
    line = ":" if steps is None else "-" if steps == 1 else "--"
    ax.annotate(
        "",
        (end - 0.02, y),
        (start + 0.02, y),
        arrowprops={
            "arrowstyle": "-|>",
            "linestyle": line,
            "color": "#333333",
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
    if steps is not None and steps > 1:
        ax.text(
            (start + end) / 2,
            y + 0.07,
            f"via {steps - 1}",
            fontsize=style.SMALL - 1.5,
            ha="center",
            va="bottom",
        )


def _legend(ax: Axes, states: NodeStates) -> None:
    shown = (
        [NodeState.NEEDED]
        if states.known is None
        else [NodeState.FORMED, NodeState.PLANNED, NodeState.MISSING]
    )
    names = {
        NodeState.FORMED: "formed already",
        NodeState.PLANNED: "formed by the plan, by the date shown",
        NodeState.MISSING: "missing",
        NodeState.NEEDED: "needed",
    }
    lines: tuple[tuple[Literal["-", "--", ":"], str], ...] = (
        ("-", "arrow: direct prerequisite of the next link"),
        ("--", "leads there over further nodes"),
        (":", "not connected"),
    )
    arrows = [Line2D([], [], color="#333333", linestyle=line, label=name) for line, name in lines]
    grey = Line2D(
        [], [], color="#777777", linestyle=":", label="alternatives, so many of which are needed"
    )
    arrows.append(grey)
    boxes = [
        Patch(
            facecolor=_FACES[s][0], edgecolor=_FACES[s][1], linestyle=_FACES[s][2], label=names[s]
        )
        for s in shown
    ]
    ax.legend(
        handles=[*boxes, *arrows],
        loc="upper center",
        bbox_to_anchor=(0.5, -0.0),
        ncols=2,
        fontsize=style.SMALL,
        frameon=False,
        title="large boxes: links in the order of use; small boxes: their direct prerequisites",
        title_fontsize=style.SMALL,
    )
