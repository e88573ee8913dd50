"""A small prefecture of four services, its people and officers, and how a matter goes through its offices in tests."""

import io
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from PIL import Image

from services.cases.actions import drafting, evidence, gathering, routing, submission
from services.cases.models import Case, Task
from services.cases.queries import drafts
from services.catalogue.actions import publish
from services.core.evidence import Source
from services.core.facts import Value
from services.evidence.actions import SentFile
from services.people import queries as people
from services.people.models import Account
from services.people.queries import AccountView
from tests.services.a_register import NOW

PREFECTURE = Path(__file__).resolve().parent.parent / "prefecture"


def noon(day: int, month: int = 3) -> datetime:
    """Return noon in the jurisdiction on a day of 2026."""
    return datetime(2026, month, day, 4, tzinfo=UTC)


def officer(office: str, role: str = "clerk", name: str = "") -> AccountView:
    """Return an officer of the office, entered on first mention."""
    username = name or f"{role}-{office}"
    account, _ = Account.objects.get_or_create(
        username=username, defaults={"role": role, "organisation": office, "name": username.title()}
    )
    return people.account(account.id)


def begin(
    viewer: AccountView, service: str, answers: Mapping[str, Value] | None = None, *, now: datetime = NOW
) -> UUID:
    """Begin an application, answer its questions and have registers asked; return it."""
    application = drafting.start_application(viewer=viewer, services=[service], now=now)
    if answers:
        drafting.answer_questions(viewer=viewer, application_id=application, answers=answers, now=now)
    drafting.request_evidence(viewer=viewer, application_id=application, now=now)
    gathering.gather_evidence(now=now)
    return application


def give(viewer: AccountView, application: UUID, *, now: datetime = NOW) -> None:
    """Give everything that no office holds: sign what can be declared, send a copy of the rest."""
    for one in drafts.draft(viewer=viewer, application_id=application).missing:
        give_one(viewer, application, one, now=now)


def give_one(
    viewer: AccountView, application: UUID, one: drafts.RequirementView, *, now: datetime = NOW
) -> None:
    """Give one thing that is required, in the first way there is."""
    way = one.ways[0]
    named = {"viewer": viewer, "application_id": application, "requirement": one.code, "type": way.type}
    if way.way is Source.DECLARATION:
        text = evidence.text_to_sign(**named, now=now)
        evidence.sign_declaration(**named, read_digest=text.digest, now=now)
    else:
        evidence.upload_copy(**named, sent=a_picture(viewer), now=now)


def a_picture(viewer: AccountView, shade: int = 90) -> SentFile:
    """Return a small picture as a phone would send it."""
    file = io.BytesIO()
    Image.new("RGB", (40, 60), (shade, 90, 90)).save(file, "PNG")
    return SentFile(name="plan.png", content=file.getvalue(), account_id=viewer.id)


def submit(viewer: AccountView, application: UUID, *, now: datetime = NOW, with_gaps: bool = False) -> Case:
    """Submit and route; return the first case."""
    ids = submission.submit_application(
        viewer=viewer, application_id=application, with_gaps=with_gaps, now=now
    )
    work(now)
    return Case.objects.get(id=ids[0])


def file(
    viewer: AccountView, service: str, answers: Mapping[str, Value] | None = None, *, now: datetime = NOW
) -> Case:
    """File a complete application and let the workers do what they can; return its case."""
    application = begin(viewer, service, answers, now=now)
    give(viewer, application, now=now)
    return submit(viewer, application, now=now)


def work(now: datetime = NOW) -> None:
    """Let the workers do everything that can be done at this moment."""
    while (
        gathering.gather_evidence(now=now) + routing.route_cases(now=now) + gathering.deliver_outbox(now=now)
    ):
        continue


def task_of(case: Case, kind: str) -> UUID:
    """Return the case's open task of this kind."""
    return Task.objects.get(case=case, kind=kind, closed_at__isnull=True).id


def open_tasks(case: Case) -> list[str]:
    """Return what offices have to do for the case."""
    rows = Task.objects.filter(case=case, closed_at__isnull=True)
    return sorted(f"{task.organisation}:{task.step or task.kind}" for task in rows)


def state_of(case: Case) -> str:
    """Return where the case stands now."""
    case.refresh_from_db()
    return case.state


def days(number: int) -> timedelta:
    """Return so many civil days."""
    return timedelta(days=number)


def publish_deed(settings: object, folder: Path, signs: str) -> None:
    """Publish the joint deed anew, for a partner who signs as is said, and whose identity card is required too."""
    changed = shutil.copytree(PREFECTURE, folder / "prefecture")
    deed = changed / "papers" / "joint-deed.toml"
    wanted = '[[requirement]]\ncode = "partner-identity"\nany_of = ["id-card"]\nparty = "partner"\n\n[[step]]'
    text = deed.read_text().replace('signs = "visit"', f'signs = "{signs}"').replace("[[step]]", wanted, 1)
    deed.write_text(text)
    settings.CATALOGUE_DIR = changed
    publish(folder=changed, now=NOW)
