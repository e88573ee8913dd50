"""A case that was stopped for a finding that does not hold is begun again, by the office that was wrong (R4.10, R4.11).

An ended case stays ended: what depends on it was told so, its limits were counted and its record is closed, and a
table of moves in which an end is no end could not be proved to end. So nothing is asked of the applicant twice: all
they had answered stands in a new draft, what offices hold is used again, and a commitment is confirmed by one click.
"""

from datetime import datetime
from uuid import UUID

from services.cases.actions.drafting import askable_facts
from services.cases.models import Application, Case
from services.cases.numbers import new_number
from services.catalogue import queries as catalogue


def begin_again(case: Case, *, now: datetime) -> UUID | None:
    """Make a draft of the case's service with what was answered, for whoever filed it; return its id.

    None where the service is offered no more. The draft belongs to the same person and business, by the same account.
    """
    before = case.application
    try:
        catalogue.current_version_id(case.service)
    except catalogue.NoSuchService:
        return None
    draft = Application(
        number=new_number("A"), account_id=before.account_id, person_id=before.person_id,
        business_id=before.business_id, for_person_id=before.for_person_id, filed_by=before.filed_by,
        services=[case.service],
        language=before.language, created_at=now, changed_at=now,
    )  # fmt: skip
    asked = askable_facts(draft)
    draft.answers = {code: value for code, value in before.answers.items() if code in asked}
    draft.save(force_insert=True)
    return draft.id
