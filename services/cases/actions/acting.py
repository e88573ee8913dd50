"""What agents do is kept for whom they do it, and told to them: acts that follow each other in one letter (R11.2)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from services.cases.models import ActedFor, Application
from services.cases.queries.casefiles import law
from services.cases.queries.visibility import applicant_of, speaks_for_applicant
from services.core.acting import Done
from services.core.facts import Holder
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.people import queries as people
from services.people.queries import AccountView

AT_ONCE = 100


def note_acted(viewer: AccountView, application: Application, done: Done, *, now: datetime) -> None:
    """Keep that the viewer did this for whom the application is for, if that is somebody else."""
    holder = applicant_of(application)
    if holder is None or speaks_for_applicant(viewer, application):
        return
    ActedFor.objects.create(
        person_id=holder.id if holder.kind == "person" else None,
        business_id=holder.id if holder.kind == "business" else None,
        agent_id=viewer.id, application_id=application.id, number=application.number,
        services=list(application.services), done=done, at=now,
    )  # fmt: skip


def tell_whom_it_was_for(*, now: datetime) -> int:
    """Send a letter for each agent and application with acts that nobody was told of for so long; return how many."""
    before = now - timedelta(minutes=law().profile.acts_told_minutes)
    due = ActedFor.objects.filter(told_at__isnull=True, at__lte=before).order_by("at")
    pairs = dict.fromkeys(due.values_list("application_id", "agent_id")[:AT_ONCE])
    return sum(_tell(application_id, agent_id, now) for application_id, agent_id in pairs)


@transaction.atomic
def _tell(application_id: UUID, agent_id: UUID, now: datetime) -> bool:
    """Tell of everything untold, the newest too, in one letter; of two workers, one finds nothing left."""
    untold = ActedFor.objects.filter(application_id=application_id, agent_id=agent_id, told_at__isnull=True)
    rows = list(untold.select_for_update(skip_locked=True).order_by("id"))
    if not rows:
        return False
    notify(rows=[_letter(rows, account) for account in people.accounts_of(_holder(rows[0]))], now=now)
    ActedFor.objects.filter(id__in=[row.id for row in rows]).update(told_at=now)
    return True


def _holder(row: ActedFor) -> Holder:
    return Holder("person", row.person_id) if row.person_id else Holder("business", row.business_id)


def _letter(rows: list[ActedFor], account_id: UUID) -> NewNotice:
    first = rows[0]
    return NewNotice(
        account_id=account_id,
        kind=NoticeKind.ACTED_FOR,
        values={
            "case": first.number,
            "service": first.services[0],
            "agent": str(first.agent_id),
            "deeds": list(dict.fromkeys(row.done for row in rows)),
        },
        application_id=first.application_id,
    )


def forget_told_drafts(*, now: datetime) -> int:
    """Forget what was done in drafts that are gone, when it was told long enough ago (R15.10); return how many."""
    before = now - timedelta(days=law().profile.draft_calendar_days)
    kept = Application.objects.filter(id=OuterRef("application_id"))
    gone = ActedFor.objects.filter(~Exists(kept), told_at__lt=before)
    return gone.delete()[0]


def forget_acts(application_ids: Collection[UUID]) -> None:
    """Forget what was done in applications of which nothing personal is kept any more (R15.10)."""
    ActedFor.objects.filter(application_id__in=application_ids).delete()
