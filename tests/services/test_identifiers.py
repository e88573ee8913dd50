"""Numbers are checked for slips of the hand, shown masked, and used for nothing else."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.people.identifiers import IdentifierKind, IdentifierMistyped, checked, masked, normalized

TODAY = date(2026, 3, 2)
CREDIT_CODE = "91350100M000100Y43"  # the example of the standard
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
RESIDENT = IdentifierKind.RESIDENT_ID
USCC = IdentifierKind.USCC
ORGANISATION = IdentifierKind.ORGANISATION_CODE
PERMANENT = IdentifierKind.RESIDENCE_CARD


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        # the two examples of the standard for residents' numbers
        (RESIDENT, "11010519491231002X", "11010519491231002X"),
        (RESIDENT, "440524188001010014", "440524188001010014"),
        # as people type them
        (RESIDENT, " 110105 19491231 002x ", "11010519491231002X"),
        (RESIDENT, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        (USCC, CREDIT_CODE, CREDIT_CODE),
        (USCC, "91350100-m000100y-43", CREDIT_CODE),
        (ORGANISATION, "D2143569-X", "D2143569X"),
        (ORGANISATION, "M000100Y-4", "M000100Y4"),
        (IdentifierKind.PASSPORT, "e 0000000 0", "E00000000"),
        (PERMANENT, "abc000000000000", "ABC000000000000"),
    ],
)
def test_a_number_typed_well_is_brought_into_its_one_form(kind, typed, number):
    assert checked(typed, kind, today=TODAY) == number


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (RESIDENT, ""),
        (RESIDENT, "110105194912310021"),  # check digit
        (RESIDENT, "1101051949123100"),  # too short
        (RESIDENT, "11010519491231002XX"),
        (RESIDENT, "11010519490231002X"),  # 31 February, and so another check digit
        (RESIDENT, "A1010519491231002X"),
        (RESIDENT, "১১০১০৫১৯৪৯১২৩১০০২X"),  # digits of another script
        (USCC, "91350100M000100Y44"),  # check digit
        (USCC, "91350100M000100Y4I"),  # a letter that is left out of the alphabet
        (USCC, "91350100M000100Y4"),
        (ORGANISATION, "D2143569-1"),
        (ORGANISATION, "D214356-X"),
        (IdentifierKind.PASSPORT, "E1"),
        (IdentifierKind.PASSPORT, "E0000<0000"),
        (PERMANENT, "AB0000000000000"),
        (PERMANENT, "11010519491231002X"),  # a resident's number is not one
    ],
)
def test_a_number_that_cannot_be_right_is_refused_without_being_repeated(kind, typed):
    with pytest.raises(IdentifierMistyped) as refusal:
        checked(typed, kind, today=TODAY)
    assert refusal.value.values == {"kind": kind}
    assert not typed or typed not in str(refusal.value)


def with_check_digit(first_seventeen):
    return (
        first_seventeen
        + "10X98765432"[sum(int(d) * 2 ** (17 - n) for n, d in enumerate(first_seventeen)) % 11]
    )


@pytest.mark.parametrize(
    ("middle", "accepted"),
    [("20260302", True), ("20260303", False), ("20250229", False), ("20240229", True), ("20241301", False)],
)
def test_the_date_inside_is_a_real_day_and_not_in_the_future(middle, accepted):
    # No table of birthplaces knows a district 990105; that is no mistake of the person's.
    number = with_check_digit(f"990105{middle}000")
    if accepted:
        assert checked(number, RESIDENT, today=TODAY) == number
    else:
        with pytest.raises(IdentifierMistyped):
            checked(number, RESIDENT, today=TODAY)


def test_the_new_permanent_residents_card_carries_eighteen_digits_that_begin_with_nine():
    number = with_check_digit("91100019900101000")
    assert checked(number, PERMANENT, today=TODAY) == number


def test_every_wrong_sign_in_a_credit_code_is_found():
    for at, right in enumerate(CREDIT_CODE):
        for wrong in set(LETTERS) - {right}:
            with pytest.raises(IdentifierMistyped):
                checked(CREDIT_CODE[:at] + wrong + CREDIT_CODE[at + 1 :], USCC, today=TODAY)


def test_a_village_collective_whose_code_begins_with_a_letter_is_as_good_as_a_company():
    accepted = []
    for sign in LETTERS:
        try:
            accepted.append(checked(f"N2350100M000100Y4{sign}", USCC, today=TODAY))
        except IdentifierMistyped:
            continue
    assert len(accepted) == 1


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "1***************2X"),
        (CREDIT_CODE, "9***************43"),
        ("E00000000", "E******00"),
        ("ABCD", "A*CD"),
        ("ABC", "***"),
        ("", ""),
    ],
)
def test_a_number_is_shown_by_its_first_and_its_last_two_signs(number, shown):
    assert masked(number) == shown


@settings(deadline=None)
@given(st.text(max_size=30))
def test_anything_typed_is_answered_by_a_number_or_a_refusal(typed):
    for kind in IdentifierKind:
        try:
            assert checked(typed, kind, today=TODAY) == normalized(typed)
        except IdentifierMistyped as refusal:
            assert refusal.values == {"kind": kind}


@settings(deadline=None)
@given(st.text(max_size=30))
def test_masking_hides_all_but_three_signs(number):
    shown = masked(number)
    assert len(shown) == len(number)
    assert sum(one == other for one, other in zip(shown, number, strict=True)) <= 3 + number.count("*")
