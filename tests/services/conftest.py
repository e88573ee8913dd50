"""What several rooms' tests begin with: a register to ask, and a person it may know."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from celery import Celery, current_app
from django.conf import settings as django_settings

from services import clock
from services.cases.models import Case
from services.core.facts import Holder
from services.people import actions as people
from services.people import queries as persons
from services.people.actions import Identity
from services.people.models import Account
from services.people.queries import AccountView
from services.visits.actions import load_centres
from tests.published import put_catalogue
from tests.services.a_gift import BO
from tests.services.a_matter import PREFECTURE, publish_deed
from tests.services.a_register import FOUND, NOW, NUMBER, TODAY, Register, listening, says
from tests.services.an_appointment import CENTRES
from tests.services.an_inspection import a_tower


@pytest.fixture
def register(settings: object) -> Iterator[Register]:
    """Run a register, at the address and with the limits the portal is set to."""
    ours = Register()
    with listening(ours) as address:
        settings.REGISTRY_URL = address
        settings.REGISTRY_TOKEN = "made-up-token"
        settings.REGISTRY_TIMEOUT_SECONDS = 10
        settings.REGISTRY_TRIES = 3
        yield ours


@pytest.fixture
def away() -> Iterator[Celery]:
    """A Celery whose broker is not there, as the current one."""
    usual = current_app._get_current_object()
    lost = Celery("lost", set_as_current=False)
    lost.conf.update(
        broker_url="redis+socket:///nowhere/valkey.sock",
        broker_transport_options=django_settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    )
    lost.set_current()
    yield lost
    usual.set_current()


@pytest.fixture
def account(db: None) -> UUID:
    """Make an account."""
    return Account.objects.create_user(username="ayse").id


@pytest.fixture
def ayse(account: UUID) -> Holder:
    """Make the person whose account it is."""
    identity = Identity(
        number=NUMBER,
        document_kind="resident_id",
        full_name="Ayshe Test",
        birth_date=date(1949, 12, 31),
    )
    return Holder("person", people.bind_account(account_id=account, identity=identity, now=NOW))


@pytest.fixture
def prefecture(db: None, register: Register, settings: object) -> Register:
    """Publish a small prefecture whose register knows Ayshe; other offices take every notice."""
    settings.CATALOGUE_DIR = PREFECTURE
    clock.start_on(day=TODAY)
    put_catalogue(PREFECTURE)
    register.keeps(PREFECTURE)
    register.answers["/registers/id-card/query"] = [says(FOUND)]
    register.answers["/registers/home-record/query"] = [says({"answer": "no_record"})]
    register.answers["/offices/works-office/notices"] = [says({"noted": True}, status=201)]
    return register


@pytest.fixture
def ayshe(prefecture: Register, account: UUID, ayse: Holder) -> AccountView:
    """Return Ayshe, signed in and known by her document."""
    return persons.account(account)


@pytest.fixture
def folder(settings: object, tmp_path: Path) -> Path:
    """Keep copies in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def deed(prefecture: Register, settings: object, tmp_path: Path) -> Callable[..., None]:
    """Publish the joint deed anew, for a partner who takes part as is said, and whose card is required too."""
    return lambda signs: publish_deed(settings, tmp_path, signs)


@pytest.fixture
def bo(prefecture: Register) -> AccountView:
    """Return Bo, signed in and known by his document."""
    account = Account.objects.create_user(username="bo").id
    card = Identity(number=BO, document_kind="resident_id", full_name="Bo Made-up", birth_date=TODAY)
    people.bind_account(account_id=account, identity=card, now=NOW)
    return persons.account(account)


@pytest.fixture
def centres(db: None, tmp_path: Path) -> Path:
    """Open two centres, from a file that a test may change."""
    file = tmp_path / "centres.toml"
    file.write_text(CENTRES, encoding="utf-8")
    load_centres(folder=tmp_path)
    return file


@pytest.fixture
def tower(prefecture: Register, ayshe: AccountView) -> Case:
    """File for a tower whose applicant no register knows: their card came in as a copy, and an inspector comes."""
    return a_tower(prefecture, ayshe)
