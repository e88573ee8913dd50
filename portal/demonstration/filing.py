"""One application, from the first page to its submission: answered, proved, signed, as its applicant would do it."""

import time
from collections.abc import Iterator
from typing import Any

from portal.demonstration.accounts import Accounts
from portal.demonstration.answering import made_up
from portal.demonstration.client import Json, Session
from portal.demonstration.lives import Life, disputable
from portal.demonstration.matters import Matter
from portal.demonstration.proving import ROUNDS, NotFiled, proved

OBTAINED = ("issued", "earlier", "registry")
PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.15


def file(matter: Matter, accounts: Accounts) -> tuple[str, list[str]]:
    """File an application and return its id and those of its cases."""
    applicant = accounts.resident(matter.person.username)
    draft = applicant.post("/applications", _about(matter, accounts))
    path = f"/applications/{draft['id']}"
    answers = matter.answers | matter.untrue
    draft = applicant.patch(f"{path}/answers", {"answers": answers}, version=draft["version"])
    draft = _fetched(applicant, path, applicant.post(f"{path}/evidence-requests", version=draft["version"]))
    draft = _answered(applicant, path, draft, matter)
    draft = _looked_through(applicant, path, draft, matter)
    with_gaps = matter.life is Life.CORRECTION
    if not with_gaps:
        draft = proved(applicant, path, draft)
    filed = applicant.post(f"{path}/submission", {"withGaps": with_gaps}, version=draft["version"])
    cases = filed["caseIds"] or _signed(matter, accounts, draft["number"])
    if matter.signers:
        proved(applicant, path, applicant.get(path), for_others=True)
    return draft["id"], list(cases)


def _about(matter: Matter, accounts: Accounts) -> Json:
    wanted = matter.asked or {"services": [matter.service.code]}
    asked: Json = {**wanted, "asGuardian": matter.by_guardian, "language": "en"}
    return asked | ({"businessId": _business(matter, accounts)} if matter.business else {})


def _business(matter: Matter, accounts: Accounts) -> str:
    """Return the id of the business, once its representative has claimed it and given the filer a mandate."""
    business = matter.business
    owner = accounts.resident(business.username)
    if business.founded_by:
        names = {str(value) for value in business.founded_by.values()}
        return next(one["id"] for one in owner.items("/businesses") if one["name"] in names)
    business_id = claimed(owner, business.number)
    if matter.example.by_agent:
        _mandate(business_id, owner, matter, accounts)
    return business_id


def claimed(owner: Session, uscc: str) -> str:
    """Return the id of the business, once its register has named its representative."""
    end, claim = time.monotonic() + PATIENCE_SECONDS, owner.post("/businesses", {"uscc": uscc})
    while claim["state"] == "asking" and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
        claim = owner.get(f"/business-claims/{claim['id']}")
    if claim["businessId"] is None:
        raise NotFiled(f"the business register said: {claim['state']}")
    return str(claim["businessId"])


def _mandate(business_id: str, owner: Session, matter: Matter, accounts: Accounts) -> None:
    agent = accounts.resident(matter.person.username)
    granted = owner.post(
        "/mandates",
        {
            "businessId": business_id,
            "agentUsername": matter.person.username,
            "services": [matter.service.code],
            "mayDeclare": True,
            "validUntil": "2026-12-31",
        },
    )
    agent.post(f"/mandates/{granted['id']}/acceptance", version=granted["version"])


def _fetched(applicant: Session, path: str, draft: Json) -> Json:
    """Return the draft once the registers have been asked."""
    end = time.monotonic() + PATIENCE_SECONDS
    while draft["fetching"]:
        if time.monotonic() > end:
            raise NotFiled("the registers were not asked")
        time.sleep(LOOK_SECONDS)
        draft = applicant.get(path)
    return draft


def _answered(applicant: Session, path: str, draft: Json, matter: Matter) -> Json:
    """Answer what is still open; an answer can open further questions."""
    for _ in range(ROUNDS):
        answers = {
            one["fact"]["code"]: _answer(one, matter)
            for one in draft["questions"]
            if one["needed"] and not one["answered"]
        }
        if not answers:
            return draft
        applicant.patch(f"{path}/answers", {"answers": answers}, version=draft["version"])
        draft = _fetched(applicant, path, applicant.get(path))
    raise NotFiled(f"questions without end: {', '.join(draft['unanswered'])}")


def _answer(question: Json, matter: Matter) -> Any:
    """Return what is known from before, what the example says, or something made up."""
    code = question["fact"]["code"]
    known = {**matter.example.facts, **matter.answers}
    if code in known:
        return known[code]
    return question["value"] if question["value"] is not None else made_up(question["fact"])


def _looked_through(applicant: Session, path: str, draft: Json, matter: Matter) -> Json:
    """Confirm what was obtained; in one life, say of the first thing that has another way that it is wrong."""
    disputed = disputable(matter.service, matter.example) if matter.life is Life.DISPUTE else ""
    for one in [item for wanted in draft["requirements"] for item in wanted["evidence"]]:
        if one["source"] not in OBTAINED or one["id"] in draft["confirmed"]:
            continue
        said = f"{path}/evidence/{one['id']}"
        if one["type"] == disputed:
            wrong = {"reason": "This entry is out of date."}
            draft = applicant.post(f"{said}/disputes", wrong, version=draft["version"])
        else:
            draft = applicant.post(f"{said}/confirmations", version=draft["version"])
    return draft


def _signed(matter: Matter, accounts: Accounts, number: str) -> list[str]:
    """Let everybody who was named sign in their own account, once a part they play, and return the cases."""
    for one in matter.signers:
        if one.business:
            claimed(accounts.resident(one.username), one.business)
    for place, one in enumerate([*matter.signers, *matter.signers]):
        signer = accounts.resident(one.username)
        card = next((one for one in _to_sign(signer) if one["number"] == number), None)
        if card is None and place < len(matter.signers):
            raise NotFiled(f"{one.username} is not asked to sign")
        cases = _signs(signer, card) if card is not None else []
        if cases:
            return cases
    raise NotFiled("somebody has yet to sign")


def _signs(signer: Session, card: Json) -> list[str]:
    invitation = signer.get(f"/applications/{card['id']}/invitation")
    read = {"readDigests": [declared["digest"] for declared in invitation["declarations"]]}
    filed = signer.post(f"/applications/{card['id']}/signatures", read, version=invitation["version"])
    return list(filed["caseIds"])


def _to_sign(signer: Session) -> Iterator[Json]:
    return (one for one in signer.items("/applications", limit="100") if one["toSign"])
