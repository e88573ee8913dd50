"""Somebody of the made-up world whom a bundle fits, and everybody beside them: who signs along, and the offices."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from portal.demonstration.accounts import Accounts
from portal.demonstration.calendar import Calendar
from portal.demonstration.casting import Casting
from portal.demonstration.catalogue import read_service
from portal.demonstration.companions import Companions
from portal.demonstration.filing import _answered, _claimed, _fetched, _looked_through, _signed
from portal.demonstration.following import Running
from portal.demonstration.matters import Matter
from portal.demonstration.offices import Offices
from portal.demonstration.proving import proved
from portal.demonstration.together import cast_together
from portal.demonstration.world import World
from tests.journeys.whole_portal import Portal

MOST_DAYS = 40


class OneThing:
    """One bundle as one person's matter: cast, prepared as a careful applicant would, and worked on by the offices."""

    def __init__(self, portal: Portal, code: str) -> None:
        self.accounts = Accounts(portal.site)
        anybody, world = self.accounts.anybody(), World(portal.sandbox, "sandbox-token")
        self.bundle = anybody.get(f"/bundles/{code}")
        services = {
            one: read_service(anybody.get(f"/services/{one}/definition")) for one in self.bundle["services"]
        }
        casting = Casting(world, Companions(world))
        [self.cast], _ = cast_together(casting, services, [(code, code, self.bundle["services"])])
        self.names = {one["code"]: one["name"] for one in anybody.items("/services", limit="100")}
        pool = ThreadPoolExecutor(2)
        self.offices = Offices(self.accounts, pool)
        self.offices.learn()
        self.calendar = Calendar(self.accounts, world, self.offices, pool, lambda _: None)
        self.matter = self._matter()

    @property
    def codes(self) -> list[str]:
        """Return the services that fit."""
        return [one.service.code for one in self.cast.members]

    @property
    def taken(self) -> Sequence[str]:
        """Return the services whose questions are answered with yes."""
        return [one for one in self.codes if one in self.bundle["situations"]]

    @property
    def left_out(self) -> list[str]:
        """Return the names of what is always part of it and does not fit."""
        always = (one for one in self.bundle["services"] if one not in self.bundle["situations"])
        return [self.names[one] for one in always if one not in self.codes]

    @property
    def username(self) -> str:
        """Return who applies."""
        return self.cast.first.person.username

    @property
    def holder(self) -> str:
        """Return for whom, as the page has it."""
        return self.business_id if self.cast.business else "me"

    @property
    def needs_a_visit(self) -> bool:
        """Return whether the plan has somebody come in."""
        return any(step.mode == "counter" for one in self.cast.members for step in one.service.steps)

    @property
    def ended(self) -> set[str]:
        """Return how its cases have ended."""
        return {one.ended_as for one in self.calendar.running}

    @property
    def visits(self) -> int:
        """Return how often somebody attended for any of its cases, at the most."""
        return max(one.visits for one in self.calendar.running)

    def _matter(self) -> Matter:
        first, cast = self.cast.first, self.cast
        example = replace(first.example, facts=cast.facts)
        return Matter(
            first.service, example, first.person, cast.business, cast.answers, cast.facts, cast.signers
        )

    def claims_the_business(self) -> None:
        """Have the business register say that whoever applies represents it."""
        if self.cast.business:
            owner = self.accounts.resident(self.cast.business.username)
            self.business_id = _claimed(owner, self.cast.business.number)

    def prepares(self, application: str) -> None:
        """Answer, look through what was found, and give what no office holds."""
        applicant, path = self.accounts.resident(self.username), f"/applications/{application}"
        draft = _fetched(applicant, path, applicant.get(path))
        applicant.patch(f"{path}/answers", {"answers": self.matter.answers}, version=draft["version"])
        draft = _fetched(applicant, path, applicant.get(path))
        draft = _answered(applicant, path, draft, self.matter)
        draft = _looked_through(applicant, path, draft, self.matter)
        proved(applicant, path, draft)

    def others_sign(self, application: str) -> None:
        """Let everybody sign who was named, and note the cases that there are now."""
        applicant, path = self.accounts.resident(self.username), f"/applications/{application}"
        number = applicant.get(path)["number"]
        if self.cast.signers:
            _signed(self.matter, self.accounts, number)
            proved(applicant, path, applicant.get(path), for_others=True)
        cases = {card["service"]: card["id"] for card in applicant.items(f"{path}/cases")}
        self.calendar.running = [
            Running(one, application, cases[one.service.code]) for one in self.cast.members
        ]
        self.calendar.today = self.calendar._begin()

    def offices_work_until(self, happened: Callable[[], bool]) -> None:
        """Let the offices work day after day until it happens, or nothing is left to wait for."""
        for _ in range(MOST_DAYS if self.needs_a_visit else 0):
            acted = True
            while acted:
                work = self.calendar._settled()
                acted = self.offices.accept(self.offices.codes)
                acted += self.offices.work(work["officesDue"], self.calendar.today.isoformat())
            self.calendar._settled()
            if happened() or not self.calendar._move():
                return

    def offices_finish(self) -> None:
        """Let everybody do their part until the last case has ended, the visit included."""
        self.calendar.live([])
