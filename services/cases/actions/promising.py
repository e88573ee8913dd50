"""Filing with a gap: something is promised by a day, and the case is accepted and handled meanwhile (R5.1-R5.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.assisted import check_nobody_helps
from services.cases.actions.claiming import actor_of, end_task, file_of, open_task
from services.cases.actions.deciding import check_may_decide
from services.cases.actions.drafting import NotADraft
from services.cases.actions.evidence import check_may_sign
from services.cases.actions.giving import note_change, own_application
from services.cases.actions.letters import case_letter, requirement_names
from services.cases.actions.pausing import LeadOfficeOnly, led_case
from services.cases.actions.turns import save_turns
from services.cases.models import Application, ApplicationState, Promise, TaskKind
from services.cases.queries.casefiles import law
from services.cases.queries.drafts import definitions_of
from services.cases.turn import Act, turn_case
from services.core import acts
from services.core.acting import Done
from services.core.casefile import Concern
from services.core.clocks import due_or_provisional
from services.core.definitions import Definition
from services.core.promises import (
    Delivery,
    NotDeferrable,
    check_delivery,
    check_more_time,
    check_promise,
    deliveries,
    last_day_to_promise,
)
from services.core.refusal import Mistake, Refusal
from services.core.states import Role
from services.evidence.actions import TextHasChanged
from services.evidence.promising import Promised, compose_promise
from services.evidence.wording import DeclarationText
from services.ledger import looking
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.notices.reasons import reason_texts
from services.people import queries as people
from services.people.actions import WhoAreYou
from services.people.queries import AccountView

MISSED = "promise_missed"


class ExplainInWords(Refusal):
    """What an officer decides about a promise or a commitment is explained in plain words."""

    code = "explain_in_words"
    sentence = "Explain it in plain words: the applicant reads them."


@dataclass(frozen=True, slots=True)
class PromiseToSign:
    """The notice and promise to read: for which day, the last day there is, how it comes, and how else it could."""

    text: DeclarationText
    until: date
    last_day: date
    delivery: Delivery
    deliveries: tuple[Delivery, ...]
    organisation: str  # to whom it is sent, or where it is handed in


@transaction.atomic
def promise_to_sign(
    *,
    viewer: AccountView,
    application_id: UUID,
    requirement: str,
    until: date | None = None,
    delivery: str = Delivery.UPLOAD,
    now: datetime,
) -> PromiseToSign:
    """Return the notice and promise to read, for a day and a way of bringing it in (R5.2, R5.4, R5.6).

    Without a day, the last one; without a way, sent online.

    :raises NotDeferrable, PromiseTooLate, DeliveryNotOffered, NotADraft:
    """
    application, wanted = _matters(viewer, application_id, requirement)
    last = _last_day(wanted, now)
    day = until or last
    for definition in wanted:
        check_promise(definition, requirement, day, on=clock.legal_day(now), law=law())
    offered = definitions_of(application)
    check_delivery(offered, delivery)
    way = Delivery(delivery)
    promised = Promised(
        names=[name for one in wanted for name in requirement_names(one, [requirement])],
        matters=[one.name for one in wanted],
        until=day,
        signatory=people.person(viewer.person_id).name if viewer.person_id else "",
        on=clock.legal_day(now),
        missed=law().profile.promise_missed,
        delivery=way,
        organisation=wanted[0].organisation if way is not Delivery.UPLOAD else "",
    )
    text = compose_promise(promised, application.language)
    return PromiseToSign(text, day, last, way, deliveries(offered), wanted[0].organisation)


@transaction.atomic
def promise_to_follow(
    *,
    viewer: AccountView,
    application_id: UUID,
    requirement: str,
    until: date,
    read_digest: str,
    delivery: str = Delivery.UPLOAD,
    now: datetime,
) -> None:
    """Promise in writing to bring it in by the day; promised anew, the new day counts (R5.1).

    :raises NotDeferrable: unless every service here that wants it lets it follow.
    :raises PromiseTooLate: for a day past the promised handling time (R5.4).
    :raises DeliveryNotOffered: for a trip where there is a visit anyway (R5.6).
    :raises services.evidence.actions.TextHasChanged: if that is not the text that was read (R5.2).
    :raises NotYoursToSign: for an agent without an explicit power to declare (R4.12).
    :raises NotADraft: once it is filed: the notice is given on the spot, once.
    """
    text = promise_to_sign(
        viewer=viewer, application_id=application_id, requirement=requirement, until=until, delivery=delivery,
        now=now,
    ).text  # fmt: skip
    if text.digest != read_digest:
        raise TextHasChanged
    check_nobody_helps(viewer)
    application, wanted = _matters(viewer, application_id, requirement)
    for definition in wanted:
        check_may_sign(viewer, application, definition.code, now)
        Promise.objects.update_or_create(
            application=application, service=definition.code, requirement=requirement,
            defaults={"due_on": until, "delivery": delivery, "language": text.language, "text": text.text,
                      "text_digest": text.digest,
                      "signed_by_id": viewer.id, "signed_at": now},
        )  # fmt: skip
    note_acted(viewer, application, Done.PROMISED, now=now)
    note_change(application, now)


def _matters(
    viewer: AccountView, application_id: UUID, requirement: str
) -> tuple[Application, Sequence[Definition]]:
    application = own_application(viewer, application_id)
    if application.state != ApplicationState.DRAFT:
        raise NotADraft
    if viewer.person_id is None:
        raise WhoAreYou
    wanted = [one for one in definitions_of(application) if requirement in one.requirement]
    if not wanted or not all(one.requirement[requirement].deferrable for one in wanted):
        raise NotDeferrable
    return application, wanted


def _last_day(wanted: Sequence[Definition], now: datetime) -> date:
    on = clock.legal_day(now)
    return min(last_day_to_promise(one, on=on, law=law()) for one in wanted)


@looking.unseen()
@transaction.atomic
def give_more_time(
    *, viewer: AccountView, case_id: UUID, requirement: str, until: date, reason: str, now: datetime
) -> None:
    """Give a promise more time, because something beyond the applicant's control keeps it (R5.4).

    :raises LeadOfficeOnly: for anybody but a reviewer or supervisor of the office that leads the case.
    :raises PromiseNotOpen, PromiseTooLate: if it came in, or for a day that the law does not allow.
    :raises ExplainInWords: without a reason.
    """
    case, file = led_case(viewer, case_id, now)
    if viewer.role not in (Role.REVIEWER, Role.SUPERVISOR):
        raise LeadOfficeOnly
    if not reason.strip():
        raise ExplainInWords(errors=[Mistake("reason", ExplainInWords.sentence)])
    check_more_time(file, requirement, until, law())
    rows = Promise.objects.filter(
        application_id=case.application_id, service=case.service, requirement=requirement
    )
    for row in rows:
        row.extended_until, row.extended_by_id, row.extension_reason = until, viewer.id, reason
        row.save(update_fields=["extended_until", "extended_by", "extension_reason"])
    names = requirement_names(file.definition, [requirement])
    letter = case_letter(
        case, NoticeKind.PROMISE_EXTENDED, written=reason, items=names, until=until.isoformat()
    )
    notify(rows=[letter], now=now)
    told = {"requirement": requirement, "until": until.isoformat()}
    fresh = file_of(case, now)
    save_turns([turn_case(case, fresh, Act(actor_of(viewer), "promise_extended", told))], now=now)


@looking.unseen()
@transaction.atomic
def cancel_acceptance(*, viewer: AccountView, task_id: UUID, explanation: str, now: datetime) -> None:
    """Cancel the acceptance, signed and with written reasons, where something promised did not come (R5.5, R15.8).

    :raises ReviewersDecide, FourEyes: as for any decision.
    :raises services.core.acts.NothingToDo: if the case is held up by something else.
    :raises ExplainInWords: without words.
    """
    opened = open_task(viewer=viewer, task_id=task_id, kinds=(TaskKind.CONCERN,), now=now)
    check_may_decide(viewer, opened.case, opened.file)
    if opened.file.concern is not Concern.PROMISE:
        raise acts.NothingToDo(what="nothing that was promised is late")
    if not explanation.strip():
        raise ExplainInWords(errors=[Mistake("explanation", ExplainInWords.sentence)])
    after = acts.stop_handling(opened.file, role=viewer.role)
    opened.case.ending = MISSED
    profile, calendar = law().profile, law().calendar
    letter = case_letter(
        opened.case, NoticeKind.HANDLING_STOPPED, written=explanation, reasons=[dict(reason_texts(MISSED))],
        legal_basis="; ".join(opened.file.definition.legal_basis)[:300],
        reconsideration_until_on=due_or_provisional(opened.file.on, profile.reconsideration, calendar).on.isoformat(),
    )  # fmt: skip
    notify(rows=[letter], now=now)
    end_task(opened, after, "acceptance_cancelled", reason=MISSED)
