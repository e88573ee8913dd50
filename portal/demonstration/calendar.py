"""Day after day: applicants file and look after their cases, officers do what is due, and then the clock moves on."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from portal.demonstration.accounts import Accounts
from portal.demonstration.catalogue import FIRST_DAY
from portal.demonstration.client import Json, Problem
from portal.demonstration.filing import file
from portal.demonstration.fitting import wanted
from portal.demonstration.following import Running, look
from portal.demonstration.lives import Life
from portal.demonstration.matters import Matter
from portal.demonstration.offices import Offices
from portal.demonstration.several import file_together
from portal.demonstration.together import Together
from portal.demonstration.world import World

SETTLED_SECONDS = 0.15
PATIENCE_SECONDS = 90
ROUNDS_A_DAY = 40
# Should something wait for ever, the demonstration does not.
MOST_DAYS = 400


@dataclass(slots=True)
class Calendar:
    """The course of the demonstration; `failures` tells what went wrong, by service."""

    accounts: Accounts
    world: World
    offices: Offices
    executor: Executor
    tell: Callable[[str], None]
    waiting: list[Matter] = field(default_factory=list)
    running: list[Running] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    today: date = FIRST_DAY

    def live(self, matters: Sequence[Matter], together: Sequence[Together] = ()) -> None:
        """Live through all applications, from the first day until the last one has ended."""
        self.waiting = list(matters)
        self.begin()
        self._file_together(together)
        last = self.today + timedelta(days=MOST_DAYS)
        while self.today <= last:
            self._day()
            self.tell(self._progress())
            if not (self.open_ones or self.waiting) or not self.move():
                break
        self.failures += [f"{one.service.code}: was never filed" for one in self.waiting]
        self.failures += self.offices.failures.values()

    @property
    def open_ones(self) -> list[Running]:
        """Return the cases that have not ended."""
        return [one for one in self.running if not one.ended_as]

    def begin(self) -> None:
        """Set the legal clock, or go on from where it stands if it was set before."""
        operator = self.accounts.administrator()
        try:
            operator.post("/clock-movements", {"startOn": FIRST_DAY.isoformat()})
        except Problem as problem:
            if problem.kind != "clock-not-shifted":
                raise
        self.today = date.fromisoformat(operator.get("/clock")["today"])

    def _day(self) -> None:
        """Let everybody act until nobody has anything more to do today."""
        for _ in range(ROUNDS_A_DAY):
            filed = self._file_what_can_be()
            work = self.settled()
            acted = self.offices.accept(sorted({one.service.organisation for one in filed}))
            acted += self.offices.work(work["officesDue"], self.today.isoformat())
            acted += self.offices.receive(self.today.isoformat()) if work["visitorsExpected"] else []
            self._stir(acted)
            looked = self._look()
            if not (filed or acted or looked):
                return

    def _file_what_can_be(self) -> list[Matter]:
        """File everything whose applicant has what it builds on, and return it."""
        # What a bundle brings is its own applicant's: nobody else builds on it.
        alone = [one for one in self.running if not one.part_of]
        done = {one.matter.service.code for one in alone} - {
            one.matter.service.code for one in alone if not one.ended_as
        }
        ready = [one for one in self.waiting if one.after <= done]
        self.waiting = [one for one in self.waiting if one not in ready]
        cut_off = [one for one in ready if one.life is Life.REGISTER_DOWN]
        with _registers_down(self.world, cut_off):
            self._file(cut_off)
        self._file([one for one in ready if one not in cut_off])
        return ready

    def _file(self, matters: Sequence[Matter]) -> None:
        """File applications: those of one person one after another, different people at the same time."""
        groups = _by_person(matters)
        for filed in self.executor.map(lambda group: [self._filed(one) for one in group], groups):
            for one in (one for one in filed if one is not None):
                self.running.append(one)
                if one.matter.life is Life.EXAM_FAILED:
                    self.offices.fail.add(one.case)

    def _filed(self, matter: Matter) -> Running | None:
        try:
            application, cases = file(matter, self.accounts)
            return Running(matter, application, cases[0])
        except Exception as error:  # noqa: BLE001 - told at the end; the others go on
            self.failures.append(f"{matter.service.code}: {error!r}")
            return None

    def _file_together(self, together: Sequence[Together]) -> None:
        """File the bundles and baskets, all on the first day: what comes after what is the portal's to know."""
        for found in self.executor.map(self._filed_together, together):
            self.running += found

    def _filed_together(self, one: Together) -> list[Running]:
        try:
            return file_together(one, self.accounts)
        except Exception as error:  # noqa: BLE001 - told at the end; the others go on
            self.failures.append(f"{one.code}: {error!r}")
            return []

    def _stir(self, cases: Iterable[str]) -> None:
        stirred = set(cases)
        # What happens to one service of an application may open another of it.
        stirred_too = {one.application for one in self.running if one.case in stirred}
        for one in self.running:
            due = one.look_on is not None and one.look_on <= self.today
            one.look = one.look or due or one.application in stirred_too

    def _look(self) -> int:
        """Let applicants look at the cases in which something happened; return how many of them acted."""
        due = [one for one in self.open_ones if one.look]
        acted = self.executor.map(self._looked, due)
        count = sum(acted)
        self.offices.stay_away = {one.appointment for one in self.running if one.stays_away}
        return count

    def _looked(self, one: Running) -> bool:
        try:
            return look(one, self.accounts, self.today)
        except Exception as error:  # noqa: BLE001 - told at the end; the others go on
            self.failures.append(f"{one.matter.service.code}: {error}")
            one.ended_as = "stuck"
            return False

    def settled(self) -> Json:
        """Wait until the workers have done what they can today, and return what is left to people."""
        operator, end = self.accounts.administrator(), time.monotonic() + PATIENCE_SECONDS
        while True:
            work = operator.get("/work-in-hand")
            if not (work["casesToRoute"] or work["errandsToRun"]) or time.monotonic() > end:
                return work
            time.sleep(SETTLED_SECONDS)

    def move(self) -> bool:
        """Move the clock to the next day that brings anything; return whether there is one."""
        work = self.settled()
        days = [one.look_on for one in self.open_ones if one.look_on and one.look_on > self.today]
        days += [date.fromisoformat(str(said)[:10]) for said in (work["nextDueOn"], work["nextAt"]) if said]
        if work["errandsPutOff"]:
            days.append(self.today + timedelta(days=1))
        coming = [day for day in days if day > self.today]
        if not coming:
            return False
        self.move_by((min(coming) - self.today).days)
        return True

    def move_by(self, days: int) -> None:
        """Move the clock so many days ahead."""
        answer = self.accounts.administrator().post("/clock-movements", {"days": days})
        self.today = date.fromisoformat(answer["today"])
        self._stir(())

    def _progress(self) -> str:
        ended = len(self.running) - len(self.open_ones)
        return f"{self.today}  {len(self.running)} filed, {ended} ended, {len(self.open_ones)} under way"


@contextmanager
def _registers_down(world: World, matters: Sequence[Matter]) -> Iterator[None]:
    """Keep the registers that these matters need from answering while the block files."""
    needs = [wanted(one.service, one.example) for one in matters]
    codes = sorted({code for one in needs for code in one.person | one.business})
    try:
        for code in codes:
            world.switch(code, "down")
        yield
    finally:
        for code in codes:
            world.switch(code, "ok")


def _by_person(matters: Sequence[Matter]) -> Iterator[list[Matter]]:
    ordered = sorted(matters, key=lambda one: one.person.username)
    for _, group in groupby(ordered, key=lambda one: one.person.username):
        yield list(group)
