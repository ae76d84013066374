"""What a teacher can study in: languages and technologies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trajectory_engine.domain.catalogue import Mode
from trajectory_engine.domain.explanation import Limit, LimitKind
from trajectory_engine.domain.messages import Message
from trajectory_engine.domain.people import Teacher
from trajectory_engine.domain.scenario import Scenario
from trajectory_engine.explain.families.base import Family, Knob, LooseView, without_starts
from trajectory_engine.explain.ground import Ground, with_teacher
from trajectory_engine.problem.elastic import ElasticConstraint


class Languages(Family):
    """The languages that the teacher studies in."""

    kind = LimitKind.LANGUAGES

    def limits(self, ground: Ground) -> Sequence[Limit]:
        """Return the languages, if they restrict."""
        return [Limit(self.kind)] if self._restricts(ground.teacher) else []

    def _restricts(self, teacher: Teacher) -> bool:
        return bool(teacher.languages)

    def _admits(self, teacher: Teacher, mode: Mode) -> bool:
        return not mode.language or mode.language in teacher.languages

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the languages."""
        return Message.of("limit_languages", names=", ".join(ground.teacher.languages))

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the teacher studies in any language."""
        return with_teacher(scenario, ground.teacher.id, languages=())

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return all languages as one."""
        return [Knob(limit, "whole", 1, ground.prices.language)]

    def change(self, ground: Ground, knob: Knob, amount: int) -> Message:
        """Return that every mode is open."""
        return Message.of(f"change_{self.kind.value}")

    def constraints(
        self, view: LooseView, limit: Limit, knobs: Mapping[str, int]
    ) -> Sequence[ElasticConstraint]:
        """Return that modes which are not open are not taken."""
        modes = view.ground.scenario.module_by_id
        found: list[ElasticConstraint] = []
        for name in view.position:
            for m, k, option in view.modes_of([name]):
                if not self._admits(view.ground.teacher, modes[name].modes[option.rank]):
                    found += without_starts(m, k, option.starts, knobs[""])
        return found


class Technologies(Languages):
    """The technologies that the teacher has."""

    kind = LimitKind.TECHNOLOGIES

    def _restricts(self, teacher: Teacher) -> bool:
        return teacher.technologies is not None

    def _admits(self, teacher: Teacher, mode: Mode) -> bool:
        return set(mode.technologies) <= set(teacher.technologies or ())

    def text(self, ground: Ground, limit: Limit) -> Message:
        """Return the technologies."""
        names = ", ".join(ground.teacher.technologies or ()) or "none"
        return Message.of("limit_technologies", names=names)

    def removed(self, scenario: Scenario, ground: Ground, limit: Limit) -> Scenario:
        """Return the scenario where the teacher has every technology."""
        return with_teacher(scenario, ground.teacher.id, technologies=None)

    def knobs(self, ground: Ground, limit: Limit) -> Sequence[Knob]:
        """Return all technologies as one."""
        return [Knob(limit, "whole", 1, ground.prices.technology)]
