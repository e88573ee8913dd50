"""An officer at the desk's pages, by Django's client, and matters that lie on it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from services import clock
from services.cases.models import Case, Task
from services.people.models import Account
from services.people.queries import AccountView
from tests.services import a_matter

WORKS = {"application.works": "a tower", "application.height": 30}
PARTNER = {"application.partner_name": "Bo Made-up", "application.partner_number": "440524188001010014"}


class Desk:
    """Somebody signed in at the desk."""

    def __init__(self, viewer: AccountView) -> None:
        self.viewer = viewer
        self.client = Client()
        self.client.force_login(Account.objects.get(id=viewer.id))

    def opens(self, path: str) -> HttpResponse:
        """Open a page."""
        return self.client.get(path)

    def opens_case(self, case: Case) -> HttpResponse:
        """Open the case's page."""
        return self.opens(f"/desk/cases/{case.id}/")

    def does(self, task_id: UUID, form: str, /, **fields: Any) -> HttpResponse:
        """Send a task's form, as the case's page of this moment has it."""
        version = Task.objects.select_related("case").get(id=task_id).case.version
        return self.client.post(f"/desk/tasks/{task_id}/{form}/", {"version": version, **fields})

    def writes(self, task_id: UUID, letter: str, /, **fields: Any) -> HttpResponse:
        """Write a letter, read it, and send what was read."""
        read = self.does(task_id, letter, act="see", **fields)
        if read.status_code != 200:
            return read
        return self.does(task_id, letter, act="send", read=read.context["read"], **fields)


def works_permit(viewer: AccountView) -> Case:
    """File for a works permit whose plan is a copy that nobody has looked at."""
    return a_matter.file(viewer, "works-permit", WORKS, now=clock.now())


def works_permit_without_plan(viewer: AccountView) -> Case:
    """File for a works permit, knowingly without the plan."""
    application = a_matter.begin(viewer, "works-permit", WORKS, now=clock.now())
    return a_matter.submit(viewer, application, now=clock.now(), with_gaps=True)


def joint_deed(viewer: AccountView) -> Case:
    """File a deed that two people sign at the counter."""
    application = a_matter.begin(viewer, "joint-deed", PARTNER, now=clock.now())
    a_matter.give(viewer, application, now=clock.now())
    return a_matter.submit(viewer, application, now=clock.now())


def text_of(page: HttpResponse) -> str:
    """Return the page's words."""
    return page.content.decode()
