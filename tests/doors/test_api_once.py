"""The same request twice has one effect, and one answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from services.cases.actions import idempotency
from services.cases.models import Application
from tests.doors.test_api_whole_path import SERVICE
from tests.doors.the_api import Api, problem, told

ASKED = {"services": [SERVICE]}


@pytest.fixture
def mine(published, resident) -> Api:
    """A resident with a token."""
    return Api(resident())


def test_the_same_request_again_gets_the_same_answer(mine):
    first, again = (mine.post("/applications", ASKED, key="one") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert told(first, 201) == told(again, 201)
    assert (first["Location"], first["ETag"]) == (again["Location"], again["ETag"])
    assert Application.objects.count() == 1


def test_another_request_needs_another_key(mine):
    told(mine.post("/applications", ASKED, key="one"), 201)
    other = mine.post("/applications", ASKED | {"language": "zh"}, key="one")
    assert problem(other) == (422, "idempotency-key-reused")
    assert Application.objects.count() == 1


@pytest.mark.parametrize("key", ["", "with a space", "ü", "x" * 121])
def test_a_key_is_needed(mine, key):
    answer = mine.send("POST", "/applications", ASKED, **{"Idempotency-Key": key.encode().decode("latin-1")})
    assert problem(answer) == (400, "idempotency-key-needed")


def test_a_key_is_its_accounts_own(mine, resident):
    told(mine.post("/applications", ASKED, key="one"), 201)
    told(Api(resident("stranger")).post("/applications", ASKED | {"language": "zh"}, key="one"), 201)
    assert Application.objects.count() == 2


def test_a_refused_request_leaves_its_key_free(mine):
    assert problem(mine.post("/applications", {"services": ["none"]}, key="one"))[0] == 404
    told(mine.post("/applications", ASKED, key="one"), 201)


def test_while_it_runs_it_is_not_run_again(resident):
    now, who = timezone.now(), resident().id
    asked = {"account_id": who, "key": "one", "digest": "d"}
    assert idempotency.begin(**asked, now=now) is None
    with pytest.raises(idempotency.StillRunning):
        idempotency.begin(**asked, now=now + timedelta(seconds=30))
    # Its process has died over it: nothing was done, and the key is free again.
    assert idempotency.begin(**asked, now=now + timedelta(minutes=3)) is None


def test_an_answer_is_kept_for_a_day(resident):
    now, who = timezone.now(), resident().id
    asked = {"account_id": who, "key": "one", "digest": "d"}
    assert idempotency.begin(**asked, now=now) is None
    answer = idempotency.Answer(status=201, headers={"ETag": '"1"'}, body={"id": "7"})
    idempotency.finish(account_id=who, key="one", answer=answer)
    assert idempotency.begin(**asked, now=now + timedelta(hours=23)) == answer
    assert idempotency.begin(**asked, now=now + timedelta(hours=25)) is None
