"""What holds for all evidence: the facts it may say, for how long, and whether it may be used again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.core.clocks import add_months
from services.core.evidence import Grade, Source, commitment_needed
from services.core.facts import Holder, Value
from services.core.purposes import Purpose
from services.core.reference import EvidenceType
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.evidence.finding import key_index
from services.evidence.models import EndedAs, Evidence
from services.ledger.actions import WORKER, Actor


class OfficersOnly(Refusal):
    """Looking at originals and copies is an officer's work, under their own name."""

    code = "officers_only"
    kind = Kind.FORBIDDEN
    sentence = "Only an officer of a department can do this."


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What evidence is for and about: the application, its type, whose it is, and which thing of theirs.

    `alone`: it is about somebody not known by number and only kept with the applicant, so it serves nowhere else.
    """

    application_id: UUID
    type: EvidenceType = field(hash=False)
    holder: Holder
    key: str = field(default="", repr=False)
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """On whose behalf data is read, and why: what the person it is about will see (R15.6)."""

    actor: Actor = WORKER
    organisation: str = ""  # empty: the portal itself
    purpose: Purpose = Purpose.GATHER_EVIDENCE
    basis: str = ""  # empty: what the kind of evidence itself rests on


GRADES: Mapping[Source, Grade] = {
    Source.REGISTRY: Grade.A,
    Source.SEEN: Grade.B,
    Source.UPLOAD: Grade.C,
    Source.DECLARATION: Grade.D,
}


def only_proved(kind: EvidenceType, facts: Mapping[str, Value]) -> dict[str, Value]:
    """Return the facts that this type proves, and no other (R15.3)."""
    return {code: facts[code] for code in kind.proves if facts.get(code) is not None}


def last_valid_day(kind: EvidenceType, since: date) -> date | None:
    """Return until when evidence of the type holds, or None if for good."""
    return add_months(since, kind.validity_months) if kind.validity_months else None


def is_reusable(kind: EvidenceType) -> bool:
    """Return whether it may serve in another application: not what is about this one alone.

    A commitment proves a fact for its own case (R4.13).
    """
    return kind.about != "application" and not any(code.startswith("application.") for code in kind.proves)


def draft(about: About, source: Source, facts: Mapping[str, Value], now: datetime) -> Evidence:
    """Return an unsaved piece of evidence from the applicant or an original, valid from the day."""
    today = clock.legal_day(now)
    again = (
        is_reusable(about.type)
        and not about.alone
        and not (source is Source.DECLARATION and commitment_needed(about.type))
    )
    return Evidence(
        application_id=about.application_id,
        type=about.type.code,
        organisation=about.type.organisation,
        holder_kind=about.holder.kind,
        holder_id=about.holder.id,
        key=about.key,
        key_index=key_index(about.key),
        source=source,
        grade=GRADES[source],
        facts=only_proved(about.type, facts),
        obtained_at=now,
        obtained_on=today,
        valid_until=last_valid_day(about.type, today),
        reusable=again and source is not Source.UPLOAD,
    )


def standing(about: About, source: Source) -> Evidence | None:
    """Return, locked, the piece that counts already from this source for this thing, if there is one."""
    return (
        Evidence.objects.select_for_update()
        .filter(application_id=about.application_id, type=about.type.code, source=source)
        .filter(holder_id=about.holder.id, key_index=key_index(about.key))
        .filter(ended_at__isnull=True, disputed_at__isnull=True)
        .first()
    )


def keep_once(row: Evidence, about: About) -> Evidence:
    """Store the piece, and return the one that counts: another, if somebody sent the same at this moment."""
    Evidence.objects.bulk_create([row], ignore_conflicts=True)
    return standing(about, Source(row.source)) or row


def end(row: Evidence, how: EndedAs, now: datetime) -> None:
    """Let the piece count no longer."""
    row.ended_at, row.ended_as = now, how
    row.save(update_fields=["ended_at", "ended_as"])


def check_officer(actor: Actor) -> UUID:
    """Return the officer's account.

    :raises OfficersOnly: for applicants, administrators and the machine.
    """
    if not Role(actor.role).is_staff or actor.account_id is None:
        raise OfficersOnly()
    return actor.account_id
