"""An officer reads personal data: each reading is recorded, for the person it is about to see (R15.6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.parties import holders_of_parties
from services.cases.models import Application, Case, Party
from services.cases.queries.at_desk import CaseAtDesk, read_case
from services.cases.queries.visibility import case_for
from services.cases.queries.visits import booked_at_desk, counter_work
from services.catalogue import queries as catalogue
from services.core.facts import Holder
from services.evidence import queries as evidence
from services.evidence.actions import Reader, open_upload
from services.evidence.queries import NoSuchUpload, StoredFile
from services.ledger.actions import NewReading, record_readings
from services.people.queries import AccountView
from services.visits.queries import AppointmentView


@transaction.atomic
def note_reading(
    *, viewer: AccountView, case_id: UUID, purpose: str, fields: Sequence[str] = (), now: datetime
) -> None:
    """Record that an officer reads the case's personal data: for the applicant and every party the case shows.

    :raises NoSuchCase: if it may not be seen.
    """
    case = case_for(viewer, case_id)
    holders = _named_in(case)
    _record(viewer, holders, ("case", case.id), purpose, fields or ["case"], now)


def note_arrival_readings(*, viewer: AccountView, booked: Sequence[AppointmentView], now: datetime) -> None:
    """Record that an officer reads who comes: a reading for each person named, in one statement, nothing locked.

    Named are who booked, and everybody who comes along to sign.
    """
    signers = Party.objects.filter(application__in=[one.application_id for one in booked], signs="visit")
    along: dict[UUID, list[Party]] = {}
    for party in signers:
        along.setdefault(party.application_id, []).append(party)
    rows = [
        NewReading(
            at=now, actor=actor_of(viewer), organisation=viewer.organisation,
            holder=holder, matter_kind="application", matter_id=one.application_id,
            purpose="visit", fields=["visit"], source="portal",
        )
        for one in booked
        for holder in dict.fromkeys(
            [Holder("person", one.person_id), *holders_of_parties(along.get(one.application_id, ()))]
        )
    ]  # fmt: skip
    record_readings(rows=rows)


def open_visit_copy(
    *, viewer: AccountView, appointment_id: UUID, evidence_id: UUID, now: datetime
) -> StoredFile:
    """Return a copy that waits to be looked at, for the officer whom its owner sits before; kept on record.

    :raises NotYourDesk: if there is no such appointment, or it is for another desk.
    :raises NoSuchUpload: if the visit has no such copy.
    """
    booked = booked_at_desk(viewer, appointment_id)
    work = counter_work(booked.application_id, on=clock.legal_day(now)) if booked.status == "booked" else ()
    if evidence_id not in {copy for case in work for one in case.copies for copy in one.copies}:
        raise NoSuchUpload
    reader = Reader(actor=actor_of(viewer), organisation=viewer.organisation, purpose="check_copy")
    return open_upload(evidence_id=evidence_id, application_id=booked.application_id, reader=reader, now=now)


@transaction.atomic
def open_case(*, viewer: AccountView, case_id: UUID, now: datetime) -> CaseAtDesk:
    """Return the case as the officer's page shows it, and keep on record that it was read (R15.6).

    :raises NoSuchCase: if it may not be seen.
    """
    case = case_for(viewer, case_id, whole=True)
    _record(viewer, _named_in(case), ("case", case.id), "handling", ["case"], now)
    return read_case(case, viewer, on=clock.legal_day(now))


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


def _named_in(case: Case) -> Iterable[Holder]:
    """Return everybody whom the case names: who applied, and the parties to its service."""
    known = {one.role for one in catalogue.definition(case.service_version_id).parties}
    return _holders(case.application, [one for one in case.application.parties.all() if one.role in known])


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
