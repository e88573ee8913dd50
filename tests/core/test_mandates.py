"""What an agent may do is a table, and these walk the whole of it (R11.2, R11.3, R4.12)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest

from services.core.mandates import NEEDED, REASONS, Deed, Lent, Power, Why, why_not

LAST = date(2026, 12, 31)
WHOLE = Lent(powers=frozenset(Power), valid_until=LAST, accepted=True)
SERVICE = ["works-permit"]

ANY_POWERS = [frozenset(some) for size in range(len(Power) + 1) for some in combinations(Power, size)]


def test_the_table_names_every_deed_and_every_reason_has_words():
    assert set(NEEDED) == set(Deed)
    assert set(REASONS) == set(Why)
    assert set(NEEDED.values()) == {*Power, None}


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("powers", ANY_POWERS, ids=lambda some: "+".join(sorted(some)) or "nothing")
def test_a_deed_is_allowed_by_the_power_it_needs_and_by_no_other(deed, powers):
    """R11.2: a power of attorney names its scope."""
    told = why_not(deed, replace(WHOLE, powers=powers), services=SERVICE, on=LAST)

    needed = NEEDED[deed]
    expected = Why.NEVER if needed is None else None if needed in powers else Why.NOT_GIVEN
    assert told is expected


@pytest.mark.parametrize("deed", [Deed.SIGN, Deed.LEND, Deed.SEE_READINGS, Deed.RATE])
def test_some_things_nobody_does_for_somebody_else(deed):
    assert why_not(deed, WHOLE, services=SERVICE, on=LAST) is Why.NEVER


@pytest.mark.parametrize("deed", [deed for deed in Deed if NEEDED[deed]])
@pytest.mark.parametrize(
    ("lent", "services", "on", "why"),
    [
        (None, SERVICE, LAST, Why.NONE),
        (replace(WHOLE, ended=True), SERVICE, LAST, Why.ENDED),
        (replace(WHOLE, accepted=False), SERVICE, LAST, Why.NOT_ACCEPTED),
        (WHOLE, SERVICE, LAST + timedelta(days=1), Why.RUN_OUT),
        (replace(WHOLE, services=frozenset({"home-record"})), SERVICE, LAST, Why.OTHER_SERVICE),
        (replace(WHOLE, services=frozenset(SERVICE)), [*SERVICE, "home-record"], LAST, Why.OTHER_SERVICE),
        (replace(WHOLE, services=frozenset(SERVICE)), SERVICE, LAST, None),
        (WHOLE, [*SERVICE, "home-record"], LAST, None),
    ],
    ids=[
        "no mandate", "ended", "not accepted", "the day after the last", "other services", "one of two services",
        "the last day", "every service",
    ],
)  # fmt: skip
def test_every_limit_holds_for_every_deed(deed, lent, services, on, why):
    """R11.2: by scope, matters and end date, and only once both have said yes."""
    assert why_not(deed, lent, services=services, on=on) is why


@pytest.mark.parametrize(
    ("most", "fee", "why"),
    [
        (None, Decimal("100000"), None),
        (Decimal("50"), Decimal("50.00"), None),
        (Decimal("50"), Decimal("50.01"), Why.TOO_MUCH),
        (Decimal("0"), Decimal("0"), None),
        (Decimal("50"), None, None),
    ],
    ids=["no limit", "as much", "a cent more", "free of charge", "no fee"],
)
def test_an_agent_commits_nobody_to_more_than_was_allowed(most, fee, why):
    assert why_not(Deed.SUBMIT, replace(WHOLE, most_fee=most), services=SERVICE, on=LAST, fee=fee) is why
