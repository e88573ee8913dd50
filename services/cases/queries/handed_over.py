"""What came of a case, as it is handed over: who may receive it, and what lies ready for whoever is here."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services import clock
from services.cases.models import Application, AssistedFiling, Case
from services.cases.queries.visibility import (
    NoSuchCase,
    applicant_of,
    application_for,
    case_for,
    check_mandate,
)
from services.cases.queries.visits import booked_at_desk, counter_offices, serves_all
from services.certificates import queries as certificates
from services.certificates.queries import CertificateView, NoSuchCertificate
from services.core.mandates import Deed
from services.core.states import Role
from services.ledger.queries import entries_of
from services.people.queries import AccountView, NotInYourMandate, may
from services.visits.queries import AppointmentView


def result_for(
    viewer: AccountView, case_id: UUID, certificate_id: UUID, *, on: date
) -> tuple[Case, CertificateView]:
    """Return a case and what was issued in it, for an applicant who may have it handed over.

    They themselves may; an agent with the power to receive (R11.2); a helper at a counter only what was applied for
    with one (R11.6, R11.7).

    :raises NoSuchCase: if there is none, or it may not be seen.
    :raises NoSuchCertificate: if nothing of this name was issued in it, or a helper has no hand in it.
    :raises services.people.queries.NotInYourMandate: if the mandate does not let the agent receive it.
    """
    if viewer.role is not Role.APPLICANT:
        raise NoSuchCase  # an officer prints it at a visit, on record
    case = case_for(viewer, case_id, ended=True)
    if viewer.helped_by is not None and not was_assisted(case.application_id):
        raise NoSuchCertificate
    check_mandate(viewer, case.application, Deed.RECEIVE)
    return case, _issued([case.id], certificate_id, on)


def may_receive(*, viewer: AccountView, application_id: UUID) -> bool:
    """Return whether an applicant may have results of the application handed over, as `result_for` says.

    :raises NoSuchApplication: if there is none, or it may not be seen.
    """
    application = application_for(viewer, application_id)
    if viewer.helped_by is not None and not was_assisted(application.id):
        return False
    try:
        check_mandate(viewer, application, Deed.RECEIVE)
    except NotInYourMandate:
        return False
    return True


def was_assisted(application_id: UUID) -> bool:
    """Return whether the application was filled in with a helper (R11.4)."""
    return AssistedFiling.objects.filter(application_id=application_id).exists()


def results_at_visit(*, viewer: AccountView, appointment_id: UUID, on: date) -> tuple[CertificateView, ...]:
    """Return what was issued in the cases of a visit that began on the day, to be printed for whoever has come.

    Officers of another office than those who sit there get what their own office issued; who came for somebody else
    gets what their mandate lets them receive.

    :raises services.cases.queries.visits.NotYourDesk: if there is no such appointment, or it is for another desk.
    """
    booked = booked_at_desk(viewer, appointment_id)
    if booked.visit_id is None or clock.legal_day(booked.starts_at) != on:
        return ()  # nobody has come, or the day is over
    found = certificates.of_cases(case_ids=[case.id for case in _cases_of(viewer, booked, on)], on=on)
    return tuple(one for one in found if one.status == "valid")


def result_at_visit(
    viewer: AccountView, appointment_id: UUID, certificate_id: UUID, *, on: date
) -> CertificateView:
    """Return one of `results_at_visit`.

    :raises NoSuchCertificate: if it is none of them.
    :raises services.cases.queries.visits.NotYourDesk:
    """
    return _the_one(results_at_visit(viewer=viewer, appointment_id=appointment_id, on=on), certificate_id)


def _cases_of(viewer: AccountView, booked: AppointmentView, on: date) -> Iterable[Case]:
    """Yield the cases of a visit that has begun whose results whoever is here may take along."""
    rows = Case.objects.filter(application_id__in=booked.application_ids)
    cases = list(rows.select_related("application__business").order_by("number"))
    agent = _who_came(booked, cases)
    for case in cases:
        ours = serves_all(viewer, booked) or viewer.organisation in counter_offices(case)
        if ours and _may_carry(case.application, booked, agent, on):
            yield case


def _who_came(booked: AppointmentView, cases: Iterable[Case]) -> UUID | None:
    """Return the agent who came, as the officer told it; None for the person who is expected."""
    visit = str(booked.visit_id)
    kept = (one.detail for case in cases for one in entries_of(case.id) if one.event == "visit_kept")
    found = next((one["agent"] for one in kept if one.get("visit") == visit and one.get("agent")), None)
    return UUID(str(found)) if found else None


def _may_carry(application: Application, booked: AppointmentView, agent: UUID | None, on: date) -> bool:
    """Return whether who came may receive what is the applicant's: as themself, or by the power to (R11.2)."""
    holder, business = applicant_of(application), application.business
    represents = business is None or business.representative_id == booked.person_id
    if holder is None or (agent is None and represents):
        return True
    account, named = agent or application.account_id, application.services
    return may(Deed.RECEIVE, account_id=account, holder=holder, services=named, on=on) is None


def _issued(case_ids: list[UUID], certificate_id: UUID, on: date) -> CertificateView:
    return _the_one(certificates.of_cases(case_ids=case_ids, on=on), certificate_id)


def _the_one(found: Iterable[CertificateView], certificate_id: UUID) -> CertificateView:
    one = next((one for one in found if one.id == certificate_id), None)
    if one is None:
        raise NoSuchCertificate
    return one
