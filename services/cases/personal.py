"""Which records of this room are about a person, and those of all rooms together (R15.9)."""

from collections.abc import Callable, Mapping

from django.db.models import Model, Q

from services.cases.models import (
    ActedFor,
    Application,
    Assistance,
    AssistedFiling,
    Attendance,
    Bill,
    Case,
    CommitmentCheck,
    CorrectionNotice,
    Decision,
    Extension,
    IdempotencyKey,
    NotDone,
    Party,
    Pause,
    PersonalCopy,
    Promise,
    Rating,
    RatingLink,
    ReadingQuestion,
    RememberedAnswer,
    Task,
)
from services.certificates import personal as certificates
from services.core.personal import Whose
from services.evidence import personal as evidence
from services.ledger import personal as ledger
from services.notices import personal as notices
from services.people import personal as people
from services.visits import personal as visits


def _of_case(whose: Whose) -> Q:
    return Q(case_id__in=whose.case_ids)


PERSONAL: Mapping[type[Model], Callable[[Whose], Q]] = {
    Application: lambda whose: Q(id__in=whose.application_ids),
    ActedFor: lambda whose: (
        Q(agent__in=whose.account_ids) | Q(person_id=whose.person_id, person__isnull=False)
    ),
    Assistance: lambda whose: Q(person_id=whose.person_id, person__isnull=False),
    AssistedFiling: lambda whose: Q(application_id__in=whose.application_ids),
    Party: lambda whose: Q(person_id=whose.person_id, person__isnull=False),
    RememberedAnswer: lambda whose: Q(holder_kind="person", holder_id=whose.person_id),
    Case: lambda whose: Q(id__in=whose.case_ids),
    Task: _of_case,
    CorrectionNotice: _of_case,
    Decision: _of_case,
    Bill: _of_case,
    Attendance: _of_case,
    Pause: _of_case,
    Extension: _of_case,
    Promise: lambda whose: Q(application_id__in=whose.application_ids),
    CommitmentCheck: lambda whose: Q(holder_kind="person", holder_id=whose.person_id),
    ReadingQuestion: lambda whose: Q(account__in=whose.account_ids),
    Rating: lambda whose: Q(person_id=whose.person_id),
    RatingLink: lambda whose: Q(account__in=whose.account_ids),
    NotDone: lambda whose: Q(account__in=whose.account_ids),
    PersonalCopy: lambda whose: Q(account__in=whose.account_ids),
    IdempotencyKey: lambda whose: Q(account__in=whose.account_ids),
}

# In the order in which the copy of a person's data is read.
OF_ALL_ROOMS: Mapping[type[Model], Callable[[Whose], Q]] = {
    **people.PERSONAL,
    **PERSONAL,
    **evidence.PERSONAL,
    **certificates.PERSONAL,
    **notices.PERSONAL,
    **visits.PERSONAL,
    **ledger.PERSONAL,
}
