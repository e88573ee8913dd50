"""What tests of the doors begin with: the whole catalogue, registers that answer, officers and residents signed in."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import translation

from services import clock
from services.certificates.models import Certificate
from services.core.states import Role
from services.people import actions as people
from services.people import queries
from services.people.actions import Identity
from services.people.actions.officers import Officer, enroll_officers
from services.people.models import Account
from services.people.queries import AccountView
from tests.doors.a_citizen import Citizen
from tests.doors.outside_world import sandbox, sandbox_database  # noqa: F401 - fixtures
from tests.published import put_catalogue
from tests.services import a_matter
from tests.services.a_matter import PREFECTURE
from tests.services.a_register import FOUND, TODAY, Register, evidence_type, listening, says

NUMBERS = ("11010519491231002X", "110105199003070033", "110105198506153215")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Begin in English: a page asked for in another language leaves that language behind in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def published(db: None) -> None:
    """Put the whole catalogue, published, into this test's database."""
    put_catalogue(settings.CATALOGUE_DIR)


@pytest.fixture
def registers(settings: object) -> Iterator[Register]:
    """Run the registers, at the address the portal is set to; those with nothing to say have no record."""
    ours = Register()
    ours.keeps(settings.CATALOGUE_DIR)
    with listening(ours) as address:
        settings.REGISTRY_URL = address
        settings.REGISTRY_TOKEN = "made-up-token"
        yield ours


def recorded(register: Register, kind: str, /, **facts: object) -> None:
    """Let a register know something, from then on."""
    answer = {
        "answer": "found",
        "facts": facts,
        "record": "R-1",
        "issued_on": None,
        "valid_until": None,
    }
    register.will(says(answer), kind=evidence_type(kind))


@pytest.fixture
def resident(db: None) -> Callable[..., AccountView]:
    """Make a person with an account, bound as the identity provider would; each call another one."""
    left = iter(NUMBERS)

    def make(username: str = "resident") -> AccountView:
        account = Account.objects.create_user(username=username)
        identity = Identity(
            number=next(left), document_kind="resident_id", full_name=f"{username.title()} Test",
            birth_date=date(1985, 6, 15),
        )  # fmt: skip
        people.bind_account(account_id=account.id, identity=identity, now=clock.now())
        return queries.account(account.id)

    return make


@pytest.fixture
def officer(db: None) -> Callable[..., AccountView]:
    """Make an officer of an office; without one, an administrator."""

    def make(role: str, organisation: str = "", username: str = "") -> AccountView:
        name = username or f"{role}-{organisation}"
        made = Officer(username=name, role=Role(role), organisation=organisation, name=name.title())
        enroll_officers(officers=[made], password="made-up-officer")
        return queries.account(account_id(name))

    return make


def account_id(username: str) -> UUID:
    return Account.objects.values_list("id", flat=True).get(username=username)


@pytest.fixture
def town(db: None, registers: Register, settings: object) -> Register:
    """Publish a small town of two offices and four services, whose register knows everybody's identity card."""
    settings.CATALOGUE_DIR = PREFECTURE
    clock.start_on(day=TODAY)
    put_catalogue(PREFECTURE)
    registers.keeps(PREFECTURE)
    registers.answers["/registers/id-card/query"] = [says(FOUND)]
    registers.answers["/registers/home-record/query"] = [says({"answer": "no_record"})]
    registers.answers["/offices/works-office/notices"] = [says({"noted": True}, status=201)]
    return registers


@pytest.fixture
def own_files(settings: object, tmp_path: Path) -> Path:
    """Keep the files of a test for itself."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def holder(town: Register, resident: Callable[..., AccountView]) -> AccountView:
    """Somebody whom the small town gave a record of their home."""
    viewer = resident("ayshe")
    a_matter.file(viewer, "home-record", {"application.home": "1 Lane"}, now=clock.now())
    return viewer


@pytest.fixture
def certificate(holder: AccountView) -> Certificate:
    """That record."""
    return Certificate.objects.get(holder_id=holder.person_id)


@pytest.fixture
def paper(own_files: Path, holder: AccountView, certificate: Certificate) -> bytes:
    """The record on paper, as its holder downloads it."""
    return Citizen(holder).opens(f"/my/certificates/{certificate.id}/en.pdf").content
