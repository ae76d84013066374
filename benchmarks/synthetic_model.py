"""A synthetic model of any number of columns, with one teacher, as files.

The topics fall into fields of 250. The first field is the foundation that all others lean on; the
teacher works in the second. Every field is drawn from its own random stream, so that the same
teacher with the same gap stands in a matrix of any size: what then grows is the matrix alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

FIELD_SIZE = 250
"""Topics of one field."""
ROWS = 30
"""Pedagogical competences, the rows of B."""
SOCIAL = ("climate", "dialogue", "ethics", "team")
MODULES_PER_COLUMN = 1.2
OVERLAP = 3.3
"""Modules that teach a node, on average: one follows the order of the topics, the others do not."""
BLOCK_NOISE = 9.0
"""Topics by which what such a module reaches for lies out of the order, standard deviation."""
STRAY = 0.05
"""Share of the elements of such modules that lie out of the order."""
WEEKS = 208
HOURS_PER_WEEK = 36
LONG_WEEKS = 520
"""Weeks of the axis where the whole matrix is missing."""
MISSING_NODES = 340
"""Nodes that the teacher lacks and every way to the goals needs."""

Node = tuple[str, int]
Need = tuple[int, tuple[Node, ...]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A column of A."""

    id: str
    field: int
    levels: tuple[int, ...]

    @property
    def key(self) -> str:
        """Key of the element."""
        return f"Sub[{self.id}]"


@dataclass(frozen=True, slots=True)
class Cell:
    """An element of B."""

    row: str
    topic: Topic
    derived: bool

    @property
    def key(self) -> str:
        """Key of the element."""
        return f"B[{self.row},{self.topic.id}]"


@dataclass(frozen=True, slots=True)
class Item:
    """Levels of one element that a module teaches: above ``low`` up to ``high``."""

    element: str
    low: int
    high: int
    place: float
    nodes: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """A module: what it teaches and the hours of its two modes."""

    id: str
    component: str
    items: tuple[Item, ...]
    hours: tuple[int, int]


@dataclass
class SyntheticModel:
    """What the files hold.

    Attributes
    ----------
    needs : dict
        Authored requirements by node: at least so many of these nodes.
    measured : dict
        Levels that the teacher was found to have, by element.
    goals, tasks : list
        Nodes and tasks that the teacher is to reach.
    weeks, hours_per_week : int
        The time axis, and what the teacher can study.
    """

    topics: list[Topic] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    needs: dict[Node, list[Need]] = field(default_factory=dict)
    lessons: list[Lesson] = field(default_factory=list)
    paths: dict[str, list[list[Node]]] = field(default_factory=dict)
    measured: dict[str, int] = field(default_factory=dict)
    goals: list[Node] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    weeks: int = WEEKS
    hours_per_week: int = HOURS_PER_WEEK


def generate(
    columns: int, seed: int, missing: int | None = MISSING_NODES, overlap: float = OVERLAP
) -> SyntheticModel:
    """Return a model with ``columns`` topics and a teacher who lacks about ``missing`` nodes.

    Fewer are missing where a field is too small to have so many. ``None``: the whole matrix is
    missing and wanted, for which the weeks are longer, so that time is no limit.
    """
    size = min(FIELD_SIZE, max(2, columns // 2))
    model = SyntheticModel()
    fields: list[list[Topic]] = []
    for number, first in enumerate(range(0, columns, size)):
        rng = random.Random(f"{seed}/field/{number}")
        topics = list(_topics(rng, number, min(size, columns - first)))
        cells = list(_cells(rng, topics))
        model.topics += topics
        model.cells += cells
        _add_prerequisites(rng, model.needs, topics, cells, fields[0] if fields else [])
        model.lessons += _lessons(rng, number, topics, cells, overlap)
        _add_tasks(rng, model.paths, number, cells)
        _measure(rng, model.measured, topics, cells, 0.85 if number == 0 else 0.35)
        fields.append(topics)
    rng = random.Random(f"{seed}/common")
    model.lessons += _pedagogical_lessons(rng)
    model.measured |= {f"P[{row}]": rng.choice((2, 2, 3)) for row in rows()}
    model.measured |= {f"S[{name}]": 3 for name in SOCIAL}
    if missing is None:
        _want_everything(model)
    else:
        _set_goals(rng, model, fields[min(1, len(fields) - 1)], missing)
    return model


def rows() -> list[str]:
    """Return the ids of the pedagogical competences."""
    return [f"tech{i:02}" for i in range(ROWS)]


# ---- A, B and prerequisites --------------------------------------------------------------------


def _topics(rng: random.Random, number: int, size: int) -> Iterator[Topic]:
    """Yield topics of which half have one level, 35 % two, 15 % three: 0.33 of the 5 x t cells."""
    one, three = round(0.5 * size), round(0.15 * size)
    sizes = [1] * one + [3] * three + [2] * (size - one - three)
    rng.shuffle(sizes)
    for i, levels in enumerate(sizes):
        chosen = rng.sample(range(1, 6), levels)
        yield Topic(f"f{number:02}t{i:03}", number, tuple(sorted(chosen)))


def _cells(rng: random.Random, topics: Sequence[Topic]) -> Iterator[Cell]:
    """Yield 1.6 cells of B a topic, three of ten formed by the rule alone."""
    for topic in topics:
        for row in rng.sample(rows(), 1 + (rng.random() < 0.6)):
            yield Cell(row, topic, rng.random() < 0.3)


def _add_prerequisites(
    rng: random.Random,
    needs: dict[Node, list[Need]],
    topics: Sequence[Topic],
    cells: Sequence[Cell],
    foundation: Sequence[Topic],
) -> None:
    """Let nodes need nodes of earlier topics: mostly one, some two, some one of two."""

    def node_of(topic: Topic, level: int) -> Node:
        lower = [lv for lv in topic.levels if lv <= level]
        return topic.key, max(lower, default=topic.levels[0])

    for j, topic in enumerate(topics):
        near = topics[max(0, j - 25) : j]
        for level in topic.levels:
            kind = rng.random()
            if len(near) >= 2 and kind < 0.62:
                first, second = (node_of(t, level) for t in rng.sample(near, 2))
                if kind < 0.38:
                    _need(needs, (topic.key, level), 1, (first,))
                elif kind < 0.50:
                    _need(needs, (topic.key, level), 2, (first, second))
                else:
                    _need(needs, (topic.key, level), 1, (first, second))
            if foundation and rng.random() < 0.08:
                _need(needs, (topic.key, level), 1, (node_of(rng.choice(foundation), 2),))
    last: dict[str, Cell] = {}
    for cell in cells:
        if cell.derived:
            continue
        before = last.get(cell.row)
        if before is not None and rng.random() < 0.2:
            level = cell.topic.levels[-1]
            lower = node_of(before.topic, level)[1]
            _need(needs, (cell.key, level), 1, ((before.key, lower),))
        last[cell.row] = cell


def _need(needs: dict[Node, list[Need]], node: Node, least: int, of: tuple[Node, ...]) -> None:
    needs.setdefault(node, []).append((least, of))


# ---- modules -----------------------------------------------------------------------------------


def _lessons(
    rng: random.Random,
    number: int,
    topics: Sequence[Topic],
    cells: Sequence[Cell],
    overlap: float,
) -> list[Lesson]:
    """Return the modules of a field.

    One pass over what is taught follows the order of the topics, so that everything can be
    learnt. The others reach out of it, are shorter by the hour and often wait for each other.
    """
    taught = [(t.key, t.levels, float(i)) for i, t in enumerate(topics)]
    place = {t.id: i for i, t in enumerate(topics)}
    taught += [(c.key, c.topic.levels, place[c.topic.id] + 0.5) for c in cells if not c.derived]
    total = round(MODULES_PER_COLUMN * len(topics))
    in_order = round(total / overlap)
    blocks = [(block, True) for block in _blocks(rng, _items(rng, taught, 0.0), in_order)]
    left = overlap - 1
    while left > 0:
        share = min(1.0, left)
        chosen = [t for t in taught if share == 1.0 or rng.random() < share]
        blocks += [
            (block, False)
            for block in _blocks(rng, _items(rng, chosen, BLOCK_NOISE), round(in_order * share))
        ]
        left -= share
    rng.shuffle(blocks)
    return [
        _lesson(rng, f"f{number:02}m{i:03}", block, ordered)
        for i, (block, ordered) in enumerate(blocks)
    ]


def _items(
    rng: random.Random, taught: Sequence[tuple[str, tuple[int, ...], float]], noise: float
) -> list[Item]:
    """Return pieces that teach every level once; with noise, 40 % of the ladders are cut in two."""
    items = []
    for element, levels, place in taught:
        cut = rng.randrange(1, len(levels)) if noise and len(levels) > 1 else 0
        cut = cut if rng.random() < 0.4 else 0
        for low, part in ((0, levels[:cut]), (levels[cut - 1] if cut else 0, levels[cut:])):
            if part:
                stray = noise and rng.random() < STRAY
                at = place + (rng.gauss(0.0, noise) if stray else 0.0)
                items.append(Item(element, low, part[-1], at, len(part)))
    return items


def _blocks(rng: random.Random, items: Sequence[Item], number: int) -> list[tuple[Item, ...]]:
    """Return the items in order of their places, cut into about ``number`` blocks.

    An element occurs once in a block; a second piece of its ladder waits for the next one.
    """
    waiting = sorted(items, key=lambda i: i.place)
    blocks: list[tuple[Item, ...]] = []
    average = max(1.0, len(waiting) / max(1, number))
    while waiting:
        size = max(1, round(average * rng.uniform(0.6, 1.4)))
        block: dict[str, Item] = {}
        later = []
        while waiting and len(block) < size:
            item = waiting.pop(0)
            if item.element in block:
                later.append(item)
            else:
                block[item.element] = item
        blocks.append(tuple(block.values()))
        waiting = later + waiting
    return blocks


def _lesson(rng: random.Random, name: str, items: tuple[Item, ...], ordered: bool) -> Lesson:
    nodes = sum(i.nodes for i in items)
    rate = rng.uniform(3.0, 4.5) if ordered else rng.uniform(2.0, 4.0)
    hours = round(4 + nodes * rate)
    professional = sum(i.element.startswith("B") for i in items)
    component = "pedagogical" if 2 * professional > len(items) else "subject"
    return Lesson(name, component, items, (hours, round(hours * rng.uniform(0.95, 1.15))))


def _pedagogical_lessons(rng: random.Random) -> list[Lesson]:
    """Return modules that teach the pedagogical competences, each of them three times."""
    numbers = count()
    lessons = []
    for _ in range(3):
        order = rows()
        rng.shuffle(order)
        for low, high in ((0, 2), (2, 3), (3, 5)):
            for first in range(0, len(order), 5):
                chosen = order[first : first + 5]
                items = tuple(Item(f"P[{r}]", low, high, 0.0, high - low) for r in chosen)
                hours = 6 + round(sum(i.nodes for i in items) * rng.uniform(2.0, 3.5))
                lessons.append(
                    Lesson(f"ped{next(numbers):03}", "pedagogical", items, (hours, hours + 2))
                )
    return lessons


# ---- the teacher -------------------------------------------------------------------------------


def _add_tasks(
    rng: random.Random,
    paths: dict[str, list[list[Node]]],
    number: int,
    cells: Sequence[Cell],
) -> None:
    """Add a task for every 50 cells: two ways of two cells each."""
    for i in range(len(cells) // 50):
        chosen = rng.sample(list(cells), 4)
        links = [(c.key, c.topic.levels[0]) for c in chosen]
        paths[f"f{number:02}task{i:02}"] = [links[:2], links[2:]]


def _measure(
    rng: random.Random,
    measured: dict[str, int],
    topics: Sequence[Topic],
    cells: Sequence[Cell],
    share: float,
) -> None:
    """Let the teacher have some level of a share of the topics, and of some cells there."""
    for topic in topics:
        if rng.random() < share:
            measured[topic.key] = rng.choice(topic.levels)
    for cell in cells:
        if not cell.derived and cell.topic.key in measured and rng.random() < 0.3:
            measured[cell.key] = cell.topic.levels[0]


def _want_everything(model: SyntheticModel) -> None:
    """Let the teacher lack and want every level of every topic and cell.

    All modules together fit into the weeks one and a half times.
    """
    model.measured = {e: v for e, v in model.measured.items() if e.startswith(("P[", "S["))}
    model.goals = [(t.key, t.levels[-1]) for t in model.topics]
    model.goals += [(c.key, c.topic.levels[-1]) for c in model.cells]
    model.weeks = LONG_WEEKS
    hours = sum(lesson.hours[1] for lesson in model.lessons)
    model.hours_per_week = max(HOURS_PER_WEEK, 3 * hours // (2 * LONG_WEEKS))


def _set_goals(
    rng: random.Random, model: SyntheticModel, topics: Sequence[Topic], missing: int
) -> None:
    """Add goals in a field until every way to them needs ``missing`` nodes."""
    inside = {t.id for t in topics}
    cells = [c for c in model.cells if c.topic.id in inside]
    nodes: list[Node] = [(t.key, t.levels[-1]) for t in topics]
    nodes += [(c.key, c.topic.levels[-1]) for c in cells]
    rng.shuffle(nodes)
    needed: set[Node] = set()
    levels = {t.key: t.levels for t in model.topics}
    cell_of = {c.key: c for c in model.cells}
    for goal in nodes:
        if len(needed) >= missing:
            break
        if model.measured.get(goal[0], 0) < goal[1]:
            model.goals.append(goal)
            _close(model, levels, cell_of, goal, needed)
    model.tasks = sorted(t for t in model.paths if t.startswith(f"f{topics[0].field:02}"))[:2]


def _close(
    model: SyntheticModel,
    levels: dict[str, tuple[int, ...]],
    cell_of: dict[str, Cell],
    goal: Node,
    needed: set[Node],
) -> None:
    """Add to ``needed`` what the goal cannot do without; alternatives are not followed."""
    waiting = [goal]
    while waiting:
        node = waiting.pop()
        element, level = node
        if node in needed or model.measured.get(element, 0) >= level:
            continue
        needed.add(node)
        cell = cell_of.get(element)
        existing = cell.topic.levels if cell else levels.get(element, (1, 2, 3, 4, 5))
        if cell is not None:
            waiting += [(cell.topic.key, level), (f"P[{cell.row}]", level)]
        waiting += [(element, lv) for lv in existing if lv < level][-1:]
        for least, of in model.needs.get(node, ()):
            if least == len(of):
                waiting += of
