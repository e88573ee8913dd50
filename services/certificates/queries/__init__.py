"""Which certificates hold, whose they are, and whether one that is shown is genuine."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from services.certificates import keys
from services.certificates.models import Certificate, SealForm, Status
from services.certificates.queries.statuses import StatusPlace, status_place
from services.core import seals, statements
from services.core.facts import Holder, Value
from services.core.grounds import Change
from services.core.refusal import Kind, Refusal
from services.core.statements import Statement
from services.people import queries as people
from services.people.queries import AccountView

EXPIRED = "expired"
# What may become of a certificate; what is not in the table is forbidden (R12.1).
MOVES: Mapping[Status, frozenset[Status]] = {
    Status.VALID: frozenset({Status.SUSPENDED, Status.REVOKED, Status.CANCELLED, Status.SUPERSEDED}),
    Status.SUSPENDED: frozenset({Status.VALID, Status.REVOKED, Status.CANCELLED, Status.SUPERSEDED}),
    Status.REVOKED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.SUPERSEDED: frozenset(),
}
# What an officer's act makes of it.
BECOMES: Mapping[Change, Status] = {
    Change.REVOCATION: Status.REVOKED,
    Change.SUSPENSION: Status.SUSPENDED,
    Change.REINSTATEMENT: Status.VALID,
    Change.CANCELLATION: Status.CANCELLED,
}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that is taken for a digit
LOOK_ALIKES = str.maketrans("OIL", "011")


class NoSuchCertificate(Refusal):
    """There is no such certificate, or none that this account may see: both get the same answer."""

    code = "no_such_certificate"
    kind = Kind.MISSING
    sentence = "There is no such certificate."


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCertificate:
    """A certificate that serves as evidence of grade A."""

    id: UUID
    type: str
    holder: Holder
    key: str
    number: str
    content: dict[str, Value]
    issued_on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """A certificate as its holder sees it."""

    id: UUID
    number: str
    version: int
    check_code: str
    type: str
    organisation: str
    holder: Holder
    case_id: UUID
    service_code: str
    status: str
    issued_on: date
    valid_until: date | None
    issued_at: datetime
    content: dict[str, Value]
    revision: int
    status_at: datetime
    status_by: UUID | None
    status_reason: str
    status_legal_basis: str
    status_list: StatusPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAnswer:
    """What anybody who was shown a certificate may learn of it (R12.3); only why, if it is not genuine."""

    genuine: bool
    reason: str = ""
    status: str = ""
    number: str = ""
    type: str = ""
    organisation: str = ""
    version: int = 0
    issued_on: date | None = None
    valid_until: date | None = None
    status_list: StatusPlace | None = field(default=None, compare=False)


class Doubt(StrEnum):
    """Why what was shown is not genuine."""

    UNKNOWN = "unknown"  # number and check code belong to nothing of ours
    UNREADABLE = "unreadable"  # no PDF, or no code, of a kind that we make
    UNSEALED = "unsealed"  # a PDF without any seal
    UNKNOWN_KEY = "unknown_key"  # sealed, by somebody else
    ALTERED = "altered"  # no longer what was sealed
    ADDED_TO = "added_to"  # what was sealed is whole, and something was added after it
    DISAGREES = "disagrees"  # it carries the code of another certificate
    UNRECORDED = "unrecorded"  # sealed with our key, and in no record of ours


NOT_GENUINE = VerifyAnswer(genuine=False, reason=Doubt.UNKNOWN)


def held(
    *, holders: Collection[Holder], types: Collection[str], on: date, renewed: Collection[UUID] = ()
) -> tuple[HeldCertificate, ...]:
    """Return the certificates of these holders and types that hold on the day (R12.1), the newest first.

    One that is being `renewed` is told after its last day, too (R2.25).
    """
    rows = _of(holders).filter(type__in=types, status=Status.VALID, issued_on__lte=on)
    in_period = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on) | Q(id__in=renewed))
    return tuple(_held(row) for row in in_period.order_by("-issued_at", "id"))


def of_holder(*, holder: Holder, on: date) -> tuple[CertificateView, ...]:
    """Return every certificate of the holder, the newest first, with its status on the day."""
    return tuple(view(row, on) for row in _of([holder]).order_by("-issued_at", "id"))


def has_any(*, holder: Holder) -> bool:
    """Return whether a certificate was ever issued to the holder."""
    return _of([holder]).exists()


def certificate(*, certificate_id: UUID, on: date) -> CertificateView | None:
    """Return the certificate with its status on the day, or None if there is none."""
    row = Certificate.objects.filter(id=certificate_id).first()
    return None if row is None else view(row, on)


def certificates(*, certificate_ids: Collection[UUID], on: date) -> tuple[CertificateView, ...]:
    """Return these certificates with their status on the day, in one query; none for no id."""
    rows = Certificate.objects.filter(id__in=certificate_ids) if certificate_ids else ()
    return tuple(view(row, on) for row in rows)


def newest(*, number: str, on: date) -> CertificateView | None:
    """Return the newest version under the number, as printed or as typed, with its status on the day."""
    row = Certificate.objects.filter(number=grouped(compact(number))).order_by("-version").first()
    return None if row is None else view(row, on)


def changes_open_to(status: str) -> tuple[Change, ...]:
    """Return what may become of a certificate of this status; an expired one is a valid one past its day."""
    before = Status.VALID if status == EXPIRED else Status(status)
    return tuple(change for change, after in BECOMES.items() if after in MOVES[before])


def has_changed(*, certificate_id: UUID) -> bool:
    """Return whether an officer has changed the certificate's status, or a newer version has replaced it."""
    return Certificate.objects.filter(id=certificate_id).exclude(status=Status.VALID).exists()


def own_certificates(*, viewer: AccountView, on: date) -> tuple[CertificateView, ...]:
    """Return every certificate that is the account's to read, the newest first, with its status on the day.

    Those of its person and of the businesses it represents. A mandate lends an agent none, not even what its own
    services issued: it is leave to act in a matter, and whoever holds number and check code can show a certificate
    to anybody. What was issued in a case they filed, an agent reads on the page of the case, while the mandate lasts.
    """
    rows = _of(own_holders(viewer, on=on))
    return tuple(view(row, on) for row in rows.order_by("-issued_at", "id"))


def own_certificate(*, viewer: AccountView, certificate_id: UUID, on: date) -> CertificateView:
    """Return one certificate that is the account's to read, with its status on the day.

    :raises NoSuchCertificate: if there is none, or it is somebody else's.
    """
    row = _of(own_holders(viewer, on=on)).filter(id=certificate_id).first()
    if row is None:
        raise NoSuchCertificate
    return view(row, on)


def own_versions(*, viewer: AccountView, number: str, on: date) -> tuple[CertificateView, ...]:
    """Return every version under the number that is the account's to read, the newest first (R12.2).

    :raises NoSuchCertificate: if there is none, or it is somebody else's.
    """
    rows = _of(own_holders(viewer, on=on)).filter(number=grouped(compact(number))).order_by("-version")
    found = tuple(view(row, on) for row in rows)
    if not found:
        raise NoSuchCertificate
    return found


def own_holders(viewer: AccountView, *, on: date) -> tuple[Holder, ...]:
    """Return the account's person, and the businesses it represents itself; nobody for an unbound account."""
    if viewer.person_id is None:
        return ()
    businesses = people.businesses_of(viewer.id, on=on)
    represented = [one.id for one in businesses if one.standing is people.Standing.REPRESENTATIVE]
    return (Holder("person", viewer.person_id), *(Holder("business", one) for one in represented))


def of_cases(*, case_ids: Collection[UUID], on: date) -> tuple[CertificateView, ...]:
    """Return what was issued for these cases, with its status on the day."""
    rows = Certificate.objects.filter(case_id__in=case_ids)
    return tuple(view(row, on) for row in rows.order_by("issued_at", "id"))


def verify(*, number: str, check_code: str, on: date) -> VerifyAnswer:
    """Return whether the certificate with this number and check code is genuine, and its status (R12.3).

    A wrong number, a wrong check code and a broken seal get the same answer.
    """
    asked = compact(check_code)
    rows = Certificate.objects.select_related("seal_key").filter(number=grouped(compact(number)))
    shown = [row for row in rows if hmac.compare_digest(row.check_code.encode(), asked.encode())]
    if not shown or not is_genuine(shown[0]):
        return NOT_GENUINE
    return told_of(shown[0], on)


def told_of(row: Certificate, on: date) -> VerifyAnswer:
    """Return what anybody may learn of a genuine certificate on the day: of its content nothing (R12.3)."""
    return VerifyAnswer(
        genuine=True,
        status=status_on(row, on),
        number=row.number,
        type=row.type,
        organisation=row.organisation,
        version=row.version,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        status_list=status_place(row.place),
    )


def is_genuine(row: Certificate) -> bool:
    """Return whether the row is what was sealed, to the last byte."""
    sealed = sealable(row)
    if seals.digest(sealed) != row.digest:
        return False
    public = bytes(row.seal_key.public_key)
    signed = (
        seals.signing_input(sealed) if row.seal_form == SealForm.CONTENT else signed_statement(row, public)
    )
    return keys.is_sealed_by(public, bytes(row.signature), signed)


def statement_of(row: Certificate) -> Statement:
    """Return what the square code of the certificate says."""
    return Statement(
        number=row.number,
        version=row.version,
        type=row.type,
        organisation=row.organisation,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        digest=row.digest,
        place=row.place if row.seal_form == SealForm.NAMED else None,
    )


def signed_statement(row: Certificate, public: bytes) -> bytes:
    """Return the bytes that a key signs, or has signed, for the square code of the certificate."""
    return statements.signing_input(
        statement_of(row), key_id=keys.key_id(public), algorithm=keys.algorithm_of(public)
    )


def sealable(row: Certificate) -> dict[str, object]:
    """Return what the seal covers; fractions become decimal texts, which have one way of being written."""
    sealed = row.sealed()
    return {**sealed, "content": _without_fractions(sealed["content"])}


def status_on(row: Certificate, on: date) -> str:
    """Return the status on the day: one that is valid and past its last day has expired (R12.1)."""
    return EXPIRED if row.status == Status.VALID and row.has_expired(on) else str(row.status)


def compact(text: str) -> str:
    """Return a number or check code as typed by anybody, in the letters we print."""
    return "".join(letter for letter in text[:100].upper().translate(LOOK_ALIKES) if letter in ALPHABET)


def grouped(letters: str) -> str:
    """Return the letters in groups of four, as a number is printed."""
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def view(row: Certificate, on: date) -> CertificateView:
    """Return the certificate as its holder sees it on the day."""
    return CertificateView(
        id=row.id,
        number=row.number,
        version=row.version,
        check_code=row.check_code,
        type=row.type,
        organisation=row.organisation,
        holder=Holder(row.holder_kind, row.holder_id),
        case_id=row.case_id,
        service_code=row.service_code,
        status=status_on(row, on),
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        content=row.content,
        revision=row.revision,
        status_at=row.status_at,
        status_by=row.status_by,
        status_reason=row.status_reason,
        status_legal_basis=row.status_legal_basis,
        status_list=status_place(row.place),
    )


def _of(holders: Collection[Holder]) -> QuerySet[Certificate]:
    people = [holder.id for holder in holders if holder.kind == "person"]
    businesses = [holder.id for holder in holders if holder.kind == "business"]
    return Certificate.objects.filter(
        Q(holder_kind="person", holder_id__in=people) | Q(holder_kind="business", holder_id__in=businesses)
    )


def _held(row: Certificate) -> HeldCertificate:
    return HeldCertificate(
        id=row.id,
        type=row.type,
        holder=Holder(row.holder_kind, row.holder_id),
        key=row.key,
        number=row.number,
        content=row.content,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
    )


def _without_fractions(value: Value) -> Value:
    match value:
        case float():
            return Decimal(repr(value))
        case dict():
            return {name: _without_fractions(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_without_fractions(inner) for inner in value]
    return value
