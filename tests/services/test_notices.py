"""A letter says its number, day, authority, reasons and remedies in its reader's language."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from services.catalogue.models import Organisation, Programme, PublicService
from services.notices import actions, queries
from services.notices.actions import NewNotice
from services.notices.kinds import NEEDED, NoticeKind
from services.notices.models import Notice
from services.notices.queries import NoSuchLetter
from services.notices.titles import TITLES
from services.people.models import Account

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
CASE = UUID(int=5)
OFFICE = "market-regulation"
COMMON = {"case": "2026-000042", "service": "shop-permit"}
FULL = {
    "organisation": "market-regulation",
    "items": [{"en": "The lease is cut off at the bottom", "zh": "租赁合同底部缺失"}],
    "until": "2026-03-30",
    "centre": {"en": "Government Services Centre", "zh": "政务服务中心"},
    "starts_at": "2026-03-06T02:00:00+00:00",
    "looked_at": "2026-03-06T10:00:00+08:00",
    "read_on": "2026-03-05",
    "ready_on": "2026-03-09",
    "address": {"en": "1 Square", "zh": "广场1号"},
    "code": "ABCD2345",
    "came_on": "2026-03-06",
    "amount": "80.00",
    "legal_basis": "Shop Law art. 12",
    "pause": {"en": "testing", "zh": "检测"},
    "days": 5,
    "certificate": "AAAA-BBBB-CCCC",
    "name": {"en": "Shop permit", "zh": "开店许可证"},
    "change": "revocation",
    "agent": str(UUID(int=9)),
    "deeds": ["begun", "submitted"],
    "outcomes": [{"en": "Shop permit: granted", "zh": "开店许可: 准予"}],
    "reasons": [{"en": "The shop has no second exit", "zh": "店铺没有第二出口"}],
}


@pytest.fixture(autouse=True)
def catalogue() -> None:
    office = Organisation.objects.create(
        code="market-regulation", position=0, name={"en": "Market Regulation Bureau", "zh": "市场监督管理局"},
        contact={"phone": "0000-1234502", "address": {"en": "1 Centre Road", "zh": "中心路1号"}},
    )  # fmt: skip
    text = {"en": "Starting a business", "zh": "企业开办"}
    programme = Programme.objects.create(
        code="start-a-business", position=0, name=text, summary=text, audience="both"
    )
    PublicService.objects.create(
        code="shop-permit", programme=programme, organisation=office, kind="permit", audience="both",
        name={"en": "Shop permit", "zh": "开店许可"}, summary={"en": "-", "zh": "-"},
        promised_days=5, search_text="-",
    )  # fmt: skip


@pytest.fixture
def reader() -> UUID:
    return Account.objects.create_user(username="ayse").id


def send(reader: UUID, kind: NoticeKind, *, now: datetime = NOW, written: str = "", **values: object) -> UUID:
    row = NewNotice(account_id=reader, kind=kind, values=COMMON | values, case_id=CASE, written=written)
    (notice_id,) = actions.notify(rows=[row], now=now)
    return notice_id


def text_of(notice_id: UUID, reader: UUID, language: str = "en") -> str:
    letter = queries.letter(notice_id, reader, language)
    return "\n".join([letter.title, *letter.paragraphs])


@pytest.mark.parametrize("language", ["en", "zh-hans", "ug"])
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_letter_has_number_day_authority_and_contact(kind, language, reader):
    notice_id = send(reader, kind, **FULL)

    letter = queries.letter(notice_id, reader, language)

    foot = " ".join(letter.paragraphs[-2:])
    office, day = (
        ("Market Regulation Bureau", "2 March 2026")
        if language == "en"
        else ("市场监督管理局", "2026年3月2日")
    )
    assert letter.title == TITLES[kind]["en" if language == "en" else "zh"]
    assert [
        part for part in (letter.number, "2026-000042", office, day, "0000-1234502") if part not in foot
    ] == []
    assert all(paragraph.strip() for paragraph in letter.paragraphs)
    assert "{{" not in foot and "None" not in " ".join(letter.paragraphs)


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_letter_can_be_written_with_no_more_than_it_must_be_told(kind, reader):
    told = {name: FULL[name] for name in NEEDED.get(kind, ())}

    assert len(queries.letter(send(reader, kind, **told), reader, "en").paragraphs) >= 3


def test_a_refusal_gives_its_reasons_its_law_and_both_remedies(reader):
    notice_id = send(
        reader, NoticeKind.REFUSED, written="Please see room 2.", decided_on="2026-03-02", **FULL
    )

    text = text_of(notice_id, reader)

    assert "The shop has no second exit" in text
    assert "Please see room 2." in text
    assert "Shop Law art. 12" in text
    assert "reconsideration within 60 calendar days" in text
    assert "court within 6 months" in text


def test_a_reason_is_told_in_words_also_when_it_was_given_as_a_code(reader):
    notice_id = send(
        reader, NoticeKind.REFUSED, reasons=["examination_failed"], legal_basis="Shop Law art. 12"
    )

    assert "The examination was not passed. You may apply again." in text_of(notice_id, reader)
    assert "考试或检查未通过，可重新申请。" in text_of(notice_id, reader, "zh")
    assert ("examination_failed", "The examination was not passed. You may apply again.") in queries.reasons(
        "en"
    )


@pytest.mark.parametrize("kind", [NoticeKind.WITHDRAWN, NoticeKind.LAPSED])
def test_an_end_without_a_decision_says_why(kind, reader):
    text = text_of(send(reader, kind, why="fee_unpaid"), reader)

    assert "The fee was not paid in the time there was for it." in text


def test_a_letter_names_its_office_or_else_the_one_that_leads_the_service(reader):
    Organisation.objects.create(code="customs", position=1, name={"en": "Customs", "zh": "海关"})

    told = [
        text_of(send(reader, NoticeKind.GRANTED, **more), reader)
        for more in ({}, {"organisation": "customs"})
    ]

    assert ("Market Regulation Bureau" in told[0], "Customs." in told[1]) == (True, True)


def test_a_granted_application_needs_no_remedy(reader):
    assert "reconsideration" not in text_of(send(reader, NoticeKind.GRANTED), reader)


@pytest.mark.parametrize(
    ("kind", "needed"), [(kind, name) for kind, names in NEEDED.items() for name in names]
)
def test_half_a_letter_is_not_sent(kind, needed, reader):
    told = {name: FULL[name] for name in NEEDED[kind] if name != needed}

    with pytest.raises(ValueError, match=needed):
        send(reader, kind, **told)
    assert not Notice.objects.exists()


def test_a_correction_lists_everything_once_and_its_last_day(reader):
    text = text_of(send(reader, NoticeKind.CORRECTION_REQUESTED, **FULL), reader, "zh")

    assert "租赁合同底部缺失" in text
    assert "2026年3月30日" in text


def test_a_visit_is_told_in_the_time_of_the_place(reader):
    assert "Friday 6 March 2026, 10:00" in text_of(send(reader, NoticeKind.VISIT_BOOKED, **FULL), reader)


def test_what_an_officer_wrote_is_told_as_it_was_written(reader):
    notice_id = send(reader, NoticeKind.DECLINED, written="<b>Not</b> us & not you", **FULL)

    assert "<b>Not</b> us & not you" in text_of(notice_id, reader)


def test_what_an_officer_wrote_is_not_in_the_database_in_the_open(reader):
    send(reader, NoticeKind.REFUSED, written="CANARY", **FULL)

    with connection.cursor() as cursor:
        cursor.execute("SELECT written FROM notices_notice")
        assert b"CANARY" not in bytes(cursor.fetchone()[0])


def test_another_persons_letter_does_not_exist(reader):
    other = Account.objects.create_user(username="li").id

    with pytest.raises(NoSuchLetter):
        queries.letter(send(reader, NoticeKind.RECEIVED), other, "en")
    with pytest.raises(NoSuchLetter):
        queries.letter(uuid4(), reader, "en")


def test_the_inbox_is_read_page_by_page_newest_first(reader, django_assert_num_queries):
    sent = [send(reader, NoticeKind.RECEIVED, now=NOW + timedelta(hours=hour)) for hour in range(5)]

    with django_assert_num_queries(4):
        first = queries.inbox(reader, language="en", limit=3)
    second = queries.inbox(reader, language="en", before=first[-1].id, limit=3)

    assert [one.id for one in (*first, *second)] == sent[::-1]
    assert (first[0].title, first[0].service_name, first[0].number) == (
        "Receipt of your application", "Shop permit", "2026-000042",
    )  # fmt: skip


def test_a_letter_is_marked_read_once_by_its_reader(reader):
    other = Account.objects.create_user(username="li").id
    notice_id = send(reader, NoticeKind.RECEIVED)

    actions.mark_read(account_id=other, notice_id=notice_id, now=NOW)
    before = queries.unread(reader)
    actions.mark_read(account_id=reader, notice_id=notice_id, now=NOW)
    actions.mark_read(account_id=reader, notice_id=notice_id, now=NOW + timedelta(days=1))

    assert (before, queries.unread(reader)) == (1, 0)
    assert Notice.objects.get().read_at == NOW


def test_the_desk_sees_which_letters_a_case_sent(reader):
    send(reader, NoticeKind.RECEIVED)
    send(reader, NoticeKind.ACCEPTED, now=NOW + timedelta(hours=1))

    assert [one.kind for one in queries.letters_of(CASE, language="en")] == ["received", "accepted"]


def test_many_letters_are_one_statement(reader, django_assert_num_queries):
    rows = [NewNotice(account_id=reader, kind=NoticeKind.RECEIVED, values=COMMON, case_id=CASE)] * 50

    with django_assert_num_queries(1):
        actions.notify(rows=rows, now=NOW)


def test_a_letter_that_was_sent_is_not_rewritten(reader):
    send(reader, NoticeKind.REFUSED, **FULL)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Notice.objects.update(values=COMMON)


def test_a_letter_about_oneself_is_of_no_case(reader):
    row = NewNotice(account_id=reader, kind=NoticeKind.IDENTITY_CODE, values={"organisation": OFFICE})
    (notice_id,) = actions.notify(rows=[row], now=NOW)

    assert "about application" not in text_of(notice_id, reader)
    assert [(one.number, one.service_name) for one in queries.inbox(reader, language="en")] == [("", "")]


@pytest.mark.parametrize(
    "wrong", [{"kind": "gossip"}, {"case_id": None}], ids=["of no kind", "about nothing"]
)
def test_a_letter_is_of_a_known_kind_and_about_something(wrong, reader):
    known = {"account_id": reader, "kind": "received", "values": COMMON, "case_id": CASE, "created_at": NOW}

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(**(known | wrong))
