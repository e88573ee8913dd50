"""Every address of the desk and of the API, asked as an officer: what shows personal data leaves a reading (R15.6).

No page is trusted to record: nothing encrypted opens for an officer before a reading is on record
(`services.ledger.looking`). So an address that answers without a reading has shown nothing personal.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.test import Client

from services.core.purposes import Purpose
from services.ledger.looking import PurposeNeeded
from services.ledger.models import Reading
from services.people.models import Account
from services.people.queries import AccountView
from tests.doors.a_neighborhood import things, visitors
from tests.doors.every_address import Address, every_address
from tests.doors.the_api import Api

# What an officer of the works office, and for visits one of the records office, finds personal data under.
READ_BY_CLERK = {
    "desk/cases/<uuid:case_id>/": Purpose.HANDLING,
    "desk/cases/<uuid:case_id>/pause/": Purpose.HANDLING,
    "desk/cases/<uuid:case_id>/extend/": Purpose.HANDLING,
    "desk/cases/<uuid:case_id>/days/": Purpose.HANDLING,
    "desk/cases/<uuid:case_id>/record/": Purpose.HANDLING,
    "desk/cases/<uuid:case_id>/copies/<uuid:evidence_id>/": Purpose.CHECK_COPY,
    "desk/cases/<uuid:case_id>/promises/<slug:requirement>/": Purpose.HANDLING,
    "desk/cases/<uuid:case_id>/promises/<slug:requirement>/received/": Purpose.HANDLING,
    "desk/tasks/<uuid:task_id>/correction/": Purpose.HANDLING,
    "desk/tasks/<uuid:task_id>/decline/": Purpose.HANDLING,
    "desk/tasks/<uuid:task_id>/refuse/": Purpose.HANDLING,
    "api/v1/cases/<uuid:case_id>": Purpose.HANDLING,
    "api/v1/cases/<uuid:case_id>/evidence": Purpose.HANDLING,
    "api/v1/cases/<uuid:case_id>/timeline": Purpose.HANDLING,
    "api/v1/cases/<uuid:case_id>/settlements": Purpose.HANDLING,
    "api/v1/cases/<uuid:case_id>/answers": Purpose.HANDLING,
    "api/v1/cases/<uuid:case_id>/files/<uuid:evidence_id>": Purpose.CHECK_COPY,
}
READ_ELSEWHERE = {
    "desk/visits/<uuid:appointment_id>/": Purpose.VISIT,
    "desk/certificates/<slug:number>/": Purpose.CERTIFICATE,
    "desk/certificates/<slug:number>/<slug:change>/": Purpose.CERTIFICATE,
    "api/v1/appointments/<uuid:appointment_id>": Purpose.VISIT,
    "api/v1/certificates/<slug:number>": Purpose.CERTIFICATE,
}
READ_BY_SUPERVISOR = {
    "desk/questions/<uuid:question_id>/": Purpose.READING_QUESTION,
    "api/v1/reading-questions/<uuid:question_id>": Purpose.READING_QUESTION,
}


def asked() -> Iterator[Address]:
    """Yield every address that an officer may look at."""
    for address in every_address():
        if address.door.startswith(("portal.clerk", "portal.api")):
            yield address


def every_thing(everybody: dict[str, AccountView | None]) -> dict[str, object]:
    """Return one of everything an address can name; what nobody here has, is nobody's."""
    known = things(everybody)
    return {"application_id": known["draft"], "pause_id": uuid4(), "page_id": uuid4(), **known}


class Undone(Exception):
    """Leaves a request without its effect."""


def readings_left(viewer: AccountView, path: str) -> tuple[int, list[Reading]]:
    """Ask for a page; return the answer's status and the readings that it left, and undo them."""
    desk = Client(raise_request_exception=False)
    desk.force_login(Account.objects.get(id=viewer.id))
    before = Reading.objects.aggregate(last=Max("id"))["last"] or 0
    found: list[Reading] = []
    status = 0
    try:
        with transaction.atomic():
            answer = (
                Api(viewer).get(path.removeprefix("/api/v1")) if path.startswith("/api") else desk.get(path)
            )
            status = answer.status_code
            # A page that forgets to record is refused at the first encrypted value: none does.
            assert answer.streaming or PurposeNeeded.sentence not in answer.content.decode(), path
            found = list(Reading.objects.filter(id__gt=before))
            raise Undone
    except Undone:
        return status, found


def left_by(viewer: AccountView, known: dict[str, object]) -> dict[str, set[str]]:
    """Return the addresses under which the officer was shown something and left readings, with their purposes.

    Each person is told once: one reading a request and a holder.
    """
    found = {}
    for address in asked():
        status, left = readings_left(viewer, address.at(known))
        assert status < 500, address
        told = [(one.holder_kind, one.holder_id) for one in left if not one.refused]
        assert len(told) == len(set(told)), f"{address.route} tells somebody twice"
        if told and status == 200:
            found[address.route] = {one.purpose for one in left}
    return found


@pytest.mark.parametrize(
    ("who", "expected"),
    [("clerk", READ_BY_CLERK), ("elsewhere", READ_ELSEWHERE), ("supervisor", READ_BY_SUPERVISOR)],
)
def test_whatever_shows_an_officer_personal_data_leaves_one_reading(who, expected, town, officer):
    """R15.6"""
    everybody = visitors(officer)
    known = every_thing(everybody)

    found = left_by(everybody[who], known)

    assert {route: {str(purpose)} for route, purpose in expected.items()}.items() <= found.items()
    assert connection.in_atomic_block


def test_an_officer_of_another_office_is_refused_everywhere_and_each_time_on_record(town, officer):
    """R3.2, R15.6"""
    everybody = visitors(officer)
    known = every_thing(everybody)

    for route in READ_BY_CLERK:
        (address,) = [one for one in asked() if one.route == route]
        status, left = readings_left(everybody["elsewhere"], address.at(known))
        assert status == 404, route
        if "case_id" in address.places:
            assert left and all(one.refused for one in left), route
