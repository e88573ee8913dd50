"""The letters that cases send: what each kind is told, never a personal value."""

from collections.abc import Iterable
from datetime import datetime

from services.cases.models import Application, Case
from services.core.definitions import Definition
from services.notices import queries as notices
from services.notices.actions import NewNotice
from services.notices.kinds import NoticeKind
from services.notices.queries import Letter


def case_letter(case: Case, kind: NoticeKind, *, written: str = "", **values: object) -> NewNotice:
    """Return a letter about a case to whoever stands for its application today."""
    always = {"case": case.number, "service": case.service, "organisation": case.organisation}
    return NewNotice(
        account_id=case.application.account_id,
        business_id=case.application.business_id,
        person_id=case.application.for_person_id,
        services=tuple(case.application.services),
        kind=kind,
        values={**always, **values},
        case_id=case.id,
        application_id=case.application_id,
        written=written,
    )


def application_letter(
    application: Application, kind: NoticeKind, organisation: str, *, written: str = "", **values: object
) -> NewNotice:
    """Return a letter about a whole application to whoever stands for it today."""
    always = {"case": application.number, "service": application.services[0], "organisation": organisation}
    return NewNotice(
        account_id=application.account_id,
        business_id=application.business_id,
        person_id=application.for_person_id,
        services=tuple(application.services),
        kind=kind,
        values={**always, **values},
        application_id=application.id,
        written=written,
    )


def requirement_names(definition: Definition, codes: Iterable[str]) -> list[dict[str, str]]:
    """Return what the requirements are called, in every language, each once."""
    required = definition.requirement
    # Where the first way to meet it takes several things together, all of them are named.
    kinds = dict.fromkeys(kind for code in dict.fromkeys(codes) for kind in required[code].any_of[0])
    return [dict(definition.evidence_types[one].name) for one in kinds]


def letter_as_sent(case: Case, letter: NewNotice, *, now: datetime) -> Letter:
    """Return a letter as its reader would get it now, in the language they applied in; nothing is sent."""
    return notices.preview(
        kind=letter.kind,
        values=letter.values,
        written=letter.written,
        language=case.application.language,
        now=now,
    )
