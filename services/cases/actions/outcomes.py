"""One letter at the end of an application for several services, which lists what became of each (R7.7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from services.cases.actions.letters import application_letter
from services.cases.models import Application, Case
from services.cases.turn import Turn
from services.catalogue import queries as catalogue
from services.core.facts import Texts
from services.core.states import ENDED, CaseState, Verdict
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind

OUTCOMES: Mapping[str, Texts] = {
    "granted": {"en": "granted", "zh": "准予"},
    "refused": {"en": "refused", "zh": "不予批准"},
    "precondition_refused": {
        "en": "not taken on, because what it depends on was refused",
        "zh": "前置事项未获批准，不予受理",
    },
    CaseState.DECLINED: {"en": "not taken on", "zh": "不予受理"},
    CaseState.WITHDRAWN: {"en": "withdrawn", "zh": "已撤回"},
    CaseState.LAPSED: {"en": "lapsed", "zh": "已失效"},
}
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def tell_outcomes(turns: Sequence[Turn], *, now: datetime) -> None:
    """Write the letter of every application whose last case ended in these turns, in their transaction."""
    ended = {
        turn.case.application_id: turn.case.application
        for turn in turns
        if turn.after.ended and not turn.before.ended and len(turn.case.application.services) > 1
    }
    letters = [_letter(ended[one]) for one in sorted(ended, key=str) if _is_over(one)]
    if letters:
        notify(rows=letters, now=now)


def _is_over(application_id: UUID) -> bool:
    """Return whether no case is open; of two that end at once, the second to look sees that the first has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [f"outcomes:{application_id}"])
    return not Case.objects.filter(application_id=application_id).exclude(state__in=ENDED).exists()


def _letter(application: Application) -> NewNotice:
    rows = {row.service: row for row in Case.objects.filter(application_id=application.id)}
    listed = [rows[code] for code in application.services if code in rows]
    office = catalogue.definition(listed[0].service_version_id).organisation
    return application_letter(
        application, NoticeKind.OUTCOMES, office, outcomes=[_line(row) for row in listed]
    )


def _line(row: Case) -> dict[str, str]:
    """Return what became of a case, in each language the catalogue speaks."""
    name = catalogue.definition(row.service_version_id).name
    became = OUTCOMES[_outcome(row)]
    return {language: f"{name.get(language, name['en'])}: {became[language]}" for language in became}


def _outcome(row: Case) -> str:
    if row.ending in OUTCOMES:
        return row.ending
    if row.verdict == Verdict.REFUSED:
        return "refused"
    return "granted" if row.verdict == Verdict.GRANTED else row.state
