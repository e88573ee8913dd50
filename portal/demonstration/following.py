"""What applicants do once they have filed: they look when something happened, pay, book, answer, come, or withdraw."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import httpx

from portal.demonstration.accounts import Accounts
from portal.demonstration.browser import TRANSPORT
from portal.demonstration.client import Json, Problem, Session
from portal.demonstration.filing import PATIENCE_SECONDS
from portal.demonstration.lives import GRANTED, Life
from portal.demonstration.matters import Matter
from portal.demonstration.proving import proved

ENDED = ("closed", "archived", "withdrawn", "lapsed", "declined")
UNDER_WAY = ("accepted", "in_review")
LOOK_SECONDS = 0.2


class Waited(Exception):
    """Something that should have come in a moment did not come."""


@dataclass(slots=True, eq=False)
class Running:
    """An application that was filed: where its case stands, and when its applicant looks at it again."""

    matter: Matter
    application: str
    case: str
    number: str = ""
    look: bool = True
    look_on: date | None = None
    # The day on which registers were last waited for: once a day is enough.
    waited_on: date | None = None
    appointment: str = ""
    has_missed: bool = False
    ended_as: str = ""
    visits: int = 0
    # The bundle or basket that it is a part of.
    part_of: str = ""

    @property
    def as_it_should(self) -> bool:
        """Return whether it ended as its life has it, with one visit at the most."""
        return self.ended_as == self.matter.life.ending and self.visits <= 1

    @property
    def stays_away(self) -> bool:
        """Return whether nobody will come to the appointment that is booked now."""
        return self.matter.life is Life.MISSED_VISIT and not self.has_missed


def look(one: Running, accounts: Accounts, today: date) -> bool:
    """Look at a case and do what it waits for; return whether anything was done."""
    applicant = accounts.resident(one.matter.person.username)
    case = applicant.get(f"/cases/{one.case}")
    one.look, one.number, one.visits = False, case["number"], case["visits"]
    one.look_on = min((day for day in _days(case) if day > today), default=None)
    if any(wait.startswith("service:") for wait in case["waitsFor"]):
        # It begins by itself when another service of the application is done: look whether it has.
        one.look_on = today + timedelta(days=1)
    if case["state"] in ENDED:
        one.ended_as = _ending(case)
        return False
    if any(wanted["standing"] == "fetching" for wanted in case["requirements"]) and one.waited_on != today:
        one.waited_on = today
        return _stir(one)
    return (
        _withdraws(one, applicant, case)
        or _corrects(one, applicant, case)
        or _renews(one, applicant, case)
        or _pays(one, applicant, case)
        or _books(one, applicant, case, today)
    )


def _ending(case: Json) -> str:
    return (case["verdict"] or GRANTED) if case["state"] in ("closed", "archived") else case["state"]


def _days(case: Json) -> list[date]:
    """Return the days on which something happens by itself: a period has ended, or evidence has run out."""
    periods = [step["until"] for step in case["steps"] if step["status"] == "open" and step["mode"] == "auto"]
    periods += [item["validUntil"] for wanted in case["requirements"] for item in wanted["evidence"]]
    return [date.fromisoformat(until) + timedelta(days=1) for until in periods if until]


def _withdraws(one: Running, applicant: Session, case: Json) -> bool:
    if one.matter.life is not Life.WITHDRAWN or case["state"] not in UNDER_WAY:
        return False
    applicant.post(f"/cases/{one.case}/withdrawal", version=case["version"])
    return _stir(one)


def _corrects(one: Running, applicant: Session, case: Json) -> bool:
    """Give what the correction notice asks for, and say so."""
    if case["state"] != "correction_requested":
        return False
    path = f"/applications/{one.application}"
    proved(applicant, path, applicant.get(path), for_others=True)
    version = applicant.get(f"/cases/{one.case}")["version"]
    applicant.post(f"/cases/{one.case}/correction-replies", version=version)
    return _stir(one)


def _renews(one: Running, applicant: Session, case: Json) -> bool:
    """Give what no register knew of those who come along, and anew what has run out while the office took its days."""
    handled = case["state"] in UNDER_WAY
    early = case["state"] == "received" and one.matter.life is not Life.CORRECTION
    open_ones = [wanted for wanted in case["requirements"] if wanted["standing"] == "open" and wanted["ways"]]
    if not open_ones or not (handled or early):
        return False
    path = f"/applications/{one.application}"
    proved(applicant, path, applicant.get(path), for_others=True)
    return _stir(one)


def _pays(one: Running, applicant: Session, case: Json) -> bool:
    """Pay the bill at the treasury, and wait until the portal has heard of it."""
    if case["bill"] is None or case["bill"]["paid"]:
        return False
    link = urlsplit(applicant.get(f"/cases/{one.case}/bill")["paymentLink"])
    treasury = httpx.Client(transport=TRANSPORT, base_url=f"{link.scheme}://{link.netloc}", trust_env=False)
    paid = treasury.post("/treasury/payments", json={"token": link.path.rpartition("/")[2]}, timeout=60)
    paid.raise_for_status()
    _wait(lambda: applicant.get(f"/cases/{one.case}")["bill"]["paid"], f"the payment for {one.number}")
    return _stir(one)


def _books(one: Running, applicant: Session, case: Json, today: date) -> bool:
    """Book the first time there is, once a visit is awaited and none is booked."""
    awaited = any(step["mode"] == "counter" and step["status"] == "open" for step in case["steps"])
    booked = [it for it in case["appointments"] if it["status"] == "booked"]
    if not awaited:
        return False
    if booked:
        day = date.fromisoformat(booked[0]["startsAt"][:10])
        if day >= today:
            # Perhaps it was booked for another matter of theirs, and does this one too.
            one.appointment = booked[0]["id"]
            one.look_on = day + timedelta(days=1)
            return False
        _wait(lambda: _is_over(applicant, one), f"the missed visit of {one.number}")
    # Whoever books again has missed the time before, also where the workers saw it before we looked.
    one.has_missed = bool(one.appointment)
    return _takes_a_time(one, applicant)


def _takes_a_time(one: Running, applicant: Session) -> bool:
    path = f"/applications/{one.application}"
    for slot in applicant.items(f"{path}/visit-slots"):
        try:
            one.appointment = applicant.post(f"{path}/appointments", {"slotId": slot["id"]})["id"]
        except Problem as problem:
            if problem.kind == "already-booked":
                return _stir(one)
            if problem.kind not in ("slot-taken", "elsewhere-then"):
                raise
        else:
            return _stir(one)
    raise Waited(f"there is no time to come for {one.number}")


def _is_over(applicant: Session, one: Running) -> bool:
    appointments = applicant.get(f"/cases/{one.case}")["appointments"]
    return all(it["status"] != "booked" for it in appointments)


def _stir(one: Running) -> bool:
    """Have the case looked at again: something was done."""
    one.look = True
    return True


def _wait(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > end:
            raise Waited(f"{what} did not come through")
        time.sleep(LOOK_SECONDS)
