"""The one notice of correction of an application: what its offices noted, when it goes out, and what it asks (R7.9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.models import Case, CorrectionNotice
from services.cases.queries.cards import CaseCard, case_card
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.drafts import RequirementView, requirement_views
from services.cases.queries.visibility import case_for, visible_cases
from services.catalogue import queries as catalogue
from services.core import one_notice
from services.core.casefile import CaseFile
from services.core.facts import Texts
from services.core.states import CaseState
from services.ledger import looking
from services.people.queries import AccountView


@dataclass(frozen=True, slots=True)
class NotedView:
    """What an office noted in a case; when it goes out with the others' at the latest, and how many look until then.

    Which they are it is not told: an office learns of no case that it cannot see (design §10.4).
    """

    items: tuple[Texts, ...] = field(hash=False)
    goes_out_by: date
    offices_awaited: int


@dataclass(frozen=True, slots=True)
class NotedCard(CaseCard):
    """A case in which an office has asked for what is missing: when it goes out, unless it has; how many look first."""

    goes_out_by: date | None = None
    offices_awaited: int = 0


@dataclass(frozen=True, slots=True)
class AskedView:
    """Something that the notice asks for, and whether it has come in since."""

    requirement: RequirementView
    given: bool


@dataclass(frozen=True, slots=True)
class MemberAsked:
    """What the notice asks in one case; it is handed in as soon as all of it has come in (R7.8)."""

    case_id: UUID
    service: str
    name: Texts = field(hash=False)
    explanation: str = field(repr=False)
    answered_on: date | None
    asked: tuple[AskedView, ...]
    is_open: bool

    @property
    def items(self) -> tuple[str, ...]:
        """Return the codes of what is asked."""
        return tuple(one.requirement.code for one in self.asked)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return the codes of what has not come in yet."""
        return tuple(one.requirement.code for one in self.asked if not one.given)

    @property
    def complete(self) -> bool:
        """Return whether everything has come in."""
        return all(one.given for one in self.asked)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice of correction, whole: for each service what is missing, and the last day for all of it."""

    application_id: UUID
    sent_on: date
    due_on: date
    members: tuple[MemberAsked, ...]

    @property
    def open_members(self) -> tuple[MemberAsked, ...]:
        """Return those for which something is still to be handed in."""
        return tuple(one for one in self.members if one.is_open)


def in_order(cases: Iterable[Case]) -> list[Case]:
    """Return cases of an application in the order in which its services were put together."""
    return sorted(cases, key=lambda one: one.application.services.index(one.service))


def due_notices(*, now: datetime) -> list[tuple[UUID, UUID]]:
    """Return the applications whose notice is to be looked at now, each with a case of it: for the workers.

    It is at its last moment, or something has happened since that others' notices may have waited for (R7.9).
    """
    rows = CorrectionNotice.objects.filter(
        sent_on__isnull=True, goes_out_at__lte=now, case__state=CaseState.RECEIVED
    )
    found = dict(rows.order_by("case_id").values_list("case__application_id", "case_id"))
    return list(found.items())


@looking.unseen()
def noted(*, viewer: AccountView, case_id: UUID) -> NotedView | None:
    """Return what the case's office noted to be asked for, and has not gone out yet; None if there is nothing.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    case = case_for(viewer, case_id)
    files = _files_together(case) if viewer.role.is_staff else {}
    file = files.get(case.id)
    group = next((one for one in one_notice.in_one_notice(list(files.values())) if file in one), ())
    return _noted(file, group) if file is not None and one_notice.is_noted(file) else None


def _files_together(case: Case) -> Mapping[UUID, CaseFile]:
    """Return the files of all cases of the application, if something is noted in this one and not sent yet."""
    if not CorrectionNotice.objects.filter(case=case, sent_on__isnull=True).exists():
        return {}
    rows = Case.objects.filter(application_id=case.application_id).select_related("application__person")
    return case_files(list(rows.prefetch_related("application__parties")), on=clock.today())


def noted_card(*, viewer: AccountView, case_id: UUID) -> NotedCard:
    """Return the case as lists show it, and when what was noted in it goes out, if it has not.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    card, found = case_card(viewer=viewer, case_id=case_id), noted(viewer=viewer, case_id=case_id)
    told = {one.name: getattr(card, one.name) for one in fields(card)}
    if found is not None:
        told |= {"goes_out_by": found.goes_out_by, "offices_awaited": found.offices_awaited}
    return NotedCard(**told)


def _noted(file: CaseFile, group: Sequence[CaseFile]) -> NotedView:
    required = {one.code: one for one in requirement_views(file)}
    awaited = {one.definition.organisation for one in group if one_notice.has_yet_to_look(one)}
    return NotedView(
        items=tuple(required[code].name for code in file.noted if code in required),
        goes_out_by=one_notice.last_day(group, law()),
        offices_awaited=len(awaited),
    )


def notices(*, viewer: AccountView, application_id: UUID) -> tuple[NoticeView, ...]:
    """Return the notices of correction that an application has got, the last first.

    One for all that came in on one day; what comes after another service comes in later (R7.5, R7.9).
    """
    rows = visible_cases(viewer).filter(application_id=application_id, correction__sent_on__isnull=False)
    rows = rows.select_related("correction", "application__person").prefetch_related("application__parties")
    cases = in_order(rows)
    files = case_files(cases, on=clock.today())
    days = sorted({(one.correction.sent_on, one.correction.due_on) for one in cases}, reverse=True)
    return tuple(
        NoticeView(
            application_id,
            *day,
            tuple(_member(one, files[one.id]) for one in cases if _day(one) == day),
        )
        for day in days
    )


def open_notice(*, viewer: AccountView, application_id: UUID) -> NoticeView | None:
    """Return the notice in which something is still to be handed in, that with the nearest last day; or None."""
    found = notices(viewer=viewer, application_id=application_id)
    return next((one for one in reversed(found) if one.open_members), None)


def _day(case: Case) -> tuple[date, date]:
    return case.correction.sent_on, case.correction.due_on


def _member(case: Case, file: CaseFile) -> MemberAsked:
    required, lacking = {one.code: one for one in requirement_views(file)}, file.lacking
    return MemberAsked(
        case_id=case.id,
        service=case.service,
        name=catalogue.definition(case.service_version_id).name,
        explanation=case.correction.explanation,
        answered_on=case.correction.answered_on,
        asked=tuple(
            AskedView(required[code], code not in lacking)
            for code in case.correction.items
            if code in required
        ),
        is_open=case.state == CaseState.CORRECTION_REQUESTED,
    )
