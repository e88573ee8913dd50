"""A town whose stalls are permitted on commitments: to being insured, and to the conditions of the permit."""

import shutil
from pathlib import Path
from uuid import UUID

from services.cases.actions import evidence
from services.cases.models import Case
from services.catalogue.actions import publish
from services.people.queries import AccountView
from tests.services.a_matter import PREFECTURE, begin, submit
from tests.services.a_register import NOW, Register, says

TYPES = """
[insurance-record]
name.en = "Insurance of the stall"
name.zh = "摊位保险"
organisation = "records-office"
about = "person"
source = "registry"
declaration = "commitment"
upload = true
validity_months = 12
proves = ["person.insurer"]
basis = "Works Act art. 8"
states.en = "The stall is insured."
states.zh = "摊位已投保。"

[stall-conditions]
name.en = "Conditions of the stall"
name.zh = "摆摊条件"
organisation = "works-office"
about = "application"
source = "declaration"
declaration = "commitment"
upload = false
validity_months = 0
proves = []
basis = "Works Act art. 9"
states.en = "The stall meets the rules on stalls."
states.zh = "摊位符合设摊规定。"
"""
FACT = """
[person.insurer]
type = "text"
label = { en = "Insurer", zh = "承保公司" }
ask = { en = "Who insures the stall?", zh = "由谁承保？" }
"""
STALL = """
code = "stall-permit"
programme = "trade"
organisation = "works-office"
kind = "permit"
audience = "both"
applicant = "either"
legal_basis = ["Works Act art. 1"]
name.en = "Stall permit"
name.zh = "设摊许可"
summary.en = "Lets you put up a stall."
summary.zh = "准许设摊。"
limits = { statutory = 20, promised = 10 }
output = { certificate = "works-permit", handover = "electronic" }
before = { visits = 1, papers = 1 }
@commitment@
[[requirement]]
code = "identity"
any_of = ["id-card"]

[[requirement]]
code = "insurance"
any_of = ["insurance-record"]

@step@
[[step]]
code = "issue"
name.en = "Issue"
name.zh = "发证"
organisation = "works-office"
mode = "issue"
after = [@after@]

[[example]]
say.en = "Somebody insured"
say.zh = "已投保者"
facts = { "person.insurer" = "Safe" }
asks = []
@takes@
visits = 0
ends = "granted"

[[example]]
say.en = "Somebody in no register"
say.zh = "无登记记录者"
facts = { "person.insurer" = "Safe" }
absent = ["insurance-record"]
asks = ["insurance-record"]
@commits@
visits = 0
ends = "granted"
"""
REVIEW = """
[[step]]
code = "review"
name.en = "Look at the stall"
name.zh = "摊位查看"
organisation = "works-office"
mode = "review"
days = 5
after = []
"""


def publish_stalls(
    register: Register,
    settings: object,
    folder: Path,
    *,
    rate: str = "1",
    offer: bool = False,
    exempt: str = "",
) -> Path:
    """Publish a town of stalls; `rate` is the share that is looked into, `offer` lets one commit to the conditions."""
    town = folder / f"stalls-{rate}-{offer}"
    shutil.copytree(PREFECTURE, town)
    for old in (*town.glob("papers/*.toml"), *town.glob("trade/*.toml")):
        old.unlink()
    (town / "bundles.toml").write_text("")
    types = town / "evidence_types.toml"
    types.write_text(types.read_text() + TYPES)
    (town / "facts" / "stall.toml").write_text(FACT)
    (town / "trade" / "stall-permit.toml").write_text(stall(rate=rate, offer=offer, exempt=exempt))
    settings.CATALOGUE_DIR = town
    publish(folder=town, now=NOW)
    register.keeps(town)
    return town


def stall(*, rate: str = "1", offer: bool = False, exempt: str = "", risks: str = "") -> str:
    """Return the definition of the permit, as it is written."""
    head = f"[commitment]\ncheck_rate = {rate}\n{exempt}\n"
    head += 'offer = "stall-conditions"\nreplaces = ["review"]\n' if offer else ""
    text = STALL.replace("@commitment@", head).replace("@step@", REVIEW if offer else "")
    text = text.replace("@after@", '"review"' if offer else "")
    text = text.replace("@takes@", 'takes = ["review"]' if offer else "")
    text = text.replace("@commits@", 'commits = true\nskips = ["review"]' if offer else "")
    return text.replace('legal_basis = ["Works', f'{risks}\nlegal_basis = ["Works')


def commit(
    viewer: AccountView, application: UUID, requirement: str = "insurance", type: str = "insurance-record",
    *, now=NOW,
) -> UUID:  # fmt: skip
    """Read the notice and sign the commitment; return the evidence."""
    named = {"viewer": viewer, "application_id": application, "requirement": requirement, "type": type}
    text = evidence.text_to_sign(**named, now=now)
    return evidence.sign_declaration(**named, read_digest=text.digest, now=now)


def granted_on_a_commitment(viewer: AccountView, *, now=NOW) -> Case:
    """File for a stall in nobody's register, on a commitment; it is granted at once."""
    application = begin(viewer, "stall-permit", {"person.insurer": "Safe"}, now=now)
    commit(viewer, application, now=now)
    return submit(viewer, application, now=now)


def insured_with(register: Register, insurer: str) -> None:
    """Let the register know of an insurance, from now on."""
    answer = {
        "answer": "found", "facts": {"person.insurer": insurer}, "record": "I-1", "issued_on": None,
        "valid_until": None,
    }  # fmt: skip
    register.answers["/registers/insurance-record/query"] = [says(answer)]
