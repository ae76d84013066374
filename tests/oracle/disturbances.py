"""Random limits, rules, money, pins and preferences laid over a drafted problem."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from oracle.generator import FORMS, Draft
from oracle.purses import MONEY
from trajectory_engine.domain.catalogue import (
    Resource,
    ResourceKind,
    ResourceScope,
    ResourceUse,
    Run,
    Window,
)
from trajectory_engine.domain.competence import Component
from trajectory_engine.domain.funding import Fund, Share
from trajectory_engine.domain.people import Decision, DecisionKind
from trajectory_engine.domain.scenario import ObjectiveName, ObjectiveSpec
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    ExclusionRule,
    Measure,
    OrderRule,
    RequiredRule,
    Rule,
    RuleBody,
    Selector,
    ShareRule,
    Standard,
)

VALIDITIES = (
    (None, date(2026, 12, 31)),
    (None, date(2027, 1, 4)),
    (date(2027, 1, 6), date(2027, 1, 6)),
    (date(2028, 1, 1), None),
)
"""Before, on the first day of, within and after every random calendar."""
SHARES = (Share(1, 1), Share(1, 1), Share(1, 2), Share(1, 3), Share(2, 3))


def random_objectives(rng: Random) -> tuple[ObjectiveSpec, ...]:
    """Return two to five objectives in any order, some with a tolerance."""
    names = [n for n in ObjectiveName if n not in MONEY]
    rng.shuffle(names)
    if rng.random() < 0.75:
        names.remove(ObjectiveName.UNMET_GOALS)
        names.insert(rng.randint(0, 1), ObjectiveName.UNMET_GOALS)
    count = rng.choice([2, 3, 4, 5, 5])
    return tuple(
        ObjectiveSpec(name, rng.randint(1, 4) if rng.random() < 0.12 else 0)
        for name in names[:count]
    )


def relate_modules(draft: Draft) -> None:
    """Mark invariant modules, exclusions and replacements."""
    modules = draft.modules
    for i, module in enumerate(modules):
        others = [m.id for m in modules if m is not module]
        modules[i] = replace(
            module,
            invariant=draft.trouble(5),
            exempt_if_formed=draft.chance(50),
            excludes=(draft.rng.choice(others),) if draft.trouble(8) else (),
            replaces=(draft.rng.choice(others),) if draft.trouble(8) else (),
        )


def random_resources(draft: Draft) -> tuple[Resource, ...]:
    """Return up to two resources and let some modes use them."""
    rng = draft.rng
    if not draft.trouble(30):
        return ()
    resources = tuple(
        Resource(
            f"r{i}",
            rng.choice(list(ResourceKind)),
            rng.choice(list(ResourceScope)),
            rng.randint(1, 3),
        )
        for i in range(rng.randint(1, 2))
    )
    for i, module in enumerate(draft.modules):
        modes = []
        for mode in module.modes:
            uses = tuple(
                ResourceUse(r.id, rng.randint(1, 2)) for r in resources if draft.chance(45)
            )
            modes.append(replace(mode, resources=uses))
        draft.modules[i] = replace(module, modes=tuple(modes))
    return resources


def random_runs(draft: Draft) -> tuple[Run, ...]:
    """Return runs of some modes, some of them full."""
    rng = draft.rng
    runs = []
    for module in draft.modules:
        for mode in module.modes:
            if not draft.trouble(14):
                continue
            for i in range(rng.randint(1, 3)):
                seats = rng.choice([None, None, 1, 5, 0])
                start = rng.randint(0, draft.horizon - max(1, mode.duration))
                runs.append(Run(f"run{i}", module.id, mode.id, start, seats, rng.choice([0, 1])))
    rng.shuffle(runs)
    return tuple(runs)


def random_windows(draft: Draft, runs: tuple[Run, ...]) -> tuple[Window, ...]:
    """Return windows of some modes without runs."""
    with_runs = {(r.module, r.mode) for r in runs}
    windows = []
    for module in draft.modules:
        for mode in module.modes:
            if (module.id, mode.id) not in with_runs and draft.trouble(12):
                ends = sorted(draft.rng.randrange(draft.horizon) for _ in range(2))
                windows.append(Window(module.id, mode.id, *ends))
    return tuple(windows)


def random_funds(draft: Draft) -> tuple[Fund, ...]:
    """Return sources of money; mostly enough, sometimes tight, rarely none."""
    rng = draft.rng
    if draft.trouble(4):
        return ()
    if not draft.trouble(55):
        return (Fund("state", budget=rng.choice([None, 1000])),)
    funds = []
    for name in rng.sample(["state", "employer", "self"], rng.randint(1, 3)):
        funds.append(
            Fund(
                name,
                budget=rng.choice([None, None, 15, 30, 60]),
                ceiling=rng.choice([None, None, 15, 35, 60]),
                share=rng.choice(SHARES),
                teachers=rng.choice([(), (), (), (), ("T",), ("other",)]),
                groups=("staff",) if draft.trouble(8) else (),
                modules=(rng.choice(draft.modules).id,) if draft.trouble(8) else (),
                components=tuple(rng.sample(list(Component), 2)) if draft.trouble(10) else (),
                forms=tuple(rng.sample(FORMS, 3)) if draft.trouble(10) else (),
                providers=tuple(providers(draft)[:1]) if draft.trouble(8) else (),
            )
        )
    return tuple(_useful(fund, draft) for fund in funds)


def _useful(fund: Fund, draft: Draft) -> Fund:
    """Return the fund, for all modules if it would cover none, which is an input error."""
    if any(fund.covers(m, k) for m in draft.modules for k in m.modes):
        return fund
    return replace(fund, modules=(), components=(), forms=(), providers=())


def providers(draft: Draft) -> list[str]:
    """Return the providers of the catalogue."""
    return sorted({k.provider for m in draft.modules for k in m.modes} - {""})


def random_selector(draft: Draft) -> Selector:
    """Return a selector over one or two of its dimensions, or everything."""
    rng = draft.rng
    kind = rng.choice(["all", "modules", "components", "groups", "forms", "providers", "mixed"])
    ids = [m.id for m in draft.modules]
    groups = sorted({m.group for m in draft.modules} - {""})
    return Selector(
        modules=tuple(rng.sample(ids, min(2, len(ids)))) if kind == "modules" else (),
        components=tuple(map(str, rng.sample(list(Component), 2)))
        if kind in ("components", "mixed")
        else (),
        groups=tuple(groups[:1]) if kind == "groups" else (),
        forms=tuple(rng.sample(FORMS, 3)) if kind in ("forms", "mixed") else (),
        providers=tuple(providers(draft)[:1]) if kind == "providers" else (),
    )


def random_rule_body(draft: Draft) -> RuleBody:
    """Return a rule of any kind."""
    rng = draft.rng
    kind = rng.choice(["required", "amount", "share", "order", "exclusion", "at_least"])
    if kind == "required":
        nodes = [n for m in draft.modules for n in m.teaches]
        if draft.chance(50):
            return RequiredRule(modules=(rng.choice(draft.modules).id,))
        return RequiredRule(nodes=(rng.choice(nodes),))
    if kind == "amount":
        measure = rng.choice(list(Measure))
        scale = 50 if measure is Measure.CREDITS else 4
        least = rng.choice([None, scale, 2 * scale])
        most = rng.choice([None, 5 * scale, 8 * scale]) if least else 5 * scale
        return AmountRule(measure, least, most, random_selector(draft))
    if kind == "share":
        least = rng.choice([None, Share(1, 3), Share(1, 2)])
        most = rng.choice([None, Share(2, 3), Share(1, 1)]) if least else Share(2, 3)
        scope = random_selector(draft) if draft.chance(40) else Selector()
        return ShareRule(rng.choice(list(Measure)), random_selector(draft), least, most, scope)
    if kind == "order":
        return OrderRule(random_selector(draft), random_selector(draft))
    if kind == "exclusion":
        return ExclusionRule(random_selector(draft))
    return AtLeastRule(rng.randint(1, 2), random_selector(draft))


def random_standard(draft: Draft) -> Standard:
    """Return a standard of up to three rules, some of them not binding."""
    rng = draft.rng
    rules = []
    for i in range(rng.choice([1, 1, 2, 3]) if draft.trouble(60) else 0):
        valid_from, valid_to = rng.choice(VALIDITIES) if draft.trouble(25) else (None, None)
        rules.append(
            Rule(
                f"R{i}",
                f"rule {i}",
                random_rule_body(draft),
                valid_from=valid_from,
                valid_to=valid_to,
                enabled=draft.chance(94),
            )
        )
    return Standard("standard", "standard", tuple(rules))


def random_decisions(draft: Draft, runs: tuple[Run, ...]) -> tuple[Decision, ...]:
    """Return at most one pin of a person."""
    rng = draft.rng
    if not draft.trouble(16):
        return ()
    who = rng.choice(["T", "T", "T", "other"])
    module = rng.choice(draft.modules)
    kinds = [DecisionKind.TAKE, DecisionKind.FORBID, DecisionKind.FORBID, DecisionKind.START]
    kinds += [DecisionKind.MODE]
    kinds += [DecisionKind.RUN] * bool(runs)
    kinds += [DecisionKind.PATH] * 3 * any(g.task for g in draft.goals)
    kind = rng.choice(kinds)
    if kind is DecisionKind.PATH:
        task = rng.choice([t for t in draft.model.tasks if t.id in {g.task for g in draft.goals}])
        return (Decision(who, kind, task.id, rng.choice(task.paths).id),)
    if kind is DecisionKind.RUN:
        run = rng.choice(runs)
        return (Decision(who, kind, run.module, run.id),)
    if kind is DecisionKind.START:
        return (Decision(who, kind, module.id, period=rng.randrange(draft.horizon)),)
    value = rng.choice(module.modes).id if kind is DecisionKind.MODE else ""
    return (Decision(who, kind, module.id, value),)
