"""Checks of what teachers have finished: completion records and certificates."""

from __future__ import annotations

from collections.abc import Iterator

from trajectory_engine.domain.people import CompletionRecord, Teacher
from trajectory_engine.validation.competences import MOST
from trajectory_engine.validation.faults import Fault, Where, out_of_range
from trajectory_engine.validation.references import References, unknown


def states_its_size(record: CompletionRecord) -> bool:
    """Return whether a record says for itself how large it is, so needs no module to say it."""
    return record.hours is not None or record.credits is not None


def check_records(where: Where, teacher: Teacher, references: References) -> Iterator[Fault]:
    """Yield the faults of a teacher's records.

    A record of something outside the catalogue must state hours or credits: otherwise its id is
    taken for a misspelt module.
    """
    seen: set[object] = set()
    for i, record in enumerate(teacher.records):
        here: Where = (*where, "records", i)
        day_known = record.finished is not None
        same = (record.module, record.finished, record.expires) if day_known else record
        if same in seen:
            day = f" on {record.finished}" if record.finished else ", without a day"
            found = f"{record.module} completed by {teacher.id} twice{day}"
            yield Fault("duplicate_record", (*here, "module"), found, "a record once")
        seen.add(same)
        missing = record.module not in references.module_by_id
        if missing and not states_its_size(record) and record.module not in teacher.completed:
            yield unknown((*here, "module"), "module", record.module)
        for name in ("hours", "credits"):
            value = getattr(record, name)
            if value is not None:
                yield from out_of_range((*here, name), name, value, 0, 100 * MOST)
        if record.finished and record.expires and record.expires < record.finished:
            found = f"{record.expires}, before the completion"
            yield Fault("span", (*here, "expires"), found, f"a day not before {record.finished}")
