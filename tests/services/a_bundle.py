"""One application of several services in tests: a home is recorded, then a mooring allowed, then a berth filed."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.cases.actions import drafting, gathering, submission
from services.cases.models import Case
from services.catalogue.actions import publish
from services.core.facts import Value
from services.people.queries import AccountView
from tests.services.a_matter import PREFECTURE, give, work
from tests.services.a_register import NOW

_SERVICE = """
code = "{code}"
programme = "trade"
organisation = "works-office"
kind = "filing"
audience = "person"
applicant = "person"
legal_basis = ["Works Act art. 1"]
name.en = "{name}"
name.zh = "{name}"
summary.en = "{name}."
summary.zh = "{name}。"
limits = {{ statutory = 20, promised = 5 }}
output = {{ certificate = "{code}", handover = "electronic" }}
before = {{ visits = 2, papers = 1 }}
{question}
[[requirement]]
code = "identity"
any_of = ["id-card"]

[[requirement]]
code = "before"
any_of = ["{needs}"]
{steps}
[[step]]
code = "issue"
name.en = "Issue"
name.zh = "发证"
organisation = "works-office"
mode = "issue"
after = [{after}]

[[example]]
say.en = "Somebody has what comes before"
say.zh = "前置事项已办结"
facts = {{}}
asks = []
visits = 0
ends = "granted"

[[example]]
say.en = "Somebody else has it, too"
say.zh = "他人亦已办结"
facts = {{ }}
asks = []
visits = 0
ends = "granted"
"""
_REVIEW = """
[[step]]
code = "review"
name.en = "Review"
name.zh = "审核"
organisation = "works-office"
mode = "review"
days = 2
after = []
"""
_QUESTION = """
[[question]]
fact = "application.home"
for = "issue"
"""
_KIND = """
[{code}]
name.en = "{name}"
name.zh = "{name}"
organisation = "works-office"
about = "person"
upload = true
proves = ["person.full_name"]
basis = "Works Act art. 2"
"""
HOME, MOORING, BERTH, WORKS = "home-record", "mooring-permit", "berth-filing", "works-permit"
ANSWERS = {"application.home": "1 Orchard Lane"}
WORKS_TOO = {**ANSWERS, "application.works": "a shed", "application.height": 3}


def publish_chain(settings: object, folder: Path) -> None:
    """Publish the small prefecture with a permit that needs the home record, and a filing that needs the permit."""
    changed = shutil.copytree(PREFECTURE, folder / "prefecture")
    mooring = _SERVICE.format(
        code=MOORING, name="Mooring permit", question=_QUESTION, needs=HOME, steps=_REVIEW, after='"review"'
    )
    berth = _SERVICE.format(code=BERTH, name="Berth filing", question="", needs=MOORING, steps="", after="")
    (changed / "trade" / f"{MOORING}.toml").write_text(mooring)
    (changed / "trade" / f"{BERTH}.toml").write_text(berth)
    with (changed / "certificate_types.toml").open("a") as kinds:
        kinds.write(
            _KIND.format(code=MOORING, name="Mooring permit") + _KIND.format(code=BERTH, name="Berth")
        )
    settings.CATALOGUE_DIR = changed
    publish(folder=changed, now=NOW)


def file_together(
    viewer: AccountView,
    services: Sequence[str],
    answers: Mapping[str, Value] = ANSWERS,
    *,
    now: datetime = NOW,
    work_too: bool = True,
) -> dict[str, Case]:
    """File one application for these services, complete, and return its cases by service."""
    application = draft_together(viewer, services, answers, now=now)
    give(viewer, application, now=now)
    submission.submit_application(viewer=viewer, application_id=application, now=now)
    if work_too:
        work(now)
    return cases_of(application)


def draft_together(
    viewer: AccountView,
    services: Sequence[str],
    answers: Mapping[str, Value] = ANSWERS,
    *,
    now: datetime = NOW,
) -> UUID:
    """Begin one application for these services, answered, its registers asked."""
    application = drafting.start_application(viewer=viewer, services=services, now=now)
    drafting.answer_questions(viewer=viewer, application_id=application, answers=answers, now=now)
    drafting.request_evidence(viewer=viewer, application_id=application, now=now)
    gathering.gather_evidence(now=now)
    return application


def cases_of(application: UUID) -> dict[str, Case]:
    """Return the cases of the application as they stand, by service."""
    return {case.service: case for case in Case.objects.filter(application_id=application)}
