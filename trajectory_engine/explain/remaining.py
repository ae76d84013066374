"""What else stands in the way of a plan once some limits have been changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from trajectory_engine.domain.explanation import Conflict, Limit, Shortfall
from trajectory_engine.domain.plan import Status
from trajectory_engine.explain.conflicts import Conflicts
from trajectory_engine.explain.loosen import Turned
from trajectory_engine.explain.structural import Causes


class Remaining:
    """Finds conflicts among the limits that are left.

    A conflict that is known already is named again before another one is sought.

    Parameters
    ----------
    search : Conflicts
    conflicts : sequence of Conflict
        Those that are known.

    Attributes
    ----------
    further : list of Conflict
        Those found besides.
    ran_out : bool
        Whether the time ran out before everything was looked at.
    """

    def __init__(self, search: Conflicts, conflicts: Iterable[Conflict]) -> None:
        self._search = search
        self._known = list(conflicts)
        self.further: list[Conflict] = []
        self.ran_out = False

    def shown(self, conflict: Conflict) -> Conflict:
        """Return a conflict with what remains of it where it does not help to change a member."""
        shortfalls = tuple(map(self._shown, conflict.shortfalls))
        return replace(conflict, shortfalls=shortfalls)

    def _shown(self, short: Shortfall) -> Shortfall:
        if short.changes or short.removal_helps or not short.settled:
            return short
        found = self._without({short.limit})
        return short if found is None else replace(short, remaining=found.ids)

    def look_at(self, turned: Turned) -> None:
        """Find, for every change of a repair, a conflict that the other changes leave."""
        changed = dict.fromkeys(knob.limit.id for knob, _ in turned)
        for one in changed if len(changed) > 1 else ():
            self._without(changed.keys() - {one})

    def _without(self, removed: Iterable[str]) -> Conflict | None:
        """Return a conflict among the limits that are left, None if there is none."""
        gone = set(removed)
        for conflict in self._known:
            if gone.isdisjoint(conflict.ids):
                return conflict
        left = [limit for limit in self._search.limits if limit.id not in gone]
        found = self._search.find(left)
        if found is None:
            self.ran_out |= self._search.ask(left) is Status.UNKNOWN
            return None
        return self._added(found)

    def _added(self, found: tuple[Limit, ...]) -> Conflict:
        causes = Causes(self._search).of(found)
        conflict = replace(self._search.shown(found), causes=causes)
        self._known.append(conflict)
        self.further.append(conflict)
        return conflict
