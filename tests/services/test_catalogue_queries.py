"""The catalogue answers in the reader's language, finds what was meant, and changes nothing it published."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from services.catalogue import queries
from services.catalogue.cards import card_fields
from services.catalogue.models import (
    Bundle,
    LegalResource,
    Organisation,
    Programme,
    PublicService,
    ServiceVersion,
)
from services.catalogue.queries import NoSuchService, NoSuchVersion
from services.catalogue.search import search_text
from services.catalogue.versions import definition_of
from services.catalogue.wording import in_language, short_code

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
FACTS = {
    "application.shop_name": {
        "type": "text",
        "label": {"en": "Name of the shop", "zh": "店铺名称"},
        "ask": {"en": "What will the shop be called?", "zh": "店铺叫什么名称？"},
    },
    "person.full_name": {"type": "text", "label": {"en": "Name", "zh": "姓名"}},
}


def kind(source: str, en: str, zh: str, **more: object) -> dict:
    known = {
        "name": {"en": en, "zh": zh},
        "organisation": "civil-affairs",
        "about": "person",
        "source": source,
    }
    return {**known, "proves": [], "upload": True, **more}


EVIDENCE_TYPES = {
    "id-card": kind("registry", "Resident identity card", "居民身份证", proves=["person.full_name"]),
    "passport": kind("registry", "Passport", "护照"),
    "lease": kind("upload", "Lease contract", "租赁合同"),
    "premises-declaration": kind(
        "declaration",
        "Statement of premises",
        "住所声明",
        declaration="statement",
        states={"en": "I state that the premises are mine.", "zh": "本人声明住所属实。"},
    ),
    "shop-licence": kind("issued", "Shop licence", "店铺许可证"),
}


def table(code: str, en: str, zh: str, **more: object) -> dict:
    """Return a small service: two requirements, one question, one review, one visit for a foreigner."""
    known = {
        "code": code, "programme": "start-a-business", "organisation": "market-regulation", "kind": "permit",
        "audience": "business", "applicant": "person", "legal_basis": ["Shop Law art. 1"],
        "name": {"en": en, "zh": zh}, "summary": {"en": f"{en}, for every shop.", "zh": f"{zh}。"},
        "limits": {"statutory": 20, "promised": 5}, "before": {"visits": 3, "papers": 4},
        "fee": {"amount": "80.00", "legal_basis": "Shop Law art. 3", "item": {"en": "Licence", "zh": "工本费"}},
        "output": {"certificate": "shop-licence", "handover": "electronic"},
        "conditions": {
            "foreigner": {
                "say": {"en": "The applicant has a passport", "zh": "申请人持护照"},
                "if": {"==": [{"var": "person.document_kind"}, "passport"]},
            }
        },
        "question": [{"fact": "application.shop_name", "for": "output"}],
        "requirement": [
            {"code": "identity", "any_of": ["id-card", "passport"]},
            {"code": "premises", "any_of": ["lease"], "when": "foreigner"},
            {"code": "statement", "any_of": ["premises-declaration"]},
        ],
        "step": [
            {"code": "look", "name": {"en": "Look at the file", "zh": "审查"},
             "organisation": "market-regulation", "mode": "review", "after": [], "days": 2},
            {"code": "sign", "name": {"en": "Sign", "zh": "签字"}, "organisation": "civil-affairs",
             "mode": "counter", "purpose": "signature", "after": ["look"], "when": "foreigner"},
            {"code": "issue", "name": {"en": "Issue", "zh": "发证"}, "organisation": "market-regulation",
             "mode": "issue", "after": ["sign"]},
        ],
    }  # fmt: skip
    return known | more


def publish(code: str, en: str, zh: str, **more: object) -> UUID:
    """Write a service as publishing does, and return its version."""
    content = {"definition": table(code, en, zh, **more), "facts": FACTS, "evidence_types": EVIDENCE_TYPES}
    definition = definition_of(content)
    programme = Programme.objects.get(code=definition.programme)
    service, is_new = PublicService.objects.update_or_create(
        code=code,
        defaults={
            "programme": programme,
            "organisation_id": definition.organisation,
            "search_text": search_text(definition, programme.name),
            **card_fields(definition),
        },
    )
    number = 1 if is_new else service.current.number + 1
    service.current = ServiceVersion.objects.create(
        service=service, number=number, digest=f"{number:064}", definition=content, badge="one_visit",
        visits=1, papers=1, days=2, proof={}, published_at=NOW,
    )  # fmt: skip
    service.save(update_fields=["current"])
    return service.current_id


@pytest.fixture(autouse=True)
def catalogue() -> None:
    offices = {
        "market-regulation": ("Market Regulation Bureau", "市场监督管理局"),
        "civil-affairs": ("Civil Affairs", "民政局"),
    }
    for position, (code, (en, zh)) in enumerate(offices.items()):
        contact = {"phone": "0000-1234502", "address": {"en": "1 Centre Road", "zh": "中心路1号"}}
        Organisation.objects.create(code=code, position=position, name={"en": en, "zh": zh}, contact=contact)
    for position, (code, en, zh) in enumerate(
        [("start-a-business", "Starting a business", "企业开办"), ("family", "Family", "婚姻家庭")]
    ):
        text = {"en": en, "zh": zh}
        Programme.objects.create(code=code, position=position, name=text, summary=text, audience="both")


def found(text: str) -> list[str]:
    return [card.code for card in queries.search(text, "en")]


# --- Languages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Shop"), ("zh", "店铺"), ("zh-hans", "店铺"), ("ug", "店铺"), ("fr", "Shop")],
)
def test_a_text_is_told_in_the_next_language_somebody_wrote(language, expected):
    assert in_language({"en": "Shop", "zh": "店铺"}, language) == expected


def test_uyghur_stands_before_chinese_where_it_is_written():
    assert in_language({"en": "Shop", "zh": "店铺", "ug": "دۇكان"}, "ug") == "دۇكان"
    assert (in_language({}, "ug"), short_code("zh-Hans-CN")) == ("", "zh")


# --- Lists ------------------------------------------------------------------------------------------------


def test_programmes_with_services_are_listed_with_their_number():
    publish("shop-permit", "Shop permit", "开店许可")
    publish("stall-permit", "Stall permit", "摆摊许可")

    (programme,) = queries.programmes("en")

    assert (programme.code, programme.name, programme.services) == (
        "start-a-business",
        "Starting a business",
        2,
    )


def test_the_cards_of_a_programme_take_one_question_to_the_database(django_assert_num_queries):
    publish("stall-permit", "Stall permit", "摆摊许可")
    publish("shop-permit", "Shop permit", "开店许可")

    with django_assert_num_queries(1):
        shop, stall = queries.service_cards("start-a-business", "en")

    assert (shop.name, shop.badge, shop.version, shop.promised_days) == ("Shop permit", "one_visit", 1, 5)
    assert (stall.code, str(stall.fee), stall.visits) == ("stall-permit", "80.00", 1)


def test_a_service_without_a_current_version_is_not_offered():
    publish("shop-permit", "Shop permit", "开店许可")
    PublicService.objects.update(current=None)

    assert (queries.programmes("en"), queries.all_cards("en"), found("shop")) == ((), (), [])
    with pytest.raises(NoSuchService):
        queries.current_version_id("shop-permit")


def test_an_office_says_how_it_is_reached():
    office = queries.organisation("civil-affairs", "zh")

    assert (office.name, office.phone, office.address) == ("民政局", "0000-1234502", "中心路1号")
    assert [one.code for one in queries.organisations("en")] == ["market-regulation", "civil-affairs"]
    assert queries.organisation("dissolved-office", "en").name == "dissolved-office"


def test_a_bundle_is_told_with_its_members_in_order():
    text = {"en": "Open a shop", "zh": "开店一件事"}
    Bundle.objects.create(
        code="open-a-shop", position=0, proof={"visits": 1},
        definition={"name": text, "event": text, "kind": "business", "lead": "market-regulation",
                    "services": ["shop-permit", "stall-permit"],
                    "situation": [{"service": "stall-permit", "ask": {"en": "A stall?", "zh": "摆摊吗？"}}]},
    )  # fmt: skip

    (bundle,) = queries.bundles("zh")

    assert (bundle.name, bundle.services, bundle.visits) == ("开店一件事", ("shop-permit", "stall-permit"), 1)
    assert bundle.situations == {"stall-permit": "摆摊吗？"}


# --- Versions ---------------------------------------------------------------------------------------------


def test_a_new_application_gets_the_current_version_and_an_old_case_keeps_its_own():
    old = publish("shop-permit", "Shop permit", "开店许可")
    new = publish("shop-permit", "Shop permit, renewed", "开店许可")

    assert queries.current_version_id("shop-permit") == new
    assert queries.definition(old).name["en"] == "Shop permit"
    assert queries.version_numbers([old, new]) == {old: 1, new: 2}


def test_a_definition_is_read_once_a_process(django_assert_num_queries):
    version = publish("shop-permit", "Shop permit", "开店许可")
    queries.definition(version)

    with django_assert_num_queries(0):
        assert queries.definition(version).code == "shop-permit"


def test_what_does_not_exist_is_refused():
    with pytest.raises(NoSuchService):
        queries.service_page("no-such-service", "en")
    with pytest.raises(NoSuchVersion):
        queries.definition(uuid4())


def test_a_published_version_cannot_be_changed_or_deleted():
    publish("shop-permit", "Shop permit", "开店许可")

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        ServiceVersion.objects.update(visits=0)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        ServiceVersion.objects.all()._raw_delete("default")


def test_no_version_promises_two_visits():
    publish("shop-permit", "Shop permit", "开店许可")
    known = {"service_id": "shop-permit", "number": 2, "digest": "2", "definition": {}, "badge": "one_visit"}

    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceVersion.objects.create(**known, visits=2, papers=0, days=1, proof={}, published_at=NOW)


# --- The page ---------------------------------------------------------------------------------------------


def test_a_page_says_what_it_gives_how_long_and_for_how_much():
    publish("shop-permit", "Shop permit", "开店许可")

    page = queries.service_page("shop-permit", "en")

    assert (page.name, page.programme, page.organisation) == (
        "Shop permit", "Starting a business", "Market Regulation Bureau",
    )  # fmt: skip
    assert (page.promised_days, page.statutory_days, page.version, page.badge) == (5, 20, 1, "one_visit")
    assert (str(page.fee.amount), page.fee.item, page.fee.legal_basis) == (
        "80.00",
        "Licence",
        "Shop Law art. 3",
    )
    assert (page.result.name, page.result.is_certificate, page.result.handover) == (
        "Shop licence", True, "electronic",
    )  # fmt: skip
    assert (page.before.visits, page.before.papers, page.legal_basis) == (3, 4, ("Shop Law art. 1",))


def test_a_page_tells_apart_what_we_obtain_and_what_we_ask():
    """R3.12"""
    publish("shop-permit", "Shop permit", "开店许可")

    page = queries.service_page("shop-permit", "en")

    (identity,) = page.obtained
    assert (identity.name, identity.instead, identity.holder) == (
        "Resident identity card", ("Passport",), "Civil Affairs",
    )  # fmt: skip
    assert [(one.name, one.when) for one in page.uploads] == [
        ("Lease contract", "The applicant has a passport")
    ]
    assert [one.name for one in page.declarations] == ["Statement of premises"]
    assert [one.text for one in page.questions] == ["Name of the shop"]


def test_a_page_shows_the_way_and_under_which_condition_each_step_is_taken():
    publish("shop-permit", "Shop permit", "开店许可")

    steps = queries.service_page("shop-permit", "zh").steps

    assert [(one.name, one.organisation, one.mode, one.days, one.when) for one in steps] == [
        ("审查", "市场监督管理局", "review", 2, ""),
        ("签字", "民政局", "counter", 0, "申请人持护照"),
    ]


# --- Search -----------------------------------------------------------------------------------------------


@pytest.fixture
def services() -> None:
    publish("business-licence", "Business licence", "营业执照", summary={"en": "To trade.", "zh": "经营。"})
    publish("marriage-registration", "Marriage registration", "结婚登记", programme="family",
            summary={"en": "To marry.", "zh": "登记结婚。"})  # fmt: skip
    publish(
        "vehicle-export", "Vehicle export permit", "汽车出口许可", summary={"en": "Cars.", "zh": "车辆。"}
    )


@pytest.mark.parametrize(
    "typed",
    [
        "营业执照", "执照", "yingye zhizhao", "yingyezhizhao", "YYZZ", "business", "Business Licence",
        "licence business", "busines licence", "yinye zhizao", "ＢＵＳＩＮＥＳＳ", "business-licence",
        "  business!  ",
    ],
)  # fmt: skip
def test_a_service_is_found_as_people_type_it(typed, services):
    assert found(typed)[0] == "business-licence"


@pytest.mark.parametrize(
    ("typed", "expected"), [("结婚", "marriage-registration"), ("family", "marriage-registration")]
)
def test_a_service_is_found_by_a_part_of_its_name_and_by_its_programme(typed, expected, services):
    assert found(typed) == [expected]


def test_a_service_is_found_by_what_it_gives(services):
    assert set(found("dianpu xukezheng")) == {"business-licence", "marriage-registration", "vehicle-export"}


@pytest.mark.parametrize("typed", ["", "   ", "?!", "qqqqxxxx", "%", "_", "'; DROP TABLE"])
def test_nothing_is_found_for_nothing(typed, services):
    assert found(typed) == []


def test_a_search_is_bounded(services):
    assert found("business " * 1000)[:1] == ["business-licence"]
    assert len(queries.search("permit licence registration", "en", limit=1)) <= 1


def test_what_is_found_is_told_in_the_readers_language(services):
    assert queries.search("yyzz", "zh")[0].name == "营业执照"


def test_acts_of_law_are_cited_in_the_readers_language() -> None:
    LegalResource.objects.create(code="shop-law", name={"en": "Shop Law", "zh": "商铺法"}, rank="law")

    assert queries.cited(["Shop Law art. 1", "", "Old Custom"], "zh-hans") == (
        "《商铺法》第1条",
        "Old Custom",
    )
    # Nobody has named them in Uyghur yet: whoever reads it here more often reads Chinese than English.
    assert queries.cited(["《商铺法》第1条"], "ug") == ("《商铺法》第1条",)
    assert queries.cited(["《商铺法》第1条"], "en") == ("Shop Law art. 1",)
