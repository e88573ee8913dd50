"""The one gate through which an officer opens personal data: every opening is on record, or does not happen (R15.6).

Each function here records who looks at whose data, what for and by which law, and then returns what is looked at. An
officer who asks for what their office has nothing to do with is refused, and that is on record too (R3.2). Without a
reading on record nothing encrypted opens for an officer at all: `services.ledger.looking`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.parties import holders_of_parties
from services.cases.models import Application, Case
from services.cases.queries import cases, desk
from services.cases.queries.at_desk import CaseAtDesk, read_case
from services.cases.queries.cases import AnswerView, CaseView, EventView
from services.cases.queries.certificates import KeptCertificate, NoSuchCertificate, kept_certificate
from services.cases.queries.checks import CheckView, checks_of_case
from services.cases.queries.desk import Arrival
from services.cases.queries.drafts import RequirementView
from services.cases.queries.handed_over import result_at_visit
from services.cases.queries.settlements import SettlementSheet, case_settlements
from services.cases.queries.visibility import NoSuchCase, case_for
from services.cases.queries.visits import (
    CounterVisit,
    booked_at_desk,
    counter_visit,
    counter_work,
)
from services.catalogue import queries as catalogue
from services.certificates import queries as certificates
from services.certificates.queries import CertificateView
from services.core.facts import Holder
from services.core.purposes import Purpose
from services.evidence import queries as evidence
from services.evidence.actions import Reader, open_upload
from services.evidence.queries import NoSuchUpload, StoredFile
from services.ledger import looking
from services.ledger.actions import NewReading, record_readings
from services.people.queries import AccountView
from services.visits.queries import AppointmentView

WHOLE = ("case",)


def note_reading(
    *,
    viewer: AccountView,
    case_id: UUID,
    purpose: Purpose = Purpose.HANDLING,
    fields: Sequence[str] = WHOLE,
    now: datetime,
) -> None:
    """Record that an officer reads the case's personal data: for the applicant and every party the case shows.

    What applicants read of their own is nobody's business, and is not recorded.

    :raises NoSuchCase: if it may not be seen.
    """
    if viewer.role.is_staff:
        with _refusals_on_record(viewer, case_id, fields, now):
            case = case_for(viewer, case_id)
            record_readings(rows=list(_rows(viewer, case, purpose, fields, now)))


def open_case(*, viewer: AccountView, case_id: UUID, now: datetime) -> CaseAtDesk:
    """Return the case as the officer's page shows it.

    :raises NoSuchCase: if it may not be seen.
    """
    with _refusals_on_record(viewer, case_id, WHOLE, now), transaction.atomic():
        case = case_for(viewer, case_id, whole=True)
        record_readings(rows=list(_rows(viewer, case, Purpose.HANDLING, WHOLE, now)))
        return read_case(case, viewer, on=clock.legal_day(now))


def open_view(*, viewer: AccountView, case_id: UUID, now: datetime) -> CaseView:
    """Return the case with its requirements, and what they rest on.

    :raises NoSuchCase: if it may not be seen.
    """
    note_reading(viewer=viewer, case_id=case_id, now=now)
    return cases.case(viewer=viewer, case_id=case_id)


def open_timeline(*, viewer: AccountView, case_id: UUID, now: datetime) -> tuple[EventView, ...]:
    """Return what has happened to the case; officers see by whom, and that is a reading too.

    :raises NoSuchCase: if it may not be seen.
    """
    note_reading(viewer=viewer, case_id=case_id, now=now)
    return cases.timeline(viewer=viewer, case_id=case_id)


def open_evidence(*, viewer: AccountView, case_id: UUID, now: datetime) -> tuple[RequirementView, ...]:
    """Return what the case rests on; the reading names each kind of evidence.

    :raises NoSuchCase: if it may not be seen.
    """
    with looking.unseen(), _refusals_on_record(viewer, case_id, WHOLE, now):
        found = cases.case(viewer=viewer, case_id=case_id).requirements
    kinds = [item.type for one in found for item in one.evidence]
    note_reading(viewer=viewer, case_id=case_id, fields=kinds or WHOLE, now=now)
    return found


def open_answers(*, viewer: AccountView, case_id: UUID, now: datetime) -> tuple[AnswerView, ...]:
    """Return the answers that the case's service asked for; the reading names each.

    :raises NoSuchCase: if it may not be seen.
    """
    with looking.unseen(), _refusals_on_record(viewer, case_id, WHOLE, now):
        found = cases.answers(viewer=viewer, case_id=case_id)
    note_reading(viewer=viewer, case_id=case_id, fields=[one.fact.code for one in found] or WHOLE, now=now)
    return found


def open_settlements(*, viewer: AccountView, case_id: UUID, now: datetime) -> SettlementSheet:
    """Return how every requirement of the case is settled; the reading names each kind of evidence.

    :raises NoSuchCase: if it may not be seen.
    """
    with looking.unseen(), _refusals_on_record(viewer, case_id, WHOLE, now):
        found = case_settlements(viewer=viewer, case_id=case_id)
    kinds = [proof.type for one in found.settlements for proof in one.proofs]
    note_reading(viewer=viewer, case_id=case_id, fields=kinds or WHOLE, now=now)
    return found


def open_checks(*, viewer: AccountView, case_id: UUID, now: datetime) -> tuple[CheckView, ...]:
    """Return what was looked into of the case's commitments, with what was written of it.

    :raises NoSuchCase: if it may not be seen.
    """
    note_reading(viewer=viewer, case_id=case_id, now=now)
    return checks_of_case(viewer=viewer, case_id=case_id)


def open_certificate(*, viewer: AccountView, number: str, now: datetime) -> KeptCertificate:
    """Return a certificate of the officer's office; the reading is for its holder.

    :raises NoSuchCertificate: if there is none, or it may not be seen.
    """
    try:
        with looking.unseen():
            found = kept_certificate(viewer=viewer, number=number, on=clock.legal_day(now))
    except NoSuchCertificate:
        _note_refused_certificate(viewer, number, now)
        raise
    record_readings(rows=[_of_certificate(viewer, found.certificate, now)])
    return found


def _note_refused_certificate(viewer: AccountView, number: str, now: datetime) -> None:
    with looking.unseen():
        withheld = (
            certificates.newest(number=number, on=clock.legal_day(now)) if viewer.role.is_staff else None
        )
    if withheld is not None:
        record_readings(rows=[_of_certificate(viewer, withheld, now, refused=True)])


def _of_certificate(
    viewer: AccountView,
    found: CertificateView,
    now: datetime,
    *,
    purpose: Purpose = Purpose.CERTIFICATE,
    refused: bool = False,
) -> NewReading:
    """Return the reading of a certificate: for its holder, whoever applied for it, and by the law of its service."""
    version = Case.objects.values_list("service_version_id", flat=True).get(id=found.case_id)
    fields = [found.type, "person.full_name"] if found.holder.kind == "person" else [found.type]
    return NewReading(
        at=now, actor=actor_of(viewer), organisation=viewer.organisation, holder=found.holder, matter_kind="case",
        matter_id=found.case_id, purpose=purpose,
        basis=_written(catalogue.definition(version).legal_basis), fields=fields, source="portal",
        refused=refused,
    )  # fmt: skip


def open_arrivals(*, viewer: AccountView, centre: str, day: date, now: datetime) -> tuple[Arrival, ...]:
    """Return who is expected at the centre on the day; a reading for each person named, in one statement.

    :raises NoSuchCentre: if there is no such centre.
    """
    with looking.unseen():
        found = desk.arrivals(viewer=viewer, centre=centre, day=day)
    _note_arrivals(viewer, [one.appointment for one in found], now)
    return found


def open_visit(*, viewer: AccountView, appointment_id: UUID, now: datetime) -> CounterVisit:
    """Return what a visit must finish; a reading for whoever comes, and for everybody who comes along to sign.

    :raises NotYourDesk: if there is no such appointment, or it is for another desk.
    """
    with looking.unseen():
        found = counter_visit(viewer=viewer, appointment_id=appointment_id, on=clock.legal_day(now))
    _note_arrivals(viewer, [found.appointment], now)
    return found


def open_visit_copy(
    *, viewer: AccountView, appointment_id: UUID, evidence_id: UUID, now: datetime
) -> StoredFile:
    """Return a copy that waits to be looked at, for the officer whom its owner sits before.

    :raises NotYourDesk: if there is no such appointment, or it is for another desk.
    :raises NoSuchUpload: if the visit has no such copy.
    """
    booked = booked_at_desk(viewer, appointment_id)
    with looking.unseen():
        work = counter_work(viewer, booked, on=clock.legal_day(now)) if booked.ahead else ()
    copies = {copy: case.application_id for case in work for one in case.copies for copy in one.copies}
    if evidence_id not in copies:
        raise NoSuchUpload
    application = Application.objects.get(id=copies[evidence_id])
    return open_upload(
        evidence_id=evidence_id,
        application_id=application.id,
        reader=_reader(viewer, _law_of(application)),
        now=now,
    )


def open_visit_result(
    *, viewer: AccountView, appointment_id: UUID, certificate_id: UUID, now: datetime
) -> CertificateView:
    """Return what a case of a visit of that day came to, for the officer who hands it over.

    :raises NotYourDesk: if there is no such appointment, or it is for another desk.
    :raises NoSuchCertificate: if the visit has nothing of this name to hand over that day.
    """
    with looking.unseen():
        found = result_at_visit(viewer, appointment_id, certificate_id, on=clock.legal_day(now))
    record_readings(rows=[_of_certificate(viewer, found, now, purpose=Purpose.VISIT)])
    return found


def open_file(*, viewer: AccountView, case_id: UUID, evidence_id: UUID, now: datetime) -> StoredFile:
    """Return a copy that was sent for the case.

    An office sees what its own service asked for, and not the copies of another service of the same application.

    :raises NoSuchCase: if the case may not be seen.
    :raises NoSuchUpload: if there is no such copy, or it was sent for another service.
    """
    with _refusals_on_record(viewer, case_id, ("copy",), now):
        case = case_for(viewer, case_id)
        definition = catalogue.definition(case.service_version_id)
        with looking.unseen():
            sent = evidence.uploads(application_ids=[case.application_id])
        if not any(one.evidence_id == evidence_id and one.type in definition.evidence_types for one in sent):
            raise NoSuchUpload
    return open_upload(
        evidence_id=evidence_id,
        application_id=case.application_id,
        reader=_reader(viewer, definition.legal_basis),
        now=now,
    )


def _reader(viewer: AccountView, law: Sequence[str]) -> Reader:
    return Reader(
        actor=actor_of(viewer),
        organisation=viewer.organisation,
        purpose=Purpose.CHECK_COPY,
        basis=_written(law),
    )


def note_arrival(*, viewer: AccountView, booked: AppointmentView, now: datetime) -> None:
    """Record that an officer saw that somebody is awaited, and for what."""
    _note_arrivals(viewer, [booked], now)


def note_found(*, viewer: AccountView, person_id: UUID, now: datetime) -> None:
    """Record that an officer looked somebody up by the document they showed, and found nothing to do."""
    row = NewReading(
        at=now, actor=actor_of(viewer), organisation=viewer.organisation, holder=Holder("person", person_id),
        matter_kind="visit", matter_id=person_id, purpose=Purpose.VISIT, basis=clock.profile().identity_basis,
        fields=["visit"], source="portal",
    )  # fmt: skip
    record_readings(rows=[row])


def _note_arrivals(viewer: AccountView, booked: Sequence[AppointmentView], now: datetime) -> None:
    rows = [
        NewReading(
            at=now, actor=actor_of(viewer), organisation=viewer.organisation, holder=holder,
            matter_kind="application", matter_id=application.id, purpose=Purpose.VISIT,
            basis=_written(_law_of(application)), fields=["visit"], source="portal",
        )
        for application, holders in _who_come(booked)
        for holder in holders
    ]  # fmt: skip
    record_readings(rows=rows)


def _who_come(booked: Sequence[AppointmentView]) -> Iterator[tuple[Application, Sequence[Holder]]]:
    """Yield each appointment's applications with who booked it and who comes along to sign, each once."""
    ids = [code for one in booked for code in one.application_ids]
    known = Application.objects.prefetch_related("parties").in_bulk(ids)
    for visit, code in [(one, code) for one in booked for code in one.application_ids]:
        application = known[code]
        along = [party for party in application.parties.all() if party.signs == "visit"]
        yield (
            application,
            list(dict.fromkeys([Holder("person", visit.person_id), *holders_of_parties(along)])),
        )


def _law_of(application: Application) -> tuple[str, ...]:
    """Return the legal basis of the services of an application, each act once."""
    versions = application.cases.values_list("service_version_id", flat=True)
    return tuple(dict.fromkeys(law for one in versions for law in catalogue.definition(one).legal_basis))


def _written(law: Sequence[str]) -> str:
    return "; ".join(law)


def _rows(
    viewer: AccountView,
    case: Case,
    purpose: Purpose,
    fields: Sequence[str],
    now: datetime,
    *,
    refused: bool = False,
) -> Iterator[NewReading]:
    """Yield a reading for everybody whom the case names: who applied, and the parties to its service."""
    definition = catalogue.definition(case.service_version_id)
    known = {one.role for one in definition.parties}
    parties = [one for one in case.application.parties.all() if one.role in known]
    holders = [Holder("person", case.application.person_id)] if case.application.person_id else []
    holders += [Holder("business", case.application.business_id)] if case.application.business_id else []
    for holder in dict.fromkeys([*holders, *holders_of_parties(parties)]):
        yield NewReading(
            at=now, actor=actor_of(viewer), organisation=viewer.organisation, holder=holder, matter_kind="case",
            matter_id=case.id, purpose=purpose, basis=_written(definition.legal_basis), fields=list(fields),
            source="portal", refused=refused,
        )  # fmt: skip


@contextmanager
def _refusals_on_record(
    viewer: AccountView, case_id: UUID, fields: Sequence[str], now: datetime
) -> Iterator[None]:
    """Keep on record that an officer asked for somebody's data and was refused (R3.2); the answer stays the same."""
    try:
        yield
    except (NoSuchCase, NoSuchUpload):
        if viewer.role.is_staff:
            _note_refused(viewer, case_id, fields, now)
        raise


def _note_refused(viewer: AccountView, case_id: UUID, fields: Sequence[str], now: datetime) -> None:
    case = _withheld(case_id)
    if case is not None:
        record_readings(rows=list(_rows(viewer, case, Purpose.HANDLING, fields, now, refused=True)))


def _withheld(case_id: UUID) -> Case | None:
    """Return the case that was refused: whom it is about is to know; whoever asked gets nothing of it."""
    return Case.objects.select_related("application").filter(id=case_id).first()
