"""Applying with somebody at the counter: the same acts by the same rules, read back, confirmed and marked (R11.4)."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.assisted import ReadBackFirst
from services.cases.actions.claiming import actor_of
from services.cases.actions.submission import submit_application
from services.cases.models import Application, Assistance, AssistedFiling
from services.cases.queries.cards import CaseCard, card
from services.cases.queries.visibility import NoSuchApplication, application_for
from services.core.facts import Holder
from services.core.purposes import Purpose
from services.core.refusal import Kind, Refusal
from services.ledger import looking
from services.ledger.actions import NewReading, record_readings
from services.people import actions as people
from services.people import identifiers
from services.people import queries as persons
from services.people.actions import AT_THE_COUNTER, CODE_ALPHABET, Identity, OnlyAtTheCounter
from services.people.fields import blind_index
from services.people.queries import AccountView

SHEET_CODE_LENGTH = 10


class NobodyHelped(Refusal):
    """The clerk applies with nobody at the moment, or began yesterday."""

    code = "nobody_helped"
    kind = Kind.FORBIDDEN
    sentence = "You are not applying with anybody now. Look at the person’s document again and begin."


class SheetCodeRefused(Refusal):
    """No sheet with this number and code, or a newer one was printed: which of them is nobody's business."""

    code = "sheet_code_refused"
    sentence = "Number and code open nothing, or not any more. Look at the newest sheet."


@transaction.atomic
def begin_assistance(*, viewer: AccountView, identity: Identity, now: datetime) -> UUID:
    """Begin to apply with the person whose document the officer has just seen; return the assistance.

    What was going on with somebody else ends. That they are helped stands among the readings the person sees (R15.6).

    :raises OnlyAtTheCounter: unless this is a clerk or a supervisor.
    :raises services.people.actions.IdentityDiffers: if the person is known otherwise; nothing is overwritten.
    :raises services.people.actions.BirthDateImplausible, services.people.identifiers.IdentifierMistyped:
    """
    if viewer.role not in AT_THE_COUNTER:
        raise OnlyAtTheCounter
    with looking.unseen():  # compared, and not shown: the clerk has the document before them
        person_id = people.identified(identity, now=now)
    return _begin(viewer, person_id, identity.document_kind, now)


def _begin(viewer: AccountView, person_id: UUID, document_kind: str, now: datetime) -> UUID:
    end_assistance(viewer=viewer, now=now)
    begun = Assistance.objects.create(
        helper_id=viewer.id, organisation=viewer.organisation, person_id=person_id,
        account_id=people.account_at_counter(person_id=person_id), document_kind=document_kind, begun_at=now,
    )  # fmt: skip
    _note_reading(viewer, begun, now)
    return begun.id


def end_assistance(*, viewer: AccountView, now: datetime) -> None:
    """End what the officer is doing with somebody. Twice is once."""
    Assistance.objects.filter(helper_id=viewer.id, ended_at__isnull=True).update(ended_at=now)


def helped_view(*, viewer: AccountView, now: datetime) -> AccountView:
    """Return the account of the person with whom the officer applies, as the applicant's acts take it.

    It is for that day alone. What is shown of the person is on record.

    :raises NobodyHelped: if there is nobody.
    """
    going_on = Assistance.objects.filter(helper_id=viewer.id, ended_at__isnull=True).first()
    if going_on is None or clock.legal_day(going_on.begun_at) != clock.legal_day(now):
        raise NobodyHelped
    looking.say({"visit"})
    return replace(persons.account(going_on.account_id), helped_by=viewer.id)


def _note_reading(viewer: AccountView, begun: Assistance, now: datetime) -> None:
    record_readings(rows=[
        NewReading(
            at=now, actor=actor_of(viewer), organisation=viewer.organisation, holder=Holder("person", begun.person_id),
            matter_kind="visit", matter_id=begun.id, purpose=Purpose.ASSISTING, basis=clock.profile().identity_basis,
            fields=["visit"], source="portal",
        )
    ])  # fmt: skip


def forget_assistances(*, now: datetime) -> int:
    """Forget who was helped when, long after (R15.10): that an application was, stays with it. Return how many."""
    before = now - timedelta(days=clock.profile().draft_calendar_days)
    return Assistance.objects.filter(begun_at__lt=before).delete()[0]


@transaction.atomic
def submit_read_back(
    *, viewer: AccountView, application_id: UUID, version: int, with_gaps: bool = False, now: datetime
) -> tuple[UUID, ...]:
    """Submit what was filled in with a helper, once the person has confirmed it as it was read back; return its cases.

    The person signs the printed sheet; the helper signs nothing (R11.4).

    :raises ReadBackFirst: if what was read back is not what stands there now.
    :raises services.cases.actions.submission.NotComplete, ChangedMeanwhile:
    """
    application = application_for(viewer, application_id, lock=True)
    filing = AssistedFiling.objects.filter(application=application).first()
    if filing is not None and filing.confirmed_at is None:
        if application.version != version:
            raise ReadBackFirst
        filing.read_version, filing.confirmed_at = version, now
        filing.save(update_fields=["read_version", "confirmed_at"])
    return submit_application(
        viewer=viewer, application_id=application_id, with_gaps=with_gaps, version=version, now=now
    )


@transaction.atomic
def print_sheet(*, viewer: AccountView, application_id: UUID, now: datetime) -> str:
    """Return a new code for the printed sheet of an application; it is told once, and an earlier one opens no more.

    :raises NoSuchApplication: if nobody helped with it, or it may not be seen.
    """
    application = application_for(viewer, application_id)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(SHEET_CODE_LENGTH))
    filings = AssistedFiling.objects.filter(application=application)
    if not filings.update(code_index=_index(application.number, code), printed_at=now):
        raise NoSuchApplication
    return code


@transaction.atomic
def bring_up(
    *, viewer: AccountView, number: str, code: str, document_kind: str, document_number: str, now: datetime
) -> UUID:
    """Go on, at any desk, with the person who shows their sheet and their document; return the application.

    A sheet that somebody found opens nothing: whose it is, the document says.

    :raises OnlyAtTheCounter: unless this is a clerk or a supervisor.
    :raises SheetCodeRefused: if number and code open nothing, or it is somebody else's.
    """
    if viewer.role not in AT_THE_COUNTER:
        raise OnlyAtTheCounter
    application = of_sheet(number=number, code=code)
    shown = persons.person_with(document_kind=document_kind, number=document_number)
    if shown is None or application.person_id != shown:
        raise SheetCodeRefused
    _begin(viewer, shown, document_kind, now)
    return application.id


def cases_of_sheet(*, number: str, code: str) -> tuple[CaseCard, ...]:
    """Return how the cases stand of which somebody has the newest sheet: nothing that says whose they are.

    :raises SheetCodeRefused: if number and code open nothing.
    """
    return tuple(card(one) for one in of_sheet(number=number, code=code).cases.order_by("number"))


def of_sheet(*, number: str, code: str) -> Application:
    """Return the application whose newest sheet has this number and code.

    :raises SheetCodeRefused: if there is none.
    """
    filings = AssistedFiling.objects.filter(code_index=_index(number, code))
    found = filings.select_related("application").first()
    if found is None or found.application.emptied_at is not None:
        raise SheetCodeRefused
    return found.application


def _index(number: str, code: str) -> str:
    return blind_index(f"{number.strip().upper()} {identifiers.normalized(code)}", purpose="assisted-sheet")
