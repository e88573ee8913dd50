"""What applicants, co-signers and businesses do over the REST API beside filing, and what they see of each other."""

import pytest

from services.cases.models import Application
from services.core.states import CaseState
from tests.doors.conftest import NUMBERS, recorded
from tests.doors.test_api_whole_path import OFFICE, SERVICE, drafted, operator, photo, workers_run  # noqa: F401 - a fixture
from tests.doors.the_api import Api, problem, told
from tests.services.a_register import Register
from tests.services.test_acting_for import lend

USCC = "91350100M000100Y43"
TWO_SIGN = "marriage-certificate-replacement"
SPOUSE = {
    "application.replacement_reason": "lost",
    "application.married_here": True,
    "application.spouse_name": "Spouse Test",
    "application.spouse_number": NUMBERS[1],
}


@pytest.fixture
def filed(operator, officer) -> tuple[Api, str, str, Api]:  # noqa: F811 - the fixture
    """An applicant, the application and case they filed, and the clerk it has come to."""
    application = drafted(operator)
    submitted = told(operator.post(f"{application}/submission", {}, tag=operator.tag(application)), 201)
    workers_run()
    return operator, application, f"/cases/{submitted['caseIds'][0]}", Api(officer("clerk", OFFICE))


def task_of(clerk: Api) -> str:
    return f"/tasks/{told(clerk.get('/tasks'))['items'][0]['id']}"


def test_submitting_again_tells_the_same_cases(filed):
    applicant, application, case, _ = filed
    again = told(applicant.post(f"{application}/submission", {}, tag=applicant.tag(application)), 201)
    assert [f"/cases/{one}" for one in again["caseIds"]] == [case]
    assert [one["service"] for one in told(applicant.get(f"{application}/cases"))["items"]] == [SERVICE]
    answers = applicant.patch(f"{application}/answers", {"answers": {}}, tag=applicant.tag(application))
    assert problem(answers) == (409, "not-a-draft")


def test_a_case_is_withdrawn_once_and_not_held_against_anybody(filed):
    applicant, _, case, clerk = filed
    assert problem(clerk.post(f"{case}/withdrawal", tag=clerk.tag(case)))[0] == 403
    assert problem(applicant.post(f"{case}/withdrawal")) == (428, "version-needed")
    withdrawn = told(applicant.post(f"{case}/withdrawal", tag=applicant.tag(case)), 201)
    assert withdrawn["state"] == CaseState.WITHDRAWN
    assert problem(applicant.post(f"{case}/withdrawal", tag=applicant.tag(case))) == (409, "cannot-move")


def test_a_clerk_decides_on_the_version_that_was_looked_at(filed):
    applicant, _, case, clerk = filed
    task = task_of(clerk)
    looked_at = clerk.tag(task)
    assert clerk.tag(case) == looked_at
    told(applicant.post(f"{case}/withdrawal", tag=applicant.tag(case)), 201)
    kind = told(clerk.get(task))["kind"]
    act = "acceptance" if kind == "acceptance" else "completion"
    body = None if kind == "acceptance" else {"favorable": True}
    assert problem(clerk.post(f"{task}/{act}", body, tag=looked_at)) == (412, "changed-meanwhile")


def test_a_task_is_one_officers_at_a_time(filed, officer):
    *_, clerk = filed
    task = task_of(clerk)
    free = clerk.tag(task)
    assert problem(clerk.post(f"{task}/claim")) == (428, "version-needed")
    assert told(clerk.post(f"{task}/claim", tag=free))["mine"] is True
    colleague = Api(officer("clerk", OFFICE, username="colleague"))
    assert problem(colleague.post(f"{task}/claim", tag=free)) == (412, "changed-meanwhile")
    assert problem(colleague.post(f"{task}/claim", tag=colleague.tag(task))) == (409, "another-has-it")
    assert problem(clerk.post(f"{task}/release", tag=free)) == (412, "changed-meanwhile")
    told(clerk.post(f"{task}/release", tag=clerk.tag(task)))
    assert clerk.tag(task) == free
    assert told(colleague.post(f"{task}/claim", tag=free))["mine"] is True
    names = {one["name"] for one in told(colleague.get("/colleagues"))["items"]}
    assert names == {"Clerk-Market-Regulation", "Colleague"}


def test_what_is_not_this_tasks_act_is_refused(filed):
    *_, clerk = filed
    task = task_of(clerk)
    assert problem(clerk.post(f"{task}/grant", {}, tag=clerk.tag(task))) == (409, "wrong-task")
    assert problem(clerk.post(f"{task}/refusal", {"reasons": []}, tag=clerk.tag(task))) == (422, "invalid")


def test_another_offices_clerk_sees_neither_case_nor_task(filed, officer):
    _, _, case, clerk = filed
    task = task_of(clerk)
    stranger = Api(officer("clerk", "civil-affairs"))
    for answer in (
        stranger.get(case),
        stranger.get(f"{case}/answers"),
        stranger.get(task),
        stranger.post(f"{task}/claim", tag="*"),
        stranger.post(f"{task}/claim", tag=clerk.tag(task)),
    ):
        assert problem(answer)[0] == 404
    assert told(stranger.get("/cases"))["items"] == []


def test_an_officer_opens_a_copy_that_was_sent(filed):
    applicant, _, case, clerk = filed
    (photo,) = [one for one in told(clerk.get(f"{case}/evidence"))["items"] if one["code"] == "photo"]
    opened = clerk.get(f"{case}/files/{photo['evidence'][0]['id']}")
    assert opened.status_code == 200
    assert (opened["Content-Security-Policy"], opened["Content-Disposition"][:10]) == (
        "default-src 'none'; sandbox",
        "attachment",
    )
    assert problem(applicant.get(f"{case}/files/{photo['evidence'][0]['id']}"))[0] == 403


def test_what_was_found_is_confirmed_or_disputed(operator):  # noqa: F811 - the fixture
    application = drafted(operator)
    found = {one["code"]: one["evidence"][0]["id"] for one in told(operator.get(application))["requirements"]}
    here, tag = f"{application}/evidence/{found['identity']}", operator.tag(application)
    assert found["identity"] in told(operator.post(f"{here}/confirmations", tag=tag), 201)["confirmed"]
    there, tag = f"{application}/evidence/{found['schooling']}", operator.tag(application)
    assert problem(operator.post(f"{there}/disputes", {"reason": " "}, tag=tag))[0] == 422
    disputed = told(operator.post(f"{there}/disputes", {"reason": "I finished in 2004."}, tag=tag), 201)
    assert disputed["missing"] == ["schooling"]


def test_where_safety_is_at_stake_nothing_is_merely_declared(operator):  # noqa: F811 - the fixture
    application = drafted(operator)
    declares = {"requirement": "schooling", "type": "education-degree"}
    assert problem(operator.get(f"{application}/declarations", **declares)) == (409, "not-declarable")
    signed = operator.post(f"{application}/declarations", declares | {"readDigest": "0" * 64}, tag="*")
    assert problem(signed) == (409, "not-declarable")


def test_a_declaration_is_signed_by_the_digest_of_what_was_read(published, resident):
    applicant = Api(resident())
    begun = applicant.post("/applications", {"services": ["marriage-registration"]})
    here = begun["Location"].removeprefix("/api/v1") + "/declarations"
    declares = {"requirement": "single", "type": "single-status-declaration"}
    text = told(applicant.get(here, **declares))
    assert "Resident Test" in text["text"]
    other = declares | {"readDigest": "0" * 64}
    assert problem(applicant.post(here, other, tag="*")) == (412, "declaration-text-has-changed")
    given = told(applicant.post(here, declares | {"readDigest": text["digest"]}, tag="*"), 201)
    draft = told(applicant.get(here.removesuffix("/declarations")))
    (single,) = [one for one in draft["requirements"] if one["code"] == "single"]
    assert [one["id"] for one in single["evidence"]] == [given["evidenceId"]]


def test_a_drafts_list_is_read_page_by_page(published, resident):
    mine = Api(resident())
    made = [told(mine.post("/applications", {"services": [SERVICE]}), 201)["id"] for _ in range(5)]
    seen, address = [], "/applications?limit=2"
    while address:
        page = told(mine.client.get("/api/v1" + address, headers=mine.headers))
        seen += [one["id"] for one in page["items"]]
        address = (page["next"] or "").partition("/api/v1")[2]
    assert seen == made[::-1]


def test_a_co_signer_sees_what_they_sign_and_nothing_of_the_applicants_own(published, registers, resident):
    for kind in ("id-card", "household-register"):
        recorded(registers, kind, **{"person.full_name": "Somebody Test"})
    applicant, spouse, stranger = (Api(resident(name)) for name in ("applicant", "spouse", "stranger"))
    begun = applicant.post("/applications", {"services": [TWO_SIGN]})
    application = begun["Location"].removeprefix("/api/v1")
    told(applicant.patch(f"{application}/answers", {"answers": SPOUSE}, tag="*"))
    told(applicant.post(f"{application}/evidence-requests", tag="*"), 201)
    workers_run()
    filed = told(applicant.post(f"{application}/submission", {"withGaps": True}, tag="*"), 201)
    assert (filed["state"], filed["caseIds"]) == ("awaiting_signatures", [])
    assert problem(spouse.get(application)) == (404, "no-such-application")
    invitation = told(spouse.get(f"{application}/invitation"))
    assert invitation["applicant"] == "Applicant Test"
    assert not any(code.startswith("person.") for code in invitation["answers"])
    assert problem(stranger.post(f"{application}/signatures", tag="*"))[0] == 404
    assert problem(applicant.post(f"{application}/signatures", tag="*")) == (409, "nothing-to-sign")
    signed = told(spouse.post(f"{application}/signatures", tag="*"), 201)
    assert (signed["state"], len(signed["caseIds"])) == ("submitted", 1)
    assert Application.objects.get().state == "submitted"


@pytest.fixture
def trade(published: None, registers: Register) -> Register:
    """Let the business register name the first resident as representative."""
    recorded(
        registers, "business-register", uscc=USCC, name="Made-up Trade", kind="company", status="active",
        legal_representative_number=NUMBERS[0],
    )  # fmt: skip
    return registers


def test_a_business_is_claimed_by_whom_its_register_names(trade, resident):
    owner, agent = Api(resident("owner")), Api(resident("agent"))
    claimed = [one.post("/businesses", {"uscc": USCC}) for one in (agent, owner)]
    assert [told(one, 202)["state"] for one in claimed] == ["asking", "asking"]
    workers_run()
    others, mine = (one["Location"].removeprefix("/api/v1") for one in claimed)
    assert told(agent.get(others))["state"] == "not_named"
    assert problem(agent.get(mine)) == (404, "no-such-claim")
    assert [one["id"] for one in told(owner.get("/businesses"))["items"]] == [
        told(owner.get(mine))["businessId"]
    ]


def test_a_business_is_lent_by_mandate(trade, resident):
    owner, agent = Api(resident("owner")), Api(resident("agent"))
    claim = owner.post("/businesses", {"uscc": USCC})["Location"].removeprefix("/api/v1")
    workers_run()
    business = told(owner.get(claim))["businessId"]
    begin = {"services": ["foreign-trade-operator-filing"], "businessId": business}
    assert problem(agent.post("/applications", begin)) == (403, "not-for-this-business")
    terms = {"businessId": business, "agentUsername": "agent", "validUntil": "2030-01-01"}
    granted = owner.post("/mandates", terms)
    mandate, offered = f"/mandates/{told(granted, 201)['id']}", granted["ETag"]
    assert problem(agent.post(f"{mandate}/acceptance")) == (428, "version-needed")
    assert problem(agent.post(f"{mandate}/acceptance", tag='"7"')) == (412, "mandate-changed")
    assert agent.post(f"{mandate}/acceptance", tag=agent.tag(mandate)).status_code == 204
    assert [one["standing"] for one in told(agent.get("/businesses"))["items"]] == ["agent"]
    application = told(agent.post("/applications", begin), 201)
    assert application["filedBy"] == "agent"
    assert told(owner.get(f"/applications/{application['id']}"))["businessId"] == business
    assert problem(owner.delete(mandate)) == (428, "version-needed")
    assert problem(owner.delete(mandate, tag=offered)) == (412, "mandate-changed")
    assert owner.delete(mandate, tag=owner.tag(mandate)).status_code == 204
    assert problem(owner.get(mandate)) == (404, "no-such-mandate")
    assert problem(agent.get(f"/applications/{application['id']}")) == (404, "no-such-application")
    assert problem(agent.post("/applications", begin)) == (403, "not-for-this-business")


def test_a_letter_is_read_by_whom_it_was_sent_to(filed, resident):
    applicant, *_ = filed
    letter = told(applicant.get("/notices"))["items"][0]
    assert told(applicant.get(f"/notices/{letter['id']}"))["title"] == letter["title"]
    assert problem(Api(resident("stranger")).get(f"/notices/{letter['id']}")) == (404, "no-such-letter")


def test_what_is_missing_is_asked_for_once_and_handed_in(operator, officer):  # noqa: F811 - the fixture
    begun = operator.post("/applications", {"services": [SERVICE]})
    application = begun["Location"].removeprefix("/api/v1")
    answers = {
        "application.equipment_kind": "forklift", "application.training_hours": 48,
        "application.exam_repeated": False, "person.phone": "00001234573",
    }  # fmt: skip
    told(operator.patch(f"{application}/answers", {"answers": answers}, tag="*"))
    told(operator.post(f"{application}/evidence-requests", tag="*"), 201)
    workers_run()
    assert problem(operator.post(f"{application}/submission", {}, tag="*")) == (422, "not-complete")
    filed = told(operator.post(f"{application}/submission", {"withGaps": True}, tag="*"), 201)
    case = f"/cases/{filed['caseIds'][0]}"
    workers_run()
    clerk = Api(officer("clerk", OFFICE))
    task = task_of(clerk)
    notice = {"items": ["photo"], "explanation": "A portrait photo, please."}
    strange = clerk.post(f"{task}/correction-notice", {"items": ["blood-test"]}, tag=clerk.tag(task))
    assert problem(strange) == (409, "not-required")
    told(clerk.post(f"{task}/correction-notice", notice, tag=clerk.tag(task)))
    correction = told(operator.get(case))["correction"]
    assert (correction["items"], correction["explanation"]) == (["photo"], notice["explanation"])
    given = {"requirement": "photo", "type": "portrait-photo", "file": photo()}
    told(operator.upload(f"{application}/uploads", tag="*", **given), 201)
    told(operator.post(f"{case}/correction-replies", tag=operator.tag(case)), 201)
    workers_run()
    assert told(operator.get(case))["correction"]["answeredOn"] is not None
    again = task_of(clerk)
    assert problem(clerk.post(f"{again}/correction-notice", notice, tag=clerk.tag(again))) == (
        409,
        "one-notice-only",
    )


def test_a_person_is_acted_for_within_what_they_allowed(trade, resident):
    """R11.2, R4.12: within powers, fee and time, once both said yes; a token of the agent's loses it at once, too."""
    mine, agent = Api(resident("me")), Api(resident("agent"))
    terms = {
        "agentUsername": "agent", "validUntil": "2030-01-01", "powers": ["file", "receive"], "mostFee": "200.00",
    }  # fmt: skip
    assert problem(mine.post("/mandates", terms | {"powers": ["declare"]})) == (422, "invalid")
    granted = told(mine.post("/mandates", terms), 201)
    assert (granted["businessId"], granted["represented"], granted["powers"]) == (
        None, granted["represented"], ["file", "receive"],
    )  # fmt: skip
    (offered,) = told(agent.get("/mandates"))["items"]
    begin = {"services": ["address-change-notification"], "personId": offered["personId"]}
    assert problem(agent.post("/applications", begin)) == (403, "not-in-your-mandate")
    mandate = f"/mandates/{offered['id']}"
    agent.post(f"{mandate}/acceptance", tag=agent.tag(mandate))

    draft = told(agent.post("/applications", begin), 201)
    assert (draft["filedBy"], draft["forPersonId"]) == ("agent", offered["personId"])
    mine.delete(mandate, tag=mine.tag(mandate))

    address = f"/applications/{draft['id']}"
    assert problem(agent.get(address)) == (404, "no-such-application")
    assert told(mine.get(address))["id"] == draft["id"]
    assert problem(agent.post("/applications", begin)) == (403, "not-in-your-mandate")


def test_what_an_agent_did_is_listed_with_both_names(published, resident):
    """R11.2"""
    owner, agent = resident("owner"), resident("agent")
    lend(owner, agent)
    begun = told(
        Api(agent).post("/applications", {"services": [SERVICE], "personId": str(owner.person_id)}), 201
    )

    acts = told(Api(owner).get(f"/applications/{begun['id']}/acts"))["items"]

    assert [(one["by"]["agent"], one["by"]["applicant"], one["done"]) for one in acts] == [
        ("Agent Test", "Owner Test", "begun")
    ]
