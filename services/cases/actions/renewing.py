"""Certificates that end: their holders hear of it in time, and begin the renewal with all that stands on them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import structlog
from django.db import transaction

from services import clock
from services.cases.actions import drafting
from services.cases.actions.certificates import letters_to_holder
from services.cases.actions.letters import case_letter
from services.cases.models import Application, ApplicationState, Case
from services.cases.queries.renewals import Renewal, renewal_of
from services.catalogue import queries as catalogue
from services.certificates import queries as certificates
from services.certificates.actions.reminding import take_reminder
from services.certificates.queries import CertificateView
from services.certificates.queries.reminders import to_remind
from services.core.definitions import Definition
from services.core.facts import AnswerNotUnderstood, Value, read_answer
from services.core.refusal import Kind, Refusal
from services.core.states import ENDED
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView

log = structlog.get_logger(__name__)

# Reminders that one tick of the clock sends.
AT_ONCE = 100


class NotRenewable(Refusal):
    """Nothing renews it: it has no end, has ended, is out of force, or is applied for anew each time."""

    code = "not_renewable"
    kind = Kind.CONFLICT
    sentence = "This certificate cannot be renewed. If you need it for longer, apply for a new one."


@transaction.atomic
def start_renewal(*, viewer: AccountView, certificate_id: UUID, language: str = "en", now: datetime) -> UUID:
    """Begin the draft that renews one's certificate, or return the one that was begun; return its id.

    What the certificate proves is evidence there, shown to be confirmed; what stands on it besides, and the service
    asks, is answered already. Nobody is refused for coming late: only that silence renews nothing then (R2.25).

    :raises NoSuchCertificate: if it is not the account's to read.
    :raises NotRenewable:
    """
    on = clock.legal_day(now)
    found = certificates.own_certificate(viewer=viewer, certificate_id=certificate_id, on=on)
    renewal = renewal_of(found, on)
    if renewal is None:
        raise NotRenewable
    business_id = found.holder.id if found.holder.kind == "business" else None
    definition = catalogue.definition(catalogue.current_version_id(renewal.service))
    if begun := _begun(viewer, renewal.service, business_id, _thing_of(found, renewal.service)):
        return begun
    draft = drafting.start_application(
        viewer=viewer, services=[renewal.service], business_id=business_id, language=language, now=now
    )
    if known := _answers(definition, found.content, on):
        drafting.answer_questions(viewer=viewer, application_id=draft, answers=known, now=now)
    return draft


def _begun(
    viewer: AccountView, service: str, business_id: UUID | None, about: Mapping[str, Value]
) -> UUID | None:
    """Return the account's own draft for this service, holder and thing, if there is one."""
    drafts = Application.objects.filter(
        account_id=viewer.id, state=ApplicationState.DRAFT, services=[service], business_id=business_id
    )
    for draft in drafts.order_by("-changed_at"):
        if _answers_all(draft.answers, about):
            return draft.id
    return None


def _answers(definition: Definition, content: Mapping[str, Value], on: date) -> dict[str, Value]:
    """Return what the renewal asks and the certificate answers: its questions, and which thing it is about."""
    kind = definition.evidence_types[definition.output.certificate]
    asked = {question.fact for question in definition.questions} | ({kind.key} if kind.key else set())
    known: dict[str, Value] = {}
    for code in asked & content.keys() & definition.facts.keys():
        if definition.facts[code].ask:
            # What was an answer years ago may be none any more: then it is asked.
            with suppress(AnswerNotUnderstood):
                known[code] = read_answer(definition.facts[code], content[code], on=on)
    return known


def remind_of_ends(*, now: datetime) -> int:
    """Tell the holders of certificates that end what to do, each time once; return how many were told (R2.25)."""
    told, on = 0, clock.legal_day(now)
    for certificate_id in to_remind(on=on, limit=AT_ONCE):
        try:
            told += _remind(certificate_id, on, now)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one certificate must not stop the others
            log.warning("end_not_told", certificate=str(certificate_id), error=type(error).__name__)
    return told


@transaction.atomic
def _remind(certificate_id: UUID, on: date, now: datetime) -> bool:
    taken = take_reminder(certificate_id=certificate_id, on=on)
    if taken is None:
        return False
    found = taken.certificate
    case = Case.objects.select_related("application").get(id=found.case_id)
    issuing, renewal = catalogue.definition(case.service_version_id), renewal_of(found, on)
    if renewal is None and issuing.kind != "permit":
        # An extract, a record of one journey: whoever needs another one asks for it that day.
        return False
    if renewal is not None and _is_under_way(found, renewal.service):
        return False
    letter = _letter(found, case, issuing, renewal)
    notify(rows=letters_to_holder(found, letter), now=now)
    return True


def _is_under_way(found: CertificateView, service: str) -> bool:
    """Return whether the holder has applied for the renewal of this certificate already, and not of a like one."""
    of = {f"application__{found.holder.kind}_id": found.holder.id}
    cases = Case.objects.filter(service=service, **of).exclude(state__in=ENDED).select_related("application")
    about = _thing_of(found, service)
    return any(_answers_all(one.application.answers, about) for one in cases)


def _thing_of(found: CertificateView, service: str) -> dict[str, Value]:
    """Return which thing the certificate is about, if its kind is about one: this vehicle and not the other."""
    thing = catalogue.definition(catalogue.current_version_id(service)).evidence_types[found.type].key
    return {thing: found.content.get(thing)} if thing else {}


def _answers_all(answers: Mapping[str, Value], about: Mapping[str, Value]) -> bool:
    return all(answers.get(fact) == value for fact, value in about.items())


def _letter(found: CertificateView, case: Case, issuing: Definition, renewal: Renewal | None) -> NewNotice:
    told: dict[str, object] = {
        "certificate": found.number,
        "certificate_id": str(found.id),
        "name": dict(issuing.evidence_types[found.type].name),
        "until": found.valid_until.isoformat() if found.valid_until else "",
        "organisation": found.organisation,
    }
    if renewal is None:
        return case_letter(case, NoticeKind.CERTIFICATE_ENDS, **told)
    told |= {
        "renewal": dict(renewal.name),
        "apply_on": renewal.apply_by.isoformat(),
        "deemed": renewal.presumed,
    }
    # Who may act for a business in the renewal hears of it, an agent with such a mandate included.
    return replace(case_letter(case, NoticeKind.CERTIFICATE_ENDS, **told), services=(renewal.service,))
