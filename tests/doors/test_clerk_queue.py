"""The queue of an office: its own tasks, who has which, and the way to the next one."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from services.cases.actions import handling
from services.cases.models import Task
from services.people.models import Account
from tests.doors.a_desk import Desk, text_of, works_permit
from tests.services.a_matter import task_of


@pytest.fixture
def permit(town, resident):
    return works_permit(resident())


@pytest.fixture
def clerk(town, officer):
    return Desk(officer("clerk", "works-office"))


def test_the_queue_shows_only_the_tasks_of_ones_own_office(permit, clerk, officer):
    elsewhere = Desk(officer("clerk", "records-office"))

    assert permit.number in text_of(clerk.opens("/desk/"))
    assert permit.number not in text_of(elsewhere.opens("/desk/"))


def test_whoever_is_no_officer_finds_no_desk(permit, resident, officer):
    assert Client().get("/desk/")["Location"] == "/accounts/login/?next=/desk/"
    assert Desk(resident("stranger")).opens("/desk/").status_code == 404
    assert Desk(officer("administrator")).opens("/desk/").status_code == 404


def test_staff_sign_in_by_name_and_password_and_come_to_their_desk(town, officer):
    officer("clerk", "works-office", "otto")

    answer = Client().post("/accounts/login/", {"login": "otto", "password": "made-up-officer"})

    assert answer["Location"] == "/desk/"


def test_taking_a_task_shows_colleagues_who_has_it(permit, clerk, officer):
    colleague = Desk(officer("clerk", "works-office", "berta"))
    clerk.client.post(f"/desk/tasks/{task_of(permit, 'acceptance')}/claim/")

    answer = colleague.client.post(f"/desk/tasks/{task_of(permit, 'acceptance')}/claim/", follow=True)

    assert "A colleague is working on this task." in text_of(answer)
    assert "has this task" in text_of(colleague.opens_case(permit))


def test_the_next_task_is_the_most_urgent_that_nobody_has(town, resident, clerk):
    first, second = works_permit(resident("one")), works_permit(resident("two"))
    Task.objects.filter(case=second).update(due_on=timezone.localdate().replace(year=2025))

    led = [clerk.client.post("/desk/next/")["Location"] for _ in range(3)]

    assert led == [f"/desk/cases/{second.id}/", f"/desk/cases/{first.id}/", "/desk/"]


def test_a_clerk_is_not_given_what_only_a_reviewer_can_end(permit, clerk):
    Task.objects.filter(case=permit).update(kind="decision")

    assert handling.claim_next(viewer=clerk.viewer, now=timezone.now()) is None


def test_filters_stand_in_the_address_and_nonsense_in_it_does_no_harm(permit, clerk):
    assert permit.number in text_of(clerk.opens("/desk/?kind=acceptance"))
    assert permit.number not in text_of(clerk.opens("/desk/?kind=review"))
    assert permit.number not in text_of(clerk.opens("/desk/?mine=1"))
    assert clerk.opens("/desk/?kind=nonsense&after=nonsense&mine=nonsense").status_code == 200


def test_a_long_queue_comes_in_pages_without_a_gap_in_few_queries(permit, clerk):
    task = Task.objects.get(case=permit)
    more = [
        Task(case=permit, kind="review", step=f"step-{number}", organisation="works-office",
             opened_at=task.opened_at, due_on=task.due_on)
        for number in range(60)
    ]  # fmt: skip
    Task.objects.bulk_create(more)
    address, seen = "/desk/", 0

    while address:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = clerk.opens(address)
        assert len(queries) <= 12
        seen += len(page.context["tasks"])
        address = page.context["next_url"]

    assert seen == 61


def test_an_account_that_was_closed_is_out_at_the_next_click(permit, clerk):
    Account.objects.filter(id=clerk.viewer.id).update(is_active=False)

    assert re.match("/accounts/login/", clerk.opens("/desk/")["Location"])
