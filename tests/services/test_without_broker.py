"""With the broker down everything finishes, only slower: the sweep finds the work in the database."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection

from services import clock
from services.cases.actions import routing, submission
from services.cases.models import Case, Ready
from services.ledger import queries as ledger
from services.ledger.actions import Head
from tests.services.a_matter import begin
from tests.services.a_register import NOW

HOME = {"application.home": "1 Orchard Lane"}


def submitted(viewer, now=NOW):
    application = begin(viewer, "home-record", HOME, now=now)
    (case_id,) = submission.submit_application(viewer=viewer, application_id=application, now=now)
    return case_id


def test_a_case_filed_while_the_broker_is_away_is_finished_by_the_sweep(away, ayshe):
    case_id = submitted(ayshe, now=clock.now())
    assert Case.objects.get(id=case_id).state == "received"

    call_command("sweep", once=True)

    assert Case.objects.get(id=case_id).state == "closed"


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_turn_each_case_once(ayshe):
    """Claims are passed over, not waited for; nobody's work is done twice."""
    ids = [submitted(ayshe) for _ in range(12)]
    turned = []

    def worker():
        turned.append(routing.route_cases(now=NOW))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    routing.route_cases(now=NOW)

    assert {case.state for case in Case.objects.filter(id__in=ids)} == {"closed"}
    assert not Ready.objects.exists()
    for case in Case.objects.filter(id__in=ids):
        assert ledger.verify_case(case.id, Head(case.ledger_sequence, case.ledger_head)) is None
        events = [entry.event for entry in ledger.entries_of(case.id)]
        assert events.count("issued") == 1
