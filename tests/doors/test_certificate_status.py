"""The doors to a certificate at its office: a page, a letter read before it is sent, and REST."""

import pytest

from services.certificates.models import Certificate
from services.notices.models import Notice
from tests.doors.a_desk import Desk, text_of
from tests.doors.the_api import Api, problem, told
from tests.services import a_matter

WHY = {
    "ground": "obtained_by_deceit",
    "legal_basis": "Homes Act art. 5",
    "explanation": "The lease was not yours.",
}
SAID = {"legalBasis": "Homes Act art. 5", "explanation": "The lease was not yours."}
DECEIT = {**SAID, "ground": "obtained_by_deceit"}


@pytest.fixture
def holder(town, resident):
    return resident()


@pytest.fixture
def record(holder):
    return Certificate.objects.get(
        case_id=a_matter.file(holder, "home-record", {"application.home": "1 Lane"}).id
    )


@pytest.fixture
def supervisor(officer):
    return Desk(officer("supervisor", "records-office"))


def page_of(record) -> str:
    return f"/desk/certificates/{record.number}/"


def writes(desk, record, change="revocation", **changed):
    form = {"version": record.revision, **WHY, **changed}
    read = desk.client.post(f"{page_of(record)}{change}/", {"act": "see", **form})
    if read.status_code != 200:
        return read
    return desk.client.post(
        f"{page_of(record)}{change}/", {"act": "send", "read": read.context["read"], **form}
    )


def test_the_case_leads_to_its_certificate_and_that_to_what_can_be_done(record, supervisor):
    assert page_of(record) in text_of(supervisor.opens(f"/desk/cases/{record.case_id}/"))

    page = supervisor.opens(page_of(record))

    assert [one["code"] for one in page.context["changes"]] == ["revocation", "suspension", "cancellation"]
    assert "Home record" in text_of(page) and "1 Lane" not in text_of(page)


def test_a_clerk_sees_how_it_stands_and_no_way_to_change_it(record, officer):
    page = Desk(officer("clerk", "records-office")).opens(page_of(record))

    assert page.context["changes"] == []
    assert "Only a supervisor of the office that issued it" in text_of(page)


def test_the_letter_is_read_before_anything_changes(record, supervisor):
    read = supervisor.client.post(f"{page_of(record)}revocation/", {"act": "see", "version": 1, **WHY})

    assert "has been revoked" in text_of(read)
    record.refresh_from_db()
    assert record.status == "valid"


def test_once_it_is_sent_the_certificate_is_out_of_force_and_says_why(record, supervisor, holder):
    assert writes(supervisor, record).status_code == 302

    page = supervisor.opens(page_of(record))
    assert page.context["kept"].certificate.status == "revoked"
    assert "It was obtained by untrue statements" in text_of(page) and "Homes Act art. 5" in text_of(page)
    assert Notice.objects.get(kind="certificate_changed").account_id == holder.id
    assert "Certificate revoked" in text_of(supervisor.opens(f"/desk/cases/{record.case_id}/"))
    assert "Your certificate was revoked." in text_of(Desk(holder).opens(f"/my/cases/{record.case_id}/"))


def test_words_that_were_not_read_are_not_sent(record, supervisor):
    form = {"act": "send", "read": "another letter", "version": 1, **WHY}

    page = supervisor.client.post(f"{page_of(record)}revocation/", form)

    assert page.context["changed"] and page.context["letter"]
    record.refresh_from_db()
    assert record.status == "valid"


def test_what_is_missing_is_said_at_its_place_and_nothing_typed_is_lost(record, supervisor):
    page = writes(supervisor, record, ground="")

    assert page.status_code == 422
    assert "Choose a ground from the list." in text_of(page) and "The lease was not yours." in text_of(page)


def test_a_certificate_that_changed_meanwhile_is_looked_at_anew(record, supervisor):
    page = writes(supervisor, record, version=7)

    assert page.status_code == 409
    assert "The lease was not yours." in text_of(page)


def test_there_is_no_page_for_what_cannot_be_done_or_is_not_there(record, supervisor, officer):
    assert supervisor.opens(f"{page_of(record)}burning/").status_code == 404
    assert supervisor.opens("/desk/certificates/AAAA-BBBB-CCCC/").status_code == 404
    assert Desk(officer("supervisor", "works-office")).opens(page_of(record)).status_code == 404


# --- REST ------------------------------------------------------------------------------------------------


@pytest.fixture
def api(supervisor):
    return Api(supervisor.viewer)


def address(record) -> str:
    return f"/certificates/{record.number}"


def test_a_program_suspends_reinstates_and_revokes(api, record):
    steps = [
        ("suspension", {**SAID, "ground": "under_examination"}, "suspended"),
        ("reinstatement", {**SAID, "ground": "found_sound"}, "valid"),
        ("revocation", DECEIT, "revoked"),
    ]
    for act, body, status in steps:
        answer = api.post(f"{address(record)}/{act}", body, tag=api.tag(address(record)))
        assert told(answer, 201)["status"] == status
        assert answer["ETag"] == api.tag(address(record))
    assert told(api.get(address(record)))["may"] == []


def test_a_program_cancels(api, record):
    answer = api.post(f"{address(record)}/cancellation", {**SAID, "ground": "given_up"}, tag='"1"')

    assert (told(answer, 201)["status"], answer["ETag"]) == ("cancelled", '"2"')


def test_the_same_request_twice_has_one_effect(api, record):
    first = api.post(f"{address(record)}/revocation", DECEIT, tag='"1"', key="once")
    again = api.post(f"{address(record)}/revocation", DECEIT, tag='"1"', key="once")

    assert told(again, 201) == told(first, 201)
    assert Notice.objects.filter(kind="certificate_changed").count() == 1


def test_a_change_names_a_key_and_the_version_it_was_decided_on(api, record):
    path = f"{address(record)}/revocation"

    assert problem(api.send("POST", path, DECEIT, **{"If-Match": '"1"'})) == (400, "idempotency-key-needed")
    assert problem(api.post(path, DECEIT)) == (428, "version-needed")
    assert problem(api.post(path, DECEIT, tag='"9"'))[0] == 412


def test_what_the_law_does_not_know_is_refused_in_words(api, record):
    path = f"{address(record)}/revocation"

    assert problem(api.post(path, {**SAID, "ground": "found_sound"}, tag='"1"'))[0] == 422
    assert problem(api.post(path, {**DECEIT, "explanation": ""}, tag='"1"'))[0] == 422
    told(api.post(path, DECEIT, tag='"1"'), 201)
    again = {**SAID, "ground": "put_right"}
    assert problem(api.post(f"{address(record)}/reinstatement", again, tag='"2"'))[0] == 409


def test_only_a_supervisor_of_its_office_and_to_others_there_is_none(record, holder, officer):
    path = f"{address(record)}/revocation"

    assert problem(Api(officer("reviewer", "records-office")).post(path, DECEIT, tag='"1"')) == (
        403,
        "issuers-only",
    )
    assert problem(Api(officer("supervisor", "works-office")).post(path, DECEIT, tag='"1"'))[0] == 404
    assert problem(Api(holder).post(path, DECEIT, tag='"1"'))[0] == 403
