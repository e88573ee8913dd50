"""The operator's pages: a button for every way to behave, requests to correct an entry, what is known of somebody."""

import html
import re
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.doors.outside_world import TOKEN

pytestmark = pytest.mark.slow

REGISTER = "driving-licence"


@pytest.fixture
def operator(sandbox) -> httpx.Client:
    """A browser whose user typed the token."""
    return httpx.Client(base_url=sandbox.address, auth=("operator", TOKEN), follow_redirects=True, timeout=60)


def press(operator: httpx.Client, page: str, **fields: str) -> httpx.Response:
    """Send a form of a page as it stands there."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', operator.get(page).text)[1]
    return operator.post(page, data={"csrfmiddlewaretoken": token, **fields})


def modes(sandbox) -> dict[str, tuple[str, int]]:
    items = sandbox.http.get("/control/registers").json()["items"]
    return {one["code"]: (one["mode"], one["seconds"]) for one in items}


def test_a_button_sets_how_a_register_an_office_or_everything_behaves(sandbox, operator):
    press(operator, "/control", code=REGISTER, mode="slow", seconds="4")
    assert modes(sandbox)[REGISTER] == ("slow", 4)

    press(operator, "/control", office="market-regulation", mode="down")
    assert {code for code, (mode, _) in modes(sandbox).items() if mode == "down"} == {"business-register"}

    press(operator, "/control", code="all", mode="ok")
    assert set(modes(sandbox).values()) == {("ok", 0)}


@pytest.mark.parametrize(
    "fields, status",
    [
        ({"code": REGISTER, "mode": "odd"}, 400),
        ({"code": REGISTER, "mode": "slow", "seconds": "61"}, 400),
        ({"code": "nothing", "mode": "ok"}, 400),
    ],
)
def test_what_cannot_be_set_is_refused_in_a_sentence(operator, fields, status):
    page = press(operator, "/control", **fields)

    assert page.status_code == status
    assert 'role="alert"' in page.text


def test_registers_are_found_by_their_name_or_their_office_and_by_not_behaving(sandbox, operator):
    shown = re.compile(r'name="code" value="([a-z-]+)"')

    def found(query: str) -> set[str]:
        return set(shown.findall(operator.get(f"/control?{query}").text)) - {"all"}

    with sandbox.switched(REGISTER, "lying"):
        assert found("off") == {REGISTER}
    assert found("q=driving") == {REGISTER}
    assert found("q=market-regulation") == {"business-register"}
    assert found("q=nothing-like-it") == set()
    assert found("") == set(modes(sandbox))


# --- Corrections (R3.15) ---------------------------------------------------------------------------------


@pytest.fixture
def request_of(sandbox):
    """Let the portal ask for a correction of what is said about the n-th driver; return driver and reference."""

    def ask(skip: int) -> tuple[dict, str]:
        (driver,) = sandbox.holders(need=REGISTER, n="1", skip=str(skip))
        said = {
            "holder": {"kind": "person", "number": driver["number"]}, "key": "", "record": "DRIVING-LICENCE/1",
            "reason": "I have class b2.", "reference": str(uuid4()),
        }  # fmt: skip
        assert sandbox.http.post(f"/registers/{REGISTER}/corrections", json=said).status_code == 202
        return driver, said["reference"]

    return ask


def facts_of(sandbox, driver: dict) -> dict:
    return sandbox.told(REGISTER, driver["number"])["facts"]


def state_of(sandbox, reference: str) -> dict:
    return sandbox.http.get(f"/registers/{REGISTER}/corrections/{reference}").json()


def test_an_operator_corrects_the_entry_and_the_register_answers_so_from_then_on(
    sandbox, operator, request_of
):
    driver, reference = request_of(0)
    before = facts_of(sandbox, driver)
    other = "c1" if before["person.driving_class"] == "b2" else "b2"

    assert reference in operator.get("/control/corrections").text
    typed = {"fact:person.driving_class": other, "fact:person.full_name": before["person.full_name"]}
    page = f"/control/corrections/{reference}"
    press(operator, page, state="corrected", explanation="It was entered wrongly.", **typed)

    assert facts_of(sandbox, driver) == before | {"person.driving_class": other}
    assert state_of(sandbox, reference) == {"state": "corrected", "explanation": "It was entered wrongly."}
    # What has ended is not ended again.
    assert operator.get(page).text.count("<textarea") == 0


def test_an_operator_keeps_an_entry_as_it_is_and_says_why(sandbox, operator, request_of):
    driver, reference = request_of(1)
    before, page = facts_of(sandbox, driver), f"/control/corrections/{reference}"

    refused = press(operator, page, state="kept", explanation=" ")
    assert (refused.status_code, state_of(sandbox, reference)["state"]) == (400, "open")
    press(operator, page, state="kept", explanation="The file says so.")

    assert facts_of(sandbox, driver) == before
    assert state_of(sandbox, reference) == {"state": "kept", "explanation": "The file says so."}


def test_who_stands_in_no_register_can_be_entered(sandbox, operator):
    (person,) = sandbox.holders(need="id-card", lack=REGISTER, n="1")
    said = {
        "holder": {"kind": "person", "number": person["number"]}, "reason": "I have one.", "reference": str(uuid4())
    }  # fmt: skip
    sandbox.http.post(f"/registers/{REGISTER}/corrections", json=said)

    typed = {"fact:person.driving_class": "b2", "fact:person.full_name": person["name"]}
    press(
        operator,
        f"/control/corrections/{said['reference']}",
        state="corrected",
        explanation="Found.",
        **typed,
    )

    assert facts_of(sandbox, person) == {"person.driving_class": "b2", "person.full_name": person["name"]}
    with psycopg.connect(sandbox.environment["DATABASE_URL"]) as connection:
        remove = "DELETE FROM sandbox.sandbox_record WHERE register = %s AND holder_number = %s"
        connection.execute(remove, [REGISTER, person["number"]])


# --- What the registers know of somebody -----------------------------------------------------------------


def test_testers_see_what_the_registers_know_of_a_made_up_person(sandbox, operator):
    (person,) = sandbox.holders(need=REGISTER, n="1")

    page = html.unescape(operator.get("/control/people", params={"q": person["username"]}).text)

    # Whoever is the only one found is shown at once.
    assert f"<h1>{person['name']}</h1>" in page
    for record in person["records"]:
        for value in record["facts"].values():
            assert str(value) in page
    for other in person["lives_with"]:
        assert f"/control/people/{other['number']}" in page


def test_a_business_is_found_by_its_number_and_leads_to_who_represents_it(sandbox, operator):
    (business,) = sandbox.holders(kind="business", n="1")

    page = operator.get("/control/people", params={"q": business["number"]}).text

    assert f"/control/people/{business['representative']['number']}" in page
    assert operator.get("/control/people/9999").status_code == 404


def test_a_stranger_sees_no_page_for_operators(sandbox):
    stranger = httpx.Client(base_url=sandbox.address)

    for page in ("/control", "/control/corrections", "/control/corrections/1", "/control/people"):
        assert stranger.get(page).status_code == 401
