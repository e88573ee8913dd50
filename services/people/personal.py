"""Which records of this room are about a person (R15.9)."""

from collections.abc import Callable, Mapping

from django.db.models import Model, Q

from services.core.personal import Whose
from services.people.models import Account, BindingCode, Business, Mandate, Person

PERSONAL: Mapping[type[Model], Callable[[Whose], Q]] = {
    Person: lambda whose: Q(id=whose.person_id),
    Account: lambda whose: Q(id__in=whose.account_ids),
    Business: lambda whose: Q(representative_id=whose.person_id, representative__isnull=False),
    Mandate: lambda whose: Q(agent__in=whose.account_ids) | Q(granted_by__in=whose.account_ids),
    BindingCode: lambda whose: Q(person_id=whose.person_id),
}
