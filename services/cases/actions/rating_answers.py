"""What is owed to whoever was not content, a letter and an answer in time; and the review of a wrong rating (R9)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.letters import application_letter
from services.cases.actions.questioning import AlreadyAnswered, written
from services.cases.actions.second_visits import check_supervisor
from services.cases.models import Rating
from services.cases.queries.casefiles import law
from services.cases.queries.ratings import NoSuchRating, RatingAtDesk, desk_view, rated
from services.core.facts import Holder
from services.core.purposes import Purpose
from services.core.ratings import NEGATIVE
from services.core.refusal import Kind, Refusal
from services.ledger import looking
from services.ledger.actions import NewReading, record_readings
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView


class NothingToAnswer(Refusal):
    """Who was content is owed nothing."""

    code = "nothing_to_answer"
    kind = Kind.CONFLICT
    sentence = "This rating needs no answer."


class AppealedAlready(Refusal):
    """It is being reviewed, or was."""

    code = "appealed_already"
    kind = Kind.CONFLICT
    sentence = "This rating is being reviewed already, or was."


class NotYoursToReview(Refusal):
    """Nobody reviews a rating of their own work, or their own appeal (R9.7)."""

    code = "not_yours_to_review"
    kind = Kind.FORBIDDEN
    sentence = "Somebody whose work was not rated has to do this."


class NothingToReview(Refusal):
    """Nobody has appealed against it."""

    code = "nothing_to_review"
    kind = Kind.CONFLICT
    sentence = "Nobody has said that this rating is wrong."


def open_rating(*, viewer: AccountView, rating_id: UUID, now: datetime) -> RatingAtDesk:
    """Return a rating, for whoever answers it and for those whose work it is about; a reading itself.

    :raises NoSuchRating: for everybody else.
    """
    row = _rating_for(viewer, rating_id)
    record_readings(
        rows=[
            NewReading(
                at=now, actor=actor_of(viewer), organisation=viewer.organisation,
                holder=Holder("person", row.person_id), matter_kind="case", matter_id=row.case_id,
                purpose=Purpose.RATING, basis=clock.profile().rights_basis, fields=["rating"], source="portal",
            )
        ]
    )  # fmt: skip
    return desk_view(Rating.objects.select_related("case").get(id=row.id), viewer, on=clock.legal_day(now))


@looking.unseen()
@transaction.atomic
def contact_rater(*, viewer: AccountView, rating_id: UUID, words: str, now: datetime) -> None:
    """Write to whoever was not content: what the office has understood, and by when it answers (R9.5).

    It goes as a letter by way of the portal, which alone knows who it was, unless they gave their name.

    :raises NoSuchRating, NotYoursToReview, NothingToAnswer, AlreadyAnswered:
    :raises services.cases.actions.questioning.SayWhatAbout: without words.
    """
    row = _to_answer(viewer, rating_id)
    if row.contacted_at is not None:
        raise AlreadyAnswered
    row.contact, row.contacted_at, row.contacted_by_id = written(words), now, viewer.id
    row.save(update_fields=["contact", "contacted_at", "contacted_by"])
    notify(rows=[_letter(row, NoticeKind.RATING_HEARD, row.contact)], now=now)


@transaction.atomic
def take_longer(*, viewer: AccountView, rating_id: UUID, now: datetime) -> None:
    """Take the longest time there is, where it is complex; it does not grow again (R9.5).

    :raises NoSuchRating, NotYoursToReview, NothingToAnswer, AlreadyAnswered:
    """
    row = _to_answer(viewer, rating_id)
    row.answer_due_on = row.last_due_on
    row.save(update_fields=["answer_due_on"])


@looking.unseen()
@transaction.atomic
def answer_rating(*, viewer: AccountView, rating_id: UUID, words: str, now: datetime) -> None:
    """Say what was done about it; whoever rated gets it as a letter (R9.5, R9.6).

    :raises NoSuchRating, NotYoursToReview, NothingToAnswer, AlreadyAnswered:
    :raises services.cases.actions.questioning.SayWhatAbout: without words.
    """
    row = _to_answer(viewer, rating_id)
    row.answer, row.answered_at, row.answered_by_id = written(words), now, viewer.id
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    notify(rows=[_letter(row, NoticeKind.RATING_ANSWERED, row.answer)], now=now)


@looking.unseen()
@transaction.atomic
def appeal_rating(*, viewer: AccountView, rating_id: UUID, words: str, now: datetime) -> None:
    """Say why a rating of one's own work is wrong; it stays, and somebody else reviews it (R9.7).

    :raises NoSuchRating: unless it is of the officer's own work.
    :raises AppealedAlready:
    :raises services.cases.actions.questioning.SayWhatAbout: without words.
    """
    row = _rating_for(viewer, rating_id, lock=True)
    if viewer.id not in rated(row):
        raise NoSuchRating
    if row.appealed_at is not None:
        raise AppealedAlready
    row.appeal, row.appealed_at, row.appealed_by_id = written(words), now, viewer.id
    row.save(update_fields=["appeal", "appealed_at", "appealed_by"])


@looking.unseen()
@transaction.atomic
def review_rating(*, viewer: AccountView, rating_id: UUID, words: str, excluded: bool, now: datetime) -> None:
    """Decide, with reasons, whether a rating that was called wrong still counts; it is never deleted (R9.7).

    :raises NoSuchRating, NothingToReview:
    :raises NotYoursToReview: for whoever was rated.
    :raises services.cases.actions.second_visits.SupervisorsOnly:
    :raises services.cases.actions.questioning.SayWhatAbout: without words.
    """
    check_supervisor(viewer)
    row = _rating_for(viewer, rating_id, lock=True)
    if viewer.id in rated(row) or viewer.id == row.appealed_by_id:
        raise NotYoursToReview
    if row.appealed_at is None or row.reviewed_at is not None:
        raise NothingToReview
    row.review, row.reviewed_at, row.reviewed_by_id = written(words), now, viewer.id
    row.is_excluded = excluded
    row.save(update_fields=["review", "reviewed_at", "reviewed_by", "is_excluded"])


def _to_answer(viewer: AccountView, rating_id: UUID) -> Rating:
    check_supervisor(viewer)
    row = _rating_for(viewer, rating_id, lock=True)
    if viewer.id in rated(row):
        raise NotYoursToReview
    if row.level not in NEGATIVE or row.is_excluded:
        raise NothingToAnswer
    if row.answered_at is not None:
        raise AlreadyAnswered
    return row


def _rating_for(viewer: AccountView, rating_id: UUID, *, lock: bool = False) -> Rating:
    """Return the rating, for a supervisor of the office that answers, and for whoever's work it is about."""
    rows = Rating.objects.filter(id=rating_id).defer(
        "words", "added", "contact", "answer", "appeal", "review"
    )
    rows = rows.select_related("case__application")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.first() if viewer.role.is_staff else None
    if found is None or not (found.answers == viewer.organisation or viewer.id in rated(found)):
        raise NoSuchRating
    if not (viewer.id in rated(found) or viewer.role.value == "supervisor"):
        raise NoSuchRating
    return found


def _letter(row: Rating, kind: NoticeKind, words: str) -> NewNotice:
    letter = application_letter(row.case.application, kind, row.answers, written=words, until=_until(row))
    return NewNotice(
        account_id=row.account_id, kind=kind, values=letter.values, application_id=letter.application_id,
        written=words,
    )  # fmt: skip


def _until(row: Rating) -> str:
    due = row.answer_due_on or law().working_days(clock.today(), clock.profile().counter.rating_answer_days)
    return due.isoformat()
