"""Who may see a case: one predicate for list, detail, search, count, export, admin and files (design §10.4)."""

from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from services import clock
from services.cases.models import Application, Case, Party, Task
from services.core.clocks import add_months
from services.core.deadlines import handed_over_since
from services.core.facts import Holder
from services.core.jurisdiction import Law
from services.core.mandates import Deed
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.people.queries import AccountView, check_deed, own_matters


class NoSuchApplication(Refusal):
    """There is no such application, or it is somebody else's: both get the same answer."""

    code = "no_such_application"
    kind = Kind.MISSING
    sentence = "There is no such application."


class NoSuchCase(Refusal):
    """There is no such case, or it is somebody else's: both get the same answer."""

    code = "no_such_case"
    kind = Kind.MISSING
    sentence = "There is no such case."


class NoSuchTask(Refusal):
    """There is no such task, or it is another office's."""

    code = "no_such_task"
    kind = Kind.MISSING
    sentence = "There is no such task."


def visible_applications(viewer: AccountView) -> QuerySet[Application]:
    """Return the applications that are the account's: its own, and those of businesses it may act for today.

    Once a mandate has ended, or covers a service of it no more, what was filed under it is no longer the agent's to
    see or touch (R11.2).
    """
    if viewer.role is not Role.APPLICANT:
        return Application.objects.none()
    # What is emptied names nobody any more: by whom it was filed, its agent least of all, it is not told (R15.10).
    return Application.objects.filter(
        own_matters(viewer.id, on=clock.today(), self_filed=True), emptied_at__isnull=True
    )


def signable_applications(viewer: AccountView) -> QuerySet[Application]:
    """Return the account's applications, and those that it is asked to sign itself; nothing else of them."""
    if viewer.role is not Role.APPLICANT or viewer.person_id is None:
        return visible_applications(viewer)
    signer = Q(person_id=viewer.person_id) | Q(business__representative_id=viewer.person_id)
    party = Party.objects.filter(signer, application=OuterRef("pk"), signs="account")
    mine = visible_applications(viewer).values("pk")
    return Application.objects.filter(Q(pk__in=mine) | Q(Exists(party)))


def visible_cases(viewer: AccountView) -> QuerySet[Case]:
    """Return the cases that the account may see.

    An applicant sees their own; an officer sees those that their office leads or has had a task in, as long as they are
    in hand (R15.6). An administrator configures, and sees none.
    """
    if viewer.role.is_staff:
        return _of_office(viewer).filter(_in_hand(viewer))
    return _of_office(viewer)


def received_cases(viewer: AccountView) -> QuerySet[Case]:
    """Return the cases that the officer's office received for another one, and has handed over lately (R11.6, R11.7).

    It decides nothing in them and opens none: it sees that they are there, for so many working days after hand-over.
    """
    if viewer.role not in (Role.CLERK, Role.SUPERVISOR):
        return Case.objects.none()
    law = Law(clock.profile(), clock.calendar())
    since = handed_over_since(clock.today(), law)
    mine = Case.objects.filter(
        application__assisted__organisation=viewer.organisation, received_on__gte=since
    )
    return mine.exclude(organisation=viewer.organisation)


def _of_office(viewer: AccountView) -> QuerySet[Case]:
    """Return the cases that are the account's, or its office's, whether in hand or ended long ago."""
    if viewer.role is Role.APPLICANT:
        return Case.objects.filter(application__in=visible_applications(viewer))
    if viewer.role.is_staff:
        task = Task.objects.filter(case=OuterRef("pk"), organisation=viewer.organisation)
        return Case.objects.filter(Q(organisation=viewer.organisation) | Q(Exists(task)))
    return Case.objects.none()


def _in_hand(viewer: AccountView) -> Q:
    """Return the cases an office has to do with: open, ended while a remedy may still be sought, or with a task."""
    waiting = Task.objects.filter(
        case=OuterRef("pk"), organisation=viewer.organisation, closed_at__isnull=True
    )
    since = add_months(clock.today(), -clock.profile().suit_months)
    return Q(ended_on__isnull=True) | Q(ended_on__gte=since) | Q(Exists(waiting))


def visible_tasks(viewer: AccountView) -> QuerySet[Task]:
    """Return the tasks of the officer's own office."""
    return (
        Task.objects.filter(organisation=viewer.organisation) if viewer.role.is_staff else Task.objects.none()
    )


def application_for(
    viewer: AccountView, application_id: UUID, *, lock: bool = False, to_sign: bool = False
) -> Application:
    """Return the application, locked if it is to be changed; `to_sign` also for those asked to sign it.

    :raises NoSuchApplication: if there is none, or it may not be seen.
    :raises services.people.queries.NotInYourMandate: to be changed, if the mandate only lets it be seen (R11.2).
    """
    theirs = signable_applications(viewer) if to_sign else visible_applications(viewer)
    rows = theirs.select_related("person", "business").prefetch_related("parties__business")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(id=application_id).first()
    if found is None:
        raise NoSuchApplication
    if lock and not to_sign:
        check_mandate(viewer, found, Deed.CHANGE)
    return found


def check_mandate(
    viewer: AccountView, application: Application, deed: Deed, *, fee: Decimal | None = None
) -> None:
    """Do nothing if the account may do this in an application it sees: by itself, or by its mandate (R11.2).

    :raises services.people.queries.NotInYourMandate: otherwise.
    """
    holder = applicant_of(application)
    if holder is not None and viewer.role is Role.APPLICANT and not speaks_for_applicant(viewer, application):
        check_deed(
            deed,
            account_id=viewer.id,
            holder=holder,
            services=application.services,
            on=clock.today(),
            fee=fee,
        )


def applicant_of(application: Application) -> Holder | None:
    """Return for whom an application is: the business or the person; None while nobody knows who that is.

    Where others file for a person who founds a business by it, it stays that person's: they gave the mandate (R11.2).
    """
    if application.for_person_id is not None:
        return Holder("person", application.for_person_id)
    if application.business_id is not None:
        return Holder("business", application.business_id)
    return Holder("person", application.person_id) if application.person_id is not None else None


def speaks_for_applicant(viewer: AccountView, application: Application) -> bool:
    """Return whether it is the account's own matter: for itself, its person, or the business they represent."""
    if application.for_person_id is not None and application.for_person_id == viewer.person_id:
        return True
    if application.business is not None:
        represents = application.business.representative_id
        return viewer.person_id is not None and represents == viewer.person_id
    return application.for_person_id is None and application.account_id == viewer.id


def works_on(viewer: AccountView, application: Application) -> bool:
    """Return whether the account goes on with a draft: whose matter it is, or the agent who began it."""
    return application.account_id == viewer.id or speaks_for_applicant(viewer, application)


def case_for(
    viewer: AccountView, case_id: UUID, *, lock: bool = False, whole: bool = False, ended: bool = False
) -> Case:
    """Return the case with its application, locked if it is to be changed; `whole` for a page that shows it all.

    `ended`: however long ago, for what outlives the case: its certificate.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    theirs = _of_office(viewer) if ended else visible_cases(viewer)
    rows = theirs.select_related("application__person", "application__business")
    rows = _whole(rows) if whole else rows.prefetch_related("application__parties")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(id=case_id).first()
    if found is None:
        raise NoSuchCase
    if lock:
        check_mandate(viewer, found.application, Deed.CHANGE)
    return found


def _whole(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases with notice, decision, bill, limits, number of version and named parties, in three queries."""
    parties = Prefetch("application__parties", Party.objects.select_related("person", "business"))
    rows = rows.select_related("correction", "decision", "bill", "extension", "application__assisted")
    rows = rows.prefetch_related(parties, "pauses")
    return rows.annotate(version_number=F("service_version__number"))


def task_for(viewer: AccountView, task_id: UUID) -> Task:
    """Return the task of the officer's office.

    :raises NoSuchTask: if there is none, or it is another office's.
    """
    found = visible_tasks(viewer).filter(id=task_id).first()
    if found is None:
        raise NoSuchTask
    return found
