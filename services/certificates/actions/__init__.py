"""Issue certificates under seal, and take one out of force."""

import secrets
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction

from services import clock
from services.certificates import keys, queries
from services.certificates.models import Certificate, SealKey, Status
from services.certificates.queries import CertificateView, NoSuchCertificate
from services.core import seals
from services.core.facts import Holder, Value
from services.core.grounds import Change
from services.core.refusal import Kind, Refusal
from services.core.renewal import next_reminder_on
from services.core.states import Role
from services.ledger.actions import Actor
from services.people.fields import blind_index
from services.people.queries import IdentityForRegister, identities_of

Thing = tuple[Holder, str, str]


class CertificateCannotChange(Refusal):
    """The certificate's status does not allow the change."""

    code = "certificate_cannot_change"
    kind = Kind.CONFLICT
    sentence = "A certificate that is {before} cannot become {after}."


class NeedsNamedOfficer(Refusal):
    """Automation and counters take nothing away (R15.8)."""

    code = "needs_named_officer"
    kind = Kind.FORBIDDEN
    sentence = "Only a supervisor can change whether a certificate holds."


class ReasonNeeded(Refusal):
    """A certificate is not taken out of force without saying why, and by which law."""

    code = "certificate_reason_needed"
    sentence = "Give the reason for this change, and the law it rests on."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCertificate:
    """A certificate to issue. `key` says which thing it is about, where the holder alone does not tell.

    With `supersedes`, it is a new version of the one the holder has of this type and key (R12.2). `service_version` is
    the version of the service it is issued by: its labels and masks are the certificate's for good (R12.4).
    """

    case_id: UUID
    service_code: str
    type: str
    organisation: str
    holder: Holder
    content: Mapping[str, Value] = field(hash=False)
    issued_on: date
    valid_until: date | None = None
    key: str = ""
    supersedes: bool = False
    service_version: UUID | None = None


@transaction.atomic
def issue_certificates(*, rows: Sequence[NewCertificate], now: datetime) -> list[CertificateView]:
    """Seal and store the batch in a constant number of statements; return them in its order.

    A case that already has its certificate of the type keeps it, and nothing is issued twice.
    """
    stored = _of_cases(rows)
    fresh = {(row.case_id, row.type): row for row in rows if (row.case_id, row.type) not in stored}
    if fresh:
        drafts = _drafts(list(fresh.values()), now)
        _seal(drafts, now)
        # Another worker may be issuing for the same case at this moment: what it stored is what counts.
        Certificate.objects.bulk_create(drafts, ignore_conflicts=True)
        stored = _of_cases(rows)
    return [queries.view(stored[row.case_id, row.type], row.issued_on) for row in rows]


def revoke_certificate(
    *, certificate_id: UUID, actor: Actor, reason: str, legal_basis: str, now: datetime
) -> bool:
    """Take the certificate out of force for good (R4.10), and return whether that changed anything.

    :raises NeedsNamedOfficer, ReasonNeeded, NoSuchCertificate, CertificateCannotChange:
    """
    return _change(certificate_id, Status.REVOKED, actor, (reason, legal_basis), now)


def suspend_certificate(
    *, certificate_id: UUID, actor: Actor, reason: str, legal_basis: str, now: datetime
) -> bool:
    """Take the certificate out of force until it is reinstated, and return whether that changed anything.

    :raises NeedsNamedOfficer, ReasonNeeded, NoSuchCertificate, CertificateCannotChange:
    """
    return _change(certificate_id, Status.SUSPENDED, actor, (reason, legal_basis), now)


def reinstate_certificate(
    *, certificate_id: UUID, actor: Actor, reason: str, legal_basis: str, now: datetime
) -> bool:
    """Put a suspended certificate back into force, and return whether that changed anything.

    :raises NeedsNamedOfficer, ReasonNeeded, NoSuchCertificate, CertificateCannotChange:
    """
    return _change(certificate_id, Status.VALID, actor, (reason, legal_basis), now)


def cancel_certificate(
    *, certificate_id: UUID, actor: Actor, reason: str, legal_basis: str, now: datetime
) -> bool:
    """End the certificate because what it is about has ended, and return whether that changed anything.

    :raises NeedsNamedOfficer, ReasonNeeded, NoSuchCertificate, CertificateCannotChange:
    """
    return _change(certificate_id, Status.CANCELLED, actor, (reason, legal_basis), now)


def check_may_become(status: str, change: Change) -> None:
    """Do nothing if a certificate of this status may be changed so.

    :raises CertificateCannotChange: otherwise.
    """
    if change not in queries.changes_open_to(status):
        raise CertificateCannotChange(before=status, after=queries.BECOMES[change].value)


@transaction.atomic
def _change(certificate_id: UUID, after: Status, actor: Actor, why: tuple[str, str], now: datetime) -> bool:
    if actor.role is not Role.SUPERVISOR or actor.account_id is None:
        raise NeedsNamedOfficer()
    reason, legal_basis = (text.strip() for text in why)
    if not reason or not legal_basis:
        raise ReasonNeeded()
    row = Certificate.objects.select_for_update().filter(id=certificate_id).first()
    if row is None:
        raise NoSuchCertificate()
    if row.status == after:
        return False
    if after not in queries.MOVES[Status(row.status)]:
        raise CertificateCannotChange(before=row.status, after=after.value)
    row.status, row.status_at, row.status_by = after, now, actor.account_id
    row.status_reason, row.status_legal_basis = reason, legal_basis[:300]
    row.revision += 1
    row.save(
        update_fields=["status", "status_at", "status_by", "status_reason", "status_legal_basis", "revision"]
    )
    return True


def _of_cases(rows: Sequence[NewCertificate]) -> dict[tuple[UUID, str], Certificate]:
    found = Certificate.objects.filter(case_id__in={row.case_id for row in rows})
    return {(row.case_id, row.type): row for row in found}


def _thing(row: NewCertificate) -> Thing:
    return row.holder, row.type, key_index_of(row.key)


def key_index_of(key: str) -> str:
    """Return the keyed hash by which the thing that a certificate is about is found; nothing for no thing."""
    return blind_index(key, purpose="evidence.key") if key else ""


def _drafts(rows: Sequence[NewCertificate], now: datetime) -> list[Certificate]:
    """Return the certificates to be sealed; the versions they supersede go out of force."""
    in_force = _in_force([row for row in rows if row.supersedes])
    known = identities_of({row.holder for row in rows})
    superseded: list[UUID] = []
    drafts = []
    for row, place in zip(rows, _places(len(rows)), strict=True):
        older = in_force.get(_thing(row)) if row.supersedes else None
        drafts.append(_draft(row, older, now))
        drafts[-1].place, drafts[-1].issued_to = place, _named(known.get(row.holder))
        if older is not None:
            older.status = Status.SUPERSEDED
            superseded.append(older.id)
        in_force[_thing(row)] = drafts[-1]
    stored = Certificate.objects.filter(id__in=superseded)
    stored.update(status=Status.SUPERSEDED, status_at=now)
    return drafts


def _in_force(rows: Sequence[NewCertificate]) -> dict[Thing, Certificate]:
    """Return, locked, the newest version in force of each of these holders' things."""
    if not rows:
        return {}
    hold({_thing(row) for row in rows})
    found = (
        Certificate.objects.select_for_update()
        .filter(holder_id__in={row.holder.id for row in rows}, type__in={row.type for row in rows})
        .filter(status__in=[Status.VALID, Status.SUSPENDED])
        # Never what another worker has just issued for the very same case.
        .exclude(case_id__in={row.case_id for row in rows})
        .order_by("issued_at", "id")
    )
    return {(Holder(old.holder_kind, old.holder_id), old.type, old.key_index): old for old in found}


def hold(things: Set[Thing]) -> None:
    """Let nobody else replace a version of these things until the transaction ends, nor find one that is replaced.

    Whoever waited for a row's lock alone would find the old version out of force, and not see the new one yet.
    """
    # In one order, so that two batches wait for each other in a row and never in a circle.
    names = [f"{holder.kind} {holder.id} {type} {key}" for holder, type, key in things]
    locks = sorted({int.from_bytes(sha256(name.encode()).digest()[:8], signed=True) for name in names})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(one) FROM unnest(%s::bigint[]) AS one", [locks])


def _places(count: int) -> list[int]:
    """Return as many new places in the public list: what is sealed names its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('certificates_place') FROM generate_series(1, %s)", [count])
        return [place for (place,) in cursor.fetchall()]


def _named(holder: IdentityForRegister | None) -> dict[str, str] | None:
    return None if holder is None else {"name": holder.name, "number": holder.number}


def _seal(drafts: Sequence[Certificate], now: datetime) -> None:
    key = keys.sealing_key()
    seal_key = known_key(key, now=now)
    for draft in drafts:
        draft.digest = seals.digest(queries.sealable(draft))
        draft.signature = keys.seal(key, queries.signed_statement(draft, bytes(seal_key.public_key)))
        draft.seal_key = seal_key


def known_key(key: keys.SealingKey, *, now: datetime) -> SealKey:
    """Return the record of the key, kept from its first use on, for whoever checks what it sealed."""
    public = keys.public_part(key)
    seal_key = SealKey(id=keys.key_id(public), public_key=public, first_used_at=now)
    SealKey.objects.bulk_create([seal_key], ignore_conflicts=True)
    return seal_key


def _first_reminder(row: NewCertificate) -> date | None:
    """Return the day on which its holder is to hear first that it ends (R2.25)."""
    if row.valid_until is None:
        return None
    days = clock.profile().renewal_reminders
    return next_reminder_on(issued_on=row.issued_on, ends_on=row.valid_until, on=row.issued_on, days=days)


def _draft(row: NewCertificate, older: Certificate | None, now: datetime) -> Certificate:
    draft = Certificate(
        number=older.number if older else queries.grouped(_letters(12)),
        version=older.version + 1 if older else 1,
        revision=older.revision + 1 if older else 1,
        check_code=_letters(10),
        type=row.type,
        organisation=row.organisation,
        holder_kind=row.holder.kind,
        holder_id=row.holder.id,
        key=row.key,
        key_index=key_index_of(row.key),
        case_id=row.case_id,
        service_code=row.service_code,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        issued_at=now,
        content=dict(row.content),
        service_version=row.service_version,
        status_at=now,
        remind_on=_first_reminder(row),
    )
    if older is not None and older.status == Status.SUSPENDED:
        _suspend_as(draft, older)
    return draft


def _suspend_as(draft: Certificate, older: Certificate) -> None:
    """Suspend the new version as the old one is: by the same officer, on the same ground and law, since the same day.

    What was suspended is renewed and changed as well, and stays suspended: the machine neither takes away nor restores
    (R15.8). The officer who lifts it lifts it of the version that is newest then.
    """
    draft.status, draft.status_at, draft.status_by = older.status, older.status_at, older.status_by
    draft.status_reason, draft.status_legal_basis = older.status_reason, older.status_legal_basis


def _letters(count: int) -> str:
    return "".join(secrets.choice(queries.ALPHABET) for _ in range(count))
