"""What an applicant gives: answers, a copy, a dispute; and how it then stands in the draft."""

from services.cases.actions import evidence
from services.cases.queries import drafts
from tests.services.a_register import NOW, says

HOME = {"application.home": "1 Orchard Lane"}
WORKS = {"application.works": "a shed", "application.height": 3}
BO = "440524188001010014"
PARTNER = {"application.partner_name": "Bo Made-up", "application.partner_number": BO}
NO_RECORD = says({"answer": "no_record"})


def asked_about(register):
    return {str(one["holder"]["number"]) for one in register.asked}


def how(viewer, application, code):
    draft = drafts.draft(viewer=viewer, application_id=application)
    return next(one for one in draft.requirements if one.code == code)


def dispute(viewer, application, evidence_id):
    evidence.dispute_evidence(
        viewer=viewer, application_id=application, evidence_id=evidence_id, reason="Not so.", now=NOW
    )


def upload(viewer, application, sent):
    return evidence.upload_copy(
        viewer=viewer, application_id=application, requirement="plan", type="works-plan", sent=sent, now=NOW
    )
