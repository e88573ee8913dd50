"""Several services as one thing, at the doors: questions, the plan, what is put together, and the application."""

import re

from django.http import HttpResponse
from django.test import Client

from services.cases.models import Application, Case
from services.catalogue.actions import publish
from tests.doors.a_citizen import Citizen, text_of
from tests.doors.a_desk import joint_deed
from tests.doors.the_api import Api, problem, told
from tests.services.a_bundle import BERTH, MOORING, file_together, publish_chain
from tests.services.a_bundle import HOME as HOME_RECORD
from tests.services.a_register import NOW

SHED = {"application.works": "a shed", "application.height": 3}
HOME = "provident-fund-loan"
BUY = {
    "provident-fund-withdrawal": "no", HOME: "yes", "mortgage-registration": "yes",
    "utilities-joint-transfer": "no", "address-change-notification": "no",
}  # fmt: skip
PATH = "/bundles/buy-a-home/"


APART = ["marriage-registration", "food-worker-health-certificate"]


def services_in(page: HttpResponse) -> list[str]:
    """Return the services that the form to begin with is about."""
    return re.findall(r'name="service" value="([^"]+)"', page.content.decode())


def planned(client: Client) -> str:
    return text_of(client.get("/together/"))


def test_bundles_are_found_by_what_happens(published):
    """R7.11: by the events of a life and of a business."""
    page = text_of(Client().get("/bundles/"))
    assert "My child was born" in page and "I am selling abroad for the first time" in page
    assert "My child was born" in text_of(Client().get("/"))


def test_every_question_is_answered_before_there_is_a_plan_and_nothing_typed_is_lost(published):
    answer = Client().post(PATH, {HOME: "yes"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a problem" in page
    assert f'name="{HOME}" value="yes" checked' in page


def test_the_answers_choose_the_services_and_the_plan_says_what_will_happen(published):
    """R7.8, R7.6, design §7: the plan before anything is filled in, with what stands still for the joint visit."""
    client = Client()
    assert client.post(PATH, BUY)["Location"] == "/together/"
    page = planned(client)
    assert "Provident fund loan" in page or "Housing loan" in page or "loan" in page.lower()
    assert "Utilities" not in page.split("What we obtain")[0]
    assert "waits for it. Its promised time stands still meanwhile" in page
    assert "Once, for everything" in page
    assert "issued on the way by" in page
    assert "The same as a table" in page


def test_leaving_a_member_out_never_blocks_the_rest(published):
    """R7.8"""
    client = Client()
    client.post(PATH, BUY)
    client.post("/together/change/", {"leave_out": "property-search"})
    page = planned(client).split("What we obtain")[0]
    assert "Property search" not in page
    assert "Once, for everything" in page


def test_services_that_share_no_place_are_several_applications_and_that_is_said(published):
    """Issue §1: each application of a basket has one visit at the most; the sentence says why they are several."""
    client = Client()
    for code in ("marriage-registration", "food-worker-health-certificate"):
        client.post("/together/change/", {"add": code})
    page = planned(client)
    assert "These services cannot all be one application" in page
    assert "Application 2" in page


def test_nobody_puts_together_what_is_not_offered(published):
    assert Client().post("/together/change/", {"add": "no-such-service"}).status_code == 404


def test_what_was_put_together_is_begun_as_one_application_and_leaves_the_plan(published, resident):
    citizen = Citizen(resident())
    citizen.sends("/bundles/newborn/", **{"maternity-allowance": "yes"})
    page = citizen.opens("/apply/together/1/")
    assert "One application for 5 services" in text_of(page)
    led = citizen.sends("/apply/together/1/", holder="me", service=services_in(page))
    assert led.status_code == 302 and "/apply/" in led["Location"]
    begun = Application.objects.get()
    assert (begun.bundle, len(begun.services)) == ("newborn", 5)
    assert "Nothing is put together yet" in text_of(citizen.opens("/together/"))


def test_what_is_sent_twice_begins_no_other_part(published, resident):
    """Each part has a number, and moves up when one has begun: the form says which services it is about."""
    citizen = Citizen(resident())
    for code in APART:
        citizen.sends("/together/change/", add=code)
    first = services_in(citizen.opens("/apply/together/1/"))

    led = [citizen.sends("/apply/together/1/", holder="me", service=first)["Location"] for _ in range(2)]

    assert Application.objects.get().services == first
    assert led[0] == led[1]
    assert services_in(citizen.opens("/apply/together/1/")) == [one for one in APART if one not in first]


def test_nothing_and_what_needs_two_visits_are_refused_over_the_wire(published, resident):
    """R8.4: with a sentence, and the services of each part."""
    api = Api(resident())
    assert problem(api.post("/applications", {"services": APART})) == (422, "not-one-visit")
    nothing = {"bundle": "newborn", "leftOut": told(Api().get("/bundles/newborn"))["services"]}
    assert problem(api.post("/applications", nothing)) == (422, "nothing-chosen")
    assert not Application.objects.exists()


def test_whom_it_is_for_is_asked_where_there_is_a_choice(published, resident):
    citizen = Citizen(resident())
    citizen.sends("/bundles/newborn/", **{"maternity-allowance": "no"})
    page = citizen.opens("/apply/together/1/")
    answer = citizen.sends("/apply/together/1/", holder="", service=services_in(page))
    assert answer.status_code == 422


def test_the_plan_over_the_wire_is_the_plan_on_the_page(published):
    bundle = told(Api().get("/bundles/buy-a-home"))
    assert set(bundle["situations"]) == set(BUY)
    situation = {code: answer == "yes" for code, answer in BUY.items()}
    [plan] = told(Api().post("/bundles/buy-a-home/plan", {"situation": situation}))["applications"]
    assert plan["attends"] is True and plan["centres"] and plan["days"] > 0
    assert [one["service"] for one in plan["members"]] == plan["services"]
    waiting = {one["service"]: one["waits"] for one in plan["members"] if one["waits"]}
    assert set(waiting) == {"property-transfer-registration", "mortgage-registration"}
    out = {"situation": situation, "leftOut": ["property-search"]}
    [smaller] = told(Api().post("/bundles/buy-a-home/plan", out))["applications"]
    assert set(plan["services"]) - set(smaller["services"]) == {"property-search"}
    assert problem(Api().get("/bundles/no-such"))[0] == 404


def test_services_put_together_have_a_plan_over_the_wire(published):
    asked = {"services": ["marriage-registration", "food-worker-health-certificate"]}
    plans = told(Api().post("/plans", asked))["applications"]
    assert [one["services"] for one in plans] == [[code] for code in asked["services"]]


def test_an_application_is_begun_from_a_bundle(published, resident):
    api = Api(resident())
    asked = {"bundle": "newborn", "situation": {"maternity-allowance": False}}
    draft = told(api.post("/applications", asked), 201)
    assert "maternity-allowance" not in draft["services"] and len(draft["services"]) == 4
    assert problem(api.post("/applications", {}))[0] in (400, 422)
    assert problem(api.post("/applications", {"bundle": "no-such"}))[0] == 404


def test_the_whole_application_stands_on_one_page(town, resident):
    """R7.2: every service, the fees and the results of one application together."""
    viewer = resident()
    cases = file_together(viewer, ["home-record", "works-permit"], {"application.home": "1 Lane", **SHED})
    citizen = Citizen(viewer)
    page = text_of(citizen.opens(f"/my/applications/{cases['home-record'].application_id}/"))
    assert "Home record" in page and "Works permit" in page
    assert "Your results" in page
    assert "See the whole application" in text_of(citizen.opens(f"/my/cases/{cases['works-permit'].id}/"))


def test_every_result_stands_on_the_one_page_also_what_is_no_certificate(town, settings, tmp_path, resident):
    """R7.2, R9.8: what was done is said in words, and how it went is asked there, for nothing but what has ended."""
    publish_chain(settings, tmp_path)
    berth = tmp_path / "prefecture" / "trade" / f"{BERTH}.toml"
    said = 'result = { en = "The boat may lie there", zh = "船舶可停泊" }'
    text = berth.read_text().replace(f'certificate = "{BERTH}"', said)
    berth.write_text(text.replace(f'["{MOORING}"]', f'["{HOME_RECORD}"]'))
    publish(folder=berth.parent.parent, now=NOW)
    viewer = resident()

    cases = file_together(viewer, [HOME_RECORD, BERTH])
    # Whatever the numbers are that chance gave them: what comes first is told first.
    for number, service in (("C-2222-2222-22", BERTH), ("C-3333-3333-33", HOME_RECORD)):
        Case.objects.filter(pk=cases[service].pk).update(number=number)

    page = Citizen(viewer).opens(f"/my/applications/{cases[BERTH].application_id}/")
    told = text_of(page)
    assert told.index("C-3333-3333-33") < told.index("C-2222-2222-22")
    results = told.split("Your results")[1]
    assert "Home record" in results and "The boat may lie there" in results
    assert all(f"/my/cases/{one.id}/rate/" in page.content.decode() for one in cases.values())
    assert "The boat may lie there" in text_of(Citizen(viewer).opens(f"/my/cases/{cases[BERTH].id}/"))


def test_who_signs_at_the_visit_is_told_to_come_along_before_it_is_booked(town, resident):
    """Issue §1: several parties attend the same visit, and whoever books it knows that they must."""
    viewer = resident()
    deed = joint_deed(viewer)
    page = text_of(Citizen(viewer).opens(f"/my/visits/{deed.application_id}/"))
    assert "The other party" in page and "comes to the same visit and signs there" in page
