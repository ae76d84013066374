"""Random small problems: competences, prerequisites, catalogue, teacher.

Every problem is planted around one motif (modules in a circle, alternatives, derived elements)
and then disturbed by everything else that a scenario can say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from oracle.knowledge import Knowledge, knowledge_of, requirements
from trajectory_engine.domain.catalogue import Entry, Mode, Module
from trajectory_engine.domain.competence import (
    Component,
    FormationMode,
    NodeRef,
    PedagogicalCompetence,
    ProfessionalElement,
    SocialCompetence,
    SubjectCompetence,
)
from trajectory_engine.domain.formation import FormationRule, LevelThresholds
from trajectory_engine.domain.people import Goal, Measurement, Recognition, Teacher
from trajectory_engine.domain.requirements import Requirement
from trajectory_engine.domain.scenario import CompetenceModel
from trajectory_engine.domain.tasks import PedagogicalTask, TaskPath

LADDERS = ((1, 2), (1, 2, 3), (3, 4, 5), (1, 4), (2,), (2, 3), (1, 2, 4))
FORMS = ("full-time", "part-time", "blended", "distance", "self-paced")
MODULE_IDS = ("M1", "M10", "M2", "m2", "Z", "a", "ä", "Ж3", "M-3", "0x")
MOTIFS = ("circle", "or", "derived", "plain")
MOTIF_WEIGHTS = (36, 26, 32, 6)
MOST_MODULES = 6
PRICES = (0, 0, 5, 10, 15, 30)


@dataclass
class Draft:
    """A problem in the making.

    Attributes
    ----------
    calm : bool
        Few limits are laid over the motif, so that it has its say.
    spared : set of NodeRef
        Nodes that no further module shall teach, lest it make the motif idle.
    """

    rng: Random
    horizon: int
    motif: str
    calm: bool
    model: CompetenceModel
    measurements: list[Measurement] = field(default_factory=list)
    recognised: list[Recognition] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)
    spared: set[NodeRef] = field(default_factory=set)

    def chance(self, per_cent: int) -> bool:
        """Return True in so many cases of a hundred."""
        return self.rng.randrange(100) < per_cent

    def trouble(self, per_cent: int) -> bool:
        """Return True in so many cases of a hundred, in a calm draft in a quarter of them."""
        return self.chance(per_cent // 4 if self.calm else per_cent)

    def knowledge(self) -> Knowledge:
        """Return what the teacher knows by the measurements so far."""
        teacher = Teacher(
            "T",
            (),
            measurements=tuple(self.measurements),
            recognised=tuple(self.recognised),
        )
        return knowledge_of(self.model, teacher)

    def unknown(self) -> list[NodeRef]:
        """Return the nodes that the teacher does not know."""
        knowledge = self.knowledge()
        return [n for n, bit in knowledge.bit.items() if not bit & knowledge.known]

    def new_id(self) -> str:
        """Return a module id that is not used yet."""
        used = {m.id for m in self.modules}
        return self.rng.choice([i for i in MODULE_IDS if i not in used])


def random_model(rng: Random) -> CompetenceModel:
    """Return the competences of a small field, without prerequisites and tasks."""
    subject = tuple(
        SubjectCompetence(f"s{i}", f"topic {i}", rng.choice(LADDERS))
        for i in range(rng.randint(2, 3))
    )
    pedagogical = tuple(
        PedagogicalCompetence(f"p{i}", f"technique {i}", rng.choice(LADDERS))
        for i in range(rng.randint(1, 2))
    )
    social = tuple(
        SocialCompetence(f"e{i}", f"environment {i}", rng.choice(LADDERS))
        for i in range(rng.randint(0, 1))
    )
    pairs = [(p, s) for p in pedagogical for s in subject]
    cells = tuple(
        ProfessionalElement(
            p.id,
            s.id,
            rng.choice([s.levels, s.levels[:2], s.levels[-1:], (1, 2)]),
            rng.choice([FormationMode.DERIVED, FormationMode.DERIVED, FormationMode.TAUGHT]),
        )
        for p, s in rng.sample(pairs, rng.randint(1, 2))
    )
    return CompetenceModel(
        "field", "field", subject, pedagogical, social, cells, random_formation(rng, social)
    )


def random_formation(rng: Random, social: tuple[SocialCompetence, ...]) -> FormationRule:
    """Return a monotone f."""
    if rng.random() < 0.6:
        return FormationRule.weakest_link({s.id: rng.randint(0, 2) for s in social})
    steps = [LevelThresholds(rng.randint(0, 1), rng.randint(0, 2), ())]
    for _ in range(4):
        last = steps[-1]
        steps.append(
            LevelThresholds(
                min(5, last.subject + rng.randint(0, 2)),
                min(5, last.pedagogical + rng.randint(0, 1)),
                last.social or tuple((s.id, rng.randint(1, 2)) for s in social),
            )
        )
    return FormationRule(tuple(steps))


def is_acyclic(model: CompetenceModel) -> bool:
    """Return whether no node needs itself, directly or through others."""
    waiting = {
        node: {n for group, _ in groups for n in group}
        for node, groups in requirements(model).items()
    }
    while free := [n for n, needed in waiting.items() if not needed & waiting.keys()]:
        for node in free:
            del waiting[node]
    return not waiting


def derived_nodes(model: CompetenceModel) -> set[NodeRef]:
    """Return the nodes that f alone decides."""
    return {
        NodeRef(e.key, lv)
        for e in model.professional
        if e.formation is FormationMode.DERIVED
        for lv in e.levels
    }


def try_requirement(draft: Draft, node: NodeRef, needs: tuple[NodeRef, ...], least: int) -> bool:
    """Add a requirement if the semantics allow it; return whether they do."""
    if node in derived_nodes(draft.model) or not needs or node in needs:
        return False
    added = (*draft.model.prerequisites, Requirement(node, needs, least))
    model = replace(draft.model, prerequisites=added)
    if is_acyclic(model):
        draft.model = model
        return True
    return False


def add_requirements(draft: Draft) -> None:
    """Add some random prerequisites: AND, OR, k-of-n."""
    nodes = list(requirements(draft.model))
    for _ in range(draft.rng.randint(0, 3)):
        needs = tuple(draft.rng.sample(nodes, draft.rng.choice([1, 1, 2, 3])))
        try_requirement(draft, draft.rng.choice(nodes), needs, draft.rng.randint(1, len(needs)))


def add_tasks(draft: Draft) -> None:
    """Add tasks with one to three paths; free ones unless their links happen to be connected."""
    nodes = list(requirements(draft.model))
    tasks = []
    for i in range(draft.rng.randint(0, 2)):
        paths = tuple(
            TaskPath(f"way{j}", tuple(draft.rng.sample(nodes, draft.rng.randint(1, 2))))
            for j in range(draft.rng.randint(1, 3))
        )
        connected = all(
            _reaches(draft.model, a, b)
            for p in paths
            for a, b in zip(p.links, p.links[1:], strict=False)
        )
        tasks.append(PedagogicalTask(f"PT{i}", f"task {i}", paths, free=not connected))
    draft.model = replace(draft.model, tasks=tuple(tasks))


def _reaches(model: CompetenceModel, source: NodeRef, target: NodeRef) -> bool:
    needed = requirements(model)
    seen, stack = set(), [target]
    while stack:
        for group, _ in needed[stack.pop()]:
            stack += [n for n in group if n not in seen]
            seen.update(group)
    return source in seen


def add_measurements(draft: Draft) -> None:
    """Measure some elements, as levels (existing or not) or as scores; recognise a few."""
    for key in draft.model.elements.levels:
        if draft.chance(35):
            if draft.chance(70):
                draft.measurements.append(Measurement(key, draft.rng.choice([0, 1, 1, 2, 3])))
            else:
                scores = [draft.rng.choice([None, 10, 45, 60, 80]) for _ in range(2)]
                content = draft.rng.choice([20, 40, 75])
                draft.measurements.append(Measurement(key, None, content, *scores))
        if draft.chance(6):
            draft.recognised.append(Recognition(key, draft.rng.randint(1, 3), "certificate"))


def random_mode(draft: Draft, name: str) -> Mode:
    """Return a mode of two to fourteen hours in one to three periods, rarely an instant one."""
    rng = draft.rng
    price = rng.choice(PRICES)
    form = rng.choice(FORMS)
    provider = rng.choice(["", "u1", "u2"])
    language = rng.choice(["kk", "ru"]) if draft.trouble(40) else ""
    technologies = ("lab",) if draft.trouble(12) else ()
    common = (rng.choice([0, 50, 100, 150]), price, provider, language)
    if draft.chance(8):
        duration = rng.choice([0, 0, 1, 2])
        return Mode(name, form, 0, 0, 0, duration, *common, technologies=technologies)
    duration = rng.choice([1, 1, 2, 2, 3])
    parts = [rng.randint(1, 5), rng.randint(0, 4), rng.randint(0, 3)]
    hours = sum(parts)
    profile: tuple[int, ...] = ()
    if duration > 1 and draft.chance(30):
        cuts = sorted(rng.randint(0, hours) for _ in range(duration - 1))
        profile = tuple(b - a for a, b in zip([0, *cuts], [*cuts, hours], strict=True))
    return Mode(name, form, *parts, duration, *common, profile=profile, technologies=technologies)


def add_module(draft: Draft, teaches: tuple[NodeRef, ...], entry: Entry | None = None) -> Module:
    """Add a module with one or two random modes."""
    rng = draft.rng
    modes = tuple(
        random_mode(draft, name)
        for name in rng.sample(["day", "eve", "net"], rng.choice([1, 1, 2]))
    )
    module = Module(
        draft.new_id(),
        "module",
        rng.choice(list(Component)),
        teaches,
        modes,
        group=rng.choice(["", "core", "more"]),
        entry=entry,
    )
    draft.modules.append(module)
    return module


def plant_circle(draft: Draft) -> None:
    """Plant two modules that would justify each other, and often a third way in."""
    rng = draft.rng
    unknown = [n for n in draft.unknown() if n not in derived_nodes(draft.model)]
    lowest = list({n.element: n for n in reversed(unknown)}.values())
    if len(lowest) < 2:
        return
    first, second = rng.sample(lowest, 2)
    upper = [n for n in unknown if n.element == first.element and n != first]
    by_requirements = (
        upper
        and draft.chance(50)
        and try_requirement(draft, second, (first,), 1)
        and try_requirement(draft, upper[0], (second,), 1)
    )
    if by_requirements:
        # first -> second -> upper is no circle of nodes, but it is one of these two modules
        add_module(draft, (first, upper[0]))
        add_module(draft, (second,))
    else:
        add_module(draft, (first,), Entry((second,)))
        add_module(draft, (second,), Entry((first,)))
    if draft.chance(80):
        draft.spared |= {first, second}
    goal, other = rng.sample([first, second], 2)
    if draft.chance(75):
        ladder = tower(draft, other if draft.chance(60) else goal)
        add_module(draft, ladder, Entry() if draft.chance(70) else None)
    draft.goals.append(Goal(goal, hard=draft.chance(75), weight=3))


def plant_or(draft: Draft) -> None:
    """Plant a goal with alternatives, of which the first named is not the cheapest."""
    rng = draft.rng
    unknown = [n for n in draft.unknown() if n not in derived_nodes(draft.model)]
    rng.shuffle(unknown)
    for node in unknown:
        others = [n for n in unknown if n.element != node.element]
        if len(others) < 2:
            continue
        needs = tuple(rng.sample(others, min(len(others), rng.choice([2, 3]))))
        least = rng.randint(1, len(needs) - 1)
        if try_requirement(draft, node, needs, least):
            add_module(draft, tower(draft, node))
            if draft.chance(70):
                draft.spared.add(needs[0])
            for need in needs[1:]:
                add_module(draft, tower(draft, need))
            draft.goals.append(Goal(node, hard=draft.chance(75), weight=3))
            return


def plant_derived(draft: Draft) -> None:
    """Plant a goal on a derived cell whose sides are taught."""
    candidates = [n for n in draft.unknown() if n in derived_nodes(draft.model)]
    if not candidates:
        return
    node = draft.rng.choice(candidates)
    needed = [
        n
        for group, _ in requirements(draft.model)[node]
        for n in group
        if n.element != node.element
    ]
    if draft.chance(30):
        _refute(draft, node, needed)
    knowledge = draft.knowledge()
    for need in needed:
        if not knowledge.bit[need] & knowledge.known:
            add_module(draft, tower(draft, need))
    refuted = tuple(n for n in knowledge.refuted if n.element == node.element)
    if refuted:
        add_module(draft, refuted)
    draft.goals.append(Goal(node, hard=draft.chance(75), weight=3))


def _refute(draft: Draft, node: NodeRef, needed: list[NodeRef]) -> None:
    """Measure all that f asks for as formed and the cell itself as not formed."""
    elements = {node.element, *(n.element for n in needed)}
    draft.measurements = [m for m in draft.measurements if m.element not in elements]
    draft.recognised = [r for r in draft.recognised if r.element != node.element]
    highest: dict[str, int] = {node.element: 0}
    for need in needed:
        highest[need.element] = max(need.level, highest.get(need.element, 0))
    draft.measurements += [Measurement(key, level) for key, level in highest.items()]


def tower(draft: Draft, top: NodeRef) -> tuple[NodeRef, ...]:
    """Return a node with the unknown levels below it, sometimes without some of them."""
    knowledge = draft.knowledge()
    below = [
        NodeRef(top.element, lv)
        for lv in knowledge.levels[top.element]
        if lv < top.level and not knowledge.bit[NodeRef(top.element, lv)] & knowledge.known
    ]
    return (*(below if draft.chance(85) else []), top)


def fill_catalogue(draft: Draft) -> None:
    """Add modules for what the goals still need, then others that overlap, up to the limit."""
    rng = draft.rng
    count = rng.randint(3, MOST_MODULES)
    taught = {n for m in draft.modules for n in m.teaches}
    wanted = _wanted(draft) - taught - derived_nodes(draft.model) - draft.spared
    for node in sorted(wanted):
        if len(draft.modules) < MOST_MODULES and draft.chance(85):
            add_module(draft, tower(draft, node))
    pool = sorted(_wanted(draft) - draft.spared) or list(requirements(draft.model))
    while len(draft.modules) < count:
        nodes = tower(draft, rng.choice(pool))
        if draft.chance(25):
            extra = rng.choice(list(requirements(draft.model)))
            nodes = nodes if extra in nodes else (*nodes, extra)
        add_module(draft, nodes, random_entry(draft) if draft.chance(12) else None)


def random_entry(draft: Draft) -> Entry:
    """Return an explicit entry condition."""
    nodes = draft.rng.sample(list(requirements(draft.model)), draft.rng.randint(0, 1))
    modules = [draft.rng.choice(draft.modules).id] if draft.modules and draft.chance(50) else []
    return Entry(tuple(nodes), tuple(modules))


def _wanted(draft: Draft) -> set[NodeRef]:
    """Return the unknown nodes that goals need, directly or not, alternatives included."""
    needed = requirements(draft.model)
    unknown = set(draft.unknown())
    stack = [g.node for g in draft.goals if g.node is not None]
    for goal in draft.goals:
        stack += [
            n for t in draft.model.tasks if t.id == goal.task for p in t.paths for n in p.links
        ]
    wanted: set[NodeRef] = set()
    while stack:
        node = stack.pop()
        if node in unknown and node not in wanted:
            wanted.add(node)
            stack += [n for group, _ in needed[node] for n in group]
    return wanted
