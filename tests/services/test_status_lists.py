"""R12.1: other systems poll signed lists of what still holds; a list names no number, no holder and no case."""

import jwt
import pgtrigger
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services.certificates import actions, queries
from services.certificates.keys import as_jwk
from services.certificates.models import Certificate, SealKey
from services.certificates.queries import statuses
from services.core.status_lists import LENGTH, Mark, mark_at, reference
from tests.services.a_certificate import LAW, NOW, SUPERVISOR, TODAY, issue, licence

pytestmark = pytest.mark.django_db

MOMENT = 1_772_430_000.0


def read(number: int = 1, moment: float = MOMENT) -> dict:
    token = statuses.status_list(number=number, moment=moment).token
    header = jwt.get_unverified_header(token)
    # Checked as others do it: with the key as it is published, of whichever kind the house seals with.
    key = as_jwk(bytes(SealKey.objects.get(id=header["kid"]).public_key))
    assert (header["alg"], header["typ"]) == (key["alg"], "statuslist+jwt")
    return jwt.decode(
        token, jwt.PyJWK(key), algorithms=[key["alg"]], options={"verify_exp": False, "verify_iat": False}
    )


def mark_of(one) -> Mark:
    """Read a certificate's status as whoever was shown it once does from then on."""
    place = queries.verify(number=one.number, check_code=one.check_code, on=TODAY).status_list
    number = int(place.address.rsplit("/", 1)[1])
    return mark_at(read(number)["status_list"]["lst"], place.index)


def test_what_holds_and_what_does_not_is_read_from_the_signed_list():
    plain, suspended, revoked, cancelled = issue(*[licence(key=str(n)) for n in range(4)])
    why = {"actor": SUPERVISOR, "reason": "found_out", "legal_basis": LAW, "now": NOW}

    actions.suspend_certificate(certificate_id=suspended.id, **why)
    actions.revoke_certificate(certificate_id=revoked.id, **why)
    actions.cancel_certificate(certificate_id=cancelled.id, **why)

    marks = [mark_of(one) for one in (plain, suspended, revoked, cancelled)]
    assert marks == [Mark.VALID, Mark.SUSPENDED, Mark.INVALID, Mark.INVALID]
    actions.reinstate_certificate(certificate_id=suspended.id, **why)
    assert mark_of(suspended) is Mark.VALID


def test_a_superseded_version_says_so_and_the_new_one_holds():
    [old] = issue(licence())
    [new] = issue(licence(supersedes=True))

    assert (mark_of(old), mark_of(new)) == (Mark.SUPERSEDED, Mark.VALID)


def test_it_says_when_it_was_made_how_long_it_is_fresh_and_how_long_it_is_good():
    issue(licence())

    claims = read()

    assert claims["sub"].endswith("/api/v1/status-lists/1")
    assert claims["iat"] <= MOMENT < claims["iat"] + claims["ttl"] < claims["exp"]


def test_nothing_in_it_is_personal_and_it_is_as_long_with_one_certificate_as_with_many():
    issue(licence())
    one = read()["status_list"]["lst"]
    issue(*[licence(key=str(n)) for n in range(9)])

    assert set(read()) == {"sub", "iat", "exp", "ttl", "status_list"}
    assert read()["status_list"] == {"bits": 2, "lst": one}


def test_everybody_who_asks_within_five_minutes_gets_the_same_until_something_changes():
    [one] = issue(licence())
    first = statuses.status_list(number=1, moment=MOMENT)
    assert statuses.status_list(number=1, moment=MOMENT + 1).tag == first.tag

    actions.revoke_certificate(
        certificate_id=one.id, actor=SUPERVISOR, reason="found_out", legal_basis=LAW, now=NOW
    )

    assert statuses.status_list(number=1, moment=MOMENT).tag != first.tag


def test_a_second_list_begins_when_the_first_is_full_and_there_is_none_before_it():
    issue(licence())
    with pytest.raises(statuses.NoSuchStatusList):
        statuses.status_list(number=2)
    last = Certificate.objects.order_by("-place").first()
    with pgtrigger.ignore("certificates.Certificate:sealed_is_read_only"):  # so many are not issued in a test
        Certificate.objects.filter(id=last.id).update(place=LENGTH + 1)

    assert reference(LENGTH + 1).number == statuses.status_lists() == 2
    assert mark_at(read(2)["status_list"]["lst"], reference(LENGTH + 1).index) is Mark.VALID


def test_a_list_reads_only_what_is_out_of_force():
    issue(*[licence(key=str(n)) for n in range(5)])

    with CaptureQueriesContext(connection) as asked:
        statuses.status_list(number=1, moment=MOMENT)

    assert len(asked) == 2
    assert "content" not in asked[1]["sql"]


def test_its_place_in_the_list_never_moves():
    """Who moved it would take a revoked certificate out of the list, or put another into it."""
    (one,) = issue(licence())

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Certificate.objects.filter(id=one.id).update(place=LENGTH + 1)
