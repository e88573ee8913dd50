"""What was tried for an application before, in whatever way: each try with its time and how it ended (R3.18)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from services.core.evidence import Outcome, Source
from services.core.facts import Holder
from services.evidence.models import Attempt, EndedAs, Evidence, Preview, Quarantined
from services.evidence.queries.corrections import corrections


class Ended(StrEnum):
    """How something that was obtained or given came to count no longer."""

    DISPUTED = "disputed"
    NOT_GOOD = "not_good"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    HARMFUL = "harmful"
    CORRECTED = "corrected"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try: at what time, by which source, for which type of evidence, and how it ended.

    `holder` is None where only the type tells what it was about: a certificate of ours that was disputed.
    """

    at: datetime
    type: str
    source: Source
    holder: Holder | None
    result: Outcome | Ended
    took_ms: int = 0
    note: str = field(repr=False, default="")


def tries(*, application_id: UUID) -> tuple[Try, ...]:
    """Return everything that was tried for the application, in the order of time; a few queries in all."""
    # In this order where two happen at the same moment: what was answered before what is asked on it.
    found = [
        *_answered(application_id),
        *_asked(application_id),
        *_given_up(application_id),
        *_disputed(application_id),
        *_set_apart(application_id),
    ]
    return tuple(sorted(found, key=lambda one: one.at))


def _asked(application_id: UUID) -> Iterator[Try]:
    for row in Attempt.objects.filter(application_id=application_id).order_by("at", "id"):
        yield Try(
            at=row.at, type=row.type, source=Source.REGISTRY, holder=Holder(row.holder_kind, row.holder_id),
            result=Outcome(row.outcome), took_ms=row.took_ms,
        )  # fmt: skip


def _given_up(application_id: UUID) -> Iterator[Try]:
    """Yield what was found wanting, taken back or replaced; a register's new answer is an attempt of its own."""
    rows = Evidence.objects.filter(application_id=application_id, ended_at__isnull=False)
    told = rows.exclude(source=Source.REGISTRY, ended_as=EndedAs.REPLACED)
    for row in told.exclude(ended_as=EndedAs.HARMFUL):
        yield Try(
            at=row.ended_at, type=row.type, source=Source(row.source),
            holder=Holder(row.holder_kind, row.holder_id), result=Ended(row.ended_as),
        )  # fmt: skip


def _set_apart(application_id: UUID) -> Iterator[Try]:
    for row in Quarantined.objects.filter(application_id=application_id):
        yield Try(
            at=row.found_at, type=row.type, source=Source.UPLOAD,
            holder=Holder(row.holder_kind, row.holder_id), result=Ended.HARMFUL,
        )  # fmt: skip


def _answered(application_id: UUID) -> Iterator[Try]:
    """Yield what offices came to that were asked to correct their entries (R3.15)."""
    for one in corrections(application_id=application_id):
        if one.answered_at is not None:
            yield Try(
                at=one.answered_at, type=one.type, source=Source.REGISTRY, holder=one.holder,
                result=Ended(one.state), note=one.explanation,
            )  # fmt: skip


def _disputed(application_id: UUID) -> Iterator[Try]:
    said = list(Preview.objects.filter(application_id=application_id, disputed=True))
    rows = Evidence.objects.filter(Q(id__in=[one.subject_id for one in said])) if said else ()
    subjects = {row.id: row for row in rows}
    for one in said:
        row = subjects.get(one.subject_id)
        yield Try(
            at=one.at, type=one.type, source=Source(row.source) if row else Source.ISSUED,
            holder=Holder(row.holder_kind, row.holder_id) if row else None, result=Ended.DISPUTED,
        )  # fmt: skip
