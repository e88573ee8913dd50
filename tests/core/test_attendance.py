"""What counts at a visit is what the officer says of it: every case, its originals, and nothing beside."""

import pytest

from services.core.attendance import Awaited, VisitNotTold, VisitTold, check_told

DEED = Awaited(case="deed", requirements=frozenset({"identity", "plan"}), copies=frozenset({"plan"}))
EXAM = Awaited(case="exam", requirements=frozenset({"identity"}), copies=frozenset())
WHOLE = {
    "outcomes": {"deed": "served", "exam": "failed"},
    "originals_seen": {"deed": ["identity"], "exam": []},
}


def test_a_visit_of_which_everything_is_told_counts():
    told = VisitTold(**WHOLE, copies_checked={"deed": ["plan"]})

    check_told([DEED, EXAM], told)

    assert (told.failed("deed"), told.failed("exam")) == (False, True)


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"outcomes": {"deed": "served"}}, ["outcomes.exam"]),
        ({"outcomes": {"deed": "", "exam": "perhaps"}}, ["outcomes.deed", "outcomes.exam"]),
        ({"originals_seen": {"exam": []}}, ["originalsSeen.deed"]),
        ({"outcomes": {}, "originals_seen": {}}, [
            "outcomes.deed", "originalsSeen.deed", "outcomes.exam", "originalsSeen.exam",
        ]),
        ({"outcomes": WHOLE["outcomes"] | {"ship": "served"}}, ["outcomes.ship"]),
        ({"originals_seen": WHOLE["originals_seen"] | {"ship": []}}, ["originalsSeen.ship"]),
        ({"originals_seen": {"deed": ["licence"], "exam": []}}, ["originalsSeen.deed"]),
        ({"copies_checked": {"deed": ["identity"]}}, ["copiesChecked.deed"]),
        ({"copies_checked": {"exam": ["identity"]}}, ["copiesChecked.exam"]),
    ],
)  # fmt: skip
def test_what_is_passed_over_or_made_up_is_refused_at_its_place(changed, places):
    """R3.17: nothing unseen counts."""
    with pytest.raises(VisitNotTold) as refused:
        check_told([DEED, EXAM], VisitTold(**(WHOLE | changed)))

    assert [one.place for one in refused.value.errors] == places
