"""Following a case: what is awaited, the one visit, the correction, the end; and whose pages these are."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.sandbox.bills import read_bill
from portal.treasury import pay_link
from services import clock
from services.cases.actions import accepting, deciding
from services.cases.models import Case, Task
from services.cases.queries.cases import BillView
from services.notices.models import Notice
from services.visits.models import Appointment
from tests.doors.a_citizen import Citizen, text_of, work
from tests.doors.conftest import recorded
from tests.doors.test_citizen_applying import ANSWERS, FREE_NAME, ID_CARD, MARRIAGE, NAME, SPOUSE

DISABILITY = "disability-certificate"
ASSESSED = {
    "person.disability_kind": "hearing",
    "application.hospital_name": "Example Prefecture Hospital",
    "application.visit_help": "none",
    "person.phone": "0000 1234 570",
}


# What the registers say of two people who may marry.
BOTH_MAY_MARRY = {
    "population-register": {"application.own_sex": "female"},
    "marriage-register": {"application.own_marital_status": "single"},
    "partner-population-register": {
        "application.partner_birth_date": "1984-02-29",
        "application.partner_sex": "male",
    },
    "partner-marriage-register": {"application.partner_marital_status": "divorced"},
}


@pytest.fixture
def citizen(published, registers, resident):
    recorded(registers, "id-card", **ID_CARD)
    recorded(registers, "company-names", **FREE_NAME)
    for register, facts in BOTH_MAY_MARRY.items():
        recorded(registers, register, **facts)
    return Citizen(resident())


@pytest.fixture
def to_be_visited(citizen, officer):
    """An application in which everything but the visit is done: an officer decided that the two may marry."""
    application = citizen.prepares(MARRIAGE, SPOUSE)
    sign = f"/apply/{application}/papers/single/sign/single-status-declaration/"
    citizen.sends(sign, read="yes", digest=citizen.opens(sign).context["text"].digest)
    citizen.sends(f"/apply/{application}/papers/photo/send/portrait-photo/", copy=_photo(90))
    citizen.sends(f"/apply/{application}/check/")
    work()
    registrar = officer("reviewer", "civil-affairs")
    for act in (accepting.accept_case, deciding.grant_case):
        act(viewer=registrar, task_id=Task.objects.get(closed_at=None).id, now=clock.now())
        work()
    return application


def test_what_is_awaited_from_me_stands_first(citizen, to_be_visited):
    home = citizen.opens("/my/")
    assert [one["card"].service for one in home.context["awaited"]] == [MARRIAGE]
    case = citizen.opens(f"/my/cases/{Case.objects.get().id}/")
    assert [wait["title"] for wait in case.context["waits"]] == ["Choose a time for your one visit."]
    assert case.context["waits"][0]["href"] == f"/my/visits/{to_be_visited}/"
    assert "You can book your one visit." in text_of(case)


def test_the_visit_is_booked_moved_and_cancelled(citizen, to_be_visited):
    where = f"/my/visits/{to_be_visited}/"
    offered = citizen.opens(where).context["next"]
    assert len(offered) == 3
    assert citizen.sends(where, slot=offered[0]["id"])["Location"] == where
    booked = citizen.opens(where)
    assert "Your visit is booked" in text_of(booked) and offered[0]["address"] in text_of(booked)

    calendar = citizen.client.get(f"{where}visit.ics")
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"DTSTART:{offered[0]['starts_at']:%Y%m%dT%H%M}00Z" in calendar.content.decode()

    citizen.sends(where, slot=offered[2]["id"])
    held = Appointment.objects.get(status="booked")
    assert held.starts_at == offered[2]["starts_at"]
    assert "Cancel your visit?" in text_of(citizen.opens(f"{where}cancel/"))
    citizen.sends(f"{where}cancel/")
    assert not Appointment.objects.filter(status="booked").exists()


def test_what_they_speak_and_need_is_said_once_and_shown_again(citizen, to_be_visited):
    """R6.8: and asked of nobody who has booked nothing."""
    where = f"/my/visits/{to_be_visited}/"
    assert citizen.client.get(f"{where}help/").status_code == 302
    citizen.sends(where, slot=citizen.opens(where).context["next"][0]["id"])

    citizen.sends(f"{where}help/", language="ug", help=["wheelchair"])

    page = citizen.opens(f"{where}help/")
    assert [code for code, _, chosen in page.context["help"] if chosen] == ["wheelchair"]
    assert [code for code, _, chosen in page.context["languages"] if chosen] == ["ug"]
    assert citizen.sends(f"{where}help/", help=["a red carpet"]).status_code == 422


def test_the_best_times_say_what_speaks_for_them_and_the_nearest_place_only_when_one_is_told(
    citizen, to_be_visited
):
    where = f"/my/visits/{to_be_visited}/"
    page = citizen.opens(where)
    assert "The earliest" in text_of(page) and "The nearest" not in text_of(page)
    near = citizen.opens(f"{where}?near=south-township-station")
    nearest = next(one for one in near.context["next"] if "The nearest" in one["because"])
    assert nearest["centre"] == "South Township Services Station"
    # What is no place of ours is not taken, and nothing of it is kept.
    assert citizen.opens(f"{where}?near=the-moon").context["near"] == ""


def test_a_time_that_is_none_is_refused_on_the_same_page(citizen, to_be_visited):
    page = citizen.sends(f"/my/visits/{to_be_visited}/", slot="nowhere~2026-13-45T99:99")
    assert page.status_code == 409
    assert page.context["errors"] and page.context["next"]


def test_a_day_can_be_chosen_and_its_times_stand_by_centre(citizen, to_be_visited):
    where = f"/my/visits/{to_be_visited}/"
    day = citizen.opens(where).context["days"][1]["day"]
    page = citizen.opens(f"{where}?day={day:%Y-%m-%d}")
    assert sum(len(times) for _, times in page.context["at_centres"]) > 3
    assert citizen.opens(f"{where}?day=yesterday").status_code == 200


def test_a_correction_is_supplied_and_sent(citizen, officer, registers):
    recorded(registers, "household-register", **{"person.household_address": "1 Made Up Street"})
    application = citizen.prepares(DISABILITY, ASSESSED)
    citizen.sends(f"/apply/{application}/check/", with_gaps="yes")
    work()
    case, task = Case.objects.get(), Task.objects.get(closed_at=None)
    accepting.request_correction(
        viewer=officer("clerk", "disability-federation"), task_id=task.id, items=["hospital-record", "photo"],
        explanation="The photo is missing.", now=clock.now(),
    )  # fmt: skip
    where = f"/my/cases/{case.id}/correction/"
    asked = citizen.opens(f"/apply/{application}/")
    assert asked.redirect_chain[-1][0] == where
    assert "The photo is missing." in text_of(asked)
    for task, proof in (("hospital-record", "medical-record"), ("photo", "portrait-photo")):
        assert asked.context["first_open"] == f"/apply/{application}/papers/{task}/"
        send = f"/apply/{application}/papers/{task}/send/{proof}/"
        asked = citizen.client.post(send, {"copy": _photo(10)}, follow=True)
        assert asked.redirect_chain[-1][0] == where
    assert asked.context["first_open"] == ""
    assert "Sent. The office looks at it again." in text_of(citizen.client.post(where, follow=True))
    case.refresh_from_db()
    assert case.state == "received"


def test_withdrawing_asks_once_more(citizen, to_be_visited):
    case = Case.objects.get()
    assert "cannot be undone" in text_of(citizen.opens(f"/my/cases/{case.id}/withdraw/"))
    after = citizen.client.post(f"/my/cases/{case.id}/withdraw/", follow=True)
    assert "The application was withdrawn." in text_of(after)
    assert citizen.sends(f"/my/cases/{case.id}/withdraw/").status_code == 409


def test_letters_are_read_and_then_no_longer_new(citizen):
    citizen.files(NAME)
    inbox = citizen.opens("/my/letters/")
    letter = inbox.context["letters"][0]
    assert not letter.is_read
    assert "Market Regulation Bureau" in text_of(citizen.opens(f"/my/letters/{letter.id}/"))
    assert citizen.opens("/my/letters/").context["letters"][0].is_read


def test_pages_of_a_case_are_nobody_elses(citizen, resident):
    application = citizen.files(NAME)
    case, other = Case.objects.get(), Citizen(resident("other"))
    certificate = citizen.opens("/my/certificates/").context["holders"][0]["certificates"][0]["view"]
    letter = Notice.objects.first()
    pages = [
        f"/my/cases/{case.id}/", f"/my/cases/{case.id}/withdraw/", f"/my/cases/{case.id}/correction/",
        f"/my/visits/{application}/", f"/my/visits/{application}/cancel/", f"/my/visits/{application}/visit.ics",
        f"/my/certificates/{certificate.id}/", f"/my/letters/{letter.id}/", f"/my/signatures/{application}/",
    ]  # fmt: skip
    assert {page: other.client.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert other.sends(f"/my/cases/{case.id}/withdraw/").status_code == 404


def test_a_case_tells_its_story_in_three_languages(citizen):
    citizen.files(NAME, ANSWERS)
    path = f"/my/cases/{Case.objects.get().id}/"
    spoken = {
        code: citizen.opens(path, headers={"accept-language": code}).content.decode()
        for code in ("en", "zh-hans", "ug")
    }
    assert "Your application was received." in spoken["en"]
    assert "您的申请已收到。" in spoken["zh-hans"]
    assert '<html lang="ug" dir="rtl">' in spoken["ug"]
    assert "Your application was received." not in spoken["zh-hans"] + spoken["ug"]


def test_the_treasury_understands_our_bills(settings):
    from datetime import date
    from decimal import Decimal

    bill = BillView(
        "B-1", Decimal("80"), "CNY", {"en": "Registration fee"}, "A law", date(2026, 3, 2), paid=False
    )
    address = pay_link(bill, return_path="/my/cases/1/")
    token = re.fullmatch(re.escape(settings.TREASURY_URL) + r"/treasury/pay/(.+)", address).group(1)
    read = read_bill(token, secret=settings.TREASURY_SECRET)
    assert (read.number, str(read.amount), read.currency, read.return_path) == (
        "B-1",
        "80.00",
        "CNY",
        "/my/cases/1/",
    )


def _photo(shade: int) -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (40, 60), (200, shade, 90)).save(drawn, "PNG")
    return SimpleUploadedFile("photo.png", drawn.getvalue(), content_type="image/png")
