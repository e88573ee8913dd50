"""One application over the REST API alone, from the first question to the certificate that anybody can check."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now as real_now
from PIL import Image
from standardwebhooks import Webhook

from services import clock
from services.cases.actions import gathering, routing
from services.ledger.models import Reading
from tests.doors.conftest import recorded
from tests.doors.the_api import Api, told

SERVICE = "equipment-operator-certificate"
OFFICE = "market-regulation"


def photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (300, 400), (90, 120, 160)).save(content, "PNG")
    return SimpleUploadedFile("me.png", content.getvalue())


def workers_run() -> None:
    for _round in range(3):
        gathering.gather_evidence(now=clock.now())
        routing.route_cases(now=clock.now())


@pytest.fixture
def operator(published, registers, resident) -> Api:
    """A resident whom the registers know."""
    recorded(
        registers, "id-card",
        **{"person.full_name": "Resident Test", "person.identity_number": "11010519491231002X",
           "person.birth_date": "1985-06-15"},
    )  # fmt: skip
    recorded(registers, "education-degree", **{"person.education_level": "upper_secondary"})
    return Api(resident())


def drafted(operator: Api) -> str:
    """Begin, answer, have offices asked and send the one thing nobody holds; return the application's address."""
    begun = operator.post("/applications", {"services": [SERVICE]})
    application = begun["Location"].removeprefix("/api/v1")
    answers = {
        "application.equipment_kind": "boiler",
        "application.training_hours": 80,
        "application.exam_repeated": False,
        "person.phone": "0000-1234574",
    }
    answered = operator.patch(f"{application}/answers", {"answers": answers}, tag=begun["ETag"])
    assert told(answered)["unanswered"] == []
    asked = operator.post(f"{application}/evidence-requests", tag=answered["ETag"])
    assert told(asked, 201)["fetching"] is True
    workers_run()
    (missing,) = told(operator.get(application))["missing"]
    given = {"requirement": missing, "type": "portrait-photo", "file": photo()}
    told(operator.upload(f"{application}/uploads", tag=asked["ETag"], **given), 201)
    return application


def test_an_application_becomes_a_certificate(operator, officer):
    application = drafted(operator)
    draft = told(operator.get(application))
    assert (draft["complete"], draft["fetching"]) == (True, False)
    sources = {one["code"]: [item["source"] for item in one["evidence"]] for one in draft["requirements"]}
    assert sources == {"identity": ["registry"], "schooling": ["registry"], "photo": ["upload"]}

    (plan,) = told(operator.get(f"{application}/plan"))["items"]
    assert (plan["visit"], [step["code"] for step in plan["steps"]]) == (
        True,
        ["review", "exam", "mark", "issue"],
    )
    assert [one["code"] for one in plan["fetched"]] == ["identity", "schooling"]

    filed = told(operator.post(f"{application}/submission", {}, tag=operator.tag(application)), 201)
    case = f"/cases/{filed['caseIds'][0]}"
    workers_run()

    clerk = Api(officer("clerk", OFFICE))
    the_office_finishes(clerk, case)
    the_person_comes_once(operator, clerk, application, case)
    the_office_finishes(clerk, case)
    assert told(operator.get(case))["waitsFor"] == ["payment"] or told(operator.get(f"{case}/bill"))
    the_treasury_is_paid(operator, case)

    ended = told(operator.get(case))
    assert (ended["state"], ended["verdict"], ended["visits"]) == ("closed", "granted", 1)
    events = [one["event"] for one in told(operator.get(f"{case}/timeline"))["items"]]
    assert events[0] == "received"
    assert {"visit_kept", "paid", "issued"} <= set(events)
    the_certificate_is_genuine(operator)


def the_office_finishes(clerk: Api, case: str) -> None:
    """Do the office's tasks one after another, each on the version of the case that was looked at."""
    while open_tasks := told(clerk.get("/tasks"))["items"]:
        task = f"/tasks/{open_tasks[0]['id']}"
        told(clerk.post(f"{task}/claim", tag=clerk.tag(task)))
        told(clerk.get(case))
        told(clerk.get(f"{case}/answers"))
        accepts = open_tasks[0]["kind"] == "acceptance"
        act, body = ("acceptance", None) if accepts else ("completion", {"favorable": True})
        told(clerk.post(f"{task}/{act}", body, tag=clerk.tag(task)))
        workers_run()


def the_person_comes_once(operator: Api, clerk: Api, application: str, case: str) -> None:
    slot = told(operator.get(f"{application}/visit-slots"))["items"][0]
    booked = told(operator.post(f"{application}/appointments", {"slotId": slot["id"]}), 201)
    day = slot["startsAt"][:10]
    (arrival,) = told(clerk.get(f"/centres/{slot['centre']}/arrivals", day=day))["items"]
    assert (arrival["appointment"]["id"], arrival["cases"][0]["id"]) == (
        booked["id"],
        case.removeprefix("/cases/"),
    )
    if ahead := (datetime.fromisoformat(day).date() - clock.today()).days:
        clock.shift(days=ahead)
    visit = f"/appointments/{booked['id']}"
    shown = told(clerk.get(visit))["cases"]
    said = {
        "outcomes": {one["id"]: "served" for one in shown},
        "originalsSeen": {one["id"]: [it["requirement"] for it in one["originals"]] for one in shown},
    }
    told(clerk.post(f"{visit}/completion", said, tag=clerk.tag(visit)), 201)
    workers_run()


def the_treasury_is_paid(operator: Api, case: str) -> None:
    bill = told(operator.get(f"{case}/bill"))
    assert bill["paymentLink"].startswith(f"{settings.TREASURY_URL}/treasury/pay/")
    event = {
        "type": "bill.paid", "bill": bill["number"], "amount": bill["amount"], "currency": bill["currency"],
        "receipt": "R-MADE-UP-1", "paid_at": "2026-03-09T10:00:00+08:00",
    }  # fmt: skip
    for _again in range(2):
        assert signed_event(event).status_code == 204
    workers_run()
    assert told(operator.get(f"{case}/bill"))["paid"] is True


def signed_event(event: dict, *, at: datetime | None = None):
    """Tell an event as the treasury does."""
    body, sent_at = json.dumps(event), at or real_now().astimezone(UTC)
    headers = {
        "webhook-id": "R-MADE-UP-1",
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(settings.TREASURY_SECRET).sign("R-MADE-UP-1", sent_at, body),
    }
    return Api().send("POST", "/treasury-events", body.encode(), **headers)


def the_certificate_is_genuine(operator: Api) -> None:
    (certificate,) = told(operator.get("/certificates"))["items"]
    assert (certificate["service"], certificate["status"]) == (SERVICE, "valid")
    shown = {"number": certificate["number"], "checkCode": certificate["checkCode"]}
    verified = told(Api().post("/certificate-verifications", shown))
    assert (verified["genuine"], verified["type"]) == (True, "operator-certificate")
    wrong = shown | {"checkCode": "0000-0000"}
    assert told(Api().post("/certificate-verifications", wrong))["genuine"] is False


def test_an_officers_reading_is_recorded_for_the_person(operator, officer):
    application = drafted(operator)
    filed = told(operator.post(f"{application}/submission", {}, tag=operator.tag(application)), 201)
    workers_run()
    clerk = Api(officer("clerk", OFFICE))
    answers = told(clerk.get(f"/cases/{filed['caseIds'][0]}/answers"))["items"]
    assert "application.equipment_kind" in [one["fact"] for one in answers]
    (reading,) = Reading.objects.filter(actor_id__isnull=False, purpose="handling")
    assert (reading.organisation, set(reading.fields)) == (OFFICE, {one["fact"] for one in answers})


def test_what_is_due_today_is_told_to_whoever_moves_the_clock(operator, officer):
    application = drafted(operator)
    told(operator.post(f"{application}/submission", {}, tag=operator.tag(application)), 201)
    administrator = Api(officer("administrator", username="administrator"))
    assert told(administrator.get("/work-in-hand"))["casesToRoute"] == 1
    workers_run()
    hand = told(administrator.get("/work-in-hand"))
    assert (hand["casesToRoute"], hand["errandsToRun"], hand["tasksDue"]) == (0, 0, 0)
    before = told(administrator.get("/clock"))["today"]
    after = told(administrator.post("/clock-movements", {"days": 30}), 201)["today"]
    assert after > before
    assert told(administrator.get("/work-in-hand"))["tasksDue"] + hand["casesToRoute"] >= 1


def test_a_case_that_is_refused_says_why_and_what_can_be_done(operator, officer):
    application = drafted(operator)
    filed = told(operator.post(f"{application}/submission", {}, tag=operator.tag(application)), 201)
    case = f"/cases/{filed['caseIds'][0]}"
    workers_run()
    clerk, reviewer = Api(officer("clerk", OFFICE)), Api(officer("reviewer", OFFICE))
    while (open_tasks := told(clerk.get("/tasks"))["items"])[0]["kind"] != "concern":
        task = f"/tasks/{open_tasks[0]['id']}"
        accepts = open_tasks[0]["kind"] == "acceptance"
        act, body = ("acceptance", None) if accepts else ("completion", {"favorable": False})
        told(clerk.post(f"{task}/{act}", body, tag=clerk.tag(task)))
        workers_run()
    task = f"/tasks/{open_tasks[0]['id']}"
    refusal = {"reasons": ["conditions_not_met"], "explanation": "Eighty hours of training are not shown."}
    assert clerk.post(f"{task}/refusal", refusal, tag=clerk.tag(task)).status_code == 403
    told(reviewer.post(f"{task}/refusal", refusal, tag=reviewer.tag(task)))
    decision = told(operator.get(case))["decision"]
    assert (decision["verdict"], decision["reasons"]) == ("refused", ["conditions_not_met"])
    assert decision["reconsiderationUntil"] < decision["suitUntil"]
    letters = told(operator.get("/notices"))["items"]
    assert "refused" in [one["kind"] for one in letters]
