"""The identity code at the counter, and who reads afterwards that it was made."""

from datetime import date

import pytest

from services import clock
from services.people import actions as people
from services.people import queries
from services.people.actions import BusinessRecord
from tests.doors.a_citizen import Citizen
from tests.doors.a_citizen import text_of as words_of
from tests.doors.a_desk import Desk, text_of
from tests.doors.conftest import NUMBERS

TYPED = {
    "document_kind": "resident_id", "number": NUMBERS[0], "full_name": "Resident Test",
    "birth_date.year": "1985", "birth_date.month": "6", "birth_date.day": "15",
}  # fmt: skip


@pytest.fixture
def clerk(town, officer):
    return Desk(officer("clerk", "records-office"))


def test_a_clerk_makes_a_code_and_the_person_hears_of_it(clerk, resident):
    viewer = resident()

    made = clerk.client.post("/desk/identity/", TYPED)

    assert "The code is ready" in text_of(made)
    inbox = Citizen(viewer)
    (letter,) = inbox.opens("/my/letters/").context["letters"]
    assert "was given a code" in words_of(inbox.opens(f"/my/letters/{letter.id}/"))
    assert "to make an identity code for you" in words_of(inbox.opens("/my/readings/"))


def test_another_name_or_birth_date_is_refused_and_what_was_typed_stays(clerk, resident):
    viewer = resident()

    refused = clerk.client.post("/desk/identity/", TYPED | {"full_name": "Somebody Else"})

    assert refused.status_code == 422
    assert "Compare what you typed with the document." in text_of(refused)
    assert 'value="Somebody Else"' in text_of(refused)
    known = queries.person(viewer.person_id)
    assert (known.name, known.birth_date) == ("Resident Test", date(1985, 6, 15))


def test_a_reviewer_sees_no_documents(town, officer):
    reviewer = Desk(officer("reviewer", "records-office"))

    assert reviewer.opens("/desk/identity/").status_code == 403
    assert reviewer.client.post("/desk/identity/", TYPED).status_code == 403
    assert "/desk/identity/" not in text_of(reviewer.opens("/desk/"))


def test_who_read_a_businesss_data_is_told_to_its_representative(town, resident):
    owner, other = resident(), resident("other")
    record = BusinessRecord(
        uscc="91350100M000100Y43", name="Made-up Trade", kind="company", status="active",
        legal_representative_number=NUMBERS[0],
    )  # fmt: skip
    business = people.bind_business(account_id=owner.id, business=record, now=clock.now())
    where = f"/my/businesses/{business}/readings/"

    assert "Who has read the data of Made-up Trade" in words_of(Citizen(owner).opens(where))
    assert where in Citizen(owner).opens("/my/readings/").content.decode()
    assert where in Citizen(owner).opens("/my/businesses/").content.decode()
    assert Citizen(other).opens(where).status_code == 404
