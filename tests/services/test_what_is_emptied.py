"""After its class of retention a matter holds nobody's words and nobody's name: every field of every room is walked.

Whoever adds an encrypted field, or a field that says whose a record is, fills it here: until then the first test fails.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import Model

from services import clock
from services.cases.actions import retention
from services.cases.models import (
    ActedFor,
    Application,
    Case,
    CommitmentCheck,
    CorrectionNotice,
    Decision,
    Extension,
    NotDone,
    Party,
    Promise,
    Rating,
    ReadingQuestion,
    RememberedAnswer,
    Task,
)
from services.cases.queries.visibility import visible_applications
from services.evidence.models import (
    Attempt,
    Declaration,
    Evidence,
    Preview,
    Quarantined,
    RecordCorrection,
    SentPage,
    Upload,
)
from services.ledger.models import Reading
from services.notices.models import Notice
from services.people.fields import EncryptedTextField
from services.people.queries import AccountView
from services.visits.models import Appointment, Attendee, Centre, Item, Visit
from tests.services.a_matter import days, file, officer
from tests.services.a_register import NOW

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
OURS = [model for model in apps.get_models() if model.__module__.startswith("services.")]
WORDS = "Ayshe said so"

# What is kept when a matter is emptied, and why. A new line here is reviewed.
KEPT = {
    "certificates.Certificate": "the law keeps what was issued, and anybody checks it by its number (R12.3)",
    "people.Person": "who somebody is stands in no matter: it is theirs as long as they have an account",
    "people.Account": "what somebody signs in with",
    "people.BindingCode": "who gave which person a code is never lost",
    "people.Business": "as its register knows it",
    "people.Mandate": "between a business and its agent, in no matter",
    "ledger.Reading": "who read whose data is kept, and holds no value (R15.6)",
    "evidence.LoadedRecord": "an office's own register",
    "evidence.BusinessClaim": "stands in no matter, and goes soon after it was answered (`forget_claims`)",
    "cases.Assistance": "who was helped at a counter goes after months (`forget_assistances`)",
    "cases.IdempotencyKey": "deleted after days, on real time",
    "notices.Notice": "that a letter was sent and read stays (R14.6); its words are walked like all others",
}
WALKED_THOUGH_KEPT = {"notices.Notice"}


def walked() -> list[type[Model]]:
    return [one for one in OURS if one._meta.label not in KEPT.keys() - WALKED_THOUGH_KEPT]


def secrets() -> Iterator[tuple[type[Model], str]]:
    """Yield every encrypted field that a matter may hold."""
    for model in walked():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field.attname


def pointers() -> Iterator[tuple[type[Model], str]]:
    """Yield every field that says whose a record is."""
    for model in walked():
        for field in model._meta.concrete_fields:
            if field.attname in {"person_id", "holder_id"}:
                yield model, field.attname


def filled(fields: Iterator[tuple[type[Model], str]]) -> set[str]:
    """Return the fields in which some row says something."""
    return {
        f"{model._meta.label}.{name}"
        for model, name in fields
        if any(getattr(row, name) for row in model.objects.all())
    }


def pointing_at(person_id: object) -> set[str]:
    return {
        f"{model._meta.label}.{name}"
        for model, name in pointers()
        if model.objects.filter(**{name: person_id}).exists()
    }


@pytest.fixture
def full(ayshe: AccountView) -> Case:
    """A case that has ended, with something written in every field that can hold anything about anybody."""
    case = file(ayshe, "home-record", {"application.home": "1 Lane"})
    person, clerk = ayshe.person_id, officer("works-office")
    matter = {"application_id": case.application_id}
    about = {**matter, "type": "id-card", "holder_kind": "person", "holder_id": person}
    letter = Notice.objects.create(
        account_id=ayshe.id, kind="extended", values={}, written=WORDS, created_at=NOW, case_id=case.id
    )
    Notice.objects.create(
        account_id=ayshe.id, kind="reading_answered", values={}, written=WORDS, created_at=NOW
    )
    _of_case(case, clerk, letter, person)
    ActedFor.objects.create(
        **matter, person_id=person, agent_id=officer("works-office").id, number="A-1", done="begun", at=NOW
    )
    Party.objects.create(
        **matter, role="partner", kind="person", signs="account", person_id=person, signed_at=NOW,
        signed_by_id=ayshe.id,
    )  # fmt: skip
    Promise.objects.create(
        **matter, service="home-record", requirement="plan", due_on=TODAY, language="en", text=WORDS,
        text_digest="0", signed_by_id=ayshe.id, signed_at=NOW, extended_until=TODAY + days(1),
        extended_by_id=clerk.id, extension_reason=WORDS,
    )  # fmt: skip
    reading = Reading.objects.order_by("id").first()
    ReadingQuestion.objects.create(
        reading_id=reading.id, holder_kind="person", holder_id=person, account_id=ayshe.id,
        organisation="works-office", words=WORDS, asked_at=NOW, due_on=TODAY, answer=WORDS,
        answered_by_id=clerk.id, answered_at=NOW,
    )  # fmt: skip
    RememberedAnswer.objects.create(
        holder_kind="person", holder_id=person, fact="person.x", value=WORDS, told_at=NOW
    )
    _of_ratings(case, ayshe, clerk)
    _of_evidence(about, ayshe)
    _of_visit(matter, ayshe, clerk)
    return case


def _of_ratings(case: Case, ayshe: AccountView, clerk: AccountView) -> None:
    NotDone.objects.create(
        case=case, account_id=ayshe.id, organisation="works-office", words=WORDS, said_at=NOW, due_on=TODAY,
        answer=WORDS, answered_by_id=clerk.id, answered_at=NOW,
    )  # fmt: skip
    Rating.objects.create(
        case=case, touchpoint="case", person_id=ayshe.person_id, account_id=ayshe.id, organisation="works-office",
        answers="works-office", programme="papers", level=5, words=WORDS, rated_at=NOW, added=WORDS, contact=WORDS,
        answer=WORDS, appeal=WORDS, review=WORDS,
    )  # fmt: skip


def _of_visit(matter: dict[str, object], ayshe: AccountView, clerk: AccountView) -> None:
    person = ayshe.person_id
    centre = Centre.objects.first() or Centre.objects.create(code="hall", described={})
    came = Visit.objects.create(
        **matter, centre=centre, on=TODAY, person_id=person, arrived_at=NOW, received_by=clerk.id
    )
    span = {"starts_at": NOW, "ends_at": NOW + days(1)}
    kept = Appointment.objects.create(
        **span, account_id=ayshe.id, person_id=person, centre=centre, status="kept", booked_at=NOW, status_at=NOW,
        visit=came,
    )  # fmt: skip
    Item.objects.create(**matter, appointment=kept)
    Attendee.objects.create(**span, appointment=kept, person_id=person, visit=came)


def _of_case(case: Case, clerk: AccountView, letter: Notice, person: object) -> None:
    Task.objects.create(
        case=case, kind="concern", organisation="works-office", opened_at=NOW, due_on=TODAY, closed_at=NOW,
        closed_by_id=clerk.id, outcome="passed", note=WORDS,
    )  # fmt: skip
    CorrectionNotice.objects.create(
        case=case,
        application_id=case.application_id,
        received_on=case.received_on,
        items=["plan"],
        explanation=WORDS,
        sent_by_id=clerk.id,
        sent_on=TODAY,
        due_on=TODAY + days(1),
    )
    decision = Decision.objects.get(case=case)
    decision.explanation, decision.facts = WORDS, {"person.full_name": WORDS}
    decision.save()
    Extension.objects.create(
        case=case, days=5, reasons=WORDS, granted_on=TODAY, due_before=TODAY, told_on=TODAY,
        approved_by_id=officer("works-office", "supervisor").id, letter=letter,
    )  # fmt: skip
    CommitmentCheck.objects.create(
        case=case, evidence_id=uuid4(), type="id-card", organisation="works-office", service=case.service,
        holder_kind="person", holder_id=person, state="true", opened_on=TODAY, due_on=TODAY, explanation=WORDS,
        contest=WORDS, answer=WORDS,
    )  # fmt: skip


def _of_evidence(about: dict[str, object], ayshe: AccountView) -> None:
    matter, of_kind = {"application_id": about["application_id"]}, {"type": "id-card"}
    held = Evidence.objects.create(
        **about, organisation="police", key=WORDS, key_index="k", source="upload", grade="C", facts={"a": WORDS},
        obtained_at=NOW, obtained_on=TODAY, reusable=False,
    )  # fmt: skip
    Attempt.objects.create(
        **about, register="police", key=WORDS, key_index="k", outcome="found", at=NOW, took_ms=1
    )
    Declaration.objects.create(
        **matter, **of_kind, evidence=held, kind="statement", language="en", wording=1, text=WORDS,
        text_digest="0", signed_by=ayshe.id, signed_at=NOW,
    )  # fmt: skip
    Upload.objects.create(
        **matter, **of_kind, evidence=held, holder_id=ayshe.person_id, stored_as="evidence/a", name=WORDS,
        kind="image/png", size=1, sha256="0", received_sha256="0", uploaded_by=ayshe.id, uploaded_at=NOW,
    )  # fmt: skip
    Preview.objects.create(
        **matter, **of_kind, subject_id=held.id, organisation="police", account_id=ayshe.id, disputed=True,
        reason=WORDS, at=NOW,
    )  # fmt: skip
    Quarantined.objects.create(**about, sent_by=ayshe.id, name=WORDS, harm="x", found_at=NOW)
    RecordCorrection.objects.create(
        **about, subject_id=held.id, organisation="police", key=WORDS, reason=WORDS, explanation=WORDS,
        state="kept", asked_at=NOW, answered_at=NOW,
    )  # fmt: skip
    SentPage.objects.create(
        **matter, **of_kind, requirement="id", account_id=ayshe.id, name=WORDS, length=1, stored_as="arriving/a",
        position=1,
    )  # fmt: skip


def long_after():
    return NOW + days(366 * clock.profile().retention.case_years + 2)


def keep_all() -> None:
    for part in (
        retention.empty_old_cases,
        retention.empty_old_questions,
        retention.empty_old_letters,
        retention.forget_answers,
    ):
        part(now=long_after())


def test_the_test_knows_every_field_that_can_hold_anything_about_anybody(full):
    assert {f"{model._meta.label}.{name}" for model, name in secrets()} - filled(secrets()) == set()
    assert {f"{model._meta.label}.{name}" for model, name in pointers()} - filled(pointers()) == set()


def test_nobodys_words_are_left_of_an_old_matter(full):
    """R15.10, R14.9: letters, promises, questions and remembered answers included."""
    keep_all()

    assert filled(secrets()) == set()


def test_an_old_matter_names_nobody(full, ayshe):
    """R15.10: nor does it fall to an agent who once filed it for a business or a person (R11.2)."""
    Application.objects.filter(id=full.application_id).update(for_person=ayshe.person_id, filed_by="agent")
    keep_all()

    assert pointing_at(ayshe.person_id) <= {"cases.ReadingQuestion.holder_id"}
    emptied = Application.objects.get(id=full.application_id)
    assert emptied.emptied_at and emptied.for_person_id is None
    assert not visible_applications(ayshe).exists()


def test_a_request_that_nobody_answered_goes_with_the_case_it_is_about(full, ayshe):
    """R15.10: it is still unanswered, and holds nobody's words."""
    asked = ReadingQuestion.objects.create(
        asked_for="explain", case=full, holder_kind="person", holder_id=ayshe.person_id, account_id=ayshe.id,
        organisation="works-office", words=WORDS, asked_at=NOW, due_on=TODAY,
    )  # fmt: skip

    retention.empty_old_cases(now=long_after())

    asked.refresh_from_db()
    assert (asked.words, asked.answer, asked.answered_at) == ("", None, None)


def test_words_go_once_and_not_before_their_time(full):
    """R15.10: three years for a question, five for an answer that was not given again."""
    assert retention.empty_old_questions(now=NOW + days(365 * 3 - 2)) == 0
    assert retention.empty_old_letters(now=NOW + days(365 * 3 - 2)) == 0
    assert retention.forget_answers(now=NOW + days(365 * 5 - 2)) == 0

    assert retention.empty_old_questions(now=NOW + days(366 * 3)) == 1
    assert retention.empty_old_questions(now=NOW + days(366 * 3)) == 0
    assert retention.empty_old_letters(now=NOW + days(366 * 3)) == 1
    assert retention.empty_old_letters(now=NOW + days(366 * 3)) == 0
    assert retention.forget_answers(now=NOW + days(366 * 5)) >= 1


def test_a_letter_that_lost_its_words_is_still_on_record(full, ayshe):
    """R14.6"""
    letters = Notice.objects.count()

    keep_all()

    assert Notice.objects.count() == letters
