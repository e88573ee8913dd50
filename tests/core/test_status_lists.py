"""R12.1: whether a certificate still holds is two bits in a list that names nobody, and always of one length."""

import pytest

from services.core.status_lists import LENGTH, MARKS, Mark, mark_at, packed, places, reference


def test_each_place_has_an_index_of_its_own():
    indices = {reference(place).index for place in places(1)}

    assert indices == set(range(LENGTH))


def test_certificates_issued_one_after_the_other_do_not_stand_side_by_side():
    first, second, third = (reference(place).index for place in (1, 2, 3))

    assert min(abs(first - second), abs(second - third), abs(first - third)) > 1000


@pytest.mark.parametrize(
    ("place", "number"), [(1, 1), (LENGTH, 1), (LENGTH + 1, 2), (2 * LENGTH, 2), (2 * LENGTH + 1, 3)]
)
def test_a_list_that_is_full_is_followed_by_the_next(place, number):
    assert reference(place).number == number
    assert place in places(number)


def test_what_is_marked_is_read_back_and_nothing_beside_it():
    marks = {0: Mark.INVALID, 1: Mark.SUSPENDED, 2: Mark.SUPERSEDED, LENGTH - 1: Mark.INVALID}

    letters = packed(marks)

    assert [mark_at(letters, index) for index in (0, 1, 2, 3, 4, LENGTH - 1)] == [1, 2, 3, 0, 0, 1]


def test_the_bits_lie_as_the_standard_has_them():
    """The example of two bits in Token Status List: indices 0 to 3 are 1, 2, 0 and 3, the lowest bits first."""
    letters = packed({0: Mark.INVALID, 1: Mark.SUSPENDED, 2: Mark.VALID, 3: Mark.SUPERSEDED})

    assert [mark_at(letters, index) for index in range(4)] == [1, 2, 0, 3]
    assert packed({}) != letters


def test_every_status_that_is_kept_has_a_mark():
    assert set(MARKS) == {"valid", "suspended", "revoked", "cancelled", "superseded"}
