"""Why was my data read? Asked by the person in their own words, answered by a supervisor of the office (R15.6)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.second_visits import check_supervisor
from services.cases.models import Application, AskedFor, Case, Outcome, ReadingQuestion, RememberedAnswer
from services.cases.queries.casefiles import law
from services.cases.queries.questions import DeskQuestion, desk_question, question_for
from services.cases.queries.readings import NoSuchReading, holder_for, my_reading
from services.cases.queries.visibility import case_for
from services.catalogue import queries as catalogue
from services.certificates import queries as certificates
from services.core.facts import Holder
from services.core.purposes import Purpose
from services.core.refusal import Kind, Mistake, Refusal
from services.ledger import looking
from services.ledger import queries as ledger
from services.ledger.actions import NewReading, record_readings
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.notices.reasons import reason_texts
from services.people.queries import AccountView

MOST_WORDS = 2000


class SayWhatAbout(Refusal):
    """A question, and an answer, consists of words."""

    code = "say_what_about"
    sentence = "Write it in your own words, with at most {most} characters."


class AlreadyQuestioned(Refusal):
    """There is a question about this reading."""

    code = "already_questioned"
    kind = Kind.CONFLICT
    sentence = "You have asked about this entry already. The answer will be shown beside it."


class AlreadyAnswered(Refusal):
    """A colleague has answered."""

    code = "question_answered"
    kind = Kind.CONFLICT
    sentence = "This question has been answered already."


class DoneOrRefused(Refusal):
    """Whoever asks to correct or delete hears whether it was done."""

    code = "done_or_refused"
    sentence = "Say whether it was done, or is refused."


class AskedAlready(Refusal):
    """The same is being looked at."""

    code = "asked_already"
    kind = Kind.CONFLICT
    sentence = "You have asked for this already. The answer will be shown here."


class AskForOneOfThese(Refusal):
    """What can be asked of an office about one's data."""

    code = "ask_for_one_of_these"
    sentence = "Choose whether it is to be corrected, deleted or explained."


def ask_about_data(*, viewer: AccountView, case_id: UUID, asked_for: str, words: str, now: datetime) -> UUID:
    """Ask the office that leads a case of one's own to correct, delete or explain what it holds (R15.8, R15.9).

    What a register says is disputed where it is shown, and goes to its office as the request there is (R3.15).

    :raises services.cases.queries.visibility.NoSuchCase: if it is not one's own.
    :raises AskForOneOfThese, SayWhatAbout:
    :raises AskedAlready: while the same waits for its answer.
    """
    holder = holder_for(viewer)
    case = case_for(viewer, case_id)
    if asked_for not in (AskedFor.CORRECT, AskedFor.DELETE, AskedFor.EXPLAIN):
        raise AskForOneOfThese(errors=[Mistake("asked_for", AskForOneOfThese.sentence)])
    row = ReadingQuestion(
        asked_for=asked_for, case_id=case.id, holder_kind=holder.kind, holder_id=holder.id, account_id=viewer.id,
        organisation=case.organisation, words=written(words), asked_at=now,
        due_on=law().working_days(clock.legal_day(now), clock.profile().rights_days),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AskedAlready from error
    return row.id


def ask_about_reading(
    *, viewer: AccountView, reading_id: int, words: str, business_id: UUID | None = None, now: datetime
) -> UUID:
    """Ask the office why it read one's data; it has the working days of the jurisdiction to answer (R15.6).

    :raises NoSuchList, NoSuchReading: if the reading is not about the account's person or business.
    :raises SayWhatAbout: without words.
    :raises AlreadyQuestioned: if that was asked before.
    """
    holder = holder_for(viewer, business_id)
    my_reading(viewer=viewer, reading_id=reading_id, business_id=business_id)
    row = ReadingQuestion(
        reading_id=reading_id,
        holder_kind=holder.kind,
        holder_id=holder.id,
        account_id=viewer.id,
        organisation=_who_answers(holder, reading_id),
        words=written(words),
        asked_at=now,
        due_on=law().working_days(clock.legal_day(now), clock.profile().rights_days),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyQuestioned from error
    return row.id


def open_question(*, viewer: AccountView, question_id: UUID, now: datetime) -> DeskQuestion:
    """Return a question to the supervisor's office, with the reading that it is about; a reading itself.

    :raises NoSuchQuestion: if there is none, or it is another office's.
    :raises services.cases.actions.second_visits.SupervisorsOnly:
    """
    check_supervisor(viewer)
    row = question_for(viewer, question_id)
    with looking.unseen():
        found = desk_question(row, on=clock.legal_day(now))
    holder = Holder(row.holder_kind, row.holder_id)
    record_readings(rows=[_reading(viewer, holder, found, now)])
    return found


@looking.unseen()
@transaction.atomic
def answer_question(
    *, viewer: AccountView, question_id: UUID, words: str, outcome: str = "", now: datetime
) -> None:
    """Answer in words; whoever asked gets them as a letter, and finds them beside what they asked about.

    `outcome`: whether a request to correct or delete was met, or is refused for the reasons in the words (R15.9).
    What was only remembered from such a case, to be shown again, is deleted by the machine with the answer.

    :raises NoSuchQuestion: if there is none, or it is another office's.
    :raises services.cases.actions.second_visits.SupervisorsOnly:
    :raises SayWhatAbout: without words.
    :raises DoneOrRefused: if the request is neither.
    :raises AlreadyAnswered:
    """
    check_supervisor(viewer)
    row = question_for(viewer, question_id, lock=True)
    if row.answered_at is not None:
        raise AlreadyAnswered
    row.outcome = _outcome(row, outcome)
    row.answer, row.answered_by_id, row.answered_at = written(words), viewer.id, now
    row.save(update_fields=["answer", "outcome", "answered_by", "answered_at"])
    if row.asked_for == AskedFor.DELETE and row.outcome == Outcome.DONE:
        _forget_remembered(row)
    notify(rows=[_answer_letter(row, now)], now=now)


def _outcome(row: ReadingQuestion, outcome: str) -> str:
    if row.asked_for not in (AskedFor.CORRECT, AskedFor.DELETE):
        return ""
    if outcome not in Outcome.values:
        raise DoneOrRefused(errors=[Mistake("outcome", DoneOrRefused.sentence)])
    return outcome


def _forget_remembered(row: ReadingQuestion) -> None:
    """Delete the answers of this case that were kept to be shown again in the next; the case file keeps its own."""
    answers = Application.objects.get(cases=row.case_id).answers
    remembered = RememberedAnswer.objects.filter(holder_id=row.holder_id, fact__in=answers)
    ids = [one.id for one in remembered if one.value == answers[one.fact]]
    RememberedAnswer.objects.filter(id__in=ids).delete()


def _answer_letter(row: ReadingQuestion, now: datetime) -> NewNotice:
    if row.case is not None:
        case = row.case
        told = {"case": case.number, "service": case.service, "reasons": [_reason(row)]}
        about = {"case_id": case.id, "application_id": case.application_id}
        kind = NoticeKind.REQUEST_ANSWERED
    else:
        read_on = desk_question(row, on=clock.legal_day(now)).reading.at
        told, about = {"read_on": clock.legal_day(read_on).isoformat()}, {}
        kind = NoticeKind.READING_ANSWERED
    values = {"organisation": row.organisation, **told}
    return NewNotice(account_id=row.account_id, kind=kind, values=values, written=row.answer, **about)


def _reason(row: ReadingQuestion) -> dict[str, str]:
    return dict(reason_texts(f"{row.asked_for}_{row.outcome or Outcome.DONE}"))


def written(words: str) -> str:
    """Return the words as they are kept.

    :raises SayWhatAbout: if there are none, or too many.
    """
    plain = words.strip()
    if not plain or len(plain) > MOST_WORDS:
        raise SayWhatAbout(
            errors=[Mistake("words", SayWhatAbout.sentence, {"most": MOST_WORDS})], most=MOST_WORDS
        )
    return plain


def _who_answers(holder: Holder, reading_id: int) -> str:
    """Return the office that answers: the one that read; for what the portal read by itself, the one that leads.

    Also where the matter is somebody else's, and whoever asks is not told which office leads it.
    """
    read = ledger.reading_about(holder, reading_id)
    if read is None:
        raise NoSuchReading
    if read.organisation:
        return read.organisation
    if read.matter_kind == "certificate":
        shown = certificates.certificate(certificate_id=read.matter_id, on=clock.today())
        return shown.organisation if shown else ""
    return _lead_of(read.matter_id)


def _lead_of(matter_id: UUID) -> str:
    """Return the office that leads a case or an application."""
    case = Case.objects.filter(Q(id=matter_id) | Q(application_id=matter_id)).order_by("number").first()
    if case is not None:
        return case.organisation
    application = Application.objects.filter(id=matter_id).first()
    return catalogue.organisation_of(application.services[0]) if application else ""


def _reading(viewer: AccountView, holder: Holder, found: DeskQuestion, now: datetime) -> NewReading:
    kind, matter_id = (
        (found.reading.matter_kind, found.reading.matter_id) if found.reading else ("case", found.case_id)
    )
    return NewReading(
        at=now, actor=actor_of(viewer), organisation=viewer.organisation, holder=holder,
        matter_kind=kind, matter_id=matter_id, purpose=Purpose.READING_QUESTION,
        basis=clock.profile().rights_basis, fields=["reading_question"], source="portal",
    )  # fmt: skip
