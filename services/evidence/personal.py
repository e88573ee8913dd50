"""Which records of this room are about a person: what is about them, and what they gave (R15.9).

What a register said of somebody else for their application is that other person's.
"""

from collections.abc import Callable, Mapping

from django.db.models import Model, Q

from services.core.evidence import Source
from services.core.personal import Whose
from services.evidence.arriving import Quarantined, SentPage
from services.evidence.claims import BusinessClaim
from services.evidence.mending import RecordCorrection
from services.evidence.models import Attempt, Declaration, Evidence, Preview, Upload

GIVEN = [Source.UPLOAD, Source.DECLARATION]

PERSONAL: Mapping[type[Model], Callable[[Whose], Q]] = {
    Evidence: lambda whose: (
        Q(holder_kind="person", holder_id=whose.person_id)
        | Q(application_id__in=whose.application_ids, source__in=GIVEN)
    ),
    Attempt: lambda whose: Q(holder_kind="person", holder_id=whose.person_id),
    Declaration: lambda whose: Q(signed_by__in=whose.account_ids),
    Upload: lambda whose: Q(uploaded_by__in=whose.account_ids) | Q(holder_id=whose.person_id),
    Preview: lambda whose: Q(account_id__in=whose.account_ids),
    SentPage: lambda whose: Q(account_id__in=whose.account_ids),
    Quarantined: lambda whose: Q(sent_by__in=whose.account_ids),
    BusinessClaim: lambda whose: Q(account_id__in=whose.account_ids),
    RecordCorrection: lambda whose: Q(holder_kind="person", holder_id=whose.person_id),
}
