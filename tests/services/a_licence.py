"""A licence that ends after a year, and the service that renews it: added to the small prefecture."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from services.catalogue.actions import publish
from services.certificates.models import Certificate
from services.people.queries import AccountView
from tests.services.a_matter import PREFECTURE, file
from tests.services.a_register import NOW

LAST_DAY = date(2027, 3, 2)
STALL = {"application.home": "1 Lane", "application.works": "Tea"}
KIND = """
[stall-licence]
name = { en = "Stall licence", zh = "摆摊许可证" }
organisation = "works-office"
about = "person"
source = "issued"
upload = true
validity_months = 12
proves = ["person.home"]
basis = "Homes Act art. 1"
"""
COMMON = """
code = "{code}"
programme = "papers"
organisation = "works-office"
kind = "permit"
audience = "person"
applicant = "person"
legal_basis = ["Homes Act art. 2"]
name = {{ en = "{name}", zh = "{name}" }}
summary = {{ en = "Lets you sell.", zh = "允许摆摊。" }}
limits = {{ statutory = 20, promised = 10 }}
output = {{ certificate = "stall-licence", handover = "electronic"{gives} }}
before = {{ visits = 1, papers = 1 }}
question = [{questions}]
requirement = [{{ code = "base", any_of = ["{required}"] }}]
{steps}
[[step]]
code = "issue"
name = {{ en = "Issue", zh = "发证" }}
organisation = "works-office"
mode = "issue"
after = [{after}]

[[example]]
say = {{ en = "Granted", zh = "准予" }}
facts = {{}}
asks = []
visits = 0
ends = "granted"
{another}
"""
LICENCE = COMMON.format(
    code="stall-licence", name="Stall licence", required="id-card", after="", steps="",
    another='[[example]]\nsay = { en = "Sends a copy", zh = "提交副本" }\nfacts = {}\nabsent = ["id-card"]\n'
    'asks = ["id-card"]\nvisits = 0\nends = "granted"\n',
    gives=', gives = { "person.home" = "application.home", "application.works" = "application.works" }',
    questions='{ fact = "application.home", for = "output" }, { fact = "application.works", for = "output" }',
)  # fmt: skip
RENEWAL = COMMON.format(
    code="stall-renewal", name="Renewal of a stall licence", required="stall-licence", after='"review"', gives="",
    questions='{ fact = "application.works", for = "review" }',
    steps='[[step]]\ncode = "review"\nname = { en = "Review", zh = "审核" }\norganisation = "works-office"\n'
    'mode = "review"\ndays = 3\nafter = []\n',
    another='[[example]]\nsay = { en = "Not any more", zh = "不予" }\nfacts = {}\nasks = []\n'
    'outcomes = { review = "against" }\nvisits = 0\nends = "refused"\n',
)  # fmt: skip


CLOSURE = COMMON.format(
    code="stall-closure", name="Closing of a stall", required="stall-licence", after="", gives="", steps="",
    questions="",
    another='[[example]]\nsay = { en = "Sends a copy", zh = "提交副本" }\nfacts = {}\nabsent = ["stall-licence"]\n'
    'asks = ["stall-licence"]\nvisits = 0\nends = "granted"\n',
).replace(
    'certificate = "stall-licence"', 'result = { en = "It is closed", zh = "已注销" }, ends = ["stall-licence"]'
)  # fmt: skip


def publish_stalls(settings: object, folder: Path, *, closure: str = "", keyed: bool = False) -> None:
    """Publish the small prefecture with stalls in it, and the service that closes one where it is given.

    `keyed`: each licence is for one thing that is sold.
    """
    stalls = shutil.copytree(PREFECTURE, folder / "prefecture")
    with (stalls / "evidence_types.toml").open("a", encoding="utf-8") as kinds:
        kinds.write(KIND.replace("about =", 'key = "application.works"\nabout =') if keyed else KIND)
    (stalls / "papers" / "stall-licence.toml").write_text(LICENCE, encoding="utf-8")
    (stalls / "papers" / "stall-renewal.toml").write_text(RENEWAL, encoding="utf-8")
    if closure:
        (stalls / "papers" / "stall-closure.toml").write_text(closure, encoding="utf-8")
    settings.CATALOGUE_DIR = stalls
    publish(folder=stalls, now=NOW)


def a_stall_licence(viewer: AccountView) -> Certificate:
    """Return a licence that was issued to the viewer on 2 March 2026, for a year."""
    return Certificate.objects.get(case_id=file(viewer, "stall-licence", STALL).id)


def moment(day: date, hour: int = 4) -> datetime:
    """Return noon of the day in the jurisdiction, or another hour of it in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
