"""An officer reads personal data: each reading is recorded, for the person it is about to see (R15.6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services.cases.actions.attending import NotYourDesk
from services.cases.actions.claiming import actor_of
from services.cases.actions.parties import holders_of_parties
from services.cases.models import Application, Party
from services.cases.queries.visibility import case_for
from services.catalogue import queries as catalogue
from services.core.facts import Holder
from services.evidence import queries as evidence
from services.evidence.actions import Reader, open_upload
from services.evidence.queries import NoSuchUpload, StoredFile
from services.ledger.actions import NewReading, record_readings
from services.people.queries import AccountView
from services.visits import queries as visits


@transaction.atomic
def note_reading(
    *, viewer: AccountView, case_id: UUID, purpose: str, fields: Sequence[str] = (), now: datetime
) -> None:
    """Record that an officer reads the case's personal data: for the applicant and every party the case shows.

    :raises NoSuchCase: if it may not be seen.
    """
    case = case_for(viewer, case_id)
    known = {one.role for one in catalogue.definition(case.service_version_id).parties}
    holders = _holders(case.application, [one for one in case.application.parties.all() if one.role in known])
    _record(viewer, holders, ("case", case.id), purpose, fields or ["case"], now)


@transaction.atomic
def note_arrival_reading(*, viewer: AccountView, appointment_id: UUID, now: datetime) -> None:
    """Record that an officer at the counter reads who has come, for what, and who else is to sign there.

    :raises NotYourDesk: if there is no such appointment, or this is no officer.
    """
    booked = visits.appointment(appointment_id=appointment_id)
    if booked is None or not viewer.role.is_staff:
        raise NotYourDesk
    signers = Party.objects.filter(application=booked.application_id, signs="visit")
    holders = dict.fromkeys([Holder("person", booked.person_id), *holders_of_parties(signers)])
    _record(viewer, holders, ("application", booked.application_id), "visit", ["visit"], now)


def open_file(*, viewer: AccountView, case_id: UUID, evidence_id: UUID, now: datetime) -> StoredFile:
    """Return a copy that was sent for the case, and keep on record that it was opened.

    An office sees what its own service asked for, and not the copies of another service of the same application.

    :raises NoSuchCase: if the case may not be seen.
    :raises NoSuchUpload: if there is no such copy, or it was sent for another service.
    """
    case = case_for(viewer, case_id)
    types = catalogue.definition(case.service_version_id).evidence_types
    sent = evidence.uploads(application_ids=[case.application_id])
    if not any(one.evidence_id == evidence_id and one.type in types for one in sent):
        raise NoSuchUpload
    reader = Reader(actor=actor_of(viewer), organisation=viewer.organisation, purpose="check_copy")
    return open_upload(evidence_id=evidence_id, application_id=case.application_id, reader=reader, now=now)


def _holders(application: Application, parties: Iterable[Party]) -> Iterable[Holder]:
    """Return whom the data is about, each once: who applied, for which business, and the parties."""
    holders = [Holder("person", application.person_id)] if application.person_id else []
    holders += [Holder("business", application.business_id)] if application.business_id else []
    return dict.fromkeys(holders + holders_of_parties(parties))


def _record(
    viewer: AccountView,
    holders: Iterable[Holder],
    matter: tuple[str, UUID],
    purpose: str,
    fields: Sequence[str],
    now: datetime,
) -> None:
    rows = [
        NewReading(
            at=now, actor=actor_of(viewer), organisation=viewer.organisation, holder=holder,
            matter_kind=matter[0], matter_id=matter[1], purpose=purpose, fields=list(fields), source="portal",
        )
        for holder in holders
    ]  # fmt: skip
    record_readings(rows=rows)
