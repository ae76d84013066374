"""From a scenario and a teacher to the teacher's problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from trajectory_engine.domain.messages import Message
from trajectory_engine.problem.balance import balance_nodes
from trajectory_engine.problem.candidates import (
    Alternatives,
    Candidates,
    find_candidates,
)
from trajectory_engine.problem.classes import ClassTable
from trajectory_engine.problem.facts import Mandatory, TeacherFacts, Wanted
from trajectory_engine.problem.money import money_objectives
from trajectory_engine.problem.rows import Taken, build_rows
from trajectory_engine.problem.rules import TeacherRules
from trajectory_engine.problem.teacher_problem import (
    Clause,
    HardGoal,
    ModeOption,
    ModuleOption,
    SoftGoal,
    StateRow,
    TeacherProblem,
)


def compile_problem(
    facts: TeacherFacts,
    *,
    covers_all: bool,
    also: Collection[int] = (),
    barred: Collection[int] = (),
    only: Collection[int] | None = None,
) -> TeacherProblem:
    """Return the problem of a teacher.

    Parameters
    ----------
    covers_all : bool
        False leaves away the rows that leaving modules out can violate, and the modules that
        only such rows need: a smaller relaxation.  A plan of it that satisfies those rows
        anyway is a plan of the whole problem, and its bounds hold for the whole problem.
    also : collection of int
        Modules (scenario's index) to offer as far as they are open and can be entered.
    barred : collection of int
        Modules (scenario's index) not to offer.
    only : collection of int, optional
        The only modules (scenario's index) to offer, as far as they are open and can be entered.
    """
    index = facts.index
    seeds = {
        index.module_index[m]
        for mandatory in facts.mandatory
        for m in mandatory.modules
        if m in index.module_index
    }
    targets = {n for w in facts.wanted for way in w.ways for n in way}
    if covers_all:
        seeds |= _covering_modules(facts) if only is None else set(only)
        if facts.balances:
            targets |= balance_nodes(index.scenario.model, index.graph)
    seeds.update(also)

    def options(module: int) -> tuple[ModeOption, ...]:
        left_out = module in barred or (only is not None and module not in only)
        return () if left_out else facts.options(module)

    offers_all = only is None and not barred
    offer = facts.options if offers_all else options
    candidates = find_candidates(index, facts.knowledge, offer, targets, seeds)
    table = ClassTable(index, candidates)
    modules = _module_options(facts, candidates, table)
    offered = [
        Taken(
            (table.position[m], k),
            index.scenario.modules[m],
            index.scenario.modules[m].modes[o.rank],
            o.starts,
        )
        for m in sorted(candidates.modules)
        for k, o in enumerate(facts.options(m))
    ]
    rules = TeacherRules(index.scenario, facts.teacher, _lost_rules(facts, table))
    rows = [
        *rules.rows(offered),
        *build_rows(index.scenario, offered, facts.sources, alone=facts.alone),
    ]
    hard, soft, base, obstacles = _goals(facts, table, rules)
    clauses, missing = _clauses(facts, table, rules)
    if obstacles or missing:
        missing += _without_partners(facts, candidates)
    return TeacherProblem(
        teacher=facts.teacher.id,
        modules=modules,
        classes=table.classes(),
        hard_goals=hard,
        soft_goals=soft,
        rows=tuple(row for row in rows if covers_all or not row.covering),
        clauses=clauses,
        orderings=tuple(rules.orderings(offered)),
        deadline=facts.time.deadline,
        capacity=facts.time.capacity,
        blocked=facts.time.blocked,
        objectives=index.scenario.objectives,
        renewable_capacity={i: index.capacity[r] for r, i in index.renewable.items()},
        base_unmet=base,
        obstacles=(*obstacles, *missing),
        covers_all=covers_all,
        shortfalls=money_objectives(index.scenario, offered, facts.sources),
        soft_rules=rules.soft,
        lost_rules=rules.lost,
        parallels=tuple(rules.parallels(offered)),
        state_rows=tuple(_state_rows(facts, table, rules)) if covers_all else (),
    )


def _lost_rules(facts: TeacherFacts, table: ClassTable) -> set[str]:
    """Return the soft rules of which something required cannot be formed or taken at all."""
    lost = {
        w.soft_rule
        for w in facts.wanted
        if w.soft_rule and not any(all(n in table.of for n in way) for way in w.ways)
    }
    return lost | {
        m.soft_rule for m in facts.mandatory if m.soft_rule and not _offered(facts, table, m)
    }


def _offered(facts: TeacherFacts, table: ClassTable, mandatory: Mandatory) -> tuple[int, ...]:
    """Return the positions of the modules that satisfy and can be taken."""
    known = facts.index.module_index
    positions = (table.position.get(known[m]) for m in mandatory.modules if m in known)
    return tuple(p for p in positions if p is not None)


def _state_rows(facts: TeacherFacts, table: ClassTable, rules: TeacherRules) -> Iterator[StateRow]:
    """Yield the rows of balance over classes; what is known counts in the limit."""
    known = facts.knowledge.known
    for rule, rows in facts.balances:
        for row in rows:
            weights: Counter[int] = Counter()
            least = row.least
            for node, coefficient in row.coefficients.items():
                if known[node]:
                    least -= coefficient
                elif node in table.of:
                    weights[table.of[node]] += coefficient
            terms = tuple((c, v) for c, v in sorted(weights.items()) if v)
            if sum(min(0, v) for _, v in terms) < least:
                yield StateRow(f"rule:{rule.id}", terms, least, rules.guard(rule))


def _covering_modules(facts: TeacherFacts) -> set[int]:
    """Return the open modules that a covering rule may count."""
    modules = facts.index.scenario.modules
    selectors = [scope for _, scope in facts.rules.covering()]
    return {
        i
        for i, module in enumerate(modules)
        if any(
            selector.covers(module, module.modes[option.rank])
            for selector in selectors
            for option in facts.options(i)
        )
    }


def _module_options(
    facts: TeacherFacts, candidates: Candidates, table: ClassTable
) -> tuple[ModuleOption, ...]:
    index = facts.index
    modules = sorted(candidates.modules)
    references = [
        {m: _positions(table, named) for m, named in of.items()}
        for of in (candidates.entry_modules, candidates.co, candidates.strict_co)
    ]
    found = [
        ModuleOption(
            index.scenario.modules[module].id,
            facts.options(module),
            attained,
            table.groups(candidates.modules[module]),
        )
        for module, attained in zip(modules, table.attained_by(modules), strict=True)
    ]
    for m in set().union(*references):
        before, co, strict = (of.get(m, ()) for of in references)
        i = table.position[m]
        found[i] = replace(found[i], entry_modules=before, co=co, strict_co=strict)
    return tuple(found)


def _positions(table: ClassTable, references: Alternatives) -> Alternatives:
    return tuple(tuple(table.position[m] for m in ms) for ms in references)


def _goals(
    facts: TeacherFacts, table: ClassTable, rules: TeacherRules
) -> tuple[tuple[HardGoal, ...], tuple[SoftGoal, ...], int, list[Message]]:
    """Return hard goals, soft goals, the weight that is lost for certain, and obstacles."""
    hard, soft, obstacles = [], [], []
    base = 0
    lost = {rule.id for rule in rules.lost}
    for wanted in facts.wanted:
        if wanted.soft_rule in lost:
            continue
        found = [
            tuple(sorted({table.of[n] for n in way}))
            for way in wanted.ways
            if all(n in table.of for n in way)
        ]
        ways = tuple(dict.fromkeys(found))
        if ways and wanted.hard:
            hard.append(HardGoal(wanted.goal, ways, rules.guards.get(wanted.soft_rule)))
        elif ways:
            soft.append(SoftGoal(wanted.goal, wanted.weight, ways))
        elif wanted.hard:
            obstacles.append(_unreachable(facts, wanted, table))
        else:
            base += wanted.weight
    return tuple(hard), tuple(soft), base, obstacles


def _unreachable(facts: TeacherFacts, wanted: Wanted, table: ClassTable) -> Message:
    dead = sorted({n for way in wanted.ways for n in way if n not in table.of})
    nodes = " ".join(str(facts.index.node_ref(n)) for n in dead[:5])
    kind, _, name = wanted.goal.partition(":")
    if kind == "rule":
        return Message.of("rule_unreachable", rule=name, nodes=nodes)
    return Message.of("goal_unreachable", goal=name, nodes=nodes)


def _without_partners(facts: TeacherFacts, candidates: Candidates) -> list[Message]:
    """Return the modules left out because nothing that must be taken beside them is open."""
    modules = facts.index.scenario.modules
    return [
        Message.of(
            "without_partner",
            module=modules[module].id,
            partners=" ".join(modules[m].id for m in partners),
        )
        for module, partners in sorted(candidates.alone.items())
    ]


def _clauses(
    facts: TeacherFacts, table: ClassTable, rules: TeacherRules
) -> tuple[tuple[Clause, ...], list[Message]]:
    clauses, obstacles = [], []
    lost = {rule.id for rule in rules.lost}
    for mandatory in facts.mandatory:
        if mandatory.soft_rule in lost:
            continue
        offered = _offered(facts, table, mandatory)
        if offered:
            guard = rules.guards.get(mandatory.soft_rule)
            clauses.append(Clause(mandatory.reason, offered, guard))
        else:
            module, why = mandatory.modules[0], mandatory.reason
            obstacles.append(Message.of("module_not_open", module=module, why=why))
    return tuple(clauses), obstacles
