"""A test that commits leaves an empty database behind, ledger included."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.ledger import actions
from services.ledger.actions import WORKER, Head, NewEntry
from services.ledger.models import Entry

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_the_ledger_is_empty_for_the_next_test(turn):
    before = Entry.objects.count()

    actions.record_entries(
        entries=[
            NewEntry(case_id=UUID(int=turn), head=Head(), at=NOW, actor=WORKER, event="routed", detail={})
        ]
    )

    assert (before, Entry.objects.count()) == (0, 1)
