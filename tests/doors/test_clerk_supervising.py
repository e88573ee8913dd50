"""Supervisors and administrators: what was set aside is tried again; configuration is looked at, cases are not."""

import pytest

from services import clock
from services.cases.models import Case
from services.people.actions import bind_by_code
from services.people.models import Account, Person
from tests.doors.a_desk import Desk, text_of, works_permit

DOCUMENT = {
    "document_kind": "resident_id",
    "number": "440524 18800101 0014",
    "full_name": "Bo Made-up",
    "birth_date.year": "1980",
    "birth_date.month": "1",
    "birth_date.day": "1",
}


@pytest.fixture
def stuck(town, resident):
    permit = works_permit(resident())
    Case.objects.filter(id=permit.id).update(needs_attention="KeyError while routing")
    return permit


@pytest.fixture
def supervisor(town, officer):
    return Desk(officer("supervisor", "works-office"))


@pytest.fixture
def administrator(town, officer):
    desk = Desk(officer("administrator"))
    Account.objects.filter(id=desk.viewer.id).update(is_staff=True, is_superuser=True)
    return desk


def test_a_supervisor_has_a_case_tried_again(stuck, supervisor):
    assert "KeyError while routing" in text_of(supervisor.opens("/desk/set-aside/"))

    supervisor.client.post(f"/desk/set-aside/{stuck.id}/retry/")

    stuck.refresh_from_db()
    assert (stuck.needs_attention, hasattr(stuck, "ready")) == ("", True)


def test_nobody_else_does(stuck, officer):
    clerk = Desk(officer("clerk", "works-office"))
    elsewhere = Desk(officer("supervisor", "records-office"))

    assert clerk.opens("/desk/set-aside/").status_code == 404
    assert clerk.client.post(f"/desk/set-aside/{stuck.id}/retry/").status_code == 403
    assert elsewhere.client.post(f"/desk/set-aside/{stuck.id}/retry/").status_code == 404
    assert stuck.number not in text_of(elsewhere.opens("/desk/set-aside/"))


def test_a_clerk_hands_a_code_to_whoever_showed_their_document(town, officer):
    clerk = Desk(officer("clerk", "works-office"))

    page = clerk.client.post("/desk/identity/", DOCUMENT)

    newcomer = Account.objects.create_user(username="newcomer")
    person = bind_by_code(account_id=newcomer.id, code=page.context["code"], now=clock.now())
    assert Person.objects.get(id=person).name == "Bo Made-up"


@pytest.mark.parametrize(
    ("place", "typed", "told"),
    [
        ("number", "440524188001010015", "Compare it with the card, digit by digit."),
        ("birth_date.month", "13", "Write a real date"),
        ("birth_date.year", "2980", "This date of birth cannot be right."),
        ("document_kind", "library_card", "Choose the document"),
        ("full_name", " ", "Write the name"),
    ],
)
def test_a_slip_of_the_hand_is_told_and_nothing_typed_is_lost(town, officer, place, typed, told):
    clerk = Desk(officer("clerk", "works-office"))

    page = clerk.client.post("/desk/identity/", {**DOCUMENT, place: typed})

    assert page.status_code == 422
    assert told in text_of(page)
    assert "440524" in text_of(page)


def test_the_admin_signs_in_through_the_portals_own_door(town, client):
    assert client.get("/admin/login/")["Location"].startswith("/accounts/login/")


def test_the_admin_shows_what_is_published_and_lets_nobody_change_it(town, administrator):
    for page in (
        "catalogue/publicservice",
        "catalogue/serviceversion",
        "catalogue/organisation",
        "visits/centre",
    ):
        assert administrator.opens(f"/admin/{page}/").status_code == 200
    assert administrator.opens("/admin/catalogue/organisation/add/").status_code == 403
    assert administrator.opens("/admin/catalogue/programme/papers/delete/").status_code == 403


def test_the_admin_knows_cases_by_number_and_reason_only_while_they_are_set_aside(
    stuck, administrator, resident
):
    other = works_permit(resident("other"))

    page = text_of(administrator.opens("/admin/cases/case/"))

    assert stuck.number in page
    assert other.number not in page
    assert "a tower" not in text_of(administrator.opens(f"/admin/cases/case/{stuck.id}/change/"))


def test_the_admin_has_a_case_tried_again(stuck, administrator):
    administrator.client.post(
        "/admin/cases/case/", {"action": "try_again", "_selected_action": [str(stuck.id)]}
    )

    stuck.refresh_from_db()
    assert stuck.needs_attention == ""


def test_administrators_make_staff_accounts_and_see_no_applicants(town, administrator, resident):
    resident("somebody")
    secret = "a-long-made-up-one"
    form = {
        "username": "nina",
        "usable_password": "true",
        "password1": secret,
        "password2": secret,
        "name": "Nina",
        "role": "clerk",
        "organisation": "works-office",
        "language": "en",
    }

    made = administrator.client.post("/admin/people/account/add/", form)

    assert made.status_code == 302
    nina = Account.objects.get(username="nina")
    assert (nina.role, nina.organisation, nina.is_staff, nina.is_superuser) == (
        "clerk",
        "works-office",
        False,
        False,
    )
    page = text_of(administrator.opens("/admin/people/account/"))
    assert "nina" in page
    assert "somebody" not in page


def test_officers_do_not_configure(town, officer):
    assert Desk(officer("supervisor", "works-office")).opens("/admin/").status_code in (302, 403)
