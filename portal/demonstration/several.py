"""One application for several services, from its plan to its cases; and what came of all bundles and baskets."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from portal.demonstration.accounts import Accounts
from portal.demonstration.casting import Casting
from portal.demonstration.catalogue import Service
from portal.demonstration.client import Json, Session
from portal.demonstration.filing import file
from portal.demonstration.following import Running
from portal.demonstration.matters import Matter
from portal.demonstration.table import lined_up
from portal.demonstration.together import Together, baskets, cast_together


def cast_everything(
    casting: Casting, services: Sequence[Service], anybody: Session
) -> tuple[list[Together], list[str]]:
    """Return an application for every bundle of the catalogue and every basket, and what nobody was found for."""
    bundles = [(one["code"], one["code"], tuple(one["services"])) for one in anybody.items("/bundles")]
    wanted = bundles + [(code, "", members) for code, members in baskets().items()]
    found, left = cast_together(casting, {one.code: one for one in services}, wanted)
    return found, left


def file_together(one: Together, accounts: Accounts) -> list[Running]:
    """Look at the plan, file the application, and return its cases, each with its member's matter."""
    anybody = accounts.anybody()
    situation = _situation(one, anybody) if one.bundle else {}
    asked = (
        {"bundle": one.bundle, **situation}
        if one.bundle
        else {"services": [it.service.code for it in one.members]}
    )
    plans = _plans(one, situation, anybody)
    one.planned = sum(plan["attends"] is not False for plan in plans)
    first = one.first
    matter = Matter(
        first.service, replace(first.example, facts=one.facts), first.person, one.business, one.answers, one.facts,
        one.signers, asked=asked,
    )  # fmt: skip
    application, _ = file(matter, accounts)
    applicant = accounts.resident(first.person.username)
    cards = applicant.items(f"/applications/{application}/cases")
    cases = {card["service"]: card["id"] for card in cards}
    return [Running(it, application, cases[it.service.code], part_of=one.code) for it in one.members]


def _situation(one: Together, anybody: Session) -> Json:
    """Return the answers that take these members, and what is always part of it and left out all the same."""
    bundle = anybody.get(f"/bundles/{one.bundle}")
    taken = {it.service.code for it in one.members}
    return {
        "situation": {code: code in taken for code in bundle["situations"]},
        "leftOut": [
            code for code in bundle["services"] if code not in taken and code not in bundle["situations"]
        ],
    }


def _plans(one: Together, situation: Json, anybody: Session) -> list[Json]:
    if one.bundle:
        return list(anybody.post(f"/bundles/{one.bundle}/plan", situation)["applications"])
    services = [it.service.code for it in one.members]
    return list(anybody.post("/plans", {"services": services})["applications"])


def together_told(together: Sequence[Together], running: Sequence[Running]) -> Iterator[str]:
    """Yield a line for each bundle and basket: its services, visits planned and attended, and how it ended."""
    rows: list[list[Any]] = [
        ["bundle or basket", "services", "left out", "visits planned", "attended", "ended"]
    ]
    for one in together:
        parts = [it for it in running if it.part_of == one.code]
        one.attended = max((it.visits for it in parts), default=0)
        ended = sorted({it.ended_as or "not" for it in parts})
        rows.append([one.code, len(parts), len(one.left_out), one.planned, one.attended, ", ".join(ended)])
    yield from lined_up(rows)
    granted = sum(it.ended_as == "granted" for it in running if it.part_of)
    yield f"{len(together)} applications for {sum(bool(it.part_of) for it in running)} services: {granted} granted"
