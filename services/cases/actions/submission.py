"""Submit an application: once, by somebody known, signed by all who must; its cases are received at that moment."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.assisted import check_nobody_helps, check_read_back
from services.cases.actions.drafting import ChangedMeanwhile, NotADraft
from services.cases.actions.letters import application_letter, case_letter
from services.cases.actions.parties import enter_parties, holders_of_parties, sign_for_party
from services.cases.actions.routing import wake_cases
from services.cases.models import Application, ApplicationState, Case, RememberedAnswer
from services.cases.numbers import new_number
from services.cases.queries.drafts import definitions_of, draft_view, holder_of_fact
from services.cases.queries.visibility import application_for, check_mandate, works_on
from services.catalogue import queries as catalogue
from services.core.acting import Done
from services.core.facts import Holder
from services.core.mandates import Deed
from services.core.refusal import Kind, Mistake, Refusal
from services.core.states import CaseState, Role
from services.ledger.actions import Actor, Head, NewEntry, record_entries
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people import queries as people
from services.people.actions import WhoAreYou
from services.people.queries import AccountView


class NotComplete(Refusal):
    """Questions are open, or something is missing that the applicant has to give."""

    code = "not_complete"
    sentence = "The application is not complete yet."


class NothingToSign(Refusal):
    """The application does not ask this person for a signature, or has it."""

    code = "nothing_to_sign"
    kind = Kind.CONFLICT
    sentence = "There is nothing for you to sign here."


@transaction.atomic
def submit_application(
    *,
    viewer: AccountView,
    application_id: UUID,
    with_gaps: bool = False,
    version: int | None = None,
    now: datetime,
) -> tuple[UUID, ...]:
    """Submit the application and return the ids of its cases; submitting again returns the same cases.

    While co-signers have yet to sign in their own accounts there are no cases yet: the last signature submits it.
    `with_gaps`: file although something is missing; the office then asks for it once (R2.4). `version`: the one that
    was looked at, so that nobody files what they have not seen.

    :raises WhoAreYou: for an account that is bound to nobody.
    :raises services.people.queries.NotInYourMandate: if it is for somebody who did not allow it, or not so high a fee.
    :raises services.cases.actions.assisted.ReadBackFirst: if a helper files what was not read back.
    :raises ChangedMeanwhile: if `version` is given and is not its present one.
    :raises NotComplete: naming every open question, and without `with_gaps` everything that is missing.
    """
    application = application_for(viewer, application_id, lock=True)
    if application.state == ApplicationState.SUBMITTED:
        return tuple(application.cases.order_by("number").values_list("id", flat=True))
    if not works_on(viewer, application) or application.state != ApplicationState.DRAFT:
        raise NotADraft
    if version is not None and version != application.version:
        raise ChangedMeanwhile
    if viewer.person_id is None:
        raise WhoAreYou
    check_mandate(viewer, application, Deed.SUBMIT, fee=_fee(application))
    check_read_back(viewer, application)
    application.person_id = application.for_person_id or viewer.person_id
    application.save(update_fields=["person"])
    application = application_for(viewer, application_id)
    _check_complete(application, with_gaps, clock.legal_day(now))
    enter_parties(application, now=now)
    note_acted(viewer, application, Done.SUBMITTED, now=now)
    return _submit_if_signed(application, Actor(viewer.id, Role.APPLICANT, viewer.display_name), now)


def _fee(application: Application) -> Decimal:
    """Return what filing commits the applicant to pay, if everything is granted."""
    fees = (definition.fee for definition in definitions_of(application))
    return sum((Decimal(fee.amount) for fee in fees if fee is not None), Decimal(0))


def _check_complete(application: Application, with_gaps: bool, on: date) -> None:
    view = draft_view(application, on=on)
    mistakes = [Mistake(one.fact.code, "Answer this question.") for one in view.unanswered]
    if not with_gaps:
        mistakes += [Mistake(one.code, "Give this, or say how it can be proved.") for one in view.missing]
    if mistakes:
        raise NotComplete(errors=mistakes)


@transaction.atomic
def sign_as_party(
    *,
    viewer: AccountView,
    application_id: UUID,
    version: int | None = None,
    read_digests: Collection[str] = (),
    now: datetime,
) -> tuple[UUID, ...]:
    """Sign in one's own account, for oneself or a business one represents; the last signature submits (R3.3).

    `read_digests` are those of the declarations that were on the signer's screen (R4.6).

    :raises services.evidence.actions.TextHasChanged: if what would be declared is not what was read.
    :raises NothingToSign: if this person is not asked, or has signed.
    :raises ChangedMeanwhile: if `version` is given and is not that of the text as it stands.
    """
    check_nobody_helps(viewer)
    application = application_for(viewer, application_id, lock=True, to_sign=True)
    if version is not None and version != application.version:
        raise ChangedMeanwhile
    theirs = Q(person_id=viewer.person_id) | Q(business__representative_id=viewer.person_id)
    party = (
        application.parties.filter(theirs, signs="account", signed_at__isnull=True).order_by("role").first()
    )
    if party is None or application.state != ApplicationState.AWAITING_SIGNATURES:
        raise NothingToSign
    party.signed_at, party.signed_by_id = now, viewer.id
    party.save(update_fields=["signed_at", "signed_by"])
    sign_for_party(application_for(viewer, application_id, to_sign=True), party, read_digests, now)
    return _submit_if_signed(
        application_for(viewer, application_id, to_sign=True), Actor(viewer.id, Role.APPLICANT, ""), now
    )


@transaction.atomic
def take_back_application(*, viewer: AccountView, application_id: UUID, now: datetime) -> None:
    """Make a draft again of what waits for signatures: what was signed so far was signed for another text.

    :raises NotADraft: unless the viewer filed it and somebody has yet to sign.
    """
    application = application_for(viewer, application_id, lock=True)
    if not works_on(viewer, application) or application.state != ApplicationState.AWAITING_SIGNATURES:
        raise NotADraft
    application.parties.all().delete()
    _set_state(application, ApplicationState.DRAFT, now)
    note_acted(viewer, application, Done.REOPENED, now=now)


def _submit_if_signed(application: Application, actor: Actor, now: datetime) -> tuple[UUID, ...]:
    unsigned = application.parties.filter(Q(signs="account"), signed_at__isnull=True)
    if unsigned.exists():
        _set_state(application, ApplicationState.AWAITING_SIGNATURES, now)
        _invite(application, holders_of_parties(unsigned), now)
        return ()
    _set_state(application, ApplicationState.SUBMITTED, now)
    _remember_answers(application, now)
    cases = list(_receive(application, now))
    _enter(cases, actor, now)
    wake_cases(case_ids=[case.id for case in cases], now=now)
    return tuple(case.id for case in cases)


def _set_state(application: Application, state: ApplicationState, now: datetime) -> None:
    application.state, application.changed_at = state, now
    if state is ApplicationState.SUBMITTED:
        application.submitted_at = now
    application.version += 1
    application.save(update_fields=["state", "changed_at", "submitted_at", "version"])


def _invite(application: Application, signers: Iterable[Holder], now: datetime) -> None:
    """Ask those who are known already; the others find the invitation under their number when they come."""
    letter = application_letter(
        application, NoticeKind.SIGNATURE_ASKED, definitions_of(application)[0].organisation
    )
    accounts = (account for signer in signers for account in people.accounts_of(signer))
    notify(
        rows=[
            replace(letter, account_id=one, business_id=None, person_id=None, services=()) for one in accounts
        ],
        now=now,
    )


def _receive(application: Application, now: datetime) -> Iterator[Case]:
    for code in application.services:
        version = catalogue.current_version_id(code)
        definition = catalogue.definition(version)
        yield Case(
            number=new_number("C"), application=application, service_version_id=version, service=code,
            programme=definition.programme, organisation=definition.organisation, state=CaseState.RECEIVED,
            received_on=clock.legal_day(now), received_at=now,
        )  # fmt: skip


def _enter(cases: list[Case], actor: Actor, now: datetime) -> None:
    """Write the cases, each with its first ledger entry, and the receipt (R2.7)."""
    entries = [
        NewEntry(
            case_id=case.id,
            head=Head(),
            at=now,
            actor=actor,
            event="received",
            detail={"service": case.service, "version": str(case.service_version_id)},
        )
        for case in cases
    ]
    heads = record_entries(entries=entries)
    for case in cases:
        case.ledger_sequence, case.ledger_head = heads[case.id].sequence, heads[case.id].digest
    Case.objects.bulk_create(cases)
    notify(rows=[case_letter(case, NoticeKind.RECEIVED) for case in cases], now=now)


def _remember_answers(application: Application, now: datetime) -> None:
    """Keep what was told about the person or the business, so that it is never asked again."""
    for code, value in application.answers.items():
        holder = holder_of_fact(application, code)
        if holder is not None:
            RememberedAnswer.objects.update_or_create(
                holder_kind=holder.kind,
                holder_id=holder.id,
                fact=code,
                defaults={"value": value, "told_at": now},
            )
