"""The letters that cases send: what each kind is told, never a personal value."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from services.cases.models import Application, Case, CorrectionNotice
from services.catalogue import queries as catalogue
from services.catalogue.wording import in_language
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


def notice_letter(asked: Sequence[tuple[Case, CorrectionNotice]]) -> NewNotice:
    """Return the one letter that lists what is missing in these cases of an application, by service (R7.9).

    They share the last day; the officers' words stand beneath the services that they are about.
    """
    application = asked[0][0].application
    asked = sorted(asked, key=lambda one: application.services.index(one[0].service))
    case, notice = asked[0]
    until = notice.due_on.isoformat() if notice.due_on else ""
    kind = NoticeKind.CORRECTION_REQUESTED
    if len(application.services) < 2:
        names = requirement_names(catalogue.definition(case.service_version_id), notice.items)
        return case_letter(case, kind, written=notice.explanation, items=names, until=until)
    items = [name for one, row in asked for name in _missing_in(one, row)]
    said = "\n".join(_said_of(one, row) for one, row in asked if row.explanation)
    return application_letter(
        application, kind, case.organisation, written=said, items=items, until=until, several=True
    )


def _missing_in(case: Case, notice: CorrectionNotice) -> list[dict[str, str]]:
    definition = catalogue.definition(case.service_version_id)
    return [_within(definition, name) for name in requirement_names(definition, notice.items)]


def _said_of(case: Case, notice: CorrectionNotice) -> str:
    name = catalogue.definition(case.service_version_id).name
    return f"{in_language(name, case.application.language)}: {notice.explanation}"


def _within(definition: Definition, name: Mapping[str, str]) -> dict[str, str]:
    """Return what is missing with the service it is missing in, in each language it has a name in."""
    return {
        language: f"{definition.name.get(language, definition.name['en'])}: {text}"
        for language, text in name.items()
    }


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
