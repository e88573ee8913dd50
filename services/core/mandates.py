"""What somebody may do for somebody else: a table of deeds, and what a mandate must give for each (R11.2, R11.3).

A mandate is given by whom it represents, accepted by whoever acts, and limited by service, by power, by amount and by
time. What is not in the table is forbidden, and some deeds no mandate gives at all.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class Power(StrEnum):
    """What a mandate can give, each said by itself; to declare is never implied (R4.12)."""

    VIEW = "view"
    FILE = "file"
    DECLARE = "declare"
    ATTEND = "attend"
    RECEIVE = "receive"


# Every power but that to declare, which is asked for by itself (R4.12).
ORDINARY = tuple(power for power in Power if power is not Power.DECLARE)


class Deed(StrEnum):
    """What an agent may want to do for whom they represent."""

    LOOK = "look"  # at what others have filed, too
    BEGIN = "begin"
    CHANGE = "change"  # answer, prove, correct, withdraw
    SUBMIT = "submit"
    BOOK = "book"
    DECLARE = "declare"
    ATTEND = "attend"
    RECEIVE = "receive"
    SIGN = "sign"  # as a party of somebody's application
    LEND = "lend"  # the mandate itself, to a third
    SEE_READINGS = "see_readings"  # who has read their data
    RATE = "rate"


# None: no mandate gives it. A party signs with their own name, a mandate is not lent on, one's own data is one's own,
# and what a service was like is said by whom it was for.
NEEDED: Mapping[Deed, Power | None] = MappingProxyType({
    Deed.LOOK: Power.VIEW,
    Deed.BEGIN: Power.FILE,
    Deed.CHANGE: Power.FILE,
    Deed.SUBMIT: Power.FILE,
    Deed.BOOK: Power.FILE,
    Deed.DECLARE: Power.DECLARE,
    Deed.ATTEND: Power.ATTEND,
    Deed.RECEIVE: Power.RECEIVE,
    Deed.SIGN: None,
    Deed.LEND: None,
    Deed.SEE_READINGS: None,
    Deed.RATE: None,
})  # fmt: skip


class Why(StrEnum):
    """Why a mandate does not allow a deed."""

    NEVER = "never"
    NONE = "none"
    NOT_ACCEPTED = "not_accepted"
    ENDED = "ended"
    RUN_OUT = "run_out"
    OTHER_SERVICE = "other_service"
    NOT_GIVEN = "not_given"
    TOO_MUCH = "too_much"


# In the end of a sentence; doors translate them.
REASONS: Mapping[Why, str] = MappingProxyType({
    Why.NEVER: "nobody can do this for somebody else",
    Why.NONE: "there is no mandate",
    Why.NOT_ACCEPTED: "the mandate is not accepted yet",
    Why.ENDED: "the mandate has ended",
    Why.RUN_OUT: "the last day of the mandate has passed",
    Why.OTHER_SERVICE: "the mandate is for other services",
    Why.NOT_GIVEN: "the mandate does not include this",
    Why.TOO_MUCH: "the fee is higher than the mandate allows",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """A mandate as the law looks at it. No service named: every one. No `most_fee`: any fee the law sets."""

    powers: frozenset[Power]
    services: frozenset[str] = frozenset()
    most_fee: Decimal | None = None
    valid_until: date
    accepted: bool
    ended: bool = False

    def covers(self, services: Collection[str]) -> bool:
        """Return whether it is for every one of the services."""
        return not self.services or set(services) <= self.services


def why_not(
    deed: Deed, lent: Lent | None, *, services: Collection[str], on: date, fee: Decimal | None = None
) -> Why | None:
    """Return why the mandate does not allow the deed on the day, or None if it does (R11.2, R11.3).

    `lent`: the mandate between the two, None for none. `services`: all that the deed is about. `fee`: what it commits
    whom it is done for to pay. What is said first is what no other mandate would change.
    """
    needed = NEEDED[deed]
    if needed is None:
        return Why.NEVER
    if lent is None:
        return Why.NONE
    failing = (
        (Why.ENDED, lent.ended),
        (Why.NOT_ACCEPTED, not lent.accepted),
        (Why.RUN_OUT, on > lent.valid_until),
        (Why.OTHER_SERVICE, not lent.covers(services)),
        (Why.NOT_GIVEN, needed not in lent.powers),
        (Why.TOO_MUCH, fee is not None and lent.most_fee is not None and fee > lent.most_fee),
    )
    return next((why for why, fails in failing if fails), None)
