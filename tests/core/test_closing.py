"""A visit is not closed while something can be done, unless it is said why (R8.5)."""

import pytest

from services.core.closing import FAULT_OF, Cause, VisitStillOpen, cause_for_leaving


def test_every_cause_says_whose_mistake_it_is():
    """R8.5: an official error, a missing notice and a failure of the system are the authority's."""
    assert set(FAULT_OF) == set(Cause)
    assert {FAULT_OF[one] for one in (Cause.NOT_TOLD, Cause.SYSTEM_FAILED, Cause.NOBODY_ABLE)} == {
        "authority"
    }


def test_where_nothing_can_be_done_nobody_is_asked_why():
    assert cause_for_leaving([], "") is None
    assert cause_for_leaving([], "person_left") is None


@pytest.mark.parametrize("said", ["", "weather"])
def test_what_can_be_done_is_not_left_without_a_known_cause(said):
    with pytest.raises(VisitStillOpen) as refused:
        cause_for_leaving(["1"], said)
    assert [one.place for one in refused.value.errors] == ["cause"]

    assert cause_for_leaving(["1"], "system_failed") is Cause.SYSTEM_FAILED
