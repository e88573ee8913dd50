"""A citizen at the portal's pages, by Django's client, and workers who do at once what is to be done."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from services import clock
from services.cases.actions import gathering, routing
from services.people.models import Account
from services.people.queries import AccountView

ANSWERS = {
    "application.company_name": "Example Clear Spring Trading Co., Ltd.",
    "application.company_form": "limited",
    "application.company_activity": "Trade",
}
APPLICATION = re.compile(r"/apply/([0-9a-f-]{36})/")


class Citizen:
    """Somebody signed in, who goes where the pages lead."""

    def __init__(self, viewer: AccountView) -> None:
        self.client = Client()
        self.client.force_login(Account.objects.get(id=viewer.id))

    def opens(self, path: str, **more: Any) -> HttpResponse:
        """Open a page, following where it leads."""
        return self.client.get(path, follow=True, **more)

    def sends(self, path: str, **fields: Any) -> HttpResponse:
        """Send a form, without following where it leads."""
        return self.client.post(path, fields)

    def begins(self, code: str) -> UUID:
        """Begin an application for oneself and return it."""
        led = self.sends(f"/apply/{code}/")
        if led["Location"].endswith("/for/"):
            led = self.sends(led["Location"], holder="me")
        return UUID(APPLICATION.search(led["Location"]).group(1))

    def prepares(self, code: str, answers: Mapping[str, str] = ANSWERS) -> UUID:
        """Begin an application, have everything fetched and confirm it, and answer the questions."""
        application = self.begins(code)
        self.sends(f"/apply/{application}/fetch/")
        work()
        self.sends(f"/apply/{application}/found/")
        for fact, value in answers.items():
            assert self.sends(f"/apply/{application}/questions/{fact}/", **{fact: value}).status_code == 302
        # An answer that names a thing (a company's name) sends the workers to its register.
        work()
        self.sends(f"/apply/{application}/found/")
        return application

    def files(self, code: str, answers: Mapping[str, str] = ANSWERS) -> UUID:
        """Prepare an application, submit it, and return it when the workers have done their part."""
        application = self.prepares(code, answers)
        assert self.sends(f"/apply/{application}/check/").status_code == 302
        work()
        return application


def work() -> None:
    """Do what workers do, until there is nothing left."""
    for _ in range(5):
        gathering.gather_evidence(now=clock.now())
        routing.route_cases(now=clock.now())


def text_of(page: HttpResponse) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
