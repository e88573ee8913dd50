"""“Could not get it done”: somebody says so of their declined or lapsed case, and a supervisor answers (R6.6)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.letters import case_letter
from services.cases.actions.questioning import AlreadyAnswered, written
from services.cases.actions.turns import save_turns
from services.cases.models import Case, NotDone
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.not_done import NoSuchReport, NotDoneView, report_view
from services.cases.queries.other_hands import hands_of, is_another_hand, office_of_another_hand
from services.cases.queries.visibility import case_for
from services.cases.turn import Act, turn_case
from services.core.facts import Holder
from services.core.purposes import Purpose
from services.core.refusal import Kind, Refusal
from services.core.states import CaseState
from services.ledger import looking
from services.ledger.actions import NewReading, record_readings
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView

NOT_DONE = (CaseState.DECLINED, CaseState.LAPSED)


class NothingFailed(Refusal):
    """The case is under way, or ended as it should."""

    code = "nothing_failed"
    kind = Kind.CONFLICT
    sentence = "This can be said of an application that was declined or has lapsed."


class ReportedAlready(Refusal):
    """It is being looked at, or was."""

    code = "reported_already"
    kind = Kind.CONFLICT
    sentence = "You have said so already. The answer stands beside the application."


@transaction.atomic
def report_not_done(*, viewer: AccountView, case_id: UUID, words: str, now: datetime) -> UUID:
    """Say that one could not get it done; a supervisor who had no hand in it answers within the days set (R6.6).

    :raises services.cases.queries.visibility.NoSuchCase: if it is not one's own.
    :raises NothingFailed: unless the case was declined or has lapsed.
    :raises ReportedAlready: once is enough.
    :raises services.cases.actions.questioning.SayWhatAbout: without words.
    """
    case = case_for(viewer, case_id, lock=True)
    if CaseState(case.state) not in NOT_DONE:
        raise NothingFailed
    row = NotDone(
        case=case, account_id=viewer.id, organisation=office_of_another_hand(case.organisation, hands_of(case)),
        words=written(words), said_at=now,
        due_on=law().working_days(clock.legal_day(now), clock.profile().counter.not_done_days),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ReportedAlready from error
    _note(viewer, case, "not_done_said", now)
    return row.id


def open_report(*, viewer: AccountView, report_id: UUID, now: datetime) -> NotDoneView:
    """Return what somebody could not get done, for the supervisor who answers; a reading itself.

    :raises NoSuchReport: if there is none, it is another office's, or the supervisor had a hand in the case.
    """
    row = _report_for(viewer, report_id)
    application = row.case.application
    record_readings(
        rows=[
            NewReading(
                at=now, actor=actor_of(viewer), organisation=viewer.organisation,
                holder=Holder("person", application.person_id), matter_kind="case", matter_id=row.case_id,
                purpose=Purpose.NOT_DONE, basis=clock.profile().rights_basis, fields=["not_done"], source="portal",
            )
        ] if application.person_id else []
    )  # fmt: skip
    return report_view(NotDone.objects.select_related("case").get(id=row.id), on=clock.legal_day(now))


@looking.unseen()
@transaction.atomic
def answer_report(*, viewer: AccountView, report_id: UUID, words: str, now: datetime) -> None:
    """Answer in words: they come as a letter, and stand beside the case.

    :raises NoSuchReport, AlreadyAnswered:
    :raises services.cases.actions.questioning.SayWhatAbout: without words.
    """
    row = _report_for(viewer, report_id, lock=True)
    if row.answered_at is not None:
        raise AlreadyAnswered
    row.answer, row.answered_by_id, row.answered_at = written(words), viewer.id, now
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    _note(viewer, row.case, "not_done_answered", now)
    told = {"organisation": row.organisation}
    notify(rows=[case_letter(row.case, NoticeKind.NOT_DONE_ANSWERED, written=row.answer, **told)], now=now)


def _report_for(viewer: AccountView, report_id: UUID, *, lock: bool = False) -> NotDone:
    rows = NotDone.objects.filter(id=report_id, organisation=viewer.organisation).defer("words", "answer")
    rows = rows.select_related("case__application")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.first() if viewer.role.is_staff else None
    if found is None or not is_another_hand(viewer, hands_of(found.case)):
        raise NoSuchReport
    return found


def _note(viewer: AccountView, case: Case, event: str, now: datetime) -> None:
    with looking.unseen():
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("application__person").get(id=case.id)
        )
        file = case_files([case], on=clock.legal_day(now))[case.id]
        save_turns([turn_case(case, file, Act(actor_of(viewer), event, {}))], now=now)
