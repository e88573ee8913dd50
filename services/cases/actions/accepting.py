"""The lead office's first look at a case: accept it, ask once for everything that is missing, or decline it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services.cases.actions import asking
from services.cases.actions.claiming import OpenTask, end_task, open_task
from services.cases.actions.letters import case_letter, letter_as_sent, notice_letter
from services.cases.actions.reviewing import check_copies, find_wanting
from services.cases.models import Case, CorrectionNotice, TaskKind
from services.cases.queries.casefiles import law
from services.catalogue import queries as catalogue
from services.core import acts, reasons
from services.core.casefile import CaseFile
from services.core.refusal import Mistake, Refusal
from services.ledger import looking
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.notices.queries import Letter
from services.people.queries import AccountView

KINDS = (TaskKind.ACCEPTANCE,)
NOT_COMPETENT = "not_competent"


class ReferralNeeded(Refusal):
    """Declined for want of competence, the applicant is told who is responsible (R2.2)."""

    code = "referral_needed"
    sentence = "Name the office that is responsible."


@looking.unseen()
@transaction.atomic
def accept_case(*, viewer: AccountView, task_id: UUID, now: datetime) -> None:
    """Accept the case (R2.6): its copies have been looked at and are good; what is still missing may follow.

    One of several services of an application is accepted as of the day on which it was complete (R7.5).

    :raises NoSuchTask, AnotherHasIt, WrongTask:
    """
    asking.hold_for_task(viewer, task_id)
    opened = open_task(viewer=viewer, task_id=task_id, kinds=KINDS, now=now)
    check_copies(opened)
    after = acts.accept(opened.read_again(), role=viewer.role)
    end_task(opened, after, "accepted_by_office", accepted_on=str(after.accepted_on))
    asking.send_if_due(opened.case.application_id, now=now)


@dataclass(frozen=True, slots=True)
class _Correction:
    """What is missing, before it is noted or sent: the case as it then is, the notice, and the letter."""

    after: CaseFile
    notice: CorrectionNotice
    letter: NewNotice


@looking.unseen()
@transaction.atomic
def request_correction(
    *, viewer: AccountView, task_id: UUID, items: Sequence[str], explanation: str = "", now: datetime
) -> None:
    """Ask once, for everything that is missing (R2.4, R2.5, R2.7); a copy asked for anew was looked at and is no good.

    In an application for several services it is noted, and goes out in one notice with what the other offices find: at
    once if no other is awaited, else when they have looked, or on the last day there is for it (R7.9).

    :raises services.core.acts.OneNoticeOnly, NotRequired, NoticeIncomplete:
    """
    asking.hold_for_task(viewer, task_id)
    opened = open_task(viewer=viewer, task_id=task_id, kinds=KINDS, now=now)
    _correction(opened, opened.file, items, explanation)
    find_wanting(opened, items)
    asked = _correction(opened, opened.read_again(), items, explanation)
    asked.notice.save(force_insert=True)
    if opened.file.together:
        end_task(opened, asked.after, "correction_noted", items=list(items))
        asking.send_if_due(opened.case.application_id, now=now)
    else:
        notify(rows=[asked.letter], now=now)
        end_task(opened, asked.after, "correction_requested", items=list(items))


@looking.unseen()
@transaction.atomic
def preview_correction(
    *, viewer: AccountView, task_id: UUID, items: Sequence[str], explanation: str = "", now: datetime
) -> Letter:
    """Return the letter that `request_correction` would send, as the applicant reads it; nothing is written."""
    opened = open_task(viewer=viewer, task_id=task_id, kinds=KINDS, now=now)
    return letter_as_sent(opened.case, _correction(opened, opened.file, items, explanation).letter, now=now)


def _correction(opened: OpenTask, file: CaseFile, items: Sequence[str], explanation: str) -> _Correction:
    case, role = opened.case, opened.viewer.role
    due = law().working_days(file.on, law().profile.correction_days)
    notice = CorrectionNotice(
        case=case, application_id=case.application_id, received_on=case.received_on,
        items=list(dict.fromkeys(items)), explanation=explanation, sent_by_id=opened.viewer.id,
        sent_on=file.on, due_on=due,
    )  # fmt: skip
    if not file.together:
        after = acts.request_correction(file, items=items, due_on=due, role=role)
        return _Correction(after, notice, notice_letter([(case, notice)]))
    after = acts.note_correction(file, items=items, role=role)
    letter = notice_letter([(case, notice)])
    notice.sent_on = notice.due_on = None
    return _Correction(after, notice, letter)


@looking.unseen()
@transaction.atomic
def decline_case(
    *, viewer: AccountView, task_id: UUID, reason: str, explanation: str, referred_to: str = "", now: datetime
) -> None:
    """Decline to accept, with the reason and, for want of competence, the right office (R2.1, R2.2).

    :raises ReasonsNeeded, ReferralNeeded:
    """
    asking.hold_for_task(viewer, task_id)
    opened = open_task(viewer=viewer, task_id=task_id, kinds=KINDS, now=now)
    letter = _decline(opened, reason, explanation, referred_to)
    case = opened.case
    case.ending, case.referred_to = reason, referred_to
    Case.objects.filter(id=case.id).update(ending=reason, referred_to=referred_to)
    notify(rows=[letter], now=now)
    end_task(opened, acts.decline(opened.file, role=viewer.role), "declined", reason=reason)
    asking.send_if_due(case.application_id, now=now)


@looking.unseen()
@transaction.atomic
def preview_decline(
    *, viewer: AccountView, task_id: UUID, reason: str, explanation: str, referred_to: str = "", now: datetime
) -> Letter:
    """Return the letter that `decline_case` would send, as the applicant reads it; nothing is written."""
    opened = open_task(viewer=viewer, task_id=task_id, kinds=KINDS, now=now)
    letter = _decline(opened, reason, explanation, referred_to)
    acts.decline(opened.file, role=viewer.role)
    return letter_as_sent(opened.case, letter, now=now)


def _decline(opened: OpenTask, reason: str, explanation: str, referred_to: str) -> NewNotice:
    (chosen,) = reasons.check_reasons([reason] if reason else [], reasons.DECLINING, explanation=explanation)
    offices = {one.code for one in catalogue.handling_offices("en")}
    if (chosen == NOT_COMPETENT or referred_to) and referred_to not in offices:
        raise ReferralNeeded(errors=[Mistake("referred_to", ReferralNeeded.sentence)])
    told = [dict(reasons.DECLINING[chosen])]
    return case_letter(
        opened.case, NoticeKind.DECLINED, written=explanation, reasons=told, referred_to=referred_to
    )
