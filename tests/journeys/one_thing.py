"""Somebody of the made-up world whom a bundle fits, and everybody beside them: who signs along, and the offices."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from portal.demonstration.accounts import Accounts
from portal.demonstration.answering import made_up
from portal.demonstration.calendar import Calendar
from portal.demonstration.casting import Casting
from portal.demonstration.catalogue import read_service
from portal.demonstration.client import Json
from portal.demonstration.companions import Companions
from portal.demonstration.filing import claimed
from portal.demonstration.following import ENDED
from portal.demonstration.offices import Offices
from portal.demonstration.together import cast_together
from portal.demonstration.world import World
from tests.journeys.whole_portal import Portal


class OneThing:
    """One bundle as one person's matter: who applies, what they answer, who signs, and the offices that work on it."""

    def __init__(self, portal: Portal, code: str) -> None:
        self.accounts = Accounts(portal.site)
        anybody, world = self.accounts.anybody(), World(portal.sandbox, "sandbox-token")
        self.bundle = anybody.get(f"/bundles/{code}")
        services = {
            one: read_service(anybody.get(f"/services/{one}/definition")) for one in self.bundle["services"]
        }
        # Whoever came in another journey has matters of their own.
        for one in [found for name in sorted(portal.met) if (found := world.person(name))]:
            one.cast_in.append("another journey")
        casting = Casting(world, Companions(world))
        [self.cast], _ = cast_together(casting, services, [(code, code, self.bundle["services"])])
        self.facts = {fact: asked for one in services.values() for fact, asked in one.facts.items()}
        pool = ThreadPoolExecutor(1)
        self.offices = Offices(self.accounts, pool)
        self.offices.learn()
        self.calendar = Calendar(self.accounts, world, self.offices, pool, lambda _: None)
        self.calendar.begin()
        self.codes = [one.service.code for one in self.cast.members]
        self.username = self.cast.first.person.username
        self.signers = tuple(dict.fromkeys(one.username for one in self.cast.signers))
        self.application = ""
        portal.met.update((self.username, *self.signers))

    @property
    def taken(self) -> Sequence[str]:
        """Return the services whose questions are answered with yes."""
        return [one for one in self.codes if one in self.bundle["situations"]]

    @property
    def left_out(self) -> list[str]:
        """Return what is always part of it and does not fit."""
        always = (one for one in self.bundle["services"] if one not in self.bundle["situations"])
        return [one for one in always if one not in self.codes]

    @property
    def cards(self) -> list[Json]:
        """Return its cases as lists show them."""
        return list(self.accounts.resident(self.username).items(f"/applications/{self.application}/cases"))

    @property
    def cases(self) -> list[Json]:
        """Return its cases, whole."""
        return [self.accounts.resident(self.username).get(f"/cases/{one['id']}") for one in self.cards]

    @property
    def is_over(self) -> bool:
        """Return whether all of it has ended."""
        return all(one["state"] in ENDED for one in self.cards)

    def answer(self, fact: str) -> Any:
        """Return what is answered to this question."""
        known = {**self.cast.facts, **self.cast.answers}
        return known[fact] if fact in known else made_up(self.facts[fact])

    def holder(self) -> str:
        """Return for whom it is, as the page has it: a business is one that its register says they represent."""
        business = self.cast.business
        return claimed(self.accounts.resident(business.username), business.number) if business else "me"

    def signers_claim(self) -> None:
        """Let everybody who signs for a business show that they represent it."""
        for one in self.cast.signers:
            if one.business:
                claimed(self.accounts.resident(one.username), one.business)

    def offices_work(self) -> None:
        """Let the offices do at once what has come to them of this application."""
        while tasks := [*self._tasks()]:
            for office, task in tasks:
                self.offices.do(office, task)
        self.calendar.settled()

    def _tasks(self) -> Iterator[tuple[str, Json]]:
        self.calendar.settled()
        cards = self.cards
        ours = {one["id"] for one in cards}
        waits = [wait.split(":") for one in cards for wait in one["waitsFor"]]
        for office in sorted({office for who, office, *_ in waits if who == "office"}):
            for task in self.offices.tasks(office):
                if task["caseId"] in ours and task["id"] not in self.offices.failures:
                    yield office, task

    def next_day(self) -> bool:
        """Move to the next day that brings anything; return whether there is one."""
        return self.calendar.move()

    def day_of(self, appointment: Json) -> None:
        """Move to the day of an appointment."""
        days = (date.fromisoformat(appointment["startsAt"][:10]) - self.calendar.today).days
        if days:
            self.calendar.move_by(days)

    @property
    def appointment(self) -> Json:
        """Return the one visit that is booked for it."""
        booked = {
            one["id"]: one for case in self.cases for one in case["appointments"] if one["status"] == "booked"
        }
        [only] = booked.values()
        return only
