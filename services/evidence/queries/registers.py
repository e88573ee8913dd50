"""How the registers are: which answer, how fast, which do not and since when. Nobody's data is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection

from services.catalogue import queries as catalogue
from services.core.evidence import Outcome
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.evidence.models import NO_ANSWER, Outage
from services.people.queries import AccountView

RECENT_DAYS = 30
# A median over what was no answer would tell how long we wait, not how fast the register is.
COUNT = """
SELECT type, count(*), count(*) FILTER (WHERE outcome = ANY(%(failed)s)),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took_ms) FILTER (WHERE outcome <> ALL(%(failed)s)),
       max(at) FILTER (WHERE outcome <> ALL(%(failed)s))
FROM evidence_attempt WHERE asked AND at >= %(since)s GROUP BY type
"""


class OperatorsOnly(Refusal):
    """How the offices' registers do is for those who look after the portal."""

    code = "operators_only"
    kind = Kind.FORBIDDEN
    sentence = "How registers do is for supervisors and administrators."


class Condition(StrEnum):
    """How a register is, by what came of asking it last."""

    ANSWERS = "answers"
    DOWN = "down"
    DISTRUSTED = "distrusted"
    NOT_ASKED = "not_asked"


WORST_FIRST = (Condition.DISTRUSTED, Condition.DOWN, Condition.ANSWERS, Condition.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Calls:
    """How often a register was asked in a time, how often in vain, and how fast it answers, in milliseconds."""

    calls: int = 0
    failures: int = 0
    median_ms: int | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RegisterView:
    """One register: whose it is, how it is and since when, and what it did lately; `rests` while nobody calls it."""

    code: str
    name: str
    organisation: str
    condition: Condition
    lately: Calls
    since: datetime | None = None
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outages:
    """How many registers fail, of each sort; nothing about which."""

    down: int
    distrusted: int


def registers(
    *, viewer: AccountView, language: str, now: datetime, days: int = RECENT_DAYS
) -> tuple[RegisterView, ...]:
    """Return every register, those that fail first; `days` is how far back calls are counted.

    :raises OperatorsOnly: for anybody but a supervisor or an administrator.
    """
    if viewer.role not in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        raise OperatorsOnly
    return all_registers(language=language, now=now, days=days)


def all_registers(*, language: str, now: datetime, days: int = RECENT_DAYS) -> tuple[RegisterView, ...]:
    """Return every register, for somebody who is at the machine itself."""
    outages = {one.register: one for one in Outage.objects.all()}
    lately = _calls(now - timedelta(days=days))
    known = {one.code: (one.name, one.organisation) for one in catalogue.known_registers(language)}
    # A register that serves no service any more, or none as evidence, is told by its code.
    codes = known.keys() | outages.keys() | lately.keys()
    views = [
        _view(code, *known.get(code, (code, "")), outages.get(code), lately.get(code, Calls()))
        for code in codes
    ]
    return tuple(sorted(views, key=lambda one: (WORST_FIRST.index(one.condition), one.code)))


def outages() -> Outages:
    """Return how many registers fail at the moment."""
    found = list(Outage.objects.values_list("outcome", flat=True))
    return Outages(down=found.count(Outcome.DOWN), distrusted=found.count(Outcome.DISTRUSTED))


def _view(code: str, name: str, organisation: str, outage: Outage | None, lately: Calls) -> RegisterView:
    if outage is not None:
        return RegisterView(
            code, name, organisation, Condition(outage.outcome), lately, outage.since, outage.rests_until
        )
    condition = Condition.ANSWERS if lately.calls else Condition.NOT_ASKED
    return RegisterView(code, name, organisation, condition, lately)


def _calls(since: datetime) -> Mapping[str, Calls]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"failed": NO_ANSWER, "since": since})
        rows = cursor.fetchall()
    return {
        code: Calls(calls, failures, None if median is None else round(median), answered_at)
        for code, calls, failures, median, answered_at in rows
    }
