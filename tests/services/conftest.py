"""What several rooms' tests begin with: a register to ask, and a person it may know."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from services.core.facts import Holder
from services.people import actions as people
from services.people.actions import Identity
from services.people.models import Account
from tests.services.a_register import NOW, NUMBER, Register, listening


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
