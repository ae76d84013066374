"""The price of the cheapest repair by enumeration of plans, from the semantics alone.

Every plan of the scenario without any limit is looked at, and what it would cost to allow it:
given a plan, every limit needs a certain change, whatever the others.  The only cuts are of plans
that already cost as much as the best one known.
"""

from __future__ import annotations

from dataclasses import replace

from oracle.calendars import Calendars, Limit
from oracle.knowledge import knowledge_of
from oracle.limits import (
    decision_name,
    goal_name,
    limits_of,
    mandatory,
    pairs_of,
    without,
)
from oracle.offers import Offer, decisions_of, done, goals_of, standing_in
from oracle.priors import settled
from oracle.raises import NEVER, Raises, without_years
from oracle.relations import Relations
from oracle.rulebook import Outcome, heaps, keeps, least_heaps, needs_calendar, rules_for, size
from oracle.selections import Chooser, Selection
from trajectory_engine.domain.catalogue import ResourceKind, Run
from trajectory_engine.domain.people import DecisionKind, Teacher
from trajectory_engine.domain.repair_prices import RepairPrices
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.domain.standard import (
    AmountRule,
    AtLeastRule,
    AtMostRule,
    RecencyRule,
    Rule,
)


def _times(amount: int, price: int | None) -> int:
    if amount <= 0:
        return 0
    return NEVER if price is None else amount * price


def amount_of(body: AmountRule, heap: list[Offer]) -> int:
    """Return what modules add up to."""
    return sum(size(body.measure, offer) for offer in heap)


class Pricing:
    """What it costs to allow a plan of one teacher."""

    def __init__(self, scenario: Scenario, teacher: Teacher) -> None:
        self.scenario, self.teacher = scenario, teacher
        self.prices: RepairPrices = scenario.repairs
        self.knowledge = knowledge_of(scenario.model, settled(scenario, teacher))
        self.rules = [r for r in rules_for(scenario, teacher) if r.hard]
        self.decisions = decisions_of(scenario, teacher)
        self.horizon = len(scenario.calendar.boundaries) - 1
        self.raises = Raises(scenario, teacher)
        self.undated = Raises(without_years(scenario), teacher)
        self.relations = Relations(scenario, teacher)

    # ---- what does not depend on the calendar ----

    def of_selection(self, offers: tuple[Offer, ...]) -> int:
        """Return the price of allowing modules and modes, the calendar left aside."""
        formed = self._formed_by(offers)
        ids = {o.module.id for o in offers}
        return (
            self._goals(formed)
            + self._rules(offers, formed)
            + self._decisions(offers, ids)
            + self._catalogue(ids)
            + self._access(offers)
            + self._used_up(offers)
            + self._undated_money(offers)
            + _times(len(self.relations.lonely(ids)), self.prices.relation)
        )

    def _undated_money(self, offers: tuple[Offer, ...]) -> int:
        """Return the price of letting the sources pay if every year were like every other."""
        return self.undated.of(offers, [0] * len(offers))

    def _formed_by(self, offers) -> int:
        formed = self.knowledge.known
        for offer in offers:
            formed |= offer.candidate.gives
        return self.knowledge.settle(formed)

    def _formed(self, nodes, formed: int) -> bool:
        mask = self.knowledge.mask(tuple(nodes))
        return mask & formed == mask

    def _goals(self, formed: int) -> int:
        total = 0
        for goal in goals_of(self.scenario, self.teacher):
            if not goal.hard:
                continue
            if goal.node is not None:
                levels = self.knowledge.levels[goal.node.element]
                below = [lv for lv in reversed(levels) if lv <= goal.node.level]
                reached = [
                    self._formed([type(goal.node)(goal.node.element, lv)], formed) for lv in below
                ]
                missing = reached.index(True) if True in reached else len(below)
                total += _times(missing, self.prices.level)
            else:
                total += self._task(goal.task, formed)
        return total

    def _task(self, task_id: str, formed: int) -> int:
        task = next(t for t in self.scenario.model.tasks if t.id == task_id)
        pins = {
            d.value for d in self.decisions if d.kind is DecisionKind.PATH and d.subject == task_id
        }
        solvable = {p.id for p in task.paths if self._formed(p.links, formed)}
        if solvable & pins or (solvable and not pins):
            return 0
        dropped = _times(1, self.prices.task)
        return min(dropped, _times(1, self.prices.decision)) if solvable else dropped

    def _rules(self, offers: tuple[Offer, ...], formed: int) -> int:
        outcome = self._outcome([(o, 0) for o in offers], formed)
        return sum(self._rule(r, outcome) for r in self.rules if not needs_calendar(r))

    def _outcome(self, steps: list[tuple[Offer, int]], formed: int) -> Outcome:
        return Outcome(self.scenario, self.teacher, self.knowledge, steps, formed)

    def _rule(self, rule: Rule, outcome: Outcome) -> int:
        """Return the price of a rule for a plan: its numbers moved just so far, or the whole."""
        body = rule.body
        if keeps(rule, outcome):
            return 0
        if isinstance(body, AmountRule):
            low = [amount_of(body, heap) for heap in least_heaps(body, outcome)]
            high = [amount_of(body, heap) for heap in heaps(body, outcome)]
            short = max((body.least - amount for amount in low), default=0) if body.least else 0
            over = 0 if body.most is None else max((x - body.most for x in high), default=0)
            return _times(max(short, 0) + max(over, 0), self._unit(body.measure))
        if isinstance(body, AtLeastRule):
            short = max(body.k - len(heap) for heap in least_heaps(body, outcome))
            return _times(short, self.prices.rule_module)
        if isinstance(body, AtMostRule):
            over = max(len(heap) - body.k for heap in heaps(body, outcome))
            return _times(over, self.prices.rule_module)
        if isinstance(body, RecencyRule):
            enough = (
                less
                for less in range(1, body.least + 1)
                if keeps(replace(rule, body=replace(body, least=body.least - less)), outcome)
            )
            return _times(next(enough), self._unit(body.measure))
        return _times(1, self.prices.rule)

    def _unit(self, measure: str) -> int | None:
        by_measure = {"credits": self.prices.rule_credit, "modules": self.prices.rule_module}
        return by_measure.get(measure, self.prices.rule_hour)

    def _decisions(self, offers: tuple[Offer, ...], ids: set[str]) -> int:
        modes = {o.module.id: o.mode.id for o in offers}
        broken = 0
        for decision in self.decisions:
            taken = decision.subject in ids
            match decision.kind:
                case DecisionKind.PATH:
                    pass
                case DecisionKind.FORBID:
                    broken += taken
                case DecisionKind.MODE:
                    broken += modes.get(decision.subject) != decision.value
                case _:
                    broken += not taken
        return _times(broken, self.prices.decision)

    def _catalogue(self, ids: set[str]) -> int:
        present = ids | done(self.scenario, self.teacher)
        missing = sum(
            not standing_in(self.scenario, m, self.teacher) & present
            for m in mandatory(self.scenario, self.teacher)
        )
        both = sum(pair <= ids for pair in pairs_of(self.scenario))
        return _times(missing, self.prices.invariant) + _times(both, self.prices.exclusion)

    def _access(self, offers: tuple[Offer, ...]) -> int:
        spoken, has = self.teacher.languages, self.teacher.technologies
        foreign = any(o.mode.language and o.mode.language not in spoken for o in offers)
        lacking = any(not set(o.mode.technologies) <= set(has or ()) for o in offers)
        return _times(bool(spoken) and foreign, self.prices.language) + _times(
            has is not None and lacking, self.prices.technology
        )

    def _used_up(self, offers: tuple[Offer, ...]) -> int:
        return sum(
            _times(
                sum(u.amount for o in offers for u in o.mode.resources if u.resource == r.id)
                - r.capacity,
                self.prices.resource,
            )
            for r in self.scenario.resources
            if r.kind is ResourceKind.NON_RENEWABLE
        )

    # ---- what depends on the calendar ----

    def of_starts(self, offers: tuple[Offer, ...], starts: dict[int, int]) -> int:
        """Return the price of allowing the starts of some offers, by their positions."""
        placed = [(offers[i], s) for i, s in starts.items()]
        end = max((s + o.mode.duration for o, s in placed), default=0)
        deadline = self.horizon if self.teacher.deadline is None else self.teacher.deadline
        return (
            _times(end - deadline, self.prices.period)
            + self._hours(placed)
            + self._blocked(placed)
            + sum(self._dates(o, s) for o, s in placed)
            + (self._of_whole(placed) if len(placed) == len(offers) else 0)
            + self._renewable(placed)
        )

    def _of_whole(self, placed: list[tuple[Offer, int]]) -> int:
        """Return the price of what only a whole calendar can be judged by.

        That is, what is not in the price of the selection already.
        """
        offers, starts = tuple(o for o, _ in placed), [s for _, s in placed]
        lonely = self.relations.lonely({o.module.id for o in offers})
        apart = len(self.relations.broken(offers, starts) - lonely)
        paid = 0
        if self.raises.dated:
            paid = min(self.raises.of(offers, starts), NEVER) - self._undated_money(offers)
        return _times(apart, self.prices.relation) + paid + self._dated_rules(placed)

    def _hours(self, placed: list[tuple[Offer, int]]) -> int:
        load = [0] * (self.horizon + 1)
        for offer, start in placed:
            for i, hours in enumerate(offer.load):
                load[start + i] += hours
        over = max((load[p] - h for p, h in enumerate(self.teacher.hours) if load[p]), default=0)
        return _times(over, self.prices.hour)

    def _blocked(self, placed: list[tuple[Offer, int]]) -> int:
        used = {p for o, s in placed if o.hours for p in range(s, s + o.mode.duration)}
        return _times(bool(used & set(self.teacher.blocked)), self.prices.absences) + _times(
            bool(used & set(self.scenario.calendar.blocked)), self.prices.breaks
        )

    def _dates(self, offer: Offer, start: int) -> int:
        """Return the price of one start: its dates made free, or a decision dropped."""
        module, mode = offer.module.id, offer.mode.id
        runs = [r for r in self.scenario.runs if (r.module, r.mode) == (module, mode)]
        windows = [w for w in self.scenario.windows if (w.module, w.mode) == (module, mode)]
        on_date = (not runs or any(r.start == start and _open(r) for r in runs)) and all(
            w.earliest <= start <= w.latest for w in windows
        )
        mine = [d for d in self.decisions if d.subject == module]
        missed = sum(d.kind is DecisionKind.START and d.period != start for d in mine)
        chosen = [d.value for d in mine if d.kind is DecisionKind.RUN]
        wrong = sum(not any(r.id == c and r.start == start for r in runs) for c in chosen)
        free = _times(1, self.prices.dates)
        dated = any(x.module == module for x in (*self.scenario.runs, *self.scenario.windows))
        if on_date:
            dropped = _times(wrong, self.prices.decision)
            cost = min(dropped, free) if dated and wrong else dropped
        else:
            cost = free
        return cost + _times(missed, self.prices.decision)

    def _dated_rules(self, placed: list[tuple[Offer, int]]) -> int:
        formed = self._formed_by([o for o, _ in placed])
        outcome = self._outcome(placed, formed)
        return sum(self._rule(r, outcome) for r in self.rules if needs_calendar(r))

    def _renewable(self, placed: list[tuple[Offer, int]]) -> int:
        total = 0
        for resource in self.scenario.resources:
            if resource.kind is not ResourceKind.RENEWABLE:
                continue
            used = [0] * (self.horizon + 1)
            for offer, start in placed:
                amount = sum(u.amount for u in offer.mode.resources if u.resource == resource.id)
                for p in range(start, start + offer.mode.duration):
                    used[p] += amount
            total += _times(max(used) - resource.capacity, self.prices.resource)
        return total


def _open(run: Run) -> bool:
    return run.minimum_group <= 1 and (run.seats is None or run.seats >= 1)


class TooLarge(Exception):
    """There are more calendars to look at than was allowed."""


class PricedCalendars(Calendars):
    """Calendars of a selection that cost less than the best plan known."""

    pricing: Pricing
    room: int = NEVER
    looked_at: int = 0
    most: int = 10**9

    def _hopeless(self, offers, limit, period, waiting, starts, load) -> bool:
        self.looked_at += 1
        if self.looked_at > self.most:
            raise TooLarge
        return self.pricing.of_starts(offers, starts) >= self.room or super()._hopeless(
            offers, limit, period, waiting, starts, load
        )


def cheaper_repair(
    scenario: Scenario, teacher_id: str, price: int, most: int = 10**9
) -> int | None:
    """Return the least price of a repair that costs less than ``price``, None if none does.

    Parameters
    ----------
    most : int
        Parts of calendars to look at.

    Raises
    ------
    TooLarge
        If there are more than that.
    """
    teacher = next(t for t in scenario.teachers if t.id == teacher_id)
    free = without(scenario, teacher_id, limits_of(scenario, teacher_id) | {"new-source"})
    freed = next(t for t in free.teachers if t.id == teacher_id)
    pricing = Pricing(scenario, teacher)
    knowledge = pricing.knowledge
    calendars = PricedCalendars(free, freed, knowledge)
    calendars.pricing, calendars.most = pricing, most
    best = price
    priced: list[tuple[int, Selection]] = []
    for selection in Chooser(free, freed, knowledge, False).selections():
        cost = pricing.of_selection(selection.offers)
        if cost < best:
            priced.append((cost, selection))
    for cost, selection in sorted(priced, key=lambda pair: pair[0]):
        if cost >= best:
            break
        calendars.room = best - cost
        for calendar in calendars.of(selection, Limit()):
            whole = cost + pricing.of_starts(selection.offers, dict(enumerate(calendar.starts)))
            if whole < best:
                best = whole
                calendars.room = best - cost
    return best if best < price else None


__all__ = ["NEVER", "Pricing", "cheaper_repair", "decision_name", "goal_name"]
