"""One content has one way of being written, and a chain shows what was changed, removed or cut off."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.clocks import Unit
from services.core.seals import (
    GENESIS,
    Link,
    NotSealable,
    canonical,
    chain,
    digest,
    signing_input,
    verify_chain,
)

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
contents = st.dictionaries(st.text(), plain, max_size=4)
entries_of_a_ledger = st.dictionaries(
    st.text(max_size=8), st.text(max_size=8) | st.integers() | st.none(), max_size=3
)
untimed = settings(deadline=None)


def chained(entries):
    links, previous = [], GENESIS
    for entry in entries:
        previous = chain(previous, entry)
        links.append(Link(entry, previous))
    return links


def test_the_content_is_written_with_sorted_keys_and_no_space():
    content = {
        "number": "餐证-2026-000001",
        "issued_on": date(2026, 3, 2),
        "sealed_at": datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=8))),
        "area": Decimal("42.50"),
        "unit": Unit.MONTH,
        "case": UUID(int=7),
        "holders": ("a", None, True, 3),
    }
    assert canonical(content).decode() == (
        '{"area":"42.50","case":"00000000-0000-0000-0000-000000000007","holders":["a",null,true,3],'
        '"issued_on":"2026-03-02","number":"餐证-2026-000001","sealed_at":"2026-03-02T15:30:00+00:00","unit":"month"}'
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0.1, "float"),
        (float("nan"), "float"),
        (Decimal("NaN"), "Decimal"),
        (datetime(2026, 3, 2), "datetime"),  # noqa: DTZ001
        ({1: "a"}, "int as a name"),
        (b"bytes", "bytes"),
        ("\ud800", "broken text"),
    ],
)
def test_what_has_no_one_way_of_being_written_is_refused(value, kind):
    with pytest.raises(NotSealable, match=f"of the kind {kind} cannot be sealed"):
        canonical({"value": value})


def test_a_digest_is_the_sha256_of_the_canonical_content():
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_seal_on_a_certificate_fits_nothing_else():
    assert signing_input({"a": 1}) == b'onevisit certificate 1\n{"a":1}'
    assert signing_input({"a": 1}) != canonical({"a": 1})


@untimed
@given(contents)
def test_what_a_database_gives_back_is_written_the_same(content):
    once = canonical(content)
    assert canonical(json.loads(once)) == once


@untimed
@given(contents)
def test_the_order_of_the_keys_does_not_matter(content):
    assert canonical(dict(reversed(content.items()))) == canonical(content)


def test_a_chain_begins_from_nothing_and_an_empty_one_is_whole():
    assert verify_chain([]) is None
    assert verify_chain([], head=GENESIS) is None
    assert verify_chain([], head=chain(GENESIS, {"what": "received"})) == 0


@untimed
@given(st.lists(entries_of_a_ledger, min_size=1, max_size=5))
def test_a_chain_as_it_was_written_is_whole(entries):
    links = chained(entries)
    assert verify_chain(links) is None
    assert verify_chain(links, head=links[-1].hash) is None


@untimed
@given(st.lists(entries_of_a_ledger, min_size=2, max_size=5), st.data())
def test_a_changed_removed_or_cut_entry_shows_where(entries, draw):
    links = chained(entries)
    at = draw.draw(st.integers(0, len(links) - 1))
    changed = [*links[:at], Link({**entries[at], "added": "later"}, links[at].hash), *links[at + 1 :]]
    if changed[at].entry != entries[at]:
        assert verify_chain(changed) == at
    if at < len(links) - 1:
        assert verify_chain([*links[:at], *links[at + 1 :]]) == at
    assert verify_chain(links[:at], head=links[-1].hash) == at


def test_two_entries_that_changed_places_show():
    first, second = chained([{"what": "received"}, {"what": "accepted"}])
    assert verify_chain([second, first]) == 0


def test_a_moment_is_the_same_in_every_zone():
    there = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert canonical({"at": there}) == canonical({"at": there.astimezone(timezone(timedelta(hours=8)))})
