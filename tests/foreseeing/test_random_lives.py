"""Over 20,000 random lives through the real law: one visit at most, nothing asked twice, every case ends (R8.1, R3.1).

`LIVES_SEED` repeats other lives than those of every day.
"""

import os
from dataclasses import replace

import pytest

from tests.core.a_service import definition, question, requirement, step
from tests.foreseeing.a_prefecture import broken, foreseen, ours, prefecture, small, staffed

SEED = os.environ.get("LIVES_SEED", "1")
LIVES = 10_200
# Everybody is made up near a threshold, and everything goes wrong far more often than it does.
HARD = {
    "people": {
        "like_an_example": 0.3, "known": 0.9, "contradicted": 0.02, "disputed": 0.02, "flawed": 0.15,
        "silent": 0.03, "miss": 0.1, "unpaid": 0.03,
    },
    "registers": {"outages_a_month": 6, "outage_hours": 30},
    "offices": {"against": 0.1, **staffed(40)},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("half", ["first", "second"])
def test_over_twenty_thousand_lives_one_visit_is_enough_nothing_is_asked_twice_and_every_case_ends(half: str):
    print(f"LIVES_SEED={SEED}")  # noqa: T201 - told by pytest when a promise is broken
    tally = foreseen(ours(), prefecture(**HARD), cases=LIVES, seed=f"{SEED} {half}")

    assert tally.broken == {}
    assert tally.cases == sum(tally.endings.values()) == sum(tally.visits.values()) >= LIVES
    assert tally.applications == sum(tally.trips.values())
    # nothing was shown by lives in which nothing happens
    assert {"granted", "refused", "withdrawn", "lapsed", "declined"} <= tally.endings.keys()
    assert tally.visits[1] > 1000 and tally.missed > 100


# A catalogue that breaks a promise is found out: the lives above could have failed.


def test_a_service_that_calls_its_applicant_in_twice_is_found_out():
    """Sign, an office works for a day, sign again (R8.4: two days are two visits)."""
    twice = definition(
        step("sign", "counter"), step("work", "review", ["sign"]), step("sign-again", "counter", ["work"])
    )

    assert broken(small(twice), ["shop-permit"]) == {"twice": ["shop-permit"]}


def test_a_service_that_asks_for_what_a_register_tells_is_found_out():
    """The applicant types the day of birth that the register of the same case tells (R3.1)."""
    asks = definition(
        step("work", "review"),
        question=[question("person.birth_date")],
        requirement=[requirement("id-card", code="identity")],
    )

    assert broken(small(asks), ["shop-permit"]) == {"asked": ["shop-permit"]}


def test_a_service_that_waits_for_a_day_nobody_will_see_is_found_out():
    notice = definition(step("notice", "auto", days=5))
    stuck = [replace(one, days=3000) if one.days else one for one in notice.steps]

    assert broken(small(replace(notice, steps=tuple(stuck))), ["shop-permit"]) == {"endless": ["shop-permit"]}


def test_the_same_seed_makes_the_same_lives():
    one, same, other = (foreseen(ours(), prefecture(), cases=400, seed=seed) for seed in ("7", "7", "8"))

    assert one == same != other
