"""An answer that runs out while the office takes its days is sought anew, however often that happens (R3.17)."""

import pytest
from django.db import transaction

from services.cases.actions.routing import wake_cases
from services.cases.models import OutboxItem
from tests.services.a_matter import file, noon, work
from tests.services.a_register import FOUND, says

SHED = {"application.works": "a shed", "application.height": 3}


def holds_until(prefecture, day: str | None) -> None:
    prefecture.answers["/registers/id-card/query"] = [says({**FOUND, "valid_until": day})]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_has_run_out_is_asked_for_again_each_time(ayshe, prefecture, times):
    holds_until(prefecture, "2026-03-03")
    case = file(ayshe, "works-permit", SHED)

    for turn in range(times):
        day = 4 + 2 * turn
        holds_until(prefecture, f"2026-03-{day + 1:02}")
        with transaction.atomic():
            wake_cases(case_ids=[case.id], now=noon(day))
        work(noon(day))

    case.refresh_from_db()
    assert case.settlements["identity"]["standing"] == "settled"
    assert not OutboxItem.objects.filter(kind="gather", done_at__isnull=True).exists()
