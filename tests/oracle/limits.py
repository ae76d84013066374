"""Limits of a teacher and scenarios without them, from the semantics alone."""

from __future__ import annotations

from dataclasses import replace

from oracle.knowledge import knowledge_of
from oracle.offers import decisions_of, done, goals_of, standing_in
from oracle.priors import settled
from oracle.rulebook import rules_for
from trajectory_engine.domain.funding import Fund, YearBudget
from trajectory_engine.domain.people import Decision, DecisionKind, Goal, Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    AtMostRule,
    RecencyRule,
    Rule,
)


def decision_name(decision: Decision) -> str:
    """Return the id of a decision as a limit."""
    given = decision.value if decision.period is None else f"period {decision.period}"
    return f"decision:{decision.kind}:{decision.subject}" + (f"={given}" if given else "")


def goal_name(goal: Goal) -> str:
    """Return the id of a goal as a limit."""
    return f"goal:{goal.node}" if goal.node is not None else f"goal:task:{goal.task}"


def pairs_of(scenario: Scenario) -> set[frozenset[str]]:
    """Return the pairs of modules that exclude each other."""
    return {
        frozenset((m.id, other))
        for m in scenario.modules
        for other in m.excludes
        if other != m.id and any(n.id == other for n in scenario.modules)
    }


def mandatory(scenario: Scenario, teacher: Teacher) -> list[str]:
    """Return the invariant modules that the teacher must take."""
    knowledge = knowledge_of(scenario.model, settled(scenario, teacher))
    found = []
    for module in scenario.modules:
        mask = knowledge.mask(module.teaches)
        exempt = module.exempt_if_formed and mask & knowledge.known == mask
        have = standing_in(scenario, module.id, teacher) & done(scenario, teacher)
        if module.invariant and not exempt and not have:
            found.append(module.id)
    return found


def limits_of(scenario: Scenario, teacher_id: str) -> set[str]:
    """Return the ids of all limits of a teacher."""
    teacher = next(t for t in scenario.teachers if t.id == teacher_id)
    horizon = len(scenario.calendar.boundaries) - 1
    priced = any(k.price for m in scenario.modules for k in m.modes)
    optional = {
        "deadline": teacher.deadline is not None and teacher.deadline < horizon,
        "hours": True,
        "absences": bool(teacher.blocked),
        "breaks": bool(scenario.calendar.blocked),
        "new-source": not scenario.funds and priced,
        "languages": bool(teacher.languages),
        "technologies": teacher.technologies is not None,
    }
    return {
        *(name for name, present in optional.items() if present),
        *(goal_name(g) for g in goals_of(scenario, teacher) if g.hard),
        *(decision_name(d) for d in decisions_of(scenario, teacher)),
        *(f"fund:{f.id}" for f in scenario.funds),
        *(f"rule:{r.id}" for r in rules_for(scenario, teacher) if r.hard),
        *(f"invariant:{m}" for m in mandatory(scenario, teacher)),
        *(f"resource:{r.id}" for r in scenario.resources),
        *("excludes:" + "+".join(sorted(pair)) for pair in pairs_of(scenario)),
        *(f"dates:{x.module}" for x in (*scenario.runs, *scenario.windows)),
        *(f"relations:{m.id}" for m in scenario.modules if m.co or m.strict_co),
    }


def without(scenario: Scenario, teacher_id: str, limits: set[str]) -> Scenario:
    """Return a scenario with some limits of a teacher removed."""
    teacher = next(t for t in scenario.teachers if t.id == teacher_id)
    every_hour = sum(
        max(k.contact_hours + k.independent_hours + k.practice_hours for k in m.modes)
        for m in scenario.modules
    )
    changed = replace(
        teacher,
        profile="",
        goals=tuple(g for g in goals_of(scenario, teacher) if goal_name(g) not in limits),
        deadline=None if "deadline" in limits else teacher.deadline,
        hours=tuple(h + every_hour * ("hours" in limits) for h in teacher.hours),
        blocked=() if "absences" in limits else teacher.blocked,
        languages=() if "languages" in limits else teacher.languages,
        technologies=None if "technologies" in limits else teacher.technologies,
    )
    rules = tuple(
        replace(r, enabled=r.enabled and f"rule:{r.id}" not in limits)
        for r in scenario.standard.rules
    )
    funds = [Fund(f.id) if f"fund:{f.id}" in limits else f for f in scenario.funds]
    if "new-source" in limits:
        funds.append(Fund("somebody"))
    calendar = scenario.calendar
    return replace(
        scenario,
        teachers=tuple(changed if t.id == teacher_id else t for t in scenario.teachers),
        standard=replace(scenario.standard, rules=rules),
        funds=tuple(funds),
        calendar=replace(calendar, blocked=() if "breaks" in limits else calendar.blocked),
        modules=_modules(scenario, limits),
        resources=_resources(scenario, limits),
        runs=tuple(r for r in scenario.runs if f"dates:{r.module}" not in limits),
        windows=tuple(w for w in scenario.windows if f"dates:{w.module}" not in limits),
        decisions=tuple(_decisions(scenario, teacher_id, limits)),
    )


def _modules(scenario: Scenario, limits: set[str]) -> tuple:
    freed = [p for p in pairs_of(scenario) if "excludes:" + "+".join(sorted(p)) in limits]
    return tuple(
        replace(
            m,
            invariant=m.invariant and f"invariant:{m.id}" not in limits,
            excludes=tuple(e for e in m.excludes if frozenset((m.id, e)) not in freed),
            co=() if f"relations:{m.id}" in limits else m.co,
            strict_co=() if f"relations:{m.id}" in limits else m.strict_co,
        )
        for m in scenario.modules
    )


def _resources(scenario: Scenario, limits: set[str]) -> tuple:
    def all_use(resource: str) -> int:
        return sum(
            max(sum(u.amount for u in k.resources if u.resource == resource) for k in m.modes)
            for m in scenario.modules
        )

    return tuple(
        replace(r, capacity=r.capacity + all_use(r.id)) if f"resource:{r.id}" in limits else r
        for r in scenario.resources
    )


def _decisions(scenario: Scenario, teacher_id: str, limits: set[str]) -> list[Decision]:
    kept = []
    for decision in scenario.decisions:
        if decision.teacher == teacher_id and decision_name(decision) in limits:
            continue
        if decision.kind is DecisionKind.RUN and f"dates:{decision.subject}" in limits:
            kept.append(replace(decision, kind=DecisionKind.TAKE, value=""))
        else:
            kept.append(decision)
    return kept


def has_plan(scenario: Scenario, teacher_id: str) -> bool:
    """Return whether a teacher has any plan at all, by enumeration."""
    from oracle.brute_force import Search
    from oracle.calendars import Limit

    teacher = next(t for t in scenario.teachers if t.id == teacher_id)
    search = Search(scenario, teacher, circular=False)
    return any(
        next(search.calendars.of(selection, Limit()), None) is not None
        for selection in search.selections
    )


def given_way(scenario: Scenario, teacher_id: str, amounts: dict[str, int]) -> Scenario:
    """Return a scenario in which the limits of a teacher have given way by amounts, by knob."""
    teacher = next(t for t in scenario.teachers if t.id == teacher_id)
    whole = {
        name
        for name in amounts
        if not name.startswith(("goal:", "fund:", "resource:"))
        and name not in ("deadline", "hours", "new-source")
        and "/" not in name
    }
    changed = replace(
        teacher,
        profile="",
        goals=_lower_goals(scenario, teacher, amounts),
        deadline=None
        if teacher.deadline is None
        else teacher.deadline + amounts.get("deadline", 0),
        hours=tuple(h + amounts.get("hours", 0) for h in teacher.hours),
    )
    funds = [_by_year(_richer(f, amounts.get(f"fund:{f.id}", 0)), amounts) for f in scenario.funds]
    if "new-source" in amounts:
        funds.append(Fund("somebody", budget=amounts["new-source"]))
    resources = tuple(
        replace(r, capacity=r.capacity + amounts.get(f"resource:{r.id}", 0))
        for r in scenario.resources
    )
    rules = tuple(_milder(r, amounts) for r in scenario.standard.rules)
    scenario = replace(
        scenario,
        teachers=tuple(changed if t.id == teacher_id else t for t in scenario.teachers),
        funds=tuple(funds),
        resources=resources,
        standard=replace(scenario.standard, rules=rules),
    )
    return without(scenario, teacher_id, whole)


def _lower_goals(scenario: Scenario, teacher: Teacher, amounts: dict[str, int]) -> tuple:
    kept: list[Goal] = []
    for goal in goals_of(scenario, teacher):
        amount = amounts.get(goal_name(goal), 0)
        if goal.node is not None and amount:
            levels = knowledge_of(scenario.model, teacher).levels[goal.node.element]
            below = [lv for lv in levels if lv <= goal.node.level]
            if amount < len(below):
                kept.append(replace(goal, node=goal.node._replace(level=below[-1 - amount])))
        elif not amount:
            kept.append(goal)
    hard = {goal_name(g) for g in kept if g.hard}
    return tuple(g for g in kept if g.hard or goal_name(g) not in hard)


def _richer(fund: Fund, amount: int) -> Fund:
    if not amount:
        return fund
    limits = [x for x in (fund.budget, fund.ceiling) if x is not None]
    enough = min(limits) + amount
    return replace(
        fund,
        budget=None if fund.budget is None else max(fund.budget, enough),
        ceiling=None if fund.ceiling is None else max(fund.ceiling, enough),
    )


def _by_year(fund: Fund, amounts: dict[str, int]) -> Fund:
    """Return a fund with more in its years, and without the ceiling of a module if given up."""
    before = {y.year: y.budget for y in fund.yearly}
    for name, amount in amounts.items():
        if name.startswith(f"fund:{fund.id}/year:"):
            year = int(name.rpartition(":")[2])
            before[year] = before.get(year, 0) + amount
    ceiling = None if f"fund:{fund.id}/module-ceiling" in amounts else fund.module_ceiling
    yearly = tuple(YearBudget(year, budget) for year, budget in before.items())
    return replace(fund, yearly=yearly, module_ceiling=ceiling)


def _milder(rule: Rule, amounts: dict[str, int]) -> Rule:
    less, more = amounts.get(f"rule:{rule.id}/least", 0), amounts.get(f"rule:{rule.id}/most", 0)
    body = rule.body
    if isinstance(body, AtLeastRule) and less:
        return replace(rule, body=replace(body, k=body.k - less))
    if isinstance(body, AtMostRule) and more:
        return replace(rule, body=replace(body, k=body.k + more))
    if isinstance(body, RecencyRule) and less:
        return replace(rule, body=replace(body, least=body.least - less))
    if isinstance(body, AmountRule) and (less or more):
        least = None if body.least is None else body.least - less
        most = None if body.most is None else body.most + more
        return replace(rule, body=replace(body, least=least, most=most))
    return rule
