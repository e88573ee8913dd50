"""Which records of this room are about a person (R15.9)."""

from collections.abc import Callable, Mapping

from django.db.models import Model, Q

from services.core.personal import Whose
from services.notices.models import Notice

PERSONAL: Mapping[type[Model], Callable[[Whose], Q]] = {
    Notice: lambda whose: Q(account__in=whose.account_ids),
}
